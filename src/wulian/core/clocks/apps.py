from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "wulian.core.clocks"
    label = "clocks"
    verbose_name = _("Statutory periods")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu

        verbs.register("clocks.started", _("Period started"))
        verbs.register("clocks.suspended", _("Period suspended"))
        verbs.register("clocks.resumed", _("Period resumed"))
        verbs.register("clocks.stopped", _("Period stopped"))
        verbs.register("clocks.voided", _("Period voided"))
        verbs.register("clocks.calendar_edited", _("Calendar draft edited"))
        verbs.register("clocks.calendar_published", _("Calendar published"))
        verbs.register("clocks.reprojected", _("Periods computed again"))
        menu.register(menu.SYSTEM, _("Legal calendar"), "clocks:year_list", "calendar-event", order=40)
        post_migrate.connect(_seed_calendar, sender=self)


def _seed_calendar(using: str, **kwargs: Any) -> None:
    """Publish packaged years that are not there: after the first migration, and when an upgrade brings a new year."""
    from django.db import connections

    from wulian.core.clocks.models import CalendarRevision
    from wulian.core.clocks.services import ensure_packaged_years

    tables = connections[
        using
    ].introspection.table_names()  # another app may be migrated first, or this one undone
    if using == "default" and CalendarRevision._meta.db_table in tables:
        ensure_packaged_years()
