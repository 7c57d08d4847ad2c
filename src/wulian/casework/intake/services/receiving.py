"""Receiving a complaint or a tip-off, online or at the window: stored, numbered, signed, its clocks started."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian import crypto
from wulian.casework.intake import codes, keys
from wulian.casework.intake.choices import (
    MatterKind,
    ReceivedVia,
    Relation,
    ReporterKind,
    Topic,
)
from wulian.casework.intake.models import Complaint, Matter, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.services.clocks import start_complaint_clocks
from wulian.casework.intake.services.conflicts import accused_department_of, party_named
from wulian.casework.intake.services.linking import remember_text
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.services.numbers import take_number
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event
from wulian.information.registry.models import Lot, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

MAXIMUM_TEXT: Final = 20_000
STAFF_CHANNELS: Final = frozenset(ReceivedVia) - {ReceivedVia.ONLINE}
MODELS: Final[dict[str, type[Matter]]] = {model.kind: model for model in (Complaint, TipOff)}
COMPLAINT_FIELDS: Final = ("knew_on", "objection_on", "objection_replied_on", "other_authority")


@dataclass(frozen=True)
class ReporterDetails:
    """Who somebody is; it goes into the vault and nowhere else. `identifier` is an identity card number or a credit code."""

    kind: str
    name: str
    phone: str
    address: str = ""
    identifier: str = ""
    email: str = ""
    representative: str = ""


@dataclass(frozen=True)
class MatterContent:
    """What somebody says happened. Dates are days; `objection_*`, `knew_on`, `other_authority` concern complaints only."""

    topic: str
    facts: str
    relation: str = ""
    project: Project | None = None
    lot: Lot | None = None
    project_text: str = ""
    respondent_name: str = ""
    happened_on: date | None = None
    request: str = ""
    evidence: str = ""
    knew_on: date | None = None
    objection_on: date | None = None
    objection_replied_on: date | None = None
    other_authority: str = ""
    materials: str = ""

    def canonical(self, *, kind: str) -> bytes:
        """Return the bytes the digest of the receipt is taken over: JSON, keys sorted, dossiers by their code."""
        plain: dict[str, Any] = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in self.__dict__.items()
            if key not in ("project", "lot")
        }
        plain["project"] = _key(self.project, "project_code")
        plain["lot"] = _key(self.lot, "lot_code")
        plain["kind"] = str(kind)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class IssuedReceipt:
    """What the person gets: the stored receipt and its matters, and the code, which exists nowhere else.

    `is_repeat` is True when the same submission had been stored before; the receipt is then the first one.
    """

    receipt: Receipt
    matters: list[Matter]
    code: str
    is_repeat: bool = False

    @property
    def matter(self) -> Matter:
        """The only matter, or the first of several."""
        return self.matters[0]


def receive_complaint(
    *,
    actor: User | None,
    content: MatterContent,
    reporter: ReporterDetails,
    received_via: str = ReceivedVia.ONLINE,
    received_at: datetime | None = None,
    submission: bytes | None = None,
) -> IssuedReceipt:
    """Store a complaint, start its 3 and 30 working days from the day of receipt, and issue the receipt.

    `actor` is the clerk, None online. `submission` are random bytes of the form (at least 16): sent twice, it is stored once.
    `received_at` is when it came in, at the window earlier than now if it is entered later. Raises Refusal naming the field
    that is missing (投诉处理办法 第七条; 实施条例 第六十条), Forbidden for a user who is not a clerk.
    """
    return receive_submission(
        actor=actor,
        contents=[(MatterKind.COMPLAINT, content)],
        reporter=reporter,
        received_via=received_via,
        received_at=received_at,
        submission=submission,
    )


def receive_tip_off(
    *,
    actor: User | None,
    content: MatterContent,
    reporter: ReporterDetails | None = None,
    received_via: str = ReceivedVia.ONLINE,
    received_at: datetime | None = None,
    submission: bytes | None = None,
) -> IssuedReceipt:
    """Store a tip-off and issue the receipt; without `reporter` it is anonymous. Raises as `receive_complaint` does."""
    return receive_submission(
        actor=actor,
        contents=[(MatterKind.TIP_OFF, content)],
        reporter=reporter,
        received_via=received_via,
        received_at=received_at,
        submission=submission,
    )


def receive_submission(
    *,
    actor: User | None,
    contents: Sequence[tuple[str, MatterContent]],
    reporter: ReporterDetails | None = None,
    received_via: str = ReceivedVia.ONLINE,
    received_at: datetime | None = None,
    entered_at: datetime | None = None,
    submission: bytes | None = None,
) -> IssuedReceipt:
    """Store what came in one letter or one visit: each matter classified by itself, all under one receipt (REFERENCE D.0).

    `contents` are kind and content of each matter, at least one; the receipt's list of materials is that of the first.
    `entered_at` is when a clerk entered it, now unless the line was down. Raises Refusal and Forbidden as
    `receive_complaint` does; for the second and further matters the field begins with the place, as in `1-facts`.
    """
    _check_channel(actor, received_via, received_at, entered_at)
    checked = [
        _checked_matter(place, kind, content, received_via) for place, (kind, content) in enumerate(contents)
    ]
    has_complaint = any(kind == MatterKind.COMPLAINT for kind, _content in checked)
    if reporter is not None:
        _check_reporter(reporter, address_needed=has_complaint)
    elif has_complaint:
        raise Refusal(_("Name: a complaint is made under one's own name."), field="name")
    return _receive(actor, checked, reporter, received_via, received_at, entered_at, submission)


def receipt_text(receipt: Receipt) -> str:
    """Return the signed lines of a receipt: what a verifier needs besides the signature."""
    moment = timezone.localtime(receipt.received_at).isoformat(timespec="seconds")
    return "\n".join(("五联收件回执", receipt.number, moment, receipt.digest))


def _receive(
    actor: User | None,
    contents: list[tuple[str, MatterContent]],
    reporter: ReporterDetails | None,
    received_via: str,
    received_at: datetime | None,
    entered_at: datetime | None,
    submission: bytes | None,
) -> IssuedReceipt:
    key = submission or secrets.token_bytes(32)
    first = MODELS[contents[0][0]]
    if (earlier := _earlier(first, key)) is not None:
        return earlier
    try:
        with transaction.atomic():
            receipt = _issue(actor, contents, reporter, received_via, received_at, entered_at, key)
            matters = [_store(MODELS[kind], actor, content, receipt) for kind, content in contents]
            for matter in matters:
                if isinstance(matter, Complaint):
                    start_complaint_clocks(complaint=matter, actor=actor)
                _announce(matter)
    except IntegrityError:
        # The same submission was stored by another request at this moment.
        if (earlier := _earlier(first, key)) is not None:
            return earlier
        raise
    return IssuedReceipt(receipt, matters, codes.code_for(key))


def _issue(
    actor: User | None,
    contents: list[tuple[str, MatterContent]],
    reporter: ReporterDetails | None,
    received_via: str,
    received_at: datetime | None,
    entered_at: datetime | None,
    key: bytes,
) -> Receipt:
    entered = entered_at or timezone.now()
    # The signature covers whole seconds; the record keeps no more.
    moment = (received_at or entered).replace(microsecond=0)
    year = timezone.localtime(moment).year
    number, alias = take_number("receipt", year), take_number("alias", year)
    receipt = Receipt(
        number=number.text,
        year=year,
        sequence=number.n,
        received_at=moment,
        entered_at=entered,
        received_via=received_via,
        entered_by=actor,
        alias=alias.text,
        is_anonymous=reporter is None,
        materials=contents[0][1].materials,
        digest=crypto.hexdigest(b"\n".join(content.canonical(kind=kind) for kind, content in contents)),
        code_hash=codes.code_hash(codes.code_for(key)),
        submission_hash=_submission_hash(key),
    )
    signer = keys.receipt_signer()
    receipt.key_id = signer.key_id
    receipt.signature = base64.urlsafe_b64encode(signer.sign(receipt_text(receipt).encode())).decode()
    receipt.save()
    if reporter is not None:
        _seal(receipt, reporter)
    return receipt


def _seal(receipt: Receipt, reporter: ReporterDetails) -> None:
    plain = json.dumps(asdict(reporter), ensure_ascii=False).encode()
    # Padding hides how long a name and an address are.
    padded = plain + b" " * (-len(plain) % 512)
    message = keys.cipher(keys.VAULT_KEY).encrypt(padded, receipt.alias.encode())
    ReporterIdentity.objects.create(receipt=receipt, sealed=message)


def _store(model: type[Matter], actor: User | None, content: MatterContent, receipt: Receipt) -> Matter:
    number = take_number(model.kind, receipt.year)
    own = {name: getattr(content, name) for name in COMPLAINT_FIELDS} if model is Complaint else {}
    project = content.project
    party = party_named(content.respondent_name)
    matter = model(
        receipt=receipt,
        number=number.text,
        year=number.year,
        sequence=number.n,
        received_at=receipt.received_at,
        topic=content.topic,
        relation=content.relation,
        project=project,
        lot=content.lot,
        project_text=content.project_text,
        sector=project.sector if project else "",
        region_code=project.region_code[:12] if project else "",
        respondent=party,
        respondent_name=content.respondent_name,
        accused_department=accused_department_of(content.respondent_name, party),
        happened_on=content.happened_on,
        facts=content.facts,
        request=content.request,
        evidence=content.evidence,
        **own,
    )
    matter.save()
    remember_text(matter)
    if isinstance(matter, Complaint):
        apply_event(subject=matter, event="submit", actor=actor)
    record_event(
        actor=actor,
        verb="intake.received",
        subject=matter,
        summary=f"{receipt.number}（{receipt.get_received_via_display()}）",
        data={"receipt": receipt.number, "digest": receipt.digest, "received_at": receipt.received_at},
    )
    return matter


def _announce(matter: Matter) -> None:
    tell(matter, roles=[Role.CLERK], title=_("New: %(number)s") % {"number": matter.number})


def _earlier(model: type[Matter], key: bytes) -> IssuedReceipt | None:
    receipt = Receipt.objects.filter(submission_hash=_submission_hash(key)).first()
    if receipt is None:
        return None
    matters = [row for each in MODELS.values() for row in each._default_manager.filter(receipt=receipt)]
    matters.sort(key=lambda row: (not isinstance(row, model), row.pk))
    if not isinstance(matters[0], model):
        raise Refusal(_("This form has already been sent as another kind of matter."))
    return IssuedReceipt(receipt, matters, codes.code_for(key), is_repeat=True)


def _submission_hash(key: bytes) -> str:
    return crypto.hmac(keys.secret("receipt-code"), b"submission\x00" + key).hex()


def _key(row: Project | Lot | None, code: str) -> str:
    return "" if row is None else (getattr(row, code) or row.source_key)


def _check_channel(
    actor: User | None, received_via: str, received_at: datetime | None, entered_at: datetime | None
) -> None:
    if actor is None:
        if received_via != ReceivedVia.ONLINE or received_at is not None or entered_at is not None:
            raise Refusal(
                _("Received via: only a clerk enters what did not come in online."), field="received_via"
            )
        return
    require_role(actor, Role.CLERK)
    if received_via not in STAFF_CHANNELS:
        raise Refusal(
            _("Received via: expected window, letter, telephone or transfer."), field="received_via"
        )
    now = timezone.now()
    if received_at is not None and received_at > min(entered_at or now, now):
        raise Refusal(_("Received time: expected a moment that has passed."), field="received_at")


def _checked_matter(
    place: int, kind: str, content: MatterContent, received_via: str
) -> tuple[str, MatterContent]:
    """Return kind and trimmed content of one matter; a Refusal from the second on names its place."""
    try:
        if kind == MatterKind.COMPLAINT and received_via == ReceivedVia.PHONE:
            raise Refusal(
                _("Received via: a complaint is in writing and signed; enter a telephone call as a tip-off."),
                field="received_via",
            )
        content = _checked(content)
        if kind == MatterKind.COMPLAINT:
            check_complaint(content)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=f"{place}-{refusal.field}" if place else refusal.field) from None
    return kind, content


def _checked(content: MatterContent) -> MatterContent:
    """Return the content with trimmed texts; raises Refusal for what every matter needs."""
    trimmed: dict[str, Any] = {
        name: value.strip() for name, value in content.__dict__.items() if isinstance(value, str)
    }
    content = replace(content, **trimmed)
    if content.topic not in Topic.values:
        raise Refusal(_("Subject: choose what it is about."), field="topic")
    if content.relation and content.relation not in Relation.values:
        raise Refusal(_("Relation: choose one of the list."), field="relation")
    if len(content.facts) < 10:
        raise Refusal(
            _("Facts: say in at least ten characters what happened, where and when."), field="facts"
        )
    for name in ("facts", "request", "evidence", "materials"):
        if len(getattr(content, name)) > MAXIMUM_TEXT:
            raise Refusal(
                _("The text is too long: expected at most %(n)s characters.") % {"n": MAXIMUM_TEXT},
                field=name,
            )
    if content.project is None and not content.project_text:
        raise Refusal(
            _("Project: choose it from the list or write its name or number."), field="project_text"
        )
    if content.happened_on and content.happened_on > timezone.localdate():
        raise Refusal(_("Date of the conduct: expected a day that has come."), field="happened_on")
    return content


def check_complaint(content: MatterContent) -> None:
    """Raise Refusal naming the part that a complaint needs and this one lacks (投诉处理办法 第七条; 实施条例 第六十条)."""
    today = timezone.localdate()
    if not content.respondent_name:
        raise Refusal(_("Complained of: name the person or unit."), field="respondent_name")
    if not content.request:
        raise Refusal(_("Request: say what you ask the authority to do."), field="request")
    if content.knew_on is None:
        raise Refusal(
            _("Knew on: the day from which the 10 days to complain run is needed."), field="knew_on"
        )
    if content.knew_on > today:
        raise Refusal(_("Knew on: expected a day that has come."), field="knew_on")
    raised, replied = content.objection_on, content.objection_replied_on
    if replied and not raised:
        raise Refusal(_("Objection: the day it was raised is needed as well."), field="objection_on")
    if raised and raised > today:
        raise Refusal(_("Objection raised on: expected a day that has come."), field="objection_on")
    if raised and replied and replied < raised:
        raise Refusal(
            _("Objection answered on: expected a day from %(day)s.") % {"day": raised},
            field="objection_replied_on",
        )


def _check_reporter(reporter: ReporterDetails, *, address_needed: bool = True) -> None:
    if reporter.kind not in ReporterKind.values:
        raise Refusal(_("Who you are: a person or a unit."), field="reporter_kind")
    if len(reporter.name.strip()) < 2:
        raise Refusal(_("Name: your full name, or the full name of the unit, is needed."), field="name")
    if not reporter.phone.strip():
        raise Refusal(_("Telephone: a way to reach you is needed."), field="phone")
    if address_needed and not reporter.address.strip():
        raise Refusal(_("Address: an address to which letters can be sent is needed."), field="address")
