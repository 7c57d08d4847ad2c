"""What the dialogue asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wulian.casework.dialogue.permissions import AUTHORITY, OFFICE
from wulian.casework.dialogue.selectors import follow_ups_for, number_waiting, waiting_for
from wulian.core.ui.worklist import LIMIT, SEARCHED, Duty, Rest

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

KIND = _("Messages of reporters")


def duties(user: User) -> Iterator[Duty | Rest]:
    """Matters whose reporter waits for an answer, for which the law sets no time, and reporters to be asked about retaliation."""
    if not user.has_role(*OFFICE, *AUTHORITY):
        return
    found = waiting_for(user, LIMIT + 1)
    if len(found) > LIMIT:
        yield Rest(KIND, number_waiting(user), reverse("intake:complaints"))
    for waiting in found[:LIMIT]:
        title = ngettext(
            "%(n)d message of the reporter waits for an answer",
            "%(n)d messages of the reporter wait for an answer",
            waiting.count,
        )
        yield Duty(
            title=title % {"n": waiting.count},
            subject_label=f"{waiting.matter.number} {waiting.matter.project_name}",
            url=f"{waiting.matter.get_absolute_url()}#dialogue",
            action=_("Answer"),
            severity="yellow",
            kind=KIND,
        )
    for due in follow_ups_for(user, SEARCHED):
        yield Duty(
            title=_now("Ask the reporter about retaliation, %(days)d days after the feedback")
            % {"days": due.days},
            subject_label=f"{due.tip_off.number} {due.tip_off.project_name}",
            url=f"{due.tip_off.get_absolute_url()}#dialogue",
            due=due.until,
            action=_("Follow up"),
            severity="yellow",
            kind=KIND,
        )
