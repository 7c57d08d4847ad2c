"""What people do with an alert: dispatch, accept, exclude with a second person, close."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import Department, User
from wulian.core.config.errors import Refusal
from wulian.core.files.uploads import Upload
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify
from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import judges_of, reviewers_of
from wulian.information.alerts.services import clocks
from wulian.information.alerts.services.feedback import attachments_of, gather, write_feedback
from wulian.information.alerts.services.guards import (
    check_accept,
    check_dispatch,
    check_exclude,
    require_second_person,
)
from wulian.information.alerts.services.points import touch


def dispatch_alert(
    *, alert: Alert, actor: User, department: Department, assignee: User | None = None, note: str = ""
) -> Alert:
    """Give an alert to the department that judges it, perhaps to one of its people.

    Raises Refusal when the department is not an authority or the person is not one of its case officers.
    """
    check_dispatch(alert, actor, department, assignee, note)
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
        people = [assignee] if assignee else judges_of(department.pk)
        tell(people, _("An alert was given to you: %(alert)s"), alert)
    return alert


def accept_alert(*, alert: Alert, actor: User) -> Alert:
    """Take an alert to judge it; raises Forbidden for another department or when it was given to somebody else."""
    check_accept(alert, actor)
    with transaction.atomic():
        apply_event(subject=alert, event="accept", actor=actor, verb="alerts.accepted")
        alert.assignee = actor
        alert.save(update_fields=["assignee"])
        clocks.stop(alert, clocks.ACCEPT, actor)
    return alert


def exclude_alert(
    *,
    alert: Alert,
    actor: User,
    opinion: str,
    basis: str,
    files: Iterable[Upload] = (),
    papers: Iterable[str] = (),
) -> Alert:
    """Propose that there is nothing in it; a second person must confirm. Raises Refusal without opinion or basis.

    Files and papers of the dossier given with it become an answer in the file of the alert.
    """
    check_exclude(alert, actor, opinion, basis)
    proof = gather(alert.project, files, papers)
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
        tell(reviewers, _("An exclusion waits for your review: %(alert)s"), alert)
        if proof:
            write_feedback(alert=alert, actor=actor, text=opinion, proof=proof)
    return alert


def confirm_exclusion(*, alert: Alert, actor: User, note: str = "") -> Alert:
    """Agree to an exclusion as the second person; a red one needs a head (REFERENCE O)."""
    require_second_person(alert, actor)
    with transaction.atomic():
        apply_event(subject=alert, event="confirm_exclusion", actor=actor, note=note, verb="alerts.excluded")
        alert.second_officer, alert.closed_at = actor, timezone.now()
        alert.save(update_fields=["second_officer", "closed_at"])
        touch([alert])
        tell([alert.first_officer], _("Your exclusion was confirmed: %(alert)s"), alert)
    return alert


def return_exclusion(*, alert: Alert, actor: User, reason: str) -> Alert:
    """Send an exclusion back to be judged again, as the second person."""
    require_second_person(alert, actor)
    with transaction.atomic():
        apply_event(
            subject=alert,
            event="return_exclusion",
            actor=actor,
            note=reason,
            data={"opinion": alert.opinion, "basis": alert.basis},
            verb="alerts.exclusion_returned",
        )
        tell([alert.first_officer], _("Your exclusion was returned: %(alert)s"), alert)
    return alert


def close_alert(
    *,
    alert: Alert,
    actor: User,
    outcome: str,
    facts_checked: str = "",
    basis: str = "",
    files: Iterable[Upload] = (),
    papers: Iterable[str] = (),
) -> Alert:
    """Close an alert that was excluded or referred, with the facts checked, the law, what came of it and a paper (REFERENCE O).

    Facts and law that stand in the alert already may be left empty. The second person is not the one who judged it. Raises
    Refusal naming what is missing, or while the matter it became is still open.
    """
    check_event(subject=alert, event="close", actor=actor, note=outcome)
    require_second_person(alert, actor)
    _check_ended(alert)
    proof = gather(alert.project, files, papers)
    alert.facts_checked = facts_checked.strip() or alert.facts_checked
    alert.basis, alert.outcome = (basis.strip() or alert.basis)[:300], outcome.strip()
    missing = missing_for_closing(alert, given=bool(proof))
    for field, message in missing.items():
        raise Refusal(message, field=field)
    with transaction.atomic():
        apply_event(subject=alert, event="close", actor=actor, note=outcome, verb="alerts.closed")
        finish(alert, actor)
        if proof:
            write_feedback(alert=alert, actor=actor, text=outcome, proof=proof)
    return alert


def missing_for_closing(alert: Alert, *, given: bool = False) -> dict[str, str]:
    """Return what an alert lacks before it can be closed, by form field; the second person is checked apart.

    `given` says that a paper comes with the closing itself.
    """
    missing = {}
    if not alert.facts_checked:
        missing["facts_checked"] = _("Facts checked: say what was verified, and how.")
    if not alert.basis:
        missing["basis"] = _("Law: name the provision or the exclusion that the judgement rests on.")
    if not alert.outcome:
        missing["outcome"] = _("Disposition: say what came of it.")
    if not given and not has_paper(alert):
        missing["files"] = _("Attachment: attach a file, or name a paper of the dossier.")
    return missing


def has_paper(alert: Alert) -> bool:
    """Whether a file, a paper of the dossier, or the record the alert became stands behind it."""
    return alert.outcomes.exclude(object_id=None).exists() or bool(attachments_of(alert))


def finish(alert: Alert, actor: User) -> None:
    """Write who closed the alert and end what runs for it, in the caller's transaction."""
    alert.second_officer, alert.closed_at = actor, timezone.now()
    alert.save(update_fields=["facts_checked", "basis", "outcome", "second_officer", "closed_at"])
    for outcome in alert.outcomes.filter(ended_at=None):
        outcome.ended_at, outcome.ended_by, outcome.result = timezone.now(), actor, alert.outcome
        outcome.save(update_fields=["ended_at", "ended_by", "result"])
    touch([alert])


def _check_ended(alert: Alert) -> None:
    running = alert.outcomes.filter(ended_at=None).exclude(object_id=None).first()
    if running is not None:
        raise Refusal(
            _("“%(record)s” is still being handled; the alert is closed when it has ended.")
            % {"record": running},
            field="state",
        )


def tell(people: Iterable[User | None], title: str, alert: Alert) -> None:
    """Notify people about an alert; `title` has a place for it."""
    users = [person for person in people if person is not None]
    notify(users=users, title=title % {"alert": alert}, url=alert.get_absolute_url())
