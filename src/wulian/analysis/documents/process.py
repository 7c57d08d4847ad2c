"""Reading in a process of its own: what a hostile file does to a parser stays there."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import wulian
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, FileFormat, UnreadableDocument

_READER = "wulian.analysis.documents.reader"
_SIGXCPU = -signal.SIGXCPU
_TOO_LONG = UnreadableDocument("time", "读取用时过长，已停止；文件可能有意造得复杂，请另存后再上传")
DEFAULT_LIMITS = Limits()


def read_document(
    path: str | Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Return the text of a file; `progress` is told (pages read, pages).

    Raises UnreadableDocument with a clear sentence, and OSError when the file cannot be opened at all.
    """
    with Path(path).open("rb"):
        pass
    outcome = _run(["read", str(path), json.dumps(asdict(limits))], limits, progress)
    return Document.from_json(outcome["document"])


def check_document(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> FileFormat:
    """Return what a file is without reading its text. Raises UnreadableDocument when it will not be read."""
    outcome = _run(["check", str(path), json.dumps(asdict(limits))], limits, None)
    kind: FileFormat = outcome["checked"]["format"]
    return kind


def render_page(
    path: str | Path,
    page: int,
    *,
    marks: Sequence[tuple[int, int]] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Return a PDF page as PNG with `marks` (first character, how many) framed. Raises UnreadableDocument."""
    arguments = ["render", str(path), json.dumps(asdict(limits)), str(page), json.dumps(list(marks))]
    return base64.b64decode(_run(arguments, limits, None)["image"])


def _run(arguments: list[str], limits: Limits, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    # The environment holds nothing: no keys, no database address.
    process = subprocess.Popen(
        [sys.executable, "-m", _READER, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            "PYTHONPATH": str(Path(wulian.__file__).parents[1]),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        text=True,
        encoding="utf-8",
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.seconds, end)
    timer.start()
    outcome: dict[str, Any] = {}
    try:
        assert process.stdout is not None
        for line in process.stdout:
            outcome = json.loads(line)
            if "progress" in outcome and progress:
                progress(*outcome["progress"])
    except ValueError:
        outcome = {}
    finally:
        timer.cancel()
        if process.stdout:
            process.stdout.close()
        process.kill()
        code = process.wait()
    return _checked(outcome, late.is_set() or code == _SIGXCPU)


def _checked(outcome: dict[str, Any], late: bool) -> dict[str, Any]:
    if "refusal" in outcome:
        raise UnreadableDocument(**outcome["refusal"])
    if outcome.keys() & {"document", "image", "checked"}:
        return outcome
    if late:
        raise UnreadableDocument(_TOO_LONG.code, _TOO_LONG.message)
    raise UnreadableDocument("broken", "文件无法读取：读取程序异常结束，文件可能已损坏或者超出内存限度")
