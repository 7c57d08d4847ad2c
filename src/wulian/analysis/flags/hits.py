"""From judged rows to hits: one hit a subject, with the evidence that lets a person check it.

Works by columns: a hit is put together from texts that were made once for each distinct value.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from wulian.analysis.flags.catalogue import Judged
from wulian.analysis.flags.columns import column, path_of
from wulian.analysis.flags.compiled import IDS, NAMES
from wulian.law.rules import SEVERITIES

BEIJING = ZoneInfo("Asia/Shanghai")
HIT_SCHEMA = pa.schema(
    [
        pa.field("rule", pa.string()),
        pa.field("subject_kind", pa.string()),
        pa.field("subject_id", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("threshold", pa.float64()),
        pa.field("evidence", pa.string()),
        pa.field("title", pa.string()),
        pa.field("rule_version", pa.int32()),
        pa.field("conduct_date", pa.date32()),
        pa.field("project_id", pa.string()),
        pa.field("tender_id", pa.string()),
        pa.field("lot_id", pa.string()),
    ]
)
# Rows of one subject that are written out in the evidence; the rest is counted.
SHOWN_ROWS = 20
SHOWN_NAMES: tuple[str, ...] = ("tenderer.name", "lot.name")
_ORDER = ("subject_kind", "subject_id", "rule_version")
_encode = json.JSONEncoder(ensure_ascii=False).encode
# The texts `"key": value` of one key, one a row; an empty one is left out.
Texts = list[str]


def hits_of(rule: Judged, rows: pa.Table, is_loaded: Callable[[int], bool]) -> pa.Table:
    """Return one hit a subject of the rows that meet `rule`: the worst row gives severity, value and dates.

    `is_loaded` says whether the legal calendar of a year is known; a period counted without it is provisional.
    """
    if rows.num_rows == 0:
        return HIT_SCHEMA.empty_table()
    groups = _groups(rows)
    worst = rows.take(pa.array([group[0] for group in groups], pa.int64()))
    count = worst.num_rows
    single = count == rows.num_rows
    columns = {
        "rule": pa.repeat(rule.id, count),
        "subject_kind": pa.repeat(rule.subject, count),
        "subject_id": worst["subject_id"],
        "severity": worst["_severity"],
        "value": worst["_value"],
        "threshold": worst["_threshold"],
        "evidence": pa.array(_evidence(rule, rows, groups, is_loaded), pa.string()),
        "title": pa.repeat(rule.title, count),
        "rule_version": pa.repeat(pa.scalar(rule.version, pa.int32()), count),
        "conduct_date": worst["conduct_date"],
        "project_id": _given(worst, "project_id"),
        "tender_id": _given(worst, "tender_id") if single else _common(rows, groups, "tender_id"),
        "lot_id": _given(worst, "lot_id") if single else _common(rows, groups, "lot_id"),
    }
    return pa.table([columns[name] for name in HIT_SCHEMA.names], schema=HIT_SCHEMA)


def collect(found: Iterable[tuple[str, pa.Table]]) -> pa.Table:
    """Put the hits of rules (by code) together, ordered by rule, subject and version."""
    by_rule: dict[str, list[pa.Table]] = defaultdict(list)
    for code, hits in found:
        by_rule[code].append(hits)
    # Rule by rule: the evidence of all rules of a city is more than one sorted column of texts may hold.
    ordered = [_sorted(pa.concat_tables(by_rule[code])) for code in sorted(by_rule)]
    return pa.concat_tables([HIT_SCHEMA.empty_table(), *ordered]).combine_chunks()


def _sorted(hits: pa.Table) -> pa.Table:
    return hits.take(pc.sort_indices(hits, sort_keys=[(name, "ascending") for name in _ORDER]))


def _groups(rows: pa.Table) -> list[list[int]]:
    """The positions of the rows of each subject, the worst first: by severity, then by distance from the limit."""
    subjects = rows["subject_id"].to_pylist()
    if pc.count_distinct(rows["subject_id"]).as_py() == len(subjects):
        return [[place] for place in range(len(subjects))]
    severities = [SEVERITIES.index(severity) for severity in rows["_severity"].to_pylist()]
    distances = pc.abs(pc.subtract(rows["_value"], rows["_threshold"])).to_pylist()
    row_ids = _given(rows, "row_id").to_pylist()

    def rank(place: int) -> tuple[str, int, float, str]:
        return subjects[place], severities[place], -(distances[place] or 0.0), row_ids[place] or ""

    ordered = sorted(range(len(subjects)), key=rank)
    return [list(group) for _subject, group in groupby(ordered, key=subjects.__getitem__)]


def _given(rows: pa.Table, name: str) -> pa.ChunkedArray | pa.Array:
    return rows[name] if name in rows.column_names else pa.nulls(rows.num_rows, pa.string())


def _common(rows: pa.Table, groups: Sequence[Sequence[int]], name: str) -> pa.Array:
    """The value all rows of a subject share, null where they differ."""
    values = _given(rows, name).to_pylist()
    return pa.array(
        [values[group[0]] if len({values[place] for place in group}) == 1 else None for group in groups],
        pa.string(),
    )


def _evidence(
    rule: Judged, rows: pa.Table, groups: Sequence[Sequence[int]], is_loaded: Callable[[int], bool]
) -> list[str]:
    read = {path: _texts(rows[column(path)], path) for path in rule.fields()}
    named = {
        path_of(name): _texts(rows[name], path_of(name), seen_only=True)
        for name in map(column, NAMES)
        if name in rows.column_names
    }
    ids = {name: _texts(rows[name], name, seen_only=True) for name in IDS if name in rows.column_names}
    facts = _joined([*(read | _missing(named, read)).values(), *ids.values(), *_dates(rows, is_loaded)])
    if len(groups) == rows.num_rows:
        return [f"{{{facts[group[0]]}}}" for group in groups]
    shown = {name: named[name] for name in SHOWN_NAMES if name in named}
    row_id = _texts(_given(rows, "row_id"), "row_id")
    lines = _joined([*({"row_id": row_id} | read | _missing(shown, read)).values()])
    return [_object(facts, lines, group) for group in groups]


def _object(facts: Texts, lines: Texts, group: Sequence[int]) -> str:
    if len(group) == 1:
        return f"{{{facts[group[0]]}}}"
    rows = ", ".join([f"{{{lines[place]}}}" for place in group[:SHOWN_ROWS]])
    return f'{{{facts[group[0]]}, "row_count": {len(group)}, "rows": [{rows}]}}'


def _missing(texts: dict[str, Texts], known: dict[str, Texts]) -> dict[str, Texts]:
    return {name: values for name, values in texts.items() if name not in known}


def _joined(texts: Sequence[Texts]) -> Texts:
    return [", ".join(filter(None, parts)) for parts in zip(*texts, strict=True)]


def _texts(values: pa.ChunkedArray | pa.Array, key: str, *, seen_only: bool = False) -> Texts:
    """The text of a key in the evidence for each value; with `seen_only`, none for a null and an empty text."""
    start = f"{_encode(key)}: "
    coded = pa.chunked_array([values] if isinstance(values, pa.Array) else values.chunks, values.type)
    coded = coded.combine_chunks().dictionary_encode()
    distinct = coded.dictionary.to_pylist()
    texts = ["" if seen_only and not value else start + _encode(plain(value)) for value in distinct]
    texts.append("" if seen_only else start + "null")
    return [texts[place] for place in coded.indices.fill_null(len(distinct)).to_pylist()]


def _dates(rows: pa.Table, is_loaded: Callable[[int], bool]) -> list[Texts]:
    """The day a period ended, the day it was rolled to, and whether the calendar of that year is only assumed."""
    days = {}
    for label, ending in (("due", "due"), ("due_rolled", "rolled")):
        names = [name for name in rows.column_names if name[0] == "_" and name.rsplit("_", 1)[-1] == ending]
        if names:
            days[label] = pc.coalesce(*(rows[name] for name in names))
    if not days:
        return []
    known = {
        year: is_loaded(year) for day in days.values() for year in pc.unique(pc.year(day)).to_pylist() if year
    }
    years = zip(*(pc.year(day).to_pylist() for day in days.values()), strict=True)
    provisional = [
        "" if all(year is None or known[year] for year in pair) else '"provisional": true' for pair in years
    ]
    return [*(_texts(day, label, seen_only=True) for label, day in days.items()), provisional]


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: times and dates as ISO texts, amounts as numbers."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=BEIJING).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
