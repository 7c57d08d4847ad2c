"""Counting a fine: base × rate inside the statutory range, with the formula the document prints (REFERENCE E.5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.law.violations import BASES, UnitFine, Violation

YUAN = Decimal(1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Fine:
    """A fine in whole 元, the statutory range it was tested against, and how it was counted."""

    amount: Decimal
    minimum: Decimal
    maximum: Decimal
    formula: str


def count_fine(
    violation: Violation,
    *,
    base_amount: Decimal | None = None,
    rate: Decimal | None = None,
    amount: Decimal | None = None,
    won: bool = True,
    mitigation_ground: str = "",
    kind_index: int = 0,
) -> Fine:
    """Return the fine for `violation`.

    A fine counted on a base needs `base_amount` in 元 and `rate` (0.007 for 7‰; the multiple for a fine that is a multiple); a
    fine within fixed amounts needs `amount` in 元. `won` False takes the base of a bidder that lost (实施条例 第六十七条、第六十八条).
    Full decimals are kept until the end, then rounded to whole 元. Raises Refusal when a value is missing, the fine is above the
    range, or below it without `mitigation_ground` (行政处罚法 第三十二条).
    """
    if not violation.unit_fines:
        raise Refusal(
            _("Fine: the catalogue provides no fine on a unit for %(code)s.") % {"code": violation.code},
            field="fine",
        )
    rule = violation.unit_fines[kind_index]
    if rule.kind == "amount":
        return _fixed(rule, amount, mitigation_ground)
    return _on_base(rule, base_amount, rate, won, mitigation_ground)


def person_range(violation: Violation, unit_fine: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """Return the range in 元 of the fine on one responsible person, or None when none is provided for."""
    return violation.persons.range_for(unit_fine)


def check_person_fine(violation: Violation, unit_fine: Decimal | None, fine: Decimal, name: str) -> None:
    """Raise Refusal when the fine on a responsible person is outside its range (招标投标法 第五十三条 and others)."""
    found = person_range(violation, unit_fine)
    if found is None:
        raise Refusal(
            _("Responsible persons: the catalogue provides no fine on persons for %(code)s.")
            % {"code": violation.code},
            field="persons",
        )
    low, high = found
    if not low <= fine <= high:
        raise Refusal(
            _("Responsible persons: the fine of %(name)s must be from %(low)s to %(high)s CNY.")
            % {"name": name, "low": plain(low), "high": plain(high)},
            field="persons",
        )


def _fixed(rule: UnitFine, amount: Decimal | None, ground: str) -> Fine:
    if amount is None:
        raise Refusal(_("Fine: enter the amount in CNY."), field="amount")
    found = amount.quantize(CENT)
    _check(found, rule.minimum, rule.maximum, ground)
    share = f"{(found / rule.maximum * 100).quantize(CENT).normalize():f}%"
    bounds = (
        f"{plain(rule.minimum)}元以上{plain(rule.maximum)}元以下"
        if rule.minimum
        else f"{plain(rule.maximum)}元以下"
    )
    return Fine(
        found, rule.minimum, rule.maximum, f"法定幅度{bounds}，确定罚款{plain(found)}元（为上限的{share}）"
    )


def _on_base(
    rule: UnitFine, base_amount: Decimal | None, rate: Decimal | None, won: bool, ground: str
) -> Fine:
    base = BASES[rule.base_for(won=won)]
    if base_amount is None or base_amount <= 0:
        raise Refusal(_("Base: enter the %(base)s in CNY.") % {"base": base}, field="base_amount")
    if rate is None or rate <= 0:
        raise Refusal(_("Rate: enter the share or multiple that is applied."), field="rate")
    exact = base_amount * rate
    low, high = rule.range_for(base_amount)
    _check(exact, low, high, ground)
    rounded = exact.quantize(YUAN, rounding=ROUND_HALF_UP)
    words = f"{plain(rate)}倍" if rule.kind == "multiple" else _share_words(rate)
    result = f"{plain(exact)}元" if exact == rounded else f"{plain(exact)}元，取整为{plain(rounded)}元"
    return Fine(rounded, low, high, f"{base}{plain(base_amount)}元×{words}={result}")


def _check(fine: Decimal, low: Decimal, high: Decimal, ground: str) -> None:
    if fine > high:
        raise Refusal(
            _("Fine: at most %(high)s CNY is provided for, not %(fine)s.")
            % {"high": plain(high), "fine": plain(fine)},
            field="fine",
        )
    if fine < low and not ground.strip():
        raise Refusal(
            _("Fine: at least %(low)s CNY is provided for; below it a ground of mitigation is needed.")
            % {"low": plain(low)},
            field="mitigation_ground",
        )
    if fine <= 0:
        raise Refusal(_("Fine: expected an amount above zero."), field="fine")


def _share_words(rate: Decimal) -> str:
    """7‰ below two percent, as the tender law counts; percent above."""
    if rate < Decimal("0.02"):
        return f"{(rate * 1000).normalize():f}‰"
    return f"{(rate * 100).normalize():f}%"


def plain(amount: Decimal) -> str:
    """An amount with thousands separators and without needless zeros."""
    text = f"{amount:,.6f}".rstrip("0").rstrip(".")
    return text or "0"
