from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "alerts.raised": _("Raised an alert"),
    "alerts.changed": _("Facts of an alert changed"),
    "alerts.cleared": _("Rule of an alert no longer holds"),
    "alerts.reopened": _("Opened an alert anew"),
    "alerts.dispatched": _("Gave an alert to a department"),
    "alerts.accepted": _("Accepted an alert"),
    "alerts.exclusion_proposed": _("Proposed to exclude an alert"),
    "alerts.excluded": _("Excluded an alert as second person"),
    "alerts.exclusion_returned": _("Returned an exclusion"),
    "alerts.referred": _("Referred an alert"),
    "alerts.closed": _("Closed an alert"),
    "alerts.escalated": _("Escalated an alert"),
}


class AlertsConfig(AppConfig):
    name = "wulian.information.alerts"
    label = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.alerts import panels, receivers  # noqa: F401  connects the signals
        from wulian.information.alerts.duties import duties

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        panels.register_panels()
        menu.register(menu.INFORMATION, _("Alerts"), "alerts:list", "alert-triangle", order=20)
        menu.register(menu.INFORMATION, _("Rules"), "alerts:rules", "book", order=30)
