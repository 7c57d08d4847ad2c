"""Issuing documents of a complaint in the name of the competent authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wulian.casework.handling.services.guards import authority_of
from wulian.casework.intake.models import Complaint
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.force.officers.services import CheckedOfficer

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def issue(
    complaint: Complaint,
    template: str,
    context: Mapping[str, Any],
    *,
    actor: User,
    officers: Iterable[CheckedOfficer] = (),
) -> EnforcementDocument:
    """Issue a document about a complaint; raises Refusal when a field is missing."""
    return issue_document(
        template=template,
        subject=complaint,
        authority=authority_of(complaint),
        actor=actor,
        context=context,
        officers=list(officers),
    )


def issue_general(
    complaint: Complaint,
    template: str,
    *,
    actor: User,
    body: Iterable[str],
    to: str = "",
    fields: Mapping[str, str] | None = None,
    officers: Iterable[CheckedOfficer] = (),
) -> EnforcementDocument:
    """Issue a document without a form of its own: addressee, rows of the complaint, paragraphs."""
    return issue(
        complaint,
        template,
        {"to": to, "fields": {**header(complaint), **(fields or {})}, "body": lines(*body)},
        actor=actor,
        officers=officers,
    )


def header(complaint: Complaint) -> dict[str, str]:
    """The rows that every document of a complaint shows; the complainant is not among them."""
    return {
        "投诉登记号": complaint.number,
        "招标项目名称": complaint.project_name,
        "被投诉人": complaint.respondent_names or "见投诉事项",
    }


def lines(*texts: str) -> list[str]:
    """The non-empty lines of some texts, one paragraph each."""
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]
