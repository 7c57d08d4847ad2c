"""主体: firms, authorities and persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import sees_business
from wulian.information.registry import choices as c
from wulian.information.registry.models.base import SourcedRow

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class PartyQuerySet(models.QuerySet):
    """Parties are the market's public register: all who do business work see all of them."""

    def visible_to(self, user: User) -> Self:
        return self.all() if sees_business(user) else self.none()

    def current(self) -> Self:
        """Parties that were not merged into another."""
        return self.filter(merged_into=None)


class Party(SourcedRow):
    """主体: a firm, an authority or a person; found again by any of its identifiers."""

    name = models.CharField(_("name"), max_length=300, db_index=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True, db_index=True)
    scheme = models.CharField(_("scheme"), max_length=200, blank=True)
    scheme_id = models.CharField(_("scheme id"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=c.PartyKind, blank=True)
    is_sme = models.BooleanField(_("small or medium enterprise"), null=True, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=200, blank=True)
    region_code = models.CharField(_("region code"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=1000, blank=True)
    phone = models.CharField(_("phone"), max_length=200, blank=True)
    email = models.CharField(_("email"), max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        verbose_name=_("merged into"),
        related_name="merged_parties",
        null=True,
        blank=True,
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~models.Q(uscc="") & models.Q(merged_into=None),
                name="party_unique_uscc",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartyIdentifier(models.Model):
    """One name in one register that finds a party: scheme ``uscc``, a foreign register, or a source's own key."""

    party = models.ForeignKey(
        Party, on_delete=models.CASCADE, verbose_name=_("party"), related_name="identifiers"
    )
    scheme = models.CharField(_("scheme"), max_length=128)
    value = models.CharField(_("identifier"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="party_identifier_unique")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class PartyMerge(models.Model):
    """A merge of two parties that were one, with all that was moved, so that it can be read and undone."""

    kept = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept party"))
    duplicate = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("duplicate party")
    )
    moved = models.JSONField(_("moved rows"), default=dict)
    reason = models.CharField(_("reason"), max_length=500)
    merged_at = models.DateTimeField(_("merged time"), auto_now_add=True)
    merged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by"), null=True
    )

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.kept}"
