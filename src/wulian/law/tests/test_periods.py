"""Statutory periods: the rules DT-1 … DT-9 and the test vectors of REFERENCE 0.5."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from wulian.law.calendar import LegalCalendar, YearTable, packaged_calendar
from wulian.law.periods import (
    Level,
    Pause,
    PausedSpan,
    Unit,
    check_deadline,
    check_minimum,
    complaint_due,
    count_calendar_days,
    count_working_days,
    counting_for,
    due_date,
    due_moment,
    holds,
    latest_day_before,
    merge_pauses,
    unit_for,
)

CALENDAR = packaged_calendar()
CALENDAR_DAY, WORKING_DAY = Unit.CALENDAR_DAY, Unit.WORKING_DAY

VECTORS = [
    (
        "投诉处理决定 3 工作日, 条例 61",
        date(2026, 9, 29),
        3,
        WORKING_DAY,
        date(2026, 10, 9),
        date(2026, 10, 9),
    ),
    (
        "投诉处理决定 30 工作日, 条例 61",
        date(2026, 9, 29),
        30,
        WORKING_DAY,
        date(2026, 11, 16),
        date(2026, 11, 16),
    ),
    (
        "同上 2025, 3 工作日, 条例 61",
        date(2025, 9, 30),
        3,
        WORKING_DAY,
        date(2025, 10, 11),
        date(2025, 10, 11),
    ),
    (
        "同上 2025, 30 工作日, 条例 61",
        date(2025, 9, 30),
        30,
        WORKING_DAY,
        date(2025, 11, 18),
        date(2025, 11, 18),
    ),
    (
        "同上 年末, 3 工作日, 条例 61",
        date(2026, 11, 20),
        3,
        WORKING_DAY,
        date(2026, 11, 25),
        date(2026, 11, 25),
    ),
    ("提出投诉 10 日, 条例 60", date(2026, 9, 24), 10, CALENDAR_DAY, date(2026, 10, 4), date(2026, 10, 8)),
    (
        "订立合同 30 日, 招标投标法 46",
        date(2026, 9, 1),
        30,
        CALENDAR_DAY,
        date(2026, 10, 1),
        date(2026, 10, 8),
    ),
    ("异议答复 3 日, 条例 22、54", date(2026, 4, 3), 3, CALENDAR_DAY, date(2026, 4, 6), date(2026, 4, 7)),
    (
        "中标候选人公示 3 日, 条例 54",
        date(2026, 9, 24),
        3,
        CALENDAR_DAY,
        date(2026, 9, 27),
        date(2026, 9, 28),
    ),
    ("处罚信息公示 7 工作日", date(2026, 2, 13), 7, WORKING_DAY, date(2026, 3, 2), date(2026, 3, 2)),
    (
        "处罚决定 90 日, 行政处罚法 60",
        date(2026, 7, 1),
        90,
        CALENDAR_DAY,
        date(2026, 9, 29),
        date(2026, 9, 29),
    ),
]


@pytest.mark.parametrize(
    ("case", "start", "n", "unit", "raw", "due"), VECTORS, ids=[row[0] for row in VECTORS]
)
def test_the_reference_vector(case, start, n, unit, raw, due):
    result = due_date(start, n, unit, CALENDAR)
    assert (result.raw, result.due, result.provisional) == (raw, due, False)


def test_a_due_date_in_a_year_without_calendar_is_provisional():
    result = due_date(date(2026, 11, 20), 30, WORKING_DAY, CALENDAR)
    assert (result.due, result.provisional) == (date(2027, 1, 1), True)


def test_it_is_final_once_the_year_is_loaded():
    table = YearTable(2027, frozenset(date(2027, 1, day) for day in (1, 2, 3)), frozenset())
    result = due_date(
        date(2026, 11, 20), 30, WORKING_DAY, LegalCalendar.of([*CALENDAR.years.values(), table])
    )
    assert (result.due, result.provisional) == (date(2027, 1, 4), False)


def test_calendar_days_are_provisional_only_when_the_end_lies_in_an_unknown_year():
    assert not due_date(date(2026, 12, 1), 30, CALENDAR_DAY, CALENDAR).provisional  # 2026-12-31
    assert due_date(date(2026, 12, 1), 31, CALENDAR_DAY, CALENDAR).provisional  # 2027-01-01


def test_working_days_counted_in_an_unknown_past_year_are_provisional():
    assert due_date(date(2023, 12, 20), 20, WORKING_DAY, CALENDAR).provisional
    assert not due_date(date(2023, 12, 31), 20, WORKING_DAY, CALENDAR).provisional


# Tender period, 招标投标法 第二十四条: not less than 20 日, two thresholds


@pytest.mark.parametrize(
    ("deadline", "level", "margin"),
    [
        (date(2026, 6, 22), None, 1),
        (date(2026, 6, 21), None, 0),
        (date(2026, 6, 20), Level.YELLOW, -1),
        (date(2026, 6, 19), Level.RED, -2),
        (date(2026, 6, 10), Level.RED, -11),
    ],
)
def test_a_tender_period_is_red_only_when_short_under_every_counting(deadline, level, margin):
    finding = check_minimum(date(2026, 6, 1), deadline, 20)
    assert (finding.level, finding.margin) == (level, margin)


def test_a_minimum_in_working_days_skips_the_holiday_and_needs_a_calendar():
    # 听证 7 工作日前通知 (行政处罚法 64、85): 2026-09-29 to 2026-10-15 is 7 working days because of 国庆节
    assert check_minimum(date(2026, 9, 29), date(2026, 10, 14), 7, WORKING_DAY, CALENDAR).level is None
    assert (
        check_minimum(date(2026, 9, 29), date(2026, 10, 13), 7, WORKING_DAY, CALENDAR).level is Level.YELLOW
    )
    assert check_minimum(date(2026, 9, 29), date(2026, 10, 12), 7, WORKING_DAY, CALENDAR).level is Level.RED
    with pytest.raises(ValueError, match="needs a calendar"):
        check_minimum(date(2026, 9, 29), date(2026, 10, 14), 7, WORKING_DAY)


@pytest.mark.parametrize(
    ("today", "level", "margin"),
    [
        (date(2026, 10, 4), None, 4),
        (date(2026, 10, 5), Level.ORANGE, 3),
        (date(2026, 10, 8), Level.ORANGE, 0),
        (date(2026, 10, 9), Level.RED, -1),
    ],
)
def test_a_deadline_is_orange_past_the_raw_date_and_red_past_the_rolled_one(today, level, margin):
    finding = check_deadline(date(2026, 10, 4), date(2026, 10, 8), today)
    assert (finding.level, finding.margin) == (level, margin)


def test_a_rolled_date_before_the_raw_date_is_refused():
    with pytest.raises(ValueError, match="cannot be before"):
        check_deadline(date(2026, 10, 8), date(2026, 10, 4), date(2026, 10, 1))


# DT-1, DT-9: counting


def test_the_start_day_is_not_counted():
    """民法典 第二百零一条 (DT-1)."""
    assert count_calendar_days(date(2026, 6, 1), date(2026, 6, 1)) == 0
    assert count_working_days(date(2026, 6, 1), date(2026, 6, 2), CALENDAR) == 1


def test_make_up_days_count_as_working_days_and_holidays_do_not():
    assert (
        count_working_days(date(2026, 9, 30), date(2026, 10, 10), CALENDAR) == 3
    )  # 8, 9 and Saturday the 10th


def test_counts_are_negative_backwards():
    assert count_calendar_days(date(2026, 6, 5), date(2026, 6, 1)) == -4
    assert count_working_days(date(2026, 10, 10), date(2026, 9, 30), CALENDAR) == -3


# DT-3


@pytest.mark.parametrize(
    ("value", "word", "expected"),
    [
        ("200", "以上", True),
        ("199.99", "以上", False),
        ("200", "以下", True),
        ("200", "以内", True),
        ("200.01", "以内", False),
        ("200", "届满", True),
        ("200", "不满", False),
        ("199.99", "不满", True),
        ("200", "超过", False),
        ("200.01", "超过", True),
        ("200", "以外", False),
    ],
)
def test_bound_words_include_or_exclude_the_number(value, word, expected):
    """民法典 第一千二百五十九条 (DT-3)."""
    assert holds(Decimal(value), word, Decimal("200")) is expected


def test_an_undefined_bound_word_is_refused():
    with pytest.raises(ValueError, match="左右"):
        holds(Decimal(1), "左右", Decimal(1))


# DT-4 … DT-8


@pytest.mark.parametrize(
    ("instrument", "n", "unit", "rule"),
    [
        ("ZBF", 3, CALENDAR_DAY, "DT-4"),
        ("TL", 10, CALENDAR_DAY, "DT-4"),
        ("CF", 1, CALENDAR_DAY, "DT-5"),
        ("CF", 2, WORKING_DAY, "DT-5"),
        ("CF", 3, WORKING_DAY, "DT-5"),
        ("CF", 4, CALENDAR_DAY, "DT-5"),
        ("CF", 5, WORKING_DAY, "DT-5"),
        ("CF", 7, WORKING_DAY, "DT-5"),
        ("CF", 15, CALENDAR_DAY, "DT-5"),
        ("CF", 90, CALENDAR_DAY, "DT-5"),
        ("QZ", 1, WORKING_DAY, "DT-6"),
        ("QZ", 10, WORKING_DAY, "DT-6"),
        ("QZ", 11, CALENDAR_DAY, "DT-6"),
        ("FY", 3, WORKING_DAY, "DT-7"),
        ("FY", 4, CALENDAR_DAY, "DT-7"),
        ("FY", 10, WORKING_DAY, "DT-7"),
        ("FY", 60, CALENDAR_DAY, "DT-7"),
        ("YS", 3, CALENDAR_DAY, "DT-8"),
    ],
)
def test_ri_means_what_its_statute_says(instrument, n, unit, rule):
    assert unit_for(instrument, n) is unit
    assert counting_for(instrument, n).rule == rule


def test_an_instrument_without_a_counting_rule_is_refused_rather_than_guessed():
    with pytest.raises(ValueError, match="E20"):
        unit_for("E20", 3)


def test_a_transfer_period_is_not_rolled_forward():
    """移送规定 第五条 (DT-8): the earliest date is taken."""
    counting = counting_for("YS", 3)
    result = due_date(date(2026, 9, 30), 3, counting.unit, CALENDAR, roll_forward=counting.roll_forward)
    assert result.raw == result.due == date(2026, 10, 3)


def test_twenty_four_hours_run_through_the_night_and_the_holiday():
    assert due_moment(datetime(2026, 9, 30, 16, 30), 24).moment == datetime(2026, 10, 1, 16, 30)


# Months and years: 民法典 第二百零二条


@pytest.mark.parametrize(
    ("start", "n", "unit", "raw"),
    [
        (date(2026, 3, 15), 6, Unit.MONTH, date(2026, 9, 15)),
        (date(2025, 11, 30), 3, Unit.MONTH, date(2026, 2, 28)),
        (date(2024, 2, 29), 2, Unit.YEAR, date(2026, 2, 28)),
        (date(2025, 10, 31), 2, Unit.MONTH, date(2025, 12, 31)),
    ],
)
def test_months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month(start, n, unit, raw):
    assert due_date(start, n, unit, CALENDAR).raw == raw


def test_a_month_period_is_extended_by_the_paused_calendar_days():
    paused = due_date(
        date(2026, 3, 15), 3, Unit.MONTH, CALENDAR, [Pause(date(2026, 4, 1), date(2026, 4, 11))]
    )
    assert paused.raw == date(2026, 6, 25)


# Pauses


def test_the_day_a_pause_begins_counts_and_the_day_it_ends_does_not():
    """条例 61(2): (start, end] is excluded, so 30 working days move by the working days in it."""
    pause = Pause(date(2026, 10, 12), date(2026, 10, 16))  # Monday to Friday: 13, 14, 15, 16 are excluded
    assert due_date(date(2026, 9, 29), 30, WORKING_DAY, CALENDAR, [pause]).due == date(2026, 11, 20)


def test_a_pause_of_no_length_and_one_after_the_end_change_nothing():
    plain = due_date(date(2026, 9, 29), 3, WORKING_DAY, CALENDAR)
    idle = [Pause(date(2026, 9, 30), date(2026, 9, 30)), Pause(date(2026, 10, 9), date(2026, 12, 1))]
    assert due_date(date(2026, 9, 29), 3, WORKING_DAY, CALENDAR, idle).due == plain.due


def test_overlapping_nested_and_touching_pauses_are_one():
    pauses = [
        Pause(date(2026, 6, 10), date(2026, 6, 20)),
        Pause(date(2026, 6, 12), date(2026, 6, 14)),
        Pause(date(2026, 6, 18), date(2026, 6, 25)),
        Pause(date(2026, 6, 25), date(2026, 6, 27)),
        Pause(date(2026, 7, 1), date(2026, 7, 2)),
    ]
    assert merge_pauses(pauses, date(2026, 6, 1)) == (
        PausedSpan(date(2026, 6, 11), date(2026, 6, 27)),
        PausedSpan(date(2026, 7, 2), date(2026, 7, 2)),
    )


def test_a_pause_from_before_the_start_excludes_only_days_after_it():
    result = due_date(
        date(2026, 6, 1), 10, CALENDAR_DAY, CALENDAR, [Pause(date(2026, 5, 1), date(2026, 6, 3))]
    )
    assert result.raw == date(2026, 6, 13)


def test_the_roll_forward_never_ends_on_a_paused_day():
    # raw end Saturday 2026-06-13; the cause of the pause begins that day and lasts until Wednesday
    result = due_date(
        date(2026, 6, 3), 10, CALENDAR_DAY, CALENDAR, [Pause(date(2026, 6, 13), date(2026, 6, 17))]
    )
    assert (result.raw, result.due) == (date(2026, 6, 13), date(2026, 6, 18))


def test_a_pause_that_still_lasts_gives_the_earliest_date_and_says_provisional():
    lasting = [Pause(date(2026, 6, 5))]
    result = due_date(date(2026, 6, 1), 10, CALENDAR_DAY, CALENDAR, lasting, as_of=date(2026, 6, 10))
    assert (result.raw, result.provisional) == (date(2026, 6, 16), True)
    with pytest.raises(ValueError, match="as_of"):
        due_date(date(2026, 6, 1), 10, CALENDAR_DAY, CALENDAR, lasting)


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Pause(date(2026, 6, 5), date(2026, 6, 4))


@pytest.mark.parametrize("n", [0, -1])
@pytest.mark.parametrize("unit", [CALENDAR_DAY, WORKING_DAY, Unit.MONTH])
def test_a_period_of_nothing_is_refused(n, unit):
    with pytest.raises(ValueError, match="at least one"):
        due_date(date(2026, 6, 1), n, unit, CALENDAR)


def test_hours_are_refused_where_days_are_asked_for():
    with pytest.raises(ValueError, match="due_moment"):
        due_date(date(2026, 6, 1), 24, Unit.HOUR, CALENDAR)
    with pytest.raises(ValueError, match="at least one hour"):
        due_moment(datetime(2026, 6, 1, 9), 0)


# Counting back


def test_an_objection_is_due_ten_days_before_the_bid_deadline():
    """条例 22: 投标截止时间10日前."""
    last = latest_day_before(date(2026, 7, 20), 10, CALENDAR_DAY, CALENDAR)
    assert last == date(2026, 7, 10)
    assert check_minimum(last, date(2026, 7, 20), 10).level is None


def test_the_notice_of_a_hearing_is_due_seven_working_days_before():
    """行政处罚法 64(二)、85."""
    last = latest_day_before(date(2026, 10, 14), 7, WORKING_DAY, CALENDAR)
    assert last == date(2026, 9, 29)
    assert count_working_days(last, date(2026, 10, 14), CALENDAR) == 7
    assert count_working_days(date(2026, 9, 30), date(2026, 10, 14), CALENDAR) == 6


# The 10 日 to complain: 条例 60, REFERENCE D.3


def test_the_reply_time_of_an_objection_is_excluded_from_the_ten_days():
    result = complaint_due(
        date(2026, 6, 1), CALENDAR, objection_received=date(2026, 6, 2), replied_on=date(2026, 6, 5)
    )
    assert result.raw == date(2026, 6, 14)
    same_day = complaint_due(
        date(2026, 6, 1), CALENDAR, objection_received=date(2026, 6, 1), replied_on=date(2026, 6, 4)
    )
    assert same_day.raw == date(2026, 6, 14)


def test_an_objection_without_timely_reply_counts_as_replied_on_its_due_date():
    # received Friday 2026-04-03: 3 日 end on the holiday 04-06 and roll to 04-07
    silent = complaint_due(date(2026, 4, 2), CALENDAR, objection_received=date(2026, 4, 3))
    late = complaint_due(
        date(2026, 4, 2), CALENDAR, objection_received=date(2026, 4, 3), replied_on=date(2026, 4, 20)
    )
    assert silent.raw == late.raw == date(2026, 4, 16)
    assert complaint_due(date(2026, 9, 24), CALENDAR).due == date(2026, 10, 8)
