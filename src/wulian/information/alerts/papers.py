"""Papers of a dossier that an answer may refer to instead of attaching a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.information.registry.models import (
    BiddingDocuments,
    BidOpening,
    Clarification,
    Contract,
    Notice,
    Project,
)

SHOWN = 30
_BIDDING = {"tender": "招标文件"}


@dataclass(frozen=True)
class Paper:
    """One paper: its title, its row of the registry and its place on the page of the dossier."""

    title: str
    model: type[models.Model]
    pk: int
    url: str

    @property
    def key(self) -> str:
        """What a form sends back."""
        return f"{self.model._meta.model_name}:{self.pk}"


def papers_of(project: Project | None, lot_id: int | None = None) -> list[Paper]:
    """Return the papers of a dossier (of one lot when it is named), at most SHOWN, by kind and date."""
    if project is None:
        return []
    return list(_papers(project, {"lot": lot_id} if lot_id else {}))[:SHOWN]


def chosen_papers(project: Project | None, keys: Iterable[str]) -> list[Paper]:
    """Return the papers a form chose; raises Refusal for one that the dossier does not hold."""
    wanted = list(keys)
    known = {paper.key: paper for paper in papers_of(project)} if wanted else {}
    if missing := [key for key in wanted if key not in known]:
        raise Refusal(_("Papers: %(key)s is not in this dossier.") % {"key": missing[0]}, field="papers")
    return [known[key] for key in wanted]


def _papers(project: Project, scope: dict[str, int]) -> Iterator[Paper]:
    address = reverse("registry:dossier", args=[project.pk])
    query = f"?lot={scope['lot']}" if scope else ""

    def rows(model: Any, field: str) -> Any:
        return model.objects.filter(project=project, ended_at=None, **scope).order_by(field, "pk")[:SHOWN]

    for notice in rows(Notice, "published_at"):
        title = f"{notice.title}{_day(notice.published_at)}"
        yield Paper(title, Notice, notice.pk, f"{address}{query}#tender-papers")
    for papers in rows(BiddingDocuments, "issued_at"):
        title = (
            f"{papers.get_kind_display()}（第{papers.version}版）{papers.file_name}{_day(papers.issued_at)}"
        )
        yield Paper(title, BiddingDocuments, papers.pk, f"{address}{query}#tender-papers")
    for item in rows(Clarification, "issued_at"):
        title = f"澄清、修改{_day(item.issued_at)}"
        yield Paper(title, Clarification, item.pk, f"{address}{query}#tender-papers")
    for opening in rows(BidOpening, "actual_at"):
        yield Paper(f"开标记录{_day(opening.actual_at)}", BidOpening, opening.pk, f"{address}{query}#bids")
    for contract in rows(Contract, "signed_at"):
        title = f"合同 {contract.contract_no}{_day(contract.signed_at)}"
        yield Paper(title, Contract, contract.pk, f"{address}{query}#award")


def _day(moment: Any) -> str:
    return f" {date_format(localtime(moment), 'Y-m-d')}" if moment else ""
