"""The penalty catalogue says what the articles say."""

from __future__ import annotations

import copy
from decimal import Decimal
from importlib.resources import files

import pytest
import yaml

from wulian.law.violations import chinese_number, read_violations, violation, violations


@pytest.fixture
def table():
    return copy.deepcopy(
        yaml.safe_load((files("wulian.law") / "violations.yaml").read_text(encoding="utf-8"))
    )


def test_the_catalogue_holds_wf_01_to_wf_34_in_order():
    assert list(violations()) == [f"WF-{number:02}" for number in range(1, 35)]


def test_every_row_names_an_offender_a_title_and_an_article_that_was_read():
    for item in violations().values():
        assert item.offender and item.title and item.provisions and item.confidence == "V", item.code


def test_a_provision_reads_as_a_document_cites_it():
    assert violation("WF-01").basis == "《中华人民共和国招标投标法》第四十九条"
    assert violation("WF-20").basis == "《中华人民共和国招标投标法》第六十条第二款"
    assert (
        violation("WF-26").basis == "《建设工程质量管理条例》第五十七条、《中华人民共和国建筑法》第六十四条"
    )
    assert violation("WF-34").duty_text == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (49, "四十九"), (90, "九十"), (99, "九十九")],
)
def test_article_numbers_are_written_in_chinese(number, text):
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", [0, 100, -1])
def test_an_article_number_outside_the_table_is_refused(number):
    with pytest.raises(ValueError, match="1 to 99"):
        chinese_number(number)


def test_collusion_costs_five_to_ten_per_thousand_of_the_winning_amount():
    """招标投标法 第五十三条."""
    [fine] = violation("WF-09").unit_fines
    assert fine.base_for(won=True) == "award" and not fine.optional
    assert fine.range_for(Decimal("30000000")) == (Decimal("150000"), Decimal("300000"))


def test_a_losing_bidder_is_fined_on_the_contract_amount_of_the_tender_not_on_nothing():
    """实施条例 第六十七条、第六十八条."""
    for code in ("WF-09", "WF-10"):
        [fine] = violation(code).unit_fines
        assert fine.base_for(won=False) == "tender_contract"
    [other] = violation("WF-14").unit_fines
    assert other.base_for(won=False) == "award"


def test_a_fine_counted_on_a_base_is_refused_without_a_positive_amount():
    [fine] = violation("WF-01").unit_fines
    for amount in (None, Decimal(0), Decimal("-1")):
        with pytest.raises(ValueError, match="项目合同金额"):
            fine.range_for(amount)


def test_a_fixed_range_needs_no_base():
    """招标投标法 第五十一条."""
    [fine] = violation("WF-03").unit_fines
    assert fine.optional and fine.range_for() == (Decimal("10000"), Decimal("50000"))


def test_persons_answer_with_five_to_ten_per_cent_of_the_unit_fine():
    """招标投标法 第五十三条."""
    persons = violation("WF-09").persons
    assert persons.range_for(Decimal("200000")) == (Decimal("10000"), Decimal("20000"))
    assert persons.range_for(None) is None
    assert violation("WF-01").persons.range_for(Decimal("200000")) is None
    assert violation("WF-01").persons.discipline


def test_members_of_the_committee_answer_with_a_fixed_range():
    """招标投标法 第五十六条."""
    assert violation("WF-12").persons.range_for() == (Decimal("3000"), Decimal("50000"))


def test_lending_a_qualification_has_one_range_for_works_and_one_for_services():
    """建设工程质量管理条例 第六十一条."""
    works, services = violation("WF-21").unit_fines
    assert works.range_for(Decimal("1000000")) == (Decimal("20000"), Decimal("40000"))
    assert services.range_for(Decimal("80000")) == (Decimal("80000"), Decimal("160000"))


def test_bans_run_for_the_years_of_the_article():
    bans = {code: item.ban_years for code, item in violations().items() if item.ban_years}
    assert bans == {"WF-02": (1, 2), "WF-09": (1, 2), "WF-10": (1, 3), "WF-20": (2, 5)}


def test_illegal_subcontracting_knows_its_second_route():
    """行政处罚法 第二十九条: one act, one fine, the higher applies."""
    assert violation("WF-19").competes_with == "WF-23" and violation("WF-23").competes_with == "WF-19"


def test_an_unknown_code_is_a_key_error():
    with pytest.raises(KeyError):
        violation("WF-99")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"provisions": ["XYZ 1"]}, "known instrument"),
        ({"provisions": ["ZBF four"]}, "known instrument"),
        ({"provisions": []}, "at least one"),
        ({"domain": "sea"}, "domain is one of"),
        ({"unit_fines": [{"kind": "share", "min": "1", "max": "2"}]}, "kind of fine"),
        ({"unit_fines": [{"kind": "rate", "min": "0.1", "max": "0.2"}]}, "needs one of"),
        ({"unit_fines": [{"kind": "amount", "base": "award", "min": "1", "max": "2"}]}, "needs one of"),
        ({"unit_fines": [{"kind": "amount", "min": "2", "max": "1"}]}, "minimum <= maximum"),
        ({"competes_with": "WF-88"}, "unknown WF-88"),
        ({"code": "WF-02"}, "appears twice"),
    ],
)
def test_a_bad_row_is_named(table, change, message):
    table["violations"][0].update(change)
    with pytest.raises(ValueError, match=rf"WF-0\d.*{message}"):
        read_violations(table)
