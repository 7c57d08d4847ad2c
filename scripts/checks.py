"""Everything `make test` runs, stage by stage, with the seconds of each; exit code 1 when one fails.

`--lint` stops before the tests, `--fast` leaves out PostgreSQL and the browser, `--format-templates` puts the
templates into shape. Further words go to pytest.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import chromium
import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DJADE = ["djade", "--target-version", "5.2"]


@dataclass
class Stages:
    """Runs stages one after the other and remembers how each ended."""

    environment: dict[str, str]
    results: list[tuple[str, float, bool]] = field(default_factory=list)

    def run(self, name: str, *commands: list[str], **environment: str) -> bool:
        """Run every command of a stage, even after one failed, so that one run shows all that is wrong."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        outcomes = [self._command(command, environment) for command in commands]
        passed = all(outcomes)
        self.results.append((name, time.monotonic() - started, passed))
        print(f"== {name}: {'passed' if passed else 'FAILED'} in {self.results[-1][1]:.0f} s", flush=True)
        return passed

    def fail(self, name: str, why: object) -> None:
        """Record a stage that could not be run at all: a missing part is a failure, not a skip."""
        print(f"\n== {name}\n{why}\n== {name}: FAILED", flush=True)
        self.results.append((name, 0.0, False))

    def summary(self) -> int:
        """Print one line for each stage; returns the exit code."""
        print("\n== summary")
        for name, seconds, passed in self.results:
            print(f"{'passed' if passed else 'FAILED':<8}{seconds:6.0f} s  {name}")
        return 0 if all(passed for _, _, passed in self.results) else 1

    def _command(self, command: list[str], environment: dict[str, str]) -> bool:
        program = str(BIN / command[0])
        done = subprocess.run(
            [program, *command[1:]],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
        )
        return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run the stages the options ask for; returns 0 only when every one passed."""
    options, words = _options(arguments)
    if options.format_templates:
        # djade answers 1 when it changed a file, which is what it was asked to do.
        return (
            0 if subprocess.run([BIN / DJADE[0], *DJADE[1:], *_templates()], cwd=ROOT).returncode < 2 else 1
        )
    with tempfile.TemporaryDirectory(prefix="wulian-test-") as state:
        stages = Stages(_environment(Path(state)))
        _lint(stages)
        if not options.lint:
            stages.run("tests on SQLite", _pytest("not browser", words))
        if not (options.lint or options.fast):
            _on_postgres(stages, words)
        return stages.summary()


def _lint(stages: Stages) -> None:
    stages.run("ruff", ["ruff", "check", "."], ["ruff", "format", "--check", "--output-format=concise", "."])
    if _templates():
        stages.run("templates", [*DJADE, "--check", *_templates()])
    stages.run("mypy", ["mypy", "-p", "wulian"])
    stages.run("import contracts", ["lint-imports"])
    stages.run("migrations", ["wulian", "makemigrations", "--check", "--dry-run"])


def _on_postgres(stages: Stages, words: list[str]) -> None:
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(postgres.server())
        except postgres.NoServer as problem:
            stages.fail("tests on PostgreSQL", f"no server to be had: {problem}")
            address = ""
        if address:
            command = _pytest("not browser", ["--database-only", *words])
            stages.run("tests on PostgreSQL", command, DATABASE_URL=address)
        try:
            browser = chromium.browser()
        except chromium.NoBrowser as problem:
            stages.fail("browser tests", f"no Chromium to be had: {problem}")
            return
        print(f"Chromium: {browser.origin} ({browser.program})", flush=True)
        # One process: two browsers beside a server are slower on two cores than one after the other.
        command = _pytest("browser", words, processes=0)
        stages.run("browser tests", command, WULIAN_CHROMIUM=str(browser.program), DATABASE_URL=address)


def _pytest(marker: str, words: list[str], processes: int = 2) -> list[str]:
    spread = ["-n", str(processes)] if processes else ["-p", "no:xdist"]
    return ["pytest", "-m", marker, *spread, "--durations=5", "-p", "no:cacheprovider", *words]


def _environment(state: Path) -> dict[str, str]:
    # What a developer has set for his own server must not decide a test.
    ours = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DEBUG", "WULIAN_DEMO", "DATABASE_URL"}
    }
    secret = {"SECRET_KEY": secrets.token_urlsafe(64), "DATABASE_URL": f"sqlite:///{state}/test.sqlite3"}
    return {
        **ours,
        **secret,
        "WULIAN_VAR": str(state),
        # Dozens of processes import the same modules: compiled once, not in each.
        "PYTHONDONTWRITEBYTECODE": "",
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _templates() -> list[str]:
    return sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / "src").glob("wulian/**/templates/**/*.html")
    )


def _options(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for option in ("--lint", "--fast", "--format-templates"):
        parser.add_argument(option, action="store_true")
    return parser.parse_known_args(arguments)


if __name__ == "__main__":
    # So that a server that was started is also stopped when somebody ends this program.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
