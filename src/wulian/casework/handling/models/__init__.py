"""What the handling of a complaint leaves behind; every row hangs from its complaint."""

from .deciding import ComplaintDecision, Report
from .evidence import Custody, EvidenceItem, Interview
from .measures import Commission, SuspensionReview, TenderSuspension, Withdrawal
from .papers import Publication, ServiceProof

__all__ = [
    "Commission",
    "ComplaintDecision",
    "Custody",
    "EvidenceItem",
    "Interview",
    "Publication",
    "Report",
    "ServiceProof",
    "SuspensionReview",
    "TenderSuspension",
    "Withdrawal",
]
