"""Pages of the data-analysis meeting."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.dashboards import forms, services
from wulian.dashboards.models import BriefingReport
from wulian.dashboards.permissions import PREPARERS
from wulian.dashboards.selectors import ahead_of, leads_by_row, trend_chart
from wulian.dashboards.tables import ReportTable
from wulian.office.consultations.selectors import consultations_about


class ReportList(ListView):
    """The reports one may read."""

    model = BriefingReport
    table_class = ReportTable
    title = gettext_lazy("Data-analysis meetings")
    subtitle = gettext_lazy("Reports for the monthly meeting, computed from what is in the platform")
    wing = "information"
    empty_title = gettext_lazy("No report yet")
    empty_text = gettext_lazy("The coordinating office prepares a report for each meeting.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("requested_by").defer("content")

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*PREPARERS):
            return []
        return [Action(_("Prepare a report"), reverse("dashboards:report_new"), "plus", "btn-primary")]


class ReportMixin(PageMixin):
    wing = "information"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Data-analysis meetings"), reverse("dashboards:reports"))]


class RequestReport(ReportMixin, FormServiceView):
    """Choose the days."""

    roles = PREPARERS
    form_class = forms.ReportForm
    title = gettext_lazy("Prepare a report")
    submit_label = gettext_lazy("Compute")
    intro = gettext_lazy(
        "It counts what you may see of these days and is frozen then. The indices look back over 24 months."
    )
    success_message = gettext_lazy("The report is being computed; you will be told when it is ready.")

    def perform(self, form: Any) -> BriefingReport:
        return services.request_report(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class OneReport(ReportMixin):
    """A page about one report that the reader may see."""

    @cached_property
    def report(self) -> BriefingReport:
        rows = BriefingReport.objects.visible_to(self.request.user).select_related("requested_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return self.report.get_absolute_url()


class ReportPage(OneReport, TemplateView):
    """The frozen content, the leads opened from it, the meeting about it."""

    template_name = "dashboards/report.html"

    def get_title(self) -> str:
        return str(self.report)

    def get_actions(self) -> list[Action]:
        if not (self.report.is_ready and self.request.user.has_role(*PREPARERS)):
            return []
        address = reverse("dashboards:report_meeting", args=[self.report.pk])
        return [Action(_("Put before a consultation"), address, "users-group", "btn-primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, content = self.request.user, self.report.content
        leads = leads_by_row(self.report, user)
        indices = [
            {**index, "rows": [{**row, "lead": leads.get(row["key"])} for row in index["rows"]]}
            for index in content.get("indices", [])
        ]
        trends = [
            {**item, "chart": trend_chart(item), "ahead": ahead_of(item)}
            for item in content.get("trends", [])
        ]
        return {
            **super().get_context_data(**kwargs),
            "report": self.report,
            "content": content,
            "indices": indices,
            "trends": trends,
            "may_open": user.has_role(*PREPARERS),
            "meetings": consultations_about(self.report).visible_to(user),
        }


class OpenLead(OneReport, ActionView):
    """One click: a lead from one row, or the lead that is there already."""

    roles = PREPARERS

    def perform(self, request: HttpRequest) -> Any:
        return services.open_lead(actor=request.user, report=self.report, key=request.POST.get("key", ""))

    def get_success_message(self) -> str:
        lead, is_new = self.result
        if is_new:
            return _("Lead %(number)s was opened.") % {"number": lead.lead_no}
        return _("Lead %(number)s on the same matter is being handled; the row is in its file.") % {
            "number": lead.lead_no
        }

    def get_success_url(self) -> str:
        return self.result[0].get_absolute_url() if self.result else super().get_success_url()


class ProposeMeeting(OneReport, FormServiceView):
    """Put the report before a consultation."""

    roles = PREPARERS
    form_class = forms.MeetingForm
    title = gettext_lazy("Put before a consultation")
    submit_label = gettext_lazy("Propose")
    intro = gettext_lazy("The invited departments will read the whole report.")
    success_message = gettext_lazy("The proposal is with the head of the coordinating office.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(str(self.report), self.report.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        return {"title": f"数据分析例会（{self.report.end:%Y年%m月}）"}

    def perform(self, form: Any) -> Any:
        return services.propose_meeting(actor=self.request.user, report=self.report, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()
