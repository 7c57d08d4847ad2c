from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "supervision.event_taken": _("Took in an event of a trading system"),
    "supervision.event_sealed": _("Took in a sealed event of a trading system"),
    "supervision.event_refused": _("Refused an event of a trading system"),
    "supervision.event_replayed": _("Took in a refused event after all"),
    "supervision.event_dropped": _("Dropped a refused event"),
    "supervision.gap_released": _("Passed over missing events"),
    "supervision.clock_skew": _("Noted that a trading system's clock differs"),
    "supervision.remark_made": _("Made a remark in a live room"),
    "supervision.remark_answered": _("Entered the answer to a remark"),
    "supervision.names_disclosed": _("Disclosed the names of a committee"),
    "supervision.system_entered": _("Entered a trading system"),
    "supervision.system_changed": _("Changed a trading system"),
    "supervision.token_issued": _("Issued an access token"),
    "supervision.token_revoked": _("Revoked an access token"),
}


class SupervisionConfig(AppConfig):
    name = "wulian.information.supervision"
    label = "supervision"
    verbose_name = _("Live supervision")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.supervision import panels, receivers  # noqa: F401  connects the signals
        from wulian.information.supervision.duties import duties
        from wulian.information.supervision.permissions import QUARANTINE_READERS, SYSTEM_KEEPERS

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        panels.register_panels()
        menu.register(menu.INFORMATION, _("Live supervision"), "supervision:board", "device-tv", order=15)
        menu.register(
            menu.INFORMATION, _("Refused events"), "supervision:quarantine", "shield-x", roles=QUARANTINE_READERS, order=41,
        )  # fmt: skip
        menu.register(
            menu.SYSTEM, _("Trading systems"), "supervision:systems", "plug-connected", roles=SYSTEM_KEEPERS, order=60,
        )  # fmt: skip
