"""A tender document and the bids of four bidders as Word; the second and third share what honest bids do not.

The fourth has a passage of another bidder's earlier bid, which is plain text.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from importlib.resources import files

import docx

SHARING = (1, 2)
"""Which of the four share two passages, private changes to a clause, and an author."""
REUSING = 3
"""Which of the four has the words of the earlier bid."""
AUTHOR = "刘工（预算部）"
_OWN_AUTHORS = ("周志远", AUTHOR, AUTHOR, "郭思敏")
_MORE = 4
"""Clauses of the tender document that every bid repeats."""


def tender_word(*, lot: str) -> bytes:
    """Return the tender document as Word."""
    return _word(list(_tender(lot)), author="代理机构", title=f"{lot}招标文件", number=0)


def bid_word(number: int, *, lot: str, bidder: str) -> bytes:
    """Return the technical part of the bid with this number (0 to 3) as Word."""
    sections = _sections()
    clauses = [line for line in _tender(lot) if line[:1].isdigit()]
    lines = [f"# {lot}施工组织设计", f"投标人：{bidder}（盖章）", "## 第一节 对招标文件的响应"]
    lines += clauses[:_MORE]
    lines += ["## 第二节 施工部署", *sections[str(number)]]
    if number in SHARING:
        lines += ["## 第三节 工期与环境保证措施", *sections["shared"]]
    if number == REUSING:
        lines += ["## 第三节 交通组织", *sections["reused"]]
    return _word(lines, author=_OWN_AUTHORS[number], title="施工组织设计", number=number + 1)


def earlier_text(number: int, *, lot: str, bidder: str) -> bytes:
    """Return one of two bids (0 or 1) of an earlier lot as plain text; the first has the passage that is used again."""
    lines = [f"{lot}施工组织设计", f"投标人：{bidder}（盖章）", *_sections()[("reused", "earlier")[number]]]
    return "\n".join(lines).encode()


def _tender(lot: str) -> Iterator[str]:
    text = (files(__package__) / "tender.txt").read_text(encoding="utf-8")
    yield from (line for line in text.format(lot=lot).splitlines() if line)


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = (files(__package__) / "bids.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("=== "):
            own = found.setdefault(line[4:], [])
        elif line:
            own.append(line)
    return found


def _word(lines: list[str], *, author: str, title: str, number: int) -> bytes:
    file = docx.Document()
    file.core_properties.author = file.core_properties.last_modified_by = author
    file.core_properties.title = title
    moment = dt.datetime(2026, 3, 2, 9, 0) + dt.timedelta(days=number, hours=number, minutes=7 * number)
    file.core_properties.created = moment
    file.core_properties.modified = moment + dt.timedelta(days=3, hours=2 * number)
    for line in lines:
        if line.startswith("#"):
            file.add_heading(line.lstrip("# "), level=1 if line.startswith("# ") else 2)
        else:
            file.add_paragraph(line)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
