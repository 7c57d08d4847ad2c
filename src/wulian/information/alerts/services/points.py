"""疑点指数: what each alert adds to the index of its dossier, and whom it is about; both derived, never typed in.

points = severity × kind of evidence × whether the rule still holds; nothing for an alert that was excluded, cleared or closed, and
nothing for a second alert of the same fact: within one lot (or project, or party) and one violation only the heaviest counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from wulian.analysis.indicators.hints import twins
from wulian.information.alerts.choices import FINAL, SubjectKind
from wulian.information.alerts.models import Alert
from wulian.information.alerts.parameters import EVIDENCE_PERCENT, GONE_PERCENT, SEVERITY_POINTS
from wulian.information.registry.models import Bid, Contract, Lot, Party, Project
from wulian.law.rules import all_rules
from wulian.law.violations import violations

CHUNK = 300
PROCURER_SIDE = ("招标人", "建设单位")
AGENCY_SIDE = "代理机构"
_NEEDED = (
    "pk", "rule_id", "severity", "state", "cleared_at", "violation_code", "project_id", "lot_id", "party_id", "points",
    "subject_kind", "subject_id",
)  # fmt: skip


@dataclass(frozen=True)
class Weight:
    """The points of one alert by itself and the three factors they are the product of, in points and per cent."""

    points: int
    severity: int
    evidence: int
    standing: int
    automation: str

    @property
    def is_reduced(self) -> bool:
        """Whether the kind of evidence or a rule that no longer holds made it less."""
        return self.points < self.severity


def weigh(alert: Alert, automation: dict[str, str] | None = None) -> Weight:
    """Return what an alert would add if it were the only one of its fact; 0 when it is excluded, cleared or closed."""
    known = automation if automation is not None else automation_of_rules()
    level = known.get(alert.rule_id, "ST")
    severity, evidence = SEVERITY_POINTS[str(alert.severity)], EVIDENCE_PERCENT[level]
    standing = 0 if alert.state in FINAL else GONE_PERCENT if alert.cleared_at else 100
    return Weight(severity * evidence * standing // 10_000, severity, evidence, standing, level)


def automation_of_rules() -> dict[str, str]:
    """Return the automation level of each rule; a rule that is gone counts as a statistical hint."""
    return {rule.id: rule.automation for rule in all_rules() if rule.automation in EVIDENCE_PERCENT}


def fact_of(alert: Alert) -> tuple[object, ...]:
    """Return what makes two alerts one fact: the same violation (or rule, when none is named) of the same lot or place.

    A public indicator and the red flag that states the same are one.
    """
    place: tuple[object, ...] = ("party", alert.subject_id)
    if alert.lot_id or alert.project_id:
        place = (alert.project_id, alert.lot_id)
    return (*place, alert.violation_code or twins().get(alert.rule_id, alert.rule_id))


def counted(alerts: Iterable[Alert]) -> dict[int, int]:
    """Return the points of each alert once each fact is counted once: the heaviest stands, the older of two equal ones."""
    automation = automation_of_rules()
    weights = {alert.pk: weigh(alert, automation).points for alert in alerts}
    heaviest: dict[tuple[object, ...], int] = {}
    for alert in sorted(alerts, key=lambda item: (-weights[item.pk], item.pk)):
        heaviest.setdefault(fact_of(alert), alert.pk)
    standing = set(heaviest.values())
    return {pk: points if pk in standing else 0 for pk, points in weights.items()}


def recount(alert_ids: Iterable[int]) -> int:
    """Bring party and points of these alerts, and of all others of the same places, up to date; return how many changed."""
    ids, changed = list(alert_ids), 0
    for start in range(0, len(ids), CHUNK):
        changed += _recount(ids[start : start + CHUNK])
    return changed


def recount_all() -> int:
    """Bring every alert up to date, as after a change of the catalogue; return how many changed."""
    return recount(Alert.objects.order_by("project_id", "pk").values_list("pk", flat=True))


def _recount(ids: list[int]) -> int:
    named = list(Alert.objects.filter(pk__in=ids).only(*_NEEDED))
    newcomers = [alert for alert in named if alert.party_id is None]
    _find_parties(newcomers)
    places = Q(project__in={alert.project_id for alert in named if alert.project_id})
    bare = {alert.subject_id for alert in named if not alert.project_id}
    if bare:
        places |= Q(project=None, subject_id__in=bare)
    alerts = list(Alert.objects.filter(places).only(*_NEEDED))
    points = counted(alerts)
    moved: dict[int, list[int]] = defaultdict(list)
    for alert in alerts:
        if alert.points != points[alert.pk]:
            moved[points[alert.pk]].append(alert.pk)
    # There are few different numbers of points: one statement each is far less than a row each.
    for value, pks in moved.items():
        for start in range(0, len(pks), CHUNK):
            Alert.objects.filter(pk__in=pks[start : start + CHUNK]).update(points=value)
    return sum(map(len, moved.values()))


def _find_parties(alerts: Sequence[Alert]) -> None:
    found = parties_of(alerts)
    known = set(Party.objects.filter(pk__in={pk for pk in found.values() if pk}).values_list("pk", flat=True))
    named = [alert for alert in alerts if found.get(alert.pk) in known]
    for alert in named:
        alert.party_id = found[alert.pk]
    Alert.objects.bulk_update(named, ["party"], batch_size=CHUNK)


def parties_of(alerts: Sequence[Alert]) -> dict[int, int | None]:
    """Return whom each alert is about, in five queries at most: the party judged, the tenderer of a bid, the supplier of a
    contract, else the side of the procuring entity when the violation is one that it commits."""
    bids = dict(Bid.objects.filter(pk__in=_subjects(alerts, SubjectKind.BID)).values_list("pk", "tenderer"))
    suppliers = dict(
        Contract.objects.filter(pk__in=_subjects(alerts, SubjectKind.CONTRACT)).values_list("pk", "supplier")
    )
    lots = {
        pk: sides
        for pk, *sides in Lot.objects.filter(pk__in={alert.lot_id for alert in alerts}).values_list(
            "pk", "tender__procuring_entity", "tender__agency"
        )
    }
    owners = dict(
        Project.objects.filter(pk__in={alert.project_id for alert in alerts}).values_list("pk", "owner")
    )
    found: dict[int, int | None] = {}
    for alert in alerts:
        entity, agency = lots.get(alert.lot_id or 0, (None, None))
        entity = entity or owners.get(alert.project_id or 0)
        number = int(alert.subject_id) if alert.subject_id.isdigit() else 0
        if alert.subject_kind == SubjectKind.PARTY:
            found[alert.pk] = number or None
        elif alert.subject_kind == SubjectKind.BID:
            found[alert.pk] = bids.get(number)
        else:
            found[alert.pk] = _side(alert, entity, agency, suppliers.get(number))
    return found


def _side(alert: Alert, entity: int | None, agency: int | None, supplier: int | None) -> int | None:
    row = violations().get(alert.violation_code)
    offender = row.offender if row else PROCURER_SIDE[0]
    if any(word in offender for word in PROCURER_SIDE):
        return entity
    if AGENCY_SIDE in offender and agency:
        return agency
    return supplier if alert.subject_kind == SubjectKind.CONTRACT else None


def _subjects(alerts: Iterable[Alert], kind: SubjectKind) -> set[int]:
    return {
        int(alert.subject_id) for alert in alerts if alert.subject_kind == kind and alert.subject_id.isdigit()
    }


def touch(alerts: Iterable[Alert]) -> None:
    """Recount after a person moved these alerts, and let the objects in hand know."""
    listed = list(alerts)
    recount(alert.pk for alert in listed)
    fresh = dict(Alert.objects.filter(pk__in=[alert.pk for alert in listed]).values_list("pk", "points"))
    for alert in listed:
        alert.points = fresh.get(alert.pk, alert.points)
