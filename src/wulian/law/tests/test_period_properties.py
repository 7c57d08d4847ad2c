"""Periods against an independent walker, day by day, and properties that must hold for every input."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wulian.law.calendar import packaged_calendar
from wulian.law.periods import Pause, Unit, count_working_days, due_date, latest_day_before

CALENDAR = packaged_calendar()
DAY = timedelta(days=1)
FIRST = date(2023, 11, 1)
SPAN = (date(2027, 3, 1) - FIRST).days

# The walker's own picture of the calendar, written out again from the notices; it shares no code with the package.
OFF = {
    "2024-01-01 2024-02-10/17 2024-04-04/06 2024-05-01/05 2024-06-10 2024-09-15/17 2024-10-01/07",
    "2025-01-01 2025-01-28/31 2025-02-01/04 2025-04-04/06 2025-05-01/05 2025-05-31 2025-06-01/02 2025-10-01/08",
    "2026-01-01/03 2026-02-15/23 2026-04-04/06 2026-05-01/05 2026-06-19/21 2026-09-25/27 2026-10-01/07",
}
WORKED = {
    date.fromisoformat(day)
    for day in [
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
}


def _days_off():
    for token in " ".join(OFF).split():
        day, _, last = token.partition("/")
        first = date.fromisoformat(day)
        for number in range(first.day, int(last or first.day) + 1):
            yield first.replace(day=number)


HOLIDAYS = set(_days_off())


def is_worked(day):
    return day in WORKED or (day.weekday() < 5 and day not in HOLIDAYS)


def walk(start, n, unit, pauses):
    """Tick off one day after the other: (raw, due, provisional)."""
    paused = {a + DAY * i for a, b in pauses for i in range(1, (b - a).days + 1)}
    day, elapsed, guessed = start, 0, False
    while elapsed < n:
        day += DAY
        if day in paused:
            continue
        if unit is Unit.WORKING_DAY:
            guessed = guessed or not 2024 <= day.year <= 2026
            elapsed += is_worked(day)
        else:
            elapsed += 1
    raw = day
    guessed = guessed or not 2024 <= raw.year <= 2026
    while day in paused or not is_worked(day):
        day += DAY
    return raw, day, guessed or not 2024 <= day.year <= 2026


def random_pauses(rng, start):
    pauses = []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5))):
        begin = start + DAY * rng.randint(-8, 60)
        length = rng.choice((0, 0, 1, 2, 3, 7, rng.randint(0, 45)))
        pauses.append((begin, begin + DAY * length))
        shape = rng.random()
        if shape < 0.2:  # nested
            inner = begin + DAY * rng.randint(0, length)
            pauses.append((inner, inner + DAY * rng.randint(0, (begin + DAY * length - inner).days)))
        elif shape < 0.4:  # overlapping or touching
            pauses.append((begin + DAY * length, begin + DAY * (length + rng.randint(0, 10))))
        elif shape < 0.45:  # said twice
            pauses.append(pauses[-1])
    rng.shuffle(pauses)
    return pauses


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_random_cases_agree_with_the_day_by_day_walker(seed):
    rng = random.Random(20240101 + seed)
    for _ in range(10_000):
        start = FIRST + DAY * rng.randrange(SPAN)
        unit = rng.choice((Unit.CALENDAR_DAY, Unit.WORKING_DAY))
        n = rng.choice((1, 2, 3, 5, 7, 10, 15, 20, 30, rng.randint(1, 90)))
        pauses = random_pauses(rng, start)
        result = due_date(start, n, unit, CALENDAR, [Pause(a, b) for a, b in pauses])
        expected = walk(start, n, unit, pauses)
        assert (result.raw, result.due, result.provisional) == expected, (start, n, unit, pauses)


starts = st.dates(date(2023, 6, 1), date(2027, 6, 1))
units = st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH])
lengths = st.integers(1, 120)


@st.composite
def pause_lists(draw):
    pairs = draw(
        st.lists(st.tuples(st.dates(date(2023, 6, 1), date(2027, 12, 1)), st.integers(0, 60)), max_size=5)
    )
    return [Pause(begin, begin + DAY * length) for begin, length in pairs]


@settings(max_examples=200)
@given(starts, lengths, units, pause_lists())
def test_a_longer_period_never_ends_earlier(start, n, unit, pauses):
    shorter, longer = (due_date(start, k, unit, CALENDAR, pauses) for k in (n, n + 1))
    assert shorter.raw < longer.raw
    assert shorter.due <= longer.due


@settings(max_examples=200)
@given(starts, lengths, units, pause_lists(), pause_lists())
def test_another_pause_never_makes_the_date_earlier(start, n, unit, pauses, more):
    before, after = (due_date(start, n, unit, CALENDAR, ledger) for ledger in (pauses, [*pauses, *more]))
    assert after.raw >= before.raw
    assert after.due >= before.due


@settings(max_examples=200)
@given(starts, lengths, units, pause_lists(), st.randoms())
def test_the_order_of_the_ledger_and_double_entries_do_not_matter(start, n, unit, pauses, rng):
    shuffled = [*pauses, *pauses[:2]]
    rng.shuffle(shuffled)
    assert due_date(start, n, unit, CALENDAR, pauses) == due_date(start, n, unit, CALENDAR, shuffled)


@settings(max_examples=200)
@given(starts, lengths, units, pause_lists())
def test_a_period_ends_on_a_worked_day_that_is_not_paused(start, n, unit, pauses):
    result = due_date(start, n, unit, CALENDAR, pauses)
    assert start < result.raw <= result.due
    assert is_worked(result.due)
    assert not any(pause.start < result.due <= pause.end for pause in pauses)


@settings(max_examples=200)
@given(starts, lengths)
def test_counting_the_working_days_of_a_period_gives_its_length(start, n):
    assert count_working_days(start, due_date(start, n, Unit.WORKING_DAY, CALENDAR).due, CALENDAR) == n


@settings(max_examples=200)
@given(starts, lengths, st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY]))
def test_the_latest_day_before_leaves_enough_days_and_the_next_day_does_not(end, n, unit):
    last = latest_day_before(end, n, unit, CALENDAR)
    counted = [
        count_working_days(day, end, CALENDAR) if unit is Unit.WORKING_DAY else (end - day).days
        for day in (last, last + DAY)
    ]
    assert counted == [n, n - 1]
