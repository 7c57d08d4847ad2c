"""What a person takes away to prove what was handed in: the receipt, and its place in the audit log."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from wulian import crypto
from wulian.casework.intake import keys
from wulian.casework.intake.models import Receipt
from wulian.casework.intake.rebuilding import contents_of
from wulian.casework.intake.selectors import matters_of
from wulian.core.audit import canonical, checkpoint_files
from wulian.core.audit.keys import checkpoint_signers, checkpoint_verifier
from wulian.core.audit.models import AuditCheckpoint, AuditEvent, AuditLink
from wulian.portal.verification import FORMAT

SHOWN: Final = ("verb", "data", "occurred_at")
"""The fields of the event that the proof reveals; the others stay behind their marks."""
LONGEST_PATH: Final = 5_000


def receipt_document(receipt: Receipt, *, with_content: bool = False) -> dict[str, Any]:
    """Return a receipt with its proof, as `verification.verify` reads it; `log` is None until the next checkpoint.

    With content it is for the reporter alone: whoever holds the file can prove what was handed in, word by word.
    """
    content = {"content": contents_of(receipt)} if with_content else {}
    return {
        "format": FORMAT,
        "receipt": {
            "number": receipt.number,
            "received_at": timezone.localtime(receipt.received_at).isoformat(timespec="seconds"),
            "digest": receipt.digest,
            "materials": receipt.materials.splitlines(),
            "key_id": receipt.key_id,
            "signature": receipt.signature,
        },
        **content,
        "log": _log_proof(receipt),
    }


def public_keys() -> list[tuple[str, str]]:
    """Return (key id, PEM) of the keys by which receipts and checkpoints are signed now."""
    signers = [keys.receipt_signer(), checkpoint_signers()[0]]
    return [(signer.key_id, signer.verifier().public_pem) for signer in signers]


def find_public_key(key_id: str) -> crypto.Verifier:
    """Return the verifier of a key on file, also of a retired one; raises UnknownKey."""
    return checkpoint_verifier(key_id, "ed25519")


def _log_proof(receipt: Receipt) -> dict[str, Any] | None:
    """The event of the receipt, its link, and the links up to the first signed checkpoint behind it."""
    event = _event_of(receipt)
    link = AuditLink.objects.filter(event=event).first() if event else None
    if event is None or link is None:
        return None
    checkpoint = AuditCheckpoint.objects.filter(position__gte=link.position).order_by("number").first()
    if checkpoint is None or checkpoint.position - link.position > LONGEST_PATH:
        return None
    pieces = canonical.pieces_of([getattr(event, name) for name in canonical.CHAINED_FIELDS])
    following = AuditLink.objects.filter(position__gt=link.position, position__lte=checkpoint.position)
    return {
        "fields": {name: pieces[canonical.CHAINED_FIELDS.index(name)] for name in SHOWN},
        "position": link.position,
        "prev_hash": link.prev_hash,
        "event_hash": link.event_hash,
        "marks": link.field_marks,
        "following": [
            list(row) for row in following.order_by("position").values_list("event_hash", "field_marks")
        ],
        "checkpoint": checkpoint_files.as_line(checkpoint),
    }


def _event_of(receipt: Receipt) -> AuditEvent | None:
    for matter in matters_of(receipt):
        found = AuditEvent.objects.filter(
            subject_type=matter._meta.label_lower, subject_id=str(matter.pk), verb="intake.received"
        ).first()
        if found is not None:
            return found
    return None
