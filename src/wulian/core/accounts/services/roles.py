"""Roles: granted and ended by the security administrator (三员分立)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

from ..choices import ADMINISTRATORS, Role
from ..guards import require_role
from ..models import RoleGrant, User


@transaction.atomic
def grant_role(
    *,
    actor: User | None,
    user: User,
    role: Role | str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> RoleGrant:
    """Let a user hold a role from one day to another, both inclusive; `actor` None is the installation itself.

    Raises Forbidden unless `actor` is the security administrator; Refusal for oneself, for an administrator's role
    beside any other, for a business role without a department, for a role already held, or for wrong dates.
    """
    role = Role(role)
    start = valid_from or timezone.localdate()
    if actor is not None:
        require_role(actor, Role.SECURITY_ADMIN)
        if actor.pk == user.pk:
            raise Refusal(_("Nobody grants a role to themselves."), field="role")
    _check_person(user, role)
    if valid_to is not None and valid_to < start:
        raise Refusal(_("Valid to: expected the day %(day)s or later.") % {"day": start}, field="valid_to")
    _check_others(user, role, start, valid_to)
    grant = RoleGrant.objects.create(
        user=user, role=role, valid_from=start, valid_to=valid_to, granted_by=actor
    )
    user.forget_roles()
    record_event(
        actor=actor,
        verb="accounts.role_granted",
        subject=user,
        summary=str(role),
        data={"role": str(role), "from": start.isoformat(), "to": valid_to.isoformat() if valid_to else None},
    )
    return grant


@transaction.atomic
def end_role(*, actor: User, grant: RoleGrant, last_day: dt.date | None = None) -> RoleGrant:
    """End a role; `last_day` is the last day it is held, yesterday (at once) without it.

    Raises Forbidden unless `actor` is the security administrator; Refusal for one's own role or one that has ended.
    """
    require_role(actor, Role.SECURITY_ADMIN)
    if actor.pk == grant.user_id:
        raise Refusal(_("Nobody ends a role of their own."))
    today = timezone.localdate()
    if grant.valid_to is not None and grant.valid_to < today:
        raise Refusal(_("The role has already ended on %(day)s.") % {"day": grant.valid_to})
    grant.valid_to = last_day or today - dt.timedelta(days=1)
    grant.save(update_fields=["valid_to"])
    grant.user.forget_roles()
    record_event(
        actor=actor,
        verb="accounts.role_ended",
        subject=grant.user,
        summary=grant.role,
        data={"role": grant.role, "to": grant.valid_to.isoformat()},
    )
    return grant


def _check_person(user: User, role: Role) -> None:
    if not user.is_active:
        raise Refusal(_("The account of %(user)s is disabled.") % {"user": user}, field="user")
    if role not in ADMINISTRATORS and user.department_id is None:
        raise Refusal(
            _("%(user)s belongs to no department; a business role needs one.") % {"user": user}, field="role"
        )


def _check_others(user: User, role: Role, start: dt.date, end: dt.date | None) -> None:
    overlapping = RoleGrant.objects.select_for_update().filter(
        Q(valid_to=None) | Q(valid_to__gte=start), user=user
    )
    if end is not None:
        overlapping = overlapping.filter(valid_from__lte=end)
    for other in overlapping:
        if other.role == role:
            raise Refusal(
                _("%(user)s already holds the role %(role)s.") % {"user": user, "role": other}, field="role"
            )
        if role in ADMINISTRATORS or other.role in ADMINISTRATORS:
            raise Refusal(
                _("An administrator's role excludes every other: %(user)s holds %(role)s.")
                % {"user": user, "role": other},
                field="role",
            )
