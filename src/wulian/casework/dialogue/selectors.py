"""What pages read of the dialogue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from wulian.casework.dialogue.choices import WithdrawalState
from wulian.casework.dialogue.models import (
    Message,
    Satisfaction,
    Supplement,
    SupplementRequest,
    WithdrawalRequest,
)
from wulian.casework.dialogue.permissions import own_matters
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.ui.worklist import counted

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


@dataclass(frozen=True)
class Dialogue:
    """Everything reporter and office said to each other in one matter, oldest first."""

    messages: list[Message]
    requests: list[SupplementRequest]
    supplements: list[Supplement]
    withdrawals: list[WithdrawalRequest]
    satisfaction: Satisfaction | None
    open_request: SupplementRequest | None = field(init=False)

    def __post_init__(self) -> None:
        waiting = next((request for request in self.requests if request.is_open), None)
        object.__setattr__(self, "open_request", waiting)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said yet."""
        return not (self.messages or self.requests or self.supplements or self.withdrawals)

    @property
    def withdrawal_waits(self) -> bool:
        """Whether a wish to withdraw is being examined."""
        return any(request.state == WithdrawalState.ASKED for request in self.withdrawals)

    @property
    def unanswered(self) -> int:
        """Messages of the reporter that wait."""
        return sum(message.from_reporter and message.answered_at is None for message in self.messages)

    @property
    def unread(self) -> int:
        """Messages of the office that the reporter has not seen."""
        return sum(not message.from_reporter and message.read_at is None for message in self.messages)


def dialogue_of(matter: Matter) -> Dialogue:
    """Return the dialogue about a matter that the reader may see; the caller has seen to that."""
    requests = SupplementRequest.objects.of(matter).select_related("asked_by")
    return Dialogue(
        messages=list(Message.objects.of(matter).select_related("author__department")),
        requests=list(requests.prefetch_related("clocks__suspensions")),
        supplements=list(Supplement.objects.of(matter).prefetch_related("files")),
        withdrawals=list(WithdrawalRequest.objects.of(matter).prefetch_related("files")),
        satisfaction=Satisfaction.objects.of(matter).first(),
    )


@dataclass(frozen=True)
class Waiting:
    """A matter whose reporter waits for an answer, and since when."""

    matter: Matter
    count: int
    since: object


def waiting_for(user: User, limit: int) -> list[Waiting]:
    """Return the matters in which this user is the one to answer, who waits longest first."""
    found: list[Waiting] = []
    for model in (Complaint, TipOff):
        rows = _with_questions(model, user).select_related("project")
        matters = {row.pk: row for row in rows.order_by("received_at")[:limit]}
        counts = _unanswered(model).filter(object_id__in=matters).order_by().values("object_id")
        for row in counts.annotate(n=Count("id"), since=Min("sent_at")):
            found.append(Waiting(matters[row["object_id"]], row["n"], row["since"]))
    return sorted(found, key=lambda item: str(item.since))[:limit]


def number_waiting(user: User) -> int:
    """Return in how many matters this user is the one to answer."""
    return sum(counted(_with_questions(model, user)) for model in (Complaint, TipOff))


def _unanswered(model: type[Matter]) -> QuerySet[Message]:
    kind = ContentType.objects.get_for_model(model)
    return Message.objects.filter(content_type=kind, from_reporter=True, answered_at=None)


def _with_questions(model: type[Matter], user: User) -> QuerySet[Matter]:
    rows: QuerySet[Matter] = model._default_manager.visible_to(user).filter(own_matters(user))  # type: ignore[attr-defined]
    return rows.filter(pk__in=_unanswered(model).values("object_id"))


ASK_AFTER: Final = (30, 90, 180)
"""Days after the feedback on which a reporter who gave a name is asked about retaliation (REFERENCE D.9: E)."""
ASK_WITHIN: Final = 7
"""Days within which it is asked."""


@dataclass(frozen=True)
class FollowUp:
    """A tip-off whose reporter is to be asked whether anybody made them suffer for it: after how many days, and until when."""

    tip_off: TipOff
    days: int
    until: dt.date


def follow_ups_for(user: User, limit: int) -> list[FollowUp]:
    """Return the tip-offs whose named reporters this user has to ask now, the longest due first.

    It is asked on the reporter's own page, so nobody is called or written to; a message of an officer since that day counts as asked.
    """
    today = timezone.localdate()
    earliest, latest = (
        today - dt.timedelta(days=days) for days in (ASK_AFTER[-1] + 4 * ASK_WITHIN, ASK_AFTER[0])
    )
    rows = TipOff.objects.visible_to(user).filter(own_matters(user), receipt__is_anonymous=False)
    rows = rows.filter(feedback_at__date__range=(earliest, latest)).select_related("project")
    tip_offs = list(rows.order_by("feedback_at")[:limit])
    written = Message.objects.filter(
        content_type=ContentType.objects.get_for_model(TipOff),
        object_id__in=[tip_off.pk for tip_off in tip_offs],
        from_reporter=False,
    )
    last = dict(
        written.order_by().values("object_id").annotate(at=Max("sent_at")).values_list("object_id", "at")
    )
    found = []
    for tip_off in tip_offs:
        assert tip_off.feedback_at is not None  # asked for above
        told = timezone.localdate(tip_off.feedback_at)
        days = max(days for days in ASK_AFTER if told + dt.timedelta(days=days) <= today)
        since = told + dt.timedelta(days=days)
        if tip_off.pk not in last or timezone.localdate(last[tip_off.pk]) < since:
            found.append(FollowUp(tip_off, days, since + dt.timedelta(days=ASK_WITHIN)))
    return sorted(found, key=lambda item: item.until)
