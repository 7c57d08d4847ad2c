"""Giving files back, with an event for each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.folders import AlteredFile, FileFolder
from wulian.core.files.models import StoredFile
from wulian.core.files.store import COPIES, ORIGINALS
from wulian.crypto import hexdigest

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


@dataclass(frozen=True)
class _Rule:
    """How a kind of record guards its originals."""

    allows: Callable[[models.Model, User], bool]
    use: Callable[[models.Model, User], str]


_RULES: dict[type[models.Model], _Rule] = {}


def allow_originals(
    model: type[models.Model],
    *,
    allows: Callable[[models.Model, User], bool],
    use: Callable[[models.Model, User], str],
) -> None:
    """Let a room guard the originals of its records.

    `allows(record, user)` says whether this user could have them now; `use(record, user)` writes the use down and returns its
    reason, or raises Forbidden. Without a rule originals stay sealed for everybody.
    """
    _RULES[model] = _Rule(allows, use)


def may_have_originals(subject: models.Model, user: User) -> bool:
    """Whether this user could take originals of a record now."""
    rule = _RULES.get(type(subject))
    return rule is not None and rule.allows(subject, user)


def read_working_copy(*, file: StoredFile, actor: User | None) -> bytes:
    """Return the copy without metadata and write down who took it; the caller has checked that the record is visible.

    Raises Refusal when it is gone or was altered.
    """
    data = _content(COPIES, file.working, file.working_sm3, file)
    _record("files.read", file, actor, file.title)
    return data


def read_original(*, file: StoredFile, actor: User) -> bytes:
    """Return the file as it was sent, which may name its sender, as the rule of its record allows.

    Raises Forbidden where no rule lets this user, Refusal when only the working copy is kept or the file was altered.
    """
    subject = file.subject
    rule = _RULES.get(type(subject)) if subject else None
    if subject is None or rule is None:
        raise Forbidden(_("The originals of these files stay sealed."))
    if not file.original:
        raise Refusal(_("“%(name)s”: only the copy without metadata is kept.") % {"name": file.title})
    with transaction.atomic():
        reason = rule.use(subject, actor)
        data = _content(ORIGINALS, file.original, file.sm3, file)
        _record("files.original_read", file, actor, reason)
    return data


def _content(folder: FileFolder, name: str, sm3: str, file: StoredFile) -> bytes:
    try:
        data = folder.read(name)
    except FileNotFoundError:
        raise Refusal(_("“%(name)s”: the file is missing.") % {"name": file.title}) from None
    except AlteredFile:
        data = b""
    if hexdigest(data) != sm3:
        raise Refusal(_("“%(name)s” is not what was sent: its SM3 digest differs.") % {"name": file.title})
    return data


def _record(verb: str, file: StoredFile, actor: User | None, summary: str) -> None:
    record_event(
        actor=actor,
        verb=verb,
        subject=file.subject,
        summary=summary,
        data={"file": file.pk, "title": file.title, "sm3": file.sm3},
    )
