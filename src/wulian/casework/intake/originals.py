"""Who may take a file as the reporter sent it: what a file says about its maker may name the reporter (REFERENCE D.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.models import Complaint, IdentityOpening, Matter, TipOff
from wulian.casework.intake.services.guards import require_authority
from wulian.core.config.errors import Forbidden
from wulian.core.files.services import allow_originals

if TYPE_CHECKING:
    from django.db import models

    from wulian.core.accounts.models import User


def has_opening(record: models.Model, user: User) -> bool:
    """Whether an opening of this user's is in force for the matter."""
    matter = cast("Matter", record)
    return IdentityOpening.objects.of(matter).in_force().filter(requested_by=user).exists()


def use_opening(record: models.Model, user: User) -> str:
    """Count one more look under the user's opening, in the caller's transaction, and return its reason.

    Raises Forbidden for others than the competent authority, and without an opening in force.
    """
    matter = cast("Matter", record)
    require_authority(user, matter)
    openings = IdentityOpening.objects.select_for_update().of(matter).in_force()
    opening = openings.filter(requested_by=user).first()
    if opening is None:
        raise Forbidden(
            _("Originals may name the reporter: ask for an opening of the identity first (%(number)s).")
            % {"number": matter.number}
        )
    IdentityOpening.objects.filter(pk=opening.pk).update(
        opened_count=F("opened_count") + 1, last_opened_at=timezone.now()
    )
    return opening.reason


def guard_originals() -> None:
    """Let the vault's rule decide on the originals of complaints and tip-offs."""
    for model in (Complaint, TipOff):
        allow_originals(model, allows=has_opening, use=use_opening)
