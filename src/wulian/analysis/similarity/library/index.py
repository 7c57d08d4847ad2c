"""A library of earlier bids: add and remove without a rebuild, ask for what a new bid shares with any of them.

Layout of the folder: ``library.json`` (version, list of segments), ``documents.jsonl`` (one line a document, a line for each
removal), ``segments/*.parquet`` (postings), ``texts/`` (the texts, compressed, for the exact comparison). Every change writes new
files first and ``library.json`` last, under a lock: who reads meanwhile, in this process or another, sees the state before.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.similarity.facts import plain
from wulian.analysis.similarity.library.fingerprints import (
    HASH_BITS,
    NUMBER_BITS,
    VERSION,
    Hashes,
    fingerprints,
)
from wulian.analysis.similarity.library.segments import (
    Postings,
    Segment,
    merged,
    write_segment,
)
from wulian.analysis.similarity.normalising import normalise

SHARED = 3
"""Fingerprints that a candidate has in common with the text asked for."""
COMMON = 200
"""A fingerprint of more documents is everybody's: boilerplate."""
FEW = 8
"""So many segments of one size are merged into one."""
_HEAD = "library.json"
_OURS = frozenset({"segments", "texts", "documents.jsonl", "lock", f"{_HEAD}.tmp"})
_TRIES = 5
"""Times that a reader looks again when a segment went between reading the list and opening it."""


class LibraryError(ValueError):
    """A library that cannot be used, in a sentence that says why."""


@dataclass(frozen=True)
class Earlier:
    """A document of the library: its number, file, bidder, tender, digest (SHA-256), letters, and when it came in.

    `origin` is whose record it is in the system that put it there; empty for one that came by the command.
    """

    number: int
    name: str
    bidder: str
    tender: str
    sha256: str
    letters: int
    added_at: str
    origin: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Return what makes it the same document: the same file in another tender, or of another bidder, is another."""
        return self.origin, self.tender, self.bidder, self.sha256


def is_library(path: Path) -> bool:
    """Say whether a folder is a library of earlier bids (and not one of public texts)."""
    return (path / _HEAD).is_file()


class Library:
    """A folder of earlier bids."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        if not is_library(path):
            if not create:
                raise LibraryError(f"{path}: 不是历史投标文件库；请先用 wulian library add 建立")
            if path.exists() and any(one.name not in _OURS for one in path.iterdir()):
                raise LibraryError(f"{path}: 文件夹不是空的，不能新建历史投标文件库")
            for folder in ("segments", "texts"):
                (path / folder).mkdir(parents=True, exist_ok=True)
            (path / "documents.jsonl").touch()
            with self._locked():
                if not is_library(path):
                    self._write_head({"version": VERSION, "segments": [], "next": 1, "serial": 1})
        self._rows: dict[int, Earlier] = {}
        self._read_to = 0
        self._opened: dict[str, Segment] = {}
        if self._head()["version"] != VERSION:
            raise LibraryError(f"{path}: 库的版本与程序不符，须重新建立")

    def documents(self, until: int | None = None) -> dict[int, Earlier]:
        """Return the documents that are in the library, by number; those below `until` when it is given."""
        given_next = self._refresh()
        finished = until or given_next
        return {number: one for number, one in self._rows.items() if number < finished}

    def _refresh(self) -> int:
        """Read what was written since the last time; return the number that is given next: a line beyond is of an unfinished change."""
        finished: int = self._head()["next"]
        with (self.path / "documents.jsonl").open("rb") as lines:
            if lines.seek(0, os.SEEK_END) < self._read_to:
                self._rows, self._read_to = {}, 0
            lines.seek(self._read_to)
            new = lines.read()
        # A line without its end is one that broke off, or that another process is writing.
        whole = new[: new.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.splitlines():
            row = json.loads(line)
            if "removed" in row:
                self._rows.pop(row["removed"], None)
            else:
                self._rows[row["number"]] = Earlier(**row)
        return finished

    def add(
        self,
        texts: Iterable[tuple[Mapping[str, Any], str]],
        *,
        at: str,
        masked: Sequence[str] = (),
        hashes: Iterable[Hashes] | None = None,
    ) -> list[Earlier]:
        """Take texts with their name, bidder, tender, sha256 (and origin); those already there are left out. Returns the new ones.

        Letters that come from the `masked` texts (the tender document) leave no fingerprint. `hashes` stand for texts
        whose fingerprints were made elsewhere; a text is kept for the exact comparison unless it is empty.
        """
        with self._locked():
            head = self._head()
            known = {one.key for one in self.documents().values()}
            common = np.unique(np.concatenate([fingerprints_of(text) for text in masked])) if masked else None
            given = iter(hashes) if hashes is not None else None
            added: list[Earlier] = []
            postings: list[Postings] = []
            for about, text in texts:
                own = next(given) if given is not None else fingerprints_of(text, common)
                number = head["next"] + len(added)
                one = Earlier(number, letters=about.get("letters", len(text)), added_at=at, **_named(about))
                if one.key in known:
                    continue
                known.add(one.key)
                if number >= 1 << NUMBER_BITS:
                    raise LibraryError(f"库已满：最多{(1 << NUMBER_BITS) - 1:,}份文件")
                added.append(one)
                postings.append((own << NUMBER_BITS) | number)
                if text:
                    self._text(number).parent.mkdir(exist_ok=True)
                    self._text(number).write_bytes(zlib.compress(text.encode("utf-8", "surrogatepass"), 6))
            if added:
                self._append(asdict(one) for one in added)
                head["next"] += len(added)
                self._put_segment(head, [np.sort(np.concatenate(postings))])
                self._merge_small(head)
                self._write_head(head)
            return added

    def remove(self, numbers: Iterable[int]) -> list[Earlier]:
        """Take documents out: they are never found again; their postings go when their segment is merged."""
        with self._locked():
            known = self.documents()
            gone = [known[number] for number in dict.fromkeys(numbers) if number in known]
            if gone:
                self._append({"removed": one.number} for one in gone)
            for one in gone:
                self._text(one.number).unlink(missing_ok=True)
            return gone

    def compact(self) -> None:
        """Merge everything into one segment without what was removed."""
        with self._locked():
            head = self._head()
            self._merge(head, list(head["segments"]))
            self._write_head(head)

    def candidates(self, text: str, *, least: int = SHARED) -> list[tuple[Earlier, int]]:
        """Return the documents that share at least so many fingerprints with a text, most first."""
        return self.sharing(fingerprints_of(text), least=least)

    def sharing(self, hashes: Hashes, *, least: int = SHARED) -> list[tuple[Earlier, int]]:
        """Return the same for fingerprints; read from the mapped files, tens of milliseconds for 100,000 documents."""
        segments, finished = self._segments(), self._refresh()
        if not segments or not len(hashes):
            return []
        found = [segment.hits(hashes, COMMON) for segment in segments]
        which, numbers = (np.concatenate([hit[side] for hit in found]) for side in (0, 1))
        rare = np.bincount(which, minlength=len(hashes)) <= COMMON
        counts = np.bincount(numbers[rare[which]])
        likely = [(n, int(counts[n])) for n in np.flatnonzero(counts >= least).tolist()]
        likely.sort(key=lambda one: (-one[1], one[0]))
        return [(self._rows[n], count) for n, count in likely if n in self._rows and n < finished]

    def joined(
        self, hashes: Mapping[str, Hashes], connection: Any = None, *, least: int = SHARED
    ) -> list[tuple[str, Earlier, int]]:
        """Return the same for many texts at once by one join over the Parquet files; `connection` is any Ibis backend.

        For a whole tender, or a province on Spark: one pass over the index however many texts are asked for.
        """
        # Loaded only where it is asked for: a look-up does not need it.
        import ibis

        backend = connection or ibis.duckdb.connect()
        for left in reversed(range(_TRIES)):
            files = [str(segment.path) for segment in self._segments()]
            if not files or not hashes:
                return []
            try:
                rows = backend.execute(_shared(backend, files, hashes, least)).itertuples(index=False)
                break
            except Exception:
                # Each engine says in its own way that a file which was merged meanwhile is gone.
                if not left or all(Path(file).exists() for file in files):
                    raise
        names, documents = list(hashes), self.documents()
        found = [(names[int(a)], documents[int(n)], int(c)) for a, n, c in rows if int(n) in documents]
        return sorted(found, key=lambda one: (one[0], -one[2], one[1].number))

    def text(self, number: int) -> str:
        """Return the text of a document; empty when it was added without."""
        path = self._text(number)
        return zlib.decompress(path.read_bytes()).decode("utf-8", "surrogatepass") if path.is_file() else ""

    def is_own(self, earlier: Earlier, bidder: str) -> bool:
        """Say whether a document is of this bidder."""
        return plain(earlier.bidder) == plain(bidder)

    def size(self) -> tuple[int, int]:
        """Return the bytes of the index (postings and catalogue) and of the texts."""
        index = sum(path.stat().st_size for path in (self.path / "segments").iterdir())
        texts = sum(path.stat().st_size for path in (self.path / "texts").rglob("*") if path.is_file())
        return index + (self.path / "documents.jsonl").stat().st_size, texts

    def _segments(self) -> list[Segment]:
        """Return the segments as they are now; those that stayed are not opened anew."""
        for left in reversed(range(_TRIES)):
            try:
                names = self._head()["segments"]
                self._opened = {name: self._opened.get(name) or self._segment(name) for name in names}
                break
            except FileNotFoundError:
                if not left:
                    raise
        return list(self._opened.values())

    def _segment(self, name: str) -> Segment:
        return Segment(self.path / "segments" / name)

    def _text(self, number: int) -> Path:
        return self.path / "texts" / f"{number // 1000:05d}" / f"{number}.txt.z"

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = json.loads((self.path / _HEAD).read_text(encoding="utf-8"))
        return head

    def _write_head(self, head: Mapping[str, Any]) -> None:
        unfinished = self.path / f"{_HEAD}.tmp"
        unfinished.write_text(json.dumps(head), encoding="utf-8")
        unfinished.replace(self.path / _HEAD)
        kept = {name.removesuffix(".parquet") for name in head["segments"]}
        for path in (self.path / "segments").iterdir():
            if path.stem not in kept:
                path.unlink()

    def _append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        with (self.path / "documents.jsonl").open("r+b") as lines:
            # What broke off is cut away, or the next line would go on in it.
            self._refresh()
            lines.truncate(self._read_to)
            lines.seek(self._read_to)
            lines.writelines(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
            lines.flush()
            os.fsync(lines.fileno())

    def _put_segment(self, head: dict[str, Any], pieces: Iterable[Postings]) -> None:
        name = f"{head['serial']:06d}.parquet"
        head["serial"] += 1
        if write_segment(self.path / "segments" / name, pieces):
            head["segments"].append(name)

    def _merge_small(self, head: dict[str, Any]) -> None:
        """Merge when there are several of about one size: each posting is written again only a few times."""
        by_size: dict[int, list[str]] = {}
        for name in head["segments"]:
            size = (self.path / "segments" / name).stat().st_size
            by_size.setdefault(size.bit_length() // 3, []).append(name)
        for names in by_size.values():
            if len(names) >= FEW:
                self._merge(head, names)

    def _merge(self, head: dict[str, Any], names: list[str]) -> None:
        alive = np.zeros(head["next"], dtype=bool)
        alive[list(self.documents(head["next"]))] = True
        segments = [self._segment(name) for name in names]
        head["segments"] = [name for name in head["segments"] if name not in names]
        self._put_segment(head, merged(segments, alive))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def fingerprints_of(text: str, common: NDArray[np.int64] | None = None) -> Hashes:
    """Return the fingerprints of a raw text without those of `common`."""
    own = fingerprints(normalise(text).codes)
    return own if common is None else own[~np.isin(own, common)]


def _named(about: Mapping[str, Any]) -> dict[str, str]:
    """Return what names a document, out of what was given with it."""
    return {name: about.get(name, "") for name in ("name", "bidder", "tender", "sha256", "origin")}


def _shared(backend: Any, files: Sequence[str], hashes: Mapping[str, Hashes], least: int) -> Any:
    """Return the query: which text (by its place) shares how many rare fingerprints with which document."""
    import ibis

    table = {
        "asked": np.concatenate([np.full(len(own), place) for place, own in enumerate(hashes.values())]),
        "hash": np.concatenate(list(hashes.values())),
    }
    asked = ibis.memtable(table, schema={"asked": "int64", "hash": "int64"})
    # One file after the other: not every engine takes a list of them.
    postings = (
        ibis.union(*map(backend.read_parquet, files)) if len(files) > 1 else backend.read_parquet(files[0])
    )
    postings = postings.select(
        hash=postings.posting >> NUMBER_BITS, number=postings.posting & ((1 << NUMBER_BITS) - 1)
    )
    hits = postings.join(asked, "hash").select("asked", "hash", "number")
    rare = hits.group_by("asked", "hash").agg(documents=hits.count())
    rare = rare.filter(rare.documents <= COMMON)
    kept = hits.semi_join(rare, ["asked", "hash"])
    counts = kept.group_by("asked", "number").agg(shared=kept.count())
    return counts.filter(counts.shared >= least)


assert HASH_BITS + NUMBER_BITS == 63
