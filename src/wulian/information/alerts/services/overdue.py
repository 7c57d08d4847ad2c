"""Telling once that an order or a measure is overdue: who owes it, and who ordered it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.ui.notifications import notify
from wulian.information.alerts.choices import MeasureState, OrderState
from wulian.information.alerts.models import ControlMeasure, SupervisionOrder
from wulian.information.alerts.selectors import judges_of


def tell_overdue() -> int:
    """Notify of every order and measure whose day has passed without an answer; each is told once a deadline. Returns how many."""
    today = timezone.localdate()
    orders = SupervisionOrder.objects.filter(state=OrderState.ISSUED, due_on__lt=today, overdue_told_at=None)
    measures = ControlMeasure.objects.filter(state=MeasureState.OPEN, due_on__lt=today, overdue_told_at=None)
    told = 0
    for order in orders.select_related("alert", "person", "issued_by"):
        title = _("Supervision order overdue: %(order)s") % {"order": order.number}
        told += _tell(order, order.alert, title, [order.issued_by])
    for measure in measures.select_related("control__project", "person", "added_by"):
        title = _("Control measure overdue: %(project)s") % {"project": measure.control.project.name}
        told += _tell(measure, measure.control, title, [measure.added_by])
    return told


def _tell(
    record: SupervisionOrder | ControlMeasure, subject: object, title: str, others: Iterable[User]
) -> int:
    with transaction.atomic():
        first = type(record)._base_manager.filter(pk=record.pk, overdue_told_at=None)
        if not first.update(overdue_told_at=timezone.now()):
            return 0  # another process was quicker
        owes = [record.person] if record.person else judges_of(record.department_id)
        heads = User.objects.with_role(Role.OFFICE_HEAD)
        notify(users=[*owes, *others, *heads], title=title, url=record.get_absolute_url())
        record_event(
            actor=None,
            verb="alerts.overdue_told",
            subject=subject,  # type: ignore[arg-type]
            summary=title,
            data={"due_on": record.due_on},
        )
    return 1
