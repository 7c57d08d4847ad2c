"""What an alert asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.templatetags.ui import severity_code
from wulian.core.ui.worklist import Duty
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.alerts.permissions import next_action

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LIMIT = 200
_TITLES = {
    "review": _("Review an exclusion"),
    "accept": _("Accept an alert"),
    "judge": _("Judge an alert"),
    "close": _("Close a referred alert"),
    "dispatch": _("Dispatch an alert"),
}
_BUTTONS = {
    "review": _("Review the exclusion"),
    "accept": _("Accept the alert"),
    "judge": _("Judge the alert"),
    "close": _("Close the alert"),
    "dispatch": _("Dispatch the alert"),
}


def duties(user: User) -> Iterator[Duty]:
    """Yield the alerts that wait for this user, the gravest first."""
    alerts = list(_waiting(user).select_related("department")[:LIMIT])
    clocks = _first_clocks([alert.pk for alert in alerts])
    in_force = calendar() if clocks else None
    for alert in alerts:
        action = next_action(alert, user)
        if not action:
            continue
        clock = clocks.get(alert.pk)
        yield Duty(
            title=_TITLES[action],
            subject_label=str(alert),
            url=alert.get_absolute_url(),
            due=(clock.due_at or clock.due) if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_BUTTONS[action],
            severity=severity_code(alert.severity),
            kind=_("Alert"),
        )


def _waiting(user: User) -> QuerySet[Alert]:
    """The alerts whose next step may be this user's, by indexed columns only."""
    mine = Q(pk__in=())
    own = Q(department_id=user.department_id) if user.department_id else Q(pk__in=())
    if user.has_role(Role.CASE_OFFICER):
        mine |= own & Q(state=AlertState.DISPATCHED, assignee=None)
        mine |= Q(state__in=(AlertState.DISPATCHED, AlertState.JUDGING), assignee=user)
    if user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD):
        mine |= own & Q(state=AlertState.REVIEW)
    if user.has_role(Role.SECTION_HEAD):
        mine |= own & Q(state=AlertState.JUDGING, assignee=user)
    if user.has_role(Role.DISPATCHER):
        mine |= Q(state=AlertState.NEW)
    return Alert.objects.visible_to(user).filter(mine)


def _first_clocks(ids: list[int]) -> dict[int, Clock]:
    running = Clock.objects.running().filter(
        content_type=ContentType.objects.get_for_model(Alert), object_id__in=ids
    )
    found: dict[int, Clock] = {}
    for clock in running.prefetch_related("suspensions"):
        found.setdefault(clock.object_id, clock)
    return found
