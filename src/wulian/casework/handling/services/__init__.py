"""Writes of the handling of complaints: one function a verb, keyword-only."""

from .annex import print_annex
from .archiving import archive_complaint, bundle
from .consulting import call_consultation
from .deciding import (
    decide,
    endorse_opinion,
    file_case,
    finish_investigation,
    return_investigation,
    review_legality,
)
from .evidence import add_evidence, hand_over, strike_evidence, verify_evidence
from .experts import commission_experts, receive_expertise
from .investigation import (
    change_officers,
    record_interview,
    send_notice,
    sign_interview,
    start_investigation,
)
from .publishing import approve_publication, draft_publication, publish, withdraw_publication
from .serving import serve_document
from .suspending import resume_tendering, review_suspension, suspend_tendering
from .withdrawing import (
    examine_withdrawal,
    permit_before_acceptance,
    permit_withdrawal,
    refuse_withdrawal,
)

__all__ = [
    "add_evidence",
    "approve_publication",
    "archive_complaint",
    "bundle",
    "call_consultation",
    "change_officers",
    "commission_experts",
    "decide",
    "draft_publication",
    "endorse_opinion",
    "examine_withdrawal",
    "file_case",
    "finish_investigation",
    "hand_over",
    "permit_before_acceptance",
    "permit_withdrawal",
    "print_annex",
    "publish",
    "receive_expertise",
    "record_interview",
    "refuse_withdrawal",
    "resume_tendering",
    "return_investigation",
    "review_legality",
    "review_suspension",
    "send_notice",
    "serve_document",
    "sign_interview",
    "start_investigation",
    "strike_evidence",
    "suspend_tendering",
    "verify_evidence",
    "withdraw_publication",
]
