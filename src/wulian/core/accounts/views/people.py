"""Users, their roles and the departments."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin

from .. import selectors, services
from ..choices import Role
from ..filters import UserFilter
from ..forms import DepartmentForm, GrantForm, InitialPasswordForm, NewDepartmentForm, NewUserForm, UserForm
from ..models import Department, RoleGrant, User
from ..tables import UserTable

ACCOUNT_KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


class UserListView(ListView):
    model = User
    table_class = UserTable
    filter_class = UserFilter
    roles = ACCOUNT_KEEPERS
    wing = menu.SYSTEM
    title = _("Users and roles")

    def get_queryset(self) -> QuerySet[User]:
        return super().get_queryset().select_related("department").prefetch_related("role_grants")

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(Role.SYSTEM_ADMIN):
            return [Action(_("New user"), reverse("accounts:user_add"), "user-plus", "btn-primary")]
        return []


class OneUserMixin:
    """A page about one user, for the keepers of accounts."""

    roles = ACCOUNT_KEEPERS
    wing = menu.SYSTEM

    @cached_property
    def person(self) -> User:
        people = User.objects.visible_to(self.request.user).select_related("department")  # type: ignore[attr-defined]
        return get_object_or_404(people, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = [Crumb(_("Users and roles"), reverse("accounts:users"))]
        if type(self) is not UserView:
            crumbs.append(Crumb(self.person.full_name, self.get_success_url()))
        return crumbs

    def get_success_url(self) -> str:
        return reverse("accounts:user", args=[self.kwargs["pk"]])  # type: ignore[attr-defined]


class UserView(OneUserMixin, PageMixin, TemplateView):
    template_name = "accounts/user.html"

    def get_title(self) -> str:
        return self.person.full_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "person": self.person,
            "grants": list(
                self.person.role_grants.select_related("granted_by").order_by("-valid_from", "-id")
            ),
            "has_second_factor": services.has_second_factor(self.person),
            "keeps_users": self.request.user.has_role(Role.SYSTEM_ADMIN),
            "keeps_roles": self.request.user.has_role(Role.SECURITY_ADMIN),
            "is_self": self.person.pk == self.request.user.pk,
        }


class UserAddView(FormServiceView):
    form_class = NewUserForm
    roles = (Role.SYSTEM_ADMIN,)
    wing = menu.SYSTEM
    title = _("New user")
    intro = _("A new user has no role; the security administrator grants it.")
    success_message = _("The user has been created.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Users and roles"), reverse("accounts:users"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": User()}

    def perform(self, form: NewUserForm) -> User:
        return services.create_user(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("accounts:user", args=[self.result.pk])


class UserEditView(OneUserMixin, FormServiceView):
    form_class = UserForm
    roles = (Role.SYSTEM_ADMIN,)
    title = _("Change a user")
    success_message = _("The user has been changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes into its instance before the service compares old and new.
        return {**super().get_form_kwargs(), "instance": User.objects.get(pk=self.person.pk)}

    def perform(self, form: UserForm) -> User:
        return services.update_user(actor=self.request.user, user=self.person, **form.cleaned_data)


class UserPasswordView(OneUserMixin, FormServiceView):
    form_class = InitialPasswordForm
    roles = (Role.SYSTEM_ADMIN,)
    title = _("Reset the password")
    success_message = _("The password has been reset.")

    def perform(self, form: InitialPasswordForm) -> User:
        return services.reset_password(
            actor=self.request.user, user=self.person, password=form.cleaned_data["password"]
        )


class UserDisableView(OneUserMixin, ActionView):
    roles = (Role.SYSTEM_ADMIN,)
    success_message = _("The account has been disabled.")

    def perform(self, request: HttpRequest) -> User:
        return services.disable_user(actor=request.user, user=self.person)


class UserEnableView(OneUserMixin, ActionView):
    roles = (Role.SYSTEM_ADMIN,)
    success_message = _("The account has been enabled.")

    def perform(self, request: HttpRequest) -> User:
        return services.enable_user(actor=request.user, user=self.person)


class GrantView(OneUserMixin, FormServiceView):
    form_class = GrantForm
    roles = (Role.SECURITY_ADMIN,)
    title = _("Grant a role")
    success_message = _("The role has been granted.")

    def perform(self, form: GrantForm) -> RoleGrant:
        return services.grant_role(actor=self.request.user, user=self.person, **form.cleaned_data)


class EndGrantView(OneUserMixin, ActionView):
    roles = (Role.SECURITY_ADMIN,)
    success_message = _("The role has been ended.")

    def perform(self, request: HttpRequest) -> RoleGrant:
        grant = get_object_or_404(self.person.role_grants.select_related("user"), pk=self.kwargs["grant"])
        return services.end_role(actor=request.user, grant=grant)


class RemoveSecondFactorView(OneUserMixin, ActionView):
    roles = (Role.SECURITY_ADMIN,)
    success_message = _("The second factor has been removed; the user sets up a new one at the next login.")

    def perform(self, request: HttpRequest) -> None:
        services.remove_totp(actor=request.user, user=self.person)


class DepartmentTreeView(PageMixin, TemplateView):
    template_name = "accounts/departments.html"
    wing = menu.SYSTEM
    title = _("Departments")
    business = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "tree": selectors.department_tree(self.request.user),
            "may_edit": self.request.user.has_role(Role.SYSTEM_ADMIN),
        }

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(Role.SYSTEM_ADMIN):
            return [Action(_("New department"), reverse("accounts:department_add"), "plus", "btn-primary")]
        return []


class DepartmentFormMixin:
    roles = (Role.SYSTEM_ADMIN,)
    wing = menu.SYSTEM
    success_message = _("The department has been saved.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Departments"), reverse("accounts:departments"))]

    def get_success_url(self) -> str:
        return reverse("accounts:departments")


class DepartmentAddView(DepartmentFormMixin, FormServiceView):
    form_class = NewDepartmentForm
    title = _("New department")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Department()}

    def perform(self, form: NewDepartmentForm) -> Department:
        return services.create_department(actor=self.request.user, **form.cleaned_data)


class DepartmentEditView(DepartmentFormMixin, FormServiceView):
    form_class = DepartmentForm
    title = _("Change a department")

    @cached_property
    def department(self) -> Department:
        return get_object_or_404(Department.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.department}

    def perform(self, form: DepartmentForm) -> Department:
        return services.update_department(
            actor=self.request.user, department=self.department, **form.cleaned_data
        )
