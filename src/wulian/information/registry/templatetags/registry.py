"""Filters of the dossier's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import permissions
from wulian.information.registry.filters import REGIONS
from wulian.information.registry.models import TABLE_MODELS

register = template.Library()
_REGIONS = dict(REGIONS)
TABLE_TITLES = {
    "parties": _("Parties"),
    "projects": _("Project"),
    "tenders": _("Tender"),
    "lots": _("Lot"),
    "notices": _("Notices"),
    "documents": _("Bidding documents"),
    "clarifications": _("Clarifications"),
    "objections": _("Objections"),
    "bids": _("Bids"),
    "openings": _("Bid opening"),
    "evaluations": _("Bid evaluation"),
    "members": _("Evaluators"),
    "scores": _("Scores"),
    "candidates": _("Award candidates"),
    "awards": _("Award"),
    "contracts": _("Contract"),
    "amendments": _("Contract amendments"),
    "implementation": _("Performance"),
    "acceptances": _("Acceptance"),
    "nodes": _("Nodes"),
}


@register.filter
def region_name(code: str) -> str:
    """The name of a region code, or the code itself."""
    return _REGIONS.get(code, code)


@register.filter
def masked(value: str, readable: bool) -> str:
    """``value`` for those who may read it, its last characters for others."""
    return value if readable else permissions.masked(value)


@register.filter
def table_title(table: str) -> str:
    return str(TABLE_TITLES.get(table, table))


@register.filter
def field_title(field: str, table: str) -> str:
    """The label of a field of ``table`` in the reader's language."""
    try:
        found = TABLE_MODELS[table]._meta.get_field(field)
    except (KeyError, FieldDoesNotExist):
        return field
    return str(getattr(found, "verbose_name", field))


@register.filter
def column_title(path: str) -> str:
    """``table.column`` in words: the table and the part that a party plays in it."""
    table, _dot, field = path.partition(".")
    return f"{table_title(table)} · {field_title(field, table)}"


@register.filter
def yes_no(value: Any) -> str:
    return "—" if value is None else gettext("Yes") if value else gettext("No")
