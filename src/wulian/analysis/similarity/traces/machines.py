"""Machine codes, locks, addresses and accounts that bidders share (REFERENCE C.2, H-1 … H-8).

What the tender document's or the control-price file's own record has was in everybody's hands before anybody bid: it is
subtracted like text and shown as excluded. Default values and virtual network cards are no computer's own.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from wulian.analysis.similarity.facts import Fact, Facts
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions, names

EMPTY = frozenset({"", "NA", "NONE", "NULL", "UNKNOWN", "DEFAULTSTRING", "TOBEFILLEDBYOEM", "SYSTEMSERIALNUMBER", "无", "未知"})  # fmt: skip
_DEFAULT = re.compile(r"^(?:0+|F+|X+|1234567890*)$")
VIRTUAL = ("005056", "000C29", "000569", "080027", "00155D", "0242AC", "00FF", "020054", "00163E", "525400")
"""First digits of the network cards of virtual machines and tunnels (VMware, VirtualBox, Hyper-V, Docker, TAP, loopback, Xen, QEMU)."""
OPENING_SITE = re.compile(r"开标|交易中心|现场|场内|opening[ _]?site", re.IGNORECASE)
TRIPLE = ("mac", "cpu", "disk")
TITLES = {"mac": "网卡", "cpu": "处理器", "disk": "硬盘", "lock_no": "加密锁号", "file_code": "文件机器码", "creation_code": "文件创建标识码",
          "ip": "网络地址", "account": "账号", "certificate": "证书号", "phone": "电话"}  # fmt: skip
_DEFAULT_CARD = "网卡为虚拟网卡或出厂默认值"
_PUBLISHED = {
    "H-2": "与公布的招标文件、控制价文件的机器码相同",
    "H-3": "与公布的控制价文件的锁号相同",
    "H-4": "与公布的招标文件、控制价文件的标识码相同",
}
_CONSORTIUM = "双方是同一联合体的成员"
MANY = 3
"""From so many bidders on, or when more than half of them share it, a lock or a file code may be everybody's."""


def clean(code: str) -> str:
    """Return a code in capitals without separators; empty where it is a default that many machines share."""
    text = re.sub(r"[^0-9A-Z一-龥]", "", code.upper())
    return "" if text in EMPTY or _DEFAULT.match(text) else text


def is_virtual(mac: str) -> bool:
    """Say whether a network card is a virtual machine's; a locally administered address is one, too."""
    return mac.startswith(VIRTUAL) or (len(mac) == 12 and mac[1] in "26AE")


def compare_machines(facts: Facts, bidders: Sequence[str]) -> Outcome:
    """Return who shares computers, locks, file codes, addresses, accounts and telephones."""
    rows = facts.machine
    if not rows:
        return Outcome(notes=("没有提供机器码记录（machine.json 等），未检验机器码、加密锁、网络地址和账号",))
    look = _Look(facts, len(bidders))
    found = [
        *look.computers("H-1", ("upload",)),
        *look.computers("H-2", ("authoring",)),
        *look.codes("H-3", "lock_no"),
        *look.codes("H-4", "file_code"),
        *look.codes("H-4", "creation_code"),
        *look.parts(),
        *look.addresses(),
        *(one for column in ("account", "certificate", "phone") for one in look.handlers(column)),
        *look.published(),
    ]
    silent = [name for name in bidders if name not in {row.bidder for row in rows}]
    notes = (f"没有机器码记录的投标人：{names(silent)}",) if silent else ()
    return Outcome(tuple(found), notes)


class _Look:
    """The records of one tender, looked at check by check."""

    def __init__(self, facts: Facts, bidders: int) -> None:
        self.facts, self.rows, self.bidders = facts, facts.machine, bidders
        self.own = [row for row in self.rows if row.bidder]
        self.known: set[frozenset[str]] = set()
        published = [row for row in self.rows if row.stage == "tender"]
        self.tender = {
            column: {clean(row.get(column)) for row in published} - {""}
            for column in (*TRIPLE, "lock_no", "file_code", "creation_code")
        }
        self.triples = {_triple(row) for row in published if all(_triple(row))}

    def groups(self, rows: Sequence[Fact], value: Callable[[Fact], str]) -> Iterator[tuple[str, list[Fact]]]:
        """Give each value that rows of several bidders have."""
        by_value: dict[str, list[Fact]] = defaultdict(list)
        for row in rows:
            if value(row):
                by_value[value(row)].append(row)
        for key, members in by_value.items():
            if len({row.bidder for row in members}) > 1:
                yield key, members

    def computers(self, check: str, stages: tuple[str, ...]) -> Iterator[Finding]:
        """H-1, H-2: network card, processor and disk together."""
        rows = [row for row in self.own if row.stage in stages and all(_triple(row))]
        for key, members in self.groups(rows, lambda row: "/".join(_triple(row))):
            mac, _cpu, _disk = key.split("/")
            tested: dict[str, tuple[State, str]] = {
                _DEFAULT_CARD: ("applies", f"网卡 {mac}") if is_virtual(mac) else ("ruled_out", "")
            }
            if check == "H-1":
                at_site = [row for row in members if OPENING_SITE.search(row.get("place"))]
                elsewhere = {row.bidder for row in members if row not in at_site}
                state: State = (
                    "applies" if len(elsewhere) < 2 else "ruled_out" if _all_tell(members) else "open"
                )
                tested["在交易中心开标现场的公用电脑上传"] = (
                    state,
                    at_site[0].get("place") if at_site else "",
                )
                if state == "ruled_out":
                    members = [row for row in members if row not in at_site]
            elif self.triples:
                mine = tuple(key.split("/")) in self.triples
                tested[_PUBLISHED[check]] = ("applies" if mine else "ruled_out", "")
            yield self.finding(check, members, key, "网卡、处理器、硬盘三项均相同", tested, TRIPLE)

    def codes(self, check: str, column: str) -> Iterator[Finding]:
        """H-3, H-4: one code is enough."""
        for key, members in self.groups(self.own, lambda row: clean(row.get(column))):
            tested: dict[str, tuple[State, str]] = {}
            if self.tender[column]:
                mine = key in self.tender[column]
                tested[_PUBLISHED[check]] = (
                    "applies" if mine else "ruled_out",
                    TITLES[column] if mine else "",
                )
            count = len({row.bidder for row in members})
            common = count > MANY and count > self.bidders / 2
            remark = (
                f"{count}家投标人相同，可能是公用工具或盗版锁的编号，须向平台运营方核实" if common else ""
            )
            yield self.finding(
                check,
                members,
                key,
                f"{TITLES[column]}相同",
                tested,
                (column,),
                strong=not common,
                remark=remark,
            )

    def parts(self) -> Iterator[Finding]:
        """H-5: one or two of the three are equal, as a hint."""
        elsewhere = [row for row in self.own if not OPENING_SITE.search(row.get("place"))]
        for column in TRIPLE:
            for key, members in self.groups(elsewhere, lambda row, of=column: clean(row.get(of))):  # type: ignore[misc]
                if frozenset(row.bidder for row in members) in self.known or key in self.tender[column]:
                    continue
                virtual = column == "mac" and is_virtual(key)
                tested: dict[str, tuple[State, str]] = {
                    _DEFAULT_CARD: ("applies" if virtual else "ruled_out", "")
                }
                yield self.finding("H-5", members, key, f"仅{TITLES[column]}相同", tested, (column,))

    def addresses(self) -> Iterator[Finding]:
        """H-6: the same public address is a hint only."""
        for key, members in self.groups(self.own, lambda row: _public(row.get("ip"))):
            at_site = [row for row in members if OPENING_SITE.search(row.get("place"))]
            inside = len({row.bidder for row in members if row not in at_site}) < 2
            tested: dict[str, tuple[State, str]] = {
                "交易中心场内网络": (
                    "applies" if inside else "ruled_out" if _all_tell(members) else "open",
                    "",
                )
            }
            yield self.finding("H-6", members, key, "公网地址相同，单凭地址不能认定", tested, ("ip",))

    def handlers(self, column: str) -> Iterator[Finding]:
        """H-7: account, certificate or telephone of who handled the bid."""
        for key, members in self.groups(self.own, lambda row: clean(row.get(column))):
            yield self.finding("H-7", members, key, f"{TITLES[column]}相同", {}, (column,))

    def published(self) -> Iterator[Finding]:
        """H-8: a bidder's computer made the tender document or the control-price file; everybody's code says nothing."""
        for row in self.own:
            if row.stage == "authoring" and all(_triple(row)) and _triple(row) in self.triples:
                sharers = {one.bidder for one in self.own if _triple(one) == _triple(row)}
                if len(sharers) == 1:
                    yield self.finding(
                        "H-8",
                        [row],
                        "/".join(_triple(row)),
                        "制作电脑与招标文件或控制价文件的相同",
                        {},
                        TRIPLE,
                    )

    def finding(
        self, check: str, members: Sequence[Fact], value: str, threshold: str, tested: dict[str, tuple[State, str]],
        columns: tuple[str, ...], *, strong: bool = True, remark: str = "",
    ) -> Finding:  # fmt: skip
        """Make the finding; members of one consortium are excluded."""
        subjects = tuple(sorted({row.bidder for row in members}))
        found = exclusions(check, tested)
        if any(one.reason == _CONSORTIUM for one in found) and self.facts.consortia:
            state: State = "applies" if self.facts.are_partners(subjects) else "ruled_out"
            found = exclusions(check, {**tested, _CONSORTIUM: (state, "")})
        if check in ("H-1", "H-2"):
            self.known.add(frozenset(subjects))
        deemed = check in ("H-1", "H-2", "H-3", "H-4")
        evidence = tuple(
            Evidence(row.bidder, row.source, "、".join(f"{TITLES[c]} {row.get(c)}" for c in columns if row.get(c)),
                     place=" ".join(filter(None, (f"第{row.row}条", row.get("file"), row.get("stage"), row.get("place"), row.get("at")))))
            for row in members
        )  # fmt: skip
        return Finding(
            check, subjects, value, "deemed" if deemed else "hint", evidence, found,
            strong=strong and deemed, threshold=threshold, weight=1 / len(subjects), remark=remark,
        )  # fmt: skip


def _triple(row: Fact) -> tuple[str, ...]:
    return tuple(clean(row.get(column)) for column in TRIPLE)


def _all_tell(rows: Sequence[Fact]) -> bool:
    """Without the place of each upload, that it was at the opening site cannot be ruled out."""
    return all(row.get("place") for row in rows)


def _public(address: str) -> str:
    try:
        return address if ipaddress.ip_address(address).is_global else ""
    except ValueError:
        return ""
