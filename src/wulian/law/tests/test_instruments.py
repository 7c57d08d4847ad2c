"""The seed table of legal instruments (REFERENCE 0.4)."""

from datetime import date

import pytest

from wulian.law.instruments import instrument, instruments

KEYS = [
    "ZBF",
    "TL",
    "CF",
    "QZ",
    "FY",
    "YS",
    "TS",
    "E20",
    "N16",
    "S843",
    "N770",
    "N12",
    "N30",
    "N27",
    "N2",
    "N10",
    "Z26",
    "G16",
    "GPJZ",
    "P1117",
    "P21",
    "P1358",
    "X36",
    "JD825",
    "J54",
    "ZJ55",
    "RD1",
    "SME",
    "NMG",
    "HB27",
    "HBRC",
    "HBCL",
    "HBLH",
    "HB25",
    "SZDL",
]


def test_the_table_has_exactly_the_instruments_of_the_reference():
    assert list(instruments()) == KEYS


def test_the_penalty_law_is_verified_and_dated():
    law = instrument("CF")
    assert (law.title, law.in_force_since, law.is_verified) == ("行政处罚法", "2021-07-15", True)


def test_an_instrument_that_was_not_found_says_so_and_has_no_date():
    missing = instrument("HBCL")
    assert (missing.confidence, missing.in_force_since) == ("U", "")
    assert "not found" in missing.note
    assert missing.in_force_on(date(2026, 1, 1)) is None


def test_whether_an_instrument_was_in_force_depends_on_the_day():
    repair = instrument("X36")  # since 2026-04-01
    assert repair.in_force_on(date(2026, 3, 31)) is False
    assert repair.in_force_on(date(2026, 4, 1)) is True
    opinions = instrument("P1117")  # 2022-09-01 to 2027-08-31
    assert opinions.in_force_on(date(2027, 8, 31)) is True
    assert opinions.in_force_on(date(2027, 9, 1)) is False


def test_a_date_known_only_to_the_month_is_unknown_inside_that_month():
    notice = instrument("N770")  # 2020-10
    assert notice.in_force_on(date(2020, 9, 30)) is False
    assert notice.in_force_on(date(2020, 10, 15)) is None
    assert notice.in_force_on(date(2020, 11, 1)) is True


def test_every_row_has_a_title_and_a_confidence_code():
    for item in instruments().values():
        assert item.title
        assert item.confidence in {"V", "S", "M", "U"}


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        instrument("XYZ")
