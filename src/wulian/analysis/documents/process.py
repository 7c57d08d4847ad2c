"""Reading in a process of its own: what a hostile file does to a parser stays there."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wulian.analysis.confined import confined
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, FileFormat, UnreadableDocument
from wulian.analysis.documents.traces import Table, Traces, traces_from_json

_READER = "wulian.analysis.documents.reader"
_TOO_LONG = UnreadableDocument("time", "读取用时过长，已停止；文件可能有意造得复杂，请另存后再上传")
DEFAULT_LIMITS = Limits()


def read_document(
    path: str | Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Return the text of a file; `progress` is told (pages read, pages).

    Raises UnreadableDocument with a clear sentence, and OSError when the file cannot be opened at all.
    """
    with Path(path).open("rb"):
        pass
    outcome = _run(["read", str(path), json.dumps(asdict(limits))], limits, progress)
    return Document.from_json(outcome["document"])


def check_document(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> FileFormat:
    """Return what a file is without reading its text. Raises UnreadableDocument when it will not be read."""
    outcome = _run(["check", str(path), json.dumps(asdict(limits))], limits, None)
    kind: FileFormat = outcome["checked"]["format"]
    return kind


@dataclass(frozen=True)
class Inspection:
    """All that a file gives: its text, or why it has none that can be read, its traces and its tables."""

    format: FileFormat
    document: Document | None
    refusal: UnreadableDocument | None
    traces: Traces
    tables: tuple[Table, ...]


def inspect_document(
    path: str | Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[int, int], None] | None = None,
    recognised: bool = False,
) -> Inspection:
    """Return text, traces and tables of a file of a bid; also workbooks, XML, scans and pictures.

    `recognised` asks for the text of scans and pictures by the extra `ocr`, with the limits of `recognition`.

    Raises UnreadableDocument when nothing of it can be read, and OSError when it cannot be opened at all.
    """
    with Path(path).open("rb"):
        pass
    found = _run(
        ["inspect", str(path), json.dumps(asdict(limits)), *(["ocr"] if recognised else [])], limits, progress
    )["inspected"]
    return Inspection(
        found["format"],
        Document.from_json(found["document"]) if found["document"] else None,
        UnreadableDocument(**found["refusal"]) if found["refusal"] else None,
        traces_from_json(found["traces"]),
        tuple(Table(table["name"], tuple(tuple(row) for row in table["rows"])) for table in found["tables"]),
    )


def render_page(
    path: str | Path,
    page: int,
    *,
    marks: Sequence[tuple[int, int]] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Return a PDF page as PNG with `marks` (first character, how many) framed. Raises UnreadableDocument."""
    arguments = ["render", str(path), json.dumps(asdict(limits)), str(page), json.dumps(list(marks))]
    return base64.b64decode(_run(arguments, limits, None)["image"])


def _run(arguments: list[str], limits: Limits, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    outcome: dict[str, Any] = {}
    with confined(_READER, arguments, seconds=limits.seconds) as child:
        try:
            for line in child.answer:
                outcome = json.loads(line)
                if "progress" in outcome and progress:
                    progress(*outcome["progress"])
        except ValueError:
            outcome = {}
    return _checked(outcome, child.is_late)


def _checked(outcome: dict[str, Any], late: bool) -> dict[str, Any]:
    if "refusal" in outcome:
        raise UnreadableDocument(**outcome["refusal"])
    if outcome.keys() & {"document", "image", "checked", "inspected"}:
        return outcome
    if late:
        raise UnreadableDocument(_TOO_LONG.code, _TOO_LONG.message)
    raise UnreadableDocument("broken", "文件无法读取：读取程序异常结束，文件可能已损坏或者超出内存限度")
