"""What pages read of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min

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
        unanswered = Message.objects.filter(
            content_type=ContentType.objects.get_for_model(model), from_reporter=True, answered_at=None
        )
        rows = model._default_manager.visible_to(user).filter(own_matters(user))  # type: ignore[attr-defined]
        rows = rows.filter(pk__in=unanswered.values("object_id")).select_related("project")
        matters = {row.pk: row for row in rows.order_by("received_at")[:limit]}
        counts = unanswered.filter(object_id__in=matters).order_by().values("object_id")
        for row in counts.annotate(n=Count("id"), since=Min("sent_at")):
            found.append(Waiting(matters[row["object_id"]], row["n"], row["since"]))
    return sorted(found, key=lambda item: str(item.since))[:limit]
