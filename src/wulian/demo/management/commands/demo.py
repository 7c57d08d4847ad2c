"""`wulian demo`: builds the demonstration city."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from wulian.core.config.errors import Refusal
from wulian.demo.city import SEED
from wulian.demo.services import build_demo, build_dossiers, is_empty

BENCHMARK_BIDDERS = (9, 10, 11, 12, 13)


class Command(BaseCommand):
    help = "Build the demonstration city: departments, people, 300 projects, and some weeks of work on them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the database holds something"
        )
        parser.add_argument(
            "--migrate", action="store_true", help="bring the database to the newest shape first"
        )
        parser.add_argument(
            "--scale", type=int, default=1, metavar="N", help="N times as many projects (default 1)"
        )
        parser.add_argument("--seed", type=int, default=SEED, help="another seed gives another city")
        parser.add_argument(
            "--bare", action="store_true", help="dossiers only, about ten bids a lot: for measurements"
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            raise CommandError("--scale: expected 1 or more")
        if options["migrate"]:
            call_command("migrate", verbosity=0)
        if options["if_empty"] and not is_empty():
            self.stdout.write("demo: the database is not empty, nothing was done")
            return
        started = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"demo: {time.monotonic() - started:5.1f} s  {line}")
            self.stdout.flush()

        try:
            with translation.override("zh-hans"):
                if options["bare"]:
                    built = build_dossiers(
                        scale=options["scale"], seed=options["seed"], say=say, bidders=BENCHMARK_BIDDERS
                    )
                else:
                    built = build_demo(scale=options["scale"], seed=options["seed"], say=say)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        seconds = time.monotonic() - started
        self.stdout.write(
            f"demo: {built.projects} projects, {built.bids} bids, {built.alerts} alerts in {seconds:.0f} s"
        )
