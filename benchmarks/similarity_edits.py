"""How bidders change what they copy, in two manners: letter by letter at random, and word by word as people at work do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

KINDS = ("exact", "formatted", "edited-5", "edited-15", "reordered", "formatted-edited")
_SIGNS = str.maketrans("，。；：、（）", ",.;:,()")
_OTHER_SIGNS = str.maketrans("，。；：、（）《》“”", "﹐．﹔︰､﹙﹚〈〉「」")
_WIDE = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in [*range(48, 58), *range(65, 91), *range(97, 123)]}
)
_SPACES = (" ", "\n", "\u3000", "\u00a0", "\u200b", "\r\n", "\t")
_WORDS = (
    "应当/应/须/必须 可以/可/能够 不得/不能/禁止 规定/要求/规范 或者/或 以及/及/和 并且/并/且 根据/依据/按照 依照/按照/根据 "
    "有关/相关 进行/开展/实施 负责/承担/主管 部门/机构/单位 单位/机构 人员/工作人员 管理/管控/监管 及时/尽快/立即 "
    "情况/状况/情形 提供/提交/给予 建立/建设/设立 组织/安排 检查/核查/查验 必要/必需 措施/办法/手段 发生/出现 "
    "达到/满足 影响/妨碍 期限/时限 费用/款项 保证/确保/保障 工作/任务 主要/重要 制定/编制/拟定 申请/请求 批准/同意/核准 "
    "使用/利用/采用 要求/规定 处理/处置 范围/区域 标准/准则 一般/通常 其他/其它 向/对 与/和 由/经 者/人 内/之内"
)
_SYNONYMS = {words.split("/")[0]: words.split("/")[1:] for words in _WORDS.split()}
_NUMERALS = "一二三四五六七八九十"


def reformatted(text: str, chance: random.Random) -> str:
    """Change punctuation, width, spaces and line breaks; no letter."""
    out = []
    for sign in text.translate(_SIGNS).translate(_WIDE):
        if sign in ",.;:" and chance.random() < 0.3:
            continue
        out.append(sign)
        if chance.random() < 0.04:
            out.append(chance.choice((" ", "\n", "\u3000")))
    return "".join(out).strip()


def retyped(text: str, chance: random.Random) -> str:
    """The same with signs of other traditions, spaces nobody sees and upper case."""
    out = []
    for sign in text.translate(_OTHER_SIGNS if chance.random() < 0.5 else _SIGNS).upper():
        out.append(sign)
        if chance.random() < 0.06:
            out.append(chance.choice(_SPACES))
    return "".join(out).strip()


def edited(text: str, rate: float, chance: random.Random, letters: str) -> str:
    """Replace, insert or leave out single characters at `rate`."""
    out = []
    for sign in text:
        way = chance.random() / rate
        if way >= 1:
            out.append(sign)
        elif way < 1 / 3:
            out.append(chance.choice(letters))
        elif way < 2 / 3:
            out += (sign, chance.choice(letters))
    return "".join(out)


def reworded(text: str, rate: float, chance: random.Random, letters: str) -> str:
    """Change words until about `rate` of the characters are touched, once at least."""
    touched = 0
    while touched < max(1, rate * len(text)):
        text, count = changed(text, chance, letters)
        touched += count
    return text


def changed(text: str, chance: random.Random, letters: str) -> tuple[str, int]:
    """Make one change a person would make: a synonym, a number, words left out, put in, or put the other way round."""
    way, at = chance.random(), chance.randrange(max(1, len(text)))
    if way < 0.45:
        words = [word for word in _SYNONYMS if word in text]
        if words:
            word = chance.choice(words)
            start = chance.choice([match.start() for match in re.finditer(word, text)])
            put = chance.choice(_SYNONYMS[word])
            return text[:start] + put + text[start + len(word) :], max(len(word), len(put))
    if way < 0.6:
        places = [number for number, sign in enumerate(text) if sign in _NUMERALS or sign.isdigit()]
        if places:
            start = chance.choice(places)
            put = chance.choice(_NUMERALS if text[start] in _NUMERALS else "0123456789")
            return text[:start] + put + text[start + 1 :], 1
    if way < 0.75:
        length = chance.randint(1, 4)
        return text[:at] + text[at + length :], length
    if way < 0.9:
        length = chance.randint(1, 6)
        start = chance.randrange(len(letters) - length)
        return text[:at] + letters[start : start + length] + text[at:], length
    return text[:at] + text[at + 2 : at + 4] + text[at : at + 2] + text[at + 4 :], 4


def shuffled(text: str, chance: random.Random) -> str:
    """Put the sentences into another order."""
    sentences = [part for part in text.replace("。", "。\0").replace("；", "；\0").split("\0") if part]
    chance.shuffle(sentences)
    return "".join(sentences)


@dataclass(frozen=True)
class Manner:
    """How texts are changed: `format` no letter, `edit` a share of the letters, and how many changes a private one has."""

    format: Callable[[str, random.Random], str]
    edit: Callable[[str, float, random.Random, str], str]
    copy_rates: tuple[float, ...]

    def copied(self, paragraph: str, chance: random.Random, letters: str) -> str:
        """Copy a paragraph of the tender as bidders do: half verbatim, a quarter with other signs, a quarter edited."""
        way = chance.random()
        if way < 0.5:
            return paragraph
        if way < 0.75:
            return self.format(paragraph, chance)
        return self.edit(paragraph, chance.choice(self.copy_rates), chance, letters)

    def altered(self, passage: str, kind: str, chance: random.Random, letters: str) -> str:
        """Return the other bidder's form of a planted passage."""
        if kind == "exact":
            return passage
        if kind == "formatted":
            return self.format(passage, chance)
        if kind == "formatted-edited":
            return self.format(self.edit(passage, 0.05, chance, letters), chance)
        if kind == "reordered":
            return self.edit(shuffled(passage, chance), 0.02, chance, letters)
        return self.edit(passage, 0.05 if kind == "edited-5" else 0.15, chance, letters)


def private(manner: str, clause: str, chance: random.Random, letters: str) -> str:
    """Return a clause of the tender with a private change: of the letters 5 %, or of the words one to four."""
    if manner == "letters":
        return edited(clause, 0.05, chance, letters)
    for _ in range(chance.randint(1, 4)):
        clause, _ = changed(clause, chance, letters)
    return clause


MANNERS = {
    "letters": Manner(reformatted, edited, (0.04,)),
    "words": Manner(retyped, reworded, (0.02, 0.05, 0.1)),
}
