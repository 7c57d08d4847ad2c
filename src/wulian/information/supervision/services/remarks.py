"""What a supervisor says in a room, and the answer with its time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.ui.notifications import notify
from wulian.information.registry.models import Lot
from wulian.information.supervision.choices import EntryKind, RefusalCode, RemarkKind
from wulian.information.supervision.models import Remark, Room
from wulian.information.supervision.permissions import REMARKERS
from wulian.information.supervision.services.quarantine import Refused
from wulian.information.supervision.services.rooms import lock_room, write_entry

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def make_remark(*, lot: Lot, actor: User, kind: str, text: str) -> Remark:
    """Remind, ask or suggest a suspension; raises Forbidden by role or scope, Refusal for a wrong kind or no text.

    A suspension is only suggested: who runs the opening decides on it.
    """
    require_role(actor, *REMARKERS)
    if kind not in RemarkKind.values:
        raise Refusal(_("Kind: expected one of the kinds of the list."), field="kind")
    if len(text.strip()) < 2:
        raise Refusal(_("Remark: write at least two characters."), field="text")
    with transaction.atomic():
        lot = Lot.objects.visible_to(actor).get(pk=lot.pk)
        room = lock_room(lot)
        remark = Remark.objects.create(room=room, kind=kind, text=text.strip()[:1000], author=actor)
        write_entry(
            room,
            kind=EntryKind.REMARK,
            text=f"监督意见第{remark.pk}号（{remark.get_kind_display()}，{actor}）：{remark.text}",
            at=remark.at,
        )
        room.save()
        record_event(
            actor=actor,
            verb="supervision.remark_made",
            subject=room,
            summary=remark.text[:300],
            data={"kind": remark.kind},
        )
    return remark


def answer_remark(*, remark: Remark, actor: User, answer: str, answered_by: str) -> Remark:
    """Enter an answer that was given in person or by telephone; raises Forbidden by role, Refusal when it is answered or empty."""
    require_role(actor, *REMARKERS)
    if not answer.strip():
        raise Refusal(_("Answer: write what was answered."), field="answer")
    if not answered_by.strip():
        raise Refusal(_("Who answered: name the unit and the person."), field="answered_by")
    with transaction.atomic():
        room = Room.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=remark.room_id)
        found = Remark.objects.get(pk=remark.pk)
        if found.answered_at is not None:
            raise Refusal(_("This remark has been answered already."))
        found.entered_by = actor
        take_answer(room, found, answer.strip(), by=answered_by.strip(), at=timezone.now())
        room.save()
        record_event(
            actor=actor, verb="supervision.remark_answered", subject=room, summary=found.answer[:300]
        )
    return found


def mark_answer_seen(*, remark: Remark, actor: User) -> None:
    """The author has read the answer; others' reading changes nothing."""
    if remark.author_id == actor.pk and remark.answered_at and remark.seen_at is None:
        Remark.objects.filter(pk=remark.pk, seen_at=None).update(seen_at=timezone.now())


def find_remark(room: Room, number: int) -> Remark:
    """The remark that an event answers; raises Refused when the room has none of this number, or it is answered."""
    found = Remark.objects.filter(room=room, pk=number).first()
    if found is None:
        raise Refused(RefusalCode.CONTRADICTION, "data.remark", f"本标段没有编号为{number}的监督意见")
    if found.answered_at is not None:
        raise Refused(RefusalCode.CONTRADICTION, "data.remark", f"监督意见第{number}号已答复")
    return found


def take_answer(room: Room, remark: Remark, answer: str, *, by: str, at: datetime) -> None:
    """Write the answer of a locked room's remark, and tell its author."""
    remark.answer, remark.answered_by, remark.answered_at = answer[:1000], by[:100], at
    remark.save()
    write_entry(
        room,
        kind=EntryKind.ANSWER,
        text=f"监督意见第{remark.pk}号答复（{remark.answered_by}）：{remark.answer}",
        at=at,
    )
    title = _("Your remark was answered: %(lot)s") % {"lot": room.lot}
    notify(users=[remark.author], title=title, url=room.get_absolute_url(), body=remark.answer)
