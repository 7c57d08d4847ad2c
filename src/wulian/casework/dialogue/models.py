"""What reporter and office write to each other about a matter; no name and no address of the reporter is kept here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.choices import Score, WithdrawalState
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.clocks.models import Clock
from wulian.core.files.models import StoredFile

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


class AboutMatterQuerySet(models.QuerySet):
    """Records of complaints or tip-offs; who may see the matter may see them."""

    def visible_to(self, user: User) -> Self:
        """Records of the matters this user may see, so none of those the user is shut out from."""
        scope = Q(pk__in=())
        for model in (Complaint, TipOff):
            rows: Any = model._default_manager
            scope |= Q(
                content_type=ContentType.objects.get_for_model(model),
                object_id__in=rows.visible_to(user).values("pk"),
            )
        return self.filter(scope)

    def of(self, matter: models.Model) -> Self:
        """Records of one matter."""
        return self.filter(content_type=ContentType.objects.get_for_model(matter), object_id=matter.pk)


class AboutMatter(models.Model):
    """A record of one complaint or tip-off."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("matter"))
    matter = GenericForeignKey()

    objects = AboutMatterQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id", "id"], name="%(class)s_matter")]

    @property
    def about(self) -> Matter:
        """The matter; it is never deleted."""
        assert self.matter is not None
        return cast("Matter", self.matter)


class Message(AboutMatter):
    """One message, of the reporter (nobody's name stands beside it) or of an officer (`author`).

    `answered_at` is set on a reporter's message once somebody has answered it or said that it needs no answer.
    """

    from_reporter = models.BooleanField(_("from the reporter"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("written by"),
        related_name="+",
        null=True,
        blank=True,
    )
    text = models.TextField(_("what was written"))
    sent_at = models.DateTimeField(_("sent time"), default=timezone.now)
    read_at = models.DateTimeField(_("read time"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered time"), null=True, blank=True)

    class Meta(AboutMatter.Meta):
        verbose_name = _("message of a dialogue")
        verbose_name_plural = _("messages of a dialogue")
        indexes = [
            *AboutMatter.Meta.indexes,
            models.Index(
                fields=["content_type", "object_id"],
                name="message_unanswered",
                condition=Q(from_reporter=True, answered_at=None),
            ),
        ]
        constraints = [
            # A reporter is never a user: no account may stand beside a reporter's words.
            models.CheckConstraint(
                condition=Q(from_reporter=True, author=None) | Q(from_reporter=False, author__isnull=False),
                name="message_has_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"


class SupplementRequest(AboutMatter):
    """补正要求: what is still missing and until when. The law knows no such period: it stops no other (REFERENCE D.2)."""

    what = models.TextField(_("what is still needed"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("asked by"), related_name="+"
    )
    asked_at = models.DateTimeField(_("asked time"), default=timezone.now)
    due_on = models.DateField(_("supplement until"))
    received_at = models.DateTimeField(_("answered time"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("no longer needed since"), null=True, blank=True)

    clocks = GenericRelation(Clock)

    class Meta(AboutMatter.Meta):
        verbose_name = _("request for a supplement")
        verbose_name_plural = _("requests for supplements")

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the reporter."""
        return self.received_at is None and self.withdrawn_at is None


class Supplement(AboutMatter):
    """What a reporter handed in later, asked for or not. `digest` is SM3 over the text and the digests of the files."""

    request = models.ForeignKey(
        SupplementRequest,
        on_delete=models.PROTECT,
        verbose_name=_("request for a supplement"),
        related_name="supplements",
        null=True,
        blank=True,
    )
    text = models.TextField(_("what was written"), blank=True)
    digest = models.CharField(_("SM3 digest"), max_length=64)
    received_at = models.DateTimeField(_("received time"), default=timezone.now)

    files = GenericRelation(StoredFile)

    class Meta(AboutMatter.Meta):
        verbose_name = _("supplement")
        verbose_name_plural = _("supplements")

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M}"


class WithdrawalRequest(AboutMatter):
    """撤回申请: in writing, with the reason, before the decision (投诉处理办法 第十九条; REFERENCE CH-10)."""

    reason = models.TextField(_("reason"))
    digest = models.CharField(_("SM3 digest"), max_length=64)
    requested_at = models.DateTimeField(_("asked time"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=12, choices=WithdrawalState, default=WithdrawalState.ASKED
    )
    decided_at = models.DateTimeField(_("time of the decision on the withdrawal"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("withdrawal decided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.TextField(_("reasons"), blank=True)

    files = GenericRelation(StoredFile)

    class Meta(AboutMatter.Meta):
        verbose_name = _("request to withdraw")
        verbose_name_plural = _("requests to withdraw")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                name="withdrawal_one_at_a_time",
                condition=Q(state=WithdrawalState.ASKED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"


class Satisfaction(AboutMatter):
    """How content the reporter of a finished matter is: said once."""

    score = models.PositiveSmallIntegerField(_("score given"), choices=Score)
    text = models.TextField(_("what was written"), blank=True)
    rated_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta(AboutMatter.Meta):
        verbose_name = _("satisfaction")
        verbose_name_plural = _("satisfaction")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="satisfaction_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="satisfaction_one_to_five"),
        ]

    def __str__(self) -> str:
        return str(self.score)
