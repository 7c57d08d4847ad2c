"""Files that come in before what they belong to is sent: they wait a day, so that no refusal makes anybody choose them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.core.files.parameters import SUBJECT_MAX_FILES
from wulian.core.files.services import HeldFile, drop_held, held_file, hold_file
from wulian.portal import pace


@dataclass
class Holding:
    """The files of one form: those that wait, and why others were refused."""

    files: list[HeldFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def tokens(self) -> list[str]:
        return [file.token for file in self.files]


def take_in(request: HttpRequest, upload: Any, *, waiting: int, keep_original: bool) -> HeldFile:
    """Take one file in beside those that wait; raises Refusal naming it."""
    if waiting >= SUBJECT_MAX_FILES:
        raise Refusal(
            _("“%(name)s”: at most %(n)s files; bring the others to the window, or add them later.")
            % {"name": upload.name, "n": SUBJECT_MAX_FILES}
        )
    if not pace.may_upload(request):
        raise Refusal(
            _("“%(name)s”: too many files in this hour; add it later with your receipt.")
            % {"name": upload.name}
        )
    return hold_file(upload=upload, keep_original=keep_original)


def holding_of(request: HttpRequest, uploads: Iterable[Any], *, keep_original: bool) -> Holding:
    """Return what waits for a form: the files it named, without the one it wants removed, and those that came with it now."""
    removed = request.POST.get("remove", "")
    if removed:
        drop_held(removed)
    named = [token for token in dict.fromkeys(request.POST.getlist("held")) if token != removed]
    holding = Holding([found for token in named if (found := held_file(token)) is not None])
    for upload in uploads:
        try:
            file = take_in(request, upload, waiting=len(holding.files), keep_original=keep_original)
        except Refusal as refusal:
            holding.refused.append(refusal.message)
        else:
            holding.files.append(file)
    return holding
