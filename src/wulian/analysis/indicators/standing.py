"""What all processes contribute together, in arrays whose places are the keys of processes and organisations.

Contributions are added and taken away, so that the whole need not be computed again for a changed process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from wulian.analysis.indicators.expressions import CONTRIBUTIONS, KINDS, PLACES

Array = np.ndarray[Any, Any]


class Standing:
    """The sum of contributions (`expressions.CONTRIBUTIONS`)."""

    def __init__(self) -> None:
        self.flags: dict[str, Array] = _columns(CONTRIBUTIONS["flags"].empty_table())
        self.ratio: Array = np.empty(0)
        """By process; not a number where there is no difference."""
        self.winner: Array = np.empty(0, np.int32)
        self.runner_up: Array = np.empty(0, np.int32)
        self.hits: Array = np.zeros((KINDS, 0), np.int64)
        """By kind of tally and organisation, as `total`."""
        self.total: Array = np.zeros((KINDS, 0), np.int64)
        self._codes: dict[str, int] = {}
        # Organisation and class packed in one sorted number, and how often they meet.
        self._supplies: Array = np.empty(0, np.int64)
        self._times: Array = np.empty(0, np.int64)

    def add(self, contributions: Mapping[str, pa.Table], sign: int = 1) -> None:
        """Add contributions, or with a `sign` of −1 take back what adds up: tallies and varieties."""
        given = {name: _columns(table) for name, table in contributions.items() if table.num_rows}
        if "tallies" in given:
            self._add_tallies(given["tallies"], sign)
        if "varieties" in given:
            self._add_varieties(given["varieties"], sign)
        if sign > 0 and "flags" in given:
            new = given["flags"]
            self.flags = {name: np.concatenate([old, new[name]]) for name, old in self.flags.items()}
        if sign > 0 and "differences" in given:
            self._add_differences(given["differences"])

    def drop(self, processes: Iterable[int]) -> None:
        """Forget the flags and differences of processes."""
        dropped = np.fromiter(processes, np.int64)
        kept = ~np.isin(self.flags["process"], dropped)
        self.flags = {name: column[kept] for name, column in self.flags.items()}
        self.ratio[dropped[dropped < len(self.ratio)]] = np.nan

    def varieties(self) -> Array:
        """Return the number of classes by organisation."""
        organisations = self._supplies[self._times > 0] // PLACES
        return np.bincount(organisations, minlength=self.total.shape[1])

    def _add_differences(self, rows: Mapping[str, Array]) -> None:
        size = max(len(self.ratio), int(rows["process"].max()) + 1)
        self.ratio = _grown(self.ratio, size, np.nan)
        self.winner, self.runner_up = _grown(self.winner, size, 0), _grown(self.runner_up, size, 0)
        for name in ("ratio", "winner", "runner_up"):
            getattr(self, name)[rows["process"]] = rows[name]

    def _add_tallies(self, rows: Mapping[str, Array], sign: int) -> None:
        size = max(self.total.shape[1], int(rows["organisation"].max()) + 1)
        self.hits, self.total = _grown(self.hits, size, 0), _grown(self.total, size, 0)
        self.hits[rows["kind"], rows["organisation"]] += sign * rows["hits"]
        self.total[rows["kind"], rows["organisation"]] += sign * rows["total"]

    def _add_varieties(self, rows: Mapping[str, Array], sign: int) -> None:
        codes = self._codes
        numbers = np.fromiter((codes.setdefault(code, len(codes)) for code in rows["code"]), np.int64)
        supplies = rows["organisation"].astype(np.int64) * PLACES + numbers
        order = np.argsort(supplies)
        supplies, times = supplies[order], sign * rows["times"][order]
        places = np.searchsorted(self._supplies, supplies)
        there = np.zeros(len(supplies), bool)
        inside = places < len(self._supplies)
        there[inside] = self._supplies[places[inside]] == supplies[inside]
        self._times[places[there]] += times[there]
        self._supplies = np.insert(self._supplies, places[~there], supplies[~there])
        self._times = np.insert(self._times, places[~there], times[~there])


def _grown(column: Array, size: int, filling: float) -> Array:
    """Return the array with at least `size` places in its last dimension, and room for more."""
    missing = size - column.shape[-1]
    if missing <= 0:
        return column
    missing += size // 8
    added = np.full((*column.shape[:-1], missing), filling, column.dtype)
    return np.concatenate([column, added], axis=-1)


def _columns(table: pa.Table) -> dict[str, Array]:
    """Return the columns as arrays; a missing organisation is −1."""
    columns = {name: table[name] for name in table.column_names}
    if "organisation" in columns:
        columns["organisation"] = columns["organisation"].fill_null(-1)
    return {name: column.to_numpy() for name, column in columns.items()}
