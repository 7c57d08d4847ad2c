"""What the public may read: published projects, competent authorities, the progress of one's own matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wulian.casework.dialogue.permissions import has_ended, may_withdraw
from wulian.casework.dialogue.selectors import Dialogue, dialogue_of
from wulian.casework.handling.selectors import public_decision_of
from wulian.casework.intake.choices import OpeningState
from wulian.casework.intake.models import IdentityOpening, Matter, Receipt
from wulian.casework.intake.selectors import matters_of
from wulian.casework.intake.services.clocks import ADMISSION, DECISION
from wulian.casework.intake.services.vault import APPROVERS, REQUESTERS
from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.projection import project_clock
from wulian.core.documents.choices import DocumentState
from wulian.core.documents.models import DocumentQuerySet, EnforcementDocument
from wulian.core.documents.selectors import documents_of
from wulian.core.procedures.selectors import steps_of
from wulian.information.registry.choices import SearchKind
from wulian.information.registry.models import Notice, Project, SearchEntry, Tender
from wulian.law.periods import render_explanation
from wulian.office.jurisdiction.choices import RuleType
from wulian.office.jurisdiction.models import JurisdictionRule
from wulian.portal.progress import Words, words_for

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

RESULTS = 8
NOTICES: Final = frozenset(
    {"受理通知书", "不予受理告知书", "补正通知", "告知书", "准予撤回决定", "不准予撤回决定"}
)
"""Documents addressed to whoever complained, by template."""


def public_projects() -> QuerySet[Project]:
    """Return the projects of which a notice has been published and no tender is secret."""
    published = Notice.objects.filter(project=OuterRef("pk"), published_at__lte=timezone.now(), ended_at=None)
    secret = Tender.objects.filter(project=OuterRef("pk"), is_secret=True)
    return Project.objects.filter(Exists(published), ~Exists(secret), ended_at=None)


def public_project(pk: str) -> Project | None:
    """Return a public project by the value of its button, or None."""
    return public_projects().filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None


def find_public_projects(text: str) -> list[Project]:
    """Return at most eight public projects whose name or number holds every word of the text, the newest first."""
    found = SearchEntry.objects.filter(kind=SearchKind.PROJECT).matching(text)
    rows = public_projects().filter(pk__in=found.values("project_id")).select_related("owner")
    return list(rows.order_by("-id")[:RESULTS])


def competent_for_complaints() -> QuerySet[JurisdictionRule]:
    """Return the items of the jurisdiction list that say who handles complaints today."""
    rows = JurisdictionRule.objects.in_force(timezone.localdate()).filter(type=RuleType.COMPLAINT)
    return rows.select_related("competent_authority").order_by("region_code", "sector", "id")


@dataclass(frozen=True)
class LegalDate:
    """A period that runs, as the public reads it."""

    label: str
    basis: str
    due: date | None
    provisional: bool
    steps: list[str]


@dataclass(frozen=True)
class Look:
    """Who opened the identity of a reporter: role and authority, not the person; when, how often, why, and who allowed it."""

    who: str
    authority: str
    allowed_by: str
    reason: str
    count: int
    last_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """One matter as its reporter sees it."""

    matter: Matter
    key: str
    words: Words
    dates: list[LegalDate]
    events: list[tuple[date, str]]
    looks: list[Look]
    dialogue: Dialogue
    supplement_due: LegalDate | None
    documents: list[EnforcementDocument]
    may_withdraw: bool
    has_ended: bool
    feedback: str


def progress_of(receipt: Receipt, language: str) -> list[Progress]:
    """Return where each matter of a receipt stands, in plain words, with the dates that run and how they were computed."""
    return [_progress(matter, language) for matter in matters_of(receipt)]


def _progress(matter: Matter, language: str) -> Progress:
    dialogue = dialogue_of(matter)
    asked = dialogue.open_request
    clocks = asked.clocks.all() if asked else []
    return Progress(
        matter=matter,
        key=matter_key(matter),
        words=words_for(matter),
        dates=[_legal_date(clock, language) for clock in _statutory_clocks(matter)],
        events=[(timezone.localdate(step.at), step.event_title) for step in steps_of(matter)],
        looks=_looks(matter),
        dialogue=dialogue,
        supplement_due=next((_legal_date(clock, language) for clock in clocks), None),
        documents=list(served_documents(matter)),
        may_withdraw=may_withdraw(matter) and not dialogue.withdrawal_waits,
        has_ended=has_ended(matter),
        feedback=getattr(matter, "feedback", ""),
    )


def matter_key(matter: Matter) -> str:
    """Return by which name the forms of the page call a matter of their receipt."""
    return f"{matter._meta.model_name}-{matter.pk}"


def served_documents(matter: Matter) -> DocumentQuerySet:
    """Return the documents addressed to the reporter: notices at once, the decision once it has been served."""
    decision = public_decision_of(matter)
    served = Q(template__in=NOTICES) | Q(pk=decision.pk if decision else None)
    return documents_of(matter).filter(served, state=DocumentState.ISSUED)


def _looks(matter: Matter) -> list[Look]:
    rows = IdentityOpening.objects.of(matter).filter(state=OpeningState.APPROVED, opened_count__gt=0)
    rows = rows.select_related("requested_by__department", "decided_by__department")
    return [
        Look(
            who=_role_of(opening.requested_by, REQUESTERS),
            authority=str(opening.requested_by.department or ""),
            allowed_by=_role_of(opening.decided_by, APPROVERS) if opening.decided_by else "",
            reason=opening.reason,
            count=opening.opened_count,
            last_at=opening.last_opened_at,
        )
        for opening in rows.prefetch_related("requested_by__role_grants", "decided_by__role_grants")
    ]


def _role_of(user: User, roles: Iterable[Role]) -> str:
    """The role in which somebody acted; what other roles they hold is nobody's business."""
    return next((str(role.label) for role in roles if user.has_role(role)), "")


def _statutory_clocks(matter: Matter) -> list[Clock]:
    """Our own time limits inside the house are not the public's."""
    rows = Clock.objects.of(matter).running().filter(kind__in=(ADMISSION, DECISION))
    return list(rows.prefetch_related("suspensions"))


def _legal_date(clock: Clock, language: str) -> LegalDate:
    projection = project_clock(clock, calendar(), timezone.localdate())
    steps = render_explanation(projection.explanation, "en" if language == "en" else "zh")
    return LegalDate(clock.label, clock.basis, projection.due, projection.provisional, steps)
