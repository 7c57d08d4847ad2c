"""Counting a fine inside the range of the catalogue (REFERENCE E.5)."""

from decimal import Decimal

import pytest

from wulian.casework.cases.fines import check_person_fine, count_fine
from wulian.core.config.errors import Refusal
from wulian.law.violations import violation


def test_collusion_of_the_winner_is_fined_on_the_award():
    # 招标投标法 第五十三条: 5‰ to 10‰ of the award
    fine = count_fine(violation("WF-09"), base_amount=Decimal("12345678"), rate=Decimal("0.007"))
    assert fine.amount == Decimal("86420")
    assert fine.formula == "中标项目金额12,345,678元×7‰=86,419.746元，取整为86,420元"


def test_a_bidder_that_lost_is_fined_on_the_contract_of_the_tendered_project():
    # 实施条例 第六十七条: not on its own price
    fine = count_fine(violation("WF-09"), base_amount=Decimal("10000000"), rate=Decimal("0.005"), won=False)
    assert fine.amount == Decimal("50000")
    assert fine.formula.startswith("招标项目合同金额10,000,000元")


@pytest.mark.parametrize("rate", ["0.005", "0.010"])
def test_both_ends_of_the_range_are_inside_it(rate):
    assert count_fine(violation("WF-09"), base_amount=Decimal("1000000"), rate=Decimal(rate)).amount


def test_a_rate_above_the_range_is_refused():
    with pytest.raises(Refusal) as refused:
        count_fine(violation("WF-09"), base_amount=Decimal("1000000"), rate=Decimal("0.0101"))
    assert refused.value.field == "fine"


def test_a_fine_below_the_range_needs_a_ground_of_mitigation():
    # 行政处罚法 第三十二条
    given = {"base_amount": Decimal("1000000"), "rate": Decimal("0.004")}
    with pytest.raises(Refusal) as refused:
        count_fine(violation("WF-09"), **given)
    assert refused.value.field == "mitigation_ground"
    assert count_fine(violation("WF-09"), **given, mitigation_ground="主动减轻危害后果").amount == Decimal(
        "4000"
    )


def test_a_fixed_range_takes_the_amount_itself():
    # 实施条例 第六十四条: up to 100,000 元
    assert count_fine(violation("WF-07"), amount=Decimal("100000")).amount == Decimal("100000")
    with pytest.raises(Refusal):
        count_fine(violation("WF-07"), amount=Decimal("100000.01"))


def test_a_fine_counted_on_a_base_needs_the_base():
    with pytest.raises(Refusal) as refused:
        count_fine(violation("WF-09"), rate=Decimal("0.007"))
    assert refused.value.field == "base_amount"


def test_design_firms_pay_a_multiple_of_their_fee():
    # 质量条例 第六十一条: once to twice the fee
    fine = count_fine(violation("WF-21"), base_amount=Decimal("300000"), rate=Decimal("1.5"), kind_index=1)
    assert (fine.amount, fine.maximum) == (Decimal("450000"), Decimal("600000"))


def test_a_responsible_person_pays_five_to_ten_percent_of_the_unit():
    # 招标投标法 第五十三条
    row, unit = violation("WF-09"), Decimal("100000")
    check_person_fine(row, unit, Decimal("5000"), "张三")
    check_person_fine(row, unit, Decimal("10000"), "张三")
    for fine in ("4999.99", "10000.01"):
        with pytest.raises(Refusal):
            check_person_fine(row, unit, Decimal(fine), "张三")


def test_a_violation_without_a_fine_on_units_refuses_one():
    with pytest.raises(Refusal):
        count_fine(violation("WF-20"), amount=Decimal("1"))
