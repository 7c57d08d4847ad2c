"""What the handling of complaints asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.choices import WithdrawalState
from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.handling.choices import Stage
from wulian.casework.handling.models import Publication, Report, TenderSuspension
from wulian.casework.intake.models import Complaint
from wulian.core.accounts.choices import Role
from wulian.core.clocks.selectors import NO_CLOCK, by_first_due, first_statuses
from wulian.core.ui.worklist import Duty, Rest, pressing
from wulian.force.officers.models import Officer

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

STATES: dict[Role, tuple[str, ...]] = {
    Role.CASE_OFFICER: (
        Stage.ACCEPTED, Stage.INVESTIGATED, Stage.EXPERT, Stage.CONSULTED, Stage.WITHDRAWAL, Stage.PROPOSED, Stage.DECIDED,
        Stage.SERVED, Stage.PUBLISHED, Stage.ENDED, Stage.TRANSFERRED,
    ),
    Role.SECTION_HEAD: (Stage.PROPOSED, Stage.PUBLISHED),
    Role.LEGAL_REVIEWER: (Stage.PROPOSED,),
    Role.AUTHORITY_HEAD: (Stage.EXAMINED, Stage.PROPOSED, Stage.WITHDRAWAL),
    Role.DISPATCHER: (Stage.PUBLISHED,),
}  # fmt: skip
OF_INVESTIGATORS = frozenset(STATES[Role.CASE_OFFICER]) - {Stage.ACCEPTED, Stage.ENDED, Stage.TRANSFERRED}
"""States in which of the officers only those who investigate have something to do."""
OFFICER_DUTIES: dict[str, tuple[Any, ...]] = {
    Stage.ACCEPTED: (_("Start the investigation of a complaint"), _("Investigate")),
    Stage.INVESTIGATED: (_("Investigate a complaint"), _("Open")),
    Stage.EXPERT: (_("Expert opinion on a complaint"), _("Open"), _("the experts")),
    Stage.CONSULTED: (_("Consultation on a complaint"), _("Open"), _("the coordinating office")),
    Stage.WITHDRAWAL: (_("Decision on a withdrawal"), _("Open"), Role.AUTHORITY_HEAD.label),
    Stage.DECIDED: (_("Serve a decision on a complaint"), _("Serve")),
    Stage.SERVED: (_("Serve a decision on a complaint"), _("Serve")),
    Stage.ENDED: (_("Close the file of a complaint"), _("Close the file")),
    Stage.TRANSFERRED: (_("Close the file of a complaint"), _("Close the file")),
}
Words = tuple[Any, ...] | None
"""What is to be done, the word on the button, and for whom it waits where that is somebody else."""


def duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the complaints from acceptance on that wait for this user, and the suspensions a head has to review."""
    mine = set(Officer.objects.filter(user=user).values_list("pk", flat=True))
    states = _states(user, investigates=bool(mine))
    if not states:
        return
    asked = _asked()
    rows, rest = pressing(
        _waiting(user, states),
        lambda complaint: _words(complaint, user, mine, complaint.pk in asked),
        kind=Complaint._meta.verbose_name or "",
        url=reverse("intake:complaints"),
    )
    clocks = first_statuses(Complaint, [complaint.pk for complaint, _said in rows])
    for complaint, words in rows:
        clock, status = clocks.get(complaint.pk, NO_CLOCK)
        yield Duty(
            title=words[0],
            subject_label=f"{complaint.number} {complaint.project_name}",
            url=complaint.get_absolute_url(),
            due=clock.due if clock else None,
            clock=status,
            action=words[1],
            waits_for=words[2] if len(words) > 2 else "",
            severity="orange",
            kind=complaint._meta.verbose_name or "",
        )
    yield from rest
    if user.has_role(Role.AUTHORITY_HEAD):
        yield from _reviews(user)


def _states(user: User, *, investigates: bool) -> set[str]:
    found = {
        state
        for role, own in STATES.items()
        if user.has_role(role)
        for state in own
        if role != Role.CASE_OFFICER or investigates or state not in OF_INVESTIGATORS
    }
    return {str(state) for state in found}


def _waiting(user: User, states: set[str]) -> QuerySet[Complaint]:
    rows = Complaint.objects.visible_to(user).filter(state__in=states)
    if not user.has_role(Role.DISPATCHER):
        rows = rows.filter(authority=user.department_id)
    found: QuerySet[Complaint] = rows.select_related("project", "publication", "decision__report")
    return by_first_due(found.prefetch_related("reports").order_by("received_at", "id"))


def _words(complaint: Complaint, user: User, mine: set[int], asked: bool) -> Words:
    """What this user has to do with a complaint, or waits for; None for nothing."""
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
    if state in OF_INVESTIGATORS and not investigates:
        return None
    if asked and state in (Stage.ACCEPTED, Stage.INVESTIGATED, Stage.CONSULTED):
        return _("Examine the withdrawal of a complaint"), _("Examine")
    if state == Stage.PROPOSED:
        return _("Decision on a complaint"), _("Open"), _next_hand(complaint)
    if state != Stage.PUBLISHED:
        return OFFICER_DUTIES.get(state)
    text = _publication(complaint)
    if text is None or text.withdrawn_at is not None:
        return _("Write the result of a complaint for publication"), _("Write")
    if text.is_public:
        return _("Close the file of a complaint"), _("Close the file")
    who = Role.SECTION_HEAD.label if text.approved_at is None else _("the coordinating office")
    return _("Publication of a result"), _("Open"), who


def _live_report(complaint: Complaint) -> Report | None:
    return next((row for row in complaint.reports.all() if row.returned_by_id is None), None)


def _next_hand(complaint: Complaint) -> Any:
    """Who speaks next on a proposal: the section head, then the legal reviewer, then the head."""
    report = _live_report(complaint)
    if report is None or report.endorsed_by_id is None:
        return Role.SECTION_HEAD.label
    return (Role.LEGAL_REVIEWER if report.reviewed_by_id is None else Role.AUTHORITY_HEAD).label


def _for_heads(complaint: Complaint, user: User, asked: bool) -> Words:
    wishes = complaint.state == Stage.WITHDRAWAL or (complaint.state == Stage.EXAMINED and asked)
    if wishes and user.has_role(Role.AUTHORITY_HEAD):
        return _("Decide on the withdrawal of a complaint"), _("Decide")
    if complaint.state == Stage.PUBLISHED:
        text = _publication(complaint)
        waits = text is not None and text.approved_at is None
        return (_("Approve the text of a result"), _("Approve")) if waits and user.has_role(Role.SECTION_HEAD) else None  # fmt: skip
    report = _live_report(complaint)
    if complaint.state != Stage.PROPOSED or report is None:
        return None
    if report.endorsed_by_id is None:
        return (_("Give the opinion of the section"), _("Examine")) if user.has_role(Role.SECTION_HEAD) else None  # fmt: skip
    if report.reviewed_by_id is None:
        return (_("Review the legality of a proposal"), _("Review")) if user.has_role(Role.LEGAL_REVIEWER) else None  # fmt: skip
    return (_("Decide a complaint"), _("Decide")) if user.has_role(Role.AUTHORITY_HEAD) else None


def _publication(complaint: Complaint) -> Publication | None:
    return getattr(complaint, "publication", None)


def _asked() -> set[int]:
    """The complaints whose complainant wishes to withdraw."""
    kind = ContentType.objects.get_for_model(Complaint)
    rows = WithdrawalRequest.objects.filter(content_type=kind, state=WithdrawalState.ASKED)
    return set(rows.values_list("object_id", flat=True))


def _reviews(user: User) -> Iterator[Duty | Rest]:
    """The suspensions in force of the head's authority, with the five working days until the next look."""
    rows = TenderSuspension.objects.visible_to(user).in_force()
    rows = rows.filter(complaint__authority=user.department_id)
    suspensions, rest = pressing(
        by_first_due(rows.select_related("complaint", "project", "lot", "document")),
        lambda _suspension: True,
        kind=TenderSuspension._meta.verbose_name or "",
        url=reverse("intake:complaints"),
    )
    clocks = first_statuses(TenderSuspension, [row.pk for row, _true in suspensions])
    for suspension, _true in suspensions:
        clock, status = clocks.get(suspension.pk, NO_CLOCK)
        yield Duty(
            title=_("Review the suspension of a tender"),
            subject_label=f"{suspension.complaint.number} {suspension.covers}",
            url=suspension.complaint.get_absolute_url(),
            due=clock.due if clock else None,
            clock=status,
            action=_("Review"),
            severity="red",
            kind=suspension._meta.verbose_name or "",
        )
    yield from rest
