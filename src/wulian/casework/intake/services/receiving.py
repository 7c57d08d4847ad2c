"""Receiving a complaint or a tip-off, online or at the window: stored, numbered, signed, its clocks started."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian import crypto
from wulian.casework.intake import codes, keys
from wulian.casework.intake.choices import MatterKind, ReceivedVia
from wulian.casework.intake.models import Complaint, Matter, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.services.clocks import start_complaint_clocks
from wulian.casework.intake.services.conflicts import accused_department_of, name_others, party_named
from wulian.casework.intake.services.contents import (
    COMPLAINT_FIELDS,
    MatterContent,
    ReporterDetails,
    check_reporter,
    checked_matter,
    of_agent,
)
from wulian.casework.intake.services.linking import remember_text
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.services.numbers import take_number
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

STAFF_CHANNELS: Final = frozenset(ReceivedVia) - {ReceivedVia.ONLINE}
MODELS: Final[dict[str, type[Matter]]] = {model.kind: model for model in (Complaint, TipOff)}


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
        checked_matter(place, kind, content, received_via) for place, (kind, content) in enumerate(contents)
    ]
    has_complaint = any(kind == MatterKind.COMPLAINT for kind, _content in checked)
    if reporter is not None:
        check_reporter(reporter, address_needed=has_complaint)
        checked = [(kind, of_agent(kind, content, reporter)) for kind, content in checked]
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
        name_others(matter)
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
