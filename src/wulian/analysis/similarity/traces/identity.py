"""Files mixed up: another bidder's name, credit code, telephone or person in a bid (T-4, 第四十条第（五）项)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from wulian.analysis.similarity.facts import Facts
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions
from wulian.analysis.similarity.normalising import normalise

_COMPANY = re.compile(r"[一-龥（）()]{2,40}(?:公司|集团|设计院|研究院|勘察院|事务所|工程局|工程处|厂)")
_SIGNED = re.compile(
    r"投\s*标\s*(?:人|单\s*位)(?:名称)?[（(]?(?:盖(?:单位)?章|全称)?[）)]?\s*[:：]\s*([一-龥（）()]{4,40}?(?:公司|集团|院|厂|局|处))"
)
REFERENCE = re.compile(
    r"业绩|业主|发包|建设单位|总承包单位|分包|中标通知|合同(?:编号|金额|名称)|竣工|获奖|供货|供应商|厂家|授权|联合体|甲方"
)
"""Words near a name that speak for a reference, a letter of authority or a consortium."""
OWN = re.compile(r"投标函|投标人|投标文件|投标单位|我公司|我单位|我方|本公司")
"""Words right beside a name that speak for the bidder itself, whatever else is near."""
AROUND, BESIDE = 60, 14
_NEAR_PERSON = re.compile(r"项目经理|负责人|身份证|授权|代表|电话|签字|姓名|证书|建造师|职称")
MOST_SHOWN = 12
_PERFORMANCE, _LETTERS = "业绩材料中作为业主、承包人出现", "授权书、供货承诺等合法文件"


@dataclass
class Identity:
    """What a bidder is recognised by: words by kind, each as letters without signs and spaces."""

    bidder: str
    words: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, word: str) -> None:
        """Take a word that is long enough to mean somebody."""
        letters = _letters(word)
        if len(letters) >= (2 if kind == "人员" else 4):
            self.words.setdefault(letters, kind)


def compare_identities(bids: Sequence[ReadFile], sources: Sequence[ReadFile], facts: Facts) -> Outcome:
    """Return where another bidder is named in a bid; what the tender document names is subtracted."""
    known = identities(bids, facts)
    without = sorted({file.bidder for file in bids} - {one.bidder for one in known if one.words})
    notes = (
        (f"不知道单位名称，未检验其他投标文件中是否出现：{'、'.join(without)}（可用 bidders.csv 提供）",)
        if without
        else ()
    )
    given = [normalise(file.content) for file in sources]
    letters_given = "".join(_string(one.codes) for one in given)
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in known:
        for word, kind in one.words.items():
            owners[word].append((one.bidder, kind))
    # A word that two bidders have themselves (a shared telephone) is another check's business.
    words = {word: who[0] for word, who in owners.items() if len(who) == 1 and word not in letters_given}
    found: dict[tuple[str, str], list[tuple[str, str, ReadFile, int, int]]] = defaultdict(list)
    for file in bids:
        if not file.content:
            continue
        form = normalise(file.content)
        text = _string(form.codes)
        own = {word for one in known if one.bidder == file.bidder for word in one.words}
        for word, (bidder, kind) in words.items():
            if bidder == file.bidder or any(word in mine for mine in own):
                continue
            for at in _places(text, word):
                start, end = int(form.offsets[at]), int(form.offsets[at + len(word) - 1]) + 1
                if kind != "人员" or _NEAR_PERSON.search(file.content[max(0, start - 30) : end + 30]):
                    found[file.bidder, bidder].append((kind, word, file, start, end))
    findings = (
        _finding(pair, places, facts) for pair, places in sorted(found.items(), key=lambda one: one[0])
    )
    return Outcome(tuple(findings), notes)


def identities(bids: Sequence[ReadFile], facts: Facts) -> list[Identity]:
    """Return who each bidder is: by the exports, else by the name of the folder, else by how the bid is signed."""
    found = {name: Identity(name) for name in dict.fromkeys(file.bidder for file in bids)}
    for row in facts.bidders:
        if row.bidder in found:
            for column, kind in (
                ("name", "单位名称"),
                ("uscc", "信用代码"),
                ("phone", "电话"),
                ("bidder", "单位名称"),
            ):
                found[row.bidder].add(kind, row.get(column))
    for row in facts.people:
        if row.bidder in found:
            found[row.bidder].add("人员", row.get("name"))
            found[row.bidder].add("电话", row.get("phone"))
    signed: dict[str, Counter[str]] = defaultdict(Counter)
    for file in bids:
        if "单位名称" not in found[file.bidder].words.values():
            signed[file.bidder].update(match[1] for match in _SIGNED.finditer(file.content))
    for name, one in found.items():
        stem = PurePath(name).stem
        if _COMPANY.fullmatch(stem):
            one.add("单位名称", stem)
        elif signed[name] and "单位名称" not in one.words.values():
            one.add("单位名称", signed[name].most_common(1)[0][0])
    return list(found.values())


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _finding(
    pair: tuple[str, str], places: list[tuple[str, str, ReadFile, int, int]], facts: Facts
) -> Finding:
    file_of, named = pair
    plainly = [
        one for one in places if OWN.search(_around(one, BESIDE)) or not REFERENCE.search(_around(one))
    ]
    tested: dict[str, tuple[State, str]] = {}
    if plainly:
        tested = {
            reason: ("ruled_out", f"{len(plainly)}处前后文没有业绩、授权等字样")
            for reason in (_PERFORMANCE, _LETTERS)
        }
    else:
        tested[_PERFORMANCE] = ("applies", "每一处前后文都有业绩、业主、授权等字样")
    if facts.consortia:
        tested["双方是同一联合体的成员"] = ("applies" if facts.are_partners(pair) else "ruled_out", "")
    evidence = tuple(
        Evidence(file.bidder, file.name, f"{kind}“{file.content[start:end]}”：…{_around((kind, word, file, start, end))}…",
                 *file.place(start)[:1], f"第{file.place(start)[1]}段", file.sha256, start, end)
        for kind, word, file, start, end in (plainly or places)[:MOST_SHOWN]
    )  # fmt: skip
    return Finding(
        "T-4", pair, f"{file_of} 的投标文件中出现 {named} 的{'、'.join(sorted({one[0] for one in places}))}（{len(places)}处）",
        "deemed", evidence, exclusions("T-4", tested), strong=bool(plainly), weight=1.0,
    )  # fmt: skip


def _around(one: tuple[str, str, ReadFile, int, int], far: int = AROUND) -> str:
    _, _, file, start, end = one
    return re.sub(r"\s+", " ", file.content[max(0, start - far) : end + far])


def _letters(word: str) -> str:
    return _string(normalise(word).codes)


def _string(codes: object) -> str:
    return codes.tobytes().decode("utf-32-le", errors="surrogatepass")  # type: ignore[attr-defined,no-any-return]
