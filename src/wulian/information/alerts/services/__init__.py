"""Everything that writes alerts."""

from wulian.information.alerts.services.escalation import escalate_alerts
from wulian.information.alerts.services.handling import (
    accept_alert,
    close_alert,
    confirm_exclusion,
    dispatch_alert,
    exclude_alert,
    refer_alert,
    return_exclusion,
)
from wulian.information.alerts.services.refresh import Refreshed, refresh_alerts
from wulian.information.alerts.services.snapshot import read_snapshot, write_snapshot

__all__ = [
    "Refreshed",
    "accept_alert",
    "close_alert",
    "confirm_exclusion",
    "dispatch_alert",
    "escalate_alerts",
    "exclude_alert",
    "read_snapshot",
    "refer_alert",
    "refresh_alerts",
    "return_exclusion",
    "write_snapshot",
]
