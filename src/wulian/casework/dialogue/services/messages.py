"""Messages between a reporter and who handles the matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.dialogue.models import Message
from wulian.casework.dialogue.permissions import require_writer
from wulian.casework.dialogue.services.texts import LONGEST_MESSAGE, checked_text, tell_handlers
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User

MOST_WAITING: Final = 20
"""Messages of one reporter that may wait for an answer in one matter."""


def send_message(*, actor: User | None, matter: Matter, text: str) -> Message:
    """Write to the other side; `actor` is the officer, None for the reporter, who has shown number and code.

    An officer's message answers every earlier one of the reporter. Raises Refusal for an empty or too long text or when too many
    of the reporter's messages wait, Forbidden for an officer who does not handle the matter.
    """
    if actor is not None:
        require_writer(actor, matter)
    text = checked_text(text, field="text", longest=LONGEST_MESSAGE)
    with transaction.atomic():
        _lock(matter)
        waiting = Message.objects.of(matter).filter(from_reporter=True, answered_at=None)
        if actor is None and waiting.count() >= MOST_WAITING:
            raise Refusal(_("Many of your messages wait for an answer; please wait for it."), field="text")
        message = Message.objects.create(
            content_type=ContentType.objects.get_for_model(matter),
            object_id=matter.pk,
            from_reporter=actor is None,
            author=actor,
            text=text,
        )
        if actor is not None:
            _settle(matter)
        record_event(
            actor=actor,
            verb="dialogue.message_received" if actor is None else "dialogue.message_sent",
            subject=matter,
            data={"message": message.pk},
        )
        if actor is None:
            tell_handlers(matter, _("New message: %(number)s") % {"number": matter.number})
    return message


def settle_messages(*, actor: User, matter: Matter) -> int:
    """Say that the reporter's waiting messages need no answer; returns how many there were."""
    require_writer(actor, matter)
    with transaction.atomic():
        count = _settle(matter)
        if count:
            record_event(
                actor=actor, verb="dialogue.messages_settled", subject=matter, data={"messages": count}
            )
    return count


def mark_read(*, matter: Matter) -> int:
    """Note that the reporter has opened the page on which the officers' messages stand; returns how many were new."""
    unread = Message.objects.of(matter).filter(from_reporter=False, read_at=None)
    with transaction.atomic():
        count = unread.update(read_at=timezone.now())
        if count:
            record_event(actor=None, verb="dialogue.messages_read", subject=matter, data={"messages": count})
    return count


def _settle(matter: Matter) -> int:
    now = timezone.now()
    waiting = Message.objects.of(matter).filter(from_reporter=True, answered_at=None)
    return waiting.update(read_at=now, answered_at=now)


def _lock(matter: Matter) -> None:
    type(matter)._default_manager.select_for_update().only("pk").get(pk=matter.pk)
