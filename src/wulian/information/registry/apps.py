from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "wulian.information.registry"
    label = "registry"
    verbose_name = _("Dossiers")

    def ready(self) -> None:
        from wulian.core.ui import menu, search
        from wulian.information.registry import receivers  # noqa: F401  connects the signals
        from wulian.information.registry.permissions import IMPORTERS
        from wulian.information.registry.search import find_dossiers_and_parties

        search.register(find_dossiers_and_parties)
        menu.register("information", _("Dossiers"), "registry:projects", "folders", order=10)
        menu.register("information", _("Bids"), "registry:bids", "files", order=30)
        menu.register("information", _("Notices"), "registry:notices", "speakerphone", order=31)
        menu.register("information", _("Contracts"), "registry:contracts", "file-certificate", order=32)
        menu.register("information", _("Parties"), "registry:parties", "building", order=33)
        menu.register("information", _("Import"), "registry:imports", "upload", roles=IMPORTERS, order=40)
