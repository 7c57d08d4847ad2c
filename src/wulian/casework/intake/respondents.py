"""Several 被投诉人: one a line, read into name, credit code, address and contact (REFERENCE D.1, 投诉处理办法 第七条)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.force.officers.parties import plain_name

AT_MOST: Final = 20
LONGEST: Final = 300
PARTS: Final = re.compile(r"[;；|｜\t]")
CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
LIKE_CODE: Final = re.compile(r"[0-9A-Za-z]{15,}")
CONTACT: Final = re.compile(r"[-+()（） 0-9转]{7,}|\S+@\S+")


@dataclass(frozen=True)
class NamedRespondent:
    """One party complained of, as it was written; all but the name may be empty."""

    name: str
    uscc: str = ""
    address: str = ""
    contact: str = ""

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return plain_name(self.name)[:LONGEST]


def read_respondents(text: str, *, first: str = "") -> list[NamedRespondent]:
    """Read one party a line, its parts parted by semicolons: the name, then code, address and contact in any order.

    `first` is the party named before them. Raises Refusal for `other_respondents` naming the line that cannot be read, or
    that names a party again.
    """
    lines = [(place, line.strip()) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > AT_MOST:
        raise _refusal(_("expected at most %(n)d parties.") % {"n": AT_MOST}, AT_MOST + 1)
    found: list[NamedRespondent] = []
    known = {plain_name(first)} - {""}
    for place, line in lines:
        one = _read_line(place, line)
        if one.key in known:
            raise _refusal(_("%(name)s is named twice.") % {"name": one.name}, place)
        known.add(one.key)
        found.append(one)
    return found


def _read_line(place: int, line: str) -> NamedRespondent:
    name, *parts = (part.strip() for part in PARTS.split(line))
    if not 2 <= len(name) <= LONGEST:
        raise _refusal(_("it begins with the full name of the person or unit."), place)
    one = NamedRespondent(name)
    for part in filter(None, parts):
        field = _kind_of(part, place)
        if getattr(one, field):
            raise _refusal(_("“%(part)s” cannot be read; expected name; credit code; address; contact.") % {"part": part}, place)  # fmt: skip
        one = replace(one, **{field: part.upper() if field == "uscc" else part[:LONGEST]})
    return one


def _kind_of(part: str, place: int) -> str:
    if CODE.fullmatch(part.upper()):
        return "uscc"
    if CONTACT.fullmatch(part):
        return "contact"
    if LIKE_CODE.fullmatch(part):
        raise _refusal(_("“%(part)s” is not a unified social credit code of 18 characters.") % {"part": part}, place)  # fmt: skip
    return "address"


def _refusal(message: str, place: int) -> Refusal:
    text = _("Further parties, line %(n)d: %(message)s") % {"n": place, "message": message}
    return Refusal(text, field="other_respondents")
