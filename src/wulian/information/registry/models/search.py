"""The full-text index of dossiers and parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import connections, models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import dossier_scope, sees_business
from wulian.information.registry import choices as c
from wulian.information.registry.tokens import query_tokens

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class SearchEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Entries of dossiers in ``user``'s scope, and every party."""
        if not sees_business(user):
            return self.none()
        return self.filter(dossier_scope(user) | models.Q(project=None))

    def matching(self, text: str) -> Self:
        """Entries that hold every word of ``text``; words of two Chinese characters are found anywhere."""
        words = query_tokens(text)
        if not words:
            return self.none()
        if connections[self.db].vendor == "postgresql":
            return self.filter(tokens__has_words=" & ".join(f"'{word}'" for word in words))
        query = " AND ".join(f'"{word}"' for word in words)
        found = RawSQL("SELECT rowid FROM registry_search_fts WHERE registry_search_fts MATCH %s", [query])
        return self.filter(pk__in=found)


@models.TextField.register_lookup
class HasWords(models.Lookup):
    """``to_tsquery`` over the expression that migration 0002 indexed (PostgreSQL)."""

    lookup_name = "has_words"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"to_tsvector('simple', {left}) @@ to_tsquery('simple', {right})", [
            *left_params,
            *right_params,
        ]


class SearchEntry(models.Model):
    """One thing that can be found: a dossier or a party, with its words."""

    kind = models.CharField(_("kind"), max_length=16, choices=c.SearchKind)
    project = models.OneToOneField(
        "registry.Project",
        on_delete=models.CASCADE,
        related_name="search_entry",
        verbose_name=_("project"),
        null=True,
    )
    party = models.OneToOneField(
        "registry.Party",
        on_delete=models.CASCADE,
        related_name="search_entry",
        verbose_name=_("party"),
        null=True,
    )
    title = models.CharField(_("title"), max_length=300)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    tokens = models.TextField(_("search words"))

    objects = SearchEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title
