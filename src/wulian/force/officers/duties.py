"""What the officer library puts on worklists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.ui.worklist import Duty

from .selectors import expiring_certificates, unconfirmed_certificates

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def duties_of_dispatchers(user: User) -> Iterator[Duty]:
    """Certificates that run out within 60 days, and those that wait for confirmation."""
    if not user.has_role(Role.DISPATCHER):
        return
    today = timezone.localdate()
    for item in expiring_certificates(on=today):
        yield Duty(
            title=_("Certificate expires: %(name)s") % {"name": item.officer.name},
            subject_label=f"{item.officer.authority.name} · {item.number}",
            url=item.officer.get_absolute_url(),
            due=item.valid_to,
            action=_("Open record"),
            severity="yellow",
            kind=_("Officer library"),
        )
    for item in unconfirmed_certificates(on=today):
        yield Duty(
            title=_("Certificate to confirm: %(name)s") % {"name": item.officer.name},
            subject_label=f"{item.officer.authority.name} · {item.number}",
            url=item.officer.get_absolute_url(),
            action=_("Confirm"),
            kind=_("Officer library"),
        )
