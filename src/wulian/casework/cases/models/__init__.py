"""线索、案件 and what hangs from them."""

from wulian.casework.cases.models.cases import Case, CaseQuerySet
from wulian.casework.cases.models.decisions import Decision, Proposal, Sanctions
from wulian.casework.cases.models.leads import Assignment, Evidence, Lead, LeadQuerySet
from wulian.casework.cases.models.papers import DocumentDelivery, Statement

__all__ = [
    "Assignment",
    "Case",
    "CaseQuerySet",
    "Decision",
    "DocumentDelivery",
    "Evidence",
    "Lead",
    "LeadQuerySet",
    "Proposal",
    "Sanctions",
    "Statement",
]
