"""The report of a comparison: JSON for machines, pages for people.

``report.json`` (schema ``wulian.compare/2``) holds everything; ``passages.jsonl``, ``tender.jsonl``, ``deviations.jsonl`` and
``findings.jsonl`` hold one finding a line; ``index.html`` shows all pairs, ``pairs/*.html`` two bids side by side, ``report.pdf`` what
goes into the file. Offsets count characters of the extracted text, ends exclusive.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from wulian.analysis.similarity.analysis import Analysis
from wulian.analysis.similarity.comparison import Place, Shared, SharedDeviation
from wulian.analysis.similarity.files import Problem, ReadFile
from wulian.analysis.similarity.findings import CHECKS, LEVELS, STATES
from wulian.analysis.similarity.pairs import Pair

SCHEMA = "wulian.compare/2"
METHOD = "逐字比对（8字种子、编辑距离对齐）、256位感知哈希、属性和机器码相等、清单逐项统计检验；判定标准见 docs/compare.zh.md"
KIND_TITLES = {
    "exact": "逐字相同",
    "formatted": "仅标点空格不同",
    "edited": "改动后相同",
    "reordered": "语句换序",
}
CONTEXT = 400
"""Characters shown before and after a passage."""


@dataclass(frozen=True)
class Extraction:
    """The record of the extraction: when (ISO 8601), by whom, and from which system the files came (REFERENCE C.5)."""

    started_at: str
    finished_at: str
    operators: tuple[str, ...] = ()
    source_system: str = ""


def write_report(
    out: Path,
    analysis: Analysis,
    *,
    bids: Sequence[ReadFile],
    sources: Sequence[ReadFile],
    problems: Sequence[Problem],
    extraction: Extraction,
) -> None:
    """Write the report into the folder `out`, which is made."""
    (out / "pairs").mkdir(parents=True, exist_ok=True)
    comparison = analysis.comparison
    files = {file.name: file for file in (*sources, *bids)}
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "version": version("wulian"),
        "extraction": {**asdict(extraction), "tool": f"wulian compare {version('wulian')}", "method": METHOD},
        "tender": [_file(file) for file in sources],
        "bids": [_file(file) for file in bids],
        "problems": [{"name": problem.name, "message": problem.message} for problem in problems],
        "pairs": [_pair(pair) for pair in analysis.pairs],
        "findings": [finding.to_json() for finding in analysis.findings],
        "price_tests": analysis.tests,
        "notes": analysis.notes,
        "passages": [_passage(one, files) for one in comparison.passages],
        "deviations": [_deviation(one, files) for one in comparison.deviations],
    }
    (out / "report.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    _write_lines(out / "passages.jsonl", (_flat(one, "a", "b") for one in comparison.passages))
    _write_lines(out / "tender.jsonl", (_flat(one, "source", "file") for one in comparison.from_sources))
    _write_lines(out / "deviations.jsonl", whole["deviations"])
    _write_lines(out / "findings.jsonl", whole["findings"])
    _write_pages(out, analysis, files, bids=bids, sources=sources, problems=problems, whole=whole)


def _file(file: ReadFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "bidder": file.bidder,
        "sha256": file.sha256,
        "sm3": file.sm3,
        "size": file.size,
        "format": file.format,
        "pages": file.pages,
        "characters": len(file.content),
        "properties": {kind: list(values) for kind, values in file.traces.properties.items()},
        "pictures": len(file.traces.pictures),
        "bill_items": sum(len(bill.items) for bill in file.bills),
        "notes": [*(file.document.notes if file.document else ()), *file.traces.notes],
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
        "findings": [finding.check for finding in pair.standing],
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
    analysis: Analysis,
    files: Mapping[str, ReadFile],
    *,
    bids: Sequence[ReadFile],
    sources: Sequence[ReadFile],
    problems: Sequence[Problem],
    whole: Mapping[str, Any],
) -> None:
    pages = Environment(
        loader=PackageLoader("wulian.analysis.similarity"), autoescape=True, undefined=StrictUndefined
    )
    pages.globals.update(
        kinds=KIND_TITLES, version=whole["version"], checks=CHECKS, levels=LEVELS, states=STATES
    )
    bidders = list(dict.fromkeys(file.bidder for file in bids))
    pairs = analysis.pairs
    index = pages.get_template("index.html").render(
        bidders=bidders,
        pairs=pairs,
        cells={(pair.a, pair.b): pair for pair in pairs} | {(pair.b, pair.a): pair for pair in pairs},
        findings=analysis.findings,
        notes=analysis.notes,
        extraction=whole["extraction"],
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
