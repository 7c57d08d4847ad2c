"""From contributions to findings: quartiles and fences over all processes, and who is beyond them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from wulian.analysis.indicators.catalogue import BY_CODE, GROUPS, Group
from wulian.analysis.indicators.expressions import BUYER, ENTITY, SUPPLIED, TENDERER, WINS
from wulian.analysis.indicators.fences import Quartiles, quantiles, shown
from wulian.analysis.indicators.settings import Settings
from wulian.analysis.indicators.standing import Array, Standing


@dataclass(frozen=True)
class Findings:
    """Who was found, in columns of equal length: indicator (24 of R024), place of the group in GROUPS, key, value.

    Sorted by indicator, group and key, which occur once. `meta` has quartiles and fences by indicator, as computed.
    """

    indicator: Array
    group: Array
    key: Array
    value: Array
    meta: Mapping[str, Mapping[str, float]]

    def __len__(self) -> int:
        return len(self.indicator)

    def rounded_meta(self) -> dict[str, dict[str, float | None]]:
        """Return `meta` rounded to 4 places; None for what cannot be computed."""
        return {
            code: {name: shown(value) for name, value in values.items()} for code, values in self.meta.items()
        }

    def only(self, rows: Array) -> Findings:
        """Return these rows alone."""
        return Findings(self.indicator[rows], self.group[rows], self.key[rows], self.value[rows], self.meta)

    def kinds(self) -> Array:
        """Return indicator and group packed in one number, ascending."""
        return self.indicator * np.int16(len(GROUPS)) + self.group


def changes(before: Findings, after: Findings) -> tuple[Findings, Findings]:
    """Return the findings of `after` that `before` lacks, and those of `before` that `after` lacks; with the same value."""
    old, new = before.kinds(), after.kinds()
    came, went = [], []
    # Most indicators find what they found: only those that do not are compared row by row.
    for kind in np.unique(np.concatenate([old[_firsts(old)], new[_firsts(new)]])):
        was = slice(*np.searchsorted(old, [kind, kind + 1]))
        now = slice(*np.searchsorted(new, [kind, kind + 1]))
        if np.array_equal(before.key[was], after.key[now]) and np.array_equal(
            before.value[was], after.value[now]
        ):
            continue
        came.append(now.start + _missing(after, now, before, was))
        went.append(was.start + _missing(before, was, after, now))
    nothing = np.empty(0, np.int64)
    return after.only(np.concatenate([nothing, *came])), before.only(np.concatenate([nothing, *went]))


def _firsts(kinds: Array) -> Array:
    """The places at which another kind begins."""
    return np.flatnonzero(np.diff(kinds, prepend=-1))


def _missing(mine: Findings, own: slice, others: Findings, theirs: slice) -> Array:
    """The places in one kind of findings that the other side does not have with the same value."""
    keys, held = mine.key[own], others.key[theirs]
    if not len(held):
        return np.arange(len(keys))
    place = np.minimum(np.searchsorted(held, keys), len(held) - 1)
    return np.flatnonzero((held[place] != keys) | (others.value[theirs][place] != mine.value[own]))


def find(standing: Standing, settings: Settings) -> Findings:
    """Judge what all processes contribute."""
    return _Judge(standing, settings).run()


class _Judge:
    def __init__(self, standing: Standing, settings: Settings) -> None:
        self.standing, self.settings = standing, settings
        self.parts: dict[tuple[int, int], tuple[Array, Array]] = {}
        self.meta: dict[str, dict[str, float]] = {}
        self._quartiles: Quartiles | None = None

    def run(self) -> Findings:
        self._flags()
        for code, judge in (
            ("R024", self._close_price),
            ("R025", self._unsuccessful),
            ("R038", self._disqualified),
            ("R048", self._heterogeneous),
            ("R058", self._discounted),
        ):
            if self.settings.runs(code):
                judge()
        parts = [(number, group, *columns) for (number, group), columns in sorted(self.parts.items())]
        return Findings(
            np.concatenate([np.empty(0, np.int16), *(np.full(len(p[2]), p[0], np.int16) for p in parts)]),
            np.concatenate([np.empty(0, np.int8), *(np.full(len(p[2]), p[1], np.int8) for p in parts)]),
            np.concatenate([np.empty(0, np.int64), *(p[2] for p in parts)]),
            np.concatenate([np.empty(0), *(p[3] for p in parts)]),
            self.meta,
        )

    def _found(self, code: str, group: Group, keys: Array, values: Array | float) -> None:
        """Note the findings of one indicator and group; a key counts once."""
        filled = np.broadcast_to(np.asarray(values, dtype=np.float64), keys.shape)
        once, first = np.unique(keys, return_index=True)
        self.parts[BY_CODE[code].number, GROUPS.index(group)] = once.astype(np.int64), filled[first]

    def _flags(self) -> None:
        flags = self.standing.flags
        of_process = flags["organisation"] < 0
        for code in self.settings.indicators:
            chosen = flags["indicator"] == BY_CODE[code].number
            rows = chosen & of_process
            self._found(code, "OCID", flags["process"][rows], flags["value"][rows])
            rows = chosen & ~of_process
            self._found(code, "Tenderer", flags["organisation"][rows], flags["value"][rows])

    def _close_price(self) -> None:
        standing = self.standing
        fence, first = self._lower("R024", self._differences)
        if first > 0.0 and fence > 0.0:
            met = np.nonzero(standing.ratio <= fence)[0]
            self._found("R024", "OCID", met, standing.ratio[met])
            self._found(
                "R024", "Tenderer", np.concatenate([standing.winner[met], standing.runner_up[met]]), 0.0
            )

    def _discounted(self) -> None:
        standing = self.standing
        fence = self._upper("R058", self._differences)
        if fence > 0.0:
            met = np.nonzero(standing.ratio >= fence)[0]
            self._found("R058", "OCID", met, standing.ratio[met])
            self._found("R058", "Tenderer", standing.winner[met], 0.0)

    def _unsuccessful(self) -> None:
        keys, wins, bids = self._tallies(WINS)
        (enough,) = quantiles(bids, self.settings.option("R025", "percentile") / 100.0)
        ratio = wins / bids
        fence, first = self._lower("R025", partial(Quartiles.of, ratio))
        self.meta["R025"]["upper_fence"] = enough
        if first > 0.0 and fence > 0.0:
            met = (bids >= enough) & (ratio <= fence)
            self._found("R025", "Tenderer", keys[met], ratio[met])

    def _disqualified(self) -> None:
        option = self.settings.option
        of_body = option("R038", "minimum_contracting_processes")
        of_tenderer = option("R038", "minimum_submitted_bids")
        groups: tuple[tuple[Group, int, int], ...] = (
            ("Buyer", BUYER, of_body),
            ("ProcuringEntity", ENTITY, of_body),
            ("Tenderer", TENDERER, of_tenderer),
        )
        for group, kind, minimum in groups:
            keys, disqualified, submitted = self._tallies(kind)
            enough = submitted >= minimum
            ratio = disqualified[enough] / submitted[enough]
            if not len(ratio):
                continue
            fence = self._upper("R038", partial(Quartiles.of, ratio), f"{group}_")
            if fence > 0.0:
                met = ratio >= fence
                self._found("R038", group, keys[enough][met], ratio[met])

    def _heterogeneous(self) -> None:
        keys, _none, processes = self._tallies(SUPPLIED)
        keys = keys[processes >= self.settings.option("R048", "minimum_contracting_processes")]
        counts = self.standing.varieties()[keys].astype(np.float64)
        met = counts >= self._upper("R048", partial(Quartiles.of, counts))
        self._found("R048", "Tenderer", keys[met], counts[met])

    def _differences(self) -> Quartiles:
        """The quartiles of the price differences, which two indicators use."""
        if self._quartiles is None:
            ratio = self.standing.ratio
            self._quartiles = Quartiles.of(ratio[~np.isnan(ratio)])
        return self._quartiles

    def _lower(self, code: str, of: Callable[[], Quartiles]) -> tuple[float, float]:
        """Return the lower fence and the first quartile; with a set threshold the quartile hinders nothing."""
        threshold = self.settings.option(code, "threshold")
        meta = self.meta.setdefault(code, {})
        if threshold is not None:
            meta["lower_fence"] = threshold
            return threshold, 1.0
        quartiles = of()
        meta.update(q1=quartiles.q1, q3=quartiles.q3, lower_fence=quartiles.lower_fence)
        return quartiles.lower_fence, quartiles.q1

    def _upper(self, code: str, of: Callable[[], Quartiles], prefix: str = "") -> float:
        threshold = self.settings.option(code, "threshold")
        meta = self.meta.setdefault(code, {})
        if threshold is not None:
            meta[f"{prefix}upper_fence"] = float(threshold)
            return float(threshold)
        quartiles = of()
        meta[f"{prefix}q1"], meta[f"{prefix}q3"] = quartiles.q1, quartiles.q3
        meta[f"{prefix}upper_fence"] = quartiles.upper_fence
        return quartiles.upper_fence

    def _tallies(self, kind: int) -> tuple[Array, Array, Array]:
        total = self.standing.total[kind]
        keys = np.nonzero(total)[0]
        return keys, self.standing.hits[kind][keys].astype(np.float64), total[keys].astype(np.float64)
