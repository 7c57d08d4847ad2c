"""Forms of leads and cases."""

from wulian.casework.cases.forms.cases import (
    AnswerForm,
    ChangeOfficersForm,
    DecisionForm,
    EvidenceForm,
    FilingForm,
    HearingRequestForm,
    NoPenaltyForm,
    NoticeForm,
    OpinionForm,
    PaymentForm,
    ReportForm,
    ServiceForm,
    StatementForm,
    VerifyForm,
)
from wulian.casework.cases.forms.fields import NoteForm, OfficersField, PartyField, ReasonForm
from wulian.casework.cases.forms.leads import AssignForm, ClassifyForm, EndorseForm, ExamineForm, LeadForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "ChangeOfficersForm",
    "ClassifyForm",
    "DecisionForm",
    "EndorseForm",
    "EvidenceForm",
    "ExamineForm",
    "FilingForm",
    "HearingRequestForm",
    "LeadForm",
    "NoPenaltyForm",
    "NoteForm",
    "NoticeForm",
    "OfficersField",
    "OpinionForm",
    "PartyField",
    "PaymentForm",
    "ReasonForm",
    "ReportForm",
    "ServiceForm",
    "StatementForm",
    "VerifyForm",
]
