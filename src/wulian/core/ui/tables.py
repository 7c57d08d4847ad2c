"""Tables of list pages and their columns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import django_tables2
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .paging import KeysFirst
from .templatetags.ui import money, severity_code


class Table(django_tables2.Table):
    """Base of every table: dense, hover, stacked into cards on a phone."""

    class Meta:
        attrs = {"class": "table table-vcenter table-hover card-table wl-table"}
        empty_text = _("Nothing found.")
        template_name = "ui/_table.html"


class LongTable(Table):
    """Base of the tables of lists that grow with the city."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(KeysFirst(data) if isinstance(data, QuerySet) else data, **kwargs)


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


@lru_cache(maxsize=256)
def _mark(template: str, code: str, language: str) -> SafeString:
    """A mark's markup; there are few codes and two languages, and a list shows it in every row."""
    return render_to_string(template, {"code": code})


class SeverityColumn(django_tables2.Column):
    """红橙黄蓝 as colour, shape and word."""

    def render(self, value: Any) -> str:
        return _mark("ui/_severity.html", severity_code(value), get_language() or "")

    def value(self, value: Any) -> str:
        return str(value)


class LightColumn(django_tables2.Column):
    """A traffic light as colour, shape and word."""

    def render(self, value: Any) -> str:
        return _mark("ui/_light.html", str(getattr(value, "value", value)), get_language() or "")

    def value(self, value: Any) -> str:
        return str(value)


class DateColumn(django_tables2.Column):
    """A day written 2026-03-05."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        attrs.setdefault("td", {}).setdefault("class", "text-nowrap")
        self.format = kwargs.pop("format", "Y-m-d")
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Any) -> str:
        moment = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
        return date_format(moment, self.format)

    def value(self, value: Any) -> str:
        return self.render(value)


class DateTimeColumn(DateColumn):
    """A moment written 2026-03-05 09:30 in local time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=kwargs.pop("format", "Y-m-d H:i"), **kwargs)
