"""Reading findings: per pattern, per rule, per page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from wulian.analysis.clauses import Pattern, all_patterns
from wulian.information.findings.choices import Verdict
from wulian.information.findings.models import Finding, Paper, PatternSwitch

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def patterns_off() -> frozenset[str]:
    """Return the patterns that are switched off now; one query."""
    latest: dict[str, bool] = {}
    for pattern_id, is_on in PatternSwitch.objects.order_by("id").values_list("pattern_id", "is_on"):
        latest[pattern_id] = is_on
    return frozenset(pattern_id for pattern_id, is_on in latest.items() if not is_on)


@dataclass(frozen=True)
class PatternStatistics:
    """How one pattern has done: hits, verdicts, and the share of real ones among those decided, in per cent."""

    pattern: Pattern
    counts: Mapping[str, int]
    switch: PatternSwitch | None

    @property
    def hits(self) -> int:
        """All hits, judged or not."""
        return sum(self.counts.values())

    @property
    def real(self) -> int:
        """Hits judged real."""
        return self.counts.get(Verdict.REAL.value, 0)

    @property
    def false(self) -> int:
        """Hits judged false alarms."""
        return self.counts.get(Verdict.FALSE.value, 0)

    @property
    def supplement(self) -> int:
        """Hits whose matter is to be supplemented."""
        return self.counts.get(Verdict.SUPPLEMENT.value, 0)

    @property
    def open(self) -> int:
        """Hits that nobody has judged."""
        return self.counts.get("", 0)

    @property
    def precision(self) -> int | None:
        """Real ones of a hundred decided; None while none is decided."""
        decided = self.real + self.false
        return round(100 * self.real / decided) if decided else None

    @property
    def is_on(self) -> bool:
        """Whether the pattern is in use."""
        return self.switch is None or self.switch.is_on


def pattern_statistics() -> list[PatternStatistics]:
    """Every pattern of the catalogue with its counts over the whole city; two queries."""
    counts: dict[str, dict[str, int]] = {}
    rows = Finding.objects.order_by().values_list("pattern_id", "verdict")
    for pattern_id, verdict, count in rows.annotate(n=Count("pk")):
        counts.setdefault(pattern_id, {})[verdict] = count
    switches = {
        item.pattern_id: item for item in PatternSwitch.objects.order_by("id").select_related("actor")
    }
    return [
        PatternStatistics(pattern, counts.get(pattern_id, {}), switches.get(pattern_id))
        for pattern_id, pattern in all_patterns().items()
    ]


@dataclass(frozen=True)
class Candidate:
    """Why a rule that a person decides (H) has a candidate in a lot: the clauses judged real."""

    rule_id: str
    project_id: int
    lot_id: int
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """What identifies the candidate from one reading to the next."""
        return f"{self.rule_id}:{self.lot_id}"

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The clauses as evidence for an alert."""
        return [
            {
                "finding": item.pk,
                "clause": item.clause_text,
                "file": item.paper.file_name,
                "page": item.page,
                "pattern": item.pattern_id,
                "title": item.title,
                "reason": item.reason,
                "sm3": item.paper.sm3,
                "url": item.get_absolute_url(),
            }
            for item in self.findings
        ]


def candidates(
    *, rule_id: str | None = None, project_ids: Collection[int] | None = None
) -> Iterator[Candidate]:
    """Give the candidates of all rules, or of one, in all dossiers or some: one for each rule and lot; one query."""
    rows: QuerySet[Finding] = Finding.objects.confirmed().select_related("paper")
    if rule_id is not None:
        rows = rows.filter(rule_id=rule_id)
    if project_ids is not None:
        rows = rows.filter(project_id__in=project_ids)
    ordered = rows.order_by("rule_id", "project_id", "lot_id", "page", "pk")
    for (rule, project, lot), group in groupby(
        ordered, key=lambda item: (item.rule_id, item.project_id, item.lot_id)
    ):
        yield Candidate(rule, project, lot, tuple(group))


def counted_papers(user: User) -> QuerySet[Any]:
    """Papers that ``user`` sees, with the number of findings and of open ones."""
    return (
        Paper.objects.visible_to(user)
        .select_related("lot", "uploaded_by")
        .annotate(
            finding_count=Count("findings"),
            open_count=Count("findings", filter=Q(findings__verdict="")),
            real_count=Count("findings", filter=Q(findings__verdict=Verdict.REAL)),
        )
    )
