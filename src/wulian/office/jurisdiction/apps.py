from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JurisdictionConfig(AppConfig):
    name = "wulian.office.jurisdiction"
    label = "jurisdiction"
    verbose_name = _("Jurisdiction list")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu

        verbs.register("jurisdiction.rule_added", _("Added an item to the jurisdiction list"))
        verbs.register("jurisdiction.rule_ended", _("Ended an item of the jurisdiction list"))
        verbs.register("jurisdiction.list_published", _("Published the jurisdiction list"))
        verbs.register("jurisdiction.list_seeded", _("Filled the jurisdiction list for demonstration"))
        menu.register(menu.OFFICE, _("Jurisdiction list"), "jurisdiction:list", "list-check", order=20)
