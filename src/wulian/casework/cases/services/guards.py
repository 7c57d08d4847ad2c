"""The guards that stand before a step, each a sentence (REFERENCE E.1)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Assignment, Case, Lead
from wulian.core.accounts.models import User
from wulian.core.config.errors import Forbidden, Refusal
from wulian.force.officers.models import Officer
from wulian.force.officers.services import CheckedOfficer, check_officers
from wulian.office.jurisdiction.choices import RuleType
from wulian.office.jurisdiction.selectors import competent_authority


def current_assignments(lead: Lead) -> list[Assignment]:
    """Return who works on a lead and its case now."""
    return list(
        Assignment.objects.current().filter(lead=lead).select_related("officer__user", "officer__authority")
    )


def is_assigned(lead: Lead, user: User) -> bool:
    """Say whether the user is one of the officers of the matter."""
    return Assignment.objects.current().filter(lead=lead, officer__user_id=user.pk).exists()


def require_assigned(lead: Lead, user: User) -> None:
    """Only an officer of this matter may go on: raises Forbidden for anybody else."""
    if not is_assigned(lead, user):
        raise Forbidden(_("Only an officer who is assigned to this matter may do this."))


def require_own_authority(record: Lead | Case, user: User) -> None:
    """Only people of the competent authority: raises Forbidden for another department's."""
    if record.authority_id is None or user.department_id != record.authority_id:
        raise Forbidden(
            _("This is for %(authority)s, whose case it is.") % {"authority": record.authority or "—"}
        )


def require_not_investigator(lead: Lead, user: User) -> None:
    """Who reviews or decides did not investigate (行政处罚法 第五十七条、第五十八条、第六十四条第四项)."""
    if Assignment.objects.filter(lead=lead, officer__user_id=user.pk).exists():
        raise Forbidden(_("You investigated this case, so another person has to review and decide it."))


def check_power(record: Lead | Case) -> None:
    """The jurisdiction list names this authority for this violation, sector and region today (REFERENCE 0.6).

    Raises Refusal when the list has no entry, more than one, or names another authority.
    """
    found = competent_authority(
        violation_code=record.violation_code,
        sector=record.sector,
        region_code=record.region_code,
        on=timezone.localdate(),
        type=RuleType.PENALTY,
    )
    if found.pk != record.authority_id:
        raise Refusal(
            _("Authority: the jurisdiction list names %(found)s for this matter, not %(held)s.")
            % {"found": found, "held": record.authority},
            field="authority",
        )


def check_team(record: Lead | Case, officers: Iterable[Officer] | None = None) -> list[CheckedOfficer]:
    """At least two officers may act today in this matter (行政处罚法 第四十二条、第四十三条); returns their certificates.

    Without `officers`, those who are assigned are checked. Raises Refusal naming each officer and the reason.
    """
    lead = record if isinstance(record, Lead) else record.lead
    if record.authority is None:
        raise Refusal(_("Authority: it is not decided yet who is competent."), field="authority")
    if officers is None:
        officers = [item.officer for item in current_assignments(lead)]
    return check_officers(
        officers=officers,
        authority=record.authority,
        sector=record.sector,
        region_code=record.region_code,
        on=timezone.localdate(),
        parties=[record.party] if record.party else [],
    )


def check_not_future(day: object, field: str) -> None:
    """Raise Refusal for a day that has not come."""
    if day > timezone.localdate():  # type: ignore[operator]
        raise Refusal(_("The day %(day)s is in the future.") % {"day": day}, field=field)
