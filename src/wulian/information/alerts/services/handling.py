"""What people do with an alert: dispatch, accept, exclude with a second person, refer, close."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, User
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify
from wulian.information.alerts.choices import Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import judges_of, reviewers_of
from wulian.information.alerts.services import clocks
from wulian.information.alerts.signals import alert_referred
from wulian.law.violations import violations

REVIEWERS_OF_RED = (Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.OFFICE_HEAD)
"""A red alert is excluded only with the word of a head."""


def dispatch_alert(
    *, alert: Alert, actor: User, department: Department, assignee: User | None = None, note: str = ""
) -> Alert:
    """Give an alert to the department that judges it, perhaps to one of its people.

    Raises Refusal when the department is not an authority or the person is not one of its case officers.
    """
    check_event(subject=alert, event="dispatch", actor=actor, note=note)
    if department.kind in (DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT):
        raise Refusal(_("Department: an alert is judged by a competent authority."), field="department")
    if assignee is not None and not _may_judge(assignee, department):
        raise Refusal(
            _("Assignee: %(person)s is not a case officer of %(department)s.")
            % {"person": assignee, "department": department},
            field="assignee",
        )
    with transaction.atomic():
        apply_event(
            subject=alert,
            event="dispatch",
            actor=actor,
            note=note,
            data={"department": department.pk, "assignee": assignee.pk if assignee else None},
            verb="alerts.dispatched",
        )
        alert.department, alert.assignee = department, assignee
        alert.department_reason = (note.strip() or _("Decided by the dispatcher."))[:300]
        alert.save(update_fields=["department", "assignee", "department_reason"])
        _tell(
            [assignee] if assignee else judges_of(department.pk),
            _("An alert was given to you: %(alert)s"),
            alert,
        )
    return alert


def accept_alert(*, alert: Alert, actor: User) -> Alert:
    """Take an alert to judge it; raises Forbidden for another department or when it was given to somebody else."""
    _check_department(alert, actor)
    if alert.assignee_id not in (None, actor.pk) and not actor.has_role(Role.SECTION_HEAD):
        raise Forbidden(_("This alert was given to %(person)s.") % {"person": alert.assignee})
    with transaction.atomic():
        apply_event(subject=alert, event="accept", actor=actor, verb="alerts.accepted")
        alert.assignee = actor
        alert.save(update_fields=["assignee"])
        clocks.stop(alert, clocks.ACCEPT, actor)
    return alert


def exclude_alert(*, alert: Alert, actor: User, opinion: str, basis: str) -> Alert:
    """Propose that there is nothing in it; a second person must confirm. Raises Refusal without opinion or basis."""
    _check_department(alert, actor)
    if not basis.strip():
        raise Refusal(
            _("Basis: name the fact checked or the exclusion of the rule that applies."), field="basis"
        )
    with transaction.atomic():
        apply_event(
            subject=alert,
            event="propose_exclusion",
            actor=actor,
            note=opinion,
            data={"basis": basis.strip()},
            verb="alerts.exclusion_proposed",
        )
        alert.opinion, alert.basis = opinion.strip(), basis.strip()[:300]
        alert.first_officer, alert.second_officer = actor, None
        alert.save(update_fields=["opinion", "basis", "first_officer", "second_officer"])
        clocks.stop(alert, clocks.OPINION, actor)
        reviewers = [person for person in reviewers_of(alert) if person.pk != actor.pk]
        _tell(reviewers, _("An exclusion waits for your review: %(alert)s"), alert)
    return alert


def confirm_exclusion(*, alert: Alert, actor: User, note: str = "") -> Alert:
    """Agree to an exclusion as the second person; a red one needs a head (REFERENCE O)."""
    _check_reviewer(alert, actor)
    with transaction.atomic():
        apply_event(subject=alert, event="confirm_exclusion", actor=actor, note=note, verb="alerts.excluded")
        alert.second_officer, alert.closed_at = actor, timezone.now()
        alert.save(update_fields=["second_officer", "closed_at"])
        _tell([alert.first_officer], _("Your exclusion was confirmed: %(alert)s"), alert)
    return alert


def return_exclusion(*, alert: Alert, actor: User, reason: str) -> Alert:
    """Send an exclusion back to be judged again, as the second person."""
    _check_reviewer(alert, actor)
    with transaction.atomic():
        apply_event(
            subject=alert,
            event="return_exclusion",
            actor=actor,
            note=reason,
            data={"opinion": alert.opinion, "basis": alert.basis},
            verb="alerts.exclusion_returned",
        )
        _tell([alert.first_officer], _("Your exclusion was returned: %(alert)s"), alert)
    return alert


def refer_alert(
    *,
    alert: Alert,
    actor: User,
    reason: str,
    destination: str = Destination.LEAD,
    violation_code: str = "",
) -> Alert:
    """Send an alert on to a lead (with the violation suspected), an inspection or a complaint.

    Sends `signals.alert_referred` inside the transaction, so that the lead exists or nothing happened. Raises Refusal without
    a reason, or without a violation of the catalogue when it becomes a lead.
    """
    _check_department(alert, actor)
    code = violation_code or alert.violation_code
    if destination == Destination.LEAD and code not in violations():
        raise Refusal(
            _("Violation: choose the violation of the catalogue that is suspected."), field="violation_code"
        )
    with transaction.atomic():
        apply_event(
            subject=alert,
            event=f"refer_to_{Destination(destination).value}",
            actor=actor,
            note=reason,
            data={"violation_code": code},
            verb="alerts.referred",
        )
        alert.opinion, alert.violation_code, alert.destination = reason.strip(), code, destination
        alert.first_officer = actor
        alert.save(update_fields=["opinion", "violation_code", "destination", "first_officer"])
        clocks.stop(alert, clocks.OPINION, actor)
        alert_referred.send(sender=Alert, alert=alert, actor=actor, reason=reason.strip())
    return alert


def close_alert(*, alert: Alert, actor: User, outcome: str) -> Alert:
    """Close a referred alert with what came of it; the second person is not the one who referred it."""
    if actor.pk == alert.first_officer_id:
        raise Forbidden(_("The alert is closed by another person than the one who judged it."))
    if not actor.has_role(Role.OFFICE_HEAD):
        _check_department(alert, actor)
    with transaction.atomic():
        apply_event(subject=alert, event="close", actor=actor, note=outcome, verb="alerts.closed")
        alert.second_officer, alert.closed_at = actor, timezone.now()
        alert.save(update_fields=["second_officer", "closed_at"])
    return alert


def _check_department(alert: Alert, actor: User) -> None:
    if alert.department_id is None or actor.department_id != alert.department_id:
        raise Forbidden(
            _("This alert is judged by %(department)s.")
            % {"department": alert.department or _("the department it has yet to be given to")}
        )


def _check_reviewer(alert: Alert, actor: User) -> None:
    if actor.pk == alert.first_officer_id:
        raise Forbidden(_("The second person is another one than %(person)s.") % {"person": actor})
    if not actor.has_role(Role.OFFICE_HEAD):
        _check_department(alert, actor)
    if alert.is_red and not actor.has_role(*REVIEWERS_OF_RED):
        raise Forbidden(_("The exclusion of a red alert is reviewed by a head."))


def _may_judge(person: User, department: Department) -> bool:
    return person.department_id == department.pk and person.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD)


def _tell(people: object, title: str, alert: Alert) -> None:
    users = [person for person in people if person is not None]  # type: ignore[attr-defined]
    notify(users=users, title=title % {"alert": alert}, url=alert.get_absolute_url())
