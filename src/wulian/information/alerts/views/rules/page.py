"""One rule: what it means, its articles, how it is computed, examples, what became of its alerts, its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.analysis.flags.catalogue import Judged
from wulian.analysis.flags.examples import case_key, examples_of
from wulian.analysis.flags.wording import SUBJECTS, described
from wulian.core.ui.views import Action, Crumb, PageMixin
from wulian.information.alerts import presentation
from wulian.information.alerts.models import Alert, RuleRun
from wulian.information.alerts.selectors import RuleResults, rule_results
from wulian.information.alerts.views.rules.lists import KINDS, RESULT_NAMES, alerts_url, threshold_rows
from wulian.information.rulebook import selectors
from wulian.information.rulebook.models import FIRST_REVISION, RuleCheck
from wulian.information.rulebook.services import KEEPERS
from wulian.law.rules import Rule

RESULT_TITLES = {
    "open": _("Open alerts"),
    "confirmed": _("Confirmed"),
    "excluded": _("Excluded"),
    "cleared": _("Cleared"),
    "total": _("All alerts"),
}


class RuleMixin(PageMixin):
    """A page about one rule of the rulebook."""

    wing = "information"

    @cached_property
    def versions(self) -> tuple[Any, ...]:
        found = selectors.versions_of(self.kwargs["rule_id"])  # type: ignore[attr-defined]
        if not found:
            raise Http404
        return found

    @cached_property
    def rule(self) -> Any:
        """The version of the rule or hint that governs today's conduct."""
        return selectors.in_force_on(self.versions, timezone.localdate())

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Rules"), reverse("alerts:rules")),
            Crumb(f"{self.rule.id} {self.rule.title}", reverse("alerts:rule", args=[self.rule.id])),
        ]

    def get_success_url(self) -> str:
        return reverse("alerts:rule", args=[self.rule.id])


class RulePage(RuleMixin, TemplateView):
    """Everything there is to know about one rule, generated from its record and from what the engine finds."""

    template_name = "alerts/rule.html"

    @cached_property
    def versions(self) -> tuple[Rule, ...]:
        if found := [item for item in super().versions if isinstance(item, Rule)]:
            return tuple(found)
        raise Http404

    def get_title(self) -> str:
        return f"{self.rule.id} {self.rule.title}"

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*KEEPERS) or self.rule.kind == "missing":
            return []
        url = reverse("alerts:rule_revise", args=[self.rule.id])
        return [Action(_("Revise or switch on and off"), url, "adjustments")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = self.rule
        visible = Alert.objects.visible_to(self.request.user).filter(rule_id=rule.id)
        results = rule_results(visible).get(rule.id, RuleResults())
        checks = RuleCheck.objects.visible_to(self.request.user).filter(rule_id=rule.id)
        return {
            **super().get_context_data(**kwargs),
            "rule": rule,
            **presentation.rule_words(rule),
            "kind": KINDS[rule.kind],
            "meaning": meaning(rule),
            "computed": described(rule),
            "thresholds": threshold_rows(rule),
            "parameters": [(item, _listed(item.value)) for item in rule.parameters],
            "fields": [(path, presentation.field_title(path)) for path in rule.fields()],
            "duty": presentation.articles(rule.duty),
            "liability": presentation.articles(rule.liability),
            "examples": examples(rule, self.versions),
            **record_of(rule, self.versions, self.request.user),
            "results": results,
            "open": results.open,
            "numbers": [
                (RESULT_TITLES[name], getattr(results, name), alerts_url(rule.id, name))
                for name in RESULT_NAMES
            ],
            "latest": visible.select_related("project", "department").defer("evidence")[:10],
            "checks": checks.select_related("project", "officer")[:10],
        }


def record_of(rule: Judged, versions: Sequence[Judged], user: Any) -> dict[str, Any]:
    """Return what a page shows of the last run of a rule or hint, of its versions, and of who changed it and why."""
    return {
        "run": RuleRun.objects.filter(rule_id=rule.id).first(),
        "versions": [version_row(item) for item in versions],
        "history": _history(rule, user),
    }


def _history(rule: Judged, user: Any) -> list[dict[str, Any]]:
    items = selectors.history_of(rule.id)
    base = selectors.base_of(rule.id)
    applying = {item.version for item in selectors.standing(items)}
    may = user.has_role(*KEEPERS)
    return [
        {
            "item": item,
            "applies": item.version in applying,
            "values": [(name, presentation.words(_listed(value))) for name, value in item.parameters.items()],
            "may_undo": may
            and item.version in applying
            and base is not None
            and base.version == item.base_version,
        }
        for item in items
    ]


def _listed(value: Any) -> Any:
    return "、".join(map(str, value)) if isinstance(value, list) else value


def meaning(rule: Rule) -> str:
    """Return in one sentence what the rule looks for, under which provision, and what an alert of it is."""
    duty = "、".join(presentation.article_name(item) for item in rule.duty)
    finding = {
        "computed": f"从数据中找出疑似“{rule.title}”的{SUBJECTS[rule.subject]}",
        "clauses": f"从招标公告、招标文件、合同文本中找出疑似“{rule.title}”的条款",
        "checklist": f"“{rule.title}”由承办人按核查项逐项核对",
        "missing": f"“{rule.title}”尚不能由数据判断",
    }[rule.kind]
    judged = "统计线索，不是证据" if rule.automation == "ST" else "预警不是违法认定，由人研判"
    return f"{finding}。依据{duty}。{judged}。"


def examples(rule: Rule, versions: tuple[Rule, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return what the engine finds on the examples, those that meet the rule and those that do not."""
    own = next((item for item in reversed(versions) if item.version < FIRST_REVISION), rule)
    base = rule if rule.version < FIRST_REVISION else selectors.base_of(rule.id) or own
    rows: list[dict[str, Any]] = [
        {
            "example": item,
            "facts": [(fact.title, presentation.words(_shown(fact.value))) for fact in item.facts],
            "value": _number(item.value),
            "threshold": _number(item.threshold),
        }
        for item in examples_of(rule, key=case_key(base))
    ]
    return {
        "met": [row for row in rows if row["example"].hit],
        "unmet": [row for row in rows if row["example"].hit is False],
    }


def _shown(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _number(value: float | None) -> str:
    return "" if value is None else presentation.words(round(value, 4))


def version_row(rule: Judged) -> dict[str, Any]:
    """Return a version with the words for its number."""
    revision = rule.version - FIRST_REVISION + 1
    return {"rule": rule, "revision": revision if revision > 0 else 0}
