"""Supplements: what is asked for, what comes, and the clock that runs meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.dialogue.models import Supplement, SupplementRequest
from wulian.casework.dialogue.permissions import has_ended, require_writer
from wulian.casework.dialogue.services.texts import LONGEST_TEXT, checked_text, digest_of, tell_handlers
from wulian.casework.dialogue.signals import supplement_received
from wulian.core.audit.services import record_event
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock, void_clock
from wulian.core.config.errors import Refusal
from wulian.core.files.services import attach_files
from wulian.law.periods import Unit

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User

CLOCK: Final = "dialogue.supplement"
BASIS: Final = "本机关要求的补正期限；法律未规定补正期限，受理审查的三个工作日不因此停止"
LONGEST_DAYS: Final = 60
MOST_SUPPLEMENTS: Final = 30
"""Supplements in one matter; each may hold as many files as a report."""


def ask_supplement(*, actor: User, matter: Matter, what: str, due_on: date) -> SupplementRequest:
    """Ask the reporter for what is missing until `due_on` (today to 60 days ahead); a clock of its own runs.

    It stops no other period (REFERENCE D.2: the law knows no 补正 that does). Raises Refusal when one is still open, the text is
    empty or the day does not fit, Forbidden for an officer who does not handle the matter.
    """
    require_writer(actor, matter)
    what = checked_text(what, field="what", longest=LONGEST_TEXT, shortest=5)
    today = timezone.localdate()
    days = (due_on - today).days
    if not 0 <= days <= LONGEST_DAYS:
        raise Refusal(
            _("Until: expected a day from today to %(n)s days ahead.") % {"n": LONGEST_DAYS},
            field="due_on",
        )
    if has_ended(matter):
        raise Refusal(_("The matter is finished; nothing more can be asked for."))
    with transaction.atomic():
        if SupplementRequest.objects.of(matter).filter(received_at=None, withdrawn_at=None).exists():
            raise Refusal(_("An earlier request is still open; withdraw it first."))
        request = SupplementRequest.objects.create(
            content_type=ContentType.objects.get_for_model(matter),
            object_id=matter.pk,
            what=what,
            asked_by=actor,
            due_on=due_on,
        )
        # The day given is the day that is meant: it does not move on over a holiday. A period has at least one day.
        length = max(days, 1)
        start_clock(
            actor=actor, subject=request, kind=CLOCK, label="补正材料", basis=BASIS, started_on=due_on - timedelta(days=length),
            n=length, unit=Unit.CALENDAR_DAY, roll_forward=False,
        )  # fmt: skip
        record_event(
            actor=actor,
            verb="dialogue.supplement_asked",
            subject=matter,
            summary=what[:300],
            data={"request": request.pk, "due_on": due_on},
        )
    return request


def withdraw_supplement(*, actor: User, request: SupplementRequest) -> SupplementRequest:
    """Say that it is no longer needed. Raises Refusal when it was answered or withdrawn already."""
    matter = request.about
    require_writer(actor, matter)
    with transaction.atomic():
        request = SupplementRequest.objects.select_for_update().get(pk=request.pk)
        if not request.is_open:
            raise Refusal(_("This request is no longer open."))
        request.withdrawn_at = timezone.now()
        request.save(update_fields=["withdrawn_at"])
        for clock in Clock.objects.of(request).running().filter(kind=CLOCK):
            void_clock(actor=actor, clock=clock, reason="不再需要")
        record_event(
            actor=actor,
            verb="dialogue.supplement_withdrawn",
            subject=matter,
            data={"request": request.pk},
        )
    return request


def receive_supplement(
    *, matter: Matter, text: str, held: Sequence[str] = (), uploads: Sequence[Any] = ()
) -> Supplement:
    """Store what a reporter (who has shown number and code) hands in later; it answers the open request, if there is one.

    Late is late but received: it only shows on the clock. Raises Refusal when neither text nor file is given, a file is refused,
    or the matter is closed.
    """
    if text.strip() or not (held or uploads):
        text = checked_text(text, field="text", longest=LONGEST_TEXT)
    if matter.is_finished:
        raise Refusal(_("The file is closed; please send a new report."))
    now = timezone.now()
    with transaction.atomic():
        open_ones = SupplementRequest.objects.select_for_update().of(matter)
        if Supplement.objects.of(matter).count() >= MOST_SUPPLEMENTS:
            raise Refusal(_("Very much has been handed in already; please bring the rest to the window."))
        request = open_ones.filter(received_at=None, withdrawn_at=None).first()
        supplement = Supplement.objects.create(
            content_type=ContentType.objects.get_for_model(matter),
            object_id=matter.pk,
            request=request,
            text=text.strip(),
            received_at=now,
        )
        files = attach_files(
            subject=supplement, held=held, uploads=uploads, actor=None,
            anonymous=matter.receipt.is_anonymous, role="supplement",
        )  # fmt: skip
        supplement.digest = digest_of(matter, supplement.text, files)
        supplement.save(update_fields=["digest"])
        if request is not None:
            _answer(request)
        record_event(
            actor=None,
            verb="dialogue.supplement_received",
            subject=matter,
            data={"supplement": supplement.pk, "digest": supplement.digest, "files": len(files)},
        )
        supplement_received.send(sender=Supplement, supplement=supplement)
        tell_handlers(matter, _("Supplement received: %(number)s") % {"number": matter.number})
    return supplement


def _answer(request: SupplementRequest) -> None:
    request.received_at = timezone.now()
    request.save(update_fields=["received_at"])
    for clock in Clock.objects.of(request).running().filter(kind=CLOCK):
        stop_clock(actor=None, clock=clock, stopped_on=timezone.localdate())
