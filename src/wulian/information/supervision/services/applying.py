"""Applies events in their order to the room and to the dossier, in the transaction of whoever brought them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wulian.core.audit.services import record_event
from wulian.exchange.events import EVENT, Contradiction, Event, kind_label
from wulian.exchange.events.story import SECRET_BEFORE_OPENING
from wulian.information.registry.models import Project
from wulian.information.registry.signals import dossiers_changed
from wulian.information.supervision.choices import EntryKind, EventState, RefusalCode, RoomState
from wulian.information.supervision.models import FeedEvent, Room
from wulian.information.supervision.narration import tell
from wulian.information.supervision.sealing import unseal
from wulian.information.supervision.selectors.deadlines import deadline_of_lot
from wulian.information.supervision.services.landing import land_story
from wulian.information.supervision.services.quarantine import Refused, quarantine_taken_event
from wulian.information.supervision.services.remarks import find_remark, take_answer
from wulian.information.supervision.services.rooms import write_entry
from wulian.information.supervision.stories import story_of

JUDGED = frozenset(
    {
        "opening.started", "prices.read", "opening.answered", "opening.finished", "committee.drawn", "bid.rejected",
        "evaluation.finished", "report.submitted",
    }
)  # fmt: skip
"""Kinds after which the rules look at the dossier again at once."""


class Application:
    """Events of one locked room: apply them, then ``finish`` once."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.story = story_of(room)
        self.applied: list[Event] = []

    def apply(self, row: FeedEvent, event: Event) -> bool:
        """Apply the next event; False when it must wait for the deadline. Raises Refused, and then nothing has changed."""
        if not self._may_happen(row, event):
            return False
        remark = None
        if event.kind == "remark.answered":
            remark = find_remark(self.room, event.data.remark)
        try:
            self.story.apply(event)
        except Contradiction as contradiction:
            raise Refused(RefusalCode.CONTRADICTION, contradiction.field, contradiction.message) from None
        self.room.next_sequence = event.sequence + 1
        row.state, row.applied_at = EventState.APPLIED, timezone.now()
        self.applied.append(event)
        if remark is not None:
            take_answer(self.room, remark, event.data.content, by=str(self.room.system), at=event.occurred_at)
        else:
            self._narrate(event)
        self._record(row, event)
        return True

    def drain(self) -> int:
        """Apply what waits, as far as there is no gap; returns how many. One that cannot follow goes to quarantine."""
        count = 0
        while row := self._next_waiting():
            event = EVENT.validate_python(unseal(row.sealed, row.system_id))
            try:
                if not self.apply(row, event):
                    break
            except Refused as refused:
                quarantine_taken_event(row, refused)
                break
            row.save(update_fields=["state", "applied_at"])
            count += 1
        return count

    def note_skew(self, row: FeedEvent) -> None:
        """Write a line when the clocks begin to differ by more than is tolerated."""
        limit = row.system.skew_limit
        differed = abs(self.room.skew_seconds) > limit
        self.room.skew_seconds = row.skew_seconds
        hidden = row.kind in SECRET_BEFORE_OPENING and not self.room.is_open
        if abs(row.skew_seconds) > limit and not differed and not hidden:
            slow = "慢" if row.skew_seconds > 0 else "快"
            text = f"交易系统时钟比平台{slow}{abs(row.skew_seconds):.0f}秒（容许{limit}秒），请核对发生时间"
            write_entry(self.room, kind=EntryKind.SKEW, text=text)
            record_event(actor=None, verb="supervision.clock_skew", subject=self.room, summary=text)

    def finish(self) -> None:
        """Bring dossier and room in line with the story, and have the rules look when something that matters happened."""
        room, story = self.room, self.story
        if not self.applied:
            room.save()
            return
        room.state = RoomState(story.phase)
        room.deadline_at = story.deadline_at or deadline_of_lot(room.lot_id)
        room.opened_at = story.opened_at
        room.evaluated_on = timezone.localdate(story.started_at) if story.started_at else None
        if room.is_open:
            room.bidder_count = sum(bid.withdrawn_at is None for bid in story.bids.values())
        room.waiting_objections = sum(told.replied_at is None for told in story.objections.values())
        room.save()
        changed = land_story(room=room, story=story)
        if changed and any(event.kind in JUDGED for event in self.applied):
            project_id = room.project_id
            transaction.on_commit(
                lambda: dossiers_changed.send_robust(sender=Project, project_ids=[project_id])
            )

    def _next_waiting(self) -> FeedEvent | None:
        return (
            self.room.events.filter(state=EventState.WAITING, sequence=self.room.next_sequence)
            .select_related("system")
            .first()
        )

    def _may_happen(self, row: FeedEvent, event: Event) -> bool:
        """Nothing is opened before the deadline by the platform's own clock (招标投标法 第三十四条).

        A little early, within the tolerated difference of the clocks, it waits; earlier it is refused.
        """
        if event.kind not in ("deadline.reached", "opening.started"):
            return True
        told = event.data.deadline_at if event.kind == "deadline.reached" else self.story.deadline_at
        known = [moment for moment in (deadline_of_lot(self.room.lot_id), told) if moment]
        left = max(known) - timezone.now() if known else timedelta(0)
        if left <= timedelta(0):
            return True
        if left <= timedelta(seconds=row.system.skew_limit):
            return False
        moment = timezone.localtime(max(known))
        raise Refused(
            RefusalCode.EARLY, "occurred_at",
            f"未到投标截止时间（{moment:%Y-%m-%d %H:%M}）；招标投标法第三十四条：开标应当在提交投标文件截止时间的同一时间公开进行",
        )  # fmt: skip

    def _narrate(self, event: Event) -> None:
        """Before the opening nothing is written of who bids; at the opening it is made up for."""
        if event.kind == "opening.started":
            sealed = self.room.events.filter(
                state=EventState.APPLIED, kind__in=SECRET_BEFORE_OPENING
            ).order_by("sequence")
            for row in sealed:
                earlier = EVENT.validate_python(unseal(row.sealed, row.system_id))
                self._write(earlier)
        if event.kind in SECRET_BEFORE_OPENING and self.story.opened_at is None:
            return
        self._write(event)

    def _write(self, event: Event) -> None:
        write_entry(
            self.room,
            kind=EntryKind.EVENT,
            text=tell(event, self.story),
            at=event.occurred_at,
            event_kind=event.kind,
        )

    def _record(self, row: FeedEvent, event: Event) -> None:
        """The audit names no lot for what is sealed: many lines of one lot would tell how many bid."""
        sealed = event.kind in SECRET_BEFORE_OPENING and self.story.opened_at is None
        record_event(
            actor=None,
            verb="supervision.event_sealed" if sealed else "supervision.event_taken",
            subject=row.system if sealed else self.room,
            summary="" if sealed else kind_label(event.kind),
            data={"digest": row.digest, "received_at": row.received_at.isoformat()},
        )
