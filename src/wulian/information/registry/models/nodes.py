"""节点留痕."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry.models.base import RegistryRow
from wulian.information.registry.models.projects import Lot


class DossierNode(RegistryRow):
    """节点留痕 (电子招标投标办法 第四十九条: time, network address, person of each step)."""

    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="nodes", null=True, blank=True
    )
    code = models.CharField(_("code"), max_length=3)
    planned_at = models.DateTimeField(_("planned time"), null=True, blank=True)
    actual_at = models.DateTimeField(_("dossier node actual time"), null=True, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    operator_org = models.CharField(_("operator org"), max_length=200, blank=True)
    source_ip = models.CharField(_("source ip"), max_length=200, blank=True)
    evidence = models.CharField(_("evidence"), max_length=1000, blank=True)
    exception = models.CharField(_("exception"), max_length=1000, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            # Keys of a lot's nodes hold the lot's key, so one constraint serves both databases.
            models.UniqueConstraint(fields=["project", "source_key"], name="node_unique_in_project"),
        ]
