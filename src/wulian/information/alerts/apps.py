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
    "alerts.outcome_linked": _("Linked an alert with what it became"),
    "alerts.feedback_given": _("Answered about an alert"),
    "alerts.attachment_read": _("Took an attachment of an alert"),
    "alerts.order_issued": _("Issued a supervision order"),
    "alerts.order_answered": _("Answered a supervision order"),
    "alerts.order_done": _("Agreed to the answer of a supervision order"),
    "alerts.order_returned": _("Returned the answer of a supervision order"),
    "alerts.order_withdrawn": _("Withdrew a supervision order"),
    "alerts.overdue_told": _("Reminded of what is overdue"),
    "alerts.control_placed": _("Put a project under control"),
    "alerts.control_level_changed": _("Changed the level of a control"),
    "alerts.control_measure_added": _("Ordered a control measure"),
    "alerts.control_measure_reported": _("Reported a control measure"),
    "alerts.control_measure_confirmed": _("Confirmed a control measure"),
    "alerts.control_measure_returned": _("Sent a control measure back"),
    "alerts.control_measure_dropped": _("Dropped a control measure"),
    "alerts.control_release_proposed": _("Proposed the release of a project from control"),
    "alerts.control_release_returned": _("Refused the release of a project from control"),
    "alerts.control_released": _("Released a project from control"),
}


class AlertsConfig(AppConfig):
    name = "wulian.information.alerts"
    label = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.alerts import panels, receivers  # noqa: F401  connects the signals
        from wulian.information.alerts.duties import control_duties, duties, order_duties

        for code, label in VERBS.items():
            verbs.register(code, label)
        for provider in (duties, order_duties, control_duties):
            worklist.register(provider)
        panels.register_panels()
        menu.register(menu.INFORMATION, _("Alerts"), "alerts:list", "alert-triangle", order=20)
        menu.register(menu.INFORMATION, _("Groups of alerts"), "alerts:groups", "stack-2", order=22)
        menu.register(menu.INFORMATION, _("Supervision orders"), "alerts:orders", "speakerphone", order=24)
        menu.register(menu.INFORMATION, _("Control list"), "alerts:controls", "shield-exclamation", order=26)
        menu.register(menu.INFORMATION, _("Rules"), "alerts:rules", "book", order=30)
