"""An alert in words: the finding in one sentence, the numbers, the articles, the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wulian.analysis.flags import field_title
from wulian.analysis.flags.catalogue import Judged
from wulian.information.alerts.models import Alert
from wulian.information.registry.stages import NODE_TITLES
from wulian.information.rulebook.selectors import rule_version
from wulian.law.instruments import instruments
from wulian.law.rules import Citation, article_titles
from wulian.law.violations import Violation, chinese_number, violations

_IDS = {"project_id", "tender_id", "lot_id", "bid_id", "contract_id", "row_id"}
# Entity of a field → section of the dossier page.
_SECTIONS = {
    **dict.fromkeys(("bid", "bids", "tenderer", "opening", "winning_bid"), "bids"),
    **dict.fromkeys(
        (
            "documents",
            "prequalification",
            "notice",
            "announcement",
            "publicity",
            "clarification",
            "objection",
        ),
        "tender-papers",
    ),
    **dict.fromkeys(("evaluation", "member", "members", "score_item", "candidates"), "evaluation"),
    **dict.fromkeys(
        ("award", "awards", "contract", "contracts", "amendments", "acceptance", "supplier"), "award"
    ),
    **dict.fromkeys(("owner", "entity", "agency"), "parties"),
    "node": "nodes",
}
CONFIDENCE = {
    "V": _("full text read"),
    "S": _("secondary source"),
    "M": _("not checked against a source"),
    "U": _("not verified"),
    "E": _("parameter of this system"),
}
AUTOMATION = {
    "A": _("by machine"),
    "A/H": _("by machine, judged by a person"),
    "H": _("candidate for a person"),
    "ST": _("statistical hint"),
}
"""How sure a rule is of its source, and how far a machine decides it (REFERENCE 0.1, 0.7)."""
_NUMERALS = frozenset("一二三四五六七八九十百零")
_UNKNOWN = {"未核实": "条文号未核实"}
_DATES = {"due": "期限届满日", "due_rolled": "顺延后的届满日"}


_SUBJECT_FIELDS = {"party": ("party.name",), "pair": ("pair.first_name", "pair.second_name")}
"""Kind of subject → the facts that name its parties, in the order of its id."""


def rule_words(rule: Judged) -> dict[str, Any]:
    """The node, the confidence and the automation of a rule in words."""
    return {
        "node_title": NODE_TITLES.get(rule.node, rule.node),
        "confidence": CONFIDENCE.get(rule.confidence, rule.confidence),
        "automation": AUTOMATION.get(rule.automation, rule.automation),
    }


@dataclass(frozen=True)
class EvidenceRow:
    """One fact: its title, its value in words, and where it stands in the dossier."""

    title: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Article:
    """One provision with its wording, and whether that was read."""

    name: str
    text: str
    verified: bool
    fine: str = ""


def rule_of(alert: Alert) -> Judged | None:
    """Return the version of the rule that raised the alert, or None when nobody knows the rule any more."""
    return rule_version(alert.rule_id, alert.rule_version)


def sentence(alert: Alert) -> str:
    """Return what was found in one sentence, in Chinese as the catalogue is."""
    rule = rule_of(alert)
    unit = rule.unit if rule else ""
    text = f"“{alert.subject_label}”疑似{alert.rule_title}"
    if alert.value is not None and alert.threshold is not None:
        return f"{text}：实际为{number(alert.value)}{unit}，规则界限为{number(alert.threshold)}{unit}。"
    if alert.value is not None:
        return f"{text}：实际为{number(alert.value)}{unit}。"
    return f"{text}。"


def number(value: Decimal) -> str:
    """Return a number without needless zeros, with thousands separators."""
    return f"{value.normalize():,f}"


def articles(citations: Sequence[Citation]) -> list[Article]:
    """Return citations with the name of the instrument and the wording of the article."""
    return [
        Article(name=article_name(item), text=item.text, verified=_was_read(item), fine=_fine(item))
        for item in citations
    ]


def article_name(citation: Citation) -> str:
    """Return 《中华人民共和国招标投标法》第二十四条第一款（二）; what has no number stands in parentheses."""
    known = instruments().get(citation.instrument)
    title = article_titles().get(citation.instrument) or (known.title if known else citation.instrument)
    paragraph = f"第{_numeral(citation.paragraph)}款" if citation.paragraph else ""
    number = _numeral(citation.article)
    article = f"第{number}条" if _NUMERALS.issuperset(number) else f"（{_UNKNOWN.get(number, number)}）"
    return f"《{title}》{article}{paragraph}{citation.item}"


def _was_read(citation: Citation) -> bool:
    known = instruments().get(citation.instrument)
    return bool(citation.text) and (known is None or known.is_verified)


def _numeral(text: str) -> str:
    return chinese_number(int(text)) if text.isdigit() and 0 < int(text) < 100 else text


def _fine(citation: Citation) -> str:
    found = getattr(citation, "range", None)
    if found is None:
        return ""
    low, high = found.min, found.max
    if low is not None and high is not None:
        span = f"{number(low)}—{number(high)}{found.unit}"
    elif high is not None:
        span = f"{number(high)}{found.unit}以下"
    else:
        span = f"{number(low)}{found.unit}以上" if low is not None else ""
    return f"{found.base}{span}"


def evidence_rows(alert: Alert) -> list[EvidenceRow]:
    """Return the facts the rule saw, in its order, then the days computed from them."""
    found = []
    for name, value in alert.evidence.items():
        if name in _IDS or name in ("rows", "row_count", "provisional"):
            continue
        title = _DATES.get(name) or field_title(name)
        found.append(EvidenceRow(title, words(value), _link(alert, name)))
    if alert.evidence.get("provisional"):
        found.append(EvidenceRow("日历", "该年度节假日安排尚未公布，日期为暂定"))
    return found


def evidence_table(alert: Alert) -> tuple[list[str], list[list[str]], int]:
    """Return head, rows and total of the single rows behind an alert that rests on several; empty when it rests on one."""
    rows = alert.evidence.get("rows") or []
    names = [name for name in dict.fromkeys(key for row in rows for key in row) if name not in _IDS]
    body = [[words(row.get(name)) for name in names] for row in rows]
    return [field_title(name) for name in names], body, int(alert.evidence.get("row_count") or len(rows))


def words(value: Any) -> str:
    """Return a value of the evidence as a reader expects it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        return number(Decimal(str(value)))
    if isinstance(value, str) and (moment := _moment(value)) is not None:
        return moment
    return str(value)


def _moment(text: str) -> str | None:
    if not text[:4].isdigit() or len(text) < 10:
        return None
    try:
        parsed: datetime | date | None = parse_datetime(text) if "T" in text else parse_date(text)
    except ValueError:
        return None
    if isinstance(parsed, datetime):
        return date_format(timezone.localtime(parsed) if timezone.is_aware(parsed) else parsed, "Y-m-d H:i")
    return parsed.isoformat() if parsed else None


def _link(alert: Alert, name: str) -> str:
    """Return the place of a fact in its dossier."""
    if parties := _SUBJECT_FIELDS.get(alert.subject_kind):
        ids = dict(zip(parties, alert.subject_id.split("|"), strict=False))
        return reverse("registry:party", args=[ids[name]]) if ids.get(name, "").isdigit() else ""
    if alert.project_id is None:
        return ""
    query = f"?lot={alert.lot_id}" if alert.lot_id else ""
    section = _SECTIONS.get(name.partition(".")[0], "")
    return reverse("registry:dossier", args=[alert.project_id]) + query + (f"#{section}" if section else "")


def violation_choices() -> Iterator[tuple[str, str]]:
    """Yield code and title of every violation of the penalty catalogue."""
    for code, item in violations().items():
        yield code, f"{code} {item.title}"


def violation_of(alert: Alert) -> Violation | None:
    """Return the violation suspected, if one is named."""
    return violations().get(alert.violation_code)
