"""疑点指数 with the reasons that make it; the number is never shown without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wulian.information.alerts.choices import FINAL
from wulian.information.alerts.models import Alert
from wulian.information.alerts.parameters import INDEX_LEVELS
from wulian.information.alerts.presentation import AUTOMATION
from wulian.information.alerts.services.points import Weight, automation_of_rules, counted, fact_of, weigh


@dataclass(frozen=True)
class Reason:
    """One alert in an index: its points by itself, what it adds, and the alert of the same fact that counts instead."""

    alert: Alert
    weight: Weight
    adds: int
    same_as: Alert | None = None

    @property
    def arithmetic(self) -> str:
        """How the points came about, such as 红色 100 × 机器判定 100% = 100."""
        parts = [f"{self.alert.get_severity_display()} {self.weight.severity}"]
        parts.append(f"{AUTOMATION[self.weight.automation]} {self.weight.evidence}%")
        if self.weight.standing != 100:
            parts.append(_("rule no longer holds %(percent)d%%") % {"percent": self.weight.standing})
        return f"{' × '.join(parts)} = {self.weight.points}"


@dataclass(frozen=True)
class Index:
    """The index of a dossier, a lot or a party, the sum of what its reasons add."""

    points: int
    reasons: list[Reason]
    left_out: int = 0

    @property
    def colour(self) -> str:
        """red, orange, yellow or blue; empty for nothing."""
        return colour_of(self.points)


def colour_of(points: int) -> str:
    """Return the colour of an index (INDEX_LEVELS), or an empty text for 0."""
    return next((colour for bound, colour in INDEX_LEVELS if points >= bound), "")


def index_of(alerts: Iterable[Alert]) -> Index:
    """Return the index of alerts with a reason for each that may count, the heaviest first; ended ones are only numbered."""
    listed = list(alerts)
    standing = [alert for alert in listed if alert.state not in FINAL]
    automation, adds = automation_of_rules(), counted(standing)
    heaviest = {fact_of(alert): alert for alert in standing if adds[alert.pk]}
    reasons = []
    for alert in standing:
        other = heaviest.get(fact_of(alert))
        same_as = other if other is not None and other.pk != alert.pk else None
        reasons.append(Reason(alert, weigh(alert, automation), adds[alert.pk], same_as))
    reasons.sort(key=lambda reason: (-reason.adds, -reason.weight.points, reason.alert.pk))
    return Index(sum(adds.values()), reasons, len(listed) - len(standing))
