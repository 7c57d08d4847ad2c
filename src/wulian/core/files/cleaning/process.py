"""Stripping in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from wulian.analysis.confined import Child, confined
from wulian.core.config.errors import Refusal
from wulian.core.files.cleaning.limits import SECONDS
from wulian.core.files.folders import CHUNK

_WORKER = "wulian.core.files.cleaning.worker"


@contextmanager
def cleaned(chunks: Iterable[bytes], media_type: str, *, title: str, field: str) -> Iterator[Iterator[bytes]]:
    """Give the file without its metadata, piece by piece; raises Refusal naming the file when it is not taken."""
    with confined(_WORKER, [media_type], seconds=SECONDS, takes_input=True) as child:
        child.feed(chunks)
        yield _answer(child, title, field)
    # The child has ended; an answer that was cut short is no file.


def _answer(child: Child, title: str, field: str) -> Iterator[bytes]:
    try:
        head = json.loads(child.answer.readline())
    except ValueError:
        head = {"rejected": "time" if child.is_late else "memory"}
    if "rejected" in head:
        raise _refusal(head["rejected"], title, field)
    return _content(child, head["size"], title, field)


def _content(child: Child, size: int, title: str, field: str) -> Iterator[bytes]:
    left = size
    while left:
        chunk = child.answer.read(min(CHUNK, left))
        if not chunk:
            raise _refusal("time" if child.is_late else "memory", title, field)
        left -= len(chunk)
        yield chunk


def _refusal(code: str, title: str, field: str) -> Refusal:
    sentences = {
        "kind": _("File “%(name)s”: its content is not what its name says."),
        "encrypted": _(
            "File “%(name)s”: it is protected by a password or in an old format; save it without a password as .docx, .xlsx or .pdf."
        ),
        "pixels": _("File “%(name)s”: the picture is too large; at most 64 million pixels are accepted."),
        "pages": _("File “%(name)s”: it has too many pages; at most 1000 are accepted."),
        "bomb": _("File “%(name)s”: it unpacks to far more than its size and was not opened."),
        "slip": _("File “%(name)s”: it holds parts that point outside itself and was not opened."),
        "memory": _(
            "File “%(name)s”: it is too complicated to be checked; save it again or print it to PDF."
        ),
        "time": _("File “%(name)s”: checking it took too long; save it again or print it to PDF."),
    }
    broken = _("File “%(name)s”: it is damaged; open it, save it again and try once more.")
    return Refusal(sentences.get(code, broken) % {"name": title}, field=field)
