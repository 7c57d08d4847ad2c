"""Telling the head of the coordinating office that nobody judged an alert in time (REFERENCE O: at 100 % and 150 %)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import Entry, record_events
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.ui.notifications import notify
from wulian.information.alerts.models import Alert, Escalation
from wulian.information.alerts.parameters import ESCALATION_STEPS, NOTIFIED_SINGLY
from wulian.law.calendar import LegalCalendar
from wulian.law.periods import Unit

Passed = tuple[Clock, int, datetime]


def escalate_alerts() -> int:
    """Tell the heads of every clock of an alert that passed 100 % or 150 %, each step of each clock once; return how many steps."""
    now = timezone.now()
    passed = _passed(now)
    alerts = Alert.objects.open().in_bulk({clock.object_id for clock, _percent, _at in passed})
    due = [
        Escalation(alert=alerts[clock.object_id], clock=clock, percent=percent, passed_at=moment, at=now)
        for clock, percent, moment in passed
        if clock.object_id in alerts
    ]
    with transaction.atomic():
        told = _write(due)
        _tell_heads(told)
    return len(told)


def _passed(now: datetime) -> list[Passed]:
    """The steps that running clocks of alerts have passed and nobody was told of."""
    last = max(ESCALATION_STEPS)
    running = Clock.objects.running().filter(
        ~Exists(Escalation.objects.filter(clock=OuterRef("pk"), percent=last)),
        content_type=ContentType.objects.get_for_model(Alert),
        due__lte=timezone.localdate(now),
    )
    clocks, in_force = list(running), calendar()
    told = set(Escalation.objects.filter(clock__in=clocks).values_list("clock", "percent"))
    found = []
    for clock in clocks:
        for percent in ESCALATION_STEPS:
            moment = moment_of(clock, percent, in_force)
            if moment < now and (clock.pk, percent) not in told:
                found.append((clock, percent, moment))
    return found


def moment_of(clock: Clock, percent: int, in_force: LegalCalendar) -> datetime:
    """Return when a clock has used `percent` of its length: hours by the minute, days rounded up to the end of a whole day.

    One working day at 150 % is therefore the end of the second working day after the start.
    """
    if clock.unit == Unit.HOUR:
        assert clock.started_at is not None
        return clock.started_at + timedelta(hours=clock.n) * percent / 100
    units = -(-clock.n * percent // 100)
    if clock.unit == Unit.WORKING_DAY:
        last = in_force.nth_working_day_after(clock.started_on, units)
    else:
        last = clock.started_on + timedelta(days=units)
    return end_of(last)


def end_of(day: date) -> datetime:
    """Return 24:00 of a day (民法典 第二百零三条)."""
    return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)


def _write(due: Sequence[Escalation]) -> list[Escalation]:
    """Store the steps; one that another process has written meanwhile is not told again."""
    written = []
    for row in due:
        _row, created = Escalation.objects.get_or_create(
            clock=row.clock,
            percent=row.percent,
            defaults={"alert": row.alert, "passed_at": row.passed_at, "at": row.at},
        )
        if created:
            written.append(row)
            if row.percent > row.alert.escalation:
                row.alert.escalation = row.percent
                row.alert.save(update_fields=["escalation"])
    entries = [
        Entry(row.alert, summary=f"{row.clock.label} {row.percent}%", data={"percent": row.percent})
        for row in written
    ]
    record_events(actor=None, verb="alerts.escalated", entries=entries)
    return written


def _tell_heads(told: Sequence[Escalation]) -> None:
    heads = list(User.objects.with_role(Role.OFFICE_HEAD))
    if len(told) > NOTIFIED_SINGLY:
        title = _("%(n)d alerts were not judged in time") % {"n": len({row.alert.pk for row in told})}
        notify(users=heads, title=title, url=f"{reverse('alerts:list')}?scope=open&escalated=100")
        return
    for row in told:
        title = _("%(step)s not done in time (%(percent)d%%): %(alert)s") % {
            "step": row.clock.label,
            "percent": row.percent,
            "alert": row.alert,
        }
        notify(users=heads, title=title, url=row.alert.get_absolute_url())
