"""量化记分: which conduct costs how many points, and which level a sum is. No row is a rule of Hubei (REFERENCE G.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from wulian.law.violations import violations

TRIAL_NOTE = "湖北省量化记分规则未取得，本项为试行测算，来源待核，不作为限制投标或者其他惩戒的依据"


@dataclass(frozen=True)
class PointRule:
    """One row: conduct, points, months of publicity (None: the source names none).

    `is_comparator` rows are another place's rule for agencies; the others are our own defaults by violation, set like the row
    `like`. `confidence` is S or E: neither is law in Hubei.
    """

    code: str
    conduct: str
    subject: str
    points: int
    public_months: int | None
    violation_code: str = ""
    like: str = ""
    confidence: str = "E"

    @property
    def is_comparator(self) -> bool:
        """Whether it is another place's row, kept for comparison only."""
        return not self.violation_code

    @property
    def basis(self) -> str:
        """What the row rests on, in words for the notice."""
        if self.is_comparator:
            return "招标代理机构不良行为扣分标准（外省市参照，来源待核）"
        return f"本系统参数（参照外省市招标代理机构扣分标准“{comparators()[self.like].conduct}”项，来源待核）"


@dataclass(frozen=True)
class Level:
    """A level of the account and the sum from which it holds."""

    code: str
    title: str
    minimum: int


@dataclass(frozen=True)
class PointScheme:
    """Everything the table says: the period of an account, the cap of an event, the days to make a statement."""

    months: int
    cap_per_event: int
    statement_days: int
    statement_basis: str
    levels: tuple[Level, ...]

    def level_of(self, points: int) -> Level:
        """Return the level of a sum of points."""
        return next(level for level in reversed(self.levels) if points >= level.minimum)


@cache
def scheme() -> PointScheme:
    """Return the parameters of the accounts; raises ValueError when the levels do not begin at zero and rise."""
    table = _table()
    levels = tuple(Level(row["code"], row["title"], row["from"]) for row in table["levels"])
    starts = [level.minimum for level in levels]
    if starts[0] != 0 or starts != sorted(set(starts)):
        raise ValueError("points: the levels begin at 0 and rise")
    account, statement = table["account"], table["statement"]
    return PointScheme(
        account["months"], account["cap_per_event"], statement["n"], statement["basis"], levels
    )


@cache
def comparators() -> Mapping[str, PointRule]:
    """Return the rows of another place by code; they are shown, never applied to a case of Suizhou."""
    return {
        row["code"]: PointRule(
            row["code"],
            row["conduct"],
            "招标代理机构",
            row["points"],
            row.get("public_months"),
            confidence="S",
        )
        for row in _table()["comparators"]
    }


@cache
def point_rules() -> Mapping[str, PointRule]:
    """Return our own defaults by violation code; raises ValueError for an unknown violation or comparator."""
    found = {}
    for row in _table()["defaults"]:
        code, like = row["violation"], row["like"]
        if code not in violations() or like not in comparators():
            raise ValueError(
                f"points: {code} like {like}: expected a violation of the catalogue and a comparator"
            )
        if code in found:
            raise ValueError(f"points: {code} appears twice")
        model = comparators()[like]
        found[code] = PointRule(
            f"JF-{code}",
            violations()[code].title,
            row["subject"],
            model.points,
            model.public_months,
            violation_code=code,
            like=like,
        )
    return found


def point_rule(violation_code: str) -> PointRule | None:
    """Return the default for a violation, or None when points are not provided for it."""
    return point_rules().get(violation_code)


def _table() -> Any:
    return yaml.safe_load((files("wulian.law") / "points.yaml").read_text(encoding="utf-8"))
