"""Writes of the intake: one function a verb, keyword-only."""

from .admission import (
    Decision,
    accept_complaint,
    ask_completion,
    refuse_complaint,
    sign_refusal,
)
from .competence import dispute_competence, first_receiver, reassign_matter
from .contents import MatterContent, ReporterDetails
from .linking import link_matters
from .receiving import (
    IssuedReceipt,
    receive_complaint,
    receive_submission,
    receive_tip_off,
)
from .referring import refer_matter
from .registering import dispatch_matter, register_matter
from .reminding import remind_of_clocks
from .tip_offs import (
    archive_unchecked,
    conclude_leniency,
    decline_check,
    follow_lead,
    give_feedback,
    guide_to_complaint,
    open_complaint,
    propose_leniency,
    return_leniency,
    review_leniency,
)
from .transferring import confirm_transfer, transfer_matter
from .vault import approve_opening, open_identity, refuse_opening, request_opening

__all__ = [
    "Decision",
    "IssuedReceipt",
    "MatterContent",
    "ReporterDetails",
    "accept_complaint",
    "approve_opening",
    "archive_unchecked",
    "ask_completion",
    "conclude_leniency",
    "confirm_transfer",
    "decline_check",
    "dispatch_matter",
    "dispute_competence",
    "first_receiver",
    "follow_lead",
    "give_feedback",
    "guide_to_complaint",
    "link_matters",
    "open_complaint",
    "open_identity",
    "propose_leniency",
    "reassign_matter",
    "receive_complaint",
    "receive_submission",
    "receive_tip_off",
    "refer_matter",
    "refuse_complaint",
    "refuse_opening",
    "register_matter",
    "remind_of_clocks",
    "request_opening",
    "return_leniency",
    "review_leniency",
    "sign_refusal",
    "transfer_matter",
]
