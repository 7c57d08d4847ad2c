"""Reading points and credit records: accounts, levels, what the public may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils import timezone

from wulian.casework.credit.choices import OutboxState
from wulian.casework.credit.models import OutboxRecord, PointEvent, PointEventQuerySet
from wulian.core.accounts.models import User
from wulian.exchange.credit_record import read_row
from wulian.information.registry.models import Party
from wulian.law.points import Level, scheme


@dataclass(frozen=True)
class PointAccount:
    """The sum of the points that count on a day, and its level. It weighs inspections; it never creates a ban."""

    total: int
    level: Level
    on: date


def account_of(party: Party, on: date | None = None) -> PointAccount:
    """Return the account of a party on a day: events in force, each for the months of the scheme."""
    day = on or timezone.localdate()
    return accounts_of([party.pk], day)[party.pk]


def accounts_of(party_ids: Iterable[int], on: date | None = None) -> Mapping[int, PointAccount]:
    """Return the accounts of many parties in one query; a party without points has the best level."""
    day, ids = on or timezone.localdate(), list(party_ids)
    rows = PointEvent.objects.counting_on(day).filter(party_id__in=ids).order_by()
    totals = dict(rows.values_list("party_id").annotate(total=Sum("points")))
    table = scheme()
    return {pk: PointAccount(totals.get(pk, 0), table.level_of(totals.get(pk, 0)), day) for pk in ids}


def events_of(party: Party, user: User) -> PointEventQuerySet[PointEvent]:
    """Return the point events of a party that the user may see, newest first."""
    return PointEvent.objects.visible_to(user).filter(party=party).select_related("case", "project")


def public_records(on: date | None = None) -> list[dict[str, str]]:
    """Return the records that are public on a day, without private fields and with natural persons masked, newest first."""
    day = on or timezone.localdate()
    rows = OutboxRecord.objects.filter(
        state__in=[OutboxState.PUSHED, OutboxState.CORRECTING], case__decision__revoked_on=None
    )
    records = [read_row(row.payload) for row in rows.order_by("-id")]
    return [record.public() for record in records if day <= record.CF_GSJZQ]
