"""What the pages and the services of watched objections read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from wulian.casework.objections.choices import RULES, VIOLATION
from wulian.casework.objections.models import WatchedObjection
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, User
from wulian.core.config.errors import Refusal
from wulian.information.alerts.choices import SubjectKind
from wulian.information.alerts.models import Alert, AlertQuerySet
from wulian.information.registry.models import Party
from wulian.office.jurisdiction.choices import RuleType
from wulian.office.jurisdiction.selectors import competent_authority


def alerts_about(watches: Iterable[WatchedObjection]) -> AlertQuerySet:
    """Return the alerts of the four rules on the lots of these objections that still hold or were judged."""
    lots = [str(watch.lot_id) for watch in watches]
    return Alert.objects.filter(
        rule_id__in=RULES, subject_kind=SubjectKind.LOT, subject_id__in=lots, cleared_at=None
    )


def authority_for(watch: WatchedObjection) -> Department | None:
    """Return the supervisory authority of this project, who also decides complaints (招标投标法实施条例 第六十条), or None."""
    try:
        return competent_authority(
            type=RuleType.COMPLAINT,
            violation_code=VIOLATION,
            sector=watch.project.sector,
            region_code=watch.project.region_code[:6],
            on=timezone.localdate(watch.received_at),
        )
    except Refusal:
        return None


def procuring_entity_of(watch: WatchedObjection) -> Party | None:
    """Return to whom the objection was made: the tender's procuring entity, else the owner of the project."""
    return watch.lot.tender.procuring_entity or watch.project.owner


def recipients_of(watch: models.Model, with_heads: bool) -> list[User]:
    """Who is told that the period of an answer runs out: the competent authority's officers, then its heads and the office's."""
    assert isinstance(watch, WatchedObjection)
    people, authority = User.objects.prefetch_related("role_grants"), authority_for(watch)
    found = []
    if authority is not None:
        roles = [Role.CASE_OFFICER, Role.SECTION_HEAD] if with_heads else [Role.CASE_OFFICER]
        found += people.filter(department=authority).with_role(*roles)
    if with_heads or not found:
        found += people.with_role(Role.DISPATCHER, Role.OFFICE_HEAD)
    rows = WatchedObjection.objects.filter(pk=watch.pk)
    return [user for user in found if rows.visible_to(user).exists()]
