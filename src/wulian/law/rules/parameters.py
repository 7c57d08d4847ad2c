"""What may stand in a parameter: read from what an officer typed, refused with what was expected."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from wulian.law.rules.models import Parameter

Shape = Literal["whole", "number", "words", "pattern", "flag"]
MOST = 1_000_000_000
_SEPARATORS = re.compile(r"[,，、;；\n]+")


class ParameterError(ValueError):
    """A value that a parameter cannot take; `shape` says what was expected."""

    def __init__(self, name: str, shape: Shape, given: str) -> None:
        super().__init__(f"parameter {name}: expected {shape}, not {given!r}")
        self.name, self.shape, self.given = name, shape, given


def shape_of(parameter: Parameter) -> Shape:
    """Return what kind of value the parameter holds: the stated one, else judged by the value it has."""
    value = parameter.value
    if parameter.shape:
        return parameter.shape
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, list):
        return "words"
    if isinstance(value, (float, Decimal)) or _is_number(str(value)):
        return "number"
    return "pattern"


def written(parameter: Parameter) -> str:
    """Return the value as an officer would type it."""
    if parameter.value is None:
        return ""
    if isinstance(parameter.value, list):
        return "、".join(map(str, parameter.value))
    return _unquoted(str(parameter.value))


def read_value(parameter: Parameter, text: str) -> Any:
    """Return the value that `text` means, of the type the parameter has; ParameterError when it means none.

    A parameter that states its shape may be left empty.
    """
    shape, text = shape_of(parameter), text.strip()
    if parameter.shape and not text:
        return [] if shape == "words" else None
    value = _READERS[shape](text)
    if value is None:
        raise ParameterError(parameter.name, shape, text)
    if shape == "number" and (parameter.shape or isinstance(parameter.value, (int, float))):
        return float(value)
    return value


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) <= MOST else None


def _number(text: str) -> str | None:
    return text if _is_number(text) and 0 <= Decimal(text) <= MOST else None


def _words(text: str) -> list[str] | None:
    found = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    # A word becomes part of a condition: it may hold nothing that ends a text there.
    return found if found and not any(set(part) & set("'\"\\$") for part in found) else None


def _pattern(text: str) -> str | None:
    try:
        re.compile(text)
    except re.error:
        return None
    return repr(text) if text and not set(text) & set("'\"\\") else None


def _flag(text: str) -> bool | None:
    return {"true": True, "是": True, "false": False, "否": False}.get(text.lower())


_READERS: dict[Shape, Any] = {
    "whole": _whole,
    "number": _number,
    "words": _words,
    "pattern": _pattern,
    "flag": _flag,
}


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
