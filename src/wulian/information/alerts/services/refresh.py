"""From the registry to alerts: snapshot, rules, and what is new, changed, gone or back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.analysis.flags import FlagResult, iterate_hits, run_flags
from wulian.analysis.flags.catalogue import Judged
from wulian.analysis.redflags import RedFlag
from wulian.core.audit.services import Entry, record_events
from wulian.core.clocks.calendars import calendar
from wulian.core.procedures.services import apply_event, apply_event_to_many
from wulian.core.ui.notifications import notify
from wulian.information.alerts.choices import (
    FINAL,
    RANKS,
    UNTOUCHED,
    AlertState,
    ChangeKind,
    Severity,
    SubjectKind,
)
from wulian.information.alerts.models import Alert, AlertChange, RuleRun
from wulian.information.alerts.selectors import judges_of
from wulian.information.alerts.services import clocks, snapshot
from wulian.information.alerts.services.choosing import choose_rules, left_alone
from wulian.information.alerts.services.routing import Router
from wulian.information.registry.models import Lot, Project
from wulian.information.rulebook.selectors import every_version

CHUNK = 200
"""Alerts written in one transaction: short enough that nobody waits for it."""
SUBJECT_LENGTH: int = Alert._meta.get_field("subject_id").max_length or 0
_LABELS = {
    "project": "project.name",
    "tender": "tender.name",
    "lot": "lot.name",
    "bid": "tenderer.name",
    "contract": "contract.contract_no",
    "party": "party.name",
    "expert": "member.name",
}

Hit = dict[str, Any]
Key = tuple[str, str, str]


@dataclass
class Refreshed:
    """What a refresh did, in alerts; `insufficient` counts by rule the subjects that lack data to decide."""

    raised: int = 0
    changed: int = 0
    unchanged: int = 0
    cleared: int = 0
    returned: int = 0
    insufficient: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"raised {self.raised}, changed {self.changed}, unchanged {self.unchanged}, "
            f"cleared {self.cleared}, returned {self.returned}"
        )


def refresh_alerts(
    *,
    project_ids: Iterable[int] | None = None,
    as_of: date | None = None,
    rules: Iterable[str] | None = None,
) -> Refreshed:
    """Write the snapshot of these projects (or of all), judge the rules over it and bring the alerts up to date.

    `as_of` is the day on which open periods are judged, today by default; `rules` limits the refresh to some rule codes. Only
    alerts of these projects are touched; rules about parties look across projects and are judged when all are.
    """
    ids = None if project_ids is None else sorted(set(project_ids))
    codes = None if rules is None else set(rules)
    chosen = choose_rules(codes, whole=ids is None)
    with snapshot.locked():
        snapshot.write_snapshot(project_ids=ids)
        tables = snapshot.read_snapshot() if ids is None else snapshot.read_projects(ids)
        result = run_flags(tables, rules=chosen, as_of=as_of, calendar=calendar())
        scope = Q() if ids is None else Q(project_id__in=ids)
        scope &= ~Q(rule_id__in=left_alone(whole=ids is None))
        if codes is not None:
            scope &= Q(rule_id__in=codes)
        refreshed = store_hits(iterate_hits(result), scope=scope, insufficient=result.insufficient)
        if ids is None:
            _keep_run(result)
        return refreshed


def _keep_run(result: FlagResult) -> None:
    """Note how many subjects met each rule that was judged, and how many could not be judged."""
    now, met = timezone.now(), result.count_by("rule")
    RuleRun.objects.bulk_create(
        (
            RuleRun(rule_id=code, at=now, met=met.get(code, 0), insufficient=result.insufficient.get(code, 0))
            for code in sorted({rule.id for rule in result.rules})
        ),
        update_conflicts=True,
        unique_fields=["rule_id"],
        update_fields=["at", "met", "insufficient"],
    )


def store_hits(
    hits: Iterable[Hit], *, scope: Q | None = None, insufficient: dict[str, int] | None = None
) -> Refreshed:
    """Bring the alerts of `scope` (all by default) in line with what the rules found, in the shape of `iterate_hits`."""
    return _Upsert(_by_key(hits), scope or Q(), insufficient or {}).run()


def _by_key(hits: Iterable[Hit]) -> dict[Key, Hit]:
    """One hit a rule and subject: when two versions of a rule hold, the graver and then the newer stands."""
    found: dict[Key, Hit] = {}
    for hit in hits:
        # An expert is known by a digest, which may be longer than the column.
        hit = {**hit, "subject_id": hit["subject_id"][:SUBJECT_LENGTH]}
        key = (hit["rule"], hit["subject_kind"], hit["subject_id"])
        if key not in found or _gravity(hit) < _gravity(found[key]):
            found[key] = hit
    return found


def _gravity(hit: Hit) -> tuple[int, int]:
    return (RANKS[hit["severity"]], -hit["rule_version"])


class _Upsert:
    """Compares hits with the alerts of the same scope and writes the difference, a chunk at a time."""

    def __init__(self, hits: dict[Key, Hit], scope: Q, insufficient: dict[str, int]) -> None:
        self.hits = hits
        self.now = timezone.now()
        self.existing = {alert.key: alert for alert in Alert.objects.filter(scope).select_related("project")}
        self.rules = {(rule.id, rule.version): rule for rule in every_version()}
        self.router = Router(timezone.localdate(self.now))
        self.result = Refreshed(insufficient={rule: n for rule, n in insufficient.items() if n})
        self.news: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def run(self) -> Refreshed:
        new = [hit for key, hit in self.hits.items() if key not in self.existing]
        for start in range(0, len(new), CHUNK):
            self._raise(new[start : start + CHUNK])
        self._update()
        self._clear([alert for key, alert in self.existing.items() if key not in self.hits])
        self._tell()
        return self.result

    def _raise(self, hits: list[Hit]) -> None:
        projects = Project.objects.in_bulk({int(hit["project_id"]) for hit in hits if hit["project_id"]})
        lots = set(
            Lot.objects.filter(pk__in={int(hit["lot_id"]) for hit in hits if hit["lot_id"]}).values_list(
                "pk", flat=True
            )
        )
        with transaction.atomic():
            alerts = [self._build(hit, projects, lots) for hit in hits]
            Alert.objects.bulk_create(alerts)
            AlertChange.objects.bulk_create(
                AlertChange(alert=alert, kind=ChangeKind.RAISED, at=self.now, after=_facts(alert))
                for alert in alerts
            )
            record_events(
                actor=None,
                verb="alerts.raised",
                entries=[Entry(alert, summary=f"{alert.severity} {alert}") for alert in alerts],
            )
            self._dispatch(alerts)
        self.result.raised += len(alerts)

    def _build(self, hit: Hit, projects: dict[int, Project], lots: set[int]) -> Alert:
        project = projects.get(int(hit["project_id"])) if hit["project_id"] else None
        lot = int(hit["lot_id"]) if hit["lot_id"] else None
        alert = Alert(
            state=AlertState.NEW,
            state_since=self.now,
            subject_kind=hit["subject_kind"],
            subject_id=hit["subject_id"],
            project=project,
            lot_id=lot if lot in lots else None,
            raised_at=self.now,
        )
        self._fill(alert, hit)
        return alert

    def _fill(self, alert: Alert, hit: Hit) -> None:
        """Take what the rule saw into the alert."""
        evidence = hit["evidence"]
        rule = self.rules[hit["rule"], hit["rule_version"]]
        alert.rule_id, alert.rule_version, alert.rule_title = rule.id, rule.version, rule.title
        alert.node, alert.severity, alert.rank = rule.node, hit["severity"], RANKS[hit["severity"]]
        alert.subject_label = _label(alert, evidence)[:300]
        alert.value, alert.threshold = _decimal(hit["value"]), _decimal(hit["threshold"])
        alert.evidence, alert.conduct_date = evidence, hit["conduct_date"]
        alert.violation_code = alert.violation_code or rule.violation_code
        alert.last_seen_at = self.now

    def _dispatch(self, alerts: list[Alert]) -> None:
        """Give each alert to the department that the routing names; the rest waits for the dispatcher.

        A hint of a red flag is nobody's duty until somebody picks it (docs/adr/0005): no department and no clock.
        """
        routed, timed = [], []
        for alert in alerts:
            if isinstance(self.rules[alert.rule_id, alert.rule_version], RedFlag):
                alert.department = None
                alert.department_reason = _("A hint is not dispatched by itself; the dispatcher picks it.")
                continue
            timed.append(alert)
            department, reason = self.router.route(alert.project, alert.violation_code)
            alert.department, alert.department_reason = department, reason
            if department is not None:
                routed.append(alert)
                self.news[department.pk][alert.severity] += 1
        Alert.objects.bulk_update(alerts, ["department", "department_reason"], batch_size=CHUNK)
        apply_event_to_many(subjects=routed, event="dispatch", actor=None, verb="alerts.dispatched")
        clocks.start(timed, self.now)

    def _update(self) -> None:
        seen, changed = [], []
        for key, alert in self.existing.items():
            if (hit := self.hits.get(key)) is None:
                continue
            before = _facts(alert)
            graver = RANKS[hit["severity"]] < alert.rank
            returned = alert.cleared_at is not None
            anew = returned or (graver and alert.state in FINAL)
            self._fill(alert, hit if anew else self._as_raised(alert, hit))
            after = _facts(alert)
            if anew:
                self._return(alert, before, after)
            elif _essence(before) != _essence(after):
                changed.append((alert, before, after))
            else:
                self.result.unchanged += 1
            seen.append(alert)
        for start in range(0, len(changed), CHUNK):
            self._change(changed[start : start + CHUNK])
        Alert.objects.bulk_update(seen, _FACT_FIELDS, batch_size=CHUNK)

    def _as_raised(self, alert: Alert, hit: Hit) -> Hit:
        """While the conduct is the same, an alert keeps the version that raised it, and its limit, whatever was revised since.

        A hint is of no day: many look at the market as it stands when they are judged.
        """
        raised_by = self.rules.get((alert.rule_id, alert.rule_version))
        moved = alert.conduct_date != hit["conduct_date"] and not isinstance(raised_by, RedFlag)
        if raised_by is None or moved or alert.rule_version == hit["rule_version"]:
            return hit
        return {**hit, "rule_version": alert.rule_version, "threshold": alert.threshold}

    def _change(self, changed: list[tuple[Alert, dict[str, Any], dict[str, Any]]]) -> None:
        with transaction.atomic():
            AlertChange.objects.bulk_create(
                AlertChange(alert=alert, kind=ChangeKind.CHANGED, at=self.now, before=before, after=after)
                for alert, before, after in changed
            )
            record_events(
                actor=None,
                verb="alerts.changed",
                entries=[
                    Entry(alert, summary=str(alert), data={"before": before, "after": after})
                    for alert, before, after in changed
                ],
            )
            for alert, _before, _after in changed:
                if alert.assignee_id:
                    title = _("The facts of an alert changed: %(alert)s") % {"alert": alert}
                    notify(users=[alert.assignee], title=title, url=alert.get_absolute_url())
        self.result.changed += len(changed)

    def _return(self, alert: Alert, before: dict[str, Any], after: dict[str, Any]) -> None:
        """The rule holds again, or a judged fact became graver: open the alert anew, with its history."""
        with transaction.atomic():
            alert.cleared_at = None
            if alert.state in FINAL:
                apply_event(
                    subject=alert,
                    event="reopen",
                    actor=None,
                    note=f"规则再次成立（{timezone.localdate(self.now)}）",
                    data={"disposition": _disposition(alert)},
                    verb="alerts.reopened",
                )
                _forget_disposition(alert, self.rules[alert.rule_id, alert.rule_version])
                alert.raised_at = self.now
                alert.save()
                self._dispatch([alert])
            else:
                alert.save()
            AlertChange.objects.create(
                alert=alert, kind=ChangeKind.RETURNED, at=self.now, before=before, after=after
            )
        self.result.returned += 1

    def _clear(self, gone: list[Alert]) -> None:
        """The rule no longer holds: untouched alerts end by themselves, but never a red one; judged ones are marked."""
        fresh = [alert for alert in gone if alert.cleared_at is None]
        for start in range(0, len(fresh), CHUNK):
            with transaction.atomic():
                chunk = fresh[start : start + CHUNK]
                for alert in chunk:
                    alert.cleared_at = self.now
                ending = [alert for alert in chunk if alert.state in UNTOUCHED and not alert.is_red]
                apply_event_to_many(subjects=ending, event="clear", actor=None, verb="alerts.cleared")
                for alert in ending:
                    alert.closed_at = self.now
                    clocks.void(alert, "规则不再成立")
                Alert.objects.bulk_update(chunk, ["cleared_at", "closed_at"], batch_size=CHUNK)
                AlertChange.objects.bulk_create(
                    AlertChange(alert=alert, kind=ChangeKind.CLEARED, at=self.now, before=_facts(alert))
                    for alert in chunk
                )
                self._tell_assignees([alert for alert in chunk if alert.state not in FINAL])
        self.result.cleared += len(fresh)

    def _tell_assignees(self, alerts: list[Alert]) -> None:
        for alert in alerts:
            if alert.assignee_id:
                title = _("The rule no longer holds for an alert you judge: %(alert)s") % {"alert": alert}
                notify(users=[alert.assignee], title=title, url=alert.get_absolute_url())

    def _tell(self) -> None:
        """One notification a department, however many alerts came."""
        for department_id, counts in self.news.items():
            grave = counts[Severity.RED] + counts[Severity.ORANGE]
            if grave:
                title = _("New alerts for your department: %(red)d red, %(orange)d orange") % {
                    "red": counts[Severity.RED],
                    "orange": counts[Severity.ORANGE],
                }
                notify(
                    users=judges_of(department_id), title=title, url=f"{reverse('alerts:list')}?scope=open"
                )


_FACT_FIELDS = [
    "rule_version", "rule_title", "node", "severity", "rank", "subject_label", "value", "threshold", "evidence",
    "conduct_date", "violation_code", "last_seen_at",
]  # fmt: skip


def _label(alert: Alert, evidence: dict[str, Any]) -> str:
    """Name what the alert is about."""
    if alert.subject_kind == SubjectKind.PAIR:
        ids = alert.subject_id.split("|")
        names = (evidence.get("pair.first_name"), evidence.get("pair.second_name"))
        return " × ".join(name or key for name, key in zip(names, ids, strict=False))
    named = evidence.get(_LABELS.get(alert.subject_kind, "")) or evidence.get("project.name")
    return str(named or alert.subject_id)


def _facts(alert: Alert) -> dict[str, Any]:
    return {
        "rule_version": alert.rule_version,
        "severity": str(alert.severity),
        "value": None if alert.value is None else f"{alert.value.normalize():f}",
        "threshold": None if alert.threshold is None else f"{alert.threshold.normalize():f}",
        "evidence": alert.evidence,
    }


def _essence(facts: dict[str, Any]) -> dict[str, Any]:
    """What makes a fact another one: a period that merely runs on (a greater value each day) is not a change."""
    return {name: value for name, value in facts.items() if name != "value"}


def _disposition(alert: Alert) -> dict[str, Any]:
    return {
        "opinion": alert.opinion,
        "basis": alert.basis,
        "violation_code": alert.violation_code,
        "destination": alert.destination,
        "first_officer": alert.first_officer_id,
        "second_officer": alert.second_officer_id,
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
    }


def _forget_disposition(alert: Alert, rule: Judged) -> None:
    alert.opinion = alert.basis = alert.destination = ""
    alert.violation_code = rule.violation_code
    alert.first_officer = alert.second_officer = alert.assignee = None
    alert.closed_at = None
    alert.escalation = 0


def _decimal(value: float | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.000001"))
