"""A process of its own for what reads hostile files: what a file does to a parser stays there."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import wulian

_OPEN_FILES = 64


@dataclass
class Child:
    """The running process; `is_late` says that its time was up, once `confined` has ended it."""

    process: subprocess.Popen[bytes]
    is_late: bool = False
    _timer: threading.Timer = field(init=False, repr=False)

    @property
    def answer(self) -> IO[bytes]:
        """What the child writes."""
        assert self.process.stdout is not None
        return self.process.stdout

    def feed(self, chunks: Iterable[bytes]) -> None:
        """Give the child its input, which it reads to the end before it answers."""
        assert self.process.stdin is not None
        # A child that ended early has said why, or is told by its silence.
        with suppress(BrokenPipeError), self.process.stdin as pipe:
            for chunk in chunks:
                pipe.write(chunk)

    def _start_clock(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.start()

    def _end(self) -> None:
        self.is_late = True
        self.process.kill()

    def _finish(self) -> None:
        self._timer.cancel()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self.process.kill()
        self.is_late |= self.process.wait() == -signal.SIGXCPU


@contextmanager
def confined(
    module: str, arguments: Sequence[str] = (), *, seconds: float, takes_input: bool = False
) -> Iterator[Child]:
    """Run a module of ours as a child that is ended after `seconds`; it calls `confine` before it touches the file.

    Its environment holds nothing: no keys, no database address.
    """
    child = Child(
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE if takes_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                "PYTHONPATH": str(Path(wulian.__file__).parents[1]),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
    )
    child._start_clock(seconds)
    try:
        yield child
    finally:
        child._finish()


def confine(*, seconds: int, memory: int) -> None:
    """Called by the child: no core dump, no files written, and an end to processor time and memory (bytes)."""
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(kind, (value, value))
