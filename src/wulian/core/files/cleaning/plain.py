"""Plain text: UTF-8 without marks nobody sees."""

from __future__ import annotations

import re

from wulian.analysis.documents.detection import decode
from wulian.analysis.documents.models import UnreadableDocument
from wulian.core.files.cleaning.limits import Rejected

# Control characters, and the invisible ones that can carry a mark of who copied the text.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def clean_text(data: bytes) -> bytes:
    """Return the text as UTF-8 with plain line ends; raises Rejected for what is no text."""
    try:
        text = decode(data)
    except UnreadableDocument:
        raise Rejected("kind") from None
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).encode()
