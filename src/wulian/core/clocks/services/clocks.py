"""The life of a clock: start, suspend, resume, stop, void. Who may is decided by the caller, whose clock it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.audit.services import Entry, changes_between, record_event, record_events
from wulian.core.clocks.calendars import published_calendar
from wulian.core.clocks.choices import NEEDS_DOCUMENT, ClockState, Outcome, SuspensionReason
from wulian.core.clocks.models import Clock, ClockProjection, Suspension
from wulian.core.clocks.projection import project_clock
from wulian.core.config.errors import Refusal
from wulian.law.periods import Unit

_CACHED = ["due_raw", "due", "due_at", "provisional", "calendar_revisions"]
"""The columns of a clock that follow from its budget and its suspensions."""


def start_clock(
    *,
    actor: User | None,
    subject: models.Model,
    kind: str,
    label: str,
    basis: str,
    started_on: date | None = None,
    n: int,
    unit: Unit,
    rule: str = "",
    roll_forward: bool = True,
    started_at: datetime | None = None,
) -> Clock:
    """Start a period of `n` units for a record; the day `started_on` is not counted (DT-1).

    `kind` names the duty in code (one running clock per record and kind), `label` in words, `basis` the article. A period
    in hours needs `started_at` instead, and never rolls forward. `actor` is None when the public sets it off.
    Raises Refusal when the length is not positive, the start is missing, or such a clock already runs.
    """
    start = Start(subject, kind, label, basis, n, Unit(unit), started_on, started_at, rule, roll_forward)
    clock = _unsaved(start)
    with transaction.atomic():
        if Clock.objects.of(subject).filter(kind=kind, state=ClockState.RUNNING).exists():
            raise _runs_already(start)
        clock.save()
        refresh_projection(clock, _("Started"), actor, first=True)
        entry = _entry(start, clock)
        record_event(
            actor=actor, verb="clocks.started", subject=clock, summary=entry.summary, data=entry.data
        )
    return clock


@dataclass(frozen=True)
class Start:
    """One period of `start_clocks`, as the arguments of `start_clock`."""

    subject: models.Model
    kind: str
    label: str
    basis: str
    n: int
    unit: Unit
    started_on: date | None = None
    started_at: datetime | None = None
    rule: str = ""
    roll_forward: bool = True


def start_clocks(*, actor: User | None, starts: Sequence[Start]) -> list[Clock]:
    """Start many periods of records of one kind, each as `start_clock` does, in few statements however many they are.

    Raises Refusal as `start_clock`; then none is started.
    """
    if not starts:
        return []
    clocks = [_unsaved(start) for start in starts]
    with transaction.atomic():
        running = Clock.objects.filter(
            content_type=clocks[0].content_type,
            object_id__in={clock.object_id for clock in clocks},
            state=ClockState.RUNNING,
        )
        known = set(running.values_list("object_id", "kind"))
        for start in starts:
            if (start.subject.pk, start.kind) in known:
                raise _runs_already(start)
        Clock.objects.bulk_create(clocks)
        for clock in clocks:
            # A new clock has no suspension; it need not be asked for.
            clock._prefetched_objects_cache = {"suspensions": Suspension.objects.none()}  # type: ignore[attr-defined]
        projections = [_projected(clock, _("Started"), actor) for clock in clocks]
        Clock.objects.bulk_update(clocks, _CACHED, batch_size=200)
        ClockProjection.objects.bulk_create(projections)
        entries = [_entry(start, clock) for start, clock in zip(starts, clocks, strict=True)]
        record_events(actor=actor, verb="clocks.started", entries=entries)
    return clocks


def _unsaved(start: Start) -> Clock:
    """Return the clock of a start; raises Refusal when its length is not positive or its start is missing."""
    started_on = start.started_on
    if start.unit is Unit.HOUR and start.started_at is not None:
        started_on = timezone.localdate(start.started_at)
    if started_on is None:
        raise Refusal(
            _("Start: a period needs the day (or, for hours, the moment) it runs from."), field="started_on"
        )
    if start.n < 1:
        raise Refusal(_("Length: expected a whole number from 1, not %(n)s.") % {"n": start.n}, field="n")
    if start.unit is Unit.HOUR and start.started_at is None:
        raise Refusal(_("Start: a period in hours needs the moment it runs from."), field="started_at")
    return Clock(
        content_type=ContentType.objects.get_for_model(start.subject),
        object_id=start.subject.pk,
        kind=start.kind,
        label=start.label,
        basis=start.basis,
        started_on=started_on,
        started_at=start.started_at,
        n=start.n,
        unit=start.unit,
        rule=start.rule,
        roll_forward=start.roll_forward and start.unit is not Unit.HOUR,
    )


def _runs_already(start: Start) -> Refusal:
    return Refusal(
        _("The period “%(label)s” already runs for this record.") % {"label": start.label}, field="kind"
    )


def _entry(start: Start, clock: Clock) -> Entry:
    subject = start.subject
    return Entry(
        clock,
        summary=f"{start.label}（{start.basis}）",
        data={
            "subject": f"{subject._meta.label_lower} {subject.pk}",
            "started_on": clock.started_on,
            "due": clock.due,
        },
    )


def suspend_clock(
    *,
    actor: User | None,
    clock: Clock,
    from_day: date,
    reason_code: SuspensionReason,
    until: date | None = None,
    document_no: str = "",
    institute: str = "",
    note: str = "",
) -> Suspension:
    """Exclude time from a running clock, from the day the cause begins (that day still counts) until it ends.

    Without `until` the suspension lasts until `resume_clock`. Raises Refusal when the clock does not run, is already
    suspended, has no day left to exclude, the days are in the wrong order or in the future, or the ground is not
    documented (招标投标法实施条例 第六十一条第二款 needs a commissioning letter).
    """
    with _locked(clock):
        _check_running(clock)
        _check_ground(reason_code, document_no, note)
        _check_span(clock, from_day, until)
        suspension = Suspension.objects.create(
            clock=clock,
            started_on=from_day,
            ended_on=until,
            reason_code=reason_code,
            document_no=document_no.strip(),
            institute=institute.strip(),
            note=note.strip(),
            recorded_by=actor,
        )
        words = _("Suspended: %(reason)s") % {"reason": SuspensionReason(reason_code).label}
        _reproject(clock, actor, "clocks.suspended", words, suspension)
    return suspension


def resume_clock(*, actor: User | None, clock: Clock, to_day: date, note: str = "") -> Suspension:
    """End the suspension on the day its cause ends; counting goes on with the next day.

    Raises Refusal when the clock is not suspended, or the day is before the suspension or in the future.
    """
    with _locked(clock):
        _check_running(clock)
        suspension = clock.open_suspension
        if suspension is None:
            raise Refusal(_("The period “%(label)s” is not suspended.") % {"label": clock.label})
        if to_day < suspension.started_on:
            message = _("Resumed on: expected a day from %(first)s, when the suspension began.")
            raise Refusal(message % {"first": suspension.started_on}, field="to_day")
        _check_not_future(to_day, "to_day")
        suspension.ended_on = to_day
        suspension.note = note.strip() or suspension.note
        suspension.save(update_fields=["ended_on", "note"])
        _reproject(clock, actor, "clocks.resumed", _("Resumed"), suspension)
    return suspension


def stop_clock(
    *, actor: User | None, clock: Clock, stopped_on: date, stopped_at: datetime | None = None
) -> Clock:
    """Stop a running clock on the day the duty was done: met when that is no later than the due date, else overdue.

    A period in hours is judged by the moment `stopped_at` where it is given. A suspension that still lasts ends on that day. Raises Refusal when the clock does not run, or the day is before its
    start or in the future.
    """
    with _locked(clock):
        _check_running(clock)
        if stopped_on < clock.started_on:
            message = _("Stopped on: expected a day from %(first)s, when the period began.")
            raise Refusal(message % {"first": clock.started_on}, field="stopped_on")
        _check_not_future(stopped_on, "stopped_on")
        _end_suspension(clock, stopped_on)
        refresh_projection(clock, _("Suspension ended when the clock was stopped"), actor)
        late = clock.due is None or stopped_on > clock.due
        if clock.due_at is not None and stopped_at is not None:
            late = stopped_at > clock.due_at
        outcome = Outcome.OVERDUE if late else Outcome.MET
        _close(clock, stopped_on, outcome)
        words = f"{clock.label}：{outcome.label}"
        record_event(
            actor=actor,
            verb="clocks.stopped",
            subject=clock,
            summary=words,
            data={"stopped_on": stopped_on, "due": clock.due, "outcome": outcome.value},
        )
    return clock


def void_clock(*, actor: User | None, clock: Clock, reason: str) -> Clock:
    """End a running clock that should not have run (started by mistake, matter fell away); it keeps its dates.

    Raises Refusal when the clock does not run or no reason is given.
    """
    if not reason.strip():
        raise Refusal(_("Reason: say why the period no longer applies."), field="reason")
    with _locked(clock):
        _check_running(clock)
        today = timezone.localdate()
        _end_suspension(clock, today)
        _close(clock, max(today, clock.started_on), Outcome.VOID)
        record_event(
            actor=actor, verb="clocks.voided", subject=clock, summary=f"{clock.label}：{reason.strip()}"
        )
    return clock


def refresh_projection(
    clock: Clock, reason: str, actor: User | None, *, first: bool = False
) -> ClockProjection | None:
    """Compute the cached dates again and keep what changed; return the change, or None when nothing did."""
    old = (clock.due_raw, clock.due, clock.provisional)
    change = _projected(clock, reason, actor)
    clock.save(update_fields=_CACHED)
    if not first and old == (clock.due_raw, clock.due, clock.provisional):
        return None
    change.save(force_insert=True)
    return change


def _projected(clock: Clock, reason: str, actor: User | None) -> ClockProjection:
    """Compute the cached dates of a clock into it, and return the change; nothing is saved."""
    in_force = published_calendar()
    old = (clock.due_raw, clock.due, clock.provisional)
    new = project_clock(clock, in_force.legal, timezone.localdate())
    clock.due_raw, clock.due, clock.due_at, clock.provisional = new.raw, new.due, new.due_at, new.provisional
    clock.calendar_revisions = in_force.used(clock.started_on, new.due or clock.started_on)
    return ClockProjection(
        clock=clock,
        old_raw=old[0],
        old_due=old[1],
        old_provisional=old[2],
        new_raw=new.raw,
        new_due=new.due,
        new_provisional=new.provisional,
        reason=reason,
        at=timezone.now(),
        by=actor,
    )


@contextmanager
def _locked(clock: Clock) -> Iterator[None]:
    """Open a transaction and bring `clock` up to date under a row lock, so that two people cannot both act on it."""
    with transaction.atomic():
        Clock.objects.select_for_update().get(pk=clock.pk)
        clock.refresh_from_db()
        getattr(clock, "_prefetched_objects_cache", {}).clear()
        yield


def _reproject(clock: Clock, actor: User | None, verb: str, words: str, suspension: Suspension) -> None:
    before = {"due": clock.due}
    refresh_projection(clock, words, actor)
    record_event(
        actor=actor,
        verb=verb,
        subject=clock,
        summary=f"{clock.label}：{words}",
        changes=changes_between(before, {"due": clock.due}),
        data={
            "from": suspension.started_on,
            "until": suspension.ended_on,
            "reason": suspension.reason_code,
            "document_no": suspension.document_no,
        },
    )


def _end_suspension(clock: Clock, day: date) -> None:
    suspension = clock.open_suspension
    if suspension is not None:
        suspension.ended_on = max(day, suspension.started_on)
        suspension.save(update_fields=["ended_on"])


def _close(clock: Clock, day: date, outcome: Outcome) -> None:
    clock.state, clock.stopped_on, clock.outcome = ClockState.STOPPED, day, outcome
    clock.save(update_fields=["state", "stopped_on", "outcome"])


def _check_running(clock: Clock) -> None:
    if not clock.is_running:
        raise Refusal(_("The period “%(label)s” has already been stopped.") % {"label": clock.label})


def _check_not_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise Refusal(
            _("The day %(day)s is in the future; enter it when it has come.") % {"day": day}, field=field
        )


def _check_ground(reason_code: SuspensionReason, document_no: str, note: str) -> None:
    if reason_code in NEEDS_DOCUMENT and not document_no.strip():
        message = _("Commissioning letter: its number is needed to exclude time for expert work.")
        raise Refusal(message, field="document_no")
    if reason_code == SuspensionReason.OTHER and not note.strip():
        raise Refusal(_("Note: name the ground and its legal basis."), field="note")


def _check_span(clock: Clock, from_day: date, until: date | None) -> None:
    if clock.unit == Unit.HOUR:
        raise Refusal(_("A period in hours cannot be suspended."))
    if clock.open_suspension is not None:
        raise Refusal(_("The period “%(label)s” is already suspended.") % {"label": clock.label})
    if from_day < clock.started_on:
        message = _("Suspended from: expected a day from %(first)s, when the period began.")
        raise Refusal(message % {"first": clock.started_on}, field="from_day")
    if clock.due is not None and from_day >= clock.due:
        message = _("Suspended from: the period ends on %(due)s, so no day is left to exclude.")
        raise Refusal(message % {"due": clock.due}, field="from_day")
    _check_not_future(from_day, "from_day")
    if until is not None and until < from_day:
        raise Refusal(
            _("Suspended until: expected a day from %(first)s.") % {"first": from_day}, field="until"
        )
    if until is not None:
        _check_not_future(until, "until")
