"""What the handling of complaints asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.choices import WithdrawalState
from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.handling.choices import Stage
from wulian.casework.handling.models import Publication, TenderSuspension
from wulian.casework.intake.models import Complaint
from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.worklist import Duty
from wulian.force.officers.models import Officer

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LIMIT = 200
STATES: dict[Role, tuple[str, ...]] = {
    Role.CASE_OFFICER: (
        Stage.ACCEPTED, Stage.INVESTIGATED, Stage.EXPERT, Stage.CONSULTED, Stage.DECIDED, Stage.SERVED, Stage.PUBLISHED,
        Stage.ENDED, Stage.TRANSFERRED,
    ),
    Role.SECTION_HEAD: (Stage.PROPOSED, Stage.PUBLISHED),
    Role.LEGAL_REVIEWER: (Stage.PROPOSED,),
    Role.AUTHORITY_HEAD: (Stage.EXAMINED, Stage.PROPOSED, Stage.WITHDRAWAL),
    Role.DISPATCHER: (Stage.PUBLISHED,),
}  # fmt: skip
OFFICER_DUTIES: dict[str, tuple[Any, Any]] = {
    Stage.ACCEPTED: (_("Start the investigation of a complaint"), _("Investigate")),
    Stage.INVESTIGATED: (_("Investigate a complaint"), _("Open")),
    Stage.EXPERT: (_("Wait for the expert opinion"), _("Open")),
    Stage.CONSULTED: (_("Wait for the minutes of the consultation"), _("Open")),
    Stage.DECIDED: (_("Serve a decision on a complaint"), _("Serve")),
    Stage.SERVED: (_("Serve a decision on a complaint"), _("Serve")),
    Stage.ENDED: (_("Close the file of a complaint"), _("Close the file")),
    Stage.TRANSFERRED: (_("Close the file of a complaint"), _("Close the file")),
}
Words = tuple[Any, Any] | None


def duties(user: User) -> Iterator[Duty]:
    """Yield the complaints from acceptance on that wait for this user, and the suspensions a head has to review."""
    states = {state for role, own in STATES.items() if user.has_role(role) for state in own}
    if not states:
        return
    rows = list(_waiting(user, states)[:LIMIT])
    clocks = _first_clocks(Complaint, [row.pk for row in rows])
    in_force = calendar() if rows else None
    mine = set(Officer.objects.filter(user=user).values_list("pk", flat=True)) if rows else set()
    asked = _asked([row.pk for row in rows])
    for complaint in rows:
        if (words := _words(complaint, user, mine, complaint.pk in asked)) is None:
            continue
        clock = clocks.get(complaint.pk)
        yield Duty(
            title=words[0],
            subject_label=f"{complaint.number} {complaint.project_name}",
            url=complaint.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=words[1],
            severity="orange",
            kind=complaint._meta.verbose_name or "",
        )
    if user.has_role(Role.AUTHORITY_HEAD):
        yield from _reviews(user)


def _waiting(user: User, states: set[str]) -> QuerySet[Complaint]:
    rows = Complaint.objects.visible_to(user).filter(state__in=states)
    if not user.has_role(Role.DISPATCHER):
        rows = rows.filter(authority=user.department_id)
    found: QuerySet[Complaint] = rows.select_related("project", "publication", "decision__report")
    return found.prefetch_related("reports").order_by("received_at", "id")


def _words(complaint: Complaint, user: User, mine: set[int], asked: bool) -> Words:
    """What this user has to do with a complaint, and the word on the button; None for nothing."""
    own = user.department_id == complaint.authority_id
    investigates = own and any(one["officer"] in mine for one in complaint.officers)
    if own and user.has_role(Role.CASE_OFFICER) and (words := _for_officer(complaint, investigates, asked)):
        return words
    if own and not investigates and (words := _for_heads(complaint, user, asked)):
        return words
    text = _publication(complaint)
    if user.has_role(Role.DISPATCHER) and text and text.approved_at and not text.published_at:
        return _("Publish the result of a complaint"), _("Publish")
    return None


def _for_officer(complaint: Complaint, investigates: bool, asked: bool) -> Words:
    state = complaint.state
    if state not in (Stage.ACCEPTED, Stage.ENDED, Stage.TRANSFERRED) and not investigates:
        return None
    if asked and state in (Stage.ACCEPTED, Stage.INVESTIGATED, Stage.CONSULTED):
        return _("Examine the withdrawal of a complaint"), _("Examine")
    if state != Stage.PUBLISHED:
        return OFFICER_DUTIES.get(state)
    text = _publication(complaint)
    if text is None or text.withdrawn_at is not None:
        return _("Write the result of a complaint for publication"), _("Write")
    return (_("Close the file of a complaint"), _("Close the file")) if text.is_public else None


def _for_heads(complaint: Complaint, user: User, asked: bool) -> Words:
    wishes = complaint.state == Stage.WITHDRAWAL or (complaint.state == Stage.EXAMINED and asked)
    if wishes and user.has_role(Role.AUTHORITY_HEAD):
        return _("Decide on the withdrawal of a complaint"), _("Decide")
    if complaint.state == Stage.PUBLISHED:
        text = _publication(complaint)
        waits = text is not None and text.approved_at is None
        return (_("Approve the text of a result"), _("Approve")) if waits and user.has_role(Role.SECTION_HEAD) else None  # fmt: skip
    report = next((row for row in complaint.reports.all() if row.returned_by_id is None), None)
    if complaint.state != Stage.PROPOSED or report is None:
        return None
    if report.endorsed_by_id is None:
        return (_("Give the opinion of the section"), _("Examine")) if user.has_role(Role.SECTION_HEAD) else None  # fmt: skip
    if report.reviewed_by_id is None:
        return (_("Review the legality of a proposal"), _("Review")) if user.has_role(Role.LEGAL_REVIEWER) else None  # fmt: skip
    return (_("Decide a complaint"), _("Decide")) if user.has_role(Role.AUTHORITY_HEAD) else None


def _publication(complaint: Complaint) -> Publication | None:
    return getattr(complaint, "publication", None)


def _asked(ids: list[int]) -> set[int]:
    """The complaints whose complainant wishes to withdraw."""
    if not ids:
        return set()
    kind = ContentType.objects.get_for_model(Complaint)
    rows = WithdrawalRequest.objects.filter(content_type=kind, object_id__in=ids, state=WithdrawalState.ASKED)
    return set(rows.values_list("object_id", flat=True))


def _reviews(user: User) -> Iterator[Duty]:
    """The suspensions in force of the head's authority, with the five working days until the next look."""
    rows = TenderSuspension.objects.visible_to(user).in_force()
    rows = rows.filter(complaint__authority=user.department_id)
    suspensions = list(rows.select_related("complaint", "project", "lot", "document")[:LIMIT])
    clocks = _first_clocks(TenderSuspension, [row.pk for row in suspensions])
    in_force = calendar() if suspensions else None
    for suspension in suspensions:
        clock = clocks.get(suspension.pk)
        yield Duty(
            title=_("Review the suspension of a tender"),
            subject_label=f"{suspension.complaint.number} {suspension.covers}",
            url=suspension.complaint.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_("Review"),
            severity="red",
            kind=suspension._meta.verbose_name or "",
        )


def _first_clocks(model: type, ids: list[int]) -> dict[int, Clock]:
    found: dict[int, Clock] = {}
    if ids:
        kind = ContentType.objects.get_for_model(model)
        running = Clock.objects.running().filter(content_type=kind, object_id__in=ids)
        for clock in running.prefetch_related("suspensions"):
            found.setdefault(clock.object_id, clock)
    return found
