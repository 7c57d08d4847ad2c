"""Time limits by severity, office hours, and escalation at 100 % and 150 %, once each (REFERENCE O)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from wulian.core.clocks.models import Clock
from wulian.information.alerts import services
from wulian.information.alerts.models import Alert, Escalation
from wulian.information.alerts.tests.factories import project, refresh


def local(moment):
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


def clock_of(alert, kind="alert.accept"):
    return Clock.objects.of(alert).get(kind=kind)


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2026-07-01T09:00:00+08:00", "07-01 13:00"),
        ("2026-07-01T02:30:00+08:00", "07-01 12:30"),
        ("2026-07-01T17:29:00+08:00", "07-01 21:29"),
        ("2026-07-01T17:30:00+08:00", "07-02 12:30"),
        ("2026-07-03T22:00:00+08:00", "07-06 12:30"),
        ("2026-09-30T23:00:00+08:00", "10-08 12:30"),
        ("2026-10-10T08:00:00+08:00", "10-10 12:30"),
    ],
    ids=["in hours", "at night", "a minute before closing", "at closing", "Friday night", "before the holidays", "working Saturday"],
)  # fmt: skip
def test_the_four_hours_of_a_red_alert_begin_when_the_office_is_open(people, raised, due):
    with time_machine.travel(raised, tick=False):
        found = project(days=17)
        refresh()
        clock = clock_of(Alert.objects.get(project=found))
    assert local(clock.due_at) == due
    assert ("自上班时起算" in clock.basis) == (
        local(clock.started_at) != local(dt.datetime.fromisoformat(raised))
    )


def test_what_is_accepted_before_its_hours_begin_is_not_late(people):
    with time_machine.travel("2026-07-03T22:00:00+08:00", tick=False):
        found = project(days=17)
        refresh()
        alert = services.accept_alert(alert=Alert.objects.get(project=found), actor=people.officer)
    assert clock_of(alert).outcome == "void"


def test_four_hours_are_judged_by_the_minute(alert, people):
    with time_machine.travel("2026-07-01T13:01:00+08:00", tick=False):
        services.accept_alert(alert=alert, actor=people.officer)
    assert clock_of(alert).outcome == "overdue"


def test_each_clock_is_escalated_at_each_step_once(alert, people):
    """Accepting late does not silence the clock of the opinion."""
    for moment, told in [
        ("2026-07-01T13:01:00+08:00", 1),
        ("2026-07-01T13:20:00+08:00", 0),
        ("2026-07-01T15:01:00+08:00", 1),
        ("2026-07-02T18:00:00+08:00", 0),
        ("2026-07-03T00:01:00+08:00", 1),
        ("2026-07-04T00:01:00+08:00", 1),
        ("2026-07-09T00:01:00+08:00", 0),
    ]:
        with time_machine.travel(moment, tick=False):
            if moment.startswith("2026-07-01T15"):
                assert services.escalate_alerts() == told
                services.accept_alert(alert=alert, actor=people.officer)
                continue
            assert services.escalate_alerts() == told, moment
    steps = [(row.clock.kind, row.percent) for row in alert.escalations.all()]
    assert steps == [
        ("alert.accept", 100), ("alert.accept", 150), ("alert.opinion", 100), ("alert.opinion", 150),
    ]  # fmt: skip
    assert people.office_head.notifications.filter(url=alert.get_absolute_url()).count() == 4


def test_after_an_outage_both_steps_are_told_once(alert, people):
    with time_machine.travel("2026-07-01T16:00:00+08:00", tick=False):
        assert services.escalate_alerts() == 2
        assert services.escalate_alerts() == 0
    alert.refresh_from_db()
    assert alert.escalation == 150 and Escalation.objects.count() == 2


def test_one_working_day_is_half_over_at_the_end_of_the_second(people):
    """橙: one working day to accept; raised on a Friday, 100 % is Monday 24:00 and 150 % Tuesday 24:00."""
    from wulian.core.clocks.calendars import calendar
    from wulian.core.clocks.services import start_clock
    from wulian.information.alerts.services.escalation import moment_of
    from wulian.law.periods import Unit

    clock = start_clock(
        actor=None, subject=people.housing, kind="x", label="签收", basis="本系统参数",
        started_on=dt.date(2026, 7, 3), n=1, unit=Unit.WORKING_DAY,
    )  # fmt: skip
    assert local(moment_of(clock, 100, calendar())) == "07-07 00:00"
    assert local(moment_of(clock, 150, calendar())) == "07-08 00:00"


def test_many_escalations_come_as_one_notification(people):
    for _n in range(11):
        project(days=17)
    refresh()
    with time_machine.travel("2026-07-01T13:01:00+08:00", tick=False):
        assert services.escalate_alerts() == 11
    assert people.office_head.notifications.count() == 1


def test_a_finished_alert_is_not_escalated(judged, people):
    services.refer_alert(alert=judged, actor=people.officer, reason="核查", violation_code="WF-07")
    with time_machine.travel("2026-07-08T13:01:00+08:00", tick=False):
        assert services.escalate_alerts() == 0


def test_the_page_shows_when_the_head_was_told(client, alert, people):
    with time_machine.travel("2026-07-01T13:01:00+08:00", tick=False):
        services.escalate_alerts()
    client.force_login(people.officer)
    html = client.get(alert.get_absolute_url()).content.decode()
    assert "data-escalation" in html and "2026-07-01 13:00" in html
