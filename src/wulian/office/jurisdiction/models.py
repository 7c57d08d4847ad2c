"""事权清单: which authority is competent for what, where and when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import sees_business
from wulian.law.violations import violations

from .choices import Level, OfficeRole, Reach, RuleType, Sector

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class JurisdictionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The list is public law: everyone who does business work sees all of it."""
        return self.all() if sees_business(user) else self.none()

    def in_force(self, on: dt.date) -> Self:
        """Items that apply on `on` (first and last day inclusive)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def overlapping(self, first: dt.date, last: dt.date | None) -> Self:
        """Items that apply on some day from `first` to `last` (None: for ever)."""
        rows = self.filter(Q(valid_to=None) | Q(valid_to__gte=first))
        return rows if last is None else rows.filter(valid_from__lte=last)


class JurisdictionRule(models.Model):
    """One dated item: for this kind of act, violation, sector and region this authority is competent.

    An empty `violation_code` stands for every violation of the type; an item that names the violation goes before it.
    """

    item_no = models.CharField(_("item number"), max_length=40, db_index=True)
    item_name = models.CharField(_("item name"), max_length=300)
    type = models.CharField(_("type"), max_length=16, choices=RuleType)
    sector = models.CharField(_("sector"), max_length=16, choices=Sector)
    violation_code = models.CharField(_("violation"), max_length=16, blank=True)
    region_code = models.CharField(_("region code"), max_length=12)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    reach = models.CharField(_("jurisdiction rule"), max_length=8, choices=Reach, default=Reach.OWN)
    competent_authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="jurisdiction_rules",
    )
    handling_section = models.CharField(_("handling section"), max_length=100, blank=True)
    legal_basis = models.JSONField(_("legal basis"), default=list)
    office_role = models.CharField(
        _("role of the coordinating office"),
        max_length=16,
        choices=OfficeRole,
        default=OfficeRole.COORDINATES,
    )
    entrusted_no = models.CharField(_("number of the entrustment letter (W50)"), max_length=60, blank=True)
    object = models.CharField(_("whom it concerns"), max_length=200, blank=True)
    trigger = models.CharField(_("what sets it off"), max_length=200, blank=True)
    documents = models.JSONField(_("documents"), default=list, blank=True)
    time_limits = models.JSONField(_("time limits"), default=list, blank=True)
    discretion_reference = models.CharField(_("discretion standard"), max_length=200, blank=True)
    needs_legal_review = models.BooleanField(_("legal review needed"), default=False)
    needs_hearing = models.BooleanField(_("hearing needed"), default=False)
    publication = models.CharField(_("publication of the result"), max_length=200, blank=True)
    interfaces = models.CharField(_("interfaces with other departments"), max_length=300, blank=True)
    responsibility = models.CharField(_("responsibility"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    published_url = models.CharField(_("public address"), max_length=300, blank=True)
    is_demonstration = models.BooleanField(_("demonstration only"), default=False)
    recorded_at = models.DateTimeField(_("entered time"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("recorded by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of the jurisdiction list")
        verbose_name_plural = _("jurisdiction list")
        ordering = ["item_no", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "violation_code", "sector", "region_code"],
                condition=Q(valid_to=None),
                name="jurisdiction_one_open_item",
            ),
            models.UniqueConstraint(
                fields=["type", "violation_code", "sector", "region_code", "valid_from"],
                name="jurisdiction_one_item_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="jurisdiction_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["type", "violation_code", "sector", "region_code", "valid_from"],
                name="jurisdiction_key",
            ),
            models.Index(fields=["sector", "item_no"], name="jurisdiction_sector"),
            models.Index(fields=["region_code", "item_no"], name="jurisdiction_region"),
            models.Index(fields=["violation_code", "item_no"], name="jurisdiction_violation"),
            models.Index(fields=["valid_from"], name="jurisdiction_from"),
        ]

    def __str__(self) -> str:
        return f"{self.item_no} {self.item_name}"

    def get_absolute_url(self) -> str:
        return reverse("jurisdiction:detail", args=[self.pk])

    @property
    def violation_title(self) -> str:
        """Title of the violation in the penalty catalogue; empty for an item of every violation."""
        found = violations().get(self.violation_code)
        return found.title if found else ""

    @property
    def is_in_force(self) -> bool:
        """Whether it applies today."""
        today = timezone.localdate()
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


class ListPublication(models.Model):
    """One publication of the list: the items in force on a day, frozen with their digest."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    as_of = models.DateField(_("as of"))
    published_at = models.DateTimeField(_("published time"), auto_now_add=True)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("published by"), related_name="+"
    )
    url = models.CharField(_("public address"), max_length=300)
    items = models.JSONField(_("published items"))
    item_count = models.PositiveIntegerField(_("number of items"))
    digest = models.CharField(_("SM3 digest"), max_length=64)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication of the jurisdiction list")
        verbose_name_plural = _("publications of the jurisdiction list")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} ({self.as_of})"
