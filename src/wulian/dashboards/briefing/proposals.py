"""What experience suggests about the rules: parameters to look at, flags to make rules of, violations that no rule sees.

Computed from how people judged alerts and from closed cases; a proposal is a question to the meeting, never a change.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

from wulian.casework.cases.models import Case
from wulian.core.accounts.models import User
from wulian.dashboards.briefing.market import span
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.law.rules import all_rules
from wulian.law.violations import violations

MIN_JUDGED: Final = 5
MANY: Final = 0.6
FEW: Final = 0.2
EDGE: Final = Decimal("0.1")
EDGE_SHARE: Final = 0.3


@dataclass
class Record:
    """How the alerts of one rule were judged: referred counts as confirmed, excluded as not."""

    title: str
    confirmed: int = 0
    excluded: int = 0
    measured: int = 0
    at_edge: int = 0

    @property
    def judged(self) -> int:
        return self.confirmed + self.excluded

    @property
    def rate(self) -> float:
        return self.confirmed / self.judged


@dataclass
class Proposal:
    """One proposal: `kind`, what it is about, the numbers it rests on, and what the meeting is asked."""

    kind: str
    subject: str
    grounds: str
    question: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def propose(user: User, until: dt.date) -> list[Proposal]:
    """The proposals that the alerts and cases seen by `user` support, up to the day `until`."""
    records = judged_alerts(user, until)
    known = {rule.id for rule in all_rules()}
    found = [
        proposal
        for rule, record in sorted(records.items())
        if record.judged >= MIN_JUDGED
        for proposal in _about(rule, record, rule in known)
    ]
    return found + uncovered_violations(user, until)


def judged_alerts(user: User, until: dt.date) -> dict[str, Record]:
    """Rule → how its alerts were judged by people; what only ceased to hold is left out."""
    _first, last = span(until, until)
    rows = Alert.objects.visible_to(user).filter(raised_at__lt=last).exclude(state=AlertState.CLEARED)
    found: dict[str, Record] = {}
    values = rows.order_by("id").values_list(
        "rule_id", "rule_title", "state", "destination", "value", "threshold"
    )
    for rule, title, state, destination, value, threshold in values.iterator():
        record = found.setdefault(rule, Record(title))
        record.excluded += state == AlertState.EXCLUDED
        if destination and state != AlertState.EXCLUDED:
            record.confirmed += 1
            if value is not None and threshold:
                record.measured += 1
                record.at_edge += abs(value - threshold) <= abs(threshold) * EDGE
    return found


def _about(rule: str, record: Record, known: bool) -> list[Proposal]:
    grounds = (
        f"已研判{record.judged}条：转办{record.confirmed}条，排除{record.excluded}条，查实率{record.rate:.0%}"
    )
    subject = f"{rule} {record.title}"
    if not known:
        if record.rate >= MANY:
            return [
                Proposal(
                    "疑点转规则",
                    subject,
                    grounds,
                    "该疑点尚未列入规则目录而屡被查实，是否编为规则、明确依据条款？",
                )
            ]
        return []
    if record.rate <= FEW:
        return [
            Proposal(
                "规则收紧或停用", subject, grounds, "多数预警经研判排除，是否调整参数、补充排除情形或停用？"
            )
        ]
    if record.rate >= MANY and record.measured and record.at_edge / record.measured >= EDGE_SHARE:
        edge = f"；查实的{record.measured}条中有{record.at_edge}条与阈值相差不超过10%"
        return [
            Proposal(
                "参数处在边缘",
                subject,
                grounds + edge,
                "查实的情形多贴近阈值，阈值之外是否还有未被发现的同类情形？",
            )
        ]
    return []


def uncovered_violations(user: User, until: dt.date) -> list[Proposal]:
    """Violations of closed cases that no rule in force leads to."""
    covered = {rule.violation_code for rule in all_rules() if rule.enabled}
    cases = Case.objects.visible_to(user).exclude(closed_on=None).filter(closed_on__lte=until)
    found: dict[str, list[str]] = defaultdict(list)
    for code, source in cases.order_by("id").values_list("violation_code", "lead__source"):
        if code not in covered:
            found[code].append(source)
    titles = {code: item.title for code, item in violations().items()}
    return [
        Proposal(
            "已结案件无对应规则",
            f"{code} {titles.get(code, '')}".strip(),
            f"已结案{len(sources)}件，其中由预警发现{sources.count('alert')}件",
            "现行规则不指向该违法行为，能否从这些案件的事实中提出可计算的规则？",
        )
        for code, sources in sorted(found.items())
    ]
