"""Which function computes which red flag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table

Judge = Callable[[Market, Any], Table]
JUDGES: dict[str, Judge] = {}


def judges(flag_id: str) -> Callable[[Judge], Judge]:
    """Register the function of a red flag: from the shared tables and the parameters to rows with a verdict."""

    def register(function: Judge) -> Judge:
        JUDGES[flag_id] = function
        return function

    return register


def found(rows: Table, verdict: Any, value: Any, threshold: Any = None) -> Table:
    """Add the verdict (true, false, null for undecidable), the value and the threshold to the rows."""
    threshold = ibis.null("float64") if threshold is None else ibis.literal(threshold).cast("float64")
    return rows.mutate(verdict=verdict, value=value.cast("float64"), threshold=threshold)
