"""Telling the head of the coordinating office that nobody judged an alert in time (REFERENCE O: at 100 % and 150 %)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.models import Clock
from wulian.core.ui.notifications import notify
from wulian.information.alerts.models import Alert

STEPS = (150, 100)


def escalate_alerts() -> int:
    """Notify the heads of alerts whose clocks passed 100 % or 150 % since the last time; return how many."""
    now, told = timezone.now(), 0
    running = Clock.objects.running().filter(
        content_type=ContentType.objects.get_for_model(Alert), due__lte=timezone.localdate(now)
    )
    percent: dict[int, int] = {}
    for clock in running:
        percent[clock.object_id] = max(percent.get(clock.object_id, 0), used_percent(clock, now))
    heads = list(_heads())
    for alert in Alert.objects.open().filter(pk__in=percent).select_related("department"):
        step = next((step for step in STEPS if percent[alert.pk] >= step), 0)
        if step > alert.escalation:
            _escalate(alert, step, heads)
            told += 1
    return told


def used_percent(clock: Clock, now: datetime) -> int:
    """Return how much of a clock's span has gone by, from its start to the end of its last day."""
    start = clock.started_at or _midnight(clock, 0)
    end = clock.due_at or _midnight(clock, 1)
    return int(100 * ((now - start) / (end - start)))


def _midnight(clock: Clock, later: int) -> datetime:
    day = (clock.due if later else clock.started_on) or clock.started_on
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(days=later)


def _heads() -> list[User]:
    people = User.objects.filter(is_active=True, role_grants__role=Role.OFFICE_HEAD).distinct()
    return [person for person in people.prefetch_related("role_grants") if person.has_role(Role.OFFICE_HEAD)]


def _escalate(alert: Alert, step: int, heads: list[User]) -> None:
    with transaction.atomic():
        alert.escalation = step
        alert.save(update_fields=["escalation"])
        title = _("Alert not judged in time (%(percent)d%%): %(alert)s") % {"percent": step, "alert": alert}
        notify(users=heads, title=title, url=alert.get_absolute_url())
        record_event(
            actor=None, verb="alerts.escalated", subject=alert, summary=str(alert), data={"percent": step}
        )
