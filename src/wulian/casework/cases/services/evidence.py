"""Evidence: added with digests, verified, struck with a reason, read on the record (行政处罚法 第四十六条)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import EvidenceKind
from wulian.casework.cases.models import Evidence, Lead
from wulian.casework.cases.parameters import EVIDENCE_MAX_BYTES, EVIDENCE_SUFFIXES
from wulian.casework.cases.services.guards import check_not_future, require_assigned
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.folders import FileFolder
from wulian.core.files.uploads import Upload, plain_file_name, read_upload
from wulian.crypto import hexdigest

FOLDER: Final = FileFolder("evidence")
CLOSED_STATES = frozenset({"P13", "P14", "P15", "P16", "P17", "P18", "P19", "P20"})


def add_evidence(
    *,
    actor: User | None,
    lead: Lead,
    kind: str,
    title: str,
    proves: str,
    origin: str,
    obtained_on: date,
    content: str = "",
    upload: Upload | None = None,
) -> Evidence:
    """Add an item to the file of a lead and its case; exactly one of `content` and `upload` holds it.

    `actor` None is the platform, which takes over what an alert has seen. Raises Forbidden for others than the officers of the
    matter, Refusal when words are missing, the file is empty, too large or of a kind that is not accepted, or the case is decided.
    """
    if actor is not None:
        require_assigned(lead, actor)
    _check_open(lead)
    _check_words(title, proves, origin, obtained_on)
    data = _content(content, upload)
    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=lead.pk)
        last = Evidence.objects.filter(lead=lead).aggregate(last=Max("number"))["last"] or 0
        item = Evidence(
            lead=lead,
            number=last + 1,
            kind=EvidenceKind(kind),
            title=title.strip()[:200],
            proves=proves.strip()[:500],
            origin=origin.strip()[:200],
            obtained_on=obtained_on,
            content=content if upload is None else "",
            size=len(data),
            sm3=hexdigest(data),
            sha256=hashlib.sha256(data).hexdigest(),
            added_by=actor,
        )
        if upload is not None:
            item.file_name = plain_file_name(upload)
            item.file_path = FOLDER.store([data], suffix=Path(item.file_name).suffix.lower()).name
        try:
            item.save()
        except BaseException:
            FOLDER.remove(item.file_path)
            raise
        record_event(
            actor=actor,
            verb="cases.evidence_added",
            subject=lead,
            summary=str(item),
            data={"evidence": item.pk, "sm3": item.sm3, "sha256": item.sha256},
        )
    return item


def add_machine_evidence(
    *, lead: Lead, title: str, proves: str, origin: str, seen: Mapping[str, Any]
) -> Evidence:
    """Add what the platform saw (the evidence of an alert) as electronic data, in a canonical text that can be hashed anew."""
    text = json.dumps(seen, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, indent=1)
    return add_evidence(
        actor=None,
        lead=lead,
        kind=EvidenceKind.ELECTRONIC,
        title=title,
        proves=proves,
        origin=origin,
        obtained_on=timezone.localdate(),
        content=text,
    )


def verify_evidence(*, actor: User, evidence: Evidence, how: str) -> Evidence:
    """Record that an officer of the case has verified an item; only then may a fact rest on it."""
    require_assigned(evidence.lead, actor)
    _check_open(evidence.lead)
    if not how.strip():
        raise Refusal(_("How: say how it was verified, such as compared with the original."), field="how")
    if evidence.struck_at or evidence.verified_at:
        raise Refusal(_("The item has been verified or struck already."))
    if hexdigest(read_content(evidence)) != evidence.sm3:
        raise Refusal(_("The item is not what was added: its SM3 digest differs."))
    with transaction.atomic():
        evidence.verified_by, evidence.verified_at = actor, timezone.now()
        evidence.verification = how.strip()[:300]
        evidence.save(update_fields=["verified_by", "verified_at", "verification"])
        record_event(
            actor=actor,
            verb="cases.evidence_verified",
            subject=evidence.lead,
            summary=f"{evidence}：{evidence.verification}",
        )
    return evidence


def strike_evidence(*, actor: User, evidence: Evidence, reason: str) -> Evidence:
    """Exclude an item (illegally obtained, not authentic, irrelevant); it stays readable."""
    require_assigned(evidence.lead, actor)
    _check_open(evidence.lead)
    if not reason.strip():
        raise Refusal(_("Reason: say why the item is excluded."), field="reason")
    if evidence.struck_at:
        raise Refusal(_("The item has been struck already."))
    with transaction.atomic():
        evidence.struck_by, evidence.struck_at = actor, timezone.now()
        evidence.strike_reason = reason.strip()[:300]
        evidence.save(update_fields=["struck_by", "struck_at", "strike_reason"])
        record_event(
            actor=actor,
            verb="cases.evidence_struck",
            subject=evidence.lead,
            summary=f"{evidence}：{evidence.strike_reason}",
        )
    return evidence


def read_evidence(*, actor: User, evidence: Evidence) -> bytes:
    """Return an item and write down who took it; raises Refusal when it is gone or was altered."""
    try:
        data = read_content(evidence)
    except FileNotFoundError:
        raise Refusal(_("The file of this item is missing.")) from None
    if hexdigest(data) != evidence.sm3:
        raise Refusal(_("The item is not what was added: its SM3 digest differs."))
    record_event(actor=actor, verb="cases.evidence_read", subject=evidence.lead, summary=str(evidence))
    return data


def read_content(evidence: Evidence) -> bytes:
    """Return the bytes that the digests were taken over; raises FileNotFoundError."""
    if not evidence.file_path:
        return evidence.content.encode()
    return FOLDER.read(evidence.file_path)


def folder() -> Path:
    """Return the folder of evidence files."""
    return FOLDER.path


def _check_open(lead: Lead) -> None:
    if lead.cases.filter(state__in=CLOSED_STATES).exists():
        raise Refusal(_("The case has been decided; its evidence is closed."), field="state")


def _check_words(title: str, proves: str, origin: str, obtained_on: date) -> None:
    if not title.strip():
        raise Refusal(_("Title: expected the name of the item."), field="title")
    if not proves.strip():
        raise Refusal(_("What it proves: expected the fact it is for."), field="proves")
    if not origin.strip():
        raise Refusal(_("Where it comes from: expected the person, unit or system."), field="origin")
    check_not_future(obtained_on, "obtained_on")


def _content(content: str, upload: Upload | None) -> bytes:
    if upload is None:
        if not content.strip():
            raise Refusal(_("Evidence: upload a file."), field="upload")
        return content.encode()
    suffix = Path(upload.name or "").suffix.lower()
    if suffix not in EVIDENCE_SUFFIXES:
        raise Refusal(
            _("File: %(suffix)s is not accepted; accepted are %(known)s.")
            % {"suffix": suffix or "—", "known": " ".join(sorted(EVIDENCE_SUFFIXES))},
            field="upload",
        )
    if (upload.size or 0) > EVIDENCE_MAX_BYTES:
        raise Refusal(
            _("File: at most %(limit)d MB are accepted.") % {"limit": EVIDENCE_MAX_BYTES // 1024 // 1024},
            field="upload",
        )
    data = read_upload(upload)
    if not data:
        raise Refusal(_("File: it is empty."), field="upload")
    return data
