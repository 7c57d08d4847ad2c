"""First entry and imports: templates, upload, progress, what was refused and why."""

from __future__ import annotations

import io
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from wulian.core.ui.views import Crumb, FormServiceView, PageMixin
from wulian.exchange import workbook
from wulian.exchange.workbook.example import example_dossiers
from wulian.information.registry.choices import ImportState
from wulian.information.registry.forms import ImportForm
from wulian.information.registry.models import ImportRun
from wulian.information.registry.permissions import IMPORTERS
from wulian.information.registry.services.imports import enqueue_import, refusal_report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportsView(FormServiceView):
    """Upload a file; below it the runs so far."""

    template_name = "registry/imports.html"
    form_class = ImportForm
    roles = IMPORTERS
    title = _("Import")
    subtitle = _("A refused row never enters in part; what is right is taken in, the rest is reported")
    wing = "information"
    submit_label = _("Upload and import")
    success_message = _("The file was received; the import has begun.")

    def perform(self, form: Any) -> ImportRun:
        return enqueue_import(upload=form.cleaned_data["upload"], actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("registry:import", args=[self.result.pk])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Dossiers"), reverse("registry:projects"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = ImportRun.objects.select_related("actor")
        return {
            **super().get_context_data(**kwargs),
            "page": Paginator(runs, 20).get_page(self.request.GET.get("page")),
        }


class ImportRunView(PageMixin, TemplateView):
    """One run: how far it is, its counts, every refusal with row, column and reason."""

    template_name = "registry/import.html"
    roles = IMPORTERS
    wing = "information"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = get_object_or_404(ImportRun.objects.select_related("actor"), pk=self.kwargs["pk"])
        self.title = run.file_name
        return {**super().get_context_data(**kwargs), **run_context(run, self.request)}

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Import"), reverse("registry:imports"))]

    def get_template_names(self) -> list[str]:
        return ["registry/_import.html"] if getattr(self.request, "htmx", False) else [self.template_name]


def run_context(run: ImportRun, request: HttpRequest) -> dict[str, Any]:
    percent = min(100, run.bytes_read * 100 // run.size) if run.size else 0
    return {
        "run": run,
        "running": run.state in (ImportState.WAITING, ImportState.RUNNING),
        "percent": 100 if run.state == ImportState.DONE else percent,
        "refusals": Paginator(run.refusals.all(), 50).get_page(request.GET.get("page")),
    }


class TemplateDownload(PageMixin, View):
    """The office's workbook: empty, with an example, or as one flat CSV."""

    roles = IMPORTERS

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        stream = io.BytesIO()
        if kind == "empty":
            workbook.write_template(stream)
            return _download(stream.getvalue(), "五联首次录入表.xlsx", XLSX)
        if kind == "example":
            workbook.write_workbook(example_dossiers(), stream)
            return _download(stream.getvalue(), "五联首次录入表（示例）.xlsx", XLSX)
        if kind == "csv":
            workbook.write_csv_template(stream)
            return _download(stream.getvalue(), "五联首次录入表.csv", "text/csv; charset=utf-8")
        raise Http404


class RefusalReport(PageMixin, View):
    """The refusals of a run as a workbook."""

    roles = IMPORTERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(ImportRun, pk=pk)
        return _download(refusal_report(run), f"拒绝清单-{run.pk}.xlsx", XLSX)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
