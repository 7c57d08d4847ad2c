"""Changing the rulebook: a revision with its effect shown before it is saved, undoing, local rules."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.core.config.errors import Refusal
from wulian.core.ui.views import ActionView, Crumb, FormServiceView
from wulian.core.ui.views.forms import add_refusal
from wulian.information.alerts.services.preview import preview_revision
from wulian.information.alerts.views.rules.page import RuleMixin
from wulian.information.rulebook import forms, services
from wulian.information.rulebook.models import RefusedRuleFile, RuleRevision


class ReviseRule(RuleMixin, FormServiceView):
    """Parameters and switch of a rule, from a day of the conduct on; "try" shows what would change and saves nothing."""

    roles = services.KEEPERS
    template_name = "alerts/rule_revise.html"
    title = _("Revise the rule")
    form_class = forms.RevisionForm
    submit_label = _("Save the revision")
    success_message = _("The revision is saved; the rule is judged again over all dossiers.")
    intro = _("Numbers fixed by law cannot be changed. Alerts keep the version that raised them.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rule": self.rule, "day": timezone.localdate()}

    def form_valid(self, form: forms.RevisionForm) -> HttpResponse:
        if "_preview" not in self.request.POST:
            return super().form_valid(form)
        try:
            preview = preview_revision(rule_id=self.rule.id, **form.inputs())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def form_invalid(self, form: forms.RevisionForm) -> HttpResponse:
        if "_preview" in self.request.POST and set(form.errors) == {"reason"}:
            # The reason may follow when the effect is known.
            form.errors.pop("reason")
            return self.form_valid(form)
        return super().form_invalid(form)

    def perform(self, form: forms.RevisionForm) -> RuleRevision:
        return services.revise_rule(
            actor=self.request.user,
            rule_id=self.rule.id,
            reason=form.cleaned_data["reason"],
            **form.inputs(),
        )


class UndoRevision(RuleMixin, FormServiceView):
    """Bring back what applied before a revision."""

    roles = services.KEEPERS
    title = _("Undo the revision")
    form_class = forms.ReasonForm
    submit_label = _("Undo the revision")
    success_message = _("What applied before applies again.")

    @cached_property
    def revision(self) -> RuleRevision:
        return get_object_or_404(RuleRevision, rule_id=self.rule.id, version=self.kwargs["version"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro = _now("Revision %(number)s, applies from %(day)s: %(reason)s") % {
            "number": self.revision.number,
            "day": self.revision.valid_from,
            "reason": self.revision.reason,
        }
        return {**super().get_context_data(**kwargs), "intro": intro}

    def perform(self, form: forms.ReasonForm) -> RuleRevision:
        return services.undo_revision(
            actor=self.request.user,
            revision=self.revision,
            reason=form.cleaned_data["reason"],
        )


class ImportRules(FormServiceView):
    """Rules of the office's own from a YAML file; a wrong file is refused whole, by rule and field."""

    roles = services.KEEPERS
    wing = "information"
    title = _("Import local rules")
    template_name = "alerts/rule_import.html"
    form_class = forms.ImportForm
    submit_label = _("Check and import")
    intro = _(
        "A file with an error is refused by file, rule and field, and none of its rules is taken in; it waits below."
    )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Rules"), reverse("alerts:rules"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refused = RefusedRuleFile.objects.visible_to(self.request.user).select_related("author", "handled_by")
        pages = Paginator(refused.order_by("-id"), 20)
        return {
            **super().get_context_data(**kwargs),
            "refused_files": pages.get_page(self.request.GET.get("page")),
            "open_state": RefusedRuleFile.State.OPEN,
        }

    def perform(self, form: forms.ImportForm) -> Any:
        file_name, text = form.text()
        return services.import_rules(actor=self.request.user, file_name=file_name, text=text)

    def get_success_message(self) -> str:
        return _now("Imported: %(rules)s") % {"rules": "、".join(map(str, self.result))}

    def get_success_url(self) -> str:
        return reverse("alerts:rules")


class TakeRefusedFile(ActionView):
    """Import a refused rule file again as it was sent."""

    roles = services.KEEPERS
    success_message = _("The file has been taken in.")

    def perform(self, request: HttpRequest) -> Any:
        return services.take_refused_file(actor=request.user, refused=self.get_refused(request))

    def get_refused(self, request: HttpRequest) -> RefusedRuleFile:
        return get_object_or_404(RefusedRuleFile.objects.visible_to(request.user), pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("alerts:rule_import")


class DropRefusedFile(TakeRefusedFile):
    """Close it without taking it in."""

    success_message = _("The file has been dropped.")

    def perform(self, request: HttpRequest) -> Any:
        return services.drop_refused_file(actor=request.user, refused=self.get_refused(request))
