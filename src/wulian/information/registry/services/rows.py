"""How a record of the exchange becomes a row of the registry: which field stands in which column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone

from wulian.exchange.records import PARENTS, PARTY_FIELDS, own_fields
from wulian.information.registry.models import TABLE_MODELS, Party

SINGLE = {"openings", "evaluations", "acceptances"}
"""Tables with one row a parent: found by the parent alone, whatever the row is called."""


@dataclass(frozen=True)
class Plan:
    """The columns of one table that come from its record, in order."""

    table: str
    model: Any
    fields: tuple[str, ...]
    attnames: tuple[str, ...]
    parties: frozenset[str]
    parent_attname: str
    defaults: tuple[Any, ...]

    def values(self, record: Any, party_of: Mapping[str, int]) -> tuple[Any, ...]:
        """The column values of a record; party keys become primary keys."""
        held = record.__dict__
        if not self.parties:
            return tuple([held[name] for name in self.fields])
        return tuple(
            [
                party_of[held[name]] if name in self.parties and held[name] else held[name]
                for name in self.fields
            ]
        )


@cache
def plan_of(table: str) -> Plan:
    """The plan of a table; members and bids of scores, and consortium members, are resolved elsewhere."""
    model: Any = TABLE_MODELS[table]
    skipped = {"id", "consortium"} | ({"member", "bid"} if table == "scores" else set())
    infos = {name: info for name, info in own_fields(table).items() if name not in skipped}
    parent = PARENTS.get(table)
    return Plan(
        table=table,
        model=model,
        fields=tuple(infos),
        attnames=tuple(model._meta.get_field(name).attname for name in infos),
        parties=frozenset(PARTY_FIELDS.get(table, ())) - {"consortium"},
        parent_attname=model._meta.get_field(parent).attname if parent else "",
        defaults=tuple(info.get_default(call_default_factory=True) for info in infos.values()),
    )


@cache
def _builder(model: Any, names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Any]:
    """A constructor by position: some times faster than by keyword on models of forty columns."""
    fields: list[models.Field[Any, Any]] = list(model._meta.concrete_fields)
    place = {name: index for index, name in enumerate(names)}
    unset = [field.get_default() for field in fields]
    order = [(index, place.get(field.attname)) for index, field in enumerate(fields)]

    def build(values: tuple[Any, ...]) -> Any:
        arguments = list(unset)
        for index, source in order:
            if source is not None:
                arguments[index] = values[source]
        return model(*arguments)

    return build


def build(model: Any, names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """An unsaved row of ``model`` with these columns."""
    return _builder(model, names)(values)


def as_json(value: Any) -> Any:
    """A column value as the history shows it."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def label_of(record: Any) -> str:
    """What a reader calls a row in the history."""
    for name in ("name", "title", "contract_no", "file_name", "code"):
        if text := getattr(record, name, ""):
            return str(text)[:300]
    return str(record.id)[:300]


def party_names(ids: set[int]) -> dict[int, str]:
    """Names for the history of columns that hold a party."""
    return dict(Party.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


@cache
def field_name(model: Any, attname: str) -> str:
    """The name of the field behind a column: ``owner`` for ``owner_id``."""
    return next(field.name for field in model._meta.concrete_fields if field.attname == attname)
