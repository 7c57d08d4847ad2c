"""The child process that reads one hostile file: limits first, then the parsers, then one line of JSON.

``python -m wulian.analysis.documents.reader read PATH LIMITS``, ``… check PATH LIMITS``, ``… inspect PATH LIMITS [ocr]``,
``… render PATH LIMITS PAGE MARKS``.
"""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wulian.analysis.confined import confine
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import UnreadableDocument, storable


def main(arguments: list[str]) -> int:
    """Do one task and print its outcome; a refusal is an outcome."""
    task, path, written = arguments[:3]
    limits = Limits(**json.loads(written))
    confine(seconds=limits.seconds, memory=limits.memory)
    outcome: dict[str, Any]
    try:
        data = _content(Path(path), limits)
        if task == "render":
            page, marks = int(arguments[3]), json.loads(arguments[4])
            outcome = {"image": base64.b64encode(_render(data, page, marks)).decode()}
        elif task == "inspect":
            outcome = {"inspected": _inspect(data, limits, recognised=arguments[3:] == ["ocr"])}
        elif task == "check":
            outcome = {"checked": _check(data, limits)}
        else:
            outcome = {"document": _read(data, limits)}
    except UnreadableDocument as error:
        outcome = {"refusal": {"code": error.code, "message": error.message}}
    except (MemoryError, RecursionError):
        outcome = {"refusal": {"code": "memory", "message": "文件过于复杂，超出内存限度，已停止读取"}}
    _say(outcome)
    return 0


def _content(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(limits.size + 1)
    if len(data) > limits.size:
        raise UnreadableDocument("size", f"文件过大，最多{limits.size // 1024 // 1024} MiB")
    return data


def _check(data: bytes, limits: Limits) -> dict[str, Any]:
    from wulian.analysis.documents.detection import detect_format

    kind = detect_format(data, limits)
    if kind != "pdf":
        return {"format": kind, "pages": None}
    from wulian.analysis.documents.pdf import check_pdf

    return {"format": kind, "pages": len(check_pdf(data, limits))}


def _read(data: bytes, limits: Limits) -> dict[str, Any]:
    # The parsers are loaded inside the limits, and only the one that is needed.
    from wulian.analysis.documents.detection import detect_format

    kind = detect_format(data, limits)
    if kind == "pdf":
        from wulian.analysis.documents.pdf import read_pdf

        return asdict(read_pdf(data, limits, _progress))
    if kind == "docx":
        from wulian.analysis.documents.word import read_word

        return asdict(read_word(data, limits))
    from wulian.analysis.documents.plain import read_html, read_text

    return asdict((read_html if kind == "html" else read_text)(data, limits))


def _inspect(data: bytes, limits: Limits, *, recognised: bool) -> dict[str, Any]:
    """Text, traces and tables of one file; what has no text may still have traces."""
    from wulian.analysis.documents.detection import detect_content
    from wulian.analysis.documents.inspecting import inspect

    return inspect(data, detect_content(data, limits), limits, recognised=recognised)


def _render(data: bytes, page: int, marks: list[list[int]]) -> bytes:
    from wulian.analysis.documents.rendering import render_pdf_page

    return render_pdf_page(data, page, [(first, length) for first, length in marks])


def _progress(done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        _say({"progress": [done, total]})


def _say(message: dict[str, Any]) -> None:
    text = json.dumps(message, ensure_ascii=False)
    if "\\u0000" in text or storable(text) != text:
        # What a parser made of a broken file must not break those who write it down.
        text = json.dumps(_storable(message), ensure_ascii=False)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list | tuple) else value


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
