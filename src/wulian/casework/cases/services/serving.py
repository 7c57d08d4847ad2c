"""送达: recording that a document reached the party, with its 送达回证."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import MODE_WORDS, ServiceMode
from wulian.casework.cases.models import Case, DocumentDelivery
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.guards import check_not_future, check_team
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.documents.models import EnforcementDocument


@dataclass(frozen=True)
class Service:
    """How, where, when and to whom a document was handed over."""

    mode: str
    receiver: str
    place: str
    served_on: date
    refusal_note: str = ""
    witness: str = ""


def check_service(service: Service, document: EnforcementDocument) -> None:
    """Raise Refusal when the day is in the future or before the document, or a refusal or witness is missing where the mode needs it."""
    check_not_future(service.served_on, "served_on")
    if service.served_on < timezone.localdate(document.issued_at):
        raise Refusal(_("Served on: expected a day from the date of the document."), field="served_on")
    if service.mode not in ServiceMode.values:
        raise Refusal(_("Mode: choose how it was served."), field="mode")
    if service.mode == ServiceMode.LEFT and not (service.refusal_note.strip() and service.witness.strip()):
        raise Refusal(
            _("Refusal: leaving a document needs the refusal and a witness on record."), field="refusal_note"
        )


def proof_of_service(
    service: Service, document: EnforcementDocument, *, cause: str, recipient: str
) -> dict[str, Any]:
    """What the 送达回证 (W32) of a service says."""
    return {
        "case_cause": cause,
        "recipient": recipient,
        "served_document": document.title,
        "served_document_no": document.document_no,
        "mode": MODE_WORDS[ServiceMode(service.mode)],
        "place": service.place,
        "served_at": chinese_date(service.served_on),
        "receiver": service.receiver,
        "refusal_note": service.refusal_note,
        "witness": service.witness,
    }


def record_of(service: Service) -> dict[str, Any]:
    """What a ServiceRecord keeps of a service."""
    return {
        "mode": service.mode,
        "receiver": service.receiver.strip(),
        "place": service.place.strip(),
        "served_on": service.served_on,
        "refusal_note": service.refusal_note.strip(),
        "witness": service.witness.strip(),
    }


def serve_document(
    *, actor: User, case: Case, document: EnforcementDocument, service: Service
) -> DocumentDelivery:
    """Record a service inside the caller's transaction and issue its 送达回证, signed by the officers of the case.

    Raises Refusal as `check_service` does, or when fewer than two officers may act.
    """
    check_service(service, document)
    team = check_team(case)
    receipt = papers.issue(
        case,
        "W32",
        proof_of_service(service, document, cause=case.cause, recipient=case.party.name),
        actor=actor,
        officers=team,
    )
    return DocumentDelivery.objects.create(
        case=case, document=document, receipt=receipt, recorded_by=actor, **record_of(service)
    )
