"""Who sees what of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from wulian.core.accounts.scopes import NOTHING, dossier_scope
from wulian.information.comparison.permissions import may_read

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class ComparisonQuerySet(models.QuerySet):
    """Rows of the dossiers that the user's department supervises, for those roles that work with compared bids."""

    project_path: ClassVar[str] = "project__"

    def visible_to(self, user: User) -> Self:
        scope = (
            dossier_scope(user, self.project_path) if user.is_authenticated and may_read(user) else NOTHING
        )
        return self.filter(scope)


class OfRun(ComparisonQuerySet):
    project_path = "run__project__"


class OfFinding(ComparisonQuerySet):
    project_path = "finding__project__"
