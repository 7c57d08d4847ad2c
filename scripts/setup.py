"""Make the environment in .venv: `setup.py base` for running, `setup.py dev` for testing too.

Runs on the machine's own Python with nothing but the standard library. What is already there is not
installed again: a stamp in .venv holds the digest of every file that decides what belongs there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "wulian-setup.json"
OLDEST = (3, 11)
VENV_HELP = "as root, apt-get install python3-venv; or pip install virtualenv"


class SetupError(Exception):
    """What is missing and what to do about it, as one sentence."""


def main(arguments: list[str]) -> int:
    """Bring .venv up to `base` or `dev`; returns 1 with a message when something is missing."""
    level = arguments[0] if arguments else "dev"
    started = time.monotonic()
    try:
        if sys.version_info < OLDEST:
            found = ".".join(map(str, sys.version_info[:3]))
            raise SetupError(f"Python 3.11 or newer is needed, {sys.executable} is {found}")
        changed = _install(level)
        _run([PYTHON, ROOT / "scripts/messages.py", "compile", "--quiet"])
        _fonts()
    except SetupError as problem:
        print(f"setup: {problem}", file=sys.stderr)
        return 1
    if changed:
        print(f"setup: ready in {time.monotonic() - started:.0f} s")
    return 0


def _install(level: str) -> bool:
    wanted = {"base": _digest("requirements/base.txt"), "dev": _digest("requirements/dev.txt")}
    wanted["project"] = _digest("pyproject.toml")
    wanted["root"] = str(ROOT)
    have = _stamp()
    if have.get("root") != str(ROOT) or not _answers(PYTHON):
        # Scripts in an environment name its folder: a copied or moved one is made anew.
        shutil.rmtree(VENV, ignore_errors=True)
        have = {}
        _make_environment()
    changed = False
    uv_wanted = _digest("requirements/uv.txt")
    if have.get("uv") != uv_wanted:
        _say("installing uv")
        _install_uv()
        changed = True
    # dev.txt holds every package of base.txt at the same version.
    installed = "dev" if have.get("dev") == wanted["dev"] else level
    if have.get(installed) != wanted[installed]:
        _say(f"installing the packages of requirements/{installed}.txt")
        _uv("pip", "install", "--require-hashes", "-r", f"requirements/{installed}.txt")
        changed = True
    if changed or have.get("project") != wanted["project"]:
        _uv("pip", "install", "--no-deps", "--offline", "--reinstall-package", "wulian", "--editable", ".")
        changed = True
    if changed:
        done = {"uv": uv_wanted, "project": wanted["project"], "root": wanted["root"]}
        done |= {"base": wanted["base"]} | ({"dev": wanted["dev"]} if installed == "dev" else {})
        STAMP.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return changed


def _make_environment() -> None:
    _say(f"making .venv with {sys.executable}")
    if _quiet([sys.executable, "-m", "venv", VENV]) and _answers(PYTHON, "pip"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if debian.install(version) and _quiet([sys.executable, "-m", "venv", VENV]) and _answers(PYTHON, "pip"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if _quiet([sys.executable, "-m", "virtualenv", VENV]) and _answers(PYTHON, "pip"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    # Without ensurepip the machine's own pip can still install into an environment that has none.
    if _answers(sys.executable, "pip") and _quiet([sys.executable, "-m", "venv", "--without-pip", VENV]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise SetupError(f"no environment can be made with {sys.executable}: {VENV_HELP}")


def _install_uv() -> None:
    own = _answers(PYTHON, "pip")
    pip = [PYTHON, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", PYTHON]
    options = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--require-hashes"]
    _run([*pip, "install", *options, "-r", "requirements/uv.txt"])


def _uv(*arguments: str) -> None:
    # The cache stays inside the checkout, so removing the folder removes everything.
    cache = {"UV_CACHE_DIR": str(ROOT / "var/cache/uv")}
    _run([VENV / "bin/uv", "--quiet", *arguments], {**cache, **os.environ, "VIRTUAL_ENV": str(VENV)})


def _fonts() -> None:
    finding = [PYTHON, "-m", "wulian.core.config.fonts"]
    if _quiet(finding):
        return
    _say("no Chinese font on this machine for PDF documents")
    if debian.install("fonts-noto-cjk") and _quiet(finding):
        return
    if _quiet([PYTHON, ROOT / "scripts/npm.py", "fonts"], show=True) and _quiet(finding):
        return
    print(
        "setup: PDF documents will be refused until there is a Chinese font: as root, apt-get install"
        " fonts-noto-cjk; or name a folder of fonts in WULIAN_FONTS",
        file=sys.stderr,
    )


def _answers(python: Path | str, module: str = "sys") -> bool:
    return Path(python).exists() and _quiet([python, "-c", f"import {module}"])


def _stamp() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def _say(what: str) -> None:
    print(f"setup: {what}", flush=True)


def _quiet(command: list, environment: dict[str, str] | None = None, show: bool = False) -> bool:
    output = None if show else subprocess.DEVNULL
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


def _run(command: list, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SetupError(f"failed: {' '.join(map(str, command))}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
