"""What a consultation still needs, and its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue.other import ConsultationMinutes
from wulian.core.procedures.models import ProcedureStep

from .choices import Position, State
from .models import Consultation, Member, Opinion

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def consultations_about(subject: models.Model) -> models.QuerySet[Consultation]:
    """Return the consultations about a record, the newest first; the page filters them by `visible_to`."""
    content_type = ContentType.objects.get_for_model(subject)
    return Consultation.objects.filter(content_type=content_type, object_id=subject.pk)


def competent_by(consultation: Consultation) -> Department | None:
    """Return the authority that the conclusion names as competent, or None."""
    step = ProcedureStep.objects.for_object(consultation).filter(event="conclude").last()
    named = step.data.get("competent") if step else None
    return Department.objects.filter(pk=named).first() if named else None


def decision_on_competence(subject: models.Model) -> tuple[Department, Consultation] | None:
    """Return the authority that signed minutes say is competent for a record, with the consultation; the newest counts."""
    for consultation in consultations_about(subject).filter(state__in=(State.FOLLOWED, State.CLOSED)):
        if (competent := competent_by(consultation)) is not None:
            return competent, consultation
    return None


def coordinating_office() -> Department:
    """Return the office in whose name minutes are written; raises Refusal when there is none."""
    office = Department.objects.filter(kind=DepartmentKind.COORDINATING_OFFICE, is_active=True).first()
    if office is None:
        raise Refusal(_("There is no coordinating office among the departments."))
    return office


def current_opinions(consultation: Consultation) -> list[Opinion]:
    """Return the opinion of each department that counts, in the order given."""
    rows = consultation.opinions.filter(is_current=True, member__recused_at=None)
    return list(rows.select_related("member__department", "person"))


def members_without_opinion(consultation: Consultation) -> list[Member]:
    """Return the departments from which an opinion is still expected."""
    spoken = set(consultation.opinions.filter(is_current=True).values_list("member_id", flat=True))
    members = consultation.members.select_related("department")
    return [member for member in members if member.has_a_voice and member.pk not in spoken]


def member_of(consultation: Consultation, user: User) -> Member | None:
    """Return the invitation of the user's department, if it is invited and not recused."""
    if not user.department_id:
        return None
    rows = consultation.members.filter(department=user.department_id, recused_at=None)
    member = rows.select_related("department").first()
    if member and member.person_id and member.person_id != user.pk:
        return None
    return member


def subject_seen_by(consultation: Consultation, user: User) -> models.Model | None:
    """Return the record the consultation is about when `user` may see it, else None."""
    model = consultation.content_type.model_class() if consultation.content_type else None
    if model is None:
        return None
    rows: Any = model._default_manager.all()
    if not hasattr(rows, "visible_to"):
        return None
    found: models.Model | None = rows.visible_to(user).filter(pk=consultation.object_id).first()
    return found


def minutes_content(consultation: Consultation) -> dict[str, Any]:
    """Return the data of W51 会商纪要 from what is recorded; the document refuses what is missing."""
    members = list(consultation.members.select_related("department", "person"))
    tasks = list(consultation.tasks.select_related("department"))
    opinions = current_opinions(consultation)
    speakers = {opinion.member_id: opinion.person.full_name for opinion in opinions}
    present = [member for member in members if not member.recused_at and not member.is_absent]
    names = {
        member.pk: speakers.get(member.pk) or (member.person.full_name if member.person else "")
        for member in present
    }
    departments = list(dict.fromkeys(task.department.name for task in tasks))
    return {
        "subject": consultation.title,
        "held_at": _chinese_time(consultation),
        "place": consultation.place,
        "host": consultation.host.full_name if consultation.host else "",
        "recorder": consultation.recorder.full_name if consultation.recorder else "",
        "attendees": [f"{m.department.name} {names[m.pk]}".strip() for m in present if not m.is_observer],
        "observers": [f"{m.department.name} {names[m.pk]}".strip() for m in present if m.is_observer],
        "materials": lines(consultation.materials),
        "facts": lines(consultation.facts),
        "disputes": lines(consultation.disputes),
        "opinions": [
            {
                "unit": opinion.member.department.name,
                "person": opinion.person.full_name,
                "opinion": f"{POSITION_WORDS[Position(opinion.position)]}。{opinion.opinion}",
            }
            for opinion in opinions
        ],
        "law": lines(consultation.law),
        "unanimity": consultation.conclusion_kind,
        "conclusion": [
            *lines(consultation.conclusion),
            *(f"{t.department.name}：{t.content}" for t in tasks),
        ],
        "dissent": consultation.dissent,
        "responsible_unit": "、".join(departments),
        "feedback_by": max((task.due for task in tasks), default=None),
        "confidentiality": consultation.confidentiality,
    }


POSITION_WORDS = {Position.AGREES: "同意", Position.DISAGREES: "不同意", Position.RESERVES: "保留意见"}


def minutes_text(consultation: Consultation) -> str:
    """Return the minutes as plain text, for the snapshot and the preview."""
    content = ConsultationMinutes.model_validate(minutes_content(consultation))
    parts = []
    for block in [*content.blocks(), *content.closing()]:
        if block.kind == "rows":
            parts += [f"{label}：{value}" for label, value in block.rows]
        else:
            parts.append(block.text)
    return "\n".join(parts)


def lines(text: str) -> list[str]:
    """Non-empty lines of a text field."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _chinese_time(consultation: Consultation) -> str:
    if consultation.held_at is None:
        return ""
    local = timezone.localtime(consultation.held_at)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02}分"
