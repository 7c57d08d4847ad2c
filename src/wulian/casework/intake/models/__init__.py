"""Receipts, complaints, tip-offs and the vault of identities."""

from wulian.casework.intake.models.admission import AdmissionPoint
from wulian.casework.intake.models.links import MatterLink, TextMark
from wulian.casework.intake.models.matters import Complaint, Matter, MatterQuerySet, TipOff
from wulian.casework.intake.models.receipts import Receipt
from wulian.casework.intake.models.reminders import Reminder
from wulian.casework.intake.models.respondents import OtherRespondent
from wulian.casework.intake.models.vault import IdentityOpening, ReporterIdentity

__all__ = [
    "AdmissionPoint",
    "Complaint",
    "IdentityOpening",
    "Matter",
    "MatterLink",
    "MatterQuerySet",
    "OtherRespondent",
    "Receipt",
    "Reminder",
    "ReporterIdentity",
    "TextMark",
    "TipOff",
]
