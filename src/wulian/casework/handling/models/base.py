"""Reading starts from the complaint: who may work on it or oversees it sees its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models

from wulian.casework.intake.models import Complaint
from wulian.casework.intake.models.matters import HANDLERS, OVERSEERS

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def sees_handling(user: User) -> bool:
    """Whether a user reads how a complaint is handled: the authority's people and oversight, not the window that took it."""
    return user.has_role(*HANDLERS, *OVERSEERS)


class PartQuerySet(models.QuerySet):
    """Rows of complaints."""

    path = "complaint"

    def visible_to(self, user: User) -> Self:
        """Those of the complaints a user sees, for whoever handles or oversees them."""
        if not sees_handling(user):
            return self.none()
        seen = Complaint.objects.visible_to(user).values("pk")
        return self.filter(**{f"{self.path}__in": seen})

    def of(self, complaint: Complaint) -> Self:
        """Those of one complaint."""
        return self.filter(**{self.path: complaint})


def person(verbose_name: Any, **options: Any) -> Any:
    """A foreign key to the user who did something."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=verbose_name, related_name="+", **options
    )  # fmt: skip


def paper(verbose_name: Any, **options: Any) -> Any:
    """A foreign key to an issued document."""
    return models.ForeignKey(
        "documents.EnforcementDocument",
        on_delete=models.PROTECT,
        verbose_name=verbose_name,
        related_name="+",
        **options,
    )
