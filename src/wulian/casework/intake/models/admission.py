"""受理审查: what a person decided on each point of the check-list."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import GROUNDS
from wulian.casework.intake.models.matters import Complaint


class AdmissionPoint(models.Model):
    """One of the six points (REFERENCE D.2): what the machine saw, what a person decided, and why when they differ."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="points"
    )
    ground = models.CharField(
        _("point"), max_length=16, choices=[(ground.code, ground.title) for ground in GROUNDS.values()]
    )
    machine_is_fine = models.BooleanField(_("the machine found nothing against it"), null=True)
    machine_text = models.CharField(_("what the machine saw"), max_length=300)
    is_fine = models.BooleanField(_("nothing stands against it"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("point of the admission")
        verbose_name_plural = _("points of the admission")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "ground"], name="intake_point_once"),
            # Who decides otherwise than the machine says why.
            models.CheckConstraint(
                condition=Q(machine_is_fine=None) | Q(machine_is_fine=models.F("is_fine")) | ~Q(reason=""),
                name="intake_point_otherwise_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_ground_display()
