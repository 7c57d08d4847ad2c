"""送达: each party gets the decision, with a proof of service (REFERENCE D.6 C14; 行政处罚法 第六十一条 for the ways)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import ServiceMode
from wulian.casework.cases.services.serving import (
    Service,
    check_service,
    proof_of_service,
    record_of,
)
from wulian.casework.handling.choices import MUST_BE_SERVED, Recipient, Stage
from wulian.casework.handling.models import ComplaintDecision, ServiceProof
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import check_team, check_words, require_investigator
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.services.minimising import check_texts
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.services import apply_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def serve_document(
    *,
    actor: User,
    complaint: Complaint,
    document: EnforcementDocument,
    recipient: str,
    recipient_name: str,
    service: Service,
) -> ServiceProof:
    """Record that a document of the complaint reached a recipient, with its 送达回证 (W32).

    The complainant is always named by alias. The decision moves on by it: C13 → C14 with the first service, C14 → C15 once
    complainant and every respondent have it. Raises Forbidden for others than the officers, Refusal when the day, the mode or the
    names do not fit, or the receipt would give the complainant away.
    """
    require_investigator(actor, complaint)
    if complaint.is_finished:
        raise Refusal(_("The file has been closed; nothing is added to it."), field="document")
    if not EnforcementDocument.objects.for_object(complaint).filter(pk=document.pk, state="issued").exists():
        raise Refusal(_("Document: choose one of this complaint."), field="document")
    check_service(service, document)
    name = _name(complaint, recipient, recipient_name)
    check_confirmed(complaint, recipient, service)
    said = {
        "receiver": service.receiver,
        "place": service.place,
        "recipient_name": name,
        "refusal_note": service.refusal_note,
        "witness": service.witness,
    }
    check_texts(actor=actor, matter=complaint, texts=said)
    if ServiceProof.objects.filter(document=document, recipient=recipient, recipient_name=name).exists():
        raise Refusal(_("%(name)s has been served with it already.") % {"name": name}, field="recipient")
    team = check_team(complaint)
    cause = f"{complaint.project_name}投诉（{complaint.number}）"
    with transaction.atomic():
        receipt = papers.issue(
            complaint,
            "W32",
            proof_of_service(service, document, cause=cause, recipient=name),
            actor=actor,
            officers=team,
        )
        proof = ServiceProof.objects.create(
            complaint=complaint,
            document=document,
            receipt=receipt,
            recipient=recipient,
            recipient_name=name,
            recorded_by=actor,
            **record_of(service),
        )
        _follow(actor, complaint, proof)
    return proof


def check_confirmed(complaint: Complaint, recipient: str, service: Service) -> None:
    """Raise Refusal for electronic service on a complainant who has not confirmed it (行政处罚法 第六十一条第二款, by analogy)."""
    electronic = service.mode == ServiceMode.ELECTRONIC
    if electronic and recipient == Recipient.COMPLAINANT and not complaint.electronic_service:
        raise Refusal(_("Mode: the complainant has not confirmed electronic service."), field="mode")


def still_to_serve(complaint: Complaint) -> list[Recipient]:
    """Return whom the decision still has to reach: the complainant, and each of the respondents."""
    decision = ComplaintDecision.objects.of(complaint).first()
    if decision is None:
        return []
    proofs = ServiceProof.objects.filter(document=decision.document)
    reached = set(proofs.values_list("recipient", flat=True))
    named = set(proofs.filter(recipient=Recipient.RESPONDENT).values_list("recipient_name", flat=True))
    if any(one.name[:200] not in named for one in complaint.respondents):
        reached.discard(Recipient.RESPONDENT)
    return [one for one in MUST_BE_SERVED if one not in reached]


def _follow(actor: User, complaint: Complaint, proof: ServiceProof) -> None:
    """Move the complaint on when it was the decision; any other service is only written down."""
    decision = ComplaintDecision.objects.of(complaint).filter(document=proof.document).first()
    words = f"{proof.document.title}（{proof.document.document_no}）：{proof.recipient_name}"
    if decision is None or complaint.state not in (Stage.DECIDED, Stage.SERVED, Stage.PUBLISHED):
        record_event(actor=actor, verb="handling.document_served", subject=complaint, summary=words)
        return
    if complaint.state == Stage.DECIDED:
        apply_event(subject=complaint, event="send_out", actor=actor, verb="handling.decision_sent_out")
    apply_event(
        subject=complaint,
        event="serve",
        actor=actor,
        note=words,
        data={"receipt": proof.receipt.document_no},
        verb="handling.document_served",
    )
    if complaint.state == Stage.SERVED and not still_to_serve(complaint):
        apply_event(subject=complaint, event="record_service", actor=actor, verb="handling.service_completed")
        last = max(ServiceProof.objects.filter(document=proof.document).values_list("served_on", flat=True))
        clocks.stop(complaint, clocks.SERVICE, actor)
        clocks.start(complaint, clocks.PUBLICATION, "publish", actor, on=min(last, timezone.localdate()))


def _name(complaint: Complaint, recipient: str, given: str) -> str:
    if recipient not in Recipient.values:
        raise Refusal(_("Recipient: choose one of the list."), field="recipient")
    if recipient == Recipient.COMPLAINANT:
        return addressee(complaint)
    if recipient == Recipient.RESPONDENT and complaint.respondents:
        return _respondent(complaint, given.strip())
    return check_words(given, "recipient_name", _("Name of the recipient"), at_least=2)[:200]


def _respondent(complaint: Complaint, given: str) -> str:
    names = [one.name for one in complaint.respondents]
    if len(names) == 1:
        return names[0][:200]
    if given not in names:
        raise Refusal(
            _("Name of the recipient: expected one of %(names)s.") % {"names": "、".join(names)},
            field="recipient_name",
        )
    return given[:200]
