"""Reading leads and cases: the timeline, suggestions for the forms, what a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import PositionInTender
from wulian.casework.cases.models import Assignment, Case, CaseQuerySet, Evidence, Lead, LeadQuerySet
from wulian.core.accounts.models import User
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.models import ProcedureStep
from wulian.force.officers.models import Officer
from wulian.force.officers.selectors import assess_officers
from wulian.information.alerts.models import Alert
from wulian.information.alerts.presentation import article_name, rule_of
from wulian.information.registry.models import Award, Bid, Contract, Lot, Party, Project
from wulian.law.violations import BASES, violations

STAGES: tuple[tuple[str, frozenset[str]], ...] = (
    ("立案", frozenset({"P00", "P01"})),
    ("调查", frozenset({"P02", "P03", "P04", "P05"})),
    ("审核", frozenset({"P06", "P07", "P08"})),
    ("告知", frozenset({"P09", "P10", "P11"})),
    ("决定", frozenset({"P12", "P13"})),
    ("送达履行", frozenset({"P14", "P15", "P16"})),
    ("结案公示", frozenset({"P17", "P18", "P19", "P20"})),
)
"""The states of the penalty procedure as seven stages for the eye."""

KINDS = ("step", "document", "clock", "evidence", "audit")


@dataclass(frozen=True)
class Stage:
    """One stage of the stepper: done, current or to come."""

    title: str
    status: str


@dataclass(frozen=True)
class Moment:
    """One line of the timeline; `kind` is one of KINDS."""

    at: datetime
    kind: str
    title: str
    detail: str = ""
    who: str = ""
    icon: str = "point"
    url: str = ""


def stages_of(case: Case) -> list[Stage]:
    """Return the seven stages with what is behind the case; an ended case shows where it ended."""
    current = next((n for n, (_title, states) in enumerate(STAGES) if case.state in states), None)
    if current is None:
        last = ProcedureStep.objects.for_object(case).last()
        before = last.from_state if last else "P01"
        current = next((n for n, (_title, states) in enumerate(STAGES) if before in states), 0)
    return [
        Stage(title, "done" if n < current else "current" if n == current else "next")
        for n, (title, _states) in enumerate(STAGES)
    ]


def timeline_of(*records: Lead | Case) -> list[Moment]:
    """Return everything that happened to these records, newest first: steps, documents, periods, evidence, audit."""
    found: list[Moment] = []
    for record in records:
        found += _steps(record)
        found += _documents(record)
        found += _clocks(record)
        found += _audit(record)
        if isinstance(record, Lead):
            found += _evidence(record)
    return sorted(found, key=lambda item: item.at, reverse=True)


def latest_moments(leads: Iterable[Lead], cases: Iterable[Case], number: int) -> list[Moment]:
    """Return the newest steps and documents of many records, in two queries however many they are."""
    scope = _among(Lead, leads) | _among(Case, cases)
    steps = ProcedureStep.objects.filter(scope).select_related("actor").order_by("-id")[:number]
    documents = EnforcementDocument.objects.filter(scope).select_related("issued_by", "authority")[:number]
    found = [*map(_step_moment, steps), *map(_document_moment, documents)]
    return sorted(found, key=lambda item: item.at, reverse=True)[:number]


def _among(model: type[Lead] | type[Case], records: Iterable[Lead | Case]) -> Q:
    kind = ContentType.objects.get_for_model(model)
    return Q(content_type=kind, object_id__in=[record.pk for record in records])


def _step_moment(step: ProcedureStep) -> Moment:
    moved = f"{step.from_title} → {step.to_title}" if step.from_state != step.to_state else ""
    detail = "\n".join(filter(None, [moved, step.note]))
    who = f"{step.actor}（{step.role_label}）" if step.actor else _("system")
    return Moment(step.at, "step", step.event_title, detail, who, "arrow-right")


def _document_moment(document: EnforcementDocument) -> Moment:
    return Moment(
        document.issued_at,
        "document",
        f"{document.title} {document.document_no}",
        document.void_reason,
        f"{document.issued_by} · {document.authority}",
        "file-text",
        document.get_absolute_url(),
    )


def _steps(record: Lead | Case) -> Iterator[Moment]:
    return map(_step_moment, ProcedureStep.objects.for_object(record).select_related("actor"))


def _documents(record: Lead | Case) -> Iterator[Moment]:
    return map(
        _document_moment,
        EnforcementDocument.objects.for_object(record).select_related("issued_by", "authority"),
    )


def _clocks(record: Lead | Case) -> Iterator[Moment]:
    for clock in Clock.objects.of(record):
        due = clock.due.isoformat() if clock.due else _("suspended")
        detail = _("From %(start)s to %(due)s.") % {"start": clock.started_on, "due": due}
        if not clock.is_running:
            detail += f" {clock.get_outcome_display()} {clock.stopped_on}"
        yield Moment(clock.created_at, "clock", f"{clock.label}（{clock.basis}）", detail, "", "clock")


def _evidence(lead: Lead) -> Iterator[Moment]:
    for item in Evidence.objects.filter(lead=lead).select_related("added_by"):
        who = str(item.added_by) if item.added_by else _("system")
        yield Moment(item.added_at, "evidence", str(item), f"SM3 {item.sm3[:16]}…", who, "paperclip")


def _audit(record: Lead | Case) -> Iterator[Moment]:
    """What is neither a step nor shown above: who was assigned, who read what, what was changed."""
    for event in AuditEvent.objects.for_object(record):
        if "step" not in event.data and event.verb != "cases.evidence_added":
            yield Moment(
                event.occurred_at,
                "audit",
                event.verb_label,
                event.summary,
                event.actor_name or _("system"),
                "eye",
            )


@dataclass(frozen=True)
class Suggestion:
    """A base amount in 元 that the dossier holds, and where it was found."""

    base: str
    amount: Decimal | None
    source: str


def suggest_base(case: Case, position: str = PositionInTender.WON) -> Suggestion | None:
    """Return what the dossier knows of the base of the fine, or None when the fine is counted on none.

    A bidder that lost is fined on the contract amount of the tendered project (实施条例 第六十七条、第六十八条).
    """
    rule = next((item for item in case.violation.unit_fines if item.kind != "amount"), None)
    if rule is None:
        return None
    base = rule.base_for(won=position != PositionInTender.LOST)
    amount, source = _base_of_lot(case.lot, base)
    return Suggestion(BASES[base], amount, source)


def _base_of_lot(lot: Lot | None, base: str) -> tuple[Decimal | None, str]:
    if lot is None:
        return None, ""
    if base == "award":
        award = Award.objects.filter(lot=lot, ended_at=None).exclude(price=None).order_by("-id").first()
        return (award.price, _("award of the lot")) if award else (None, "")
    if base in {"contract", "tender_contract", "works_price"}:
        contract = Contract.objects.filter(lot=lot, ended_at=None).exclude(price=None).order_by("-id").first()
        return (contract.price, _("contract of the lot")) if contract else (None, "")
    return None, ""


def position_of(case: Case) -> str:
    """Return whether the party lost its bid for the lot, as the dossier knows it."""
    if case.lot is None or not Bid.objects.filter(lot=case.lot, tenderer=case.party, ended_at=None).exists():
        return PositionInTender.WON
    won = Award.objects.filter(lot=case.lot, supplier=case.party, ended_at=None).exists()
    return PositionInTender.WON if won else PositionInTender.LOST


def officers_for(record: Lead | Case) -> list[Officer]:
    """Return every officer of the authority with the reasons that stand against each today; none without an authority."""
    if record.authority is None:
        return []
    return assess_officers(
        authority=record.authority,
        sector=record.sector,
        region_code=record.region_code,
        on=timezone.localdate(),
        against_parties=[record.party] if record.party else [],
    )


def suggest_law(lead: Lead) -> tuple[str, str]:
    """Return the articles broken and the articles that punish, one a line: those of the rule that found it, else the catalogue's."""
    origin = lead.origin
    found = rule_of(origin) if isinstance(origin, Alert) else None
    row = violations().get(lead.violation_code)
    same = found is not None and found.violation_code == lead.violation_code
    duty = [article_name(item) for item in found.duty] if found and same else []
    basis = [article_name(item) for item in found.liability] if found and same else []
    if row is not None:
        duty = duty or [str(item) for item in row.duty]
        basis = basis or [str(item) for item in row.provisions]
    return "\n".join(duty), "\n".join(basis)


def suggest_cause(lead: Lead) -> str:
    """Return a short name of the conduct: the finding of the rule, else the title of the lead."""
    origin = lead.origin
    return origin.rule_title if isinstance(origin, Alert) else lead.title


def live_case(lead: Lead) -> Case | None:
    """Return the case of a lead, or None; a refused filing does not count."""
    return lead.cases.exclude(state="PX1").first()


def last_values(case: Case, template: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return what the authority's last document of this kind said in some fields, to fill a form with."""
    document = (
        EnforcementDocument.objects.filter(authority=case.authority, template=template)
        .order_by("-id")
        .first()
    )
    return {name: document.context.get(name, "") for name in names} if document else {}


def leads_of_project(project: Project, user: User) -> LeadQuerySet[Lead]:
    """Return the leads of a dossier that the user may see, newest first."""
    return Lead.objects.visible_to(user).filter(project=project).select_related("authority", "party")


def cases_of_project(project: Project, user: User) -> CaseQuerySet[Case]:
    """Return the cases of a dossier that the user may see, newest first."""
    return (
        Case.objects.visible_to(user)
        .filter(project=project)
        .select_related("authority", "party", "decision__document")
    )


def cases_of_party(party: Party, user: User) -> CaseQuerySet[Case]:
    """Return the cases against a party that the user may see, newest first."""
    return (
        Case.objects.visible_to(user)
        .filter(party=party)
        .select_related("authority", "project", "decision__document")
    )


def assigned_names(leads: list[int]) -> dict[int, str]:
    """Return the names of the officers of many leads, in one query."""
    found: dict[int, list[str]] = {}
    rows = Assignment.objects.current().filter(lead_id__in=leads).select_related("officer__user")
    for item in rows:
        found.setdefault(item.lead_id, []).append(item.officer.name)
    return {pk: "、".join(names) for pk, names in found.items()}
