"""Takes events in: once each, in order, whole or not at all; what cannot be taken goes to quarantine with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.exchange.events import EVENT, Event, event_digest
from wulian.exchange.refusals import explain
from wulian.information.registry.models import Lot
from wulian.information.supervision.choices import EntryKind, EventState, RefusalCode
from wulian.information.supervision.models import AccessToken, FeedEvent, Room
from wulian.information.supervision.permissions import QUARANTINE_HANDLERS
from wulian.information.supervision.sealing import seal
from wulian.information.supervision.services.applying import Application
from wulian.information.supervision.services.quarantine import Refused, quarantine_event, settle_resent
from wulian.information.supervision.services.rooms import lock_room, write_entry

MOST_WAITING = 1000
"""Events of one lot that may wait for a gap to be filled."""
_STATUS = {EventState.APPLIED: 201, EventState.WAITING: 202}
_REFUSED = {
    RefusalCode.FIELD: 422,
    RefusalCode.LOT: 404,
    RefusalCode.CONFLICT: 409,
    RefusalCode.SEQUENCE: 409,
    RefusalCode.CONTRADICTION: 422,
    RefusalCode.EARLY: 409,
}


@dataclass(frozen=True)
class Answer:
    """What the trading system hears about one event; ``status`` is that of HTTP."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    readable: str = field(default="", compare=False)

    @property
    def is_taken(self) -> bool:
        return self.status < 300


def take_events(*, token: AccessToken, documents: Sequence[Any], replay: bool = False) -> list[Answer]:
    """Take in what one call brought; the answers in the same order.

    Events of one lot are one transaction with what follows from them in the dossier. An event that is refused changes nothing and
    is kept in quarantine (not again when ``replay``); the others of the call are taken all the same.
    """
    answers: list[Answer | None] = [None] * len(documents)
    by_lot: dict[str, list[tuple[int, Event]]] = {}
    for index, document in enumerate(documents):
        try:
            event = EVENT.validate_python(document)
        except ValidationError as error:
            answers[index] = _refuse(token, document, _field_refusal(error), replay)
        else:
            by_lot.setdefault(event.lot, []).append((index, event))
    for code, pairs in by_lot.items():
        try:
            taken = _take_lot(token, code, pairs, documents, replay)
        except IntegrityError:
            # Two calls with the same event id at the same moment, for two lots: the other one has it now.
            clash = Refused(RefusalCode.CONFLICT, "id", "事件编号正被另一次报送使用")
            taken = [(index, _refuse(token, documents[index], clash, replay)) for index, _event in pairs]
        for index, answer in taken:
            answers[index] = answer
    return [answer for answer in answers if answer is not None]


def drain_room(*, room_id: int) -> int:
    """Apply what waits and may be applied now (an opening that came a little early); returns how many."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room_id)
        application = Application(room)
        count = application.drain()
        application.finish()
    return count


def release_gap(*, room: Room, actor: User, reason: str) -> int:
    """Pass over the missing events before the first one that waits; returns how many sequence numbers were passed over.

    Raises Forbidden by role or for a system of other departments, Refusal without a reason or a gap.
    """
    require_role(actor, *QUARANTINE_HANDLERS)
    if not reason.strip():
        raise Refusal(_("Reason: say why the missing events are passed over."), field="reason")
    with transaction.atomic():
        room = Room.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=room.pk)
        require_feed_of(actor, room)
        waiting = room.events.filter(state=EventState.WAITING).order_by("sequence").first()
        if waiting is None or waiting.sequence <= room.next_sequence:
            raise Refusal(_("No event waits behind a gap."))
        missing = waiting.sequence - room.next_sequence
        room.next_sequence = waiting.sequence
        record_event(actor=actor, verb="supervision.gap_released", subject=room, summary=reason.strip()[:300])
        write_entry(
            room,
            kind=EntryKind.RELEASE,
            text=f"数据流缺口已放行（{actor}）：{reason.strip()}",
        )
        application = Application(room)
        application.drain()
        application.finish()
    return missing


def require_feed_of(actor: User, room: Room) -> None:
    """Raise Forbidden unless the actor's department looks after the system of the room, or he dispatches for all."""
    if actor.has_role(Role.DISPATCHER):
        return
    department = actor.department_id or 0
    if room.system is None or not room.system.departments.filter(pk=department).exists():
        raise Forbidden(_("Another department looks after this trading system."))


def find_lot(token: AccessToken, code: str) -> Lot:
    """The lot that a system means; raises Refused when there is none, more than one, or it is outside the token's scope."""
    room = (
        Room.objects.filter(lot_code=code, system_id=token.system_id).select_related("lot__project").first()
    )
    found = (
        [room.lot]
        if room
        else list(Lot.objects.filter(lot_code=code, ended_at=None).select_related("project")[:2])
    )
    if len(found) > 1:
        raise Refused(RefusalCode.LOT, "lot", f"标段编号“{code}”在档案中不止一个，请联系监管部门核对")
    if not found or not _in_scope(token, found[0]):
        raise Refused(
            RefusalCode.LOT,
            "lot",
            f"没有编号为“{code}”的标段，或该标段不在本令牌的授权范围内；应为项目档案中的标段编号",
        )
    return found[0]


def _in_scope(token: AccessToken, lot: Lot) -> bool:
    project = lot.project
    return token.sector in ("", project.sector) and token.region_code in ("", project.region_code)


def _take_lot(
    token: AccessToken,
    code: str,
    pairs: list[tuple[int, Event]],
    documents: Sequence[Any],
    replay: bool,
) -> list[tuple[int, Answer]]:
    answers = []
    with transaction.atomic():
        try:
            room = lock_room(find_lot(token, code))
            _require_own(room, token)
        except Refused as refused:
            return [(index, _refuse(token, documents[index], refused, replay)) for index, _event in pairs]
        intake = _Intake(room, token)
        for index, event in pairs:
            try:
                answers.append((index, intake.take(event)))
                settle_resent(token, documents[index])
            except Refused as refused:
                answers.append((index, _refuse(token, documents[index], refused, replay)))
        intake.application.finish()
    return answers


def _require_own(room: Room, token: AccessToken) -> None:
    if room.system_id is None:
        room.system = token.system
    elif room.system_id != token.system_id:
        raise Refused(RefusalCode.LOT, "lot", "该标段由另一交易系统报送")


class _Intake:
    """The events of one lot in one call; the room is locked."""

    def __init__(self, room: Room, token: AccessToken) -> None:
        self.room, self.token = room, token
        self.application = Application(room)
        self.now = timezone.now()

    def take(self, event: Event) -> Answer:
        """Take one event; raises Refused, and then nothing has changed."""
        digest = event_digest(event)
        known = FeedEvent.objects.filter(system_id=self.token.system_id, event_id=event.id).first()
        if known is not None:
            if known.digest != digest:
                message = f"事件编号“{event.id}”已用于内容不同的事件；同一编号的内容不得更改"
                kept = "事件编号已用于内容不同的事件；同一编号的内容不得更改"
                raise Refused(RefusalCode.CONFLICT, "id", message, kept)
            return _taken(known)
        self._check_times(event)
        self._check_sequence(event)
        row = FeedEvent(
            system_id=self.token.system_id,
            token=self.token,
            room=self.room,
            event_id=event.id,
            sequence=event.sequence,
            kind=event.kind,
            digest=digest,
            sealed=seal(event.model_dump(mode="json"), self.token.system_id),
            occurred_at=event.occurred_at,
            sent_at=event.sent_at,
            received_at=self.now,
        )
        applied = event.sequence == self.room.next_sequence and self.application.apply(row, event)
        row.first_state = EventState.APPLIED if applied else EventState.WAITING
        row.state = row.first_state
        row.save()
        self.application.note_skew(row)
        if applied:
            self.application.drain()
        return _taken(row)

    def _check_times(self, event: Event) -> None:
        if event.occurred_at > event.sent_at + timedelta(seconds=1):
            raise Refused(RefusalCode.FIELD, "occurred_at", "发生时间不应晚于发送时间")

    def _check_sequence(self, event: Event) -> None:
        following = self.room.next_sequence
        if event.sequence < following or self.room.events.filter(sequence=event.sequence).exists():
            kept = "序号已使用或已放行"
            message = f"序号{event.sequence}已使用或已放行；下一个应为{following}"
            raise Refused(RefusalCode.SEQUENCE, "sequence", message, kept)
        if event.sequence > following + MOST_WAITING:
            message = f"序号超前过多；下一个应为{following}，最多可超前{MOST_WAITING}"
            raise Refused(RefusalCode.SEQUENCE, "sequence", message, "序号超前过多")


def _taken(row: FeedEvent) -> Answer:
    state = EventState(row.first_state)
    return Answer(
        _STATUS[state],
        {
            "id": row.event_id,
            "state": state.value,
            "sequence": row.sequence,
            "received_at": timezone.localtime(row.received_at).isoformat(),
        },
    )


_EXPECTED = {
    "model_attributes_type": "应为一个对象",
    "model_type": "应为一个对象",
    "dict_type": "应为一个对象",
    "string_unicode": "含有无法识别的字符",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "too_short": "不能为空",
    "too_long": "条目过多",
}
"""What the readers of files never meet."""


def _field_refusal(error: ValidationError) -> Refused:
    first = error.errors(include_url=False)[0]
    kind, place = first["type"], [str(part) for part in first["loc"]]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return Refused(RefusalCode.FIELD, "kind", "应为接口说明所列的事件类型之一")
    message = _EXPECTED.get(kind) or explain(error)[1]
    # The first part is the kind by which the model was chosen.
    path = ".".join(place[1:] if len(place) > 1 and "." in place[0] else place)
    return Refused(RefusalCode.FIELD, path or "body", message)


def _refuse(token: AccessToken, document: Any, refused: Refused, replay: bool) -> Answer:
    if not replay:
        quarantine_event(token=token, document=document, refused=refused)
    event_id = document.get("id") if isinstance(document, dict) else None
    body = {
        "id": event_id if isinstance(event_id, str) else "",
        "state": "refused",
        "code": refused.code.value,
        "field": refused.field,
        "message": refused.message,
    }
    return Answer(_REFUSED[refused.code], body, refused.readable)
