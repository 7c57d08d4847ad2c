"""督办通知 (W40): the sheet of a supervision order, in Word and PDF, in the name of the office that orders."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.config.errors import Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.information.alerts.models import SupervisionOrder
from wulian.information.alerts.presentation import sentence

NOTICE = "W40"


def issue_notice(order: SupervisionOrder) -> EnforcementDocument:
    """Issue the notice of an order in the caller's transaction; raises Refusal when a field of it is missing."""
    alert, actor = order.alert, order.issued_by
    return issue_document(
        template=NOTICE,
        subject=order,
        authority=_office_of(actor.department),
        actor=actor,
        context={
            "to": order.department.name,
            "person": order.person.full_name if order.person else "",
            "project_name": alert.project.name if alert.project else "",
            "lot_name": alert.lot.name if alert.lot else "",
            "severity": alert.severity,
            "found_on": timezone.localdate(alert.raised_at),
            "finding": f"{alert.rule_id} {sentence(alert)}",
            "reason": _lines(order.reason),
            "demand": _lines(order.demand),
            "answer_by": order.due_on,
            "contact_person": actor.full_name,
            "contact_phone": actor.department.phone if actor.department else "",
        },
    )


def _office_of(department: Department | None) -> Department:
    """Return the coordinating office in whose name its people order."""
    if department is None or department.kind != DepartmentKind.COORDINATING_OFFICE:
        raise Refusal(_("A supervision order is issued by people of the coordinating office."))
    return department


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
