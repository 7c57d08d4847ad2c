"""Files of bids: attached one by one or as an archive, removed, given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.analysis.similarity.facts import is_fact_file
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.folders import AlteredFile, Stored, TooLarge
from wulian.core.files.uploads import Upload, plain_file_name
from wulian.crypto import hexdigest
from wulian.information.comparison.archives import Member, members
from wulian.information.comparison.choices import RUNNING, FileRole
from wulian.information.comparison.models import Run, Submission
from wulian.information.comparison.parameters import (
    ENDINGS,
    FILE_MAX_BYTES,
    LONGEST_NAME,
    LOT_MAX_BYTES,
    LOT_MAX_FILES,
    MIB,
)
from wulian.information.comparison.permissions import TEXT_READERS, UPLOADERS
from wulian.information.comparison.selectors import opening_of
from wulian.information.comparison.store import FILES
from wulian.information.registry.models import Lot


@dataclass(frozen=True)
class Taken:
    """What was attached, and what of an archive was passed over because it is empty or its kind is not read."""

    submissions: list[Submission]
    passed_over: list[str]


def attach_files(*, lot: Lot, role: str, uploads: Sequence[Upload], actor: User, bidder: str = "") -> Taken:
    """Attach files to a lot: the tender's own, those of one bidder, or the trading system's exports.

    Raises Forbidden by role or scope; Refusal that names the field or file before the bids are opened, without a bidder's name,
    for a kind, size or name that is not taken, and for what the lot has already. Then nothing is kept.
    """
    _check_lot(lot, actor, role)
    bidder = _bidder(bidder, role)
    if not uploads:
        raise Refusal(_("Files: choose at least one."), field="uploads")
    named = [(plain_file_name(upload), upload) for upload in uploads]
    for name, _upload in named:
        _check_name(name)
        if role == FileRole.RECORD and not is_fact_file(Path(name)):
            raise Refusal(
                _(
                    "File “%(name)s”: an export is called machine, people, bonds or bidders, as .json, .csv, .xml or .xlsx."
                )
                % {"name": name},
                field="uploads",
            )
    incoming = (_Incoming(role, bidder, name, upload.chunks()) for name, upload in named)
    return Taken(_keep(lot, incoming, actor), [])


def attach_archive(*, lot: Lot, upload: Upload, actor: User) -> Taken:
    """Attach the files of a ZIP archive that has one folder a bidder.

    The archive is hostile until it is checked: raises Refusal for paths that lead elsewhere, links, encryption, bombs, too many
    files, and one without folders; then nothing is kept. Exports (machine.json …) become records.
    """
    _check_lot(lot, actor, FileRole.BID)
    found = members(upload)
    taken = [one for one in found if one.is_taken]
    passed_over = [one.path for one in found if not one.is_taken]
    for one in taken:
        _check_name(one.name)
    if not taken:
        raise Refusal(_("Archive: it has no file of a kind that is read."), field="archive")
    return Taken(_keep(lot, [_incoming(one) for one in taken], actor), passed_over)


def remove_submission(*, submission: Submission, actor: User) -> None:
    """Take a file away from its lot, such as one attached to the wrong bidder; what was compared with it stays compared.

    In the background it goes out of the city's memory of earlier bids, too.
    """
    from wulian.information.comparison.tasks import keep_in_background

    _check_lot(submission.lot, actor, FileRole.TENDER)
    if Run.objects.filter(lot=submission.lot, state__in=RUNNING).exists():
        raise Refusal(_("A comparison of this lot is at work; wait until it is done."))
    with transaction.atomic():
        record_event(
            actor=actor,
            verb="comparison.file_removed",
            subject=submission.lot,
            summary=submission.name,
            data={"sm3": submission.sm3, "size": submission.size},
        )
        place = submission.file_path
        submission.delete()
        transaction.on_commit(lambda: FILES.remove(place))
        keep_in_background.enqueue(submission.lot_id)


def read_submission(*, submission: Submission, actor: User) -> bytes:
    """Return a file as it was attached and write down who took it; raises Refusal when it is gone or was altered."""
    require_role(actor, *TEXT_READERS)
    try:
        data = FILES.read(submission.file_path)
    except (FileNotFoundError, AlteredFile):
        data = b""
    if hexdigest(data) != submission.sm3:
        raise Refusal(
            _("“%(name)s” is missing or is not what was attached: its SM3 digest differs.")
            % {"name": submission.name}
        )
    record_event(
        actor=actor,
        verb="comparison.file_read",
        subject=submission,
        summary=submission.name,
        data={"sm3": submission.sm3},
    )
    return data


def _check_lot(lot: Lot, actor: User, role: str) -> None:
    require_role(actor, *UPLOADERS)
    if not Lot.objects.visible_to(actor).filter(pk=lot.pk).exists():
        raise Forbidden(_("This lot is not one of your department's."))
    if role not in FileRole.values:
        raise Refusal(_("What the files are: choose one of the list."), field="role")
    opening = opening_of(lot)
    if role != FileRole.TENDER and opening and opening > timezone.now():
        raise Refusal(
            _("Bids stay closed until they are opened; this lot's opening is at %(moment)s.")
            % {"moment": timezone.localtime(opening).strftime("%Y-%m-%d %H:%M")},
            field="role",
        )


def _bidder(name: str, role: str) -> str:
    name = " ".join(name.split())
    if role == FileRole.TENDER:
        return ""
    if role == FileRole.RECORD and not name:
        return ""
    if not name:
        raise Refusal(_("Bidder: say whose files they are."), field="bidder")
    if "/" in name or "\\" in name or name.startswith((".", "~$")) or len(name) > LONGEST_NAME:
        raise Refusal(
            _(
                "Bidder “%(name)s”: a name has no slashes, does not begin with a dot, and has at most %(n)d letters."
            )
            % {"name": name[:40], "n": LONGEST_NAME},
            field="bidder",
        )
    return name


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if (
        not parts
        or any(len(part) > LONGEST_NAME or part.startswith((".", "~$")) for part in parts)
        or len(name) > 300
    ):
        raise Refusal(
            _("File “%(name)s”: a name does not begin with a dot and has at most %(n)d letters.")
            % {"name": name[:60], "n": LONGEST_NAME},
            field="uploads",
        )
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise Refusal(
            _("File “%(name)s”: accepted are %(known)s.")
            % {"name": name, "known": " ".join(sorted(ENDINGS))},
            field="uploads",
        )


@dataclass(frozen=True)
class _Incoming:
    """A file on its way in."""

    role: str
    bidder: str
    name: str
    chunks: Iterator[bytes]


def _incoming(member: Member) -> _Incoming:
    role = FileRole.RECORD if is_fact_file(Path(member.name)) else FileRole.BID
    return _Incoming(role, _bidder(member.bidder, FileRole.BID), member.name, member.chunks())


def _keep(lot: Lot, incoming: Iterable[_Incoming], actor: User) -> list[Submission]:
    """Store and enter files, all or none."""
    stored: list[Stored] = []
    rows: list[Submission] = []
    present = set(Submission.objects.filter(lot=lot).values_list("role", "bidder", "file_name"))
    try:
        for item in incoming:
            key = (str(item.role), item.bidder, item.name)
            if key in present:
                raise Refusal(
                    _("File “%(name)s”: this lot has one of that name already; remove it first.")
                    % {"name": f"{item.bidder}/{item.name}" if item.bidder else item.name},
                    field="uploads",
                )
            present.add(key)
            one = _stored(item.name, item.chunks)
            stored.append(one)
            rows.append(
                Submission(
                    project_id=lot.project_id,
                    lot=lot,
                    role=item.role,
                    bidder=item.bidder,
                    file_name=item.name,
                    file_path=one.name,
                    size=one.size,
                    sm3=one.sm3,
                    sha256=one.sha256,
                    uploaded_by=actor,
                )
            )
        with transaction.atomic():
            _enter(lot, rows, actor)
    except BaseException:
        for one in stored:
            FILES.remove(one.name)
        raise
    return rows


def _stored(name: str, chunks: Iterator[bytes]) -> Stored:
    try:
        one = FILES.store(chunks, limit=FILE_MAX_BYTES)
    except TooLarge:
        raise Refusal(
            _("File “%(name)s”: at most %(limit)d MB are accepted.")
            % {"name": name, "limit": FILE_MAX_BYTES // MIB},
            field="uploads",
        ) from None
    if not one.size:
        FILES.remove(one.name)
        raise Refusal(_("File “%(name)s”: it is empty.") % {"name": name}, field="uploads")
    return one


def _enter(lot: Lot, rows: list[Submission], actor: User) -> None:
    if not rows:
        return
    Lot.objects.select_for_update().get(pk=lot.pk)
    before = Submission.objects.filter(lot=lot).aggregate(size=Sum("size"))["size"] or 0
    if Submission.objects.filter(lot=lot).count() + len(rows) > LOT_MAX_FILES:
        raise Refusal(_("Files: a lot takes at most %(n)d.") % {"n": LOT_MAX_FILES}, field="uploads")
    if before + sum(row.size for row in rows) > LOT_MAX_BYTES:
        raise Refusal(
            _("Files: a lot takes at most %(limit)d MB.") % {"limit": LOT_MAX_BYTES // MIB}, field="uploads"
        )
    Submission.objects.bulk_create(rows, batch_size=200)
    record_event(
        actor=actor,
        verb="comparison.files_added",
        subject=lot,
        summary=_("%(n)d files: %(names)s")
        % {"n": len(rows), "names": "、".join(row.name for row in rows[:5])},
        data={"files": [[row.role, row.name, row.size, row.sm3] for row in rows[:200]]},
    )
