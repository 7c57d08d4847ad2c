"""Evidence and who held it, and the records of interviews."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import EvidenceKind
from wulian.casework.handling.choices import InterviewState, RecusalAnswer
from wulian.casework.handling.models.base import PartQuerySet, paper, person
from wulian.casework.intake.models import Complaint
from wulian.core.files.models import StoredFile


class EvidenceItem(models.Model):
    """One item of evidence, numbered in its complaint; struck with a reason, never deleted (REFERENCE C.5)."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="evidence_items"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind of evidence"), max_length=16, choices=EvidenceKind)
    title = models.CharField(_("title"), max_length=200)
    proves = models.CharField(_("what it proves"), max_length=500)
    origin = models.CharField(_("where it comes from"), max_length=200)
    obtained_on = models.DateField(_("obtained on"))
    is_original = models.BooleanField(_("the original"), default=False)
    added_by = person(_("added by"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    verified_by = person(_("verified by"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verification = models.CharField(_("how it was verified"), max_length=300, blank=True)
    struck_by = person(_("struck by"), null=True, blank=True)
    struck_at = models.DateTimeField(_("struck at"), null=True, blank=True)
    strike_reason = models.CharField(_("reason for striking"), max_length=300, blank=True)

    files = GenericRelation(StoredFile)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence item")
        verbose_name_plural = _("evidence items")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="handling_evidence_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def is_usable(self) -> bool:
        """Whether it was verified and not struck: only then may a decision rest on it."""
        return self.verified_at is not None and self.struck_at is None


class CustodyQuerySet(PartQuerySet):
    path = "item__complaint"


class Custody(models.Model):
    """One hand-over of an item: from whom to whom, when and what for; the chain is only ever made longer."""

    item = models.ForeignKey(
        EvidenceItem, on_delete=models.PROTECT, verbose_name=_("evidence item"), related_name="custody"
    )
    from_holder = models.CharField(_("handed over by"), max_length=100)
    to_holder = models.CharField(_("taken over by"), max_length=100)
    at = models.DateTimeField(_("time"), default=timezone.now)
    purpose = models.CharField(_("purpose"), max_length=200)
    recorded_by = person(_("recorded by"))

    objects = CustodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of evidence")
        verbose_name_plural = _("hand-overs of evidence")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_holder} → {self.to_holder}"


class Interview(models.Model):
    """询问笔录: the words as they are printed, and whether the interviewed person signed (投诉处理办法 第十五条 [M]).

    A complainant stands here by alias; the signed paper, which bears the name, is not scanned but kept in the sealed envelope.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="interviews"
    )
    is_complainant = models.BooleanField(_("the complainant"), default=False)
    interviewee = models.CharField(_("interviewed person"), max_length=100)
    position = models.CharField(_("unit and post"), max_length=200)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("talk ended at"))
    place = models.CharField(_("place"), max_length=200)
    recorder = models.CharField(_("recorder"), max_length=60)
    recusal = models.CharField(_("recusal asked for"), max_length=4, choices=RecusalAnswer)
    answers = models.JSONField(_("questions and answers"), default=list)
    document = paper(_("document"))
    state = models.CharField(
        _("signature"), max_length=8, choices=InterviewState, default=InterviewState.OPEN
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    refusal_note = models.CharField(
        _("why it was not signed, and who witnessed it"), max_length=300, blank=True
    )
    recorded_by = person(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    files = GenericRelation(StoredFile)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of an interview")
        verbose_name_plural = _("records of interviews")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="handling_interview_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~Q(state=InterviewState.REFUSED) | ~Q(refusal_note=""),
                name="handling_refused_signature_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interviewee} {self.began_at:%Y-%m-%d}"
