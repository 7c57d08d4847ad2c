from __future__ import annotations

import django_tables2
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateTimeColumn, Table

from .models import User


class UserTable(Table):
    full_name = django_tables2.Column(
        verbose_name=_("Full name"), linkify=("accounts:user", {"pk": django_tables2.A("pk")})
    )
    username = django_tables2.Column(verbose_name=_("Login name"))
    department = django_tables2.Column(verbose_name=_("Department"), order_by=("department__id",))
    post = django_tables2.Column(verbose_name=_("Post"), orderable=False)
    roles = django_tables2.Column(
        verbose_name=_("Roles in force"), accessor="role_set", orderable=False, empty_values=()
    )
    last_login = DateTimeColumn(verbose_name=_("Last login"))
    is_active = django_tables2.Column(verbose_name=_("State"))

    class Meta(Table.Meta):
        model = User
        fields = ("full_name", "username", "department", "post", "roles", "last_login", "is_active")
        order_by = ("full_name",)

    def render_roles(self, value: frozenset) -> str:
        return "、".join(sorted(str(role.label) for role in value)) or "—"

    def render_is_active(self, value: bool) -> str:
        css, word = ("bg-green-lt", gettext("Active")) if value else ("bg-secondary-lt", gettext("Disabled"))
        return format_html('<span class="badge {}">{}</span>', css, word)

    def value_is_active(self, value: bool) -> str:
        return gettext("Active") if value else gettext("Disabled")
