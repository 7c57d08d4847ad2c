"""Tables of list pages and their columns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from .templatetags.ui import money, severity_code


class Table(django_tables2.Table):
    """Base of every table: dense, hover, stacked into cards on a phone."""

    class Meta:
        attrs = {"class": "table table-vcenter table-hover card-table wl-table"}
        empty_text = _("Nothing found.")
        template_name = "ui/_table.html"


class MoneyColumn(django_tables2.Column):
    """An amount in yuan, shown in 元 or 万元 and exported as a number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        for part in ("td", "th"):
            attrs.setdefault(part, {}).setdefault("class", "text-end text-nowrap")
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Decimal) -> str:
        return money(value)

    def value(self, value: Decimal | None) -> Decimal | None:
        return value


class SeverityColumn(django_tables2.Column):
    """红橙黄蓝 as colour, shape and word."""

    def render(self, value: Any) -> str:
        return render_to_string("ui/_severity.html", {"code": severity_code(value)})

    def value(self, value: Any) -> str:
        return str(value)


class LightColumn(django_tables2.Column):
    """A traffic light as colour, shape and word."""

    def render(self, value: Any) -> str:
        return render_to_string("ui/_light.html", {"code": str(getattr(value, "value", value))})

    def value(self, value: Any) -> str:
        return str(value)


class DateColumn(django_tables2.DateColumn):
    """A day written 2026-03-05."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        attrs.setdefault("td", {}).setdefault("class", "text-nowrap")
        super().__init__(*args, format=kwargs.pop("format", "Y-m-d"), attrs=attrs, **kwargs)


class DateTimeColumn(DateColumn):
    """A moment written 2026-03-05 09:30 in local time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=kwargs.pop("format", "Y-m-d H:i"), **kwargs)
