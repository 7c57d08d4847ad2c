"""Receipts, complaints, tip-offs and the vault of identities."""

from wulian.casework.intake.models.matters import Complaint, Matter, MatterQuerySet, TipOff
from wulian.casework.intake.models.receipts import IntakeSequence, Receipt
from wulian.casework.intake.models.vault import IdentityOpening, ReporterIdentity

__all__ = [
    "Complaint",
    "IdentityOpening",
    "IntakeSequence",
    "Matter",
    "MatterQuerySet",
    "Receipt",
    "ReporterIdentity",
    "TipOff",
]
