"""The text as patterns see it: half width, no spaces or breaks within words, one kind of punctuation; every character knows its place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_PUNCTUATION = str.maketrans(
    {
        ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！", "｡": "。", "﹔": "；", "〔": "（",
        "〕": "）", "[": "（", "]": "）", "【": "（", "】": "）", "“": "", "”": "", '"': "", "「": "", "」": "", "『": "", "』": "",
        "‘": "", "’": "", "'": "", "％": "%", "﹪": "%", "~": "～", "﹣": "-", "－": "-", "—": "-", "–": "-",
    }
)  # fmt: skip
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")


@dataclass(frozen=True)
class Plain:
    """The plain text and, for each of its characters, its index in the original."""

    text: str
    indices: tuple[int, ...]


def normalise(text: str) -> Plain:
    """Return the plain form of `text`. Tabs stay (cells of a row); a line break stays only after the end of a sentence."""
    pieces: list[str] = []
    indices: list[int] = []
    for index, char in enumerate(text):
        for plain in _plain(char):
            if plain == " " and not _keeps_space(pieces, text, index):
                continue
            if plain == "\n" and not (pieces and pieces[-1] in "。；：！？\t"):
                continue
            pieces.append(plain)
            indices.append(index)
    return Plain("".join(pieces), tuple(indices))


def _plain(char: str) -> str:
    if char in _INVISIBLE:
        return ""
    if char in "\t\n":
        return char
    if char.isspace():
        return " "
    if "\u2460" <= char <= "\u24ff":  # circled numbers stay apart from digits of the text
        return char
    folded = unicodedata.normalize("NFKC", char)
    return (folded if len(folded) == 1 else char).translate(_PUNCTUATION)


def _keeps_space(pieces: list[str], text: str, index: int) -> bool:
    """Only between two words of letters."""
    following = text[index + 1 : index + 2]
    last = pieces[-1] if pieces else ""
    return bool(last) and last.isascii() and last.isalpha() and following.isascii() and following.isalpha()
