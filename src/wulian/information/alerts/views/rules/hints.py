"""Pages of the hints: red flags and public indicators by group, and one of them with its sources in place of articles."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.analysis.indicators.hints import GROUP
from wulian.analysis.redflags import GROUPS, catalogue_titles
from wulian.core.ui.views import Action, Crumb, PageMixin
from wulian.information.alerts import presentation
from wulian.information.alerts.choices import HINTS
from wulian.information.alerts.models import Alert, RuleRun
from wulian.information.alerts.selectors import RuleResults, rule_results
from wulian.information.alerts.views.rules.lists import RESULT_NAMES, alerts_url
from wulian.information.alerts.views.rules.page import RESULT_TITLES, RuleMixin, record_of
from wulian.information.rulebook.selectors import current_hints
from wulian.information.rulebook.services import KEEPERS

TITLES = {**GROUPS, "public": GROUP}


class HintList(PageMixin, TemplateView):
    """All red flags and public indicators, group by group, with what became of their alerts."""

    template_name = "alerts/hints.html"
    wing = "information"
    title = _("Red flags")
    subtitle = _("Statistical hints from public catalogues; none of them is a finding.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Rules"), reverse("alerts:rules"))]

    def get_actions(self) -> list[Action]:
        return [Action(_("Alerts of red flags"), f"{reverse('alerts:list')}?kind=hint", "flag")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        results = rule_results(Alert.objects.visible_to(self.request.user).filter(HINTS))
        runs = RuleRun.objects.in_bulk(field_name="rule_id")
        order = list(TITLES)
        flags = sorted(current_hints(), key=lambda flag: (order.index(flag.group), flag.id))
        groups = [
            (
                TITLES[group],
                [(flag, results.get(flag.id, RuleResults()), runs.get(flag.id)) for flag in found],
            )
            for group, found in groupby(flags, key=lambda flag: flag.group)
        ]
        return {**super().get_context_data(**kwargs), "groups": groups}


class HintPage(RuleMixin, TemplateView):
    """What a red flag or a public indicator means, whose idea it is, how it is computed, when it cannot tell, what it found."""

    template_name = "alerts/hint.html"

    def get_title(self) -> str:
        return f"{self.rule.id} {self.rule.title}"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Rules"), reverse("alerts:rules")),
            Crumb(HintList.title, reverse("alerts:hints")),
        ]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*KEEPERS):
            return []
        url = reverse("alerts:rule_revise", args=[self.rule.id])
        return [Action(_("Revise or switch on and off"), url, "adjustments")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        flag, titles = self.rule, catalogue_titles()
        visible = Alert.objects.visible_to(self.request.user).filter(rule_id=flag.id)
        results = rule_results(visible).get(flag.id, RuleResults())
        return {
            **super().get_context_data(**kwargs),
            "flag": flag,
            **presentation.rule_words(flag),
            "group": TITLES[flag.group],
            "sources": [(code, titles[code.split()[0]]) for code in flag.sources],
            "parameters": [(item, presentation.words(_plain(item.value))) for item in flag.parameters],
            "fields": [presentation.field_title(path) for path in flag.fields()],
            **record_of(flag, self.versions, self.request.user),
            "numbers": [
                (RESULT_TITLES[name], getattr(results, name), alerts_url(flag.id, name))
                for name in RESULT_NAMES
            ],
            "latest": visible.select_related("project", "department").defer("evidence")[:10],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return "；".join(f"{key} {presentation.words(item)}" for key, item in value.items())
    return "、".join(map(str, value)) if isinstance(value, list) else value
