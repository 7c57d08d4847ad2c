"""Following objections by the data of the platform, and what a supervisor does about one (REFERENCE D.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.checks import OBJECTED_TO
from wulian.casework.intake.models import Complaint
from wulian.casework.objections.choices import TERMS, UNSUSPENDED_RULES, Missed, WatchState
from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.selectors import alerts_about, authority_for, procuring_entity_of
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.core.procedures.services import apply_event, check_event
from wulian.information.registry.models import Objection
from wulian.law.periods import Unit

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

ANSWER = "objection.answer"
FOLLOWED = "objections.followed"


def follow_objections(*, project_ids: Iterable[int] | None = None) -> int:
    """Bring the watched objections of these projects (of all when None) in line with the registry; returns how many moved.

    New ones get a row and the clock of their answer; each moves as far as the data say. Repeating it changes nothing.
    """
    rows = Objection.objects.filter(ended_at=None, received_at__isnull=False)
    if project_ids is not None:
        rows = rows.filter(project__in=list(project_ids))
    final = WatchedObjection.get_procedure().final_states
    rows = rows.exclude(watch__state=WatchState.COMPLAINED)
    moved = 0
    for objection in rows.select_related("watch", "lot", "project").order_by("pk"):
        watch = getattr(objection, "watch", None)
        if watch is not None and watch.state in final and not _complaint_about(objection):
            continue
        moved += _follow(objection)
    return moved


def set_aside(*, actor: User, watch: WatchedObjection, note: str) -> WatchedObjection:
    """Note that it was no objection, came too late or was taken back, and that the objector was told (O02/O99 → O03)."""
    _require_sight(actor, watch)
    check_event(subject=watch, event="set_aside", actor=actor, note=note)
    with transaction.atomic():
        apply_event(subject=watch, event="set_aside", actor=actor, note=note, verb="objections.set_aside")
        _stop(watch, actor, timezone.localdate())
    return watch


def resume_tender(*, actor: User, watch: WatchedObjection, note: str = "") -> WatchedObjection:
    """Note that the tender was resumed, where the platform does not say so itself (O03/O04 → O05)."""
    _require_sight(actor, watch)
    with transaction.atomic():
        apply_event(subject=watch, event="resume", actor=actor, note=note, verb="objections.resumed")
    return watch


def order_answer(
    *, actor: User, watch: WatchedObjection, requirement: str, term: dt.date
) -> EnforcementDocument:
    """Order the procuring entity to put right what it missed, by 责令改正通知书 (W16; O99 stays).

    `term` is a day from today. Raises Forbidden for others than a head of the authority that the jurisdiction list names,
    Refusal without a requirement, for a day that has passed, when it was ordered before, or when nobody is on file to
    whom the order could go.
    """
    _require_sight(actor, watch)
    check_event(subject=watch, event="order_correction", actor=actor, note=requirement)
    authority = authority_for(watch)
    if authority is None or actor.department_id != authority.pk:
        raise Forbidden(
            _("Only the authority that the jurisdiction list names for this project may order it.")
        )
    if watch.ordered_at is not None:
        raise Refusal(_("It has been ordered before; see the documents."))
    if term < timezone.localdate():
        raise Refusal(_("Until: expected today or a later day."), field="term")
    entity = procuring_entity_of(watch)
    if entity is None:
        raise Refusal(_("The dossier names no procuring entity to whom the order could go."))
    _days, article = TERMS[watch.target]
    received = timezone.localdate(watch.received_at)
    fault = Missed(watch.missed)
    with transaction.atomic():
        document = issue_document(
            template="W16",
            subject=watch,
            authority=authority,
            actor=actor,
            context={
                "to": entity.name,
                "fields": {
                    "招标项目名称": watch.project.name,
                    "标段": watch.lot.name,
                    "异议收到日期": received.isoformat(),
                },
                "body": [
                    f"你单位于{chinese_date(received)}收到对上述标段的异议，{_FAULTS[fault]}，违反了{article}的规定。",
                    "根据《中华人民共和国招标投标法实施条例》第七十七条第二款的规定，责令你单位改正：",
                    requirement.strip(),
                    f"请于{chinese_date(term)}前改正，并将改正情况书面报告本机关。拒不改正或者不能改正并影响中标结果的，依照该条例第八十一条的规定处理。",
                ],
            },
        )
        watch.ordered_at, watch.ordered_by, watch.order_term = timezone.now(), actor, term
        apply_event(
            subject=watch,
            event="order_correction",
            actor=actor,
            note=requirement,
            data={"document": document.document_no, "term": term.isoformat()},
            verb="objections.ordered",
        )
        watch.save()
    return document


_FAULTS = {
    Missed.NOT_ANSWERED: "未在法定期限内作出答复",
    Missed.NOT_SUSPENDED: "作出答复前未暂停招标投标活动",
}


@transaction.atomic
def _follow(objection: Objection) -> int:
    """Move one as far as the data say, step by step; returns 1 when it moved."""
    assert objection.received_at is not None  # follow_objections asks for those only
    watch, created = WatchedObjection.objects.select_for_update().get_or_create(
        objection=objection,
        defaults={
            "project": objection.project,
            "lot": objection.lot,
            "target": objection.target,
            "received_at": objection.received_at,
        },
    )
    watch.objection = objection
    moved = created
    if created:
        _start(watch)
        apply_event(subject=watch, event="sign_for", actor=None, verb=FOLLOWED, at=objection.received_at)
    while event := _next_event(watch):
        name, happened_at = event
        # What came first is never dated after what follows from it.
        at = max(watch.state_since, min(happened_at, timezone.now()))
        apply_event(subject=watch, event=name, actor=None, verb=FOLLOWED, at=at)
        watch.save()
        moved = True
    return int(moved)


def _next_event(watch: WatchedObjection) -> tuple[str, dt.datetime] | None:
    """What the data say happens next and when it did, or nothing."""
    objection, state, answered = watch.objection, watch.state, watch.objection.replied_at
    if state == WatchState.SIGNED_FOR and (missed := _missed(watch)):
        watch.missed = missed[0]
        return "miss", missed[1]
    if state in (WatchState.SIGNED_FOR, WatchState.MISSED) and answered is not None:
        _stop(watch, None, timezone.localdate(answered))
        return "answer", answered
    if state in (WatchState.ANSWERED, WatchState.RESUMED, WatchState.MISSED):
        complaint = _complaint_about(objection)
        if complaint is not None:
            watch.complaint = complaint
            return "complain", complaint.received_at
    if state == WatchState.ANSWERED and not watch.is_suspended:
        return "resume", objection.suspended_to or answered or timezone.now()
    return None


def _missed(watch: WatchedObjection) -> tuple[str, dt.datetime] | None:
    """What was missed and since when: the day of the answer, or, as a rule of the catalogue saw, the suspension."""
    clock = Clock.objects.of(watch).filter(kind=ANSWER).first()
    due = clock.due if clock and clock.due else timezone.localdate(watch.received_at)
    answered = watch.objection.replied_at
    if (timezone.localdate(answered) if answered else timezone.localdate()) > due:
        next_day = dt.datetime.combine(due + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone())
        return Missed.NOT_ANSWERED, next_day
    alert = alerts_about([watch]).filter(rule_id__in=UNSUSPENDED_RULES).first()
    return (Missed.NOT_SUSPENDED, alert.raised_at) if alert else None


def _complaint_about(objection: Objection) -> Complaint | None:
    """The complaint of the objector about the same: same lot or project, same subject, after an objection on that day."""
    topic = next(topic for topic, target in OBJECTED_TO.items() if target == objection.target)
    received = objection.received_at
    assert received is not None
    rows = Complaint.objects.filter(
        project=objection.project_id,
        topic=topic,
        objection_on=timezone.localdate(received),
        received_at__gte=received,
    )
    return rows.order_by("received_at").first()


def _start(watch: WatchedObjection) -> None:
    """Start the clock of the answer; one on the spot has none: the day of the opening is its day."""
    days, article = TERMS[watch.target]
    if not days:
        return
    start_clock(
        actor=None,
        subject=watch,
        kind=ANSWER,
        label="答复异议",
        basis=article,
        started_on=timezone.localdate(watch.received_at),
        n=days,
        unit=Unit.CALENDAR_DAY,
    )


def _stop(watch: WatchedObjection, actor: User | None, on: dt.date) -> None:
    clock = Clock.objects.of(watch).running().filter(kind=ANSWER).first()
    if clock is not None:
        stop_clock(actor=actor, clock=clock, stopped_on=on)


def _require_sight(actor: User, watch: WatchedObjection) -> None:
    if not WatchedObjection.objects.filter(pk=watch.pk).visible_to(actor).exists():
        raise Forbidden(_("You may not see this objection."))
