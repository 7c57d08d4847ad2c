"""The kill test: web workers, the whole web server and PostgreSQL are killed (-9) at random while people send.

Whoever sends tries again until a receipt is shown, as a person would. Afterwards every receipt must open its report, nothing is stored
twice or half, and after the sweep no file is left that no record holds.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from serving import ROOT, Cluster, Web, platform
from visitors import NoAnswer, Visitor, photo

PATIENCE = 150.0
"""Seconds a visitor goes on trying."""
EXAMINE = """
import json, os, pathlib, django
django.setup()
from django.conf import settings
from wulian.casework.intake.models import Complaint, Receipt, ReporterIdentity, TipOff
from wulian.core.files import services
from wulian.core.files.models import StoredFile
from wulian.core.files.services import holding
from wulian.core.files.store import COPIES, HOLDING, ORIGINALS
holding.HELD_SECONDS = -60
services.sweep()
files = list(StoredFile.objects.all())
broken = []
for folder, column in ((COPIES, "working"), (ORIGINALS, "original")):
    for file in files:
        try:
            folder.read(getattr(file, column))
        except Exception as problem:
            broken.append(f"{column} of {file.pk}: {problem!r}")
known = {file.working for file in files} | {file.original for file in files}
orphans = [name for folder in (COPIES, ORIGINALS, HOLDING) for name in folder.names() if name not in known]
left = [str(path) for path in pathlib.Path(os.environ["TMPDIR"]).rglob("*") if path.is_file()]
receipts = {row.number: row for row in Receipt.objects.all()}
numbers = sorted(row.sequence for row in receipts.values())
print(json.dumps({
    "receipts": list(receipts),
    "without_matter": [number for number, row in receipts.items() if not row.complaints.exists() and not row.tipoffs.exists()],
    "without_identity": [number for number, row in receipts.items() if not ReporterIdentity.objects.filter(receipt=row).exists()],
    "matters": Complaint.objects.count() + TipOff.objects.count(),
    "gaps": numbers != list(range(1, len(numbers) + 1)),
    "without_file": [row.number for row in Complaint.objects.all() if not StoredFile.objects.for_object(row).exists()],
    "orphans": orphans, "broken": broken, "left": left,
}))
"""


@dataclass
class Outcome:
    """What was found after the last kill; every list should be empty."""

    kills: Counter[str]
    given: list[str]
    unopened: list[str]
    retries: int
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept."""
        return not (self.unopened or any(self.problems().values()))

    def problems(self) -> dict[str, list[str]]:
        """Everything that should not be, by what it is."""
        stored, found = set(self.found["receipts"]), self.found
        return {
            "receipt given, not stored": [number for number in self.given if number not in stored],
            "receipt given twice": [number for number, n in Counter(self.given).items() if n > 1],
            "stored, given to nobody": sorted(stored - set(self.given)),
            "receipt without matter": found["without_matter"],
            "receipt without identity": found["without_identity"],
            "matters beside the receipts": ["yes"] if found["matters"] != len(stored) else [],
            "gap in the numbers": ["yes"] if found["gaps"] else [],
            "matter without its file": found["without_file"],
            "file without record after the sweep": found["orphans"],
            "file that does not open": found["broken"],
            "left in the folder for temporary files": found["left"],
        }

    def report(self) -> str:
        """The numbers, one a line."""
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        lines = [
            f"killed: {kills}; visitors tried again {self.retries} times",
            f"receipts given {len(self.given)}, stored {len(self.found['receipts'])}, not opening their report {len(self.unopened)}",
        ]
        lines += [f"{what}: {len(rows)} {rows[:3]}" for what, rows in self.problems().items() if rows]
        return "\n".join([*lines, "the promise was " + ("kept" if self.is_kept else "BROKEN")])


def run(
    *, cycles: int, seed: int = 1, visitors: int = 4, kinds: tuple[str, ...] = ("worker", "web", "database")
) -> Outcome:
    """Kill `cycles` times, in each cycle while `visitors` people add their photo or send; then look at everything."""
    chance, picture = random.Random(seed), photo(60 * 1024)
    kills: Counter[str] = Counter()
    everyone: list[Visitor] = []
    with platform(debug=True) as (cluster, web, environment):
        temporary = Path(environment["WULIAN_VAR"]) / "tmp"
        temporary.mkdir()
        environment["TMPDIR"] = str(temporary)
        web.start()
        order = [kinds[place % len(kinds)] for place in range(cycles)]
        chance.shuffle(order)
        retries = 0
        for turn, kind in enumerate(order):
            people = [Visitor(web.host, turn * visitors + place, picture) for place in range(visitors)]
            everyone += people
            retries += _cycle(people, kind, chance, cluster, web)
            kills[kind] += 1
            print(
                f"cycle {turn + 1}: killed the {kind}, {sum(bool(one.receipt) for one in people)} receipts",
                flush=True,
            )
        unopened = [
            one.receipt or f"visitor {one.number} got none"
            for one in everyone
            if not one.receipt or not one.opens_report()
        ]
        web.kill()
        given = [one.receipt for one in everyone if one.receipt]
        return Outcome(kills, given, unopened, retries, _examine(environment))


def _cycle(people: list[Visitor], kind: str, chance: random.Random, cluster: Cluster, web: Web) -> int:
    tries: Counter[str] = Counter()
    in_photo = chance.random() < 0.3
    started = threading.Barrier(len(people) + 1)

    def live(visitor: Visitor) -> None:
        _persist(visitor.walk, tries)
        if in_photo:
            started.wait(PATIENCE)
        _persist(visitor.add_photo, tries)
        _persist(visitor.review, tries)
        visitor.prove()
        if not in_photo:
            started.wait(PATIENCE)
        _persist(visitor.send, tries)
        _persist(visitor.read_receipt, tries)

    with ThreadPoolExecutor(len(people)) as pool:
        lives = [pool.submit(live, visitor) for visitor in people]
        started.wait(PATIENCE)
        time.sleep(chance.uniform(0.0, 1.2))
        if kind == "worker":
            web.kill_worker(chance)
        elif kind == "web":
            web.kill()
            web.start()
        else:
            cluster.kill()
            cluster.start()
        for each in lives:
            each.result(PATIENCE)
    return tries["again"]


def _persist(step: Callable[[], None], tries: Counter[str]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except NoAnswer:
            if time.monotonic() > until:
                raise
            tries["again"] += 1
            time.sleep(0.3)


def _examine(environment: dict[str, str]) -> dict[str, list[str]]:
    own = {**environment, "PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT / "src"))}
    done = subprocess.run(
        [sys.executable, "-c", EXAMINE], env=own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, list[str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
