"""What points and the credit record ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case
from wulian.casework.credit.choices import TO_PUSH, OutboxState, PointState
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.services.points import CONFIRMERS
from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import by_first_due, clock_status
from wulian.core.ui.worklist import Duty, Rest, pressing

if TYPE_CHECKING:
    from django.db import models

    from wulian.core.accounts.models import User

PUBLICATION = "PC-20"


def duties(user: User) -> Iterator[Duty | Rest]:
    """Yield publications to approve, answers to enter, points to propose, to notify of and to confirm."""
    if user.has_role(Role.DISPATCHER):
        yield from _records(user)
    yield from _events(user)
    if user.has_role(Role.CASE_OFFICER):
        yield from _unscored(user)


def _records(user: User) -> Iterator[Duty | Rest]:
    waiting = {OutboxState.DRAFT, OutboxState.RETURNED, *TO_PUSH}
    rows = OutboxRecord.objects.visible_to(user).filter(state__in=waiting).select_related("case")
    records, rest = pressing(rows, _any, kind=_("Credit"), url=reverse("credit:outbox"))
    clocks = _clocks(Case, PUBLICATION, [record.case_id for record, _true in records])
    in_force = calendar() if clocks else None
    titles: dict[str, Any] = {
        OutboxState.DRAFT: _("Approve the publication of a decision"),
        OutboxState.RETURNED: _("A credit record was returned"),
    }
    for record, _true in records:
        clock = clocks.get(record.case_id)
        yield Duty(
            title=titles.get(record.state, _("Enter the answer of the credit platform")),
            subject_label=f"{record.decision_no} · {record.case.cause}",
            url=record.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            severity="orange" if record.state == OutboxState.RETURNED else "",
            kind=_("Credit"),
        )
    yield from rest


def _any(_row: Any) -> bool:
    """Every row that was asked for is a duty."""
    return True


def _events(user: User) -> Iterator[Duty | Rest]:
    mine = Q(pk__in=())
    if user.has_role(*CONFIRMERS):
        mine |= Q(state=PointState.NOTIFIED) & ~Q(proposed_by_id=user.pk)
    if user.has_role(Role.CASE_OFFICER, Role.DISPATCHER):
        mine |= Q(state=PointState.PROPOSED, proposed_by_id=user.pk)
    rows = by_first_due(PointEvent.objects.visible_to(user).filter(mine).select_related("party"))
    events, rest = pressing(rows, _any, kind=_("Credit"), url=reverse("credit:events"))
    clocks = _clocks(PointEvent, "points.statement", [event.pk for event, _true in events])
    in_force = calendar() if clocks else None
    for event, _true in events:
        proposed = event.state == PointState.PROPOSED
        clock = clocks.get(event.pk)
        yield Duty(
            title=_("Notify the party of points") if proposed else _("Confirm points"),
            subject_label=f"{event.party} · {event.rule_code} · {event.points}",
            url=event.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            kind=_("Credit"),
        )
    yield from rest


def _unscored(user: User) -> Iterator[Duty | Rest]:
    """Cases of one's own whose decision was served and has no points yet."""
    rows = Case.objects.filter(
        lead__assignments__officer__user_id=user.pk, lead__assignments__ended_on=None,
        decision__kind="penalty", decision__revoked_on=None, point_events=None,
    ).exclude(decision__served_on=None)  # fmt: skip
    cases, rest = pressing(rows.distinct(), _any, kind=_("Credit"), url=reverse("cases:cases"))
    for case, _true in cases:
        yield Duty(
            title=_("Propose points"),
            subject_label=f"{case.case_no} · {case.cause}",
            url=case.get_absolute_url() + "#panel-credit",
            action=_("Propose points"),
            kind=_("Credit"),
        )
    yield from rest


def _clocks(model: type[models.Model], kind: str, ids: list[int]) -> dict[int, Clock]:
    rows = Clock.objects.running().filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=ids, kind=kind
    )
    return {clock.object_id: clock for clock in rows.prefetch_related("suspensions")}
