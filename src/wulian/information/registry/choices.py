"""Code lists of the dossier; the values are those of ``wulian.exchange.records`` (REFERENCE J.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PartyKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    INSTITUTION = "institution", _("Institution")
    GOVERNMENT = "government", _("Government")
    PERSON = "person", _("Person")


class Sector(models.TextChoices):
    HOUSING = "housing", _("Housing and municipal")
    TRANSPORT = "transport", _("Transport")
    WATER = "water", _("Water")
    LAND = "land", _("Natural resources")
    OTHER = "other", _("Other")


class ApprovalType(models.TextChoices):
    APPROVAL = "approval", _("Approval")
    VERIFICATION = "verification", _("Verification")
    FILING = "filing", _("Filing")


class TenderMode(models.TextChoices):
    OPEN = "open", _("Open tendering")
    SELECTIVE = "selective", _("Selective tendering")
    LIMITED = "limited", _("Limited tendering")
    DIRECT = "direct", _("Direct award")


class OrganisationForm(models.TextChoices):
    ENTRUSTED = "entrusted", _("Entrusted to an agency")
    SELF = "self", _("By the procuring entity itself")


class TenderInvitationGround(models.TextChoices):
    TL8_1 = "TL8-1", _("Few bidders for technical or natural reasons")
    TL8_2 = "TL8-2", _("Open tendering would cost too much")
    ZBF11 = "ZBF11", _("Key project approved for selective tendering")


class LotCategory(models.TextChoices):
    WORKS = "works", _("Works")
    GOODS = "goods", _("Goods")
    SURVEY = "survey", _("Survey")
    DESIGN = "design", _("Design")
    SUPERVISION = "supervision", _("Supervision")
    SERVICES = "services", _("Services")
    EPC = "epc", _("Engineering, procurement and construction")


class LotAwardMode(models.TextChoices):
    REGULAR = "regular", _("Regular")
    SEPARATE = "separate", _("Separate")


class NoticeKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    PREQUALIFICATION = "prequalification", _("Prequalification")
    TENDER = "tender", _("Tender")
    INVITATION = "invitation", _("Invitation")
    AMENDMENT = "amendment", _("Amendment")
    CANDIDATES = "candidates", _("Candidates")
    AWARD = "award", _("Award")
    CONTRACT = "contract", _("Contract")
    TERMINATION = "termination", _("Termination")
    EXEMPTION = "exemption", _("Exemption")


class BiddingDocumentsKind(models.TextChoices):
    TENDER = "tender", _("Tender")
    PREQUALIFICATION = "prequalification", _("Prequalification")


class ClarificationKind(models.TextChoices):
    TENDER = "tender", _("Tender")
    PREQUALIFICATION = "prequalification", _("Prequalification")


class ObjectionTarget(models.TextChoices):
    PREQUALIFICATION_DOCUMENTS = "prequalification_documents", _("Prequalification documents")
    BIDDING_DOCUMENTS = "bidding_documents", _("Bidding documents")
    OPENING = "opening", _("Opening")
    EVALUATION = "evaluation", _("Evaluation")


class BidStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    VALID = "valid", _("Valid")
    DISQUALIFIED = "disqualified", _("Disqualified")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDECRYPTED = "undecrypted", _("Undecrypted")


class EvaluationMemberKind(models.TextChoices):
    EXPERT = "expert", _("Expert")
    REPRESENTATIVE = "representative", _("Representative")


class AwardStatus(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("In force")
    CANCELLED = "cancelled", _("Cancelled")
    UNSUCCESSFUL = "unsuccessful", _("Unsuccessful")


class AwardReasonNotFirst(models.TextChoices):
    DECLINED = "declined", _("Declined")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    NO_SECURITY = "no_security", _("No security")
    VIOLATION = "violation", _("Violation")
    UNQUALIFIED = "unqualified", _("Unqualified")
    OTHER = "other", _("Other")


class ImplementationEventKind(models.TextChoices):
    PERMIT = "permit", _("Permit")
    START = "start", _("Start")
    ATTENDANCE = "attendance", _("Attendance")
    MANAGER_CHANGE = "manager_change", _("Manager change")
    SUBCONTRACT = "subcontract", _("Subcontract")
    PAYMENT = "payment", _("Payment")
    WAGE = "wage", _("Wage")
    SUSPENSION = "suspension", _("Suspension")
    RESUMPTION = "resumption", _("Resumption")
    INSPECTION = "inspection", _("Inspection")
    OTHER = "other", _("Other")


class ImportKind(models.TextChoices):
    OCDS = "ocds", "OCDS"
    WORKBOOK = "workbook", _("Office workbook")
    CSV = "csv", "CSV"


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", pgettext_lazy("import", "Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ChangeAction(models.TextChoices):
    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    ENDED = "ended", _("Ended")


class SearchKind(models.TextChoices):
    PROJECT = "project", _("Dossier")
    PARTY = "party", _("Party")
