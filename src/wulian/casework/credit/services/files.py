"""Writing a version of a record as files under WULIAN_VAR/outbox; run by the worker, any number of times."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.credit.models import OutboxFile
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.config.numbers import next_number
from wulian.crypto import hexdigest
from wulian.exchange.credit_record import file_name, read_row, write_csv, write_json

KINDS = ("csv", "json")


def folder() -> Path:
    """Return the folder that the province's files are taken from."""
    return Path(settings.VAR_DIR) / "outbox"


def write_file(*, file: OutboxFile) -> OutboxFile:
    """Write CSV and JSON of one version under a gapless name; a file that stands is left as it is."""
    with transaction.atomic():
        file = OutboxFile.objects.select_for_update().select_related("record").get(pk=file.pk)
        if file.written_at is not None:
            return file
        record = read_row(file.payload)
        contents = {"csv": write_csv([record]), "json": write_json([record], action=file.action)}
        today = timezone.localdate()
        file.name = file_name(record.CF_CFJGDM, today, next_number(f"credit-file:{record.CF_CFJGDM}", today))
        for kind, data in contents.items():
            _put(folder() / f"{file.name}.{kind}", data)
            setattr(file, f"{kind}_hash", hexdigest(data))
        file.written_at = timezone.now()
        file.save()
        record_event(
            actor=None, verb="credit.file_written", subject=file.record, summary=file.name,
            data={"version": file.version, "csv": file.csv_hash, "json": file.json_hash},
        )  # fmt: skip
    return file


def read_file(*, actor: User, file: OutboxFile, kind: str) -> bytes:
    """Return a written file and note who took it; raises Refusal when it is missing or was altered."""
    if kind not in KINDS or file.written_at is None:
        raise Refusal(_("The file has not been written yet."))
    try:
        data = (folder() / f"{file.name}.{kind}").read_bytes()
    except FileNotFoundError:
        raise Refusal(_("The file %(name)s is missing.") % {"name": file.name}) from None
    if hexdigest(data) != getattr(file, f"{kind}_hash"):
        raise Refusal(
            _("The file %(name)s is not what was written: its SM3 digest differs.") % {"name": file.name}
        )
    record_event(actor=actor, verb="credit.file_read", subject=file.record, summary=f"{file.name}.{kind}")
    return data


def _put(path: Path, data: bytes) -> None:
    """Write whole or not at all: whoever fetches the folder never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(path.suffix + ".part")
    with half.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
