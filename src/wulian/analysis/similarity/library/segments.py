"""Postings on disk: sorted Parquet whose one column is plain 64-bit integers, so that one file serves two ways of asking.

Each row group is one uncompressed page without nulls: the numbers stand in the file as they do in memory. A single bid is looked
up by binary search in the mapped file; many bids at once, or a province, by a join in DuckDB or Spark over the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wulian.analysis.similarity.library.fingerprints import HASH_BITS, NUMBER_BITS

Postings = NDArray[np.int64]
"""``hash << 24 | number of the document``, sorted."""
GROUP = 4_000_000
"""Postings of one row group."""
AHEAD = 4
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
        start = int(self._starts[number])
        return np.ndarray((int(self.counts[number]),), dtype="<i8", buffer=self._file, offset=start)

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
        found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        # Page headers differ in length: the numbers of a file stand on one or two alignments.
        alignment = self._starts[group] % 8 if len(group) else group
        for start in np.unique(alignment).tolist():
            chosen = alignment == start
            view = np.ndarray(((len(self._file) - start) // 8,), dtype="<i8", buffer=self._file, offset=start)
            found += self._look_up(view, keys, which[chosen], group[chosen], int(start), most)
        empty = np.zeros(0, dtype=np.int64)
        indices = np.concatenate([empty, *(indices for indices, _ in found)])
        return indices, np.concatenate([empty, *(numbers for _, numbers in found)])

    def _look_up(
        self, view: Postings, keys: NDArray[np.int64], which: NDArray[np.intp], group: NDArray[np.int64], start: int,
        most: int,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:  # fmt: skip
        base, count, keys = (self._starts[group] - start) // 8, self.counts[group], keys[which]
        at = _lower_bound(view, base, count, self.firsts[group], self.lasts[group], keys)
        ahead = np.minimum(at[:, None] + np.arange(AHEAD), count[:, None] - 1)
        some = view[base[:, None] + ahead]
        same = (some >> NUMBER_BITS == keys[:, None] >> NUMBER_BITS) & (
            at[:, None] + np.arange(AHEAD) < count[:, None]
        )
        few = same & ~same[:, -1:]
        yield which[np.nonzero(few)[0]], some[few] & ((1 << NUMBER_BITS) - 1)
        for one in np.flatnonzero(same[:, -1]).tolist():
            begin = int(base[one] + at[one])
            run = view[begin : begin + min(most + 1, int(count[one] - at[one]))]
            run = run[run >> NUMBER_BITS == keys[one] >> NUMBER_BITS]
            yield np.full(len(run), which[one]), run & ((1 << NUMBER_BITS) - 1)


def _lower_bound(
    view: Postings, base: NDArray[np.int64], count: NDArray[np.int64], first: NDArray[np.int64],
    last: NDArray[np.int64], keys: NDArray[np.int64],
) -> NDArray[np.int64]:  # fmt: skip
    """Return the place of the first posting that is not below each key; hashes are spread evenly, so begin where it should be."""
    likely = ((keys - first) / np.maximum(last - first, 1) * count).astype(np.int64)
    slack = 4 * np.sqrt(count).astype(np.int64) + 16
    low, high = np.clip(likely - slack, 0, count), np.clip(likely + slack, 0, count)
    missed = ((low > 0) & (view[base + np.maximum(low - 1, 0)] >= keys)) | (
        (high < count) & (view[base + np.minimum(high, count - 1)] < keys)
    )
    low, high = np.where(missed, 0, low), np.where(missed, count, high)
    while (open_ := low < high).any():
        middle = (low + high) >> 1
        below = open_ & (view[base + np.minimum(middle, count - 1)] < keys)
        low, high = np.where(below, middle + 1, low), np.where(open_ & ~below, middle, high)
    return low


def write_segment(path: Path, sorted_postings: Iterable[Postings]) -> int:
    """Write sorted postings that come in pieces; the file appears when it is whole, and not for none. Returns how many."""
    unfinished = path.with_suffix(".tmp")
    count = 0
    with pq.ParquetWriter(
        unfinished, _SCHEMA, compression="none", use_dictionary=False, column_encoding="PLAIN", data_page_version="1.0",
        data_page_size=1 << 30, write_batch_size=1 << 30, max_rows_per_page=1 << 30, store_schema=False,
    ) as writer:  # fmt: skip
        for piece in sorted_postings:
            for start in range(0, len(piece), GROUP):
                part = piece[start : start + GROUP]
                writer.write_table(pa.table([pa.array(part)], schema=_SCHEMA), row_group_size=len(part))
                count += len(part)
    if not count:
        unfinished.unlink()
        return 0
    with unfinished.open("rb") as file:
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
