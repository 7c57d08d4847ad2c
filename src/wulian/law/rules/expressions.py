"""The small language of rule conditions: field paths, comparisons, `and`/`or`/`not`, arithmetic and a few functions.

Text is parsed, checked and kept as a syntax tree; whoever evaluates it (the analysis engine) turns the tree into columns.
Every value may be unknown (null), and unknown travels as in SQL: what cannot be decided is neither true nor false.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

CONSTANTS = {"true": True, "false": False, "null": None, "None": None}
AS_OF = "as_of"
FUNCTIONS = {
    "coalesce": "the first value that is known",
    "date": "the Beijing calendar date of a time",
    "days": "days(a, b): calendar days from a to b, the first day not counted",
    "contains": "contains(text, '保函', …): one of the words occurs in the text; unknown when there is no text",
    "has_word": "has_word(text, '保函', …): one of the words occurs in the text; false when there is no text",
    "matches": "matches(text, '^regular expression$')",
    "known": "known(x): the value is there",
    "unknown": "unknown(x): the value is missing",
}

_ALLOWED = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Mod,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Call,
    ast.Name,
    ast.Attribute,
    ast.Load,
    ast.Constant,
    ast.List,
    ast.Tuple,
)


@dataclass(frozen=True)
class Expression:
    """A checked expression; `fields` are the field paths it reads (``documents.issued_at``), in order of appearance.

    Raises ValueError, naming the text and the place, for anything outside the language.
    """

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "_body", _parse(self.text))
        object.__setattr__(self, "fields", tuple(dict.fromkeys(_fields(self.body))))

    @property
    def body(self) -> ast.expr:
        """Return the root of the syntax tree."""
        body: ast.expr = self.__dict__["_body"]
        return body

    fields: tuple[str, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Accept text (or a number, or true/false) wherever a model declares an Expression."""
        return core_schema.no_info_plain_validator_function(
            cls._of, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.text)
        )

    @classmethod
    def _of(cls, value: Any) -> Expression:
        if isinstance(value, Expression):
            return value
        if isinstance(value, bool):
            return cls(str(value).lower())
        if isinstance(value, (int, float, str)):
            return cls(str(value))
        raise ValueError(f"an expression is text, not {type(value).__name__}")


def _parse(text: str) -> ast.expr:
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
    except SyntaxError as error:
        raise ValueError(f"{text!r}: not an expression ({error.msg}, column {error.offset})") from None
    for node in ast.walk(tree):
        _check(node, text)
    return tree.body


def _check(node: ast.AST, text: str) -> None:
    if not isinstance(node, _ALLOWED):
        raise ValueError(f"{text!r}: {type(node).__name__} does not belong to the language of conditions")
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        raise ValueError(f"{text!r}: write two comparisons joined by `and`")
    if isinstance(node, ast.Compare) and any(_is_null(side) for side in (node.left, *node.comparators)):
        raise ValueError(f"{text!r}: a comparison with null is never true; use known(x) or unknown(x)")
    if isinstance(node, ast.Call) and (
        not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords
    ):
        raise ValueError(f"{text!r}: the functions are {', '.join(FUNCTIONS)}")
    if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name):
        raise ValueError(f"{text!r}: a field is written entity.field")
    if isinstance(node, ast.Name) and not _is_known_name(node):
        entity = node.id not in FUNCTIONS
        if entity and not _is_entity(node, text):
            raise ValueError(f"{text!r}: {node.id!r} is no field; write entity.field")


def _is_null(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or (
        isinstance(node, ast.Name) and node.id in ("null", "None")
    )


def _is_known_name(node: ast.Name) -> bool:
    return node.id in CONSTANTS or node.id == AS_OF


def _is_entity(node: ast.Name, text: str) -> bool:
    tree = ast.parse(" ".join(text.split()), mode="eval")
    return any(
        isinstance(other, ast.Attribute) and isinstance(other.value, ast.Name) and other.value.id == node.id
        for other in ast.walk(tree)
    )


def _fields(node: ast.expr) -> list[str]:
    return [
        f"{found.value.id}.{found.attr}"
        for found in ast.walk(node)
        if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name)
    ]
