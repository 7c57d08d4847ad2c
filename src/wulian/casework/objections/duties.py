"""What watched objections ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.objections.choices import WatchState
from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.permissions import abilities
from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.worklist import Duty, Rest, pressing

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def objection_duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the objections that were not answered or not suspended for, to the heads who can order it."""
    if not user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD):
        return
    missed = WatchedObjection.objects.visible_to(user).filter(state=WatchState.MISSED, ordered_at=None)
    related = missed.select_related("project", "lot").prefetch_related("clocks__suspensions")
    watches, rest = pressing(
        related,
        lambda watch: abilities(watch, user)["order"] or None,
        kind=_("Objection"),
        url=reverse("objections:list"),
    )
    in_force = None
    for watch, _may in watches:
        clock = next((clock for clock in watch.clocks.all() if clock.is_running), None)
        in_force = in_force or calendar()
        yield Duty(
            title=_("Order a procuring entity to answer an objection"),
            subject_label=str(watch),
            url=watch.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_("Order"),
            severity="red",
            kind=_("Objection"),
        )
    yield from rest
