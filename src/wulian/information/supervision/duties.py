"""What the live supervision asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.ui.worklist import Duty, Rest, pressing
from wulian.information.supervision.models import QuarantinedEvent, Remark, Room
from wulian.information.supervision.permissions import may_handle_feed

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

_KIND = _("Live supervision")


def duties(user: User) -> Iterator[Duty | Rest]:
    """Answers to read, objections on the spot that wait, refused events to handle."""
    today = timezone.localdate()
    answered = Remark.objects.filter(author=user, seen_at=None, answered_at__isnull=False)
    answered = answered.select_related("room__lot").filter(room__in=Room.objects.visible_to(user))
    remarks, rest = pressing(answered, lambda _row: True, kind=_KIND, url=reverse("supervision:board"))
    yield from rest
    for remark, _true in remarks:
        yield Duty(
            title=_("A remark was answered"),
            subject_label=str(remark.room),
            url=reverse("supervision:remark", args=[remark.pk]),
            due=today,
            action=_("Read the answer"),
            kind=_KIND,
        )
    if user.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD, Role.DISPATCHER):
        waiting = Room.objects.visible_to(user).filter(waiting_objections__gt=0).select_related("lot")
        rooms, rest = pressing(waiting, lambda _row: True, kind=_KIND, url=reverse("supervision:board"))
        yield from rest
        for room, _true in rooms:
            yield Duty(
                title=_("An objection on the spot has no answer"),
                subject_label=str(room),
                url=room.get_absolute_url(),
                due=today,
                action=_("Go to the live room"),
                severity="orange",
                kind=_KIND,
            )
    if may_handle_feed(user) and (QuarantinedEvent.objects.visible_to(user).open().exists()):
        yield Duty(
            title=_("Refused events of trading systems wait"),
            subject_label=str(_("Refused events")),
            url=reverse("supervision:quarantine"),
            due=today,
            action=_("Handle the events"),
            kind=_KIND,
        )
