"""Writes of the intake: one function a verb, keyword-only."""

from .admission import accept_complaint, refuse_complaint, sign_refusal
from .investigating import commission_experts, receive_expertise, start_investigation
from .receiving import (
    IssuedReceipt,
    MatterContent,
    ReporterDetails,
    receive_complaint,
    receive_tip_off,
)
from .referring import confirm_transfer, refer_matter, transfer_complaint
from .registering import dispatch_matter, register_matter
from .vault import approve_opening, open_identity, refuse_opening, request_opening

__all__ = [
    "IssuedReceipt",
    "MatterContent",
    "ReporterDetails",
    "accept_complaint",
    "approve_opening",
    "commission_experts",
    "confirm_transfer",
    "dispatch_matter",
    "open_identity",
    "receive_complaint",
    "receive_expertise",
    "receive_tip_off",
    "refer_matter",
    "refuse_complaint",
    "refuse_opening",
    "register_matter",
    "request_opening",
    "sign_refusal",
    "start_investigation",
    "transfer_complaint",
]
