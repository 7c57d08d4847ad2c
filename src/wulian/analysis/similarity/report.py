"""The report of a comparison: JSON for machines, pages for people.

``report.json`` (schema ``wulian.compare/1``) holds everything; ``passages.jsonl``, ``tender.jsonl`` and ``deviations.jsonl`` hold one
finding a line; ``index.html`` shows all pairs, ``pairs/*.html`` two bids side by side. Offsets count characters of the extracted
text, ends exclusive.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from wulian.analysis.similarity.comparison import Comparison, Place, Shared, SharedDeviation
from wulian.analysis.similarity.files import Problem, ReadFile

SCHEMA = "wulian.compare/1"
KIND_TITLES = {
    "exact": "逐字相同",
    "formatted": "仅标点空格不同",
    "edited": "改动后相同",
    "reordered": "语句换序",
}
LONG_BLOCK = 300
CONTEXT = 400
"""Characters shown before and after a passage."""
STRONG, WEAK = 0.6, 0.3
"""Containment from which identical text is a strong or a weak hint (REFERENCE C.4, T-1); a block of 300 letters is strong."""


@dataclass(frozen=True)
class Pair:
    """What two bidders share; `containment` is shared letters over the shorter bid's letters that are its own."""

    number: int
    a: str
    b: str
    passages: list[Shared]
    deviations: list[SharedDeviation]
    containment: float

    @property
    def matched(self) -> int:
        """Return how many letters are shared."""
        return sum(one.matched for one in self.passages)

    @property
    def level(self) -> str:
        """Return 强提示, 提示 or 关注; none of them is evidence before a person has tested the exclusions."""
        longest = max((one.matched for one in self.passages), default=0)
        if self.containment >= STRONG or longest >= LONG_BLOCK or self.deviations:
            return "强提示"
        return "提示" if self.containment >= WEAK else "关注"


def write_report(
    out: Path,
    comparison: Comparison,
    *,
    bids: Sequence[ReadFile],
    sources: Sequence[ReadFile],
    problems: Sequence[Problem],
) -> list[Pair]:
    """Write the report into the folder `out`, which is made; returns the pairs that share something, most first."""
    (out / "pairs").mkdir(parents=True, exist_ok=True)
    files = {file.name: file for file in (*sources, *bids)}
    pairs = _pairs(comparison, bids)
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "version": version("wulian"),
        "tender": [_file(file) for file in sources],
        "bids": [_file(file) for file in bids],
        "problems": [{"name": problem.name, "message": problem.message} for problem in problems],
        "pairs": [_pair(pair) for pair in pairs],
        "passages": [_passage(one, files) for one in comparison.passages],
        "deviations": [_deviation(one, files) for one in comparison.deviations],
    }
    (out / "report.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    _write_lines(out / "passages.jsonl", (_flat(one, "a", "b") for one in comparison.passages))
    _write_lines(out / "tender.jsonl", (_flat(one, "source", "file") for one in comparison.from_sources))
    _write_lines(out / "deviations.jsonl", whole["deviations"])
    _write_pages(out, pairs, files, bids=bids, sources=sources, problems=problems, version=whole["version"])
    return pairs


def _pairs(comparison: Comparison, bids: Sequence[ReadFile]) -> list[Pair]:
    bidder = {file.name: file.bidder for file in bids}
    passages: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    deviations: dict[tuple[str, str], list[SharedDeviation]] = defaultdict(list)
    for shared in comparison.passages:
        passages[_key(bidder, shared.a, shared.b)].append(shared)
    for deviation in comparison.deviations:
        deviations[_key(bidder, deviation.a, deviation.b)].append(deviation)
    own = _own_letters(comparison, bids)
    found = []
    for a, b in {**passages, **deviations}:
        shared_ones = sorted(passages.get((a, b), []), key=lambda one: -one.matched)
        containment = sum(one.matched for one in shared_ones) / max(1, min(own[a], own[b]))
        found.append((a, b, shared_ones, deviations.get((a, b), []), min(1.0, containment)))
    found.sort(key=lambda one: (-one[4], -len(one[3]), one[0], one[1]))
    return [Pair(number, *one) for number, one in enumerate(found, start=1)]


def _key(bidder: Mapping[str, str], a: Place, b: Place) -> tuple[str, str]:
    first, second = sorted((bidder[a.name], bidder[b.name]))
    return first, second


def _own_letters(comparison: Comparison, bids: Sequence[ReadFile]) -> dict[str, int]:
    """Return how many letters of each bidder do not come from the tender document or the library."""
    own: dict[str, int] = defaultdict(int)
    bidder = {file.name: file.bidder for file in bids}
    for file in bids:
        own[file.bidder] += comparison.letters[file.name]
    for copied in comparison.from_sources:
        own[bidder[copied.b.name]] -= copied.matched
    return own


def _file(file: ReadFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "bidder": file.bidder,
        "sha256": file.sha256,
        "format": file.format,
        "pages": file.pages,
        "characters": len(file.content),
        "notes": list(file.document.notes) if file.document else [],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "a": pair.a,
        "b": pair.b,
        "level": pair.level,
        "containment": round(pair.containment, 6),
        "matched": pair.matched,
        "passages": len(pair.passages),
        "deviations": len(pair.deviations),
        "page": f"pairs/{pair.number:04d}.html",
    }


def _place(place: Place, files: Mapping[str, ReadFile]) -> dict[str, Any]:
    page, paragraph = files[place.name].place(place.start)
    return {"file": place.name, "start": place.start, "end": place.end, "page": page, "paragraph": paragraph}


def _passage(one: Shared, files: Mapping[str, ReadFile]) -> dict[str, Any]:
    return {
        "a": _place(one.a, files),
        "b": _place(one.b, files),
        "kind": one.kind,
        "matched": one.matched,
        "edits": one.edits,
        "parts": [[a.start, a.end, b.start, b.end] for a, b in one.parts],
    }


def _deviation(one: SharedDeviation, files: Mapping[str, ReadFile]) -> dict[str, Any]:
    return {
        "a": _place(one.a, files),
        "b": _place(one.b, files),
        "clause": _place(one.clause, files),
        "changes": [{"tender": before, "bids": after} for before, after in one.changes],
    }


def _flat(one: Shared, first: str, second: str) -> dict[str, Any]:
    return {
        first: one.a.name,
        f"{first}_start": one.a.start,
        f"{first}_end": one.a.end,
        second: one.b.name,
        f"{second}_start": one.b.start,
        f"{second}_end": one.b.end,
        "kind": one.kind,
        "matched": one.matched,
    }


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_pages(
    out: Path,
    pairs: Sequence[Pair],
    files: Mapping[str, ReadFile],
    *,
    bids: Sequence[ReadFile],
    sources: Sequence[ReadFile],
    problems: Sequence[Problem],
    version: str,
) -> None:
    pages = Environment(
        loader=PackageLoader("wulian.analysis.similarity"), autoescape=True, undefined=StrictUndefined
    )
    pages.globals.update(kinds=KIND_TITLES, version=version)
    bidders = list(dict.fromkeys(file.bidder for file in bids))
    index = pages.get_template("index.html").render(
        bidders=bidders,
        pairs=pairs,
        cells={(pair.a, pair.b): pair for pair in pairs} | {(pair.b, pair.a): pair for pair in pairs},
        bids=bids,
        sources=sources,
        problems=problems,
    )
    (out / "index.html").write_text(index, encoding="utf-8")
    template = pages.get_template("pair.html")
    for pair in pairs:
        page = template.render(pair=pair, **_sides(pair, files))
        (out / "pairs" / f"{pair.number:04d}.html").write_text(page, encoding="utf-8")


def _sides(pair: Pair, files: Mapping[str, ReadFile]) -> dict[str, Any]:
    """Return both texts with what they share marked, and where each passage stands."""
    marks: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for number, passage in enumerate(pair.passages, start=1):
        for place in (passage.a, passage.b):
            marks[place.name].append((place.start, place.end, number, passage.kind))
    for number, deviation in enumerate(pair.deviations, start=len(pair.passages) + 1):
        for place in (deviation.a, deviation.b):
            marks[place.name].append((place.start, place.end, number, "deviation"))
    side = {"a": [], "b": []}  # type: dict[str, list[tuple[str, Markup]]]
    for name in sorted(marks):
        file = files[name]
        side["a" if file.bidder == pair.a else "b"].append((name, _marked(file.content, marks[name])))
    return {
        "left": side["a"],
        "right": side["b"],
        "where": lambda place: files[place.name].place(place.start),
        "text": lambda place: files[place.name].content[place.start : place.end],
    }


def _marked(text: str, marks: list[tuple[int, int, int, str]]) -> Markup:
    """Return the text around the marks, each stretch in a mark; where two overlap, the later one begins after the earlier."""
    pieces, at = [], 0
    for start, end, number, kind in sorted(marks):
        start = max(start, at)
        if end <= start:
            continue
        pieces.append(_shortened(text, at, start))
        pieces.append(Markup('<mark class="{}" data-n="{}">{}</mark>').format(kind, number, text[start:end]))
        at = end
    pieces.append(_shortened(text, at, len(text)))
    return Markup("").join(pieces)


def _shortened(text: str, start: int, end: int) -> Markup:
    """Return what stands between two marks, without the middle when it is long."""
    if end - start <= 3 * CONTEXT:
        return escape(text[start:end])
    return Markup('{}<span class="soft">\n……（略{}字）……\n</span>{}').format(
        text[start : start + CONTEXT], f"{end - start - 2 * CONTEXT:,}", text[end - CONTEXT : end]
    )
