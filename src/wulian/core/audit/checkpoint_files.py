"""Checkpoints as signed lines of files outside the database: `VAR_DIR/checkpoints/audit-<year>.jsonl`."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from wulian import crypto

from . import keys
from .canonical import GENESIS, moment
from .models import AuditCheckpoint

FORMAT: Final = "wulian-checkpoint-1"
# The statement's words and the row's columns.
STATEMENT_FIELDS: Final = {
    "number": "number",
    "time": "created_at",
    "position": "position",
    "link_hash": "link_hash",
    "count": "count",
    "previous": "previous",
    "key_id": "key_id",
}


@dataclass(frozen=True)
class FileLine:
    """One line as found; `content` is None when it is not a JSON object."""

    path: Path
    line_number: int
    content: dict[str, Any] | None

    @property
    def place(self) -> str:
        """File name and line number, for messages."""
        return f"{self.path.name}:{self.line_number}"


def folder() -> Path:
    """Return the folder of the checkpoint files."""
    return Path(settings.VAR_DIR) / "checkpoints"


def dumps(content: dict[str, Any]) -> str:
    """Return the one text form of a statement or line."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def statement(row: AuditCheckpoint) -> dict[str, Any]:
    """Return what the signatures of a checkpoint cover."""
    content: dict[str, Any] = {word: getattr(row, column) for word, column in STATEMENT_FIELDS.items()}
    return {**content, "time": moment(row.created_at), "format": FORMAT}


def statement_hash(content: dict[str, Any]) -> str:
    """Return the digest by which the next checkpoint refers to this one."""
    return crypto.hexdigest(dumps({word: content[word] for word in content if word != "signatures"}).encode())


def previous_hash(row: AuditCheckpoint | None) -> str:
    """Return the reference to a checkpoint, or the beginning when there is none."""
    return statement_hash(statement(row)) if row else GENESIS


def sign(row: AuditCheckpoint) -> list[dict[str, str]]:
    """Sign a checkpoint with every key of this installation."""
    data = dumps(statement(row)).encode()
    return [
        {
            "algorithm": signer.algorithm,
            "key_id": signer.key_id,
            "signature": base64.b64encode(signer.sign(data)).decode(),
        }
        for signer in keys.checkpoint_signers()
    ]


def signature_holds(content: dict[str, Any]) -> bool:
    """Check every signature of a line against the keys on file; the Ed25519 one must be there."""
    data = dumps({word: content[word] for word in content if word != "signatures"}).encode()
    try:
        signatures = content["signatures"]
        signed_by = [item["key_id"] for item in signatures if item["algorithm"] == "ed25519"]
        return signed_by == [content["key_id"]] and all(
            keys.checkpoint_verifier(item["key_id"], item["algorithm"]).verify(
                data, base64.b64decode(item["signature"], validate=True)
            )
            for item in signatures
        )
    except (KeyError, TypeError, ValueError):
        return False


def as_line(row: AuditCheckpoint) -> dict[str, Any]:
    """Return a checkpoint with its signatures, as it stands in the file."""
    return {**statement(row), "signatures": row.signatures}


def append(row: AuditCheckpoint) -> Path:
    """Append the checkpoint to the file of its year, and wait until the disk has it."""
    path = folder() / f"audit-{row.created_at:%Y}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        file.write(dumps(as_line(row)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def read_lines() -> Iterator[FileLine]:
    """Yield every line of every year, oldest first."""
    for path in sorted(folder().glob("audit-*.jsonl")):
        with path.open("rb") as file:
            for line_number, text in enumerate(file, 1):
                yield FileLine(path, line_number, _parsed(text))


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def last_number_on_file() -> int:
    """Return the number of the newest readable checkpoint on file, 0 when there is none."""
    numbers = [line.content.get("number", 0) for line in read_lines() if line.content]
    return max((number for number in numbers if isinstance(number, int)), default=0)
