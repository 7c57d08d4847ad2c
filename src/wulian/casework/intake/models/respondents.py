"""Whom a complaint is against besides the first: rows by which conflicts are found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.information.registry.models import Party


class OtherRespondent(models.Model):
    """One further 被投诉人 of a complaint (REFERENCE D.1); the words as written stand in `Complaint.other_respondents`."""

    complaint = models.ForeignKey(
        "intake.Complaint", on_delete=models.CASCADE, verbose_name=_("complaint"), related_name="others"
    )
    name = models.CharField(_("complained of"), max_length=300)
    key = models.CharField(max_length=300, editable=False, db_index=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True, db_index=True)
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("party complained of"),
        related_name="+",
        null=True,
        blank=True,
    )
    accused_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("department complained of"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("further party complained of")
        verbose_name_plural = _("further parties complained of")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "key"], name="intake_respondent_once"),
        ]

    def __str__(self) -> str:
        return self.name
