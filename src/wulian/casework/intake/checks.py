"""The check-list for admission: what the machine sees of the six points; a person decides (REFERENCE D.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
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
    if blind.is_one_of(_names(_bidders(complaint)), complaint.receipt):
        return Check("no_interest", True, _("%(says)s; is among the bidders on file.") % {"says": says})
    if blind.is_one_of(_names(_objectors(complaint)), complaint.receipt):
        return Check("no_interest", True, _("%(says)s; raised an objection on file.") % {"says": says})
    if complaint.relation == Relation.BIDDER and _bidders(complaint).exists():
        text = _(
            "%(says)s; is neither among the bidders nor the objectors on file; ask for proof that the documents were obtained."
        )
        return Check("no_interest", None, text % {"says": says})
    return Check("no_interest", None, _("%(says)s; ask for proof of a direct interest.") % {"says": says})


def _bidders(complaint: Complaint) -> QuerySet[Party]:
    """Who bid for the lot or project, members of consortia too."""
    bids = _of_the_matter(Bid, complaint)
    return Party.objects.filter(Q(pk__in=bids.values("tenderer")) | Q(pk__in=bids.values("consortium")))


def _objectors(complaint: Complaint) -> QuerySet[Party]:
    """Who objected: potential bidders and other interested parties (招标投标法 第六十五条), also without a bid."""
    return Party.objects.filter(pk__in=_of_the_matter(Objection, complaint).values("objector"))


def _of_the_matter(model: type[Bid | Objection], complaint: Complaint) -> QuerySet[Any]:
    if complaint.project_id is None:
        return model.objects.none()
    rows = model.objects.filter(ended_at=None, project=complaint.project_id)
    return rows.filter(lot=complaint.lot_id) if complaint.lot_id else rows


def _names(parties: QuerySet[Party]) -> list[str]:
    return [name for pair in parties.values_list("name", "uscc") for name in pair]


def _evidence(complaint: Complaint) -> Check:
    files = StoredFile.objects.for_object(complaint).count()
    if not complaint.evidence and not files:
        return Check("not_specific", False, _("No evidence and no lead is named."))
    return Check(
        "not_specific",
        None,
        _("Facts, request and leads are given, %(n)s files; read them.") % {"n": files}
        + (_(" What is in a foreign language needs a Chinese translation.") if files else ""),
    )


def _identity(complaint: Complaint) -> Check:
    if complaint.receipt.is_anonymous:
        return Check("no_identity", False, _("Anonymous."))
    if complaint.has_agent:
        return _agent(complaint)
    if blind.lacks_representative(complaint.receipt):
        text = _("A unit without a legal representative; check signature and seal.")
        return Check("no_identity", None, text)
    return Check("no_identity", True, _("Identity is in the vault."))


def _agent(complaint: Complaint) -> Check:
    """An agent needs the 授权委托书 with matters, authority and period (投诉处理办法 第十条); without it, ask for it."""
    received, start, end = timezone.localdate(complaint.received_at), complaint.agent_from, complaint.agent_to
    if not complaint.agent_mandate:
        text = _("Made by an agent without the letter of authorisation; ask for it to be handed in.")
        return Check("no_identity", False, text)
    if start is None or end is None or not complaint.agent_matters:
        text = _("Made by an agent; the letter of authorisation (%(which)s) is to state matters, authority and period: ask for what is missing.")  # fmt: skip
        return Check("no_identity", False, text % {"which": complaint.agent_mandate})
    given = {"which": complaint.agent_mandate, "start": start, "end": end, "received": received}
    if not start <= received <= end:
        text = _(
            "Made by an agent authorised from %(start)s to %(end)s, received %(received)s: outside that period."
        )
        return Check("no_identity", False, text % given)
    text = _("Made by an agent authorised from %(start)s to %(end)s; read the letter of authorisation (%(which)s), check signature and seal.")  # fmt: skip
    return Check("no_identity", None, text % given)


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
