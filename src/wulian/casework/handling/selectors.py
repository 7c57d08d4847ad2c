"""What the pages of the handling read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from wulian.casework.handling.models import (
    Commission,
    ComplaintDecision,
    EvidenceItem,
    Interview,
    Publication,
    Report,
    ServiceProof,
    TenderSuspension,
    Withdrawal,
)
from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.services.clocks import DECISION
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.files.models import StoredFile

if TYPE_CHECKING:
    from wulian.core.documents.models import EnforcementDocument


@dataclass(frozen=True)
class DayCount:
    """Working days of the statutory period: used, of how many, excluded for experts, and until when they were counted."""

    used: int
    of: int
    excluded: int
    until: date
    suspended: bool


def day_count(complaint: Complaint) -> DayCount | None:
    """Return how many of the 30 working days have been used (实施条例 第六十一条第二款); None before the period began.

    The day of receipt is not counted; the day of a delivery to experts counts, the days after it up to the report do not.
    """
    clock = Clock.objects.of(complaint).filter(kind=DECISION).prefetch_related("suspensions").first()
    if clock is None:
        return None
    until = clock.stopped_on or max(timezone.localdate(), clock.started_on)
    in_force = calendar()
    pauses = [(item.started_on, min(item.ended_on or until, until)) for item in clock.suspensions.all()]
    excluded = sum(in_force.working_days_in(first, last) for first, last in pauses if last > first)
    passed = in_force.working_days_in(clock.started_on, until)
    return DayCount(passed - excluded, clock.n, excluded, until, clock.open_suspension is not None)


def public_decision_of(matter: Matter) -> EnforcementDocument | None:
    """Return the decision on a complaint once it has been served on the complainant, for the page of who came back; else None."""
    if not isinstance(matter, Complaint):
        return None
    decision = ComplaintDecision.objects.of(matter).select_related("document__authority").first()
    if decision is None:
        return None
    served = ServiceProof.objects.filter(document=decision.document, recipient="complainant")
    return decision.document if served.exists() else None


def published_result_of(matter: Matter) -> Publication | None:
    """Return the published result of a complaint, or None."""
    return Publication.objects.of(matter).public().first() if isinstance(matter, Complaint) else None


def file_of(complaint: Complaint) -> dict[str, Any]:
    """Return everything the panels show, in a fixed number of queries."""
    items = list(
        EvidenceItem.objects.of(complaint)
        .select_related("added_by", "verified_by")
        .prefetch_related("custody")
    )
    talks = list(Interview.objects.of(complaint).select_related("document", "recorded_by"))
    commissions = list(Commission.objects.of(complaint).select_related("document"))
    for rows in (items, talks, commissions):
        _attach_files(rows)
    suspensions = TenderSuspension.objects.of(complaint).select_related(
        "document", "lift_document", "lot", "project", "ordered_by"
    )
    reports = Report.objects.of(complaint).select_related(
        "document", "opinion_document", "made_by", "endorsed_by", "reviewed_by", "returned_by"
    )
    return {
        "items": items,
        "talks": talks,
        "commissions": commissions,
        "suspensions": list(suspensions.prefetch_related("reviews__by", "clocks__suspensions")),
        "withdrawals": list(Withdrawal.objects.of(complaint).select_related("document", "decided_by", "examined_by")),
        "reports": list(reports),
        "decision": ComplaintDecision.objects.of(complaint).select_related("document", "report", "decided_by", "case").first(),
        "proofs": list(ServiceProof.objects.of(complaint).select_related("document", "receipt")),
        "publication": Publication.objects.of(complaint).select_related("drafted_by", "approved_by", "published_by").first(),
    }  # fmt: skip


def suspensions_of_project(project_id: int) -> list[TenderSuspension]:
    """Return the suspensions in force of a dossier's tenders; everybody who sees the dossier may know of them."""
    rows = TenderSuspension.objects.in_force().filter(project=project_id)
    return list(rows.select_related("document__authority", "lot", "project", "complaint"))


def _attach_files(rows: list[Any]) -> None:
    """Put the files of each row on it as `kept`, with one query for all."""
    if not rows:
        return
    kind = ContentType.objects.get_for_model(type(rows[0]))
    files: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(content_type=kind, object_id__in=[row.pk for row in rows]):
        files.setdefault(file.object_id, []).append(file)
    for row in rows:
        row.kept = files.get(row.pk, [])
