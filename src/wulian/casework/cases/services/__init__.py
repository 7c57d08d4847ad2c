"""Everything that writes leads and cases."""

from wulian.casework.cases.services.decision import (
    decide_no_penalty,
    decide_penalty,
    revoke_decision,
    seal_decision,
)
from wulian.casework.cases.services.evidence import (
    add_evidence,
    read_evidence,
    strike_evidence,
    verify_evidence,
)
from wulian.casework.cases.services.execution import record_payment, record_publication, record_service
from wulian.casework.cases.services.filing import (
    approve_filing,
    assign_officers,
    endorse_filing,
    reject_filing,
    request_filing,
)
from wulian.casework.cases.services.investigation import finish_investigation
from wulian.casework.cases.services.leads import (
    assign_lead,
    classify_lead,
    create_lead,
    examine_lead,
    take_lead_step,
)
from wulian.casework.cases.services.notice import (
    answer_statement,
    close_statement_term,
    issue_notice,
    record_hearing_request,
    record_statement,
    serve_notice,
)
from wulian.casework.cases.services.steps import take_step

__all__ = [
    "add_evidence",
    "answer_statement",
    "approve_filing",
    "assign_lead",
    "assign_officers",
    "classify_lead",
    "close_statement_term",
    "create_lead",
    "decide_no_penalty",
    "decide_penalty",
    "endorse_filing",
    "examine_lead",
    "finish_investigation",
    "issue_notice",
    "read_evidence",
    "record_hearing_request",
    "record_payment",
    "record_publication",
    "record_service",
    "record_statement",
    "reject_filing",
    "request_filing",
    "revoke_decision",
    "seal_decision",
    "serve_notice",
    "strike_evidence",
    "take_lead_step",
    "take_step",
    "verify_evidence",
]
