"""Patterns: how each has done, and switching them."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.analysis.clauses import Pattern, all_patterns
from wulian.core.ui import menu
from wulian.core.ui.views import Crumb, FormServiceView, PageMixin
from wulian.information.findings import services
from wulian.information.findings.forms import ReasonForm
from wulian.information.findings.models import PatternSwitch
from wulian.information.findings.permissions import PATTERN_KEEPERS, PATTERN_READERS, may_switch
from wulian.information.findings.selectors import pattern_statistics, patterns_off


class PatternList(PageMixin, TemplateView):
    """Every pattern by class with hits, verdicts and precision."""

    template_name = "findings/patterns.html"
    roles = PATTERN_READERS
    wing = menu.INFORMATION
    title = _("Clause patterns")
    subtitle = _("Precision is the share of real clauses among those decided; counts are of the whole city")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = groupby(pattern_statistics(), key=lambda item: item.pattern.class_code)
        return {
            **super().get_context_data(**kwargs),
            "groups": [(code, list(items)) for code, items in rows],
            "may_switch": may_switch(self.request.user),
        }


class SwitchPattern(FormServiceView):
    """Take a pattern out of use, or into use again, with a reason."""

    form_class = ReasonForm
    roles = PATTERN_KEEPERS
    wing = menu.INFORMATION
    success_message = _("The pattern is switched; scans from now on follow it.")

    @cached_property
    def pattern(self) -> Pattern:
        found = all_patterns().get(self.kwargs["pattern"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def is_on(self) -> bool:
        return self.pattern.id not in patterns_off()

    def get_title(self) -> str:
        return f"{self.pattern.id} {self.pattern.title}"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Clause patterns"), reverse("findings:patterns"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "submit_label": _("Switch off") if self.is_on else _("Switch on"),
        }

    def perform(self, form: ReasonForm) -> PatternSwitch:
        return services.switch_pattern(
            pattern_id=self.pattern.id, is_on=not self.is_on, actor=self.request.user, **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return reverse("findings:patterns")
