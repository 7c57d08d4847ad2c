"""Several alerts handled in one go: what each row would do, and what it did, with its own audit event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import check_event
from wulian.information.alerts.choices import Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.parameters import BULK_LIMIT
from wulian.information.alerts.services.guards import (
    check_accept,
    check_dispatch,
    check_exclude,
    check_refer,
    require_second_person,
)
from wulian.information.alerts.services.handling import (
    accept_alert,
    confirm_exclusion,
    dispatch_alert,
    exclude_alert,
)
from wulian.information.alerts.services.referring import refer_alerts

BULK_ACTIONS: Final = ("accept", "dispatch", "exclude", "confirm", "refer")
Check = Callable[[Alert, User, dict[str, Any]], Any]


@dataclass(frozen=True)
class Row:
    """One alert of a bulk action: done (or possible), or the sentence why not."""

    alert: Alert
    refusal: str = ""

    @property
    def ok(self) -> bool:
        """Whether the action was possible."""
        return not self.refusal


def chosen_alerts(user: User, ids: Iterable[str | int]) -> list[Alert]:
    """Return the alerts ticked that the user may see, the gravest first; raises Refusal for none or for too many."""
    numbers = {
        int(item) for item in ids if str(item).isascii() and str(item).isdigit() and len(str(item)) < 16
    }
    if len(numbers) > BULK_LIMIT:
        raise Refusal(
            _("At most %(limit)d alerts at once; %(n)d are chosen.")
            % {"limit": BULK_LIMIT, "n": len(numbers)},
            field="selected",
        )
    visible = Alert.objects.visible_to(user).filter(pk__in=numbers)
    found = list(
        visible.select_related("project", "lot", "department", "assignee", "first_officer").order_by(
            "rank", "pk"
        )
    )
    if not found:
        raise Refusal(_("Choose at least one alert."), field="selected")
    return found


def preview_bulk(*, action: str, alerts: Sequence[Alert], actor: User, **given: Any) -> list[Row]:
    """Say for each alert whether the action is possible, writing nothing; what the form still asks for counts as given."""
    check = _CHECKS[action]
    return [_checked(check, alert, actor, given) for alert in alerts]


def handle_alerts(*, action: str, alerts: Sequence[Alert], actor: User, **given: Any) -> list[Row]:
    """Do `action` (BULK_ACTIONS) with every alert it is possible for, in one transaction; return a result for each.

    A refused alert is left as it is and says why; `refer` sends all that may go together, to one lead. Raises Refusal when what was
    given fits none of them.
    """
    if action not in BULK_ACTIONS:
        raise Refusal(_("This action is not one of the list."), field="action")
    with transaction.atomic():
        if action == "refer":
            rows = _refer(alerts, actor, given)
        else:
            rows = [_done(action, alert, actor, given) for alert in alerts]
        refused = [row for row in rows if not row.ok]
        if len(refused) == len(rows):
            raise Refusal(refused[0].refusal)
    return rows


def _refer(alerts: Sequence[Alert], actor: User, given: dict[str, Any]) -> list[Row]:
    rows = preview_bulk(action="refer", alerts=alerts, actor=actor, **given)
    together = [row.alert for row in rows if row.ok]
    if together:
        refer_alerts(alerts=together, actor=actor, **given)
    return rows


def _done(action: str, alert: Alert, actor: User, given: dict[str, Any]) -> Row:
    try:
        with transaction.atomic():
            _WRITES[action](alert=alert, actor=actor, **given)
    except Refusal as refusal:
        return Row(alert, refusal.message)
    return Row(alert)


def _checked(check: Check, alert: Alert, actor: User, given: dict[str, Any]) -> Row:
    try:
        check(alert, actor, given)
    except Refusal as refusal:
        return Row(alert, refusal.message)
    return Row(alert)


def _would_dispatch(alert: Alert, actor: User, given: dict[str, Any]) -> None:
    if given.get("department") is None:
        check_event(subject=alert, event="dispatch", actor=actor)
        return
    check_dispatch(alert, actor, given["department"], given.get("assignee"), given.get("note", ""))


def _would_confirm(alert: Alert, actor: User, given: dict[str, Any]) -> None:
    check_event(subject=alert, event="confirm_exclusion", actor=actor)
    require_second_person(alert, actor)


_ASKED = "…"
"""Stands for what the form still asks for while a preview is drawn."""
_CHECKS: Final[dict[str, Check]] = {
    "accept": lambda alert, actor, given: check_accept(alert, actor),
    "dispatch": _would_dispatch,
    "exclude": lambda alert, actor, given: check_exclude(
        alert, actor, given.get("opinion", _ASKED), given.get("basis", _ASKED)
    ),
    "confirm": _would_confirm,
    "refer": lambda alert, actor, given: check_refer(
        alert,
        actor,
        given.get("destination", Destination.INSPECTION),
        given.get("reason", _ASKED),
        given.get("violation_code", ""),
    ),
}
_WRITES: Final[dict[str, Callable[..., Any]]] = {
    "accept": accept_alert,
    "dispatch": dispatch_alert,
    "exclude": exclude_alert,
    "confirm": confirm_exclusion,
}
