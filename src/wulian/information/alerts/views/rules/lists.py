"""The rules and the thresholds as lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.filters import decorate
from wulian.core.ui.tables import SeverityColumn, Table
from wulian.core.ui.views import Action, Crumb, ListView, PageMixin
from wulian.information.alerts import presentation
from wulian.information.alerts.choices import Severity
from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import RuleResults, rule_results
from wulian.information.registry.stages import NODE_TITLES
from wulian.information.rulebook.selectors import current_rules
from wulian.information.rulebook.services import KEEPERS
from wulian.law.rules import all_rules
from wulian.law.thresholds import Threshold, thresholds

RESULT_NAMES = ("open", "confirmed", "excluded", "cleared", "total")
KINDS = {
    "computed": _("computed from data"),
    "clauses": _("found in the text of documents"),
    "checklist": _("checked by an officer"),
    "missing": _("not computable: data are missing"),
}
STATES = {"on": _("Switched on"), "off": _("Switched off")}


class RuleRows(list[dict[str, Any]]):
    """Rows of the list of rules, counted as a query is."""

    def count(self) -> int:  # type: ignore[override]
        return len(self)


class RuleFilterForm(forms.Form):
    """What narrows the list of rules."""

    q = forms.CharField(label=_("Code or title"), required=False)
    node = forms.ChoiceField(label=_("Node"), required=False)
    severity = forms.MultipleChoiceField(label=_("Severity"), required=False, choices=Severity.choices)
    automation = forms.ChoiceField(label=_("Automation"), required=False)
    confidence = forms.ChoiceField(label=_("Confidence"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "node": [(code, f"{code} {title}") for code, title in sorted(NODE_TITLES.items())],
            "automation": presentation.AUTOMATION.items(),
            "confidence": [(code, f"{code} {words}") for code, words in presentation.CONFIDENCE.items()],
            "kind": KINDS.items(),
            "state": STATES.items(),
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("Any")), *options]  # type: ignore[attr-defined]
        self.fields["severity"].widget = forms.CheckboxSelectMultiple(choices=Severity.choices)
        for field in self.fields.values():
            decorate(field, empty=_("Any"))


class RuleFilter:
    """The filter of the list of rules, in the shape the list page asks for."""

    def __init__(self, data: QueryDict, *, queryset: RuleRows, request: Any) -> None:
        self.form = RuleFilterForm(data)
        self.rows = queryset

    def is_valid(self) -> bool:
        return self.form.is_valid()

    @property
    def qs(self) -> RuleRows:
        """The rows that meet all conditions."""
        return RuleRows(row for row in self.rows if self._meets(row))

    def _meets(self, row: dict[str, Any]) -> bool:
        wanted = self.form.cleaned_data
        rule = row["rule"]
        text = wanted["q"].strip().lower()
        return (
            (not text or text in f"{rule.id} {rule.title}".lower())
            and (not wanted["severity"] or rule.severity in wanted["severity"])
            and all(
                not wanted[name] or str(value) == wanted[name]
                for name, value in (
                    ("node", rule.node),
                    ("automation", rule.automation),
                    ("confidence", rule.confidence),
                    ("kind", rule.kind),
                    ("state", row["state_code"]),
                )
            )
        )


class CountColumn(django_tables2.Column):
    """A number of alerts that opens their list."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.result = name
        super().__init__(attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}}, **kwargs)

    def render(self, value: int, record: dict[str, Any]) -> str:
        if not value:
            return "0"
        return format_html('<a href="{}">{}</a>', alerts_url(record["rule"].id, self.result), value)

    def value(self, value: int) -> int:
        return value


class RuleTable(Table):
    """Rule, node, severity, automation, confidence, kind, state, and what became of its alerts."""

    rule = django_tables2.Column(verbose_name=_("Rule"), order_by="code")
    node = django_tables2.Column(verbose_name=_("Node"), order_by=("node_code", "code"))
    severity = SeverityColumn(verbose_name=_("Severity"), order_by=("rank", "code"))
    automation = django_tables2.Column(verbose_name=_("Automation"))
    confidence = django_tables2.Column(verbose_name=_("Confidence"))
    kind = django_tables2.Column(verbose_name=_("Kind"))
    state = django_tables2.Column(verbose_name=_("State"), order_by=("state_code", "code"))
    open = CountColumn("open", verbose_name=_("Open alerts"))
    confirmed = CountColumn("confirmed", verbose_name=_("Confirmed"))
    excluded = CountColumn("excluded", verbose_name=_("Excluded"))
    total = CountColumn("total", verbose_name=_("All alerts"))
    precision = django_tables2.Column(
        verbose_name=_("Precision"), attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}}
    )

    class Meta(Table.Meta):
        empty_text = _("No rule meets these conditions.")

    def render_rule(self, value: Any) -> str:
        return format_html(
            '<a lang="zh-Hans" href="{}">{} {}</a>',
            reverse("alerts:rule", args=[value.id]),
            value.id,
            value.title,
        )

    def value_rule(self, value: Any) -> str:
        return f"{value.id} {value.title}"

    def render_confidence(self, value: Any, record: dict[str, Any]) -> str:
        if record["rule"].verified:
            return str(value)
        return format_html('{} <span class="badge bg-yellow-lt">来源待核</span>', value)

    def value_confidence(self, value: Any, record: dict[str, Any]) -> str:
        return f"{record['rule'].confidence} {value}"

    def render_state(self, value: Any, record: dict[str, Any]) -> str:
        tone = "green" if record["state_code"] == "on" else "secondary"
        return format_html('<span class="badge bg-{}-lt">{}</span>', tone, value)

    def value_state(self, value: Any) -> str:
        return str(value)

    def render_precision(self, value: int) -> str:
        return f"{value} %"

    def value_precision(self, value: int) -> int:
        return value


class RuleList(ListView):
    """The catalogue with how often each rule holds and what became of it."""

    table_class = RuleTable
    filter_class = RuleFilter
    title = _("Rules")
    subtitle = _("Each rule cites its article; a hit is an alert that a person judges.")
    wing = "information"
    list_key = "rulebook.rule"

    def get_queryset(self) -> Any:
        results = rule_results(Alert.objects.visible_to(self.request.user))
        rows = [rule_row(rule, results.get(rule.id, RuleResults())) for rule in current_rules()]
        return RuleRows(sorted(rows, key=lambda row: (row["node_code"], row["code"])))

    def get_actions(self) -> list[Action]:
        actions = [
            Action(_("Thresholds"), reverse("alerts:thresholds"), "ruler-2"),
            Action(_("Red flags"), reverse("alerts:hints"), "flag"),
            Action(_("Policy documents"), reverse("alerts:policy"), "checklist"),
        ]
        if self.request.user.has_role(*KEEPERS):
            actions.append(Action(_("Import local rules"), reverse("alerts:rule_import"), "file-import"))
        return actions


def rule_row(rule: Any, results: RuleResults) -> dict[str, Any]:
    """Return what the list shows of a rule."""
    words = presentation.rule_words(rule)
    state = "on" if rule.enabled else "off"
    return {
        "rule": rule,
        "code": rule.id,
        "node_code": rule.node,
        "node": f"{rule.node} {words['node_title']}",
        "severity": rule.severity,
        "rank": list(Severity.values).index(rule.severity),
        "automation": words["automation"],
        "confidence": words["confidence"],
        "kind": KINDS[rule.kind],
        "state": STATES[state],
        "state_code": state,
        "precision": results.precision,
        **{name: getattr(results, name) for name in RESULT_NAMES},
    }


def alerts_url(rule_id: str, result: str) -> str:
    """Return the list of exactly the alerts that a number counts."""
    query = f"?rule={rule_id}" + ("" if result == "total" else f"&result={result}")
    return reverse("alerts:list") + query


class ThresholdList(PageMixin, TemplateView):
    """Every threshold with its numbers, how to count, where it stands, and the rules that use it."""

    template_name = "alerts/thresholds.html"
    title = _("Thresholds")
    subtitle = _("Numbers of the law, each written once; rules refer to them.")
    wing = "information"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Rules"), reverse("alerts:rules"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        users = rules_of_thresholds()
        rows = [{**threshold_row(row), "rules": users[code]} for code, row in thresholds().items()]
        return {**super().get_context_data(**kwargs), "rows": rows}


def rules_of_thresholds() -> dict[str, list[str]]:
    """Return by threshold the codes of the rules that take a number from it or rest on it."""
    found: dict[str, set[str]] = {code: set(row.rules) for code, row in thresholds().items()}
    for rule in all_rules():
        for key in rule.limits.values():
            found[key.partition(".")[0]].add(rule.id)
    return {code: sorted(codes) for code, codes in found.items()}


def threshold_rows(rule: Any) -> list[dict[str, Any]]:
    """Return the thresholds a rule rests on, with the numbers it takes."""
    rows: dict[str, Threshold] = {code: row for code, row in thresholds().items() if rule.id in row.rules}
    rows.update({key[:4]: thresholds()[key[:4]] for key in rule.limits.values()})
    return [threshold_row(row) for _code, row in sorted(rows.items())]


def threshold_row(row: Threshold) -> dict[str, Any]:
    """Return a threshold with its numbers as a reader expects them."""
    limits = [
        {"title": limit.title, "sense": limit.sense, "shown": _number(limit.value, limit.unit)}
        for limit in row.limits
    ]
    return {"row": row, "limits": limits}


def _number(value: int | str, unit: str) -> str:
    if unit:
        return f"{presentation.number(Decimal(value))} {unit}"
    return f"{presentation.number(Decimal(value) * 100)}%"
