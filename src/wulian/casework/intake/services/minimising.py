"""What leaves the competent authority says what is to be looked into, never in the reporter's words (REFERENCE D.9, CM-3, L04)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.blind import may_name_reporter
from wulian.casework.intake.likeness import SHORTEST, share_of, shingles
from wulian.casework.intake.models import Matter
from wulian.core.audit.models import AuditEvent
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

VERB: Final = "intake.leak_stopped"
SHORTEST_SUMMARY: Final = 10
COPIED: Final = 0.6
"""Share of a summary that may stand in the letter; above it, it is the letter and not a summary."""
GUESSES: Final = 5
"""How often a day a text of one matter may fail: each answer tells a little of who the reporter is."""


def neutral_summary(matter: Matter) -> str:
    """Return what a matter is about in words of the file: subject, project, party and day, nothing of the letter."""
    day = f"；发生时间：{matter.happened_on:%Y-%m-%d}" if matter.happened_on else ""
    party = f"；被反映对象：{matter.respondent_name}" if matter.respondent_name else ""
    return f"反映事项：{matter.get_topic_display()}；项目：{matter.project_name}{party}{day}。"


def check_outgoing(*, actor: User, matter: Matter, text: str, field: str = "summary") -> str:
    """Return the text, trimmed; raises Refusal when it is missing, is the letter itself, or could name the reporter.

    A text that could name the reporter is written down at once, outside the transaction of the step, and after GUESSES in a
    day no text of this matter is tried any more: nobody finds the reporter by guessing. Call it before the transaction.
    """
    text = text.strip()
    if len(text) < SHORTEST_SUMMARY:
        raise Refusal(_("Summary: write in your own words what is to be checked."), field=field)
    if _guesses(matter) >= GUESSES:
        raise Refusal(
            _("Too many texts of this matter were stopped today; go on tomorrow, or ask discipline."),
            field=field,
        )
    if may_name_reporter(text, matter.receipt):
        record_event(
            actor=actor, verb=VERB, subject=matter, summary=matter.number, data={"characters": len(text)}
        )
        raise Refusal(
            _(
                "Summary: it holds something that could name the reporter; take names, numbers and addresses out."
            ),
            field=field,
        )
    found = shingles(text)
    if len(found) >= SHORTEST and share_of(found, shingles(matter.facts)) > COPIED:
        raise Refusal(_("Summary: these are the reporter's own words; write it anew."), field=field)
    return text


def _guesses(matter: Matter) -> int:
    return AuditEvent.objects.filter(
        verb=VERB,
        subject_type=matter._meta.label_lower,
        subject_id=str(matter.pk),
        occurred_at__gt=timezone.now() - timedelta(days=1),
    ).count()
