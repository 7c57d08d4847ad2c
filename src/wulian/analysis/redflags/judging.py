"""From a catalogue entry to the rows that the engine reads."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags import (
    competition,
    contract,
    evaluation,
    market,
    prices,
    procedure,
    traces,
    transparency,
)
from wulian.analysis.redflags.basis import Market, Table
from wulian.analysis.redflags.models import BEGINNING, RedFlag
from wulian.analysis.redflags.registry import JUDGES

MODULES = (competition, contract, evaluation, market, prices, procedure, traces, transparency)
"""Importing them registers their functions."""
_OF_ONE_PROJECT = ("project", "tender", "lot", "bid", "contract")
_IDS = ("project_id", "tender_id", "lot_id", "bid_id", "contract_id", "row_id")
_NAMES = ("project__name", "tender__name", "lot__name", "tenderer__name", "supplier__name")


def judged(flag: RedFlag, tables: Market) -> Table:
    """Return the rows of a flag in the shape of a judged rule; ValueError when a column it shows is not there."""
    rows = JUDGES[flag.id](tables, flag.values)
    shown = [path.replace(".", "__", 1) for path in flag.evidence]
    subject = f"{flag.subject}_id"
    if missing := [name for name in (*shown, subject) if name not in rows.columns]:
        raise ValueError(f"red flag {flag.id}: its rows have no {', '.join(missing)}")
    # A firm or a person is no part of one project.
    context = (*_IDS, *_NAMES) if flag.subject in _OF_ONE_PROJECT else ()
    kept = dict.fromkeys([*shown, *(name for name in context if name in rows.columns)])
    day: Any = ibis.coalesce(rows.day, tables.as_of) if "day" in rows.columns else tables.as_of
    if flag.valid_from != BEGINNING:
        rows = rows.filter(day >= ibis.literal(flag.valid_from))
    if flag.valid_to is not None:
        rows = rows.filter(day <= ibis.literal(flag.valid_to))
    return rows.select(
        *kept,
        subject_id=rows[subject],
        verdict=rows.verdict,
        conduct_date=day,
        _value=rows.value,
        _threshold=rows.threshold,
        _severity=ibis.literal(flag.severity),
    )
