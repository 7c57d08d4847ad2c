"""The files of a tender: which bidder each belongs to, what could be read, and why the rest could not."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from wulian.analysis.documents import (
    Document,
    Limits,
    Table,
    Traces,
    UnreadableDocument,
    inspect_document,
    recognition,
)
from wulian.analysis.documents.detection import decode, detect_format, readable_name
from wulian.analysis.similarity.bills import Bill, read_bills
from wulian.analysis.similarity.comparison import Text
from wulian.analysis.similarity.facts import is_fact_file
from wulian.crypto.digests import hexdigest

LIMITS = Limits()
_NAMED_TABLES = (".csv",)


# Compared by identity: two bidders may hand in the same file.
@dataclass(frozen=True, eq=False)
class ReadFile:
    """A file that could be read. `bidder` is the folder below the folder of bids, or the file itself when it lies there.

    `document` is missing for plain text, whose pages end at form feeds and whose paragraphs are its lines with words, and
    for what has no text: scans and pictures. Rows of a bill of quantities are not in `content`: they are compared as prices.
    """

    name: str
    bidder: str
    sha256: str
    content: str = field(repr=False)
    document: Document | None = field(default=None, repr=False)
    traces: Traces = field(default_factory=Traces, repr=False)
    bills: tuple[Bill, ...] = field(default=(), repr=False)
    format: str = "text"
    size: int = 0
    sm3: str = ""

    @property
    def text(self) -> Text:
        """Return what is compared."""
        return Text(self.name, self.content, self.bidder)

    @property
    def recognised(self) -> bool:
        """Say whether the text was recognised in an image, so that its letters may be wrong."""
        return bool(self.document and any(recognition.NOTE in note for note in self.document.notes))

    @property
    def pages(self) -> int:
        """Return how many pages there are, as far as the file tells."""
        return len(self.document.pages) if self.document else 1 + self.content.count("\f")

    def place(self, offset: int) -> tuple[int, int]:
        """Return page and paragraph of a character, both counted from 1."""
        _, page, number = self._paragraphs[max(0, bisect(self._paragraphs, (offset, sys.maxsize)) - 1)]
        return page, number

    @cached_property
    def _paragraphs(self) -> list[tuple[int, int, int]]:
        """Where each paragraph begins, its page and its number."""
        if self.document:
            return [(one.start, one.page, one.number) for one in self.document.paragraphs()]
        found, start, page = [(0, 1, 1)], 0, 1
        for line in self.content.splitlines(keepends=True):
            if line.strip():
                found.append((start, page, len(found)))
            start += len(line)
            page += line.endswith("\f")
        return found


@dataclass(frozen=True)
class Problem:
    """A file that was left out, and why, in a sentence for people."""

    name: str
    message: str


def read_bids(folder: Path, *, recognised: bool = False) -> tuple[list[ReadFile], list[Problem]]:
    """Read every file of a folder: one a bidder, or a folder a bidder. Hidden files and exports of facts are passed over."""
    names = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    return _read(
        (
            (path, path.relative_to(folder))
            for path in names
            if not (is_fact_file(path) and len(path.relative_to(folder).parts) <= 2)
        ),
        recognised,
    )


def read_files(paths: Iterable[Path], *, recognised: bool = False) -> tuple[list[ReadFile], list[Problem]]:
    """Read the files, or those of the folders, that are given by name."""
    return _read(_named(paths), recognised)


def _named(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    for path in paths:
        if path.is_dir():
            inner = sorted(one for one in path.rglob("*") if one.is_file() and not _is_hidden(one, path))
            yield from ((one, one.relative_to(path.parent)) for one in inner)
        else:
            yield path, Path(path.name)


def _read(files: Iterable[tuple[Path, Path]], recognised: bool) -> tuple[list[ReadFile], list[Problem]]:
    """Read each file, several at a time: most of the work is done in processes of their own."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        outcomes = list(pool.map(lambda one: _one(one[0], one[1], recognised), files))
    read = [file for file, _ in outcomes if file]
    return read, [problem for _, problem in outcomes if problem]


def _one(path: Path, shown: Path, recognised: bool) -> tuple[ReadFile | None, Problem | None]:
    """Return a file, or why it was left out; both when only its text is missing."""
    name = readable_name(shown.as_posix())
    bidder = name.split("/")[0]
    try:
        found = _plain_text(path, name, bidder)
        if found is None:
            return _inspected(path, name, bidder, recognised)
        if not found.content.strip():
            raise UnreadableDocument("empty", "文件没有文字")
        return found, None
    except UnreadableDocument as problem:
        return None, Problem(name, problem.message)
    except OSError as problem:
        return None, Problem(name, f"文件无法打开（{problem.strerror}）")
    except (ValueError, LookupError, ArithmeticError, MemoryError, RecursionError, csv.Error) as problem:
        # A file nobody thought of must not stop the comparison of the others.
        return None, Problem(name, f"文件无法读取（{type(problem).__name__}），请另存后再提供")


def _plain_text(path: Path, name: str, bidder: str) -> ReadFile | None:
    """Plain text has no parser to attack: it is read at once, everything else in a process of its own."""
    if path.suffix.lower() != ".txt" or path.stat().st_size > LIMITS.size:
        return None
    data = path.read_bytes()
    if detect_format(data, LIMITS) != "text":
        return None
    return ReadFile(name, bidder, _sha256(data), decode(data), size=len(data), sm3=hexdigest(data))


def _inspected(
    path: Path, name: str, bidder: str, recognised: bool
) -> tuple[ReadFile | None, Problem | None]:
    limits = recognition.LIMITS if recognised else LIMITS
    found = inspect_document(path, limits=limits, recognised=recognised)
    data = path.read_bytes()
    tables = found.tables
    if found.format == "text" and path.suffix.lower() in _NAMED_TABLES:
        tables = (comma_separated(decode(data), path.stem),)
    bills, priced = read_bills(tables, name)
    document, content = found.document, ""
    if found.format == "xlsx" and document:
        # The rows of bills are compared as prices; as text they would be the tender's item names.
        document = without_pages(document, priced)
    if document and not (bills and found.format in ("text", "xml")):
        content = document.text
    file = ReadFile(
        name, bidder, _sha256(data), content, document, found.traces, bills, found.format, len(data), hexdigest(data)
    )  # fmt: skip
    problem = Problem(name, found.refusal.message) if found.refusal else None
    if not (content.strip() or bills or found.traces.pictures or found.traces.properties):
        return None, problem or Problem(name, "文件没有文字")
    return file, problem


def without_pages(document: Document, numbers: Iterable[int]) -> Document:
    """Return a workbook's text without some of its sheets; the paragraphs keep their numbers."""
    left_out = {number + 1 for number in numbers}
    at, pages = 0, []
    for page in document.pages:
        if page.number in left_out:
            continue
        paragraphs = []
        for paragraph in page.paragraphs:
            paragraphs.append(replace(paragraph, start=at))
            at += len(paragraph.text) + 1
        pages.append(replace(page, paragraphs=tuple(paragraphs)))
    return replace(document, pages=tuple(pages))


def comma_separated(text: str, name: str) -> Table:
    """Return a CSV file as a table."""
    return Table(
        name, tuple(tuple(cell.strip() or None for cell in row) for row in csv.reader(io.StringIO(text)))
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
