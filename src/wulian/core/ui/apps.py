from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "wulian.core.ui"
    label = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from . import menu

        menu.register(menu.SYSTEM, _("Notifications"), "ui:notifications", "bell", order=90)
