"""评标、评委、打分与中标候选人."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import RegistryRow
from wulian.information.registry.models.parties import Party
from wulian.information.registry.models.projects import Lot


class BidEvaluation(RegistryRow):
    """评标 (com), one a lot."""

    lot = models.OneToOneField(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="evaluation"
    )
    drawn_at = models.DateTimeField(_("drawn time"), null=True, blank=True)
    random_draw = models.BooleanField(_("random draw"), null=True, blank=True)
    special_project = models.BooleanField(_("special project"), default=False)
    list_read_early = models.BooleanField(_("list read early"), null=True, blank=True)
    started_at = models.DateTimeField(_("started time"), null=True, blank=True)
    finished_at = models.DateTimeField(_("evaluation finished time"), null=True, blank=True)
    report_at = models.DateTimeField(_("report time"), null=True, blank=True)
    report_received_at = models.DateTimeField(_("report received time"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed time"), null=True, blank=True)
    all_rejected = models.BooleanField(_("all rejected"), default=False)
    competition_reasoning = models.CharField(_("competition reasoning"), max_length=1000, blank=True)


class EvaluationMember(RegistryRow):
    """评标委员会成员."""

    evaluation = models.ForeignKey(
        "BidEvaluation", on_delete=models.CASCADE, verbose_name=_("evaluation"), related_name="members"
    )
    name = models.CharField(_("evaluation member name"), max_length=100)
    id_hash = models.CharField(_("id hash"), max_length=200, blank=True)
    kind = models.CharField(
        _("evaluation member kind"),
        max_length=16,
        choices=c.EvaluationMemberKind,
        default=c.EvaluationMemberKind.EXPERT,
    )
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    pool = models.CharField(_("pool"), max_length=200, blank=True)
    pool_approved = models.BooleanField(_("pool approved"), null=True, blank=True)
    draw_no = models.CharField(_("draw no"), max_length=200, blank=True)
    signed = models.BooleanField(_("signed"), null=True, blank=True)
    dissent_noted = models.BooleanField(_("dissent noted"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced time"), null=True, blank=True)
    replacement_reason = models.CharField(_("replacement reason"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "source_key"], name="member_unique_in_evaluation"),
        ]


class EvaluationScore(RegistryRow):
    """评委打分: one member, one bid, one item."""

    evaluation = models.ForeignKey(
        "BidEvaluation", on_delete=models.CASCADE, verbose_name=_("evaluation"), related_name="scores"
    )
    member = models.ForeignKey(
        "EvaluationMember", on_delete=models.CASCADE, verbose_name=_("member"), related_name="scores"
    )
    bid = models.ForeignKey("Bid", on_delete=models.CASCADE, verbose_name=_("bid"), related_name="scores")
    item = models.CharField(_("item"), max_length=200, blank=True)
    objective = models.BooleanField(_("objective"), default=False)
    in_documents = models.BooleanField(_("in documents"), null=True, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=18, decimal_places=2, null=True, blank=True)
    score = models.DecimalField(_("evaluation score score"), max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "source_key"], name="score_unique_in_evaluation"),
        ]


class AwardCandidate(RegistryRow):
    """中标候选人 (cand)."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="candidates")
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    tenderer = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("award candidate tenderer"),
        related_name="awardcandidate_tenderer",
    )
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=2, null=True, blank=True)
    manager_name = models.CharField(_("manager name"), max_length=200, blank=True)
    manager_certificate = models.CharField(_("manager certificate"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="candidate_unique_in_lot"),
        ]
