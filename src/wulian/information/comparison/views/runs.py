"""Pages of comparisons: the list, one with its progress and results, two bidders side by side."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, ListView, PageMixin
from wulian.information.comparison import services
from wulian.information.comparison.choices import PassageKind
from wulian.information.comparison.filters import RunFilter
from wulian.information.comparison.models import EarlierBid, ExtractedText, Pair, Passage, Run
from wulian.information.comparison.permissions import (
    READERS,
    TEXT_READERS,
    UPLOADERS,
    may_read_texts,
    may_upload,
)
from wulian.information.comparison.presentation import (
    LARGEST_MATRIX,
    heat_map,
    matrix,
    names_of,
    shown_passages,
    sides,
)
from wulian.information.comparison.selectors import (
    earlier_bids,
    findings_of_pair,
    listed_findings,
    listed_runs,
)
from wulian.information.comparison.tables import RunTable
from wulian.information.registry.models import Lot

PAIRS_A_PAGE = 50
PASSAGES_A_PAGE = 50
FINDINGS_SHOWN = 30
FILES_SHOWN = 200


class RunList(ListView):
    model = Run
    table_class = RunTable
    filter_class = RunFilter
    roles = READERS
    wing = menu.INFORMATION
    title = _("Comparisons")
    empty_title = _("No bids have been compared yet")
    empty_text = _("Open a dossier and attach the bids of a lot under “Comparison of bids”.")

    def get_queryset(self) -> QuerySet[Run]:
        return listed_runs(self.request.user)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Comparison of bids"), reverse("comparison:findings"))]


class Compare(ActionView):
    """Queue a comparison of a lot."""

    roles = UPLOADERS
    success_message = _("The comparison is queued; this page shows how far it is.")

    def perform(self, request: HttpRequest) -> Run:
        lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=self.kwargs["pk"])
        return services.order_comparison(lot=lot, actor=request.user)

    def get_success_url(self) -> str:
        return (
            self.result.get_absolute_url()
            if self.result
            else reverse("comparison:lot", args=[self.kwargs["pk"]])
        )


class RunView(PageMixin, TemplateView):
    """One comparison: how far it is, then the matrix, pairs, findings, files and what was left out."""

    template_name = "comparison/run.html"
    roles = READERS
    wing = menu.INFORMATION

    @cached_property
    def run(self) -> Run:
        rows = listed_runs(self.request.user).select_related("lot__project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return str(self.run.lot)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Comparison of bids"), reverse("comparison:findings")),
            Crumb(self.run.lot.project.name, f"{self.run.lot.project.get_absolute_url()}#panel-comparison"),
        ]

    def get_actions(self) -> list[Action]:
        actions = [Action(_("Files of the lot"), reverse("comparison:lot", args=[self.run.lot_id]), "folder")]
        if may_upload(self.request.user) and (not self.run.running or self.run.is_lost):
            url = reverse("comparison:compare", args=[self.run.lot_id])
            actions.append(Action(_("Compare again"), url, "refresh", method="post"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, user = self.run, self.request.user
        pairs, is_large = run.pairs.all(), len(run.bidders) > LARGEST_MATRIX
        found = listed_findings(user).filter(run=run).order_by("rank", "pk")
        files = run.texts.all()
        return {
            **super().get_context_data(**kwargs),
            "run": run,
            "matrix": [] if is_large else matrix(run, pairs),
            "heat_map": heat_map(run, pairs, linked=may_read_texts(user)) if is_large else None,
            "pairs": Paginator(pairs, PAIRS_A_PAGE).get_page(self.request.GET.get("page")),
            "findings": found[:FINDINGS_SHOWN],
            "more_findings": run.finding_count > FINDINGS_SHOWN,
            "earlier": earlier_bids(user, finding__run=run),
            "files": files[:FILES_SHOWN],
            "more_files": run.file_count > FILES_SHOWN,
            "may_read_texts": may_read_texts(user),
        }

    def get_template_names(self) -> list[str]:
        return ["comparison/_run.html"] if getattr(self.request, "htmx", False) else [self.template_name]


class PairView(PageMixin, TemplateView):
    """Two bidders side by side; what they share is marked, the rarest first in the list below. Opening it is written down."""

    template_name = "comparison/pair.html"
    roles = TEXT_READERS
    wing = menu.INFORMATION

    @cached_property
    def pair(self) -> Pair:
        rows = Pair.objects.visible_to(self.request.user).select_related("run__lot__project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return str(self.pair)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Comparison of bids"), reverse("comparison:findings")),
            Crumb(str(self.pair.run.lot), self.pair.run.get_absolute_url()),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.pair.passages.all(), PASSAGES_A_PAGE).get_page(self.request.GET.get("page"))
        passages = list(page.object_list)
        texts = services.read_pair(pair=self.pair, names=names_of(passages), actor=self.request.user)
        left, right = sides(passages, texts)
        return {
            **super().get_context_data(**kwargs),
            "pair": self.pair,
            "page": page,
            "left": left,
            "right": right,
            "passages": shown_passages(passages, texts),
            "findings": findings_of_pair(self.pair),
        }


class EarlierView(PageMixin, TemplateView):
    """A bid beside the earlier bid of another lot whose words it has; for who sees both dossiers. Opening it is written down."""

    template_name = "comparison/earlier.html"
    roles = TEXT_READERS
    wing = menu.INFORMATION

    @cached_property
    def use(self) -> EarlierBid:
        user = self.request.user
        rows = EarlierBid.objects.visible_to(user).filter(
            finding__in=listed_findings(user), text__isnull=False
        )
        rows = rows.select_related("finding__lot", "finding__run", "project", "lot", "text")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return str(self.use.finding.title)

    def get_breadcrumbs(self) -> list[Crumb]:
        finding = self.use.finding
        return [
            Crumb(_("Comparison of bids"), reverse("comparison:findings")),
            Crumb(str(finding.lot), finding.run.get_absolute_url()),
            Crumb(finding.title, finding.get_absolute_url()),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        use = self.use
        texts = services.read_earlier(use=use, actor=self.request.user)
        own = use.finding.run.texts.get(name=use.own_file, bidder=use.finding.subjects[0])
        passages = [
            _passage(number, use, own, places, texts) for number, places in enumerate(use.passages, 1)
        ]
        left, right = sides(passages, texts)
        return {
            **super().get_context_data(**kwargs),
            "use": use,
            "bidder": use.finding.subjects[0],
            "left": left,
            "right": right,
            "passages": shown_passages(passages, texts),
        }


def _passage(
    number: int, use: EarlierBid, own: ExtractedText, places: list[int], texts: dict[str, str]
) -> Passage:
    """A passage that is shown and never stored."""
    start, end, first, last = places
    same = texts[use.own_file][start:end] == texts[use.label][first:last]
    return Passage(
        number=number,
        kind=PassageKind.EXACT if same else PassageKind.EDITED,
        a={"file": use.own_file, "start": start, "end": end, "page": own.page_of(start)},
        b={
            "file": use.label,
            "start": first,
            "end": last,
            "page": use.text.page_of(first) if use.text else 0,
        },
    )
