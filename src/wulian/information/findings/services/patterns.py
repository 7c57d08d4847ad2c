"""Switching patterns: the legal reviewer decides which are in use, with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.analysis.clauses import all_patterns
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.information.findings.models import PatternSwitch
from wulian.information.findings.permissions import PATTERN_KEEPERS
from wulian.information.findings.selectors import patterns_off


@transaction.atomic
def switch_pattern(*, pattern_id: str, is_on: bool, reason: str, actor: User) -> PatternSwitch:
    """Take a pattern into or out of use for scans from now on; findings already made stay.

    Raises Forbidden by role, Refusal for an unknown pattern, without a reason, or when it is so already.
    """
    require_role(actor, *PATTERN_KEEPERS)
    if pattern_id not in all_patterns():
        raise Refusal(_("Pattern: there is none called %(id)s.") % {"id": pattern_id})
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Reason: say why the pattern is switched."), field="reason")
    if (pattern_id not in patterns_off()) == is_on:
        raise Refusal(_("The pattern is in this state already."))
    switch = PatternSwitch.objects.create(
        pattern_id=pattern_id, is_on=is_on, reason=reason[:500], actor=actor
    )
    record_event(
        actor=actor,
        verb="findings.pattern_on" if is_on else "findings.pattern_off",
        subject=switch,
        summary=f"{pattern_id} {all_patterns()[pattern_id].title}：{reason}"[:300],
    )
    return switch
