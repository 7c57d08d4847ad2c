from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WindowConfig(AppConfig):
    name = "wulian.casework.window"
    label = "window"
    verbose_name = _("Window")

    def ready(self) -> None:
        from wulian.casework.intake.permissions import WINDOW
        from wulian.casework.window.panels import render_entry
        from wulian.casework.window.search import find_entries
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, panels, search

        verbs.register("window.entered", _("Entered a submission at the window"))
        panels.register("matter", "window", _("How it came in"), render_entry, icon="inbox", order=15)
        search.register(find_entries)
        menu.register(menu.CASEWORK, _("Window entry"), "window:entry", "writing", roles=WINDOW, order=12)
