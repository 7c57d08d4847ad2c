from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import FilterSet

from .choices import Role
from .models import Department, RoleGrant, User


class UserFilter(FilterSet):
    q = django_filters.CharFilter(method="by_text", label=_("Name or login name"))
    department = django_filters.ModelChoiceFilter(queryset=Department.objects.all(), label=_("Department"))
    role = django_filters.ChoiceFilter(choices=Role.choices, method="by_role", label=_("Role"))
    is_active = django_filters.ChoiceFilter(
        choices=[("true", _("Active")), ("false", _("Disabled"))], method="by_state", label=_("State")
    )

    class Meta:
        model = User
        fields: list[str] = []

    def by_text(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(Q(full_name__icontains=value) | Q(username__icontains=value))

    def by_role(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        grants = RoleGrant.objects.in_force().filter(role=value)
        return queryset.filter(pk__in=grants.values("user_id"))

    def by_state(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(is_active=value == "true")
