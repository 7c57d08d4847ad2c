"""People and bonds that bidders share: 招标投标法实施条例 第四十条第（二）（三）（六）项 (R-1, B-1, B-3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from wulian.analysis.similarity.facts import Fact, Facts, plain
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions

MANAGERS = re.compile(
    r"项目(?:经理|负责人|总工|管理)|总监|技术负责|施工员|安全员|质量员|质检员|资料员|材料员|造价|建造师|监理工程师|五大员"
)
HANDLERS = re.compile(r"授权|委托|代理人|经办|联系人|办理|递交")
ISSUERS = re.compile(r"保险|担保|银行|信用社|保函|财险")
_COMPANY = re.compile(r"公司|集团|厂|院|所|社|中心|部|局|行")
_CONSORTIUM = "双方是同一联合体的成员"


def compare_people(facts: Facts) -> Outcome:
    """Return the people and telephones that bidders share."""
    if not facts.people:
        return Outcome(notes=("没有提供人员名单（people.csv 等），未检验项目管理成员和经办人员",))
    return Outcome(tuple(_people(facts)))


def _people(facts: Facts) -> Iterator[Finding]:
    told: set[tuple[str, frozenset[str]]] = set()
    for kind, value in (
        ("证件号", lambda one: plain(one.get("id_no"))),
        ("注册证书号", lambda one: _both(one, "certificate_no")),
        ("姓名", lambda one: plain(one.get("name"))),
        ("电话", lambda one: re.sub(r"\D", "", one.get("phone"))[-11:]),
    ):
        for key, members in _groups(facts.people, value):
            bidders = frozenset(one.bidder for one in members)
            same = {one.get("name") for one in members}
            if any((name, bidders) in told for name in same):
                continue
            if kind == "姓名" and _differ(members):
                continue
            if kind != "电话":
                told |= {(name, bidders) for name in same}
            yield _person(facts, kind, key, members)


def _both(one: Fact, column: str) -> str:
    return f"{plain(one.get('name'))} {plain(one.get(column))}" if one.get(column) else ""


def _differ(members: Sequence[Fact]) -> bool:
    """Namesakes: everyone has a number, and no two bidders' numbers are equal."""
    for column in ("id_no", "certificate_no"):
        numbers = [plain(one.get(column)) for one in members]
        if all(numbers) and len(set(numbers)) == len({one.bidder for one in members}):
            return True
    return False


def _person(facts: Facts, kind: str, key: str, members: Sequence[Fact]) -> Finding:
    proved = kind in ("证件号", "注册证书号")
    roles = [one.get("role") for one in members]
    check = "R-1C"
    if proved and all(MANAGERS.search(role) for role in roles):
        check = "R-1"
    elif proved and all(HANDLERS.search(role) for role in roles):
        check = "R-1H"
    tested: dict[str, tuple[State, str]] = {"同名不同人": ("ruled_out", f"{kind}相同")} if proved else {}
    shown = members[0].get("name") or "—"
    subjects = tuple(sorted({one.bidder for one in members}))
    return Finding(
        check, subjects, f"{shown}（{kind}{'' if kind == '姓名' else ' ' + hidden(key.rpartition(' ')[2])}）",
        "hint" if check == "R-1C" else "deemed",
        tuple(_evidence(one, f"{one.get('name')} {one.get('role')}".strip()) for one in members),
        exclusions(check, tested), strong=check != "R-1C", weight=1 / len(subjects),
    )  # fmt: skip


def hidden(number: str) -> str:
    """Return a number of a person or an account without its middle: the report is no register of persons."""
    return number if len(number) < 8 else f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def compare_bonds(facts: Facts) -> Outcome:
    """Return the accounts and guarantees that bidders' bonds share."""
    if not facts.bonds:
        return Outcome(notes=("没有提供保证金到账记录（bonds.csv 等），未检验付款账户",))
    return Outcome((*_payers(facts), *_guarantees(facts)))


def _payers(facts: Facts) -> Iterator[Finding]:
    told: set[frozenset[str]] = set()
    for column in ("payer_account", "payer_name"):
        for key, members in _groups(facts.bonds, lambda one, column=column: plain(one.get(column))):  # type: ignore[misc]
            subjects = frozenset(one.bidder for one in members)
            name = members[0].get("payer_name")
            if subjects in told or (
                column == "payer_name" and not _is_person(name) and _own_accounts(members)
            ):
                continue
            told.add(subjects)
            issuer = all(ISSUERS.search(f"{one.get('payer_name')}{one.get('form')}") for one in members)
            tested: dict[str, tuple[State, str]] = {
                "付款人是出具保函、保单的机构": ("applies", "须查实保费由谁支付")
                if issuer
                else ("ruled_out", "")
            }
            if facts.consortia:
                tested[_CONSORTIUM] = ("applies" if facts.are_partners(subjects) else "ruled_out", "")
            label = f"账号 {hidden(key)}" if column == "payer_account" else "付款人"
            yield Finding(
                "B-1", tuple(sorted(subjects)), f"{label} {name}".strip(), "deemed",
                tuple(_evidence(one, f"{one.get('payer_name')} {hidden(one.get('payer_account'))} {one.get('at')}".strip()) for one in members),
                exclusions("B-1", tested), strong=True, weight=1 / len(subjects),
            )  # fmt: skip


def _is_person(name: str) -> bool:
    return 2 <= len(name) <= 4 and not _COMPANY.search(name)


def _own_accounts(members: Sequence[Fact]) -> bool:
    """A company's name alone on two accounts: only a guarantor or a person tells something."""
    return any(ISSUERS.search(one.get("payer_name")) for one in members)


def _guarantees(facts: Facts) -> Iterator[Finding]:
    """B-3: the same applicant's telephone, or numbers that follow one another."""
    for key, members in _groups(facts.bonds, lambda one: re.sub(r"\D", "", one.get("phone"))[-11:]):
        yield _guarantee(members, f"申请人电话 {hidden(key)}")
    numbered = []
    for one in facts.bonds:
        found = re.search(r"^(.*?)(\d{1,12})$", one.get("policy_no"))
        if found:
            numbered.append((found[1], int(found[2]), one))
    numbered.sort(key=lambda one: one[:2])
    for (head, number, one), (other_head, other_number, other) in pairwise(numbered):
        if head == other_head and other_number - number <= 1 and one.bidder != other.bidder:
            yield _guarantee((one, other), f"编号 {one.get('policy_no')} 与 {other.get('policy_no')}")


def _guarantee(members: Sequence[Fact], value: str) -> Finding:
    subjects = tuple(sorted({one.bidder for one in members}))
    evidence = tuple(_evidence(one, f"{one.get('form')} {one.get('policy_no')}".strip()) for one in members)
    return Finding("B-3", subjects, value, "hint", evidence, exclusions("B-3"), weight=1 / len(subjects))


def _evidence(one: Fact, value: str) -> Evidence:
    return Evidence(one.bidder, one.source, value, place=f"第{one.row}条")


def _groups(rows: Iterable[Fact], value: Callable[[Fact], str]) -> Iterator[tuple[str, list[Fact]]]:
    by_value: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        if row.bidder and value(row):
            by_value[value(row)].append(row)
    for key, members in by_value.items():
        if len({row.bidder for row in members}) > 1:
            yield key, members
