"""Writing the audit trail: events, their chain, and signed checkpoints."""

import logging
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from wulian import crypto

from . import canonical, checkpoint_files, keys, verbs
from .context import RequestContext, current_request
from .models import AuditCheckpoint, AuditEvent, AuditHead, AuditLink

logger = logging.getLogger(__name__)

HEAD: Final = 1


class ChainBroken(RuntimeError):
    """The chain does not hold together; `audit verify` says where."""


@dataclass(frozen=True)
class Entry:
    """One event of `record_events`."""

    subject: models.Model | None = None
    summary: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def record_event(
    *,
    actor: Any,
    verb: str,
    subject: models.Model | None = None,
    summary: str = "",
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction.

    `actor` is the user, None for the system, or an anonymous visitor (then no address is kept); `verb` is a registered
    code; `changes` is {field: [old, new]}. No personal data of the public may be in it: see `commit_personal`.
    Raises UnknownVerb in tests and under DEBUG, ValueError for malformed changes.
    """
    event = _build_event(actor, verb, Entry(subject, summary, changes or {}, data or {}))
    event.save()
    return event


def record_events(*, actor: Any, verb: str, entries: Iterable[Entry]) -> list[AuditEvent]:
    """Write many events of one verb at once, for imports; the same rules as `record_event`."""
    return AuditEvent.objects.bulk_create(
        [_build_event(actor, verb, entry) for entry in entries], batch_size=1000
    )


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [old, new]} for the fields of `after` whose value differs from `before`."""
    return {name: [before.get(name), new] for name, new in after.items() if before.get(name) != new}


def commit_personal(value: str) -> dict[str, str]:
    """Return a commitment for the event and the salt for the record that holds the datum.

    Put only the commitment into the event. The salt stays with the datum: whoever holds both could find a telephone number by
    trial, and destroying the salt erases the person from the chain without rewriting it.
    """
    salt = secrets.token_bytes(16)
    return {"commitment": crypto.commitment(value, salt), "salt": salt.hex()}


def matches_commitment(*, value: str, commitment: str, salt: str) -> bool:
    """Say whether a datum is the one that was committed to."""
    return crypto.same_bytes(crypto.commitment(value, bytes.fromhex(salt)), commitment)


def _build_event(actor: Any, verb: str, entry: Entry) -> AuditEvent:
    verbs.require(verb)
    user = actor if getattr(actor, "is_authenticated", False) else None
    request = current_request() if user is not None else RequestContext()
    subject = entry.subject
    values: dict[str, Any] = {
        "uid": uuid.uuid4(),
        "schema": canonical.SCHEMA,
        "occurred_at": timezone.now(),
        "actor_id": user.pk if isinstance(user, get_user_model()) else None,
        "actor_name": _name(actor)[:150],
        "actor_department": canonical.clean_text(str(getattr(actor, "department", None) or ""))[:200],
        "verb": verb,
        "subject_type": subject._meta.label_lower if subject is not None else "",
        "subject_id": str(subject.pk) if subject is not None else "",
        "subject_label": canonical.clean_text(str(subject))[:300] if subject is not None else "",
        "summary": canonical.clean_text(str(entry.summary)),
        "changes": _checked_changes(entry.changes),
        "data": canonical.normalise(entry.data),
        "request_id": request.request_id,
        "remote_address": request.remote_address,
    }
    return AuditEvent(**values, seal=keys.seal(canonical.sealed_text_of(values)))


def _name(actor: Any) -> str:
    if actor is None or getattr(actor, "is_anonymous", False):
        return ""
    full_name = getattr(actor, "get_full_name", None)
    return canonical.clean_text((full_name() if full_name else "") or str(actor))


def _checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = canonical.normalise(changes)
    for name, pair in plain.items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError(f"audit changes[{name!r}]: expected [old, new], found {pair!r}")
    return plain


def sequence_events(*, batch: int = 500) -> int:
    """Chain every event that no link holds yet, in transactions of `batch` events; returns how many.

    Safe with writers whose transactions commit late: they are found by having no link, whatever their id. Raises ChainBroken
    when the end of the chain is missing.
    """
    _ensure_head()
    waiting = list(AuditEvent.objects.unchained().order_by("pk").values_list("pk", flat=True))
    return sum(_chain(waiting[start : start + batch]) for start in range(0, len(waiting), batch))


def _ensure_head() -> None:
    if AuditHead.objects.filter(pk=HEAD).exists():
        return
    if AuditLink.objects.exists():
        raise ChainBroken("the row of the end of the chain is missing while links exist")
    AuditHead.objects.get_or_create(pk=HEAD, defaults={"position": 0, "link_hash": canonical.GENESIS})


def _lock_head() -> AuditHead:
    """Return the end of the chain, locked until the transaction ends, after a look at the link it names.

    PostgreSQL locks the row; SQLite's IMMEDIATE transaction has locked the database already.
    """
    head = AuditHead.objects.select_for_update().get(pk=HEAD)
    if head.position:
        found = AuditLink.objects.filter(pk=head.position).values_list("link_hash", flat=True).first()
        if found != head.link_hash:
            logger.error(
                "the end of the audit chain names a link that is not there: run `wulian audit verify`"
            )
    return head


@transaction.atomic
def _chain(ids: list[int]) -> int:
    head = _lock_head()
    # Asked again under the lock: another sequencer may have taken them meanwhile.
    rows = (
        AuditEvent.objects.unchained()
        .filter(pk__in=ids)
        .order_by("pk")
        .values_list(*canonical.CHAINED_FIELDS)
    )
    links = []
    for values in rows:
        pieces = canonical.pieces_of(values)
        digest, marks = canonical.event_hash(pieces), canonical.field_marks(pieces)
        position, prev = head.position + 1, head.link_hash
        head.position, head.link_hash = position, canonical.link_hash(prev, position, digest, marks)
        links.append(
            AuditLink(
                position=position,
                event_id=values[canonical.CHAINED_FIELDS.index("id")],
                prev_hash=prev,
                event_hash=digest,
                field_marks=marks,
                link_hash=head.link_hash,
            )
        )
    AuditLink.objects.bulk_create(links)
    head.save(update_fields=["position", "link_hash"])
    return len(links)


def write_checkpoint(*, actor: Any = None) -> AuditCheckpoint | None:
    """Chain what waits, sign the end of the chain, and write it to the database and to the file outside it.

    Returns the newest checkpoint; a new one only when the chain has grown since, None while there are no events. The file
    is written after the commit, and what it lacks is added by the next call. Raises ChainBroken when the chain
    does not add up or the file knows checkpoints that this database does not (an older copy was restored).
    """
    sequence_events()
    on_file = checkpoint_files.last_number_on_file()
    row = _create_checkpoint(on_file)
    for missing in AuditCheckpoint.objects.filter(number__gt=on_file).order_by("number"):
        checkpoint_files.append(missing)
    if row is not None and actor is not None:
        record_event(
            actor=actor, verb="audit.checkpoint_written", subject=row, data={"position": row.position}
        )
    return row


@transaction.atomic
def _create_checkpoint(on_file: int) -> AuditCheckpoint | None:
    head = _lock_head()
    last = AuditCheckpoint.objects.order_by("-number").first()
    if on_file > (last.number if last else 0):
        raise ChainBroken(
            f"the file holds checkpoint {on_file}, which this database does not know: it is an older copy"
        )
    if head.position == (last.position if last else 0):
        return last
    count = AuditLink.objects.count()
    end = AuditLink.objects.order_by("-position").first()
    if end is None or (count, end.position, end.link_hash) != (head.position, head.position, head.link_hash):
        raise ChainBroken("the end of the chain and its links do not agree: run `wulian audit verify`")
    row = AuditCheckpoint(
        number=(last.number if last else 0) + 1,
        created_at=timezone.now(),
        position=head.position,
        link_hash=head.link_hash,
        count=count,
        previous=checkpoint_files.previous_hash(last),
        key_id=keys.checkpoint_signers()[0].key_id,
    )
    row.signatures = checkpoint_files.sign(row)
    row.save()
    return row
