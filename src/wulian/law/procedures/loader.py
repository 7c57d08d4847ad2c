"""Reading the tables and refusing one that cannot be followed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from wulian.law.procedures.table import Procedure

PROCEDURE_CODES = (
    "alert", "lead", "complaint", "objection", "penalty", "consultation", "inspection", "similarity",
)  # fmt: skip


class ProcedureError(ValueError):
    """A procedure table is wrong; the message lists every fault."""


@cache
def procedure(code: str) -> Procedure:
    """Return the packaged procedure `code`; raises KeyError for an unknown code, ProcedureError for a bad table."""
    if code not in PROCEDURE_CODES:
        raise KeyError(f"no procedure {code!r}; known are {', '.join(PROCEDURE_CODES)}")
    return load_procedure((files("wulian.law.procedures") / f"{code}.yaml").read_text(encoding="utf-8"))


def load_procedure(text: str) -> Procedure:
    """Parse and check one table; raises ProcedureError that names every fault."""
    raw: dict[str, Any] = yaml.safe_load(text)
    try:
        table = Procedure.model_validate(
            {**raw, "states": {code: {"code": code, **body} for code, body in raw["states"].items()}}
        )
    except ValidationError as error:
        raise ProcedureError(str(error)) from error
    if faults := check_procedure(table):
        raise ProcedureError(f"{table.code}: " + "; ".join(faults))
    return table


def check_procedure(table: Procedure) -> list[str]:
    """Return the faults of a table: unknown states, ambiguous events, states without a way in or out."""
    return [*_bad_references(table), *_ambiguous_events(table), *_dead_ends(table), *_unreachable(table)]


def _bad_references(table: Procedure) -> list[str]:
    faults = [
        f"start state {code} does not exist"
        for code in (table.start, *table.entries)
        if code not in table.states
    ]
    for item in table.transitions:
        if item.stays == bool(item.target):
            faults.append(f"{item.event}: needs either a target or stays")
        named = {*item.sources, *filter(None, [item.target])}
        terms = [*item.deadlines, *filter(None, [item.deadline])]
        named |= {term.since for term in terms if term.since}
        faults += [
            f"{item.event}: state {code} does not exist" for code in sorted(named - table.states.keys())
        ]
    return faults


def _ambiguous_events(table: Procedure) -> list[str]:
    cells = [(item.event, source) for item in table.transitions for source in item.sources]
    return [
        f"{event} is defined twice in {source}"
        for event, source in sorted({c for c in cells if cells.count(c) > 1})
    ]


def _dead_ends(table: Procedure) -> list[str]:
    leaving = {source for t in table.transitions for source in t.sources if t.leads_to(source) != source}
    return [f"state {code} has no way out" for code in table.open_states if code not in leaving]


def _unreachable(table: Procedure) -> list[str]:
    reached = {table.start, *table.entries}
    grew = True
    while grew:
        found = {t.leads_to(s) for t in table.transitions for s in t.sources if s in reached} - reached
        reached |= found
        grew = bool(found)
    return [f"state {code} cannot be reached" for code in table.states if code not in reached]
