"""The list of alerts, the page of one alert, and the forms of its judgement."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import Action, ActionView, Crumb, ListView
from wulian.information.alerts import forms, presentation, services
from wulian.information.alerts.filters import AlertFilter
from wulian.information.alerts.groups import neighbours
from wulian.information.alerts.models import Alert, Feedback
from wulian.information.alerts.permissions import abilities, next_action
from wulian.information.alerts.selectors import severity_counts
from wulian.information.alerts.services.handling import missing_for_closing
from wulian.information.alerts.services.referring import law_of
from wulian.information.alerts.tables import AlertTable
from wulian.information.alerts.views.base import AlertForm, AlertMixin
from wulian.information.alerts.views.bulk import bulk_buttons


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

    def get_actions(self) -> list[Action]:
        return [
            Action(_("Judge in groups"), reverse("alerts:groups"), "stack-2"),
            Action(_("Supervision orders"), reverse("alerts:orders"), "speakerphone"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = severity_counts(Alert.objects.visible_to(self.request.user))
        return {
            **super().get_context_data(**kwargs),
            "severity_counts": counts,
            "bulk_actions": bulk_buttons(self.request.user),
        }


class AlertPage(AlertMixin, TemplateView):
    """What was found, the numbers, the articles, the exclusions to test, what to do next, and what came of it."""

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
            **self.oversight(alert),
        }

    def oversight(self, alert: Alert) -> dict[str, Any]:
        """What other people did about the alert: records, orders, answers, escalations, and its neighbours."""
        user = self.request.user
        answers = Feedback.objects.filter(alert=alert).select_related("author__department", "order")
        return {
            "outcomes": alert.outcomes.select_related("started_by", "ended_by").prefetch_related("record"),
            "orders": alert.orders.select_related("department", "person"),
            "answers": answers.prefetch_related("attachments"),
            "escalations": alert.escalations.select_related("clock"),
            "missing": missing_for_closing(alert) if alert.outcome or alert.destination else {},
            "neighbours": neighbours(alert, user),
        }


class Accept(AlertMixin, ActionView):
    """Take it."""

    success_message = _("You now judge this alert.")

    def perform(self, request: HttpRequest) -> Alert:
        return services.accept_alert(alert=self.alert, actor=request.user)  # type: ignore[arg-type]


class Exclude(AlertForm):
    """Propose an exclusion."""

    title = _("Exclude the alert")
    form_class = forms.ExcludeOneForm
    form_takes = ("alerts", "project", "lot_id")
    submit_label = _("Hand in for review")
    success_message = _("Handed in; a second person reviews it.")

    def perform(self, form: forms.ExcludeOneForm) -> Alert:
        return services.exclude_alert(
            alert=self.alert,
            actor=self.request.user,
            opinion=form.cleaned_data["opinion"],
            basis=form.basis_text(),
            **form.papers_given(),
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
    form_takes = ("alerts", "user")
    submit_label = _("Refer the alert")
    success_message = _("The alert was referred.")

    def perform(self, form: Any) -> Alert:
        return services.refer_alert(alert=self.alert, actor=self.request.user, **form.cleaned_data)


class Join(AlertForm):
    """Let an alert that was referred join a record."""

    title = _("Join a record")
    form_class = forms.JoinForm
    form_takes = ("alert", "user")
    submit_label = _("Join")
    success_message = _("The alert goes with this record now.")

    def perform(self, form: Any) -> Alert:
        return services.join_record(alert=self.alert, actor=self.request.user, **form.cleaned_data)


class Close(AlertForm):
    """Say what was checked, on which law, what came of it, with a paper."""

    title = _("Close the alert")
    form_class = forms.CloseForm
    form_takes = ("project", "lot_id")
    submit_label = _("Close the alert")
    success_message = _("The alert is closed.")

    def get_initial(self) -> dict[str, Any]:
        alert = self.alert
        return {
            "facts_checked": alert.facts_checked or alert.opinion,
            "basis": alert.basis or law_of(alert),
            "outcome": alert.outcome,
        }

    def perform(self, form: Any) -> Alert:
        words = {name: form.cleaned_data[name] for name in ("facts_checked", "basis", "outcome")}
        return services.close_alert(alert=self.alert, actor=self.request.user, **words, **form.papers_given())


class Dispatch(AlertForm):
    """Give it to a department."""

    title = _("Dispatch the alert")
    form_class = forms.DispatchForm
    form_takes = ("alerts",)
    submit_label = _("Dispatch the alert")
    success_message = _("The alert was given to the department.")

    def perform(self, form: Any) -> Alert:
        return services.dispatch_alert(alert=self.alert, actor=self.request.user, **form.cleaned_data)


class GiveFeedback(AlertForm):
    """Answer about an alert, with papers."""

    title = _("Feedback")
    form_class = forms.FeedbackForm
    form_takes = ("project", "lot_id")
    submit_label = _("Hand in")
    success_message = _("Your answer is in the file of the alert.")

    def perform(self, form: Any) -> Feedback:
        return services.add_feedback(
            alert=self.alert, actor=self.request.user, text=form.cleaned_data["text"], **form.papers_given()
        )
