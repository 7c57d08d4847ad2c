"""Pages of alerts and rules."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.information.alerts import forms, presentation, services
from wulian.information.alerts.choices import Severity
from wulian.information.alerts.filters import AlertFilter
from wulian.information.alerts.models import Alert
from wulian.information.alerts.permissions import abilities, next_action
from wulian.information.alerts.selectors import rule_counts, severity_counts
from wulian.information.alerts.tables import AlertTable
from wulian.law.rules import all_rules


class AlertList(ListView):
    """All alerts one may see, the gravest first."""

    model = Alert
    table_class = AlertTable
    filter_class = AlertFilter
    template_name = "alerts/list.html"
    title = _("Alerts")
    subtitle = _("What the rules found; whether it is a violation is judged by people.")
    wing = "information"
    empty_title = _("No alert")
    empty_text = _("No rule holds for the dossiers you supervise.")

    def get_queryset(self) -> QuerySet[Alert]:
        return (
            Alert.objects.visible_to(self.request.user)
            .select_related("project", "department", "assignee")
            .defer("evidence")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = severity_counts(Alert.objects.visible_to(self.request.user))
        return {**super().get_context_data(**kwargs), "severity_counts": counts}


class AlertMixin(PageMixin):
    """A page of one alert that the user may see."""

    wing = "information"

    @cached_property
    def alert(self) -> Alert:
        visible = Alert.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(
            visible.select_related(
                "project", "lot", "department", "assignee", "first_officer", "second_officer"
            ),
            pk=self.kwargs["pk"],  # type: ignore[attr-defined]
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Alerts"), reverse("alerts:list")),
            Crumb(f"{self.alert.rule_id} {self.alert.rule_title}", self.alert.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.alert.get_absolute_url()


class AlertPage(AlertMixin, TemplateView):
    """What was found, the numbers, the articles, the exclusions to test, what to do next."""

    template_name = "alerts/detail.html"

    def get_title(self) -> str:
        return self.alert.rule_title

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert, user = self.alert, self.request.user
        rule = presentation.rule_of(alert)
        head, body, total = presentation.evidence_table(alert)
        return {
            **super().get_context_data(**kwargs),
            "alert": alert,
            "rule": rule,
            "sentence": presentation.sentence(alert),
            "duty": presentation.articles(rule.duty) if rule else [],
            "liability": presentation.articles(rule.liability) if rule else [],
            "violation": presentation.violation_of(alert),
            "evidence": presentation.evidence_rows(alert),
            "rows_head": head,
            "rows_body": body,
            "rows_total": total,
            "changes": alert.changes.all(),
            "may": abilities(alert, user),
            "next_action": next_action(alert, user),
        }


class Accept(AlertMixin, ActionView):
    """Take it."""

    success_message = _("You now judge this alert.")

    def perform(self, request: HttpRequest) -> Alert:
        return services.accept_alert(alert=self.alert, actor=request.user)  # type: ignore[arg-type]


class AlertForm(AlertMixin, FormServiceView):
    """A form about one alert."""

    takes_alert = False

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "alert": self.alert} if self.takes_alert else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "intro": self.intro or presentation.sentence(self.alert),
        }


class Exclude(AlertForm):
    """Propose an exclusion."""

    title = _("Exclude the alert")
    form_class = forms.ExcludeForm
    takes_alert = True
    submit_label = _("Hand in for review")
    success_message = _("Handed in; a second person reviews it.")

    def perform(self, form: forms.ExcludeForm) -> Alert:
        return services.exclude_alert(
            alert=self.alert,
            actor=self.request.user,
            opinion=form.cleaned_data["opinion"],
            basis=form.basis_text(),
        )


class Confirm(AlertForm):
    """Agree as second person."""

    title = _("Confirm the exclusion")
    form_class = forms.ConfirmForm
    submit_label = _("Agree to exclude")
    success_message = _("The alert is excluded.")

    def perform(self, form: Any) -> Alert:
        return services.confirm_exclusion(
            alert=self.alert, actor=self.request.user, note=form.cleaned_data["note"]
        )


class Return(AlertForm):
    """Disagree as second person."""

    title = _("Return the exclusion")
    form_class = forms.ReasonForm
    submit_label = _("Return the exclusion")
    success_message = _("Returned to the officer.")

    def perform(self, form: Any) -> Alert:
        return services.return_exclusion(
            alert=self.alert, actor=self.request.user, reason=form.cleaned_data["reason"]
        )


class Refer(AlertForm):
    """Send it on."""

    title = _("Refer the alert")
    form_class = forms.ReferForm
    takes_alert = True
    submit_label = _("Refer the alert")
    success_message = _("The alert was referred.")

    def perform(self, form: Any) -> Alert:
        return services.refer_alert(alert=self.alert, actor=self.request.user, **form.cleaned_data)


class Close(AlertForm):
    """Say what came of it."""

    title = _("Close the alert")
    form_class = forms.OutcomeForm
    submit_label = _("Close the alert")
    success_message = _("The alert is closed.")

    def perform(self, form: Any) -> Alert:
        return services.close_alert(
            alert=self.alert, actor=self.request.user, outcome=form.cleaned_data["outcome"]
        )


class Dispatch(AlertForm):
    """Give it to a department."""

    title = _("Dispatch the alert")
    form_class = forms.DispatchForm
    takes_alert = True
    submit_label = _("Dispatch the alert")
    success_message = _("The alert was given to the department.")

    def perform(self, form: Any) -> Alert:
        return services.dispatch_alert(alert=self.alert, actor=self.request.user, **form.cleaned_data)


class RuleList(PageMixin, TemplateView):
    """The catalogue with how often each rule holds."""

    template_name = "alerts/rules.html"
    title = _("Rules")
    subtitle = _("Each rule cites its article; a hit is an alert that a person judges.")
    wing = "information"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = rule_counts(Alert.objects.visible_to(self.request.user))
        newest = {rule.id: rule for rule in all_rules()}
        severity = self.request.GET.get("severity", "")
        rows = [
            {
                "rule": rule,
                "open": counts.get(rule.id, (0, 0))[0],
                "total": counts.get(rule.id, (0, 0))[1],
                **presentation.rule_words(rule),
            }
            for rule in newest.values()
            if severity in ("", rule.severity)
        ]
        rows.sort(key=lambda row: (row["rule"].node, row["rule"].id))
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "severity": severity,
            "severities": Severity.choices,
        }


class RulePage(PageMixin, TemplateView):
    """One rule: what it looks for, articles, exclusions, versions, how often it holds."""

    template_name = "alerts/rule.html"
    wing = "information"

    @cached_property
    def versions(self) -> list[Any]:
        found = [rule for rule in all_rules() if rule.id == self.kwargs["rule_id"]]
        if not found:
            raise Http404
        return found

    def get_title(self) -> str:
        return f"{self.versions[-1].id} {self.versions[-1].title}"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Rules"), reverse("alerts:rules"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = self.versions[-1]
        visible = Alert.objects.visible_to(self.request.user).filter(rule_id=rule.id)
        opened, total = rule_counts(visible).get(rule.id, (0, 0))
        return {
            **super().get_context_data(**kwargs),
            "rule": rule,
            **presentation.rule_words(rule),
            "versions": self.versions,
            "fields": [(path, presentation.field_title(path)) for path in rule.fields()],
            "duty": presentation.articles(rule.duty),
            "liability": presentation.articles(rule.liability),
            "open": opened,
            "total": total,
            "latest": visible.select_related("project", "department").defer("evidence")[:10],
        }
