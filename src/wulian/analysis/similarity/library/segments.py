"""Postings on disk: sorted Parquet whose one column is plain 64-bit integers, so that one file serves two ways of asking.

Each row group is one uncompressed page without nulls: the numbers stand in the file as they do in memory. A single bid is looked
up in the mapped file, with every 256th posting beside it as a table of contents; many bids at once, or a province, by a join in
DuckDB or Spark over the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from wulian.analysis.similarity.library.fingerprints import HASH_BITS, NUMBER_BITS

Postings = NDArray[np.int64]
"""``hash << 24 | number of the document``, sorted."""
GROUP = 4_000_000
"""Postings of one row group."""
AHEAD = 4
EVERY, AROUND = 256, 32
"""Postings between two entries of the table of contents, and those around the likely place of a key that are looked at first."""
_SCHEMA = pa.schema([pa.field("posting", pa.int64(), nullable=False)])


class Segment:
    """One sorted file of postings, mapped into memory; `GROUP` postings of it are a row group.

    Raises ValueError when the file is not laid out as `write_segment` does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        metadata = pq.ParquetFile(path).metadata
        columns = [metadata.row_group(number).column(0) for number in range(metadata.num_row_groups)]
        self._file = np.memmap(path, dtype=np.uint8, mode="r")
        self.counts = np.array([column.num_values for column in columns], dtype=np.int64)
        ends = np.array([column.data_page_offset + column.total_compressed_size for column in columns])
        self._starts = ends - 8 * self.counts
        self.firsts = np.array([column.statistics.min for column in columns], dtype=np.int64)
        self.lasts = np.array([column.statistics.max for column in columns], dtype=np.int64)
        self._contents = np.load(contents_of(path), mmap_mode="r")
        self._begins = np.concatenate([[0], np.cumsum(-(-self.counts // EVERY))])
        if len(self._contents) != self._begins[-1]:
            raise ValueError(f"{path.name} is not the segment of its table of contents")
        for number in range(len(columns)):
            group = self.group(number)
            if columns[number].compression != "UNCOMPRESSED" or (group[0], group[-1]) != (
                self.firsts[number],
                self.lasts[number],
            ):
                raise ValueError(f"{path.name} is not a segment of postings")

    def __len__(self) -> int:
        return int(self.counts.sum())

    def group(self, number: int) -> Postings:
        """Return the postings of one row group as they stand in the file."""
        return self._run(int(self._starts[number]), int(self.counts[number]))

    def hits(self, hashes: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (which hash, number of a document that has it); of a hash that more than `most` have, `most` + 1."""
        keys = hashes << NUMBER_BITS
        group = np.searchsorted(self.lasts, keys)
        which = np.flatnonzero(group < len(self.lasts))
        group = group[which]
        # A hash may begin at the end of a group and go on in the next ones.
        onward = np.searchsorted(hashes, self.firsts >> NUMBER_BITS)
        goes_on = np.append(hashes, -1)[onward] == self.firsts >> NUMBER_BITS
        later = np.flatnonzero(goes_on)
        begun = np.full(len(hashes) + 1, len(self.lasts))
        begun[which] = group
        later = later[begun[onward[later]] != later]
        which, group = np.concatenate([which, onward[later]]), np.concatenate([group, later])
        start, count, keys = self._starts[group], self.counts[group], keys[which]
        at = self._lower_bound(group, keys)
        some = self._read(start + 8 * at, AHEAD)
        same = (some >> NUMBER_BITS == keys[:, None] >> NUMBER_BITS) & (
            at[:, None] + np.arange(AHEAD) < count[:, None]
        )
        few = same & ~same[:, -1:]
        found = [(which[np.nonzero(few)[0]], some[few])]
        for one in np.flatnonzero(same[:, -1]).tolist():
            run = self._run(int(start[one] + 8 * at[one]), min(most + 1, int(count[one] - at[one])))
            run = run[run >> NUMBER_BITS == keys[one] >> NUMBER_BITS]
            found.append((np.full(len(run), which[one]), run))
        numbers = np.concatenate([numbers for _, numbers in found])
        return np.concatenate([indices for indices, _ in found]), numbers & ((1 << NUMBER_BITS) - 1)

    def _read(self, offsets: NDArray[np.int64], width: int) -> Postings:
        """Return the `width` postings at each place of the file, a row each; places need not be on their alignment."""
        windows = as_strided(
            self._file, (len(self._file) - 8 * width + 1, 8 * width), (1, 1), writeable=False
        )
        return np.ascontiguousarray(windows[offsets]).view("<i8")

    def _run(self, offset: int, length: int) -> Postings:
        return np.ndarray((length,), dtype="<i8", buffer=self._file, offset=offset)

    def _lower_bound(self, group: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the place within its group of the first posting that is not below each key.

        The table of contents says between which two of its entries; there hashes are spread evenly, so look first where a key
        should be. Of a file of gigabytes a page or two a key are touched.
        """
        start, count, first, end = (
            self._starts[group],
            self.counts[group],
            self._begins[group],
            self._begins[group + 1],
        )
        block = (np.searchsorted(self._contents, keys) - 1).clip(first, end - 1)
        least = self._contents[block]
        most = np.where(
            block + 1 < end, self._contents[np.minimum(block + 1, len(self._contents) - 1)], self.lasts[group]
        )
        begin = (block - first) * EVERY
        size = np.minimum(EVERY, count - begin)
        likely = begin + ((keys - least) * (size / np.maximum(most - least, 1))).astype(np.int64).clip(
            0, size
        )
        width = int(min(AROUND, count.min(initial=AROUND)))
        low = (likely - width // 2).clip(0, count - width)
        below = (self._read(start + 8 * low, width) < keys[:, None]).sum(axis=1)
        at = low + below
        missed = np.flatnonzero(((below == 0) & (low > 0)) | ((below == width) & (at < count)))
        at[missed] = self._search(start[missed], begin[missed], (begin + size)[missed], keys[missed])
        return at

    def _search(
        self,
        start: NDArray[np.int64],
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        keys: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the same by halving, between two places."""
        last = high - 1
        while (open_ := low < high).any():
            middle = (low + high) >> 1
            lower = open_ & (self._read(start + 8 * np.minimum(middle, last), 1)[:, 0] < keys)
            low, high = np.where(lower, middle + 1, low), np.where(open_ & ~lower, middle, high)
        return low


def contents_of(path: Path) -> Path:
    """Return the file of a segment's table of contents."""
    return path.with_suffix(".npy")


def write_segment(path: Path, sorted_postings: Iterable[Postings]) -> int:
    """Write sorted postings that come in pieces; the file appears when it is whole, and not for none. Returns how many."""
    unfinished = path.with_suffix(".tmp")
    contents: list[Postings] = []
    count = 0
    with pq.ParquetWriter(
        unfinished, _SCHEMA, compression="none", use_dictionary=False, column_encoding="PLAIN", data_page_version="1.0",
        data_page_size=1 << 30, write_batch_size=1 << 30, max_rows_per_page=1 << 30, store_schema=False,
    ) as writer:  # fmt: skip
        for piece in sorted_postings:
            for start in range(0, len(piece), GROUP):
                part = piece[start : start + GROUP]
                writer.write_table(pa.table([pa.array(part)], schema=_SCHEMA), row_group_size=len(part))
                contents.append(part[::EVERY].copy())
                count += len(part)
    if not count:
        unfinished.unlink()
        return 0
    np.save(contents_of(path), np.concatenate(contents))
    for written in (unfinished, contents_of(path)):
        with written.open("rb") as file:
            os.fsync(file.fileno())
    unfinished.replace(path)
    return count


def merged(segments: list[Segment], alive: NDArray[np.bool_]) -> Iterator[Postings]:
    """Give the postings of several segments in order that belong to documents still there, a stretch of hashes at a time."""
    total = sum(map(len, segments))
    stretches = max(1, -(-total // GROUP))
    bounds = [((part << HASH_BITS) // stretches) << NUMBER_BITS for part in range(stretches)] + [1 << 63]
    for low, high in pairwise(bounds):
        pieces = []
        for segment in segments:
            for number in np.flatnonzero((segment.firsts < high) & (segment.lasts >= low)).tolist():
                # A copy: binary search in numbers that do not stand on their alignment would copy them each time.
                group = np.array(segment.group(number))
                end = len(group) if high > int(group[-1]) else int(np.searchsorted(group, high))
                pieces.append(group[int(np.searchsorted(group, low)) : end])
        piece = np.sort(np.concatenate(pieces)) if pieces else np.zeros(0, dtype=np.int64)
        piece = piece[alive[piece & ((1 << NUMBER_BITS) - 1)]]
        if len(piece):
            yield piece
