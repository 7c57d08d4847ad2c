"""The provision beside a clause: instrument, article, and its wording where the text was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from wulian.law.rules import article_titles

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Provision:
    """One provision; `text` is the wording as published, empty when it was not opened (来源待核)."""

    instrument: str
    article: str
    paragraph: str = ""
    item: str = ""

    @property
    def title(self) -> str:
        """Return the name of the instrument."""
        return article_titles().get(self.instrument, self.instrument)

    @property
    def text(self) -> str:
        """Return the verbatim text of the article, or an empty text."""
        return str(_articles().get(self.instrument, {}).get("articles", {}).get(self.article, ""))

    @property
    def label(self) -> str:
        """Return the citation as written in a document: 《…》第三十二条第二款第（三）项."""
        number = _in_chinese(self.article)
        # Opinions are numbered （三）; laws have articles. An article that was not verified is not named.
        place = "" if not number else f"第{number}条" if self.article.isdigit() else f"（{number}）"
        if self.paragraph:
            place += f"第{_in_chinese(self.paragraph)}款"
        if self.item:
            place += f"第{self.item}项"
        return f"《{self.title}》{place}"


@cache
def _articles() -> Mapping[str, Any]:
    text = (files("wulian.law.rules") / "articles.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader) or {}  # type: ignore[no-any-return]


def _in_chinese(number: str) -> str:
    if not number.isdigit():
        return "" if number == "未核实" else number
    digits, value = "零一二三四五六七八九", int(number)
    if value < 10:
        return digits[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
