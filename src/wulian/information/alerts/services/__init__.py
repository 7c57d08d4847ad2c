"""Everything that writes alerts, the oversight over them and the control list."""

from wulian.information.alerts.services.bulk import (
    BULK_ACTIONS,
    Row,
    chosen_alerts,
    handle_alerts,
    preview_bulk,
)
from wulian.information.alerts.services.control import (
    add_measure,
    change_level,
    confirm_measure,
    confirm_release,
    drop_measure,
    place_project,
    propose_release,
    report_measure,
    return_measure,
    return_release,
)
from wulian.information.alerts.services.escalation import escalate_alerts
from wulian.information.alerts.services.feedback import add_feedback
from wulian.information.alerts.services.files import read_attachment
from wulian.information.alerts.services.handling import (
    accept_alert,
    close_alert,
    confirm_exclusion,
    dispatch_alert,
    exclude_alert,
    return_exclusion,
)
from wulian.information.alerts.services.orders import (
    accept_answer,
    answer_order,
    issue_order,
    return_answer,
    withdraw_order,
)
from wulian.information.alerts.services.overdue import tell_overdue
from wulian.information.alerts.services.referring import (
    end_outcomes,
    join_record,
    link_outcome,
    refer_alert,
    refer_alerts,
)
from wulian.information.alerts.services.refresh import Refreshed, refresh_alerts, store_hits
from wulian.information.alerts.services.snapshot import read_snapshot, write_snapshot

__all__ = [
    "BULK_ACTIONS",
    "Refreshed",
    "Row",
    "accept_alert",
    "accept_answer",
    "add_feedback",
    "add_measure",
    "answer_order",
    "change_level",
    "chosen_alerts",
    "close_alert",
    "confirm_exclusion",
    "confirm_measure",
    "confirm_release",
    "dispatch_alert",
    "drop_measure",
    "end_outcomes",
    "escalate_alerts",
    "exclude_alert",
    "handle_alerts",
    "issue_order",
    "join_record",
    "link_outcome",
    "place_project",
    "preview_bulk",
    "propose_release",
    "read_attachment",
    "read_snapshot",
    "refer_alert",
    "refer_alerts",
    "refresh_alerts",
    "report_measure",
    "return_answer",
    "return_exclusion",
    "return_measure",
    "return_release",
    "store_hits",
    "tell_overdue",
    "withdraw_order",
    "write_snapshot",
]
