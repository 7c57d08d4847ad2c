"""密封附页: name and address of the complainant for the decision (投诉处理办法 第二十二条 [M]), printed from the vault and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.handling.models import ComplaintDecision
from wulian.casework.intake.models import Complaint, IdentityOpening
from wulian.casework.intake.services.vault import open_identity
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import GeneralDocument
from wulian.core.documents.rendering import compose, render_pdf

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def opening_of(complaint: Complaint, user: User) -> IdentityOpening | None:
    """Return the opening of the identity that is in force for this user, or None."""
    return IdentityOpening.objects.of(complaint).in_force().filter(requested_by=user).first()


def print_annex(*, actor: User, complaint: Complaint) -> bytes:
    """Return the sealed annex of the decision as PDF; each one is a look into the vault, allowed by a second person and written down.

    Raises Refusal without a decision or an opening in force, or when the vault holds no address.
    """
    decision = ComplaintDecision.objects.of(complaint).select_related("document__authority").first()
    if decision is None:
        raise Refusal(_("The complaint has not been decided."))
    opening = opening_of(complaint, actor)
    if opening is None:
        raise Refusal(
            _("Ask to open the identity first; a second person must allow it before the annex is printed.")
        )
    details = open_identity(actor=actor, opening=opening)
    if not details.address.strip():
        raise Refusal(_("The vault holds no address of the complainant; write it on the envelope by hand."))
    content = GeneralDocument(
        to="",
        fields={
            "投诉登记号": complaint.number,
            "处理决定书": decision.document.document_no,
            "投诉人姓名（名称）": details.name,
            "投诉人住址": details.address,
            **({"法定代表人": details.representative} if details.representative else {}),
        },
        body=["本附页与处理决定书一并密封送达当事人，不对外公开，不存入电子案卷。"],
    )
    page = compose(
        content,
        authority=decision.document.authority.name,
        document_no=decision.document.document_no,
        title="投诉处理决定书密封附页",
        officers="",
        day=timezone.localdate(),
    )
    pdf = render_pdf(page)
    record_event(
        actor=actor,
        verb="handling.annex_printed",
        subject=complaint,
        summary=decision.document.document_no,
        data={"opening": opening.pk},
    )
    return pdf
