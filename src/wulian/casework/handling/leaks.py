"""Whether a text that goes out would give the complainant away (REFERENCE D.9, design rules 3 and 8).

The vault is asked by the platform, not by the person who writes: the answer says where, never what or whose. Since a refusal could
confirm a guess, each one is an audit event, and oversight is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from wulian.casework.intake.blind import details_of
from wulian.casework.intake.masking import MASK, PATTERNS
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

ALIAS: Final = re.compile(r"[RＲ]\s*[-－—]\s*\d{4}\s*[-－—]\s*\d{3,}", re.IGNORECASE)
LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
REGION: Final = re.compile(r"^.*(?:自治区|自治州|省|市|区|县|镇|乡|街道)(?=.{3,})")
SUFFIX: Final = re.compile(r"(?:集团)?(?:股份|有限|责任)*公司$|(?:事务所|工作室|经营部)$")
PLACES: Final = ("湖北省", "湖北", "随州市", "随州", "武汉市", "武汉")
SHORTEST: Final = 2
FRAGMENT: Final = 5
"""Signs of an address in a row that count as naming it."""


def leaks_in(complaint: Complaint, text: str, *, public: bool = True) -> list[int]:
    """Return the positions (from 0) at which a text names the complainant, or shows an identity number, telephone or mail.

    `public` texts may hold no telephone of a house and no alias either; documents between the parties may.
    """
    return sorted({start for start, _end in _spans(complaint, text, public)})


def masked(complaint: Complaint, text: str) -> str:
    """Return a text of the complainant's own without what names a person, for documents that the other side reads."""
    out, done = [], 0
    for start, end in sorted(_spans(complaint, text, False)):
        if end <= done:
            continue
        if start >= done:
            out += [text[done:start], MASK]
        done = end
    return "".join([*out, text[done:]])


def _spans(complaint: Complaint, text: str, public: bool) -> Iterator[tuple[int, int]]:
    """Where something begins and ends that names a person."""
    for pattern in (*PATTERNS.values(), *((LANDLINE, ALIAS) if public else ())):
        yield from (match.span() for match in pattern.finditer(text))
    plain, places = _folded(text)
    for word in _words_of(complaint):
        at = plain.find(word)
        while at >= 0:
            yield places[at], places[at + len(word) - 1] + 1
            at = plain.find(word, at + 1)


def check_leaks(complaint: Complaint, texts: Mapping[str, str], *, actor: User, public: bool = False) -> None:
    """Raise Refusal naming the field and the place when one of `texts` would give the complainant away."""
    for field, text in texts.items():
        if places := leaks_in(complaint, text, public=public):
            _write_down(complaint, actor, field, len(places))
            raise Refusal(
                _("Protection of the complainant: the text names a person or a contact at %(places)s; leave it out.")
                % {"places": "、".join(_place(text, at) for at in places[:3])},
                field=field,
            )  # fmt: skip


def _write_down(complaint: Complaint, actor: User, field: str, count: int) -> None:
    record_event(
        actor=actor,
        verb="handling.leak_stopped",
        subject=complaint,
        summary=field,
        data={"field": field, "places": count},
    )
    tell(
        complaint,
        roles=[Role.DISCIPLINE],
        title=_("A text that names the complainant was stopped: %(number)s") % {"number": complaint.number},
    )


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    sign = at - (text.rfind("\n", 0, at) + 1) + 1
    return _("line %(line)d, character %(sign)d") % {"line": line, "sign": sign}


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without space and punctuation, full-width forms folded, and where each sign stood."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign).lower():
            if one.isalnum():
                signs.append(one)
                places.append(at)
    return "".join(signs), places


def _words_of(complaint: Complaint) -> Iterator[str]:
    """What the vault holds, as it would be recognised; nothing for an anonymous receipt."""
    for name, value in details_of(complaint.receipt).items():
        if name == "kind" or not isinstance(value, str) or not value.strip():
            continue
        for word in _recognised(name, value):
            folded = _folded(word)[0]
            if len(folded) >= SHORTEST:
                yield folded


def _recognised(name: str, value: str) -> Iterator[str]:
    yield value
    if name == "address":
        rest = _folded(REGION.sub("", value))[0]
        yield from (rest[at : at + FRAGMENT] for at in range(max(1, len(rest) - FRAGMENT + 1)))
    elif name == "name" and SUFFIX.search(value):
        core = SUFFIX.sub("", value)
        for place in PLACES:
            core = core.removeprefix(place)
        if len(core) >= 4:
            yield core
