"""What the comparison puts on a worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wulian.core.ui.worklist import Duty, Rest, pressing
from wulian.information.comparison.permissions import DECIDERS, may_check
from wulian.information.comparison.selectors import waiting_by_lot

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

_KIND = _("Comparison of bids")


def duties(user: User) -> Iterator[Duty | Rest]:
    """One duty a lot: its findings wait to be verified, or some wait for the decision of a head."""
    if not (may_check(user) or user.has_role(*DECIDERS)):
        return
    lots, rest = pressing(
        waiting_by_lot(user), lambda lot: _title(lot, user), kind=_KIND, url=reverse("comparison:findings")
    )
    for lot, title in lots:
        yield Duty(
            title=title,
            subject_label=f"{lot.project.name} · {lot.name}",
            url=f"{reverse('comparison:findings')}?lot={lot.pk}",
            due=timezone.localdate(),
            action=_("Verify"),
            severity="red" if lot.deemed else "yellow",
            kind=_KIND,
        )
    yield from rest


def _title(lot: Any, user: User) -> str | None:
    if lot.deciding and user.has_role(*DECIDERS):
        return ngettext(
            "%(n)d finding between bidders waits for a decision",
            "%(n)d findings between bidders wait for a decision",
            lot.deciding,
        ) % {"n": lot.deciding}
    if may_check(user) and lot.waiting > lot.deciding:
        return ngettext(
            "%(n)d finding between bidders is to be verified",
            "%(n)d findings between bidders are to be verified",
            lot.waiting - lot.deciding,
        ) % {"n": lot.waiting - lot.deciding}
    return None
