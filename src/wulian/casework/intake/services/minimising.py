"""What leaves the competent authority never names the reporter, and says a thing in other words than the reporter's (REFERENCE D.9, CM-3, L04).

Each no to a text tells a little of what the vault holds. So the answer says where only what everybody can see stands (numbers,
accounts); of a word of the vault it says no more than the field, to who has no opening of the identity; each such no is an
audit event and told to discipline at once; and after GUESSES of them in a day the vault is not asked any more for this matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.likeness import SHORTEST, share_of, shingles
from wulian.casework.intake.models import IdentityOpening, Matter
from wulian.casework.intake.naming import Span, contacts_in, names_in
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
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
"""How often a day a text of one matter may hold a word of the vault."""


def neutral_summary(matter: Matter) -> str:
    """Return what a matter is about in words of the file: subject, project, party and day, nothing of the letter."""
    day = f"；发生时间：{matter.happened_on:%Y-%m-%d}" if matter.happened_on else ""
    party = f"；被反映对象：{matter.respondent_names}" if matter.respondent_names else ""
    return f"反映事项：{matter.get_topic_display()}；项目：{matter.project_name}{party}{day}。"


def check_outgoing(*, actor: User, matter: Matter, text: str, field: str = "summary") -> str:
    """Return a summary, trimmed; raises Refusal when it is missing, is the letter itself, or as `check_texts` does."""
    text = text.strip()
    if len(text) < SHORTEST_SUMMARY:
        raise Refusal(_("Summary: write in your own words what is to be checked."), field=field)
    check_texts(actor=actor, matter=matter, texts={field: text})
    found = shingles(text)
    if len(found) >= SHORTEST and share_of(found, shingles(matter.facts)) > COPIED:
        raise Refusal(_("Summary: these are the reporter's own words; write it anew."), field=field)
    return text


def check_texts(*, actor: User, matter: Matter, texts: Mapping[str, str], public: bool = False) -> None:
    """Raise Refusal naming the first field of `texts` that could name the reporter, or when too many did today.

    Call it before the transaction of the step: what was stopped is written down whatever becomes of the step.
    """
    knows = IdentityOpening.objects.of(matter).in_force().filter(requested_by=actor).exists()
    if not knows and _guesses(matter) >= GUESSES:
        raise Refusal(
            _(
                "Too many texts of this matter were stopped today; go on tomorrow, or ask for an opening of the identity."
            ),
            field=next(iter(texts)),
        )
    for field, text in texts.items():
        if contacts := contacts_in(text, public=public):
            raise Refusal(
                _("Protection of the reporter: the text shows a number or an account at %(places)s; leave it out.")
                % {"places": _places(text, contacts)},
                field=field,
            )  # fmt: skip
        if names := names_in(matter.receipt, text):
            _write_down(actor, matter, field, len(text))
            raise Refusal(_answer(_places(text, names) if knows else ""), field=field)


def _answer(places: str) -> str:
    if places:
        return _("Protection of the reporter: the text names the reporter at %(places)s; leave it out.") % {
            "places": places
        }
    return _(
        "Protection of the reporter: the text holds something that could name the reporter; take names, numbers and addresses out."
    )


def _write_down(actor: User, matter: Matter, field: str, length: int) -> None:
    record_event(
        actor=actor,
        verb=VERB,
        subject=matter,
        summary=matter.number,
        data={"field": field, "characters": length},
    )
    tell(
        matter,
        roles=[Role.DISCIPLINE],
        title=_("A text that names the reporter was stopped: %(number)s") % {"number": matter.number},
    )


def _places(text: str, spans: Iterable[Span]) -> str:
    return "、".join(_place(text, start) for start in sorted({start for start, _end in spans})[:3])


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    sign = at - (text.rfind("\n", 0, at) + 1) + 1
    return _("line %(line)d, character %(sign)d") % {"line": line, "sign": sign}


def _guesses(matter: Matter) -> int:
    return AuditEvent.objects.filter(
        verb=VERB,
        subject_type=matter._meta.label_lower,
        subject_id=str(matter.pk),
        occurred_at__gt=timezone.now() - timedelta(days=1),
    ).count()
