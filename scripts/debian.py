"""Install one of Debian's packages, saying so; standard library only, `setup.py` runs before anything is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

QUIET_TAIL = 1500


def can_install() -> bool:
    """Whether this is root on a machine with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """Install `package` without what it merely recommends; its output is shown only when it fails."""
    if not can_install():
        return False
    print(f"installing Debian's {package}", flush=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    # The lists may be old or, on a new machine, not there at all.
    for attempt in (command, ["apt-get", "update", "-qq"], command):
        done = _run(attempt)
        if attempt is command and done.returncode == 0:
            return True
    print(f"installing Debian's {package} failed:\n{done.stdout[-QUIET_TAIL:]}", file=sys.stderr)
    return False


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
