"""Why a record was not taken in: the one shape that every reader reports."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that does not enter, and where and why; ``row_no`` counts from 1 as the reader of the file does.

    ``column`` is the JSON path or the Chinese header; ``message`` names what was expected; ``raw`` is an excerpt.
    """

    row_no: int | None
    record_id: str
    column: str
    message: str
    raw: str = ""
    sheet: str = ""


_OF_FILES: dict[type[OSError], str] = {
    FileNotFoundError: "文件不存在",
    IsADirectoryError: "是文件夹，应为文件",
    NotADirectoryError: "上级不是文件夹",
    PermissionError: "没有权限",
}


def file_reason(error: Exception) -> str:
    """Say in Chinese why a file could not be opened; the system's own words where there are no others."""
    said = next((words for kind, words in _OF_FILES.items() if isinstance(error, kind)), "")
    return said or getattr(error, "strerror", None) or str(error) or type(error).__name__


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says what was expected."""


def excerpt(value: object) -> str:
    """At most ``EXCERPT`` characters of a value, on one line, fit for any database."""
    text = value if isinstance(value, str) else str(value)
    text = text[: EXCERPT * 2].encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.replace("\x00", "").split())[:EXCERPT]


_EXPLAINED = {
    "missing": "必填，但没有填写",
    "string_too_short": "不能为空",
    "string_too_long": "文字过长，最多{max_length}个字",
    "greater_than_equal": "应不小于{ge}",
    "less_than_equal": "应不大于{le}",
    "decimal_max_digits": "数字过大，最多{max_digits}位",
    "decimal_max_places": "最多{decimal_places}位小数",
    "decimal_whole_digits": "数字过大，整数部分最多{whole_digits}位",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "finite_number": "应为有限的数字",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为“是”或“否”",
    "bool_type": "应为“是”或“否”",
    "literal_error": "应为下列之一：{expected}",
    "extra_forbidden": "没有这个字段",
    "string_pattern_mismatch": "格式应为 {pattern}",
}


def explain(error: ValidationError) -> tuple[tuple[int | str, ...], str, object]:
    """The place, the Chinese reason and the value of the first thing that is wrong."""
    first = error.errors(include_url=False)[0]
    kind, context = first["type"], first.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        message = str(context.get("error", first["msg"]))
    elif kind.startswith(("datetime", "date", "timezone")):
        message = "应为日期或时间，如 2026-03-01 或 2026-03-01 09:30"
    else:
        # Only our own sentences are templates: a message of the validator quotes the value, braces and all.
        message = _EXPLAINED[kind].format_map(context) if kind in _EXPLAINED else first["msg"]
    return first["loc"], message, first["input"]
