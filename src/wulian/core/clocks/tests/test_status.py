"""What a clock says at a glance: colour, shape, words, in the unit of the clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from wulian.core.accounts.choices import Role
from wulian.core.clocks.choices import SuspensionReason
from wulian.core.clocks.models import Clock
from wulian.core.clocks.projection import remaining_budget
from wulian.core.clocks.selectors import calendar, clock_status
from wulian.core.clocks.services import stop_clock, suspend_clock, void_clock
from wulian.core.clocks.status import SHAPES
from wulian.core.clocks.tests.factories import make_clock, make_user
from wulian.law.periods import Level, Unit

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _in_november_2026():
    with (
        time_machine.travel(datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI), tick=False),
        translation.override("en"),
    ):
        yield


@pytest.mark.parametrize(
    ("today", "level", "text"),
    [
        (date(2026, 9, 29), Level.GREEN, "30 working days left"),
        (date(2026, 10, 7), Level.GREEN, "29 working days left"),  # the holiday takes nothing from the budget
        (date(2026, 11, 10), Level.GREEN, "4 working days left"),
        (date(2026, 11, 11), Level.YELLOW, "3 working days left"),
        (date(2026, 11, 13), Level.YELLOW, "1 working day left"),
        (date(2026, 11, 14), Level.YELLOW, "1 working day left"),  # Saturday
        (date(2026, 11, 16), Level.YELLOW, "due today"),
        (date(2026, 11, 17), Level.RED, "1 working day overdue"),
        (date(2026, 11, 20), Level.RED, "4 working days overdue"),
    ],
)
def test_a_working_day_clock_counts_working_days(today, level, text):
    status = clock_status(make_clock(), today)
    assert (status.level, status.text, status.shape) == (level, text, SHAPES[level])


@pytest.mark.parametrize(
    ("today", "level", "text"),
    [
        (date(2026, 9, 30), Level.GREEN, "8 days left"),
        (date(2026, 10, 4), Level.GREEN, "4 days left"),
        (date(2026, 10, 5), Level.ORANGE, "3 days left"),
        (date(2026, 10, 8), Level.ORANGE, "due today"),
        (date(2026, 10, 9), Level.RED, "1 day overdue"),
    ],
)
def test_a_calendar_day_clock_is_orange_between_the_raw_and_the_rolled_date(today, level, text):
    """提出投诉 10 日 from 2026-09-24: raw 10-04, rolled 10-08 (two-threshold practice)."""
    status = clock_status(make_clock(started_on=date(2026, 9, 24), n=10, unit=Unit.CALENDAR_DAY), today)
    assert (status.level, status.text) == (level, text)


def test_overdue_on_a_weekend_is_said_in_days_because_no_working_day_has_passed():
    clock = make_clock(n=34)  # due Friday 2026-11-20
    assert clock.due == date(2026, 11, 20)
    status = clock_status(clock, date(2026, 11, 21))
    assert (status.level, status.text) == (Level.RED, "1 day overdue")


def test_a_provisional_date_says_so():
    assert (
        clock_status(make_clock(started_on=date(2026, 11, 20))).text == "27 working days left (provisional)"
    )


def test_a_suspended_clock_is_grey_and_keeps_what_was_left():
    clock = make_clock()
    officer = make_user("lijianguo", "李建国", Role.CASE_OFFICER)
    suspend_clock(
        actor=officer,
        clock=clock,
        from_day=date(2026, 10, 12),
        reason_code=SuspensionReason.EXPERT_REVIEW,
        document_no="随住更委〔2026〕8号",
    )
    for today in (date(2026, 10, 13), date(2027, 3, 1)):
        status = clock_status(clock, today)
        assert (status.level, status.text) == (Level.GREY, "Suspended, 25 working days left")
    assert remaining_budget(Clock.objects.get(pk=clock.pk), calendar(), date(2026, 12, 1)) == 25


def test_a_stopped_clock_says_how_it_ended():
    texts = [
        clock_status(stop_clock(actor=None, clock=make_clock(code(n)), stopped_on=day)).text
        for n, day in enumerate((date(2026, 11, 16), date(2026, 11, 17)))
    ]
    assert texts == ["Done in time", "Done late"]
    assert clock_status(void_clock(actor=None, clock=make_clock(code(9)), reason="重复")).text == "Void"


def code(number):
    from wulian.core.clocks.tests.factories import make_subject

    return make_subject(f"bureau{number}")


@pytest.mark.parametrize(
    ("now", "level", "text"),
    [
        (datetime(2026, 11, 24, 18, 0, tzinfo=SHANGHAI), Level.GREEN, "15 hours left"),
        (datetime(2026, 11, 25, 5, 0, tzinfo=SHANGHAI), Level.YELLOW, "4 hours left"),
        (datetime(2026, 11, 25, 8, 30, tzinfo=SHANGHAI), Level.YELLOW, "less than an hour left"),
        (datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI), Level.RED, "just overdue"),
        (datetime(2026, 11, 25, 11, 0, tzinfo=SHANGHAI), Level.RED, "2 hours overdue"),
        (datetime(2026, 11, 27, 8, 59, tzinfo=SHANGHAI), Level.RED, "47 hours overdue"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI), Level.RED, "2 days overdue"),
    ],
)
def test_a_clock_in_hours_counts_hours(now, level, text):
    approved = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
    clock = make_clock(started_on=None, started_at=approved, n=24, unit=Unit.HOUR)
    status = clock_status(clock, now=now)
    assert (status.level, status.text) == (level, text)


def test_a_clock_in_hours_that_is_done_late_on_its_last_day_is_overdue():
    approved = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
    clock = make_clock(started_on=None, started_at=approved, n=24, unit=Unit.HOUR)
    done = datetime(2026, 11, 25, 9, 1, tzinfo=SHANGHAI)
    assert stop_clock(actor=None, clock=clock, stopped_on=done.date(), stopped_at=done).outcome == "overdue"


def test_every_level_has_a_shape_of_its_own_and_a_tone():
    assert len(set(SHAPES.values())) == len(Level) == len(SHAPES)
    assert clock_status(make_clock(), date(2026, 11, 17)).tone == "red"


def test_status_words_are_chinese_by_default():
    with translation.override("zh-hans"):
        assert clock_status(make_clock(), date(2026, 11, 11)).text == "剩3个工作日"
        assert clock_status(Clock.objects.get(), date(2026, 11, 18)).text == "已超期2个工作日"
        assert clock_status(Clock.objects.get(), date(2026, 11, 16)).text == "今日到期"
