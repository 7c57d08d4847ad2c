"""A decision puts its record into the outbox; a revoked one takes points and publication with it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from wulian.casework.cases import signals
from wulian.casework.cases.models import Case, Decision
from wulian.casework.cases.services.guards import current_assignments
from wulian.casework.credit.choices import LIVE
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.services.outbox import prepare_record, withdraw_record
from wulian.casework.credit.services.points import revoke_points
from wulian.core.accounts.models import User
from wulian.core.ui.notifications import notify


@receiver(signals.decision_made, dispatch_uid="credit.decision_made")
def prepare_publication(*, case: Case, decision: Decision, actor: User, **kwargs: Any) -> None:
    """招标投标法实施条例 第七十八条: every penalty is announced."""
    prepare_record(actor=actor, case=case, decision=decision)


@receiver(signals.decision_served, dispatch_uid="credit.decision_served")
def remind_of_points(*, case: Case, **kwargs: Any) -> None:
    """Points follow a decision that was served."""
    notify(
        users=[item.officer.user for item in current_assignments(case.lead)],
        title=_("Points may be proposed: %(case)s") % {"case": case},
        url=case.get_absolute_url(),
    )


@receiver(signals.decision_revoked, dispatch_uid="credit.decision_revoked")
def follow_revocation(*, case: Case, actor: User, reason: str, **kwargs: Any) -> None:
    """Points and publication fall with the decision."""
    for event in PointEvent.objects.filter(case=case, state__in=LIVE):
        revoke_points(actor=actor, event=event, reason=reason)
    for record in OutboxRecord.objects.filter(case=case):
        withdraw_record(actor=actor, record=record, reason=reason)
