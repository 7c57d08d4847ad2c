"""Joins and choices that the views share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

import ibis
import ibis.expr.types as ir


def standing(awards: ir.Table) -> ir.BooleanValue:
    """Awards that were not cancelled."""
    return cast(ir.BooleanValue, ~awards.status.isin(("cancelled", "unsuccessful")).fill_null(False))


def only(table: ir.Table, wanted: Collection[str]) -> ir.Table:
    return table.select([name for name in table.columns if name in wanted])


def one_per(rows: ir.Table, *keys: str) -> ir.Table:
    """Keep one row a key: the one with the smallest id, so that the choice is the same on every engine."""
    order = ibis.row_number().over(group_by=list(keys), order_by="id")
    return cast(ir.Table, rows.mutate(_order=order).filter(ibis._._order == 0).drop("_order"))


def left_joined_each(left: ir.Table, parts: Sequence[ir.Table], key: str) -> ir.Table:
    """Left join many tables by one key, in one step: a step each would repeat every column in the query."""
    joined: ir.Table = left
    names = list(left.columns)
    for place, part in enumerate(parts):
        if clash := set(names) & set(part.columns) - {key}:
            raise ValueError(f"both sides of a join have {sorted(clash)}")
        names += [name for name in part.columns if name != key]
        part = part.rename(**{f"{key}_{place}": key})
        joined = cast(ir.Table, joined.left_join(part, left[key] == part[f"{key}_{place}"]))
    return joined.select(names)


def left_joined(left: ir.Table, right: ir.Table, *keys: str) -> ir.Table:
    """Left join that keeps the key columns of the left side only and refuses any other clash of names."""
    clash = (set(left.columns) & set(right.columns)) - set(keys)
    if clash:
        raise ValueError(f"both sides of a join have {sorted(clash)}")
    joined = left.left_join(right, list(keys), lname="", rname="{name}_right")
    return cast(ir.Table, joined.drop([f"{key}_right" for key in keys if f"{key}_right" in joined.columns]))
