"""Two texts side by side with what they share marked, and the matrix of all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wulian.information.comparison.models import Pair, Passage, Run

CONTEXT = 400
"""Characters shown before and after a passage."""
LARGEST_MATRIX = 24
"""Bidders up to which each pair is a cell with its number; more are a map of small coloured cells."""
SHADES = 8


@dataclass(frozen=True)
class Side:
    """One file of a bidder with its marks."""

    name: str
    text: SafeString


@dataclass(frozen=True)
class ShownPassage:
    """A passage with its words and what the tender says, as the table below the texts shows it."""

    passage: Passage
    words: str
    clause: str
    changes: list[tuple[str, str]]


def names_of(passages: Iterable[Passage]) -> set[str]:
    """The files in which passages stand."""
    places = (place for one in passages for place in (one.a, one.b, one.clause) if place)
    return {place["file"] for place in places}


def sides(passages: Sequence[Passage], texts: Mapping[str, str]) -> tuple[list[Side], list[Side]]:
    """Return the files of both bidders with the passages marked."""
    return _side([(one, one.a) for one in passages], texts), _side([(one, one.b) for one in passages], texts)


def shown_passages(passages: Iterable[Passage], texts: Mapping[str, str]) -> list[ShownPassage]:
    """Return the passages with their words."""
    return [
        ShownPassage(
            one,
            _words(one.a, texts),
            _words(one.clause, texts) if one.clause else "",
            [(before, after) for before, after in one.changes],
        )
        for one in passages
    ]


def matrix(run: Run, pairs: Iterable[Pair]) -> list[tuple[int, str, list[Pair | None]]]:
    """Return a row a bidder: its number, its name, and its pair with each bidder (None with itself and where nothing is shared)."""
    cells: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        cells[pair.a, pair.b] = cells[pair.b, pair.a] = pair
    return [
        (number, row, [cells.get((row, column)) for column in run.bidders])
        for number, row in enumerate(run.bidders, 1)
    ]


@dataclass(frozen=True)
class HeatMap:
    """All pairs of many bidders as one triangle; bidders that share nothing with anybody are left out of it and counted."""

    numbers: list[int]
    rows: list[tuple[int, str, SafeString]]
    left_out: int


def heat_map(run: Run, pairs: Iterable[Pair], *, linked: bool) -> HeatMap:
    """Return a row of cells a bidder, below the diagonal; the darker, the more text is shared. Cells lead to their pair if `linked`."""
    cells = {frozenset((pair.a, pair.b)): pair for pair in pairs}
    sharing = {name for both in cells for name in both}
    shown = [(number, name) for number, name in enumerate(run.bidders, 1) if name in sharing]
    rows = []
    for place, (number, name) in enumerate(shown):
        others = ((other, cells.get(frozenset((name, column)))) for other, column in shown[:place])
        rows.append(
            (
                number,
                name,
                format_html_join("", "{}", ((_cell(number, other, pair, linked),) for other, pair in others)),
            )
        )
    return HeatMap([number for number, _name in shown], rows, len(run.bidders) - len(shown))


def _cell(number: int, other: int, pair: Pair | None, linked: bool) -> SafeString:
    if pair is None:
        return format_html("<td></td>")
    shade = min(SHADES, 1 + int(pair.containment * SHADES))
    strong = " cp-deemed" if pair.is_deemed else ""
    title = f"{other} × {number} {pair.share or pair.level}"
    inner = (
        format_html('<a href="{}" title="{}" aria-label="{}"></a>', pair.get_absolute_url(), title, title)
        if linked
        else ""
    )
    return format_html(
        '<td class="cp-h{}{}" title="{}">{}</td>', shade, strong, "" if linked else title, inner
    )


def _words(place: Mapping[str, int | str], texts: Mapping[str, str]) -> str:
    return texts.get(str(place["file"]), "")[int(place["start"]) : int(place["end"])]


def _side(places: list[tuple[Passage, Mapping[str, int | str]]], texts: Mapping[str, str]) -> list[Side]:
    marks: dict[str, list[tuple[int, int, Passage]]] = defaultdict(list)
    for passage, place in places:
        marks[str(place["file"])].append((int(place["start"]), int(place["end"]), passage))
    return [Side(name, _marked(texts.get(name, ""), own)) for name, own in sorted(marks.items())]


def _marked(text: str, marks: list[tuple[int, int, Passage]]) -> SafeString:
    """Return the text with its passages marked; where passages overlap, a mark belongs to all of them and looks like the rarest."""
    cuts = sorted({position for start, end, _passage in marks for position in (start, end)})
    pieces = [(_shortened(text, 0, cuts[0] if cuts else len(text), is_first=True, is_last=not cuts),)]
    for start, end in pairwise(cuts):
        own = sorted((one for first, last, one in marks if first <= start < last), key=lambda one: one.number)
        if own:
            mark = '<mark class="cp-mark cp-{}" data-n="{}" tabindex="0">{}</mark>'
            numbers = " ".join(str(one.number) for one in own)
            pieces.append((format_html(mark, own[0].kind, numbers, text[start:end]),))
        else:
            pieces.append((_shortened(text, start, end),))
    if cuts:
        pieces.append((_shortened(text, cuts[-1], len(text), is_last=True),))
    return format_html_join("", "{}", pieces)


def _shortened(
    text: str, start: int, end: int, *, is_first: bool = False, is_last: bool = False
) -> SafeString:
    """Return what stands between two marks, without what is far from both."""
    if end - start <= 3 * CONTEXT:
        return conditional_escape(text[start:end])
    before = "" if is_first else text[start : start + CONTEXT]
    after = "" if is_last else text[end - CONTEXT : end]
    left_out = end - start - len(before) - len(after)
    return format_html(
        '{}<span class="cp-gap">{}</span>{}',
        before,
        _("… %(n)s characters …") % {"n": f"{left_out:,}"},
        after,
    )


def evidence_by_bidder(
    evidence: Iterable[Mapping[str, object]],
) -> list[tuple[str, list[Mapping[str, object]]]]:
    """Group what stands where by bidder, in the order in which it was found."""
    rows = sorted(evidence, key=lambda one: str(one["bidder"]))
    return [(bidder, list(own)) for bidder, own in groupby(rows, key=lambda one: str(one["bidder"]))]
