"""Which matters are about the same: links that a person made, and the marks by which likenesses are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import LinkKind

if TYPE_CHECKING:
    from wulian.casework.intake.models.matters import Matter


class TextMark(models.Model):
    """One mark of the facts of a matter: texts that share many marks are near copies (see intake.likeness)."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(_("matter"))
    mark = models.BigIntegerField(_("mark"))

    class Meta:
        verbose_name = _("mark of a text")
        verbose_name_plural = _("marks of texts")
        constraints = [
            models.UniqueConstraint(
                fields=["mark", "content_type", "object_id"], name="intake_mark_once_a_matter"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="intake_mark_matter")]

    def __str__(self) -> str:
        return f"{self.mark:x}"


class LinkQuerySet(models.QuerySet["MatterLink"]):
    def of(self, matter: models.Model) -> LinkQuerySet:
        """Links of one matter, whichever end it is."""
        kind, key = ContentType.objects.get_for_model(matter), matter.pk
        return self.filter(Q(content_type=kind, object_id=key) | Q(other_type=kind, other_id=key))


class MatterLink(models.Model):
    """Somebody found that two matters belong together; neither is merged or deleted.

    `later` came in after `earlier`, or was opened out of it; `grounds` are the reasons the machine had shown.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("later matter"))
    later = GenericForeignKey("content_type", "object_id")
    other_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    other_id = models.PositiveBigIntegerField(_("earlier matter"))
    earlier = GenericForeignKey("other_type", "other_id")
    kind = models.CharField(_("kind"), max_length=16, choices=LinkKind)
    reason = models.CharField(_("reason"), max_length=300)
    grounds = models.JSONField(_("what the machine saw"), default=list, blank=True)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("linked by"), related_name="+"
    )
    linked_at = models.DateTimeField(_("linked at"), default=timezone.now)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of matters")
        verbose_name_plural = _("links of matters")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "other_type", "other_id"], name="intake_link_once"
            )
        ]
        indexes = [models.Index(fields=["other_type", "other_id"], name="intake_link_earlier")]

    def __str__(self) -> str:
        return f"{self.later} → {self.earlier}"

    def other_end(self, matter: models.Model) -> Matter:
        """Return the matter at the other end; matters are never deleted."""
        kind = ContentType.objects.get_for_model(matter)
        is_later = (self.content_type_id, self.object_id) == (kind.pk, matter.pk)
        return cast("Matter", self.earlier if is_later else self.later)
