"""A Chromium for the browser tests: found on the machine, or Debian's as root, or npm's @sparticuz/chromium.

WULIAN_CHROMIUM names the program to take. `chromium.py` says which it would be and shows its version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import debian
import npm

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class NoBrowser(Exception):
    """Why no Chromium could be had and what to do, as one sentence."""


@dataclass(frozen=True)
class Browser:
    """A Chromium program, where it came from, and how it is started."""

    program: Path
    origin: str
    library_path: str = ""

    @property
    def arguments(self) -> list[str]:
        """Start arguments; root has no sandbox, and neither has the build for serverless machines."""
        unboxed = os.geteuid() == 0 or bool(self.library_path)
        return [
            *ARGUMENTS,
            *(["--no-sandbox"] if unboxed else []),
            *(["--no-zygote"] if self.library_path else []),
        ]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the browser: this one, with the libraries that came along."""
        if not self.library_path:
            return dict(os.environ)
        known = os.environ.get("LD_LIBRARY_PATH", "")
        return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(filter(None, [self.library_path, known]))}


def browser() -> Browser:
    """The Chromium to use, installed when need be; raises NoBrowser."""
    found = _found()
    if found:
        return found
    if debian.install("chromium"):
        found = _found()
        if found:
            return found
    try:
        program = npm.fetch_chromium()
    except npm.FetchError as problem:
        raise NoBrowser(f"{problem}; install chromium, or name a program in WULIAN_CHROMIUM") from problem
    return Browser(program, "npm's @sparticuz/chromium", npm.library_path(program))


def _found() -> Browser | None:
    named = os.environ.get("WULIAN_CHROMIUM", "")
    if named:
        if not os.access(named, os.X_OK):
            raise NoBrowser(f"WULIAN_CHROMIUM names {named}, which is no program")
        program = Path(named)
        return Browser(program, "named by WULIAN_CHROMIUM", npm.library_path(program))
    for name in NAMES:
        if path := shutil.which(name):
            return Browser(Path(path), "found on the machine")
    return None


def main() -> int:
    """Print which Chromium the tests take; returns 1 when there is none or it does not start."""
    try:
        chosen = browser()
    except NoBrowser as problem:
        print(f"Chromium: none to be had: {problem}", file=sys.stderr)
        return 1
    done = subprocess.run(
        [chosen.program, *chosen.arguments, "--version"],
        env=chosen.environment,
        capture_output=True,
        text=True,
    )
    print(f"Chromium: {done.stdout.strip() or done.stderr.strip()} ({chosen.origin}, {chosen.program})")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
