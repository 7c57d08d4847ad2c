"""Checkpoints: the rows, the signed lines outside the database, and the chain they speak of."""

from typing import Any

from django.utils.translation import gettext as _

from .. import checkpoint_files
from ..canonical import GENESIS
from ..checkpoint_files import STATEMENT_FIELDS, FileLine
from ..models import AuditCheckpoint, AuditLink
from .report import Report


def check_checkpoints(report: Report) -> None:
    """Compare every line with its row and with the link it names, and every row with its line."""
    rows = {row.number: row for row in AuditCheckpoint.objects.order_by("number")}
    report.checkpoints = len(rows)
    report.last_checkpoint = max(rows, default=0)
    seen: set[int] = set()
    previous, expected = GENESIS, 1
    for line in checkpoint_files.read_lines():
        if report.full:
            return
        report.file_lines += 1
        content = line.content
        if content is None or not _well_formed(content):
            _file(report, line, "content", _("not a checkpoint"))
            expected, previous = expected + 1, ""
            continue
        number = content["number"]
        if not checkpoint_files.signature_holds(content):
            _file(report, line, "signatures", _("the signature does not hold for its content"))
        elif number != expected:
            _file(report, line, "number", _("checkpoint %(number)d expected") % {"number": expected})
        elif previous and content["previous"] != previous:
            _file(report, line, "previous", _("does not follow the line before it"))
        elif _rolled_back(report, content, rows):
            return
        elif number in rows:
            _compare_row(report, rows[number], content)
        seen.add(number)
        expected, previous = number + 1, checkpoint_files.statement_hash(content)
    _rows_without_line(report, rows, seen)


def _well_formed(content: dict[str, Any]) -> bool:
    numbers = all(type(content.get(word)) is int for word in ("number", "position", "count"))
    return numbers and all(
        isinstance(content.get(word), str) for word in ("time", "link_hash", "previous", "key_id")
    )


def _file(report: Report, line: FileLine, field: str, reason: str) -> None:
    message = _("Checkpoint file %(place)s, field %(field)s: %(reason)s.")
    report.add(
        "file", "file", line.place, field, message % {"place": line.place, "field": field, "reason": reason}
    )


def _rolled_back(report: Report, content: dict[str, Any], rows: dict[int, AuditCheckpoint]) -> bool:
    """Say whether the chain no longer contains what a signed checkpoint saw; one such line tells it all."""
    number, position = content["number"], content["position"]
    found = AuditLink.objects.filter(pk=position).values_list("link_hash", flat=True).first()
    end = AuditLink.objects.order_by("-position").values_list("position", flat=True).first() or 0
    words = {"number": number, "position": position, "end": end, "time": content["time"]}
    if position > end:
        message = _(
            "The database is older than checkpoint %(number)d of %(time)s (rollback): it then had %(position)d links, now %(end)d."
        )
        report.add("rollback", "checkpoint", number, "position", message % words)
        return True
    if found is not None and found != content["link_hash"]:
        if any(item.table == "link" and item.row == position for item in report.findings):
            return False
        message = _(
            "The chain was rewritten before checkpoint %(number)d of %(time)s: link %(position)d, field link_hash is another (an older copy that went on, or a forged chain)."
        )
        report.add("rollback", "checkpoint", number, "link_hash", message % words)
        return True
    if number not in rows:
        message = _("Checkpoint %(number)d: deleted from the database; the file has it.")
        report.add("deleted", "checkpoint", number, "number", message % words)
    return False


def _compare_row(report: Report, row: AuditCheckpoint, content: dict[str, Any]) -> None:
    stored = checkpoint_files.as_line(row)
    for word in (*STATEMENT_FIELDS, "signatures"):
        if stored[word] != content.get(word):
            name = STATEMENT_FIELDS.get(word, word)
            message = _(
                "Checkpoint %(number)d, field %(field)s: changed in the database; the file says otherwise."
            )
            report.add(
                "changed", "checkpoint", row.number, name, message % {"number": row.number, "field": name}
            )
            return


def _rows_without_line(report: Report, rows: dict[int, AuditCheckpoint], seen: set[int]) -> None:
    for number in sorted(rows.keys() - seen):
        if report.full:
            return
        if not checkpoint_files.signature_holds(checkpoint_files.as_line(rows[number])):
            message = _(
                "Checkpoint %(number)d, field signatures: does not hold, and the file does not have it."
            )
            kind, field = "inserted", "signatures"
        else:
            message = _(
                "Checkpoint %(number)d: missing from the file outside the database (`wulian audit checkpoint` adds it when it is the newest)."
            )
            kind, field = "file", "number"
        report.add(kind, "checkpoint", number, field, message % {"number": number})
