"""What the dialogue asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wulian.casework.dialogue.permissions import AUTHORITY, OFFICE
from wulian.casework.dialogue.selectors import waiting_for
from wulian.core.ui.worklist import Duty

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LIMIT = 100
KIND = _("Messages of reporters")


def duties(user: User) -> Iterator[Duty]:
    """Matters whose reporter waits for an answer, one duty a matter; the law sets no time for it."""
    if not user.has_role(*OFFICE, *AUTHORITY):
        return
    for waiting in waiting_for(user, LIMIT):
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
