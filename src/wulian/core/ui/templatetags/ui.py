"""Tags and filters of the pages: money, severity, lights, charts, addresses."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import uuid4

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

SEVERITIES: Final = {
    "red": gettext_lazy("Red"),
    "orange": gettext_lazy("Orange"),
    "yellow": gettext_lazy("Yellow"),
    "blue": gettext_lazy("Blue"),
}
_CHINESE: Final = {"红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue"}
LIGHTS: Final = {
    "green": gettext_lazy("Normal"),
    "blue": gettext_lazy("In progress"),
    "yellow": gettext_lazy("Attention"),
    "orange": gettext_lazy("Warning"),
    "red": gettext_lazy("Problem"),
    "grey": gettext_lazy("Not started"),
}
_ESCAPES: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def money(value: Any) -> str:
    """An amount in yuan for reading: 万元 from ten thousand on (`¥1,234.50万元`-style without the sign), 元 below; empty as —."""
    amount = _decimal(value)
    if amount is None:
        return "—"
    if abs(amount) >= 10_000:
        return _("%(amount)s ×10k CNY") % {"amount": f"{amount / 10_000:,.2f}"}
    return _("%(amount)s CNY") % {"amount": f"{amount:,.2f}"}


@register.filter
def yuan(value: Any) -> str:
    """An amount in yuan to the cent, never shortened; empty as —."""
    amount = _decimal(value)
    return "—" if amount is None else _("%(amount)s CNY") % {"amount": f"{amount:,.2f}"}


@register.filter
def severity_code(value: Any) -> str:
    """`red`, `orange`, `yellow` or `blue` for a code, a choice or the Chinese word; empty when it is none of them."""
    text = str(getattr(value, "value", value) or "").strip().lower()
    text = _CHINESE.get(text[:1], text)
    return text if text in SEVERITIES else ""


@register.filter
def severity_word(code: str) -> str:
    """The word of a severity code."""
    return str(SEVERITIES.get(code, code))


@register.filter
def light_word(code: str) -> str:
    """The word of a light."""
    return str(LIGHTS.get(code, code))


@register.inclusion_tag("ui/_severity.html")
def severity(value: Any) -> dict[str, Any]:
    """红橙黄蓝 as colour, shape and word."""
    return {"code": severity_code(value)}


@register.inclusion_tag("ui/_light.html")
def light(value: Any, label: str = "") -> dict[str, Any]:
    """A light as colour, shape and word; `label` replaces the word."""
    return {"code": str(getattr(value, "value", value) or "grey"), "label": label}


@register.inclusion_tag("ui/_clock.html")
def due_badge(badge: Any) -> dict[str, Any]:
    """A clock badge: anything with `text`, `tone` and perhaps `explanation`."""
    return {"badge": badge}


@register.simple_tag
def json_script(data: Any, element_id: str) -> SafeString:
    """`data` as an inert JSON element that scripts read by its id."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script id="{}" type="application/json">{}</script>', element_id, mark_safe(text))


@register.simple_tag
def chart(options: Any, label: str, height: int = 280) -> SafeString:
    """An ECharts drawing of `options` (a dict, without functions); `label` says in words what it shows."""
    element_id = f"chart-{uuid4().hex[:12]}"
    return format_html(
        '<div class="wl-chart" data-chart="{}" style="height:{}px" role="img" aria-label="{}"></div>{}',
        element_id,
        int(height),
        label,
        json_script(options, element_id),
    )


@register.simple_tag(takes_context=True)
def query_replace(context: template.Context, **changes: Any) -> str:
    """The address's query string with `changes` set; a value of None or "" removes the name. The page number goes."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name in [name for name in query if name.startswith("_")]:
        query.pop(name)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def sort_query(context: template.Context, table: Any, column: Any) -> str:
    """The query string that sorts `table` by `column`, or the other way round when it already does."""
    return query_replace(context, **{table.prefixed_order_by_field: column.order_by_alias.next})


@register.simple_tag
def table_rows(table: Any) -> SafeString:
    """The body rows of a django-tables2 table, as its own template would write them, in a third of the time."""
    columns = list(table.columns)
    fixed = not any(
        callable(value)
        for column in columns
        for part in column.column.attrs.values()
        for value in part.values()
    )
    openings = {column.name: _cell_opening(column) for column in columns} if fixed else {}
    rows = []
    for row in table.paginated_rows:
        cells = [
            f"{openings.get(column.name) or _cell_opening(column)}{_cell(column, cell)}</td>"
            for column, cell in row.items()
        ]
        rows.append(f"<tr {row.attrs.as_html()}>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))


def _cell_opening(column: Any) -> str:
    return f'<td {column.attrs["td"].as_html()} data-label="{conditional_escape(column.header)}">'


def _cell(column: Any, cell: Any) -> str:
    localise = column.localize
    return render_value_in_context(cell, template.Context(use_l10n=localise is not False, use_tz=True))


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """`mapping[key]` or None."""
    return mapping.get(key) if mapping else None


@register.filter
def widget_kind(field: Any) -> str:
    """`checkbox`, `choices`, `file` or `input` for a bound field."""
    names = {kind.__name__ for kind in type(field.field.widget).__mro__}
    if "CheckboxSelectMultiple" in names or "RadioSelect" in names:
        return "choices"
    return "checkbox" if "CheckboxInput" in names else "file" if "FileInput" in names else "input"


def _decimal(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def minutes(value: Any) -> int:
    """A time span in whole minutes, rounded up."""
    return -(-int(value.total_seconds()) // 60) if value else 0
