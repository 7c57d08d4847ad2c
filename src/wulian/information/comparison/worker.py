"""The child process that reads and compares the files of one job: limits first, then the analysis; it knows no database.

``python -m wulian.information.comparison.worker FOLDER`` reads ``FOLDER/job.json``, ``FOLDER/files`` and ``FOLDER/records``, tells its
progress as lines of JSON, and leaves ``FOLDER/out``: ``result.json``, ``texts/*.txt`` and ``report/``. Each file is read in a process
of its own.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from wulian.analysis.similarity.analysis import Analysis, analyse
from wulian.analysis.similarity.comparison import Place, Shared, SharedDeviation
from wulian.analysis.similarity.facts import read_facts
from wulian.analysis.similarity.files import LIMITS, Problem, ReadFile, read_files
from wulian.analysis.similarity.findings import Finding
from wulian.analysis.similarity.library import Earlier
from wulian.analysis.similarity.library.index import fingerprints_of
from wulian.analysis.similarity.memory import NO_MEMORY
from wulian.analysis.similarity.pairs import LONG_BLOCK, STRONG, WEAK, Pair
from wulian.analysis.similarity.paper import write_pdf
from wulian.analysis.similarity.report import METHOD, Extraction, write_report
from wulian.information.comparison.parameters import OTHER_BIDDER, earlier_label

AT_A_TIME = 4
"""Files that are read before progress is told."""


def main(arguments: list[str]) -> int:
    """Compare as the job says; what cannot be compared at all is an answer, not a failure."""
    folder = Path(arguments[0])
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    _limit(job["limits"])
    if job["fonts"]:
        os.environ["WULIAN_FONTS"] = job["fonts"]
    started, began = time.monotonic(), datetime.now().astimezone()
    (folder / "out" / "texts").mkdir(parents=True)
    files, problems = _read_all(folder / "files", job["files"])
    bids = [file for file in files if file.bidder]
    sources = [file for file in files if not file.bidder]
    bidders = list(dict.fromkeys(file.bidder for file in bids))
    if refusal := _refusal(bidders, sources, job["files"]):
        _say({"refused": refusal, "problems": [asdict(one) for one in problems]})
        return 0
    _say({"stage": "comparing"})
    facts = read_facts(folder / "records", bidders)
    problems += [Problem(name, message) for name, message in facts.problems]
    memory, untold = _ask_memory(folder, bids, sources)
    analysis = analyse(bids, tender=sources, facts=facts, memory=memory)
    analysis = replace(analysis, findings=[_veiled(one) for one in analysis.findings])
    if untold:
        analysis = replace(analysis, notes=[*(one for one in analysis.notes if one != NO_MEMORY), untold])
    extraction = Extraction(
        began.isoformat(timespec="seconds"), datetime.now().astimezone().isoformat(timespec="seconds"),
        tuple(job["operators"]), job["source_system"],
    )  # fmt: skip
    report = folder / "out" / "report"
    write_report(report, analysis, bids=bids, sources=sources, problems=problems, extraction=extraction)
    write_pdf(report)
    result = {
        **_result(analysis, files, folder / "out" / "texts"),
        "bidders": bidders,
        "problems": [asdict(one) for one in problems],
        "extraction": _record(analysis, extraction, seconds=time.monotonic() - started),
    }
    (folder / "out" / "result.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    _say({"done": True})
    return 0


class _Memory:
    """The few earlier documents that were laid out for this comparison, in the place of the whole library."""

    def __init__(self, folder: Path, answer: dict[str, Any], files: list[ReadFile]) -> None:
        self._folder, self._total = folder, answer["total"]
        self._own = {one["number"]: one["own"] for one in answer["documents"]}
        # Whose they are is not told: who reads the report may not see their dossiers.
        known = {
            one["number"]: Earlier(
                one["number"], earlier_label(one["number"]), OTHER_BIDDER, "", "", 0, one["added_at"]
            )
            for one in answer["documents"]
        }
        self._near = {
            file.content: [(known[number], 0) for number in numbers]
            for file, numbers in zip(files, answer["candidates"], strict=True)
        }

    def candidates(self, text: str) -> list[tuple[Earlier, int]]:
        return self._near.get(text, [])

    def text(self, number: int) -> str:
        return (self._folder / str(number)).read_bytes().decode("utf-8", errors="surrogatepass")

    def documents(self) -> range:
        return range(self._total)

    def is_own(self, earlier: Earlier, bidder: str) -> bool:
        return bidder in self._own[earlier.number]


def _ask_memory(folder: Path, bids: list[ReadFile], sources: list[ReadFile]) -> tuple[_Memory | None, str]:
    """Leave the fingerprints of each file for the parent, and take its answer; without a memory, the note why."""
    files = [file for file in bids if file.content]
    tender = [fingerprints_of(file.content) for file in sources if file.content]
    common = np.unique(np.concatenate(tender)) if tender else None
    (folder / "asked").mkdir()
    for number, file in enumerate(files):
        fingerprints_of(file.content, common).astype("<i8").tofile(folder / "asked" / str(number))
    _say({"asked": [file.bidder for file in files]})
    answer = json.loads(sys.stdin.buffer.read() or b'{"problem": ""}')
    if "problem" in answer:
        return None, f"历史投标文件库无法查询，未与历史投标文件比对（{answer['problem']}）"
    return _Memory(folder / "earlier", answer, files), ""


def _veiled(finding: Finding) -> Finding:
    """Leave out the earlier text's own words; who may see its dossier finds them beside the bid's."""
    if finding.check != "C-1":
        return finding
    evidence = tuple(
        replace(one, value="文字见历史项目档案", place="") if one.bidder == OTHER_BIDDER else one
        for one in finding.evidence
    )
    return replace(finding, evidence=evidence)


def _page_starts(file: ReadFile) -> list[int]:
    """Where each page begins, one number a page."""
    if not file.document:
        return [0, *(at + 1 for at, character in enumerate(file.content) if character == "\f")]
    starts: dict[int, int] = {}
    for paragraph in file.document.paragraphs():
        starts.setdefault(paragraph.page, paragraph.start)
    at, every = 0, []
    for page in range(1, max(starts, default=0) + 1):
        at = starts.get(page, at)
        every.append(at)
    return every


def _record(analysis: Analysis, extraction: Extraction, *, seconds: float) -> dict[str, Any]:
    """Tool, version, method, settings and time: what the record of the extraction says (REFERENCE C.5)."""
    return {
        **asdict(extraction),
        "tool": f"wulian compare {version('wulian')}",
        "method": METHOD,
        "settings": {"limits": asdict(LIMITS), "containment": [WEAK, STRONG], "block": LONG_BLOCK},
        "seconds": round(seconds, 2),
        "price_tests": [dict(test) for test in analysis.tests],
    }


def _limit(limits: dict[str, int]) -> None:
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits["output"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_AS, limits["memory"]),
    ):
        resource.setrlimit(kind, (value, value))


def _read_all(folder: Path, listed: list[dict[str, str]]) -> tuple[list[ReadFile], list[Problem]]:
    """Read the files under their stored names; give them back under the bidders' and their own names."""
    read: list[ReadFile] = []
    problems: list[Problem] = []
    for start in range(0, len(listed), AT_A_TIME):
        batch = {one["place"]: one for one in listed[start : start + AT_A_TIME]}
        found, missing = read_files(folder / place for place in batch)
        read += [_named(file, batch[file.name]) for file in found]
        problems += [Problem(batch[one.name]["name"], one.message) for one in missing]
        _say({"read": min(start + AT_A_TIME, len(listed))})
    return read, problems


def _named(file: ReadFile, one: dict[str, str]) -> ReadFile:
    bills = tuple(replace(bill, source=one["name"]) for bill in file.bills)
    return replace(file, name=one["name"], bidder=one["bidder"], bills=bills)


def _refusal(bidders: list[str], sources: list[ReadFile], listed: list[dict[str, str]]) -> str:
    if not sources and any(not one["bidder"] for one in listed):
        return "招标文件没有一个能够读取，扣除不了公共文字，未作比对"
    if len(bidders) < 2:
        return f"可读取的投标人应不少于两个，现为{len(bidders)}个，未作比对"
    return ""


def _result(analysis: Analysis, files: list[ReadFile], texts: Path) -> dict[str, Any]:
    by_name = {file.name: file for file in files}
    return {
        "files": [_file(texts, number, file) for number, file in enumerate(files)],
        "notes": list(dict.fromkeys(analysis.notes)),
        "pairs": [_pair(pair, by_name) for pair in analysis.pairs],
        "findings": [one.to_json() for one in analysis.findings],
    }


def _file(folder: Path, number: int, file: ReadFile) -> dict[str, Any]:
    text = f"{number:05d}.txt"
    (folder / text).write_bytes(file.content.encode("utf-8", errors="surrogatepass"))
    return {
        "name": file.name,
        "bidder": file.bidder,
        "format": file.format,
        "pages": file.pages,
        "page_starts": _page_starts(file),
        "characters": len(file.content),
        "text": text,
    }


def _pair(pair: Pair, files: dict[str, ReadFile]) -> dict[str, Any]:
    return {
        "number": pair.number,
        "a": pair.a,
        "b": pair.b,
        "level": pair.level,
        "containment": pair.containment,
        "matched": pair.matched,
        "deviations": [_deviation(one, pair, files) for one in pair.deviations],
        "passages": [_passage(one, pair, files) for one in pair.passages],
    }


def _passage(one: Shared, pair: Pair, files: dict[str, ReadFile]) -> dict[str, Any]:
    first, second, turned = _sides(one.a, one.b, pair, files)
    parts = [(b, a) if turned else (a, b) for a, b in one.parts]
    return {
        "kind": one.kind,
        "matched": one.matched,
        "edits": one.edits,
        "a": first,
        "b": second,
        "parts": [[a.start, a.end, b.start, b.end] for a, b in parts],
    }


def _deviation(one: SharedDeviation, pair: Pair, files: dict[str, ReadFile]) -> dict[str, Any]:
    first, second, _turned = _sides(one.a, one.b, pair, files)
    changes = [list(change) for change in one.changes]
    return {"a": first, "b": second, "clause": _place(one.clause, files), "changes": changes}


def _sides(
    a: Place, b: Place, pair: Pair, files: dict[str, ReadFile]
) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """Return both places, the pair's first bidder first, and whether they had to be turned round."""
    turned = files[a.name].bidder != pair.a
    first, second = (b, a) if turned else (a, b)
    return _place(first, files), _place(second, files), turned


def _place(place: Place, files: dict[str, ReadFile]) -> dict[str, Any]:
    page, paragraph = files[place.name].place(place.start)
    return {"file": place.name, "start": place.start, "end": place.end, "page": page, "paragraph": paragraph}


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
