"""Writes of consultations; each moves the procedure `consultation` by one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from wulian import crypto
from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.services import issue_document
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify

from .choices import Conclusion, ConsultationType, Outcome, Position, State
from .models import Consultation, ConsultationTask, Member, Opinion
from .selectors import (
    competent_by,
    coordinating_office,
    current_opinions,
    member_of,
    members_without_opinion,
    minutes_content,
    minutes_text,
)
from .signals import consultation_ended

if TYPE_CHECKING:
    from wulian.core.documents.models import EnforcementDocument

PROPOSERS = (
    Role.CLERK,
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.LEGAL_REVIEWER,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
    Role.LIAISON,
)
MINIMUM_DEPARTMENTS = 2


def propose_consultation(
    *,
    actor: User,
    type: str,
    title: str,
    facts: str,
    departments: Iterable[Department],
    observers: Iterable[Department] = (),
    subject: models.Model | None = None,
    disputes: str = "",
    law: str = "",
    materials: str = "",
    parties: Iterable[str] = (),
    confidentiality: str = "内部",
) -> Consultation:
    """Propose a consultation about `subject` (any record the proposer may see) with the departments to invite.

    Raises Refusal without facts or with fewer than two departments. No reporter's identity belongs into any text (WP-1).
    """
    require_role(actor, *PROPOSERS)
    if type not in ConsultationType.values:
        raise Refusal(_("Type: expected one of the list."), field="type")
    if not title.strip() or not facts.strip():
        raise Refusal(_("Agenda and facts: expected a few words each."), field="facts")
    invited = list(dict.fromkeys(departments))
    watching = [item for item in dict.fromkeys(observers) if item not in invited]
    if len(invited) < MINIMUM_DEPARTMENTS:
        raise Refusal(_("Departments: expected at least two to invite."), field="departments")
    _require_sight(actor, subject)
    _check_not_accused(subject, [*invited, *watching], "departments")
    year = timezone.localdate().year
    with transaction.atomic():
        last = Consultation.objects.select_for_update().filter(year=year).order_by("-number").first()
        consultation = Consultation(
            year=year,
            number=(last.number if last else 0) + 1,
            type=type,
            title=title.strip(),
            facts=facts.strip(),
            disputes=disputes.strip(),
            law=law.strip(),
            materials=materials.strip(),
            parties=[name.strip() for name in parties if name.strip()],
            confidentiality=confidentiality.strip() or "内部",
            proposed_by=actor,
        )
        if subject is not None:
            consultation.subject = subject
        consultation.save()
        Member.objects.bulk_create(
            [Member(consultation=consultation, department=item) for item in invited]
            + [Member(consultation=consultation, department=item, is_observer=True) for item in watching]
        )
        record_event(
            actor=actor,
            verb="consultations.proposed",
            subject=consultation,
            data={"about": f"{subject._meta.label_lower} {subject.pk}" if subject is not None else ""},
        )
    return consultation


def approve_consultation(
    *,
    actor: User,
    consultation: Consultation,
    host: User,
    recorder: User,
    place: str,
    held_at: dt.datetime,
    note: str = "",
) -> Consultation:
    """Approve and set host, recorder, place and time; the approver is the convener."""
    if not place.strip():
        raise Refusal(_("Place: expected where the meeting is held."), field="place")
    if held_at < timezone.now():
        raise Refusal(_("Held at: expected a time to come."), field="held_at")
    if host == recorder:
        raise Refusal(_("Recorder: expected another person than the host."), field="recorder")
    with transaction.atomic():
        apply_event(subject=consultation, event="approve", actor=actor, note=note)
        consultation.convener, consultation.host, consultation.recorder = actor, host, recorder
        consultation.place, consultation.held_at = place.strip(), held_at
        consultation.save(update_fields=["convener", "host", "recorder", "place", "held_at"])
    return consultation


def reject_consultation(*, actor: User, consultation: Consultation, note: str) -> Consultation:
    """Say that no meeting is held, and why; whoever waits for it is told by `consultation_ended`."""
    with transaction.atomic():
        apply_event(subject=consultation, event="reject", actor=actor, note=note)
        _announce(consultation, actor, is_held=False)
    return consultation


def send_materials(*, actor: User, consultation: Consultation) -> Consultation:
    """Invite the members: everyone of an invited department who may speak is notified."""
    with transaction.atomic():
        apply_event(subject=consultation, event="send_materials", actor=actor)
        notify(
            users=_people_of(consultation),
            title=_("Consultation: %(title)s") % {"title": consultation.title},
            url=consultation.get_absolute_url(),
            body=_("%(time)s, %(place)s. Say before the meeting whether you must recuse.")
            % {
                "time": timezone.localtime(consultation.held_at).strftime("%Y-%m-%d %H:%M"),
                "place": consultation.place,
            },
        )
    return consultation


def recuse_member(*, actor: User, member: Member, reason: str) -> Member:
    """Take a department out of the consultation, by itself or by the head of the office; it then sees nothing more of it."""
    consultation = member.consultation
    own = actor.department_id == member.department_id and not actor.has_role(Role.DISCIPLINE)
    if not (own or actor.has_role(Role.OFFICE_HEAD)):
        raise Forbidden(_("Only the department itself or the head of the office may declare its recusal."))
    if consultation.state not in (State.APPROVED, State.RECUSAL):
        raise Refusal(_("A recusal is declared before the meeting."))
    if not reason.strip():
        raise Refusal(_("Reason: expected why the department must recuse."), field="reason")
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member.pk)
        if member.recused_at is not None:
            raise Refusal(_("The department is already recused."))
        member.recused_at, member.recusal_reason = timezone.now(), reason.strip()
        member.save(update_fields=["recused_at", "recusal_reason"])
        record_event(
            actor=actor,
            verb="consultations.member_recused",
            subject=consultation,
            summary=member.department.name,
        )
    return member


def confirm_recusals(*, actor: User, consultation: Consultation, note: str = "") -> Consultation:
    """Finish the recusal check; enough departments with a voice must be left, and the host must not be recused."""
    check_event(subject=consultation, event="confirm_recusal", actor=actor, note=note)
    members = list(consultation.members.select_related("department"))
    if sum(member.has_a_voice for member in members) < MINIMUM_DEPARTMENTS:
        raise Refusal(
            _("Fewer than two departments are left after the recusals; invite others in a new consultation.")
        )
    recused = {member.department_id for member in members if member.recused_at}
    if consultation.host and consultation.host.department_id in recused:
        raise Refusal(_("The host's department is recused; another host is needed."), field="host")
    apply_event(subject=consultation, event="confirm_recusal", actor=actor, note=note)
    return consultation


def give_opinion(*, actor: User, consultation: Consultation, position: str, opinion: str) -> Opinion:
    """Give the opinion of the own department; a new one replaces the earlier one, which stays readable."""
    member = member_of(consultation, actor)
    if member is None or not member.has_a_voice:
        raise Forbidden(_("Your department is not invited to speak in this consultation, or is recused."))
    if position not in Position.values:
        raise Refusal(_("Stance: expected agrees, disagrees or reserves."), field="position")
    if not opinion.strip():
        raise Refusal(_("Opinion given: expected a few words."), field="opinion")
    with transaction.atomic():
        apply_event(
            subject=consultation,
            event="give_opinion",
            actor=actor,
            note=opinion,
            data={"department": member.department.name, "position": position},
        )
        Opinion.objects.filter(member=member, is_current=True).update(is_current=False)
        return Opinion.objects.create(
            consultation=consultation, member=member, person=actor, position=position, opinion=opinion.strip()
        )


def conclude_consultation(
    *,
    actor: User,
    consultation: Consultation,
    kind: str,
    conclusion: str,
    dissent: str = "",
    absent: Iterable[Department] = (),
    competent: Department | None = None,
) -> Consultation:
    """Conclude: every department with a voice has spoken or is marked absent, and the form agrees with the positions.

    一致 needs that all agree; any other form needs the dissent in words. `competent` is the authority that handles the record
    from now on, where that was the question (REFERENCE I.5); with the signed minutes the record goes to it.
    """
    check_event(subject=consultation, event="conclude", actor=actor, note=conclusion)
    missing = members_without_opinion(consultation)
    away = {department.pk for department in absent}
    silent = [member for member in missing if member.department_id not in away]
    if silent:
        names = "、".join(member.department.name for member in silent)
        raise Refusal(
            _("No opinion yet from: %(names)s. Wait for it or mark the department as absent.")
            % {"names": names},
            field="absent",
        )
    _check_conclusion(kind, dissent, current_opinions(consultation))
    said = conclusion.strip()
    data: dict[str, Any] = {"form": kind}
    if competent is not None:
        _check_competent(consultation, competent)
        said += f"\n本事项由{competent.name}办理。"
        data["competent"] = competent.pk
    with transaction.atomic():
        Member.objects.filter(pk__in=[member.pk for member in missing]).update(is_absent=True)
        apply_event(subject=consultation, event="conclude", actor=actor, note=said, data=data)
        consultation.conclusion_kind, consultation.conclusion = kind, said
        consultation.dissent = dissent.strip()
        consultation.save(update_fields=["conclusion_kind", "conclusion", "dissent"])
    return consultation


def add_task(
    *, actor: User, consultation: Consultation, department: Department, content: str, due: dt.date
) -> ConsultationTask:
    """Add a task to the conclusion, before the minutes are signed."""
    require_role(actor, Role.DISPATCHER, Role.OFFICE_HEAD)
    if consultation.state not in (State.CONCLUDED, State.MINUTED):
        raise Refusal(_("Tasks are added between the conclusion and the signing of the minutes."))
    if not content.strip():
        raise Refusal(_("Task: expected what is to be done."), field="content")
    if due < timezone.localdate():
        raise Refusal(_("Task due: expected today or a later day."), field="due")
    with transaction.atomic():
        task = ConsultationTask.objects.create(
            consultation=consultation, department=department, content=content.strip(), due=due
        )
        record_event(
            actor=actor,
            verb="consultations.task_added",
            subject=consultation,
            summary=task.content,
            data={"department": department.name, "due": due},
        )
    return task


def draft_minutes(*, actor: User, consultation: Consultation) -> Consultation:
    """Write the minutes from what is recorded and put them before the head of the office."""
    check_event(subject=consultation, event="draft_minutes", actor=actor)
    if not consultation.tasks.exists():
        raise Refusal(_("The minutes need at least one task with its responsible department and deadline."))
    with transaction.atomic():
        _write_minutes(consultation)
        apply_event(subject=consultation, event="draft_minutes", actor=actor)
    return consultation


def return_minutes(*, actor: User, consultation: Consultation, note: str) -> Consultation:
    """Send the minutes back for correction."""
    apply_event(subject=consultation, event="return_minutes", actor=actor, note=note)
    return consultation


def sign_minutes(*, actor: User, consultation: Consultation) -> EnforcementDocument:
    """Sign: the minutes become a numbered document (W51) of the coordinating office, and the tasks begin.

    Sends `consultation_ended`, by which the record that the consultation is about takes the conclusion up.
    """
    office = coordinating_office()
    with transaction.atomic():
        apply_event(subject=consultation, event="sign_minutes", actor=actor)
        _write_minutes(consultation)
        document = issue_document(
            template="W51",
            subject=consultation,
            authority=office,
            actor=actor,
            context=minutes_content(consultation),
        )
        responsible = consultation.tasks.values("department")
        notify(
            users=User.objects.filter(department__in=responsible, is_active=True),
            title=_("Task of a consultation: %(title)s") % {"title": consultation.title},
            url=consultation.get_absolute_url(),
        )
        _announce(consultation, actor, is_held=True)
    return document


def give_receipt(*, actor: User, task: ConsultationTask, outcome: str, receipt: str) -> ConsultationTask:
    """Report what came of a task, with the reason when the advice was not adopted; once."""
    if actor.department_id != task.department_id and not actor.has_role(Role.DISPATCHER):
        raise Forbidden(_("Only the responsible department or the dispatcher reports on the task."))
    if outcome not in Outcome.values:
        raise Refusal(_("Adoption: expected one of the list."), field="outcome")
    if not receipt.strip():
        raise Refusal(
            _("Feedback: expected what was done, or why the advice was not adopted."), field="receipt"
        )
    with transaction.atomic():
        task = ConsultationTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if task.receipt_at is not None:
            raise Refusal(_("The feedback on this task is already recorded."))
        apply_event(
            subject=task.consultation,
            event="give_feedback",
            actor=actor,
            note=receipt,
            data={"task": task.pk},
        )
        task.outcome, task.receipt = outcome, receipt.strip()
        task.receipt_by, task.receipt_at = actor, timezone.now()
        task.save(update_fields=["outcome", "receipt", "receipt_by", "receipt_at"])
    return task


def close_consultation(*, actor: User, consultation: Consultation, note: str) -> Consultation:
    """Close when every task has its feedback."""
    check_event(subject=consultation, event="close", actor=actor, note=note)
    open_tasks = consultation.tasks.filter(receipt_at=None).count()
    if open_tasks:
        raise Refusal(_("%(count)d tasks have no feedback yet.") % {"count": open_tasks})
    apply_event(subject=consultation, event="close", actor=actor, note=note)
    return consultation


def propose_url(subject: models.Model) -> str:
    """Return the address of the form that proposes a consultation about `subject`."""
    return f"{reverse('consultations:propose')}?about={subject._meta.label_lower}&id={subject.pk}"


def _require_sight(actor: User, subject: models.Model | None) -> None:
    if subject is None:
        return
    rows: Any = type(subject)._default_manager.all()
    if not hasattr(rows, "visible_to") or not rows.visible_to(actor).filter(pk=subject.pk).exists():
        raise Forbidden(_("You may not see the record this consultation would be about."))


def _check_not_accused(subject: models.Model | None, departments: Iterable[Department], field: str) -> None:
    """Who is complained of is neither asked nor given the record (REFERENCE D.9)."""
    asked = getattr(subject, "accused_departments", None)
    accused = asked() if asked is not None else ()
    if any(department.pk in accused for department in departments):
        raise Refusal(_("The department complained of takes no part in it."), field=field)


def _check_competent(consultation: Consultation, competent: Department) -> None:
    if competent.kind != DepartmentKind.AUTHORITY or not competent.is_active:
        raise Refusal(_("Competent authority: choose a competent department."), field="competent")
    if consultation.subject is None:
        raise Refusal(_("Competent authority: the consultation is about no record."), field="competent")
    _check_not_accused(consultation.subject, [competent], "competent")


def _announce(consultation: Consultation, actor: User, *, is_held: bool) -> None:
    competent = competent_by(consultation) if is_held else None
    consultation_ended.send(
        sender=Consultation, consultation=consultation, actor=actor, is_held=is_held, competent=competent
    )


def _check_conclusion(kind: str, dissent: str, opinions: list[Opinion]) -> None:
    if kind not in Conclusion.values:
        raise Refusal(_("Form of the conclusion: expected one of the list."), field="kind")
    if not opinions:
        raise Refusal(_("There is no opinion to conclude from."))
    agreeing = sum(opinion.position == Position.AGREES for opinion in opinions)
    if kind == Conclusion.UNANIMOUS and agreeing < len(opinions):
        raise Refusal(_("Not all departments agree, so the conclusion is not unanimous."), field="kind")
    if kind == Conclusion.MAJORITY and agreeing * 2 <= len(opinions):
        raise Refusal(_("A majority needs more than half of the opinions."), field="kind")
    if kind != Conclusion.UNANIMOUS and not dissent.strip():
        raise Refusal(_("Dissent: expected who sees it otherwise, and why."), field="dissent")


def _write_minutes(consultation: Consultation) -> None:
    try:
        consultation.minutes = minutes_text(consultation)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise Refusal(_("The minutes lack: %(field)s.") % {"field": name}) from None
    consultation.minutes_digest = crypto.hexdigest(consultation.minutes.encode())
    consultation.save(update_fields=["minutes", "minutes_digest"])


def _people_of(consultation: Consultation) -> list[User]:
    members = list(consultation.members.filter(recused_at=None))
    named = [member.person_id for member in members if member.person_id]
    whole = [member.department_id for member in members if not member.person_id]
    speaking = [
        Role.LIAISON,
        Role.SECTION_HEAD,
        Role.AUTHORITY_HEAD,
        Role.LEGAL_REVIEWER,
        Role.DISPATCHER,
        Role.OFFICE_HEAD,
    ]
    of_departments = models.Q(department__in=whole, role_grants__role__in=speaking)
    rows = User.objects.filter(models.Q(pk__in=named) | of_departments, is_active=True)
    return list(rows.prefetch_related("role_grants").distinct())
