"""Alerts that wait for an inspection: which one they may join, and which one takes them along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.information.alerts.choices import AlertState, Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import link_outcome
from wulian.information.alerts.signals import alert_referred
from wulian.information.registry.models import Party

from .choices import TaskState
from .models import InspectionTask

JOINABLE: Final = (
    TaskState.DRAWN,
    TaskState.APPROVAL,
    TaskState.NOTICE,
    TaskState.VISIT,
    TaskState.FINDING,
)
OFFERED: Final = 20


@receiver(alert_referred, dispatch_uid="inspection.alert_referred")
def follow_referral(*, alerts: list[Alert], actor: User, reason: str, target: str, **kwargs: Any) -> None:
    """Alerts join the inspection that was chosen; without one they wait for the next of a party concerned."""
    if alerts[0].destination != Destination.INSPECTION or not target:
        return
    if target not in dict(offer_inspections(alerts, actor)):
        raise Refusal(_("Inspection: choose one of a party concerned that is not finished."), field="target")
    task = InspectionTask.objects.get(pk=target.partition(":")[2])
    link_outcome(alerts=alerts, record=task, actor=actor)


def offer_inspections(alerts: Sequence[Alert], user: User) -> list[tuple[str, str]]:
    """The inspections under way of the parties these alerts concern."""
    lots = {alert.lot_id for alert in alerts if alert.lot_id}
    concerned = Q(pk__in={alert.party_id for alert in alerts if alert.party_id})
    concerned |= Q(award_supplier__lot__in=lots) | Q(tender_agency__lots__in=lots)
    parties = Party.objects.filter(concerned).values("pk")
    rows = InspectionTask.objects.filter(party__in=parties, state__in=JOINABLE).select_related(
        "draw__plan", "party"
    )
    return [(f"task:{task.pk}", str(task)) for task in rows[:OFFERED]]


def take_alerts_along(task: InspectionTask, actor: User | None) -> None:
    """A new inspection takes along the alerts of its authority that wait for one of this party."""
    link_outcome(alerts=waiting_alerts(task), record=task, actor=actor)


def waiting_alerts(task: InspectionTask) -> QuerySet[Alert]:
    """Alerts referred to an inspection, not yet in one, that concern the inspected party."""
    concerned = Q(party=task.party_id)
    concerned |= Q(lot__awards__supplier=task.party_id) | Q(lot__tender__agency=task.party_id)
    return Alert.objects.filter(
        concerned,
        state=AlertState.TO_INSPECTION,
        department=task.authority_id,
        outcomes__ended_at=None,
        outcomes__object_id=None,
    ).distinct()
