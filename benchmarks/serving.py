"""A PostgreSQL server and a web server of one's own on loopback, which can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [path for path in (str(ROOT / "scripts"),) if path not in sys.path]

import psycopg  # noqa: E402

import postgres  # noqa: E402

BIN = Path(sys.executable).parent
# A promise that something is stored is tried on a server that really stores it.
DURABLE = {**postgres.SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "60"}  # fmt: skip
SECONDS_TO_START = 60


class Cluster:
    """PostgreSQL in a folder of its own; durable, so that what was committed survives `kill`."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.data = postgres._programs(""), folder / "data"
        owner, self.prefix = postgres._owner()
        self.folder, self.port = folder, postgres._free_port()
        password = secrets.token_urlsafe(18)
        (folder / "password").write_text(password, encoding="utf-8")
        if owner is not None:
            for path in (folder, folder / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        make = ["-D", self.data, "-U", "wulian", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        postgres._run(
            [*self.prefix, self.programs / "initdb", *make, "--encoding=UTF8", "--locale=C.UTF-8"], folder
        )
        self.address = f"postgres://wulian:{password}@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers; after a kill it first recovers."""
        options = [word for name, value in {**DURABLE, "port": str(self.port)}.items() for word in ("-c", f"{name}={value}")]  # fmt: skip
        command = [*self.prefix, self.programs / "postgres", "-D", self.data, *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
            )  # fmt: skip
        _wait(self.answers, "PostgreSQL", self.process, self.folder / "log")

    def answers(self) -> bool:
        """Whether it takes a connection."""
        try:
            psycopg.connect(self.address, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        assert self.process is not None
        family = [self.process.pid, *_children(self.process.pid)]
        _kill(family)
        self.process.wait()
        # The next start refuses while one of the old processes still holds the shared memory.
        _wait(lambda: not any(_is_alive(pid) for pid in family), "the end of PostgreSQL")


class Web:
    """gunicorn as the Procfile starts it, with an application of one's choice."""

    def __init__(
        self, environment: dict[str, str], log: Path, application: str = "wulian.core.config.wsgi:application"
    ) -> None:
        self.port, self.environment, self.log = _free_port(), environment, log
        self.application = application
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self, path: str = "/portal/") -> None:
        """Start, and return when the page `path` answers."""
        options = [
            "--bind",
            self.host,
            "--preload",
            "--workers",
            "2",
            "--threads",
            "4",
            "--timeout",
            "120",
            "--no-control-socket",
        ]
        command = [BIN / "gunicorn", self.application, *options, "--backlog", "512", "--log-level", "error"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), cwd=ROOT, env=self.environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        _wait(lambda: _answers(self.port, path), "gunicorn", self.process, self.log)

    def kill(self) -> None:
        """End master and workers at once."""
        assert self.process is not None
        _kill([self.process.pid, *_children(self.process.pid)])
        self.process.wait()

    def kill_worker(self, chance: Any) -> None:
        """End one worker in the middle of whatever it does; the master starts another."""
        assert self.process is not None
        if workers := _children(self.process.pid):
            _kill([chance.choice(workers)])


TABLES = """
import django
from importlib import import_module
django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
with connection.schema_editor() as editor:
    import_module("wulian.core.audit.migrations.0002_append_only").create(None, editor)
    import_module("wulian.information.registry.migrations.0002_full_text").create_index(None, editor)
"""
"""The tables as the models say, as tests have them: a hundred migrations one by one take most of a minute."""


@contextlib.contextmanager
def platform(*, debug: bool = False) -> Iterator[tuple[Cluster, Web, dict[str, str]]]:
    """Yield a started PostgreSQL, a web server that is not started, and the environment of both; everything goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="wulian-serving-"))
    state = Path(tempfile.mkdtemp(prefix="wulian-state-"))
    started: list[Cluster | Web] = []
    try:
        cluster = Cluster(folder)
        started.append(cluster)
        cluster.start()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PG")},
            "DATABASE_URL": cluster.address,
            "WULIAN_VAR": str(state),
            "DJANGO_SETTINGS_MODULE": "wulian.core.config.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "SECURE_TLS": "0",
            "LOG_LEVEL": "ERROR",
            "DEBUG": "1" if debug else "0",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        run = [str(BIN / "wulian")]
        tables = [sys.executable, "-c", TABLES] if debug else [*run, "migrate", "--verbosity", "0"]
        subprocess.run(tables, cwd=ROOT, env=environment, check=True)
        if not debug:
            subprocess.run(
                [*run, "collectstatic", "--noinput", "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        web = Web(environment, state / "web.log")
        started.append(web)
        yield cluster, web, environment
    finally:
        for server in reversed(started):
            if server.process is not None and server.process.poll() is None:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def _children(pid: int) -> list[int]:
    text = ""
    with contextlib.suppress(FileNotFoundError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _answers(port: int, path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            return line.recv(12).endswith(b"200")
    except OSError:
        return False


def _wait(ready: Any, what: str, process: Any = None, log: Path | None = None) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not ready():
        if time.monotonic() > until or (process is not None and process.poll() is not None):
            said = log.read_text(errors="replace")[-2000:] if log and log.exists() else ""
            raise RuntimeError(f"{what} did not answer within {SECONDS_TO_START} s {said}")
        time.sleep(0.05)


def _free_port() -> int:
    return postgres._free_port()
