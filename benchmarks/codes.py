"""Does the time of an answer tell whether a receipt exists? Processor time of wrong look-ups on the status page, interleaved.

codes.py [--rounds 400]     a SQLite database in a temporary folder, 50 receipts, this process

Prints the quantiles of each kind and, for the two that a guesser can tell apart at all, the chance that a random look-up of the
one takes longer than one of the other (50 % is no difference) with the z of the rank sum test (beyond ±3 is a difference).
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RECEIPTS, WARM = 50, 30
KINDS = ("existing number, foreign code", "no such number, foreign code")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="wulian-codes-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="wulian.core.config.settings", DEBUG="1",
            SECURE_TLS="0", WULIAN_VAR=folder, DATABASE_URL=f"sqlite:///{Path(folder) / 'codes.sqlite3'}", LOG_LEVEL="ERROR",
            ALLOWED_HOSTS="testserver",
        )  # fmt: skip
        report(measure(prepared(), rounds))


def prepared() -> Callable[[str, str], float]:
    """A fresh platform with receipts; returns what looks one up and says how many microseconds that took."""
    import django

    django.setup()
    logging.disable(logging.WARNING)  # each wrong one is one
    from django.core.management import call_command
    from django.test import Client

    from wulian.casework.intake.tests import factories as make
    from wulian.core.accounts.services import seed_departments
    from wulian.portal.models import Pace

    call_command("migrate", verbosity=0)
    seed_departments()
    for _number in range(RECEIPTS):
        make.complaint()
    client = Client()

    def look_up(number: str, code: str) -> float:
        Pace.objects.all().delete()  # or the sixth wrong one would be told to wait
        began = time.process_time_ns()
        answer = client.post("/portal/status/", {"number": number, "code": code})
        took = (time.process_time_ns() - began) / 1000
        assert answer.status_code == 422
        return took

    return look_up


def measure(look_up: Callable[[str, str], float], rounds: int) -> dict[str, list[float]]:
    """Microseconds of each kind, in an order drawn anew for each pair, so that a drift of the machine hits both alike."""
    from django.utils import timezone

    from wulian.casework.intake import codes

    drawn, year = random.Random(20260929), timezone.localdate().year
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for place in range(WARM + rounds):
        pair = [
            (KINDS[0], f"{year}-{drawn.randint(1, RECEIPTS)}"),
            (KINDS[1], f"{year}-{drawn.randint(RECEIPTS + 1, 99)}"),
        ]
        drawn.shuffle(pair)
        for kind, number in pair:
            spent = look_up(number, codes.code_for(drawn.randbytes(32)))
            if place >= WARM:
                took[kind].append(spent)
    return took


def report(took: dict[str, list[float]]) -> None:
    """Print the quantiles and the comparison."""
    for kind, values in took.items():
        cuts = statistics.quantiles(values, n=20)
        print(
            f"{kind:30} n={len(values)}  p5 {cuts[0]:6.0f}  median {cuts[9]:6.0f}  p95 {cuts[18]:6.0f}  µs of processor time"
        )
    one, two = took.values()
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in two])
    ranks = sum(rank for rank, (_value, which) in enumerate(ranked, 1) if which == 0)
    wins = ranks - len(one) * (len(one) + 1) / 2
    spread = math.sqrt(len(one) * len(two) * (len(one) + len(two) + 1) / 12)
    share = wins / (len(one) * len(two))
    print(
        f"an existing one takes longer in {share:.1%} of pairs, z = {(wins - len(one) * len(two) / 2) / spread:+.2f}"
    )


if __name__ == "__main__":
    main()
