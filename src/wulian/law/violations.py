"""处罚目录: what each violation breaks, which article punishes it, and the statutory range."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from wulian.law.instruments import instruments

BASES: Final[Mapping[str, str]] = {
    "contract": "项目合同金额",
    "award": "中标项目金额",
    "tender_contract": "招标项目合同金额",
    "transfer": "转让、分包项目金额",
    "works_price": "工程合同价款",
    "service_fee": "勘察费、设计费或者监理酬金",
}
DOMAINS: Final = ("tender", "construction", "wages", "officials")
FINE_KINDS: Final = ("rate", "amount", "multiple")

_PROVISION = re.compile(r"(?P<key>[A-Z0-9]+) (?P<article>\d+)(?:\((?P<paragraph>\d+)\))?")
_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Write 1–99 as article numbers are written: 9 → 九, 12 → 十二, 49 → 四十九."""
    if not 0 < number < 100:
        raise ValueError(f"expected a number from 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True)
class Provision:
    """One article, with its paragraph (款) where the catalogue names one."""

    instrument: str
    title: str
    article: int
    paragraph: int | None = None

    def __str__(self) -> str:
        paragraph = f"第{chinese_number(self.paragraph)}款" if self.paragraph else ""
        return f"《{self.title}》第{chinese_number(self.article)}条{paragraph}"


@dataclass(frozen=True)
class UnitFine:
    """The fine on an organisation: a share (rate) or a multiple of `base`, or an amount in 元; both ends inclusive."""

    kind: str
    minimum: Decimal
    maximum: Decimal
    base: str = ""
    losing_bidder_base: str = ""
    optional: bool = False
    after_overdue: bool = False
    applies_to: str = ""

    def base_for(self, *, won: bool = True) -> str:
        """Return which amount the fine is counted on; a bidder that lost has another (实施条例 67、68)."""
        return self.base if won or not self.losing_bidder_base else self.losing_bidder_base

    def range_for(self, base_amount: Decimal | None = None) -> tuple[Decimal, Decimal]:
        """Return the lowest and highest fine in 元 on `base_amount` 元, unrounded.

        Raises ValueError when the fine is counted on a base and no positive amount is given.
        """
        if self.kind == "amount":
            return self.minimum, self.maximum
        if base_amount is None or base_amount <= 0:
            raise ValueError(f"the fine is counted on {BASES[self.base]}: expected a positive amount in 元")
        return self.minimum * base_amount, self.maximum * base_amount


@dataclass(frozen=True)
class PersonSanction:
    """What falls on 直接负责的主管人员和其他直接责任人员: a share of the unit's fine, an amount in 元, discipline."""

    share: tuple[Decimal, Decimal] | None = None
    amount: tuple[Decimal, Decimal] | None = None
    discipline: bool = False

    def range_for(self, unit_fine: Decimal | None = None) -> tuple[Decimal, Decimal] | None:
        """Return the lowest and highest fine on one person in 元, or None when none is provided for."""
        if self.amount:
            return self.amount
        if self.share and unit_fine is not None:
            return self.share[0] * unit_fine, self.share[1] * unit_fine
        return None


@dataclass(frozen=True)
class Violation:
    """One row of the catalogue. `domain` is tender, construction, wages or officials."""

    code: str
    offender: str
    title: str
    domain: str
    duty: tuple[Provision, ...]
    provisions: tuple[Provision, ...]
    unit_fines: tuple[UnitFine, ...]
    persons: PersonSanction
    persons_provision: Provision | None
    ban_years: tuple[int, int] | None
    other: tuple[str, ...]
    competes_with: str
    note: str
    confidence: str

    @property
    def basis(self) -> str:
        """Return the penalty provisions in one line, as a document cites them."""
        return "、".join(str(provision) for provision in self.provisions)

    @property
    def duty_text(self) -> str:
        """Return the provisions that state the duty, in one line; empty when the catalogue names none."""
        return "、".join(str(provision) for provision in self.duty)


@cache
def violations() -> Mapping[str, Violation]:
    """Return every violation by code, in the order of the catalogue.

    Raises ValueError when a row of the packaged table names an unknown instrument, base or kind of fine.
    """
    table = yaml.safe_load((files("wulian.law") / "violations.yaml").read_text(encoding="utf-8"))
    return read_violations(table)


def violation(code: str) -> Violation:
    """Return the violation with this code; KeyError when it is not in the catalogue."""
    return violations()[code]


def read_violations(table: Mapping[str, Any]) -> dict[str, Violation]:
    """Read a table of the form of `violations.yaml`; raises ValueError naming the row and what was expected."""
    titles = {key: item.title for key, item in instruments().items()} | dict(table["titles"])
    found: dict[str, Violation] = {}
    for row in table["violations"]:
        code = row["code"]
        if code in found:
            raise ValueError(f"violation {code} appears twice")
        try:
            found[code] = _violation(row, titles)
        except ValueError as error:
            raise ValueError(f"violation {code}: {error}") from None
    for item in found.values():
        if item.competes_with and item.competes_with not in found:
            raise ValueError(f"violation {item.code}: competes with unknown {item.competes_with}")
    return found


def _violation(row: Mapping[str, Any], titles: Mapping[str, str]) -> Violation:
    domain = row.get("domain", "tender")
    if domain not in DOMAINS:
        raise ValueError(f"domain is one of {DOMAINS}, not {domain!r}")
    if not row["provisions"]:
        raise ValueError("expected at least one penalty provision")
    persons_provision = row.get("persons_provision")
    ban = row.get("ban_years")
    return Violation(
        code=row["code"],
        offender=row["offender"],
        title=row["title"],
        domain=domain,
        duty=tuple(_provision(text, titles) for text in row["duty"]),
        provisions=tuple(_provision(text, titles) for text in row["provisions"]),
        unit_fines=tuple(_unit_fine(fine) for fine in row.get("unit_fines", ())),
        persons=_persons(row.get("persons", {})),
        persons_provision=_provision(persons_provision, titles) if persons_provision else None,
        ban_years=(ban[0], ban[1]) if ban else None,
        other=tuple(row.get("other", ())),
        competes_with=row.get("competes_with", ""),
        note=row.get("note", ""),
        confidence=row.get("confidence", "V"),
    )


def _provision(text: str, titles: Mapping[str, str]) -> Provision:
    match = _PROVISION.fullmatch(text)
    if match is None or match["key"] not in titles:
        raise ValueError(
            f"expected a known instrument and an article, like 'ZBF 49' or 'TL 77(2)', not {text!r}"
        )
    paragraph = int(match["paragraph"]) if match["paragraph"] else None
    return Provision(match["key"], titles[match["key"]], int(match["article"]), paragraph)


def _unit_fine(row: Mapping[str, Any]) -> UnitFine:
    kind, base, losing = row["kind"], row.get("base", ""), row.get("losing_bidder_base", "")
    if kind not in FINE_KINDS:
        raise ValueError(f"kind of fine is one of {FINE_KINDS}, not {kind!r}")
    if (kind == "amount") != (base == "") or not {base, losing} <= {*BASES, ""}:
        raise ValueError(
            f"a fine of kind {kind} with base {base!r}: a rate or multiple needs one of {tuple(BASES)}"
        )
    low, high = _pair((row["min"], row["max"]))
    return UnitFine(
        kind, low, high, base, losing,
        optional=row.get("optional", False),
        after_overdue=row.get("after_overdue", False),
        applies_to=row.get("applies_to", ""),
    )  # fmt: skip


def _persons(row: Mapping[str, Any]) -> PersonSanction:
    return PersonSanction(
        share=_pair(row["share"]) if "share" in row else None,
        amount=_pair(row["amount"]) if "amount" in row else None,
        discipline=row.get("discipline", False),
    )


def _pair(ends: Any) -> tuple[Decimal, Decimal]:
    low, high = Decimal(ends[0]), Decimal(ends[1])
    if not 0 <= low <= high:
        raise ValueError(f"expected 0 <= minimum <= maximum, not {low} and {high}")
    return low, high
