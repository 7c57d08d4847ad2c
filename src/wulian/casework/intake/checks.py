"""The check-list for admission: what the machine sees of the six points; a person decides (REFERENCE D.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake import blind
from wulian.casework.intake.choices import OBJECTION_FIRST, Admission, Relation, Topic
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.selectors import filing_limit
from wulian.casework.intake.similar import similar_matters
from wulian.core.files.models import StoredFile
from wulian.information.registry.choices import ObjectionTarget
from wulian.information.registry.models import Bid, Objection, Party

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

DECIDED = ("C13", "C14", "C15", "C90")
OBJECTED_TO = {
    Topic.PREQUALIFICATION: ObjectionTarget.PREQUALIFICATION_DOCUMENTS,
    Topic.DOCUMENTS: ObjectionTarget.BIDDING_DOCUMENTS,
    Topic.OPENING: ObjectionTarget.OPENING,
    Topic.EVALUATION: ObjectionTarget.EVALUATION,
}


@dataclass(frozen=True)
class Check:
    """One point: `is_fine` None asks for a person's eye."""

    ground: str
    is_fine: bool | None
    text: str


def admission_checks(complaint: Complaint, user: User) -> list[Check]:
    """Compute what can be computed of the six points, in their order."""
    return [
        _standing(complaint),
        _evidence(complaint),
        _identity(complaint),
        _deadline(complaint),
        _decided_before(complaint, user),
        _objection(complaint),
    ]


def _standing(complaint: Complaint) -> Check:
    stated = complaint.get_relation_display() if complaint.relation else _("not stated")
    says = _("States to be: %(relation)s") % {"relation": stated}
    if complaint.relation == Relation.PUBLIC:
        return Check("no_interest", False, says)
    bids = (
        Bid.objects.filter(ended_at=None, project=complaint.project_id)
        if complaint.project_id
        else Bid.objects.none()
    )
    if complaint.lot_id:
        bids = bids.filter(lot=complaint.lot_id)
    bidders = Party.objects.filter(Q(pk__in=bids.values("tenderer")) | Q(pk__in=bids.values("consortium")))
    names = [name for pair in bidders.values_list("name", "uscc") for name in pair]
    if names and blind.is_one_of(names, complaint.receipt):
        return Check("no_interest", True, _("%(says)s; is among the bidders on file.") % {"says": says})
    if names:
        says = _("%(says)s; is not among the bidders on file.") % {"says": says}
    return Check("no_interest", None, says)


def _evidence(complaint: Complaint) -> Check:
    files = StoredFile.objects.for_object(complaint).count()
    if not complaint.evidence and not files:
        return Check("not_specific", False, _("No evidence and no lead is named."))
    return Check(
        "not_specific", None, _("Facts, request and leads are given, %(n)s files; read them.") % {"n": files}
    )


def _identity(complaint: Complaint) -> Check:
    if complaint.receipt.is_anonymous:
        return Check("no_identity", False, _("Anonymous."))
    if blind.lacks_representative(complaint.receipt):
        text = _("A unit without a legal representative; check signature and seal.")
        return Check("no_identity", None, text)
    return Check("no_identity", True, _("Identity is in the vault."))


def _deadline(complaint: Complaint) -> Check:
    limit, received = filing_limit(complaint), timezone.localdate(complaint.received_at)
    text = _("10 days until %(due)s, received %(received)s") % {
        "due": limit.due if limit else "—",
        "received": received,
    }
    return Check("too_late", limit is not None and received <= limit.due, text)


def _decided_before(complaint: Complaint, user: User) -> Check:
    similar = similar_matters(complaint, user)
    same = [one.matter for one in similar if "project" in one.grounds]
    decided = [one for one in same if isinstance(one, Complaint) and _is_decided(one)]
    own = next((one for one in decided if blind.is_same_reporter(complaint.receipt, one.receipt)), None)
    if own is not None:
        text = _("%(number)s of the same complainant has been decided; look for new evidence.")
        return Check("already_decided", False, text % {"number": own.number})
    text = _("%(n)s other matters about this project and party") % {"n": len(similar)}
    return Check("already_decided", None if decided else True, text)


def _is_decided(complaint: Complaint) -> bool:
    return complaint.state in DECIDED and complaint.admission == Admission.ACCEPTED


def _objection(complaint: Complaint) -> Check:
    if complaint.topic not in OBJECTION_FIRST:
        return Check("objection_first", True, _("No objection is needed for this subject."))
    if complaint.objection_on:
        text = _("Objection raised on %(day)s") % {"day": complaint.objection_on}
        return Check("objection_first", True, text)
    rows = Objection.objects.filter(
        ended_at=None, project=complaint.project_id, target=OBJECTED_TO[Topic(complaint.topic)]
    )
    known = rows.count() if complaint.project_id else 0
    text = _("No objection is named; the platform has %(n)s for this project.") % {"n": known}
    return Check("objection_first", None if known else False, text)
