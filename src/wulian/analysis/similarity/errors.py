"""Errors that two bids share and the tender document does not have: letters, standards, project names, dates, units (T-2).

An error is known without a language model by what others write in the same place: the tender document, public text, or the other
bidders. Its weight is its rarity, −log of the share of bidders that have it.
"""

from __future__ import annotations

import math
import re
from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.similarity.comparison import Comparison
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions
from wulian.analysis.similarity.normalising import NormalisedText, normalise
from wulian.analysis.similarity.seeds import Letters, repeated

MOST_HOLDERS = 3
"""More bidders than this with the same error had it from somewhere else."""
ENOUGH_OTHERS = 3
"""So many other bidders have to agree on what is right where the tender document does not say."""
RARE = 3
"""From so many shared errors on, experts should look (REFERENCE C.4, T-2)."""
SIDE = 6
"""Letters on either side that have to be equal: with fewer, other sentences are taken for the same one."""
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xBF58476D1CE4E5B9)
SHOWN, SHOWN_SIDE = 10, 3
_NUMERALS = frozenset(
    "0123456789一二三四五六七八九十百千万两零〇壹贰叁肆伍陆柒捌玖拾甲乙丙丁abcdefghijklmnopqrstuvwxyz"
)
# What may not stand before a match is looked at afterwards: a pattern that begins with it is tried at every character.
_STANDARD = re.compile(
    r"(GB/?T?|GBJ|JGJ/?T?|CJJ/?T?|CJ/?T?|JTG/?T?(?:\s?[A-Z]\d*)?|SL/?T?|DL/?T?|NB/?T?|CECS|DB\d*/?T?)\s*"
    r"([A-Z]?\d+(?:[.-]\d{1,2})?)\s*[-—–－―]\s*((?:19|20)\d\d|[89]\d)(?!\d)"
)
_PROJECT = re.compile(r"(?:项目|工程|标段)名称\s*[:：]\s*([一-龥A-Za-z0-9（）()#\-—]{5,60})")
_DATE = re.compile(r"((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DEADLINE = re.compile(
    r"(开标|投标截止|递交投标文件)(?:时间|日期)?[^，。；\n]{0,12}?((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?)\s*(日历天|工作日|个月|小时|年|天|日|m[²³]|m2|m3|㎡|mm|cm|km|m|kN|MPa|kPa|万元|元|吨|t|kg|%|‰)"
)
_LATIN, _DIGIT = re.compile("[A-Za-z]"), re.compile(r"[\d.]")
_BEFORE = re.compile(r"([一-龥]{3,4})[^一-龥\d\n]{0,2}$")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TITLES = {
    "letter": "错字",
    "standard": "旧版标准",
    "project": "项目名称错误",
    "date": "日期错误",
    "unit": "单位错误",
}


@dataclass(frozen=True)
class Error:
    """What is wrong in a text (`start:end` of its raw form), and what is right.

    `others` counts the bidders who have the same place right; unknown where it is not a place but a fact that is wrong.
    """

    kind: str
    wrong: str
    right: str
    file: ReadFile
    start: int
    end: int
    others: int | None = None


def compare_errors(bids: Sequence[ReadFile], sources: Sequence[ReadFile], comparison: Comparison) -> Outcome:
    """Return the errors that two or three bidders share, by the bidders that share them."""
    texts = [file for file in bids if file.content]
    errors = [
        *_standards(texts, sources), *_projects(texts, sources), *_dates(texts, sources), *_units(texts, sources),
        *_letters(texts, sources, comparison),
    ]  # fmt: skip
    by_error: dict[tuple[str, str, str], list[Error]] = defaultdict(list)
    for one in errors:
        by_error[one.kind, one.wrong, one.right].append(one)
    bidders = len({file.bidder for file in bids})
    shared: dict[tuple[str, ...], list[list[Error]]] = defaultdict(list)
    for places in by_error.values():
        holders = tuple(sorted({one.file.bidder for one in places}))
        if 2 <= len(holders) <= MOST_HOLDERS:
            shared[holders].append(places)
    return Outcome(tuple(_finding(who, found, bidders) for who, found in sorted(shared.items())))


def _finding(subjects: tuple[str, ...], errors: list[list[Error]], bidders: int) -> Finding:
    counts: dict[str, int] = defaultdict(int)
    for places in errors:
        counts[places[0].kind] += 1
    errors = sorted(errors, key=lambda places: -_rarity(places, len(subjects), bidders))
    evidence = []
    for places in errors[:SHOWN]:
        told = set()
        for one in places:
            if one.file.bidder not in told:
                told.add(one.file.bidder)
                page, paragraph = one.file.place(one.start)
                evidence.append(
                    Evidence(one.file.bidder, one.file.name, f"{_TITLES[one.kind]}：{one.wrong}（应为 {one.right}）",
                             page, f"第{paragraph}段", one.file.sha256, one.start, one.end)
                )  # fmt: skip
    weight = sum(_rarity(places, len(subjects), bidders) for places in errors)
    tested: dict[str, tuple[State, str]] = {
        "错误来自招标文件或者公开范本": ("ruled_out", "已提供的招标文件和公共文本中没有")
    }
    if not any(one.file.recognised for places in errors for one in places):
        tested["文字识别造成的误字"] = ("ruled_out", "文字不是识别得来的")
    value = "、".join(f"{_TITLES[kind]}{count}处" for kind, count in counts.items())
    return Finding(
        "T-2", subjects, value, "hint", tuple(evidence), exclusions("T-2", tested), strong=len(errors) >= RARE,
        threshold=f"{RARE}处以上为强，须经专家研判", weight=weight,
    )  # fmt: skip


def _rarity(places: list[Error], holders: int, bidders: int) -> float:
    """Return −log of the share of those who have the error among all who wrote the same; who wrote nothing says nothing."""
    others = places[0].others
    return -math.log(holders / (bidders + 1 if others is None else holders + others + 1))


def _standards(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Iterator[Error]:
    """Standards cited in an edition older than one that the tender, public text or another bidder cites."""
    newest: dict[str, int] = {}
    given: set[tuple[str, int]] = set()
    cited: list[tuple[str, int, ReadFile, int, int]] = []
    for file in (*sources, *bids):
        for match in _STANDARD.finditer(file.content):
            if _LATIN.match(file.content, max(0, match.start() - 1), match.start()):
                continue
            number = re.sub(r"\s", "", f"{match[1].replace('/T', '').replace('T', '')} {match[2]}")
            year = int(match[3]) if len(match[3]) == 4 else 1900 + int(match[3])
            newest[number] = max(year, newest.get(number, 0))
            if file in sources:
                given.add((number, year))
            else:
                cited.append((number, year, file, match.start(), match.end()))
    for number, year, file, start, end in cited:
        if year < newest[number] and (number, year) not in given:
            yield Error("standard", f"{number}-{year}", f"{number}-{newest[number]}", file, start, end)


def _projects(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Iterator[Error]:
    """Another project's name where this one's belongs."""
    right = [_letters_of(match[1]) for file in sources for match in _PROJECT.finditer(file.content)]
    if not right:
        return
    whole = "".join(_letters_of(file.content) for file in sources)
    for file in bids:
        for match in _PROJECT.finditer(file.content):
            name = _letters_of(match[1])
            before = file.content[max(0, match.start() - 200) : match.start()]
            if (
                name in whole
                or any(one in name for one in right)
                or re.search(r"业绩|类似|已完成|在建", before)
            ):
                continue
            yield Error("project", name, right[0], file, match.start(1), match.end(1))


def _dates(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Iterator[Error]:
    """Days that no calendar has, and deadlines that are not the tender's."""
    due: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for file in sources:
        for match in _DEADLINE.finditer(file.content):
            due[match[1]].add(tuple(map(int, match.groups()[1:])))
    for file in bids:
        for match in _DATE.finditer(file.content):
            year, month, day = map(int, match.groups())
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]) or (
                month == 2 and day == 29 and not leap
            ):
                yield Error(
                    "date", f"{year}年{month}月{day}日", "日历上没有这一天", file, match.start(), match.end()
                )
        for match in _DEADLINE.finditer(file.content):
            told = tuple(map(int, match.groups()[1:]))
            if due[match[1]] and told not in due[match[1]]:
                right = "{}年{}月{}日".format(*min(due[match[1]]))
                yield Error(
                    "date",
                    f"{match[1]} {told[0]}年{told[1]}月{told[2]}日",
                    right,
                    file,
                    match.start(2),
                    match.end(),
                )


def _units(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Iterator[Error]:
    """A quantity of the tender with another unit."""
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in sources:
        for words, match in _quantities(file):
            given[words, match[1]].add(match[2])
    for file in bids:
        for words, match in _quantities(file):
            right = given.get((words, match[1]))
            if right and match[2] not in right:
                known = f"{words}{match[1]}"
                yield Error(
                    "unit", f"{known}{match[2]}", f"{known}{min(right)}", file, match.start(), match.end()
                )


def _quantities(file: ReadFile) -> Iterator[tuple[str, re.Match[str]]]:
    """Give the quantities with the words before them; looked for from the number on, which is rarer than words."""
    for match in _QUANTITY.finditer(file.content):
        if _DIGIT.match(file.content, max(0, match.start() - 1), match.start()):
            continue
        before = _BEFORE.search(file.content[max(0, match.start() - 6) : match.start()])
        if before:
            yield before[1], match


def _letters(
    bids: Sequence[ReadFile], sources: Sequence[ReadFile], comparison: Comparison
) -> Iterator[Error]:
    """Letters that stand, between the same letters on either side, where others have another one."""
    files = [*sources, *bids]
    forms = [normalise(file.content) for file in files]
    letters = Letters([form.codes for form in forms])
    looked = np.zeros(letters.size, dtype=bool)
    for number, start, end in _looked_at(files, forms, comparison):
        looked[letters.begins[number] + start : letters.begins[number] + end] = True
    for group in _in_one_place(letters, looked):
        by_letter: dict[int, dict[str | None, tuple[ReadFile, int]]] = defaultdict(dict)
        for at in group:
            number = bisect(letters.begins, at) - 1
            owner = None if number < len(sources) else files[number].bidder
            place = (files[number], int(forms[number].offsets[at - letters.begins[number]]))
            by_letter[int(letters.codes[at])].setdefault(owner, place)
        yield from _odd_letters(by_letter)


def _in_one_place(letters: Letters, looked: NDArray[np.bool_]) -> Iterator[list[int]]:
    """Give the positions between equal letters on either side, where there are different ones, one of them `looked` at."""
    if not looked.any():
        return
    positions, starts = repeated(letters, 2 * SIDE + 1, _contexts)
    positions += SIDE
    own = letters.codes[positions]
    differs = np.zeros(len(positions), dtype=bool)
    differs[1:] = own[1:] != own[:-1]
    differs[starts] = False
    chosen = np.logical_or.reduceat(differs, starts) & np.logical_or.reduceat(looked[positions], starts)
    ends = np.append(starts[1:], len(positions))
    for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True):
        by_sides: dict[bytes, list[int]] = defaultdict(list)
        for at in sorted(positions[start:end].tolist(), key=lambda at: int(letters.codes[at])):
            sides = letters.codes[at - SIDE : at].tobytes() + letters.codes[at + 1 : at + SIDE + 1].tobytes()
            by_sides[sides].append(at)
        yield from by_sides.values()


def _odd_letters(by_letter: dict[int, dict[str | None, tuple[ReadFile, int]]]) -> Iterator[Error]:
    usual = max(by_letter, key=lambda letter: (None in by_letter[letter], len(by_letter[letter])))
    right = by_letter[usual]
    if None not in right and len(right) < ENOUGH_OTHERS:
        return
    for letter, owners in by_letter.items():
        both = {chr(letter), chr(usual)}
        if letter == usual or None in owners or not 2 <= len(owners) <= MOST_HOLDERS or both <= _NUMERALS:
            continue
        words = _between(owners, letter)
        for owner, (file, start) in owners.items():
            if owner is not None:
                yield Error("letter", words, chr(usual), file, start, start + 1, others=len(right))


def _between(owners: dict[str | None, tuple[ReadFile, int]], letter: int) -> str:
    """The same words for every holder: those of the first."""
    file, start = min(owners.values(), key=lambda one: one[0].name)
    words = (
        file.content[max(0, start - SHOWN_SIDE) : start]
        + f"【{chr(letter)}】"
        + file.content[start + 1 : start + 1 + SHOWN_SIDE]
    )
    return re.sub(r"\s", "", words)


def _looked_at(
    files: Sequence[ReadFile], forms: Sequence[NormalisedText], comparison: Comparison
) -> Iterator[tuple[int, int, int]]:
    """Give the stretches of letters in which a shared error can stand: what bids share, and edited copies of the tender."""
    number = {file.name: position for position, file in reversed(list(enumerate(files)))}
    edited = [one.b for one in comparison.from_sources if one.kind != "exact"]
    for place in (*edited, *(side for one in comparison.passages for side in (one.a, one.b))):
        which = number[place.name]
        # Not np.searchsorted: for two numbers it would first copy all the offsets.
        start, end = (bisect_left(forms[which].offsets, at) for at in (place.start, place.end))
        if end - start > 2 * SIDE:
            yield which, start, end


def _contexts(codes: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return a hash of the six letters on either side of each letter, without itself; made of those of two and of four."""
    one, two, three, four = (np.uint64(factor) for factor in _FACTORS)
    letters = codes.astype(np.uint64)
    twos = letters[:-1] * one + letters[1:]
    sixes = (twos[:-2] * two + twos[2:])[:-2] * three + twos[4:]
    hashes = sixes[: -SIDE - 1] * four + sixes[SIDE + 1 :]
    hashes ^= hashes >> np.uint64(29)
    hashes *= one
    return hashes


def _letters_of(text: str) -> str:
    return normalise(text).codes.tobytes().decode("utf-32-le", errors="surrogatepass")
