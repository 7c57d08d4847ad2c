"""The legal calendar of 2024 to 2026 (REFERENCE 0.5, calendar table; DT-9)."""

from datetime import date

import chinese_calendar
import pytest

from wulian.law.calendar import LegalCalendar, YearTable, days_between, packaged_calendar

CALENDAR = packaged_calendar()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_table_agrees_with_chinesecalendar(year):
    days = list(days_between(date(year, 1, 1), date(year, 12, 31)))
    assert len(days) in (365, 366)
    differing = [day for day in days if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize(("year", "off", "worked"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_each_year_has_as_many_special_days_as_the_reference_table(year, off, worked):
    table = CALENDAR.years[year]
    assert (len(table.days_off), len(table.working_weekends)) == (off, worked)
    assert table.confidence == "V"


def test_a_make_up_saturday_is_worked_and_a_bridge_day_is_off():
    assert CALENDAR.is_working_day(date(2026, 10, 10))  # Saturday, 调休上班 (DT-9)
    assert not CALENDAR.is_working_day(date(2026, 2, 16))  # Monday, 春节
    assert CALENDAR.name_of(date(2026, 2, 16)) == "春节"
    assert CALENDAR.name_of(date(2026, 10, 10)) == ""


def test_a_year_without_a_notice_is_not_loaded_and_falls_back_to_monday_to_friday():
    assert not CALENDAR.is_loaded(2027)
    assert CALENDAR.is_working_day(
        date(2027, 1, 1)
    )  # a holiday in truth: that is why results are provisional
    assert not CALENDAR.is_working_day(date(2027, 1, 2))


def test_working_days_are_counted_across_years():
    first, last = date(2024, 12, 25), date(2026, 1, 8)
    one_by_one = sum(CALENDAR.is_working_day(day) for day in days_between(date(2024, 12, 26), last))
    assert CALENDAR.working_days_in(first, last) == one_by_one
    assert CALENDAR.working_days_in(last, first) == 0


def test_counting_back_is_the_mirror_of_counting_forward():
    day = date(2026, 10, 9)
    assert CALENDAR.nth_working_day_before(day, 1) == day
    assert CALENDAR.nth_working_day_before(day, 3) == date(2026, 9, 30)
    assert CALENDAR.nth_working_day_before(date(2026, 1, 5), 2) == date(2026, 1, 4)  # a worked Sunday
    assert CALENDAR.nth_working_day_before(date(2026, 1, 5), 3) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("off", "worked", "message"),
    [
        ({date(2028, 1, 1)}, set(), "2028-01-01 is not in the calendar year 2027"),
        ({date(2027, 1, 2)}, {date(2027, 1, 2)}, "both a day off and a working day"),
        (set(), {date(2027, 1, 4)}, "no weekend day"),
    ],
)
def test_a_year_table_refuses_days_that_cannot_be(off, worked, message):
    with pytest.raises(ValueError, match=message):
        YearTable(2027, frozenset(off), frozenset(worked))


def test_a_later_table_of_the_same_year_replaces_the_earlier_one():
    first = YearTable(2027, frozenset(), frozenset())
    second = YearTable(2027, frozenset({date(2027, 1, 1)}), frozenset())
    assert not LegalCalendar.of([first, second]).is_working_day(date(2027, 1, 1))
