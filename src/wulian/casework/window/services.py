"""Storing what was entered at the window, now or while the line was down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import ReceivedVia
from wulian.casework.intake.services import (
    IssuedReceipt,
    MatterContent,
    ReporterDetails,
    receive_submission,
)
from wulian.casework.window.models import WindowEntry
from wulian.casework.window.selectors import department_named
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.services import attach_files, drop_held, hold_file

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department, User
    from wulian.core.files.uploads import Upload

LONGEST_DELAY: Final = timedelta(days=14)
"""How long an entry may wait at a desk; a longer one is a wrong clock, and a person must look."""


@dataclass(frozen=True)
class TransferDetails:
    """Who handed a submission on: name of the body, number of its letter, the day it came in there."""

    body: str
    document_number: str
    first_received_on: date | None


@dataclass(frozen=True)
class Delay:
    """An entry made while the line was down: its number until then, when it was made and when it was sent.

    Both moments are by the clock of the desk, so that only their distance counts and a wrong clock does no harm.
    """

    provisional_number: str
    entered: datetime
    sent: datetime


def enter_submission(
    *,
    actor: User,
    contents: Sequence[tuple[str, MatterContent]],
    reporter: ReporterDetails | None,
    received_via: str,
    received_at: datetime | None = None,
    submission: bytes | None = None,
    transfer: TransferDetails | None = None,
    delay: Delay | None = None,
    uploads: Sequence[Upload] = (),
) -> IssuedReceipt:
    """Store a submission of the window with its scans and issue the receipt; the same `submission` is stored once.

    What a department of the joint mechanism handed on keeps the day on which it came in there (REFERENCE D.4, CM-3), so
    the periods run from that day. Raises Refusal naming the field, Forbidden for a user who is not a clerk.
    """
    now = timezone.now()
    entered_at = _moment_of_entry(delay, now)
    department = None
    if received_via == ReceivedVia.TRANSFERRED:
        department = _check_transfer(transfer, entered_at)
    else:
        transfer = None
    if transfer is not None and transfer.first_received_on is not None and department is not None:
        came_there = timezone.make_aware(datetime.combine(transfer.first_received_on, time()))
        received_at = min(received_at or entered_at, came_there)
    # Scans are stripped and sealed before the numbers are taken: nobody waits for another's pictures.
    scans = _hold(uploads, copies=len(contents), named=reporter is not None)
    try:
        with transaction.atomic():
            issued = receive_submission(
                actor=actor,
                contents=contents,
                reporter=reporter,
                received_via=received_via,
                received_at=received_at,
                entered_at=entered_at,
                submission=submission,
            )
            if issued.is_repeat:
                _note_provisional(issued, delay)
            else:
                _note(actor, issued, transfer, department, delay, now)
                _attach(actor, issued, scans)
    except BaseException:
        _drop(scans)
        raise
    if issued.is_repeat:
        _drop(scans)
    return issued


def _hold(uploads: Sequence[Upload], *, copies: int, named: bool) -> list[list[str]]:
    """Take the scans in, once for each matter: every matter may go to another authority."""
    held: list[list[str]] = [[] for _copy in range(copies)]
    try:
        for tokens in held:
            for upload in uploads:
                tokens.append(hold_file(upload=upload, keep_original=named).token)
    except BaseException:
        _drop(held)
        raise
    return held


def _attach(actor: User, issued: IssuedReceipt, scans: list[list[str]]) -> None:
    anonymous = issued.receipt.is_anonymous
    for matter, tokens in zip(issued.matters, scans, strict=True):
        attach_files(subject=matter, held=tokens, actor=actor, anonymous=anonymous)


def _drop(scans: list[list[str]]) -> None:
    for tokens in scans:
        for token in tokens:
            drop_held(token)


def _moment_of_entry(delay: Delay | None, now: datetime) -> datetime:
    if delay is None:
        return now
    waited = delay.sent - delay.entered
    if not timedelta() <= waited <= LONGEST_DELAY:
        raise Refusal(
            _("Time of entry: expected at most %(days)s days ago; check the clock of this computer.")
            % {"days": LONGEST_DELAY.days},
            field="entered",
        )
    return now - waited


def _check_transfer(transfer: TransferDetails | None, entered_at: datetime) -> Department | None:
    """Return the department of the joint mechanism that handed it on, if it was one of them."""
    if transfer is None or not transfer.body.strip():
        raise Refusal(_("Transferred by: name the body that handed it on."), field="transferred_by")
    if not transfer.document_number.strip():
        raise Refusal(
            _("Number of the letter: it stands on the letter of transfer."), field="document_number"
        )
    if transfer.first_received_on is None:
        raise Refusal(
            _("Received there on: the day decides which department received it first."),
            field="first_received_on",
        )
    if transfer.first_received_on > timezone.localdate(entered_at):
        raise Refusal(_("Received there on: expected a day that has come."), field="first_received_on")
    return department_named(transfer.body)


def _note_provisional(issued: IssuedReceipt, delay: Delay | None) -> None:
    """Stored before, but the answer was lost: the slip handed out meanwhile must lead to the receipt."""
    if delay is not None:
        found = WindowEntry.objects.filter(receipt=issued.receipt, provisional_number="")
        found.update(provisional_number=delay.provisional_number)


def _note(
    actor: User,
    issued: IssuedReceipt,
    transfer: TransferDetails | None,
    department: Department | None,
    delay: Delay | None,
    now: datetime,
) -> None:
    entry = WindowEntry(receipt=issued.receipt, stored_at=now)
    if delay is not None:
        entry.provisional_number = delay.provisional_number
    if transfer is not None:
        entry.transferred_by = transfer.body.strip()
        entry.transferring_department = department
        entry.document_number = transfer.document_number.strip()
        entry.first_received_on = transfer.first_received_on
    entry.save()
    record_event(
        actor=actor,
        verb="window.entered",
        subject=issued.matter,
        summary=f"{issued.receipt.number} {entry.provisional_number}".strip(),
        data={
            "provisional_number": entry.provisional_number,
            "entered_at": issued.receipt.entered_at,
            "stored_at": now,
            "transferred_by": entry.transferred_by,
            "document_number": entry.document_number,
            "first_received_on": str(entry.first_received_on or ""),
        },
    )
