"""Judging a finding: only a person says whether a clause is what the pattern took it for."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.findings.choices import Verdict
from wulian.information.findings.models import Finding
from wulian.information.findings.permissions import JUDGES
from wulian.information.findings.signals import finding_judged


@transaction.atomic
def judge_finding(*, finding: Finding, verdict: str, reason: str, actor: User) -> Finding:
    """Write a verdict with its reason, in place of an earlier one, which stays in the audit chain.

    Raises Forbidden by role or scope, Refusal for an unknown verdict or without a reason.
    """
    require_role(actor, *JUDGES)
    locked = Finding.objects.select_for_update().visible_to(actor).filter(pk=finding.pk).first()
    if locked is None:
        raise Forbidden(_("This finding is not one of your department's."))
    if verdict not in Verdict.values:
        raise Refusal(_("Verdict: choose one of the list."), field="verdict")
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Reason: say what the verdict rests on."), field="reason")
    previous = locked.verdict
    locked.verdict, locked.reason = verdict, reason[:500]
    locked.judged_by, locked.judged_at = actor, timezone.now()
    locked.save(update_fields=["verdict", "reason", "judged_by", "judged_at"])
    record_event(
        actor=actor,
        verb="findings.judged",
        subject=locked,
        summary=f"{locked.pattern_id} {Verdict(verdict).label}：{reason}"[:300],
        changes={"verdict": [previous, verdict]},
        data={"pattern": locked.pattern_id, "rule": locked.rule_id, "clause": locked.clause_text[:500]},
    )
    finding_judged.send(sender=Finding, finding=locked, previous=previous, actor=actor)
    return locked
