"""Calendar years: draft, publication, history, and the one click that computes running clocks again."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.choices import DayKind, SuspensionReason, YearStatus
from wulian.core.clocks.models import CalendarRevision, CalendarYear, Clock, ClockProjection
from wulian.core.clocks.selectors import calendar, preview_reprojection
from wulian.core.clocks.services import (
    DayEntry,
    edit_calendar_year,
    ensure_packaged_years,
    publish_calendar_year,
    reproject_clocks,
    stop_clock,
    suspend_clock,
)
from wulian.core.clocks.tests.factories import make_clock, make_subject, make_user
from wulian.core.config.errors import Forbidden, Refusal
from wulian.law.calendar import days_between, packaged_calendar
from wulian.law.periods import Unit

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
NEW_YEAR = [DayEntry(date(2027, 1, day), DayKind.OFF, "元旦") for day in (1, 2, 3)]


@pytest.fixture(autouse=True)
def _in_november_2026():
    with time_machine.travel(datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def head(db):
    return make_user("wangzhiyuan", "王志远", Role.OFFICE_HEAD)


@pytest.fixture
def dispatcher(db):
    return make_user("chenxiaoyan", "陈晓燕", Role.DISPATCHER)


@pytest.fixture
def officer(db):
    return make_user("lijianguo", "李建国", Role.CASE_OFFICER)


def publish_2027(head, days=NEW_YEAR):
    edit_calendar_year(actor=head, year=2027, days=days, source=NOTICE)
    return publish_calendar_year(actor=head, year=2027, reason=NOTICE)


def test_the_packaged_years_are_published_as_first_revisions():
    assert list(
        CalendarRevision.objects.order_by("calendar_year__year").values_list("calendar_year__year", "number")
    ) == [
        (2024, 1),
        (2025, 1),
        (2026, 1),
    ]
    assert ensure_packaged_years() == []


def test_the_database_calendar_says_the_same_as_the_package():
    ours, packaged = calendar(), packaged_calendar()
    for day in days_between(date(2024, 1, 1), date(2026, 12, 31)):
        assert ours.is_working_day(day) == packaged.is_working_day(day)
        assert ours.name_of(day) == packaged.name_of(day)


def test_a_received_complaint_becomes_final_when_2027_is_published(head):
    """REFERENCE 0.5: received 2026-11-20, 30 working days end on a provisional 2027-01-01; T-17."""
    clock = make_clock(started_on=date(2026, 11, 20))
    assert (clock.due, clock.provisional) == (date(2027, 1, 1), True)
    publish_2027(head)
    clock.refresh_from_db()
    assert clock.due == date(2027, 1, 1)  # nothing moves by itself

    result = reproject_clocks(actor=head, year=2027, reason=NOTICE)

    clock.refresh_from_db()
    assert (result.examined, result.changed) == (1, 1)
    assert (clock.due, clock.provisional) == (date(2027, 1, 4), False)
    assert clock.calendar_revisions == {"2026": 1, "2027": 1}
    change = ClockProjection.objects.get(batch=result.batch)
    assert (change.old_due, change.old_provisional) == (date(2027, 1, 1), True)
    assert (change.new_due, change.new_provisional) == (date(2027, 1, 4), False)
    assert (change.reason, change.by) == (NOTICE, head)
    event = AuditEvent.objects.get(verb="clocks.reprojected")
    assert event.data["clocks"] == [[clock.pk, "2027-01-01", "2027-01-04"]]


def test_a_second_reprojection_changes_nothing(head):
    make_clock(started_on=date(2026, 11, 20))
    publish_2027(head)
    reproject_clocks(actor=head, year=2027, reason=NOTICE)
    again = reproject_clocks(actor=head, year=2027, reason="复核")
    assert (again.examined, again.changed) == (1, 0)
    assert ClockProjection.objects.count() == 2  # the start and the one change


def test_the_preview_shows_what_would_change_and_changes_nothing(head):
    subject = make_subject()
    late = make_clock(subject, started_on=date(2026, 11, 20))
    make_clock(subject, kind="complaint.admit", started_on=date(2026, 11, 20), n=3)
    publish_2027(head)
    changes = list(preview_reprojection(2027))
    assert [(change.clock.pk, change.clock.due, change.new.due) for change in changes] == [
        (late.pk, date(2027, 1, 1), date(2027, 1, 4))
    ]
    late.refresh_from_db()
    assert late.due == date(2027, 1, 1)


def test_stopped_and_suspended_clocks_and_earlier_years_are_left_alone(head, officer):
    stopped = make_clock(make_subject("a"), started_on=date(2026, 11, 20))
    stop_clock(actor=officer, clock=stopped, stopped_on=date(2026, 11, 25))
    earlier = make_clock(make_subject("b"), started_on=date(2026, 11, 20), n=10)
    suspended = make_clock(make_subject("c"), started_on=date(2026, 11, 20))
    suspend_clock(
        actor=officer,
        clock=suspended,
        from_day=date(2026, 11, 24),
        reason_code=SuspensionReason.TESTING,
        document_no="随住更委〔2026〕9号",
    )
    publish_2027(head)
    result = reproject_clocks(actor=head, year=2027, reason=NOTICE)
    assert (result.examined, result.changed) == (1, 0)  # only the suspended one is looked at
    assert Clock.objects.get(pk=earlier.pk).due == earlier.due
    assert Clock.objects.get(pk=stopped.pk).provisional


def test_a_correction_of_a_published_year_is_a_new_revision_and_the_old_one_stays(head, dispatcher):
    publish_2027(head)
    edit_calendar_year(
        actor=dispatcher,
        year=2027,
        days=[*NEW_YEAR, DayEntry(date(2027, 1, 9), DayKind.WORKING)],
        source=NOTICE,
    )
    item = CalendarYear.objects.get(year=2027)
    assert item.status == YearStatus.DRAFT
    assert not calendar().is_working_day(date(2027, 1, 9))  # the draft is not in force
    second = publish_calendar_year(actor=dispatcher, year=2027, reason="补充调休上班日")
    assert second.number == 2
    assert calendar().is_working_day(date(2027, 1, 9))
    first = item.revisions.get(number=1)
    assert [row["date"] for row in first.days] == ["2027-01-01", "2027-01-02", "2027-01-03"]


def test_a_year_that_the_office_edits_is_no_longer_marked_verified(head):
    assert CalendarYear.objects.get(year=2026).confidence == "V"
    edit_calendar_year(
        actor=head, year=2026, days=[DayEntry(date(2026, 1, 1), DayKind.OFF, "元旦")], source="更正"
    )
    assert CalendarYear.objects.get(year=2026).confidence == "S"


def test_a_calendar_published_by_another_process_is_noticed(head):
    assert calendar().is_working_day(date(2027, 1, 1))
    item = CalendarYear.objects.create(year=2027, source=NOTICE)
    CalendarRevision.objects.create(
        calendar_year=item,
        number=1,
        days=[{"date": "2027-01-01", "kind": "off", "note": "元旦"}],
        source=NOTICE,
        confidence="S",
        reason=NOTICE,
        published_at=datetime(2026, 11, 25, 9, tzinfo=SHANGHAI),
    )
    assert not calendar().is_working_day(date(2027, 1, 1))


def test_asking_for_the_calendar_again_costs_one_small_query(django_assert_num_queries):
    calendar()
    with django_assert_num_queries(1):
        calendar()


def test_computing_many_clocks_again_does_not_cost_queries_per_clock(head, django_assert_max_num_queries):
    for number in range(30):
        make_clock(make_subject(f"d{number}"), started_on=date(2026, 11, 20))
    publish_2027(head)
    with django_assert_max_num_queries(16):
        assert reproject_clocks(actor=head, year=2027, reason=NOTICE).changed == 30


def test_all_units_follow_the_new_calendar(head):
    subject = make_subject()
    make_clock(subject, kind="a", started_on=date(2026, 12, 1), n=31, unit=Unit.CALENDAR_DAY)
    make_clock(subject, kind="b", started_on=date(2026, 10, 2), n=3, unit=Unit.MONTH)
    publish_2027(head)
    reproject_clocks(actor=head, year=2027, reason=NOTICE)
    assert set(Clock.objects.values_list("due_raw", "due")) == {
        (date(2027, 1, 1), date(2027, 1, 4)),
        (date(2027, 1, 2), date(2027, 1, 4)),
    }


# wrong person


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICE_HEAD, Role.DISPATCHER)])
def test_only_the_coordinating_office_keeps_the_calendar(role):
    stranger = make_user("zhouqiang", "周强", role)
    for attempt in (
        lambda: edit_calendar_year(actor=stranger, year=2027, days=NEW_YEAR, source=NOTICE),
        lambda: publish_calendar_year(actor=stranger, year=2026, reason=NOTICE),
        lambda: reproject_clocks(actor=stranger, year=2026, reason=NOTICE),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert not CalendarYear.objects.filter(year=2027).exists()


# wrong state, wrong data


def test_a_year_without_draft_cannot_be_published(head):
    for year in (2026, 2030):
        with pytest.raises(Refusal):
            publish_calendar_year(actor=head, year=year, reason="重复发布")


def test_an_empty_or_unchanged_draft_cannot_be_published(head):
    edit_calendar_year(actor=head, year=2027, days=[], source=NOTICE)
    with pytest.raises(Refusal):
        publish_calendar_year(actor=head, year=2027, reason=NOTICE)
    publish_2027(head)
    edit_calendar_year(actor=head, year=2027, days=NEW_YEAR, source=NOTICE)
    with pytest.raises(Refusal):
        publish_calendar_year(actor=head, year=2027, reason=NOTICE)
    assert CalendarRevision.objects.filter(calendar_year__year=2027).count() == 1


def test_a_year_that_was_never_published_cannot_be_computed_again(head):
    edit_calendar_year(actor=head, year=2027, days=NEW_YEAR, source=NOTICE)
    with pytest.raises(Refusal):
        reproject_clocks(actor=head, year=2027, reason=NOTICE)


@pytest.mark.parametrize(
    ("days", "source", "field"),
    [
        ([DayEntry(date(2028, 1, 1), DayKind.OFF)], NOTICE, "days_off"),
        ([*NEW_YEAR, NEW_YEAR[0]], NOTICE, "days_off"),
        ([*NEW_YEAR, DayEntry(date(2027, 1, 2), DayKind.WORKING)], NOTICE, "working_days"),
        ([DayEntry(date(2027, 1, 4), DayKind.WORKING)], NOTICE, "working_days"),
        (NEW_YEAR, " ", "source"),
    ],
)
def test_days_that_cannot_be_are_refused_and_the_draft_stays(head, days, source, field):
    edit_calendar_year(actor=head, year=2027, days=NEW_YEAR, source=NOTICE)
    with pytest.raises(Refusal) as refusal:
        edit_calendar_year(actor=head, year=2027, days=days, source=source)
    assert refusal.value.field == field
    assert CalendarYear.objects.get(year=2027).days.count() == 3


@pytest.mark.parametrize("reason", ["", "  "])
def test_publishing_and_computing_again_need_a_reason(head, reason):
    edit_calendar_year(actor=head, year=2027, days=NEW_YEAR, source=NOTICE)
    for attempt in (publish_calendar_year, reproject_clocks):
        with pytest.raises(Refusal) as refusal:
            attempt(actor=head, year=2027, reason=reason)
        assert refusal.value.field == "reason"
