"""What every row of a dossier shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import EVERYTHING, dossier_scope

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class DossierQuerySet(models.QuerySet):
    """Rows that hang from a project; reading starts from :meth:`visible_to`."""

    project_path = "project__"

    def visible_to(self, user: User) -> Self:
        """Rows of the projects that ``user``'s department supervises; nothing for the three administrators."""
        scope = dossier_scope(user, "")
        return self.all() if scope == EVERYTHING else self.of_projects(scope)

    def of_projects(self, condition: Q) -> Self:
        """Rows of the projects that meet a condition.

        Asked as a set of projects, not as a join: a page of rows in their order is then found without sorting all of them.
        """
        if not self.project_path:
            return self.filter(condition)
        projects = self.model._meta.apps.get_model("registry", "Project")._default_manager
        return self.filter(project__in=projects.filter(condition).order_by())

    def current(self) -> Self:
        """Rows that the latest release of their source still holds."""
        return self.filter(ended_at=None)


class SourcedRow(models.Model):
    """A row that came from a source and is never deleted: the source's key, and when it was entered, changed, ended."""

    source_key = models.CharField(_("source key"), max_length=128)
    recorded_at = models.DateTimeField(_("recorded time"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated time"), auto_now=True)
    ended_at = models.DateTimeField(_("ended time"), null=True, blank=True)

    class Meta:
        abstract = True


class RegistryRow(SourcedRow):
    """A row of one project's dossier (一项目一档案)."""

    project = models.ForeignKey(
        "registry.Project", on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        abstract = True
