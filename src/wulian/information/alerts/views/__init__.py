"""Pages of alerts, of the oversight over them, and of the control list."""

from wulian.information.alerts.views import control, groups, orders
from wulian.information.alerts.views.alerts import (
    Accept,
    AlertList,
    AlertPage,
    Close,
    Confirm,
    Dispatch,
    Exclude,
    GiveFeedback,
    Join,
    Refer,
    Return,
)
from wulian.information.alerts.views.bulk import Bulk
from wulian.information.alerts.views.files import AttachmentFile

__all__ = [
    "Accept",
    "AlertList",
    "AlertPage",
    "AttachmentFile",
    "Bulk",
    "Close",
    "Confirm",
    "Dispatch",
    "Exclude",
    "GiveFeedback",
    "Join",
    "Refer",
    "Return",
    "control",
    "groups",
    "orders",
]
