"""The child process that strips one hostile file: the kind as argument, the file on standard input.

It answers with one line of JSON, either ``{"size": …}`` followed by the stripped file or ``{"rejected": code}``.
"""

from __future__ import annotations

import json
import sys
import warnings

from wulian.analysis.confined import confine
from wulian.core.files.cleaning import limits
from wulian.core.files.cleaning.limits import Rejected


def main(media_type: str) -> int:
    """Strip the file; what is not taken is an answer too."""
    confine(seconds=limits.SECONDS, memory=limits.MEMORY)
    warnings.simplefilter("ignore")
    try:
        cleaned = _clean(sys.stdin.buffer.read(), media_type)
    except Rejected as error:
        _say({"rejected": error.code})
        return 0
    except (MemoryError, RecursionError):
        _say({"rejected": "memory"})
        return 0
    _say({"size": len(cleaned)})
    sys.stdout.buffer.write(cleaned)
    sys.stdout.buffer.flush()
    return 0


def _clean(data: bytes, media_type: str) -> bytes:
    # The parsers are loaded inside the limits, and only the one that is needed.
    from wulian.core.files import kinds

    found = kinds.kind_of(data)[1]
    if found == kinds.OLE and media_type in (kinds.DOCX, kinds.XLSX):
        raise Rejected("encrypted")
    if found != media_type:
        raise Rejected("kind")
    if media_type in (kinds.JPEG, kinds.PNG):
        from wulian.core.files.cleaning.pictures import clean_picture

        return clean_picture(data, "JPEG" if media_type == kinds.JPEG else "PNG")
    if media_type == kinds.PDF:
        from wulian.core.files.cleaning.pdf import clean_pdf

        return clean_pdf(data)
    if media_type == kinds.TEXT:
        from wulian.core.files.cleaning.plain import clean_text

        return clean_text(data)
    from wulian.core.files.cleaning.office import clean_office

    return clean_office(data, "word" if media_type == kinds.DOCX else "xl")


def _say(message: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
