"""The console script `wulian`: the analysis without the platform, or a command of the platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import wulian

SETTINGS = "wulian.core.config.settings"

HOUSE_COMMANDS = {
    "import FILE": "bring tender data in (OCDS lines or packages, the office's template) and count what changed",
    "flags SOURCE --out FILE": "run rules and red flags over tables or OCDS lines, without platform and database",
    "flags FILE --settings S.json": "run the public indicators R003 … over OCDS lines (--engine duckdb or spark)",
    "rules check FILE.yaml": "check a file of local rules: file, rule and field of the first error",
    "compare --tender FILE… --bids DIR --out DIR": "find what bids share beyond the tender document, without platform and database",
    "library add|remove|query DIR": "keep the bids of earlier tenders and find which of them a bid copies",
    "verify_bundle FILE…": "say whether evidence bundles of compared bids are unaltered and of this platform",
    "scan FILE… [--out FILE.json]": "find candidate clauses in notices and tender documents, without platform and database",
    "demo [--scale N]": "build the believable demo city",
    "demo_logins": "show the address and one login for each role",
    "verify-receipt FILE --key KEY.pem": "verify a saved receipt and its place in the audit log, without platform and database",
    "audit verify": "re-derive the audit chain and name the first bad row",
    "simulate-opening --lot CODE --token TOKEN": "play an opening and evaluation day against the live supervision",
    "scheduler": "start the calendar of regular jobs",
    "db_worker": "start the worker that does the queued jobs",
    "migrate": "bring the database to the newest shape",
    "check --deploy": "say what is unsafe in the settings",
}

TOOLS = {
    "flags": "wulian.analysis.flags.cli",
    "rules": "wulian.analysis.flags.rules_cli",
    "compare": "wulian.analysis.similarity.cli",
    "library": "wulian.analysis.similarity.library.cli",
    "scan": "wulian.analysis.clauses.cli",
    "simulate-opening": "wulian.exchange.events.player",
    "verify-receipt": "wulian.portal.verification",
}
"""Commands that need neither platform nor database: each module has a `main`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `argv` has no program name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments in (["--help"], ["-h"], ["help"]):
        print(_help())
        return 0
    if arguments in (["--version"], ["version"]):
        print(f"wulian {wulian.__version__}")
        return 0
    if arguments[0] in TOOLS:
        # Imported here: the analysis must start without Django, and the platform without DuckDB.
        return int(import_module(TOOLS[arguments[0]]).main(arguments[1:]) or 0)
    return _platform(arguments)


def _platform(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import execute_from_command_line

    # `wulian help` is the house's own page; the full list of the platform is `wulian commands`.
    if arguments == ["commands"]:
        arguments = ["help", "--commands"]
    execute_from_command_line(["wulian", *arguments])
    return 0


def _help() -> str:
    width = max(map(len, HOUSE_COMMANDS)) + 2
    lines = [f"  {name:<{width}}{purpose}" for name, purpose in HOUSE_COMMANDS.items()]
    return "\n".join(
        [
            "Usage: wulian COMMAND [OPTIONS]",
            "",
            "五联 · joint supervision of engineering tendering",
            "",
            "Commands of the house:",
            *lines,
            "",
            "wulian COMMAND --help explains one command; wulian commands lists all of them.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
