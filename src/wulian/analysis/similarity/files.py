"""The files of a tender: which bidder each belongs to, what could be read, and why the rest could not."""

from __future__ import annotations

import hashlib
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from wulian.analysis.documents import Document, Limits, UnreadableDocument, read_document
from wulian.analysis.documents.detection import decode, detect_format
from wulian.analysis.similarity.comparison import Text

LIMITS = Limits()


@dataclass(frozen=True)
class ReadFile:
    """A file that could be read. `bidder` is the folder below the folder of bids, or the file itself when it lies there.

    `document` is missing for plain text, whose pages end at form feeds and whose paragraphs are its lines with words.
    """

    name: str
    bidder: str
    sha256: str
    content: str = field(repr=False)
    document: Document | None = field(default=None, repr=False)

    @property
    def text(self) -> Text:
        """Return what is compared."""
        return Text(self.name, self.content, self.bidder)

    @property
    def format(self) -> str:
        """Return text, html, docx or pdf."""
        return self.document.format if self.document else "text"

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


def read_bids(folder: Path) -> tuple[list[ReadFile], list[Problem]]:
    """Read every file of a folder: one a bidder, or a folder a bidder. Hidden files are passed over."""
    names = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    return _read((path, path.relative_to(folder)) for path in names)


def read_files(paths: Iterable[Path]) -> tuple[list[ReadFile], list[Problem]]:
    """Read the files, or those of the folders, that are given by name."""
    return _read(_named(paths))


def _named(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    for path in paths:
        if path.is_dir():
            inner = sorted(one for one in path.rglob("*") if one.is_file() and not _is_hidden(one, path))
            yield from ((one, one.relative_to(path.parent)) for one in inner)
        else:
            yield path, Path(path.name)


def _read(files: Iterable[tuple[Path, Path]]) -> tuple[list[ReadFile], list[Problem]]:
    read: list[ReadFile] = []
    problems: list[Problem] = []
    for path, shown in files:
        name = shown.as_posix()
        try:
            content, document = _content(path)
            if not content.strip():
                raise UnreadableDocument("empty", "文件没有文字")
            read.append(ReadFile(name, shown.parts[0], _sha256(path), content, document))
        except UnreadableDocument as problem:
            problems.append(Problem(name, problem.message))
        except OSError as problem:
            problems.append(Problem(name, f"文件无法打开（{problem.strerror}）"))
    return read, problems


def _content(path: Path) -> tuple[str, Document | None]:
    """Plain text has no parser to attack: it is read at once, everything else in a process of its own."""
    if path.suffix.lower() == ".txt" and path.stat().st_size <= LIMITS.size:
        data = path.read_bytes()
        if detect_format(data, LIMITS) == "text":
            return decode(data), None
    document = read_document(path, limits=LIMITS)
    return document.text, document


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
