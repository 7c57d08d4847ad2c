"""立案: the officers propose, the section head endorses and names two officers, the head of the authority approves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from wulian.casework.cases.models import Assignment, Case, Evidence, Lead
from wulian.casework.cases.parameters import LIMITATION_YEARS
from wulian.casework.cases.selectors import suggest_law
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.clocks import follow_step, start_first_periods
from wulian.casework.cases.services.guards import (
    check_power,
    check_team,
    current_assignments,
    require_assigned,
    require_not_investigator,
    require_own_authority,
)
from wulian.casework.cases.services.numbers import next_case_number
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.calendars import calendar
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify
from wulian.force.officers.models import Officer
from wulian.information.registry.choices import PartyKind
from wulian.law.instruments import instruments
from wulian.law.periods import Unit, due_date
from wulian.law.violations import violation


def request_filing(
    *,
    actor: User,
    lead: Lead,
    opinion: str,
    facts: str,
    cause: str,
    conduct_place: str,
    party_identifier: str,
    party_address: str,
    party_representative: str = "",
    party_contact: str = "",
    provisions: str = "",
    penalty_basis: str = "",
    limitation_ground: str = "",
) -> Case:
    """Propose to file a case on a checked lead (行政处罚法 第五十四条); it stands in 立案审批 without a number yet.

    `provisions` and `penalty_basis` are articles, one a line; without them those of the rule or of the catalogue are taken.

    Raises Forbidden unless an officer of the lead asks; Refusal without a party, a violation, the day of the conduct, evidence,
    when the law was not in force on that day, or the limitation has passed and no ground against it is named.
    """
    require_assigned(lead, actor)
    check_event(subject=lead, event="propose_filing", actor=actor, note=opinion)
    _check_ripe(lead)
    assert lead.conduct_date is not None
    check_law_in_force(lead.violation_code, lead.conduct_date)
    _check_limitation(lead, limitation_ground)
    check_power(lead)
    _check_words(lead, facts, cause, party_identifier)
    duty, basis = suggest_law(lead)
    with transaction.atomic():
        case = Case(
            lead=lead,
            state="P01",
            authority=lead.authority,
            party=lead.party,
            party_identifier=party_identifier.strip(),
            party_address=party_address.strip(),
            party_representative=party_representative.strip(),
            party_contact=party_contact.strip(),
            project=lead.project,
            lot=lead.lot,
            violation_code=lead.violation_code,
            cause=cause.strip()[:300],
            provisions=provisions.strip() or duty or basis,
            penalty_basis=penalty_basis.strip() or basis,
            facts=facts.strip(),
            conduct_date=lead.conduct_date,
            conduct_place=conduct_place.strip(),
            limitation_ground=limitation_ground.strip(),
            sector=lead.sector,
            region_code=lead.region_code,
            proposed_by=actor,
            proposal_note=opinion.strip(),
        )
        case.save()
        step = apply_event(
            subject=lead, event="propose_filing", actor=actor, note=opinion, data={"case": case.pk},
            verb="cases.filing_proposed",
        )  # fmt: skip
        follow_step(subject=lead, step=step, actor=actor)
        record_event(actor=actor, verb="cases.filing_proposed", subject=case, summary=str(case))
        start_first_periods(subject=case, actor=actor)
        _tell(case, Role.SECTION_HEAD, _("A filing waits for your endorsement: %(case)s"))
    return case


def endorse_filing(*, actor: User, case: Case, opinion: str, officers: Iterable[Officer]) -> Case:
    """Endorse a proposal as section head and name at least two officers who may act today (行政处罚法 第四十二条)."""
    require_own_authority(case, actor)
    check_event(subject=case, event="endorse_filing", actor=actor, note=opinion)
    if actor.pk == case.proposed_by_id:
        raise Refusal(
            _("The proposal is endorsed by another person than the one who made it."), field="opinion"
        )
    with transaction.atomic():
        _set_officers(actor, case, list(officers), _("Named when the filing was endorsed"))
        case.endorsed_by, case.endorsement = actor, opinion.strip()
        case.save(update_fields=["endorsed_by", "endorsement"])
        step = apply_event(
            subject=case,
            event="endorse_filing",
            actor=actor,
            note=opinion,
            data={"officers": [str(item) for item in current_assignments(case.lead)]},
            verb="cases.filing_endorsed",
        )
        follow_step(subject=case, step=step, actor=actor)
        _tell(case, Role.AUTHORITY_HEAD, _("A filing waits for your approval: %(case)s"))
    return case


def approve_filing(*, actor: User, case: Case, opinion: str) -> Case:
    """File the case as head of its authority: number, 立案审批表, and the 90 days of 行政处罚法 第六十条.

    Raises Refusal when the section head has not endorsed it, the jurisdiction list names nobody or another authority, or fewer
    than two of its officers may act today; Forbidden for another authority's head or one who investigated.
    """
    require_own_authority(case, actor)
    check_event(subject=case, event="approve_filing", actor=actor, note=opinion)
    require_not_investigator(case.lead, actor)
    if case.endorsed_by_id is None:
        raise Refusal(_("The section head has not endorsed the filing yet."), field="state")
    if case.endorsed_by_id == actor.pk:
        raise Refusal(_("Who endorsed the filing does not approve it too."), field="opinion")
    if not opinion.strip():
        raise Refusal(_("Opinion: expected the words for the approval form."), field="opinion")
    check_power(case)
    team = check_team(case)
    with transaction.atomic():
        case.year, case.number, case.case_no = next_case_number(case.authority)
        case.filed_on = timezone.localdate()
        case.save(update_fields=["year", "number", "case_no", "filed_on"])
        step = apply_event(
            subject=case, event="approve_filing", actor=actor, note=opinion, data={"case_no": case.case_no},
            verb="cases.filed",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
        _close_lead(case, actor)
        papers.issue(
            case, "W03", papers.filing_approval(case, head=actor, opinion=opinion), actor=actor, officers=team
        )
        notify(
            users=[item.officer.user for item in team],
            title=_("Your case was filed: %(case)s") % {"case": case},
            url=case.get_absolute_url(),
        )
    return case


def reject_filing(*, actor: User, case: Case, reason: str) -> Case:
    """Refuse to file as head of the authority; the lead goes back to its check and may be proposed anew."""
    require_own_authority(case, actor)
    check_event(subject=case, event="reject_filing", actor=actor, note=reason)
    with transaction.atomic():
        step = apply_event(
            subject=case, event="reject_filing", actor=actor, note=reason, verb="cases.filing_rejected"
        )
        follow_step(subject=case, step=step, actor=actor)
        papers.issue_general(case, "W04", actor=actor, body=[reason], fields={"线索编号": case.lead.lead_no})
        back = apply_event(
            subject=case.lead, event="return_filing", actor=actor, note=reason, verb="cases.filing_rejected"
        )
        follow_step(subject=case.lead, step=back, actor=actor)
    return case


def assign_officers(*, actor: User, case: Case, officers: Iterable[Officer], reason: str) -> Case:
    """Change the officers of a case as section head of its authority; those who leave keep their record."""
    require_role(actor, Role.SECTION_HEAD)
    require_own_authority(case, actor)
    if case.is_finished:
        raise Refusal(_("The case has ended."), field="state")
    if not reason.strip():
        raise Refusal(_("Reason: say why the officers change."), field="reason")
    with transaction.atomic():
        _set_officers(actor, case, list(officers), reason.strip())
    return case


def check_law_in_force(violation_code: str, on: date) -> None:
    """The provisions that are applied were in force when the party acted; raises Refusal naming one that was not."""
    row = violation(violation_code)
    for provision in (*row.duty, *row.provisions):
        known = instruments().get(provision.instrument)
        if known is not None and known.in_force_on(on) is False:
            raise Refusal(
                _("Date of the conduct: %(law)s was not in force on %(day)s.")
                % {"law": known.title, "day": on.isoformat()},
                field="conduct_date",
            )


def _check_ripe(lead: Lead) -> None:
    needed: list[tuple[Any, str, str]] = [
        (lead.authority, "authority", _("Authority: it is not decided yet who is competent.")),
        (lead.party, "party", _("Party: name the party before a case is proposed.")),
        (lead.violation_code, "violation_code", _("Violation: choose the violation of the catalogue.")),
        (lead.conduct_date, "conduct_date", _("Date of the conduct: it decides which law applies.")),
    ]
    for value, field, sentence in needed:
        if not value:
            raise Refusal(sentence, field=field)
    if not Evidence.objects.filter(lead=lead, struck_at=None).exists():
        raise Refusal(_("Evidence: a case is proposed on evidence; add at least one item."), field="evidence")


def _check_words(lead: Lead, facts: str, cause: str, identifier: str) -> None:
    if not facts.strip():
        raise Refusal(_("Facts: expected what was found."), field="facts")
    if not cause.strip():
        raise Refusal(_("Cause: expected a short name of the conduct."), field="cause")
    if (
        lead.party is not None
        and lead.party.kind != PartyKind.PERSON
        and not uscc.is_valid(identifier.strip())
    ):
        raise Refusal(
            _("Identifier: %(code)s is no unified social credit code (18 characters with a check digit).")
            % {"code": identifier or "—"},
            field="party_identifier",
        )


def _check_limitation(lead: Lead, ground: str) -> None:
    """行政处罚法 第三十六条: not discovered within two years, no penalty."""
    assert lead.conduct_date is not None
    end = due_date(lead.conduct_date, LIMITATION_YEARS, Unit.YEAR, calendar(), roll_forward=False).due
    if timezone.localdate(lead.received_at) > end and not ground.strip():
        raise Refusal(
            _("The limitation passed on %(day)s, before the conduct was found; name why it has not (continuing conduct, five-year case).")
            % {"day": end.isoformat()},
            field="limitation_ground",
        )  # fmt: skip


def _set_officers(actor: User, case: Case, officers: list[Officer], reason: str) -> None:
    checked = check_team(case, officers)
    wanted = {item.officer.pk: item for item in checked}
    held = {item.officer_id: item for item in current_assignments(case.lead)}
    today = timezone.localdate()
    gone = [item for pk, item in held.items() if pk not in wanted]
    for item in gone:
        item.ended_on, item.end_reason = today, reason[:300]
        item.save(update_fields=["ended_on", "end_reason"])
    new = [item for pk, item in wanted.items() if pk not in held]
    Assignment.objects.bulk_create(
        Assignment(
            lead=case.lead, officer=item.officer, certificate_no=item.certificate_no, assigned_by=actor
        )
        for item in new
    )
    if gone or new:
        record_event(
            actor=actor,
            verb="cases.officers_assigned",
            subject=case,
            summary="、".join(f"{item.name}（{item.certificate_no}）" for item in checked),
            data={"reason": reason, "ended": [item.officer.name for item in gone]},
        )
        notify(
            users=[item.officer.user for item in new],
            title=_("You were assigned to a case: %(case)s") % {"case": case},
            url=case.get_absolute_url(),
        )


def _close_lead(case: Case, actor: User) -> None:
    step = apply_event(
        subject=case.lead,
        event="approve_filing",
        actor=actor,
        data={"case": case.pk},
        verb="cases.lead_filed",
    )
    follow_step(subject=case.lead, step=step, actor=actor)


def _tell(case: Case, role: Role, title: str) -> None:
    people = User.objects.with_role(role).filter(department=case.authority)
    notify(users=people, title=title % {"case": case}, url=case.get_absolute_url())
