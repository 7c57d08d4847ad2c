"""The first lines of a service: whose complaint it is, who investigates it, and who must not have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.guards import require_authority
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.force.officers.models import Officer
from wulian.force.officers.services import CheckedOfficer, check_officers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wulian.core.accounts.models import Department, User


def authority_of(complaint: Complaint) -> Department:
    """Return the competent authority; raises Refusal for a complaint that has not been dispatched."""
    if complaint.authority is None:
        raise Refusal(_("The complaint has not been given to an authority yet."))
    return complaint.authority


def investigators(complaint: Complaint) -> list[Officer]:
    """Return the officers who investigate now."""
    ids = [one["officer"] for one in complaint.officers]
    found = {row.pk: row for row in Officer.objects.filter(pk__in=ids).select_related("user", "authority")}
    return [found[pk] for pk in ids if pk in found]


def is_investigator(complaint: Complaint, user: User) -> bool:
    """Say whether the user investigates this complaint now."""
    ids = [one["officer"] for one in complaint.officers]
    return bool(ids) and Officer.objects.filter(pk__in=ids, user_id=user.pk).exists()


def ever_investigated(complaint: Complaint, user: User) -> bool:
    """Say whether the user investigates this complaint or ever did."""
    ids = {one["officer"] for one in complaint.officers}
    changes = ProcedureStep.objects.for_object(complaint).filter(event="change_officers")
    for data in changes.values_list("data", flat=True):
        ids.update(data.get("before", []))
    return bool(ids) and Officer.objects.filter(pk__in=ids, user_id=user.pk).exists()


def require_investigator(user: User, complaint: Complaint) -> None:
    """Raise Forbidden unless the user is one of the officers who investigate this complaint."""
    require_authority(user, complaint)
    if not is_investigator(complaint, user):
        raise Forbidden(_("Only an officer who investigates this complaint may do this."))


def require_independent(user: User, complaint: Complaint) -> None:
    """Raise Forbidden for others than the authority's people, and for who has investigated this complaint."""
    require_authority(user, complaint)
    if ever_investigated(complaint, user):
        raise Forbidden(_("You investigated this complaint, so another person has to review and decide it."))


def check_team(complaint: Complaint, officers: Iterable[Officer] | None = None) -> list[CheckedOfficer]:
    """At least two officers may act today, none with a recusal (投诉处理办法 第十三条、第十五条 [M]; 行政处罚法 第四十二条).

    Without `officers`, those who investigate are checked. Raises Refusal naming each officer and the reason.
    """
    return check_officers(
        officers=investigators(complaint) if officers is None else officers,
        authority=authority_of(complaint),
        sector=complaint.sector,
        region_code=complaint.region_code,
        on=timezone.localdate(),
        parties=complaint.respondents,
    )


def check_past(day: date, field: str) -> None:
    """Raise Refusal for a day that has not come."""
    if day > timezone.localdate():
        raise Refusal(
            _("The day %(day)s is in the future; enter it when it has come.") % {"day": day}, field=field
        )


def check_words(text: str, field: str, label: str, *, at_least: int = 1) -> str:
    """Return the text without the space around it; raises Refusal naming the field when it is too short."""
    text = text.strip()
    if len(text) < at_least:
        raise Refusal(
            _("%(label)s: expected at least %(n)d characters.") % {"label": label, "n": at_least}, field=field
        )
    return text
