"""Words for the steps of a computation, Chinese and English; the rule's text and article follow each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from wulian.law.periods.explain import DATE_RULES, Step
from wulian.law.periods.units import Unit

Language = Literal["zh", "en"]
Data = Mapping[str, Any]

UNIT_NAMES: dict[Language, dict[Unit, str]] = {
    "zh": {
        Unit.CALENDAR_DAY: "日",
        Unit.WORKING_DAY: "个工作日",
        Unit.MONTH: "个月",
        Unit.YEAR: "年",
        Unit.HOUR: "小时",
    },
    "en": {
        Unit.CALENDAR_DAY: "calendar day",
        Unit.WORKING_DAY: "working day",
        Unit.MONTH: "month",
        Unit.YEAR: "year",
        Unit.HOUR: "hour",
    },
}


def unit_name(n: int, unit: Unit | str, lang: Language = "zh") -> str:
    """Return the quantity in words: 30个工作日, 10日, "1 working day", "3 months"."""
    name = UNIT_NAMES[lang][Unit(unit)]
    if lang == "zh":
        return f"{n}{name}"
    return f"{n} {name}" if abs(n) == 1 else f"{n} {name}s"


def render_explanation(steps: Iterable[Step], lang: Language = "zh") -> list[str]:
    """Return one sentence per step in the language "zh" or "en".

    Raises KeyError for a step of unknown code: an explanation that leaves something out is none.
    """
    return [_sentence(step, lang) for step in steps]


def _sentence(step: Step, lang: Language) -> str:
    text = WORDINGS[lang][step.code](step.data)
    if not step.rule:
        return f"{text}。" if lang == "zh" else f"{text}."
    rule = DATE_RULES[step.rule]
    if lang == "zh":
        return f"{text}。依据：{rule.zh}（{rule.citation}）。"
    return f"{text}. Rule: {rule.en} ({rule.citation})."


def _spans(rows: Iterable[Data], to: str, separator: str) -> str:
    return separator.join(f"{row.get('name', '')} {_span(row, to)}".strip() for row in rows)


def _span(row: Data, to: str) -> str:
    first, last = row["first"], row["last"]
    return first if first == last else f"{first}{to}{last}"


def _holidays_zh(data: Data) -> str:
    parts = []
    if data["skipped"]:
        parts.append(f"期间的节假日不计：{_spans(data['skipped'], '至', '、')}")
    if data["worked"]:
        parts.append(f"调休上班日计入：{'、'.join(data['worked'])}")
    return "；".join(parts)


def _holidays_en(data: Data) -> str:
    parts = []
    if data["skipped"]:
        parts.append(f"holidays not counted: {_spans(data['skipped'], ' to ', ', ')}")
    if data["worked"]:
        parts.append(f"make-up working days counted: {', '.join(data['worked'])}")
    return "; ".join(parts)


def _count_zh(data: Data) -> str:
    if data["unit"] == Unit.WORKING_DAY:
        return f"只计工作日，第{unit_name(data['n'], data['unit'])}为{data['raw']}，是期限的最后一日"
    return f"期限的最后一日为{data['raw']}"


def _count_en(data: Data) -> str:
    if data["unit"] == Unit.WORKING_DAY:
        return f"Counting working days only, the last of {unit_name(data['n'], data['unit'], 'en')} is {data['raw']}"
    return f"The last day of the period is {data['raw']}"


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")


CHINESE: dict[str, Callable[[Data], str]] = {
    "period": lambda d: f"期限为{unit_name(d['n'], d['unit'])}",
    "start": lambda d: f"起算事由发生于{d['start']}，当日不计入",
    "pause": lambda d: f"不计入期限的时间共{d['days']}日：{_spans(d['spans'], '至', '、')}",
    "open_pause": lambda d: f"期限仍在中止，暂按中止至{d['as_of']}计算，所得为最早可能的日期",
    "holidays": _holidays_zh,
    "count": _count_zh,
    "rolled": lambda d: f"{d['raw']}是休假日{_in_brackets(d['name'])}，顺延至{d['due']}",
    "ends": lambda d: f"{d['due']}不是休假日，不顺延",
    "not_rolled": lambda d: f"从严计算，不顺延，以{d['due']}为最后一日",
    "provisional": lambda d: (
        f"{'、'.join(str(y) for y in d['years'])}年节假日安排尚未公布或录入，暂按周一至周五为工作日计算，结果为暂定"
    ),
    "hours": lambda d: f"自{_moment(d['start'])}起算，至{_moment(d['moment'])}届满",
}

ENGLISH: dict[str, Callable[[Data], str]] = {
    "period": lambda d: f"The period is {unit_name(d['n'], d['unit'], 'en')}",
    "start": lambda d: f"It was set off on {d['start']}, a day that is not counted",
    "pause": lambda d: (
        f"{unit_name(d['days'], Unit.CALENDAR_DAY, 'en')} excluded: {_spans(d['spans'], ' to ', ', ')}"
    ),
    "open_pause": lambda d: (
        f"The period is still suspended; counted as if until {d['as_of']}, so this is the earliest date"
    ),
    "holidays": lambda d: _holidays_en(d).capitalize(),
    "count": _count_en,
    "rolled": lambda d: (
        f"{d['raw']} is a day off{_in_brackets(d['name'], ' (', ')')}, so the period ends on {d['due']}"
    ),
    "ends": lambda d: f"{d['due']} is no day off, so the end does not move",
    "not_rolled": lambda d: f"Counted strictly, without roll-forward: the last day is {d['due']}",
    "provisional": lambda d: (
        f"The calendar of {', '.join(str(y) for y in d['years'])} is not published or not entered; "
        "Monday to Friday were taken as working days, so the result is provisional"
    ),
    "hours": lambda d: f"From {_moment(d['start'])} until {_moment(d['moment'])}",
}

WORDINGS: dict[Language, dict[str, Callable[[Data], str]]] = {"zh": CHINESE, "en": ENGLISH}


def _in_brackets(name: str, opening: str = "（", closing: str = "）") -> str:
    return f"{opening}{name}{closing}" if name else ""
