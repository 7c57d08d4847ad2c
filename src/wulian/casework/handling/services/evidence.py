"""Evidence: taken in with its files, verified, struck with a reason, and who held it when (REFERENCE C.5, CH-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import EvidenceKind
from wulian.casework.handling.choices import UNDECIDED
from wulian.casework.handling.models import Custody, EvidenceItem
from wulian.casework.handling.services.guards import (
    authority_of,
    check_past,
    check_words,
    require_investigator,
)
from wulian.casework.intake.models import Complaint
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.services import attach_files

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def add_evidence(
    *,
    actor: User,
    complaint: Complaint,
    kind: str,
    title: str,
    proves: str,
    origin: str,
    obtained_on: date,
    is_original: bool = False,
    files: Sequence[Any] = (),
) -> EvidenceItem:
    """Take an item in; whoever adds it is its first holder.

    Raises Forbidden for others than the officers, Refusal when words are missing, the day is to come, a file is not accepted,
    or the complaint has been decided.
    """
    require_investigator(actor, complaint)
    _check_open(complaint)
    values = {
        "title": check_words(title, "title", _("Title"))[:200],
        "proves": check_words(proves, "proves", _("What it proves"))[:500],
        "origin": check_words(origin, "origin", _("Where it comes from"))[:200],
    }
    check_past(obtained_on, "obtained_on")
    with transaction.atomic():
        Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        last = EvidenceItem.objects.of(complaint).aggregate(last=Max("number"))["last"] or 0
        item = EvidenceItem.objects.create(
            complaint=complaint,
            number=last + 1,
            kind=EvidenceKind(kind),
            obtained_on=obtained_on,
            is_original=is_original,
            added_by=actor,
            **values,
        )
        if files:
            attach_files(subject=item, uploads=files, actor=actor, anonymous=False, role="evidence")
        Custody.objects.create(
            item=item,
            from_holder=item.origin[:100],
            to_holder=actor.full_name,
            purpose=_("Obtained on %(day)s") % {"day": obtained_on},
            recorded_by=actor,
        )
        _record(actor, "handling.evidence_added", item, str(item))
    return item


def hand_over(*, actor: User, item: EvidenceItem, to_holder: str, purpose: str) -> Custody:
    """Write down that an item goes to somebody: from its present holder, who is the last of the chain.

    Raises Refusal without a receiver or purpose, or when the receiver holds it already; also after the decision, so that
    originals can be given back.
    """
    require_investigator(actor, item.complaint)
    receiver = check_words(to_holder, "to_holder", _("Taken over by"))[:100]
    purpose = check_words(purpose, "purpose", _("Purpose"))[:200]
    with transaction.atomic():
        EvidenceItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        last = item.custody.order_by("-id").first()
        holder = last.to_holder if last else item.origin[:100]
        if holder == receiver:
            raise Refusal(_("Received by: %(name)s holds the item already.") % {"name": holder}, field="to_holder")  # fmt: skip
        entry = Custody.objects.create(
            item=item, from_holder=holder, to_holder=receiver, purpose=purpose, recorded_by=actor
        )
        _record(actor, "handling.evidence_handed_over", item, f"{item}：{holder} → {receiver}（{purpose}）")
    return entry


def verify_evidence(*, actor: User, item: EvidenceItem, how: str) -> EvidenceItem:
    """Record that an officer has verified an item; only then may the decision rest on it."""
    require_investigator(actor, item.complaint)
    _check_open(item.complaint)
    how = check_words(how, "how", _("How it was verified"), at_least=4)
    if item.struck_at or item.verified_at:
        raise Refusal(_("The item has been verified or struck already."))
    with transaction.atomic():
        item.verified_by, item.verified_at, item.verification = actor, timezone.now(), how[:300]
        item.save(update_fields=["verified_by", "verified_at", "verification"])
        _record(actor, "handling.evidence_verified", item, f"{item}：{item.verification}")
    return item


def strike_evidence(*, actor: User, item: EvidenceItem, reason: str) -> EvidenceItem:
    """Exclude an item (illegally obtained, not authentic, irrelevant); it stays readable."""
    require_investigator(actor, item.complaint)
    _check_open(item.complaint)
    reason = check_words(reason, "reason", _("Reason"))
    if item.struck_at:
        raise Refusal(_("The item has been struck already."))
    with transaction.atomic():
        item.struck_by, item.struck_at, item.strike_reason = actor, timezone.now(), reason[:300]
        item.save(update_fields=["struck_by", "struck_at", "strike_reason"])
        _record(actor, "handling.evidence_struck", item, f"{item}：{item.strike_reason}")
    return item


def evidence_lines(complaint: Complaint) -> list[str]:
    """Each usable item as one line of a report or a decision."""
    rows = EvidenceItem.objects.of(complaint).filter(struck_at=None).exclude(verified_at=None)
    return [f"{row.title}（{row.origin}），证明{row.proves}" for row in rows]


def _check_open(complaint: Complaint) -> None:
    authority_of(complaint)
    if complaint.state not in UNDECIDED:
        raise Refusal(_("The complaint has been decided or has ended; its evidence is closed."), field="state")  # fmt: skip


def _record(actor: User, verb: str, item: EvidenceItem, summary: str) -> None:
    record_event(actor=actor, verb=verb, subject=item.complaint, summary=summary, data={"evidence": item.pk})
