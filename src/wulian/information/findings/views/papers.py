"""Pages of papers: the list, adding one, one with its findings, the file."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.information.findings import services
from wulian.information.findings.filters import PaperFilter
from wulian.information.findings.forms import PaperForm
from wulian.information.findings.models import Paper
from wulian.information.findings.permissions import UPLOADERS, may_upload
from wulian.information.findings.selectors import counted_papers
from wulian.information.findings.tables import PaperTable
from wulian.information.registry.models import Lot


class PaperList(ListView):
    """Every paper the user sees; a paper is added from its dossier."""

    model = Paper
    table_class = PaperTable
    filter_class = PaperFilter
    wing = menu.INFORMATION
    title = _("Clause scan")
    subtitle = _(
        "Notices, tender documents and contracts; what the scanner finds is a candidate until a person has judged it"
    )
    empty_title = _("No paper has been attached yet")
    empty_text = _("Open a dossier and add the tender document of a lot under “Clause scan”.")

    def get_queryset(self) -> QuerySet[Paper]:
        return counted_papers(self.request.user)


class PaperAdd(FormServiceView):
    """Attach a file to a lot."""

    form_class = PaperForm
    roles = UPLOADERS
    wing = menu.INFORMATION
    title = _("Add a paper")
    submit_label = _("Upload and scan")
    success_message = _("The file was received; the scan has begun.")
    intro = _("The file is checked before it is kept, read in the background and never shown as it is.")

    @cached_property
    def lot(self) -> Lot:
        lots = Lot.objects.visible_to(self.request.user).select_related("project")
        return get_object_or_404(lots, pk=self.kwargs["lot"])

    def get_breadcrumbs(self) -> list[Crumb]:
        address = reverse("registry:dossier", args=[self.lot.project_id])
        return [Crumb(self.lot.project.name, f"{address}#panel-findings")]

    def perform(self, form: PaperForm) -> Paper:
        return services.attach_paper(lot=self.lot, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class PaperView(PageMixin, TemplateView):
    """One paper: how far its scan is, and what was found by page."""

    template_name = "findings/paper.html"
    wing = menu.INFORMATION

    @cached_property
    def paper(self) -> Paper:
        return get_object_or_404(counted_papers(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return self.paper.file_name

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Clause scan"), reverse("findings:papers")),
            Crumb(str(self.paper.lot), reverse("registry:dossier", args=[self.paper.project_id])),
        ]

    def get_actions(self) -> list[Action]:
        actions = []
        if self.paper.file_path:
            actions.append(
                Action(_("Download the file"), reverse("findings:file", args=[self.paper.pk]), "download")
            )
        if may_upload(self.request.user) and not self.paper.running and self.paper.file_path:
            url = reverse("findings:rescan", args=[self.paper.pk])
            actions.append(Action(_("Scan again"), url, "refresh", method="post"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = list(self.paper.findings.select_related("judged_by"))
        return {
            **super().get_context_data(**kwargs),
            "paper": self.paper,
            "findings": findings,
            "first_page": self.paper.pages.order_by("number").values_list("number", flat=True).first(),
        }

    def get_template_names(self) -> list[str]:
        return ["findings/_paper.html"] if getattr(self.request, "htmx", False) else [self.template_name]


class Rescan(ActionView):
    roles = UPLOADERS
    success_message = _("The scan has begun.")

    def perform(self, request: HttpRequest) -> Paper:
        paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=self.kwargs["pk"])
        return services.rescan_paper(paper=paper, actor=request.user)

    def get_success_url(self) -> str:
        return reverse("findings:paper", args=[self.kwargs["pk"]])


class PaperFile(PageMixin, View):
    """The file as it was uploaded, only ever as a download."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
        content = services.read_paper(paper=paper, actor=request.user)
        response = HttpResponse(content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = (
            content_disposition_header(True, paper.file_name) or "attachment"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response
