"""The second factor: a time-based code (TOTP, RFC 6238)."""

from __future__ import annotations

import math

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

from ..choices import Role
from ..guards import require_role
from ..models import User

NAME = "totp"


def has_second_factor(user: User) -> bool:
    """Whether a confirmed device exists."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


@transaction.atomic
def enrol_totp(user: User, key_hex: str) -> TOTPDevice:
    """Give `user` a confirmed device with a known key (40 hex digits), in place of any other; for demonstrations."""
    TOTPDevice.objects.filter(user_id=user.pk).delete()
    device = TOTPDevice.objects.create(user_id=user.pk, name=NAME, key=key_hex, confirmed=True)
    record_event(actor=None, verb="accounts.second_factor_enrolled", subject=user)
    return device


@transaction.atomic
def start_totp(*, user: User) -> TOTPDevice:
    """The device being set up; it counts only after `confirm_totp`. Raises Refusal when there is a confirmed one."""
    if has_second_factor(user):
        raise Refusal(_("A second factor is already set up; the security administrator can remove it."))
    device, _created = TOTPDevice.objects.get_or_create(
        user_id=user.pk, confirmed=False, defaults={"name": NAME, "key": default_key()}
    )
    return device


def confirm_totp(*, user: User, token: str) -> TOTPDevice:
    """Confirm the device with a first code; raises Refusal when the code does not fit.

    Not one transaction: a failed code must keep its count, which slows down guessing.
    """
    device = start_totp(user=user)
    check_token(device=device, user=user, token=token)
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        record_event(actor=user, verb="accounts.second_factor_enrolled", subject=user)
    return device


def check_token(*, device: TOTPDevice, user: User, token: str) -> None:
    """Raise Refusal unless `token` is the device's current code; too many tries have to wait."""
    allowed, details = device.verify_is_allowed()
    if not allowed:
        until = (details or {}).get("locked_until")
        seconds = max(1, math.ceil((until - timezone.now()).total_seconds())) if until else 1
        raise Refusal(
            _("Too many wrong codes; wait %(seconds)s seconds.") % {"seconds": seconds}, field="token"
        )
    if not device.verify_token(token.strip().replace(" ", "")):
        record_event(actor=user, verb="accounts.second_factor_failed", subject=user)
        raise Refusal(
            _("The code is not right. Check the clock of your device and use the newest code."), field="token"
        )


@transaction.atomic
def remove_totp(*, actor: User, user: User) -> None:
    """Remove a lost second factor, so that the user sets up a new one; by the security administrator, not for oneself."""
    require_role(actor, Role.SECURITY_ADMIN)
    if actor.pk == user.pk:
        raise Refusal(_("Nobody removes a second factor of their own."))
    if not TOTPDevice.objects.filter(user_id=user.pk).delete()[0]:
        raise Refusal(_("%(user)s has no second factor.") % {"user": user})
    record_event(actor=actor, verb="accounts.second_factor_removed", subject=user)
