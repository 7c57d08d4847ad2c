"""Reminders exactly once at 50 %, 80 %, the last day and after, to who owes the step; then to the heads."""

from datetime import date, datetime

import pytest
import time_machine

from wulian.casework.intake.choices import ReminderStep
from wulian.casework.intake.models import Complaint, Reminder
from wulian.casework.intake.services import clocks, reminding
from wulian.casework.intake.tests import factories as make
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import suspend_clock
from wulian.core.ui.models import Notification

pytestmark = pytest.mark.django_db


def run_on(day):
    with time_machine.travel(datetime.fromisoformat(f"{day}T08:10:00+08:00"), tick=False):
        return reminding.remind_of_clocks()


def told(matter, kind):
    """The steps told of one clock so far, and of whom in all."""
    clock = Clock.objects.of(matter).get(kind=kind)
    return [
        ReminderStep(step) for step in Reminder.objects.filter(clock=clock).values_list("step", flat=True)
    ]


def messages(user, matter):
    return [
        row.title
        for row in Notification.objects.filter(user=user, title__contains=f"{matter.number}：").order_by("id")
    ]


def test_each_step_is_told_once_however_often_the_scheduler_runs(people, examined):
    """3 working days from 29 September 2026: 30 September, 8 and 9 October."""
    assert run_on("2026-09-30") == 0, "one of three working days is a third"
    assert run_on("2026-10-08") == 1 and run_on("2026-10-08") == 0
    assert told(examined, clocks.ADMISSION) == [ReminderStep.HALF]
    assert run_on("2026-10-09") == 1 and run_on("2026-10-09") == 0
    assert told(examined, clocks.ADMISSION)[-1] is ReminderStep.LAST_DAY
    assert len(messages(people.officer, examined)) == 2
    assert messages(people.section, examined) == messages(people.office_head, examined) == []


def test_when_it_has_passed_the_heads_are_told_as_well(people, examined):
    assert run_on("2026-10-10") == 1
    for who in (people.officer, people.section, people.office_head):
        assert len(messages(who, examined)) == 1
    assert messages(people.stranger, examined) == messages(people.clerk, examined) == []


def test_what_was_missed_while_nobody_looked_is_one_message(people, examined):
    run_on("2026-10-10")
    assert told(examined, clocks.ADMISSION) == [
        ReminderStep.HALF, ReminderStep.MOST, ReminderStep.LAST_DAY, ReminderStep.OVERDUE,
    ]  # fmt: skip
    assert len(messages(people.officer, examined)) == 1


def test_two_schedulers_at_the_same_moment_tell_once(people, examined, monkeypatch):
    """The second one has read the clocks before the first one wrote: the row of the step decides."""
    written = reminding._tell

    def race(clock, steps):
        first = written(clock, steps)
        assert written(clock, steps) == 0
        return first

    monkeypatch.setattr(reminding, "_tell", race)
    assert run_on("2026-10-08") == 1
    assert len(messages(people.officer, examined)) == 1


def test_before_dispatch_the_office_owes_it(people, complaint):
    run_on("2026-10-08")
    assert len(messages(people.clerk, complaint)) == 1 and messages(people.officer, complaint) == []


def test_officers_of_the_accused_department_are_told_nothing(people):
    matter = make.complaint(respondent_name="随州市住房和城市更新局")
    Complaint.objects.filter(pk=matter.pk).update(authority=people.housing, state="C03")
    run_on("2026-10-10")
    for who in (people.officer, people.section):
        assert messages(who, matter) == []
    assert len(messages(people.office_head, matter)) == 1


def test_a_clock_that_stands_still_reminds_nobody(people, examined):
    clock = Clock.objects.of(examined).get(kind=clocks.DECISION)
    suspend_clock(
        actor=people.officer, clock=clock, from_day=date(2026, 9, 29), reason_code="appraisal",
        document_no="随住更鉴〔2026〕1号", institute="湖北省建筑工程质量监督检验测试中心",
    )  # fmt: skip
    run_on("2026-11-20")
    assert told(examined, clocks.DECISION) == []


def test_a_stopped_clock_reminds_nobody(people, complaint):
    make.registered(complaint, people.clerk)
    from wulian.casework.intake.services import transfer_matter

    transfer_matter(actor=people.dispatcher, matter=complaint, to="襄阳市住建局", reason="项目在襄阳市")
    from wulian.casework.intake.services import confirm_transfer

    confirm_transfer(actor=people.dispatcher, matter=complaint)
    assert run_on("2026-11-20") == 0
