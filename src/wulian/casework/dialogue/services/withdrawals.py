"""Withdrawal: the complainant asks in writing; the authority says whether the procedure ends (投诉处理办法 第十九条)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.dialogue.choices import WithdrawalState
from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.dialogue.permissions import may_withdraw
from wulian.casework.dialogue.services.texts import LONGEST_TEXT, checked_text, digest_of, tell_handlers
from wulian.casework.dialogue.signals import withdrawal_requested
from wulian.casework.intake.services.guards import require_authority
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.services import attach_files

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


def request_withdrawal(
    *, matter: Matter, reason: str, held: Sequence[str] = (), uploads: Sequence[Any] = ()
) -> WithdrawalRequest:
    """Store a complainant's wish to withdraw, with the reason in writing; whoever examines it is told.

    Raises Refusal without a reason, for a tip-off, after the decision, or while an earlier wish is being examined.
    """
    reason = checked_text(reason, field="reason", longest=LONGEST_TEXT, shortest=5)
    with transaction.atomic():
        matter = type(matter)._default_manager.select_for_update(of=("self",)).get(pk=matter.pk)
        if not may_withdraw(matter):
            raise Refusal(_("A withdrawal is possible for a complaint and before its decision only."))
        if WithdrawalRequest.objects.of(matter).filter(state=WithdrawalState.ASKED).exists():
            raise Refusal(_("Your wish to withdraw is already being examined."))
        request = WithdrawalRequest.objects.create(
            content_type=ContentType.objects.get_for_model(matter), object_id=matter.pk, reason=reason
        )
        files = attach_files(
            subject=request, held=held, uploads=uploads, actor=None,
            anonymous=matter.receipt.is_anonymous, role="withdrawal",
        )  # fmt: skip
        request.digest = digest_of(matter, reason, files)
        request.save(update_fields=["digest"])
        record_event(
            actor=None,
            verb="dialogue.withdrawal_requested",
            subject=matter,
            data={"request": request.pk, "digest": request.digest},
        )
        withdrawal_requested.send(sender=WithdrawalRequest, request=request)
        tell_handlers(matter, _("Withdrawal asked for: %(number)s") % {"number": matter.number})
    return request


def decide_withdrawal(
    *, actor: User, request: WithdrawalRequest, permitted: bool, note: str
) -> WithdrawalRequest:
    """Keep the outcome, with reasons, so that the complainant reads it; the procedure itself is moved on by who calls this.

    Raises Forbidden for others than the head of the competent authority, Refusal without reasons or when it was decided already.
    """
    require_authority(actor, request.about)
    require_role(actor, Role.AUTHORITY_HEAD)
    note = checked_text(note, field="note", longest=LONGEST_TEXT)
    with transaction.atomic():
        request = WithdrawalRequest.objects.select_for_update().get(pk=request.pk)
        if request.state != WithdrawalState.ASKED:
            raise Refusal(_("This wish to withdraw has been decided already."))
        request.state = WithdrawalState.PERMITTED if permitted else WithdrawalState.REFUSED
        request.decided_at, request.decided_by, request.note = timezone.now(), actor, note
        request.save(update_fields=["state", "decided_at", "decided_by", "note"])
        record_event(
            actor=actor,
            verb="dialogue.withdrawal_decided",
            subject=request.about,
            summary=request.get_state_display(),
            data={"request": request.pk, "state": request.state},
        )
    return request
