"""人工核查: the questions of a rule answered for a dossier, and the checklist for policy documents."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import Crumb, FormServiceView, PageMixin
from wulian.information.alerts import presentation
from wulian.information.alerts.views.rules.page import RuleMixin
from wulian.information.registry.models import Project
from wulian.information.rulebook import forms, services
from wulian.information.rulebook.models import RuleCheck
from wulian.law.checklists import policy_checklist
from wulian.law.rules import Rule


class CheckRule(RuleMixin, FormServiceView):
    """Answer the questions of a rule for one dossier."""

    roles = services.CHECKERS
    title = _("Check by hand")
    template_name = "alerts/rule_check.html"
    form_class = forms.ChecklistForm
    submit_label = _("Save the finding")
    success_message = _("The finding is in the dossier.")

    @cached_property
    def project(self) -> Project:
        return get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["project"])

    def get_form_kwargs(self) -> dict[str, Any]:
        if not isinstance(self.rule, Rule) or not self.rule.checklist:
            raise Http404
        return {**super().get_form_kwargs(), "rule": self.rule}

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(self.project.name, reverse("registry:dossier", args=[self.project.pk]))]

    def get_title(self) -> str:
        return f"{self.rule.id} {self.rule.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "rule": self.rule,
            "project": self.project,
            "duty": presentation.articles(self.rule.duty),
        }

    def perform(self, form: forms.ChecklistForm) -> RuleCheck:
        return services.answer_checklist(
            actor=self.request.user,
            rule_id=self.rule.id,
            project=self.project,
            answers=form.answers(),
            outcome=form.cleaned_data["outcome"],
            opinion=form.cleaned_data["opinion"],
        )

    def get_success_url(self) -> str:
        return reverse("registry:dossier", args=[self.project.pk]) + "#panel-checks"


class PolicyChecklist(PageMixin, TemplateView):
    """What to ask of a policy document that authorities made (招标投标领域公平竞争审查规则)."""

    template_name = "alerts/policy.html"
    title = _("Checking policy documents")
    wing = "information"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Rules"), reverse("alerts:rules"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "checklist": policy_checklist()}
