"""The papers of registration and dispatch: 投诉登记表, 线索登记表, 分办单 (REFERENCE D.6 C02, D.7 L01). The worker writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.casework.intake.services.minimising import neutral_summary
from wulian.core.accounts.models import User
from wulian.core.clocks.models import Clock
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.core.procedures.models import ProcedureStep
from wulian.office.consultations.selectors import coordinating_office

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department

DISPATCH_SHEET: Final = "分办单"
DISPATCHES: Final = ("assign", "assign_check", "reassign")


def order_sheets(matter: Matter) -> None:
    """Let the worker write what is due for a matter; call it inside the transaction of the step."""
    from wulian.casework.intake.tasks import write_sheets

    write_sheets.enqueue(matter._meta.label_lower, matter.pk)


def issue_sheets(*, matter: Matter) -> list[EnforcementDocument]:
    """Issue the register sheet once, and a dispatch sheet for each dispatch that has none, in the name of who took the step."""
    with transaction.atomic():
        type(matter)._default_manager.select_for_update().get(pk=matter.pk)
        made = EnforcementDocument.objects.for_object(matter)
        issued = []
        register = "投诉登记表" if matter.is_complaint else "线索登记表"
        if matter.registered_by is not None and not made.filter(template=register).exists():
            issued.append(
                _issue(matter, register, matter.registered_by, _registered(matter), neutral_summary(matter))
            )
        steps = ProcedureStep.objects.for_object(matter).filter(event__in=DISPATCHES).select_related("actor")
        for step in list(steps)[made.filter(template=DISPATCH_SHEET).count() :]:
            if step.actor is not None and matter.authority is not None:
                rows = _dispatched(matter, matter.authority, step)
                issued.append(_issue(matter, DISPATCH_SHEET, step.actor, rows, matter.authority_reason))
    return issued


def _issue(
    matter: Matter, template: str, actor: User, rows: dict[str, str], body: str
) -> EnforcementDocument:
    return issue_document(
        template=template,
        subject=matter,
        authority=coordinating_office(),
        actor=actor,
        context={"fields": {name: value for name, value in rows.items() if value}, "body": [body]},
    )


def _registered(matter: Matter) -> dict[str, str]:
    """What was registered; the reporter by alias, and nothing of the letter."""
    assert matter.registered_at is not None and matter.registered_by is not None
    received = timezone.localtime(matter.received_at)
    rows = {
        "登记号": matter.number,
        "收件回执号": matter.receipt.number,
        "收到时间": f"{received:%Y-%m-%d %H:%M}",
        "来件方式": str(matter.receipt.get_received_via_display()),
        "反映人": "匿名" if matter.receipt.is_anonymous else matter.alias,
        "行业": matter.get_sector_display(),
        "行政区域": matter.region_code,
        "材料": "；".join(matter.receipt.materials.splitlines()),
    }
    if isinstance(matter, Complaint) and matter.other_authority:
        rows["是否已向其他机关投诉"] = matter.other_authority
    return {
        **rows,
        "登记人": matter.registered_by.full_name,
        "登记时间": f"{timezone.localtime(matter.registered_at):%Y-%m-%d %H:%M}",
    }


def _dispatched(matter: Matter, authority: Department, step: ProcedureStep) -> dict[str, str]:
    """To whom it went and why, with the dates that count."""
    clocks = Clock.objects.of(matter).running().filter(due__isnull=False)
    return {
        "登记号": matter.number,
        "收到日期": timezone.localdate(matter.received_at).isoformat(),
        "反映内容": neutral_summary(matter),
        "承办机关": authority.name,
        "办理期限": "；".join(f"{clock.label}：{clock.due}" for clock in clocks),
        "分办意见": step.note,
        "分办人": step.actor.full_name if step.actor else "",
        "分办时间": f"{timezone.localtime(step.at):%Y-%m-%d %H:%M}",
    }


MODELS: Final[dict[str, type[Matter]]] = {model._meta.label_lower: model for model in (Complaint, TipOff)}
