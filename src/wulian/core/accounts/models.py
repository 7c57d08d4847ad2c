"""Departments as a tree, officers as users, roles with dates."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import ADMINISTRATORS, DepartmentKind, Role


class DepartmentQuerySet(models.QuerySet["Department"]):
    def visible_to(self, user: Any) -> DepartmentQuerySet:
        """The tree is public among those who hold a role."""
        return self if user.is_authenticated and user.is_active and user.role_set else self.none()


class Department(models.Model):
    """A node of the department tree; ``sector`` empty means every sector, a county's region code limits to it."""

    code = models.SlugField(_("department code"), max_length=32, unique=True)
    name = models.CharField(_("department name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=32, blank=True)
    kind = models.CharField(_("department kind"), max_length=16, choices=DepartmentKind)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        verbose_name=_("parent department"),
        related_name="children",
        null=True,
        blank=True,
    )
    region_code = models.CharField(_("region code"), max_length=12, default="421300", db_index=True)
    sector = models.CharField(_("sector"), max_length=16, blank=True, db_index=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    document_prefix = models.CharField(_("document number prefix"), max_length=16, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> UserQuerySet:
        """Everyone for the administrators of accounts, colleagues of one's department for everyone else."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            return self
        return self.filter(Q(pk=user.pk) | Q(department_id=user.department_id, department_id__isnull=False))

    def with_role(self, *roles: Role) -> UserQuerySet:
        """Active users who hold one of ``roles`` today."""
        grants = RoleGrant.objects.in_force().filter(role__in=roles)
        return self.filter(is_active=True, pk__in=grants.values("user_id"))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    """An official. Personal names are kept whole in ``first_name``-less ``full_name`` as Chinese names are written."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=100)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("department"),
        related_name="users",
        null=True,
        blank=True,
    )
    post = models.CharField(_("post"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False)
    language = models.CharField(_("language"), max_length=8, blank=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @cached_property
    def role_set(self) -> frozenset[Role]:
        """Roles in force today."""
        today = timezone.localdate()
        return frozenset(Role(grant.role) for grant in self.role_grants.all() if grant.is_in_force(today))

    def has_role(self, *roles: Role | str) -> bool:
        """Whether the active user holds one of ``roles`` today; a role may be given by its value or name."""
        return self.is_active and not self.role_set.isdisjoint(str(role).lower() for role in roles)

    @property
    def is_administrator(self) -> bool:
        """Whether the user is one of the three administrators today."""
        return self.has_role(*ADMINISTRATORS)

    def forget_roles(self) -> None:
        """Read the roles anew at the next question, after a grant was changed."""
        self.__dict__.pop("role_set", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("role_grants", None)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self) -> RoleGrantQuerySet:
        """Grants that hold today."""
        today = timezone.localdate()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)


class RoleGrant(models.Model):
    """A role held from one day to another (both inclusive); ended, never deleted."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, verbose_name=_("user"), related_name="role_grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, verbose_name=_("granted by"), related_name="+", null=True, blank=True
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(valid_to=None), name="one_open_grant_per_role"
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the role is held on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
