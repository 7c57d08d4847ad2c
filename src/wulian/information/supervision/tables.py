"""Tables of the lists."""

from __future__ import annotations

import django_tables2
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateTimeColumn, LongTable, Table
from wulian.exchange.events import kind_label
from wulian.information.supervision.models import QuarantinedEvent, TradingSystem


class QuarantineTable(LongTable):
    last_at = DateTimeColumn(verbose_name=_("Last received"), format="Y-m-d H:i:s")
    system = django_tables2.Column(verbose_name=_("Trading system"), orderable=False)
    lot_code = django_tables2.Column(verbose_name=_("Lot code"), orderable=False)
    kind = django_tables2.Column(verbose_name=_("Kind of event"), orderable=False)
    code = django_tables2.Column(
        verbose_name=_("Reason"), linkify=("supervision:refused", {"pk": django_tables2.A("pk")})
    )
    field = django_tables2.Column(verbose_name=_("Field"), orderable=False)
    message = django_tables2.Column(verbose_name=_("What was expected"), orderable=False)
    times = django_tables2.Column(verbose_name=_("Times sent"))
    state = django_tables2.Column(verbose_name=_("State"))

    class Meta(Table.Meta):
        model = QuarantinedEvent
        fields = ("last_at", "system", "lot_code", "kind", "code", "field", "message", "times", "state")

    def render_kind(self, value: str) -> str:
        return kind_label(value)

    value_kind = render_kind


class SystemTable(Table):
    name = django_tables2.Column(
        verbose_name=_("Trading system"), linkify=("supervision:system", {"pk": django_tables2.A("pk")})
    )
    code = django_tables2.Column(verbose_name=_("System code"))
    operator = django_tables2.Column(verbose_name=_("Operator of the system"), orderable=False)
    tokens_in_force = django_tables2.Column(verbose_name=_("Tokens in force"), orderable=False)
    last_used_at = DateTimeColumn(verbose_name=_("Last call"), orderable=False)
    is_active = django_tables2.Column(verbose_name=_("State"))

    class Meta(Table.Meta):
        model = TradingSystem
        fields = ("name", "code", "operator", "tokens_in_force", "last_used_at", "is_active")

    def render_is_active(self, value: bool) -> str:
        css, word = ("bg-green-lt", _("Active")) if value else ("bg-secondary-lt", _("Switched off"))
        return format_html('<span class="badge {}">{}</span>', css, word)

    def value_is_active(self, value: bool) -> str:
        return str(_("Active") if value else _("Switched off"))
