"""What the public may read: published projects, competent authorities, the progress of one's own matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wulian.casework.intake.choices import OpeningState
from wulian.casework.intake.models import IdentityOpening, Matter, Receipt
from wulian.casework.intake.selectors import matters_of
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.projection import project_clock
from wulian.core.procedures.selectors import steps_of
from wulian.information.registry.choices import SearchKind
from wulian.information.registry.models import Notice, Project, SearchEntry, Tender
from wulian.law.periods import render_explanation
from wulian.office.jurisdiction.choices import RuleType
from wulian.office.jurisdiction.models import JurisdictionRule
from wulian.portal.progress import Words, words_for

RESULTS = 8


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
class Progress:
    """One matter as its reporter sees it."""

    matter: Matter
    words: Words
    dates: list[LegalDate]
    events: list[tuple[date, str]] = field(default_factory=list)
    looks: list[IdentityOpening] = field(default_factory=list)


def progress_of(receipt: Receipt, language: str) -> list[Progress]:
    """Return where each matter of a receipt stands, in plain words, with the dates that run and how they were computed."""
    return [
        Progress(
            matter=matter,
            words=words_for(matter),
            dates=[_legal_date(clock, language) for clock in _statutory_clocks(matter)],
            events=[(timezone.localdate(step.at), step.event_title) for step in steps_of(matter)],
            looks=list(
                IdentityOpening.objects.of(matter)
                .filter(state=OpeningState.APPROVED, opened_count__gt=0)
                .select_related("requested_by__department")
            ),
        )
        for matter in matters_of(receipt)
    ]


def _statutory_clocks(matter: Matter) -> list[Clock]:
    """Our own time limits inside the house are not the public's."""
    rows = Clock.objects.of(matter).running().filter(kind__startswith="complaint.")
    return list(rows.prefetch_related("suspensions"))


def _legal_date(clock: Clock, language: str) -> LegalDate:
    projection = project_clock(clock, calendar(), timezone.localdate())
    steps = render_explanation(projection.explanation, "en" if language == "en" else "zh")
    return LegalDate(clock.label, clock.basis, projection.due, projection.provisional, steps)
