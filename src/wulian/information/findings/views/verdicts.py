"""A page of a paper with its clauses marked, the article beside it, and the verdict."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from wulian.analysis.documents import UnreadableDocument, render_page
from wulian.core.ui import menu
from wulian.core.ui.views import Crumb, FormServiceView, PageMixin
from wulian.information.findings import services, storage
from wulian.information.findings.forms import VerdictForm
from wulian.information.findings.models import Finding, Paper, PaperPage
from wulian.information.findings.permissions import may_judge
from wulian.information.findings.presentation import marks_on, provisions_of, shown_page


class OnePage(PageMixin):
    """What both pages show on the left: one page of the paper."""

    wing = menu.INFORMATION

    def page_context(self, paper: Paper, number: int, chosen: Finding | None) -> dict[str, Any]:
        page = get_object_or_404(PaperPage, paper=paper, number=number)
        findings = [item for item in paper.findings.all() if _touches(item, number)]
        numbers = list(paper.pages.values_list("number", flat=True))
        position = numbers.index(number)
        return {
            "paper": paper,
            "page": page,
            "chosen": chosen,
            "paragraphs": shown_page(page, findings, chosen),
            "on_page": findings,
            "previous_page": numbers[position - 1] if position else None,
            "next_page": numbers[position + 1] if position + 1 < len(numbers) else None,
            "as_image": paper.format == "pdf" and self.request.GET.get("view") == "image",
        }

    def crumbs_of(self, paper: Paper) -> list[Crumb]:
        return [
            Crumb(_("Clause scan"), reverse("findings:papers")),
            Crumb(paper.file_name, paper.get_absolute_url()),
        ]


def _touches(finding: Finding, number: int) -> bool:
    return any(span["page"] == number for span in finding.spans)


class PageView(OnePage, TemplateView):
    """Any page of a paper."""

    template_name = "findings/page.html"

    @cached_property
    def paper(self) -> Paper:
        return get_object_or_404(Paper.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return self.paper.file_name

    def get_breadcrumbs(self) -> list[Crumb]:
        return self.crumbs_of(self.paper)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **self.page_context(self.paper, self.kwargs["number"], None),
        }


class FindingView(OnePage, FormServiceView):
    """One finding on its page, beside the article; officers judge it here."""

    form_class = VerdictForm
    template_name = "findings/finding.html"
    submit_label = _("Write the verdict")
    success_message = _("The verdict is written.")

    @cached_property
    def finding(self) -> Finding:
        rows = Finding.objects.visible_to(self.request.user).select_related("paper__lot", "judged_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return self.finding.title

    def get_breadcrumbs(self) -> list[Crumb]:
        return self.crumbs_of(self.finding.paper)

    def get_initial(self) -> dict[str, Any]:
        return {"verdict": self.finding.verdict, "reason": self.finding.reason}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding = self.finding
        order = list(finding.paper.findings.values_list("pk", flat=True))
        position = order.index(finding.pk)
        return {
            **super().get_context_data(**kwargs),
            **self.page_context(finding.paper, finding.page, finding),
            "finding": finding,
            "provisions": provisions_of(finding),
            "may_judge": may_judge(self.request.user),
            "position": position + 1,
            "total": len(order),
            "previous_finding": order[position - 1] if position else None,
            "next_finding": order[position + 1] if position + 1 < len(order) else None,
        }

    def perform(self, form: VerdictForm) -> Finding:
        return services.judge_finding(finding=self.finding, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        """The next finding of the paper that nobody has judged, else the paper."""
        waiting = self.finding.paper.findings.open().exclude(pk=self.finding.pk).first()
        return (waiting or self.finding.paper).get_absolute_url()


class PageImage(PageMixin, View):
    """A PDF page as an image, the clause of `?finding=` framed; rendered in the limited process."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk, format="pdf")
        page = get_object_or_404(PaperPage, paper=paper, number=number)
        chosen = request.GET.get("finding", "")
        finding = paper.findings.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
        marks = marks_on(page, finding) if finding else []
        try:
            image = render_page(storage.folder() / paper.file_path, number, marks=marks)
        except (UnreadableDocument, OSError):
            raise Http404 from None
        response = HttpResponse(image, content_type="image/png")
        response.headers["Cache-Control"] = "private, no-store"
        return response
