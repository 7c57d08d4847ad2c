"""The life of a clock, step by step: right, wrong state, wrong data."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.choices import ClockState, Outcome, SuspensionReason
from wulian.core.clocks.models import Clock, ClockProjection
from wulian.core.clocks.selectors import clocks_for, running_clocks
from wulian.core.clocks.services import (
    Start,
    resume_clock,
    start_clock,
    start_clocks,
    stop_clock,
    suspend_clock,
    void_clock,
)
from wulian.core.clocks.tests.factories import make_clock, make_subject, make_user
from wulian.core.config.errors import Refusal
from wulian.core.ui.testing import assert_max_queries
from wulian.law.periods import Unit

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _in_november_2026():
    with time_machine.travel(datetime(2026, 11, 5, 10, 0, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def officer(db):
    return make_user("lijianguo", "李建国", Role.CASE_OFFICER)


def suspend(clock, officer, from_day=date(2026, 10, 12), **kwargs):
    values = {
        "reason_code": SuspensionReason.APPRAISAL,
        "document_no": "随住更委〔2026〕8号",
        "institute": "湖北省建设工程质量检测中心",
    }
    return suspend_clock(actor=officer, clock=clock, from_day=from_day, **(values | kwargs))


# start


def test_a_clock_knows_its_due_date_and_the_calendar_it_rests_on(officer):
    clock = make_clock(actor=officer)
    assert (clock.due_raw, clock.due, clock.provisional) == (date(2026, 11, 16), date(2026, 11, 16), False)
    assert clock.calendar_revisions == {"2026": 1}
    assert clock.projections.get().new_due == date(2026, 11, 16)
    event = AuditEvent.objects.get(verb="clocks.started")
    assert (event.actor, event.subject_id) == (officer, str(clock.pk))


def test_many_clocks_started_at_once_are_those_started_one_by_one(officer):
    place = make_subject()
    one = make_clock(place, actor=officer)
    many = [
        Start(place, kind, one.label, one.basis, one.n, Unit(one.unit), one.started_on)
        for kind in ("first", "second", "third")
    ]
    with assert_max_queries(12):
        found = start_clocks(actor=officer, starts=many)
    cached = ("due_raw", "due", "due_at", "provisional", "calendar_revisions", "roll_forward", "state")
    for clock in Clock.objects.filter(pk__in=[clock.pk for clock in found]):
        assert [getattr(clock, name) for name in cached] == [getattr(one, name) for name in cached]
        assert clock.projections.get().new_due == one.due
    assert AuditEvent.objects.filter(verb="clocks.started").count() == 4
    with pytest.raises(Refusal):
        start_clocks(actor=officer, starts=[many[0]])


def test_a_clock_keeps_raw_and_rolled_dates_apart():
    clock = make_clock(started_on=date(2026, 9, 24), n=10, unit=Unit.CALENDAR_DAY)
    assert (clock.due_raw, clock.due) == (date(2026, 10, 4), date(2026, 10, 8))


def test_a_clock_that_ends_in_an_unpublished_year_is_provisional():
    clock = make_clock(started_on=date(2026, 11, 20))
    assert (clock.due, clock.provisional, clock.calendar_revisions) == (date(2027, 1, 1), True, {"2026": 1})


def test_a_second_running_clock_of_the_same_kind_is_refused():
    subject = make_subject()
    first = make_clock(subject)
    with pytest.raises(Refusal, match="投诉处理决定"):
        make_clock(subject)
    stop_clock(actor=None, clock=first, stopped_on=date(2026, 11, 5))
    assert make_clock(subject).is_running


def test_other_kinds_and_other_records_have_clocks_of_their_own():
    subject = make_subject()
    make_clock(subject)
    make_clock(subject, kind="complaint.admit", n=3)
    make_clock(make_subject("jiaotong"))
    assert clocks_for(subject).count() == 2
    assert running_clocks(type(subject)).count() == 3
    assert running_clocks(Clock).count() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [({"n": 0}, "n"), ({"started_on": None}, "started_on"), ({"unit": Unit.HOUR}, "started_at")],
)
def test_a_clock_without_length_or_start_is_refused_and_leaves_nothing(values, field):
    with pytest.raises(Refusal) as refusal:
        make_clock(**values)
    assert refusal.value.field == field
    assert not Clock.objects.exists()


def test_a_clock_in_hours_ends_at_a_moment_and_never_rolls():
    """移送规定 第五条: 24 小时内."""
    approved = datetime(2026, 9, 30, 16, 30, tzinfo=SHANGHAI)
    clock = make_clock(started_on=None, started_at=approved, n=24, unit=Unit.HOUR, rule="DT-8")
    assert (clock.started_on, clock.due) == (date(2026, 9, 30), date(2026, 10, 1))
    assert clock.due_at == datetime(2026, 10, 1, 16, 30, tzinfo=SHANGHAI)
    assert not clock.roll_forward


def test_an_hour_clock_belongs_to_the_local_day_even_when_the_moment_is_given_in_utc():
    late = datetime(2026, 9, 29, 16, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Suizhou
    clock = make_clock(started_on=None, started_at=late, n=24, unit=Unit.HOUR)
    assert (clock.started_on, clock.due) == (date(2026, 9, 30), date(2026, 10, 1))


def test_the_public_may_set_off_a_clock():
    start_clock(
        actor=None,
        subject=make_subject(),
        kind="complaint.admit",
        label="投诉受理审查",
        basis="招标投标法实施条例 第六十一条",
        started_on=date(2026, 9, 29),
        n=3,
        unit=Unit.WORKING_DAY,
    )
    assert Clock.objects.get().due == date(2026, 10, 9)


# suspend and resume


def test_a_suspended_clock_has_no_date_until_it_is_resumed(officer):
    clock = make_clock()
    suspend(clock, officer)
    assert (clock.due, clock.due_raw, clock.provisional) == (None, None, False)
    resume_clock(actor=officer, clock=clock, to_day=date(2026, 10, 16))
    assert clock.due == date(2026, 11, 20)  # 13, 14, 15, 16 October are excluded
    assert [row.new_due for row in clock.projections.all()] == [date(2026, 11, 16), None, date(2026, 11, 20)]
    assert AuditEvent.objects.filter(verb__in=["clocks.suspended", "clocks.resumed"]).count() == 2


def test_a_suspension_may_be_entered_with_its_end(officer):
    clock = make_clock()
    suspend(clock, officer, until=date(2026, 10, 16))
    assert clock.due == date(2026, 11, 20)
    suspend(
        clock, officer, from_day=date(2026, 10, 14), until=date(2026, 10, 19)
    )  # overlaps: only the 19th is new
    assert clock.due == date(2026, 11, 23)


def test_resuming_on_the_day_of_suspension_changes_nothing(officer):
    clock = make_clock()
    suspend(clock, officer)
    resume_clock(actor=officer, clock=clock, to_day=date(2026, 10, 12))
    assert clock.due == date(2026, 11, 16)


def test_a_clock_cannot_be_resumed_before_it_was_suspended(officer):
    clock = make_clock()
    suspend(clock, officer)
    with pytest.raises(Refusal) as refusal:
        resume_clock(actor=officer, clock=clock, to_day=date(2026, 10, 11))
    assert refusal.value.field == "to_day"
    clock.refresh_from_db()
    assert clock.due is None


def test_a_clock_that_is_not_suspended_cannot_be_resumed(officer):
    with pytest.raises(Refusal):
        resume_clock(actor=officer, clock=make_clock(), to_day=date(2026, 10, 16))


def test_a_suspended_clock_cannot_be_suspended_again(officer):
    clock = make_clock()
    suspend(clock, officer)
    with pytest.raises(Refusal):
        suspend(clock, officer, from_day=date(2026, 10, 20))
    assert clock.suspensions.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"document_no": " "}, "document_no"),
        ({"reason_code": SuspensionReason.OTHER, "note": ""}, "note"),
        ({"from_day": date(2026, 9, 28)}, "from_day"),
        ({"from_day": date(2026, 11, 6)}, "from_day"),
        ({"until": date(2026, 10, 11)}, "until"),
        ({"until": date(2026, 11, 6)}, "until"),
    ],
)
def test_a_suspension_without_ground_or_with_impossible_days_is_refused(officer, values, field):
    clock = make_clock()
    with pytest.raises(Refusal) as refusal:
        suspend(clock, officer, **values)
    assert refusal.value.field == field
    assert not clock.suspensions.exists()


def test_a_clock_that_has_run_out_has_nothing_left_to_suspend(officer):
    clock = make_clock(n=3)  # due 2026-10-09
    with pytest.raises(Refusal, match="2026-10-09"):
        suspend(clock, officer, from_day=date(2026, 10, 9))
    suspend(clock, officer, from_day=date(2026, 10, 8))
    assert clock.due is None


def test_a_clock_in_hours_cannot_be_suspended(officer):
    clock = make_clock(
        started_on=None, started_at=datetime(2026, 11, 5, 9, tzinfo=SHANGHAI), n=24, unit=Unit.HOUR
    )
    with pytest.raises(Refusal):
        suspend(clock, officer, from_day=date(2026, 11, 5))


# stop and void


@pytest.mark.parametrize(
    ("day", "outcome"), [(date(2026, 10, 9), Outcome.MET), (date(2026, 10, 10), Outcome.OVERDUE)]
)
def test_a_duty_done_on_the_last_day_is_met_and_a_day_later_overdue(officer, day, outcome):
    clock = stop_clock(actor=officer, clock=make_clock(n=3), stopped_on=day)
    assert (clock.state, clock.stopped_on, clock.outcome) == (ClockState.STOPPED, day, outcome)
    assert AuditEvent.objects.get(verb="clocks.stopped").data["outcome"] == outcome


def test_stopping_a_suspended_clock_ends_its_suspension(officer):
    clock = make_clock()
    suspend(clock, officer)
    stop_clock(actor=officer, clock=clock, stopped_on=date(2026, 11, 4))
    assert clock.suspensions.get().ended_on == date(2026, 11, 4)
    assert clock.outcome == Outcome.MET
    assert clock.due > date(2026, 11, 16)


@pytest.mark.parametrize("day", [date(2026, 9, 28), date(2026, 11, 6)])
def test_a_clock_cannot_be_stopped_before_its_start_or_in_the_future(officer, day):
    clock = make_clock()
    with pytest.raises(Refusal) as refusal:
        stop_clock(actor=officer, clock=clock, stopped_on=day)
    assert refusal.value.field == "stopped_on"
    clock.refresh_from_db()
    assert clock.is_running


def test_nothing_can_be_done_with_a_stopped_clock(officer):
    clock = stop_clock(actor=officer, clock=make_clock(), stopped_on=date(2026, 11, 5))
    for attempt in (
        lambda: stop_clock(actor=officer, clock=clock, stopped_on=date(2026, 11, 5)),
        lambda: void_clock(actor=officer, clock=clock, reason="重复登记"),
        lambda: suspend(clock, officer),
        lambda: resume_clock(actor=officer, clock=clock, to_day=date(2026, 11, 5)),
    ):
        with pytest.raises(Refusal):
            attempt()


def test_a_stale_copy_of_a_clock_cannot_be_stopped_twice(officer):
    clock = make_clock()
    stale = Clock.objects.get(pk=clock.pk)
    stop_clock(actor=officer, clock=clock, stopped_on=date(2026, 11, 4))
    with pytest.raises(Refusal):
        stop_clock(actor=officer, clock=stale, stopped_on=date(2026, 11, 5))


def test_a_void_clock_keeps_its_dates_and_says_why(officer):
    clock = void_clock(actor=officer, clock=make_clock(), reason="同一投诉重复登记")
    assert (clock.outcome, clock.due) == (Outcome.VOID, date(2026, 11, 16))
    assert "同一投诉重复登记" in AuditEvent.objects.get(verb="clocks.voided").summary
    with pytest.raises(Refusal) as refusal:
        void_clock(actor=officer, clock=clock, reason=" ")
    assert refusal.value.field == "reason"


def test_the_cached_date_can_be_lost_and_computed_again(officer):
    """Budget and ledger are the truth; the stored date is only for lists and indexes."""
    from wulian.core.clocks.services.clocks import refresh_projection

    clock = make_clock()
    suspend(clock, officer, until=date(2026, 10, 16))
    Clock.objects.filter(pk=clock.pk).update(due=date(2030, 1, 1), due_raw=None)
    clock = Clock.objects.get(pk=clock.pk)
    refresh_projection(clock, "校正", officer)
    assert Clock.objects.get(pk=clock.pk).due == date(2026, 11, 20)
    assert ClockProjection.objects.last().old_due == date(2030, 1, 1)
