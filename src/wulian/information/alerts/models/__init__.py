"""Alerts, the oversight over them, and the projects under control."""

from wulian.information.alerts.models.alerts import Alert, AlertChange, AlertQuerySet
from wulian.information.alerts.models.control import (
    ControlEvent,
    ControlGround,
    ControlledProject,
    ControlMeasure,
)
from wulian.information.alerts.models.oversight import (
    Attachment,
    Escalation,
    Feedback,
    Outcome,
    SupervisionOrder,
)
from wulian.information.alerts.models.runs import RuleRun

__all__ = [
    "Alert",
    "AlertChange",
    "AlertQuerySet",
    "Attachment",
    "ControlEvent",
    "ControlGround",
    "ControlMeasure",
    "ControlledProject",
    "Escalation",
    "Feedback",
    "Outcome",
    "RuleRun",
    "SupervisionOrder",
]
