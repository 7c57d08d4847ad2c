"""Registering and classifying what came in, and giving it to the authority that the jurisdiction list names (C02, C03, L02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import Topic
from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.competence import first_receiver
from wulian.casework.intake.services.guards import require_sight
from wulian.casework.intake.services.minimising import check_outgoing
from wulian.casework.intake.services.notices import take_back, tell
from wulian.casework.intake.services.referring import send_referral
from wulian.casework.intake.services.sheets import order_sheets
from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import changes_between, record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.information.registry.choices import Sector
from wulian.information.registry.models import Party, Project
from wulian.law.regions import region_chain
from wulian.law.violations import violations
from wulian.office.consultations.selectors import decision_on_competence
from wulian.office.jurisdiction.choices import RuleType
from wulian.office.jurisdiction.selectors import Answer, who_is_competent

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

CLASSIFIED = (
    "topic",
    "project_id",
    "sector",
    "region_code",
    "respondent_id",
    "accused_department_id",
    "violation_code",
)


@dataclass(frozen=True)
class Classification:
    """How a clerk understands a matter; the reporter's own words stay as they are."""

    topic: str
    sector: str
    region_code: str
    project: Project | None = None
    respondent: Party | None = None
    accused_department: Department | None = None
    violation_code: str = ""
    other_received_on: date | None = None


@dataclass(frozen=True)
class Route:
    """To which authority a matter goes, the sentence that says why, and the item of the list when one decided."""

    authority: Department
    reason: str
    item_no: str = ""


def register_matter(*, actor: User, matter: Matter, classification: Classification, note: str = "") -> Matter:
    """Register and classify a matter on the day it came in (C01 → C02, L01 → L02).

    Raises Forbidden for who is not a clerk or may not see it, Refusal for a sector, region or violation that does not exist.
    """
    require_sight(actor, matter)
    check_event(subject=matter, event="register", actor=actor, note=note)
    _check(classification)
    before = {name: getattr(matter, name) for name in CLASSIFIED}
    with transaction.atomic():
        matter.topic, matter.sector = classification.topic, classification.sector
        matter.region_code, matter.project = classification.region_code, classification.project
        matter.respondent = classification.respondent or matter.respondent
        matter.accused_department = classification.accused_department or matter.accused_department
        matter.violation_code = classification.violation_code
        if isinstance(matter, Complaint):
            matter.other_received_on = classification.other_received_on
        matter.registered_by, matter.registered_at = actor, timezone.now()
        # The step locks the row and refuses when somebody else was first.
        apply_event(subject=matter, event="register", actor=actor, note=note)
        matter.save()
        take_back(matter)
        clocks.start_dispatch_clock(matter=matter, actor=actor)
        record_event(
            actor=actor,
            verb="intake.registered",
            subject=matter,
            summary=matter.number,
            changes=changes_between(before, {name: getattr(matter, name) for name in CLASSIFIED}),
        )
        order_sheets(matter)
        tell(matter, roles=[Role.DISPATCHER], title=_("To dispatch: %(number)s") % {"number": matter.number})
    return matter


def propose_authority(matter: Matter) -> Answer:
    """Return the authority the jurisdiction list names for a complaint about this project on the day of receipt.

    Raises Refusal when the list has no item or more than one (then a consultation decides, REFERENCE I.5), or when the
    competent authority is the one complained of.
    """
    if not matter.sector or not matter.region_code:
        raise Refusal(_("Sector and region: expected both before the matter is dispatched."), field="sector")
    answer = who_is_competent(
        type=RuleType.COMPLAINT,
        violation_code=matter.violation_code,
        sector=matter.sector,
        region_code=matter.region_code,
        on=timezone.localdate(matter.received_at),
    )
    if answer.authority.pk in matter.accused_departments():
        raise Refusal(
            _("%(name)s is the department complained of and cannot handle this; take it to a consultation.")
            % {"name": answer.authority},
            field="authority",
        )
    return answer


def propose_route(matter: Matter) -> Route:
    """Return to whom a matter goes and why: who received the same complaint first (CM-2), whom a consultation named, or the list.

    Raises Refusal as `propose_authority` does, and when another body received it first: then it is transferred there.
    """
    first, accused = first_receiver(matter), matter.accused_departments()
    if first is not None and first.is_outside:
        raise Refusal(_("%(reason)s Transfer it there.") % {"reason": first.reason}, field="authority")
    if first is not None and first.authority and first.authority.pk not in accused:
        return Route(first.authority, first.reason)
    if (decided := decision_on_competence(matter)) and decided[0].pk not in accused:
        return Route(decided[0], f"{decided[1].document_number}会商纪要：本事项由{decided[0].name}办理。")
    answer = propose_authority(matter)
    return Route(answer.authority, answer.reason, answer.rule.item_no)


def dispatch_matter(*, actor: User, matter: Matter, note: str = "", summary: str = "") -> Matter:
    """Give a registered matter to the competent authority: a complaint for admission (C03), a tip-off for a check (L05).

    The original day of receipt stays the start of every clock (REFERENCE CM-3). A tip-off is handed on as a lead, which says
    what `summary` says, or what it is about in words of the file. Raises Forbidden for who is not a dispatcher or may not see
    it, Refusal as `propose_route` does, or for a summary that may not go out.
    """
    require_sight(actor, matter)
    event = "assign" if matter.is_complaint else "assign_check"
    check_event(subject=matter, event=event, actor=actor, note=note)
    answer = propose_route(matter)
    if summary:
        summary = check_outgoing(actor=actor, matter=matter, text=summary)
    with transaction.atomic():
        matter.authority, matter.authority_reason = answer.authority, answer.reason[:300]
        matter.dispatched_at = timezone.now()
        apply_event(
            subject=matter,
            event=event,
            actor=actor,
            note=note,
            data={"authority": answer.authority.code, "item": answer.item_no},
        )
        matter.save()
        clocks.stop(matter, clocks.DISPATCH, actor)
        record_event(
            actor=actor,
            verb="intake.dispatched",
            subject=matter,
            summary=f"{matter.number} → {answer.authority.name}",
            data={"authority": answer.authority.code, "item": answer.item_no, "reason": answer.reason},
        )
        _hand_over(actor, matter, summary)
    return matter


def _hand_over(actor: User, matter: Matter, summary: str) -> None:
    """Tell the authority and order the sheet; a tip-off becomes a lead there."""
    order_sheets(matter)
    if isinstance(matter, TipOff):
        clocks.follow_step(tip_off=matter, actor=actor)
        send_referral(matter=matter, actor=actor, summary=summary)
    tell(
        matter,
        roles=[Role.CASE_OFFICER, Role.SECTION_HEAD],
        department=matter.authority,
        title=_("Given to your department: %(number)s") % {"number": matter.number},
        body=matter.project_name,
    )


def _check(classification: Classification) -> None:
    if classification.topic not in Topic.values:
        raise Refusal(_("Subject: choose what it is about."), field="topic")
    if classification.sector not in Sector.values:
        raise Refusal(_("Sector: choose one of the list."), field="sector")
    try:
        region_chain(classification.region_code)
    except ValueError:
        raise Refusal(_("Region code: expected six digits such as 421303."), field="region_code") from None
    if classification.violation_code and classification.violation_code not in violations():
        raise Refusal(_("Violation: not in the penalty catalogue."), field="violation_code")
    accused = classification.accused_department
    if accused is not None and accused.kind == DepartmentKind.REGION:
        raise Refusal(
            _("Department complained of: choose a department, not a region."), field="accused_department"
        )
