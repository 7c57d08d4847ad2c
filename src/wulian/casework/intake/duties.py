"""What the intake asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import ComplaintState, OpeningState, TipOffState
from wulian.casework.intake.models import Complaint, IdentityOpening, Matter, TipOff
from wulian.casework.intake.permissions import next_action
from wulian.casework.intake.services.vault import APPROVERS
from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.selectors import by_first_due, clock_status, first_clocks
from wulian.core.ui.worklist import SEARCHED, Duty, Rest, pressing

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

TITLES = {
    "register": _("Register what came in"),
    "assign": _("Dispatch a complaint"),
    "assign_check": _("Dispatch a tip-off"),
    "accept": _("Decide whether to accept a complaint"),
    "sign_refusal": _("Sign that a complaint is not accepted"),
    "confirm_transfer": _("Issue a letter of transfer"),
    "archive_unchecked": _("Confirm that a tip-off is not checked"),
    "become_complaint": _("Complete a complaint with the reporter"),
    "review_leniency": _("Review flexible handling"),
    "conclude_leniency": _("Conclude flexible handling"),
    "give_feedback": _("Tell a reporter what came of it"),
}
BUTTONS = {
    "register": _("Register"),
    "assign": _("Dispatch"),
    "assign_check": _("Dispatch"),
    "accept": _("Examine"),
    "sign_refusal": _("Sign"),
    "confirm_transfer": _("Issue the letter"),
    "archive_unchecked": _("Confirm"),
    "become_complaint": _("Complete"),
    "review_leniency": _("Review"),
    "conclude_leniency": _("Conclude"),
    "give_feedback": _("Tell the reporter"),
}
STATES_BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.CLERK: (
        ComplaintState.RECEIVED, TipOffState.RECEIVED, TipOffState.GUIDED, TipOffState.FEEDBACK,
        TipOffState.FILED,
    ),
    Role.DISPATCHER: (
        ComplaintState.REGISTERED, ComplaintState.TRANSFER, TipOffState.REVIEWED, TipOffState.TRANSFER,
    ),
    Role.CASE_OFFICER: (ComplaintState.EXAMINED, ComplaintState.REFUSED),
    Role.SECTION_HEAD: (ComplaintState.REFUSED, TipOffState.LENIENT),
    Role.AUTHORITY_HEAD: (ComplaintState.REFUSED,),
    Role.LEGAL_REVIEWER: (TipOffState.LENIENT,),
    Role.OFFICE_HEAD: (TipOffState.NOT_CHECKED,),
}  # fmt: skip
OF_THE_OFFICE = (ComplaintState.TRANSFER, TipOffState.FEEDBACK, TipOffState.FILED)
"""States after the authority had it, in which the coordinating office owes the next step."""


def matter_duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the matters that wait for this user, each with the clock that falls due first."""
    states = {state for role, own in STATES_BY_ROLE.items() if user.has_role(role) for state in own}
    if not states:
        return
    for model, page in ((Complaint, "intake:complaints"), (TipOff, "intake:tip_offs")):
        rows, rest = pressing(
            _waiting(model, user, states),
            lambda matter: _step(matter, user),
            kind=model._meta.verbose_name or "",
            url=reverse(page),
        )
        clocks = first_clocks(model, [matter.pk for matter, _action in rows])
        in_force = calendar() if rows else None
        for matter, action in rows:
            assert in_force is not None
            waits = not action
            # What came in is registered on the same day, if it is a working day (REFERENCE D.6, D.7: E), whatever runs after it.
            clock = None if action == "register" else clocks.get(matter.pk)
            yield Duty(
                title=TITLES[action or "sign_refusal"],
                subject_label=f"{matter.number} {matter.project_name}",
                url=matter.get_absolute_url(),
                due=clock.due
                if clock
                else in_force.working_day_on_or_after(timezone.localdate(matter.received_at)),
                clock=clock_status(clock, in_force=in_force) if clock else None,
                action=BUTTONS[action] if action else _("Open"),
                waits_for=_("section head or head of the authority") if waits else "",
                severity="orange" if matter.is_complaint else "yellow",
                kind=matter._meta.verbose_name or "",
            )
        yield from rest


def _step(matter: Matter, user: User) -> str | None:
    """What the user has to do with it, nothing ("") where it waits for a signature on what the user proposed; None otherwise."""
    action = next_action(matter, user)
    return action or ("" if _waits_for_a_signature(matter, user) else None)


def _waits_for_a_signature(matter: Matter, user: User) -> bool:
    """Whether the user proposed not to accept it, which a head signs."""
    return matter.state == ComplaintState.REFUSED and getattr(matter, "admission_by_id", None) == user.pk


def opening_duties(user: User) -> Iterator[Duty]:
    """Yield the requests to open an identity that wait for a second person."""
    if not user.has_role(*APPROVERS):
        return
    waiting = IdentityOpening.objects.filter(state=OpeningState.REQUESTED).exclude(requested_by=user)
    for opening in waiting.select_related("requested_by")[:SEARCHED]:
        matter = opening.about
        rows: Any = type(matter)._default_manager.filter(pk=matter.pk)
        if not rows.visible_to(user).exists():
            continue
        yield Duty(
            title=_("Decide on opening an identity"),
            subject_label=f"{matter.number} {opening.requested_by}",
            url=matter.get_absolute_url(),
            action=_("Decide"),
            severity="orange",
            kind=_("Reporter's identity"),
        )


def _waiting(model: type[Matter], user: User, states: set[str]) -> QuerySet[Matter]:
    rows = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    own = Q(authority=user.department_id) if user.department_id else Q(pk__in=())
    office = Q(authority=None) | Q(state__in=OF_THE_OFFICE)
    found: QuerySet[Matter] = rows.filter(own | office, state__in=states)
    return by_first_due(found.select_related("project", "receipt").order_by("received_at", "id"))
