"""Users: created, changed, disabled by the system administrator."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wulian.core.audit.services import changes_between, record_event
from wulian.core.config.errors import Forbidden, Refusal

from ..choices import Role
from ..guards import require_role
from ..models import Department, User
from .second_factor import has_second_factor

FIELDS = ("full_name", "department", "post", "phone")


@transaction.atomic
def create_user(
    *,
    actor: User | None,
    username: str,
    full_name: str,
    password: str,
    department: Department | None = None,
    post: str = "",
    phone: str = "",
    is_demo: bool = False,
    must_change_password: bool = True,
) -> User:
    """Create a user without any role; `actor` None is the installation itself.

    Raises Forbidden unless `actor` is the system administrator, Refusal for a taken name or a weak password.
    """
    if actor is not None:
        require_role(actor, Role.SYSTEM_ADMIN)
    username, full_name = username.strip(), full_name.strip()
    if not username or not full_name:
        missing = "username" if not username else "full_name"
        raise Refusal(_("Login name and full name are both needed."), field=missing)
    if User.objects.filter(username__iexact=username).exists():
        raise Refusal(_("The login name %(name)s is taken.") % {"name": username}, field="username")
    user = User(
        username=username, full_name=full_name, department=department, post=post, phone=phone, is_demo=is_demo,
        must_change_password=must_change_password,
    )  # fmt: skip
    if not is_demo:
        _check_password(password, user, "password")
    user.set_password(password)
    user.save()
    record_event(actor=actor, verb="accounts.user_created", subject=user, summary=username)
    return user


@transaction.atomic
def update_user(
    *, actor: User, user: User, full_name: str, department: Department | None, post: str = "", phone: str = ""
) -> User:
    """Change what is known of a user; raises Forbidden unless `actor` is the system administrator."""
    require_role(actor, Role.SYSTEM_ADMIN)
    if not full_name.strip():
        raise Refusal(_("Login name and full name are both needed."), field="full_name")
    before = _snapshot(user)
    user.full_name, user.department, user.post, user.phone = full_name.strip(), department, post, phone
    user.save(update_fields=FIELDS)
    changes = changes_between(before, _snapshot(user))
    if changes:
        record_event(actor=actor, verb="accounts.user_changed", subject=user, changes=changes)
    return user


@transaction.atomic
def disable_user(*, actor: User, user: User) -> User:
    """Shut a user out at once; what they did stays. Raises Refusal for oneself or a user who is disabled."""
    require_role(actor, Role.SYSTEM_ADMIN)
    if actor.pk == user.pk:
        raise Refusal(_("You cannot disable your own account."))
    return _set_active(actor, user, False)


@transaction.atomic
def enable_user(*, actor: User, user: User) -> User:
    """Let a disabled user in again."""
    require_role(actor, Role.SYSTEM_ADMIN)
    return _set_active(actor, user, True)


@transaction.atomic
def reset_password(*, actor: User, user: User, password: str) -> User:
    """Give a user an initial password, to be changed at the next login.

    An administrator's is refused while they have no second factor: otherwise the system administrator could take
    over the account of another administrator.
    """
    require_role(actor, Role.SYSTEM_ADMIN)
    if actor.pk == user.pk:
        raise Refusal(_("Change your own password on the page of your account."))
    if user.is_administrator and not has_second_factor(user):
        raise Forbidden(
            _(
                "The password of an administrator without a second factor cannot be reset by another administrator."
            )
        )
    _check_password(password, user, "password")
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record_event(actor=actor, verb="accounts.password_reset", subject=user)
    return user


@transaction.atomic
def change_password(*, user: User, old_password: str, new_password: str) -> User:
    """Change one's own password; raises Refusal for a wrong old one or a weak or unchanged new one."""
    if not user.check_password(old_password):
        raise Refusal(_("The current password is not right."), field="old_password")
    if old_password == new_password:
        raise Refusal(_("The new password is the same as the current one."), field="new_password")
    _check_password(new_password, user, "new_password")
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_event(actor=user, verb="accounts.password_changed", subject=user)
    return user


def set_language(*, user: User, language: str) -> None:
    """Remember the language of the pages for a user; an unknown code is left out."""
    if language in dict(settings.LANGUAGES) and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


def _set_active(actor: User, user: User, active: bool) -> User:
    if user.is_active == active:
        raise Refusal(_("The account is already in this state."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    verb = "accounts.user_enabled" if active else "accounts.user_disabled"
    record_event(actor=actor, verb=verb, subject=user)
    return user


def _snapshot(user: User) -> dict[str, str]:
    return {name: str(getattr(user, name) or "") for name in FIELDS}


def _check_password(password: str, user: User, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field=field) from error
