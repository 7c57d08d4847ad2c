"""How soon an event of an opening is on the screens of everybody who watches, and whether a lost line loses anything.

    .venv/bin/python benchmarks/live.py [--viewers 36] [--bidders 6] [--pause 0.5]

Real servers on loopback (PostgreSQL, gunicorn as the Procfile starts it), the day of `wulian simulate-opening`, and viewers that ask as
the page's script does: once a second after the last answer, with the position they have, slower while nobody answers. Once in the
day each viewer's line is cut for some seconds. The time counts from the moment the trading system begins to send an event to the
moment a viewer holds the answer with its line. Ends by itself.
"""

from __future__ import annotations

import argparse
import bisect
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "src"), str(ROOT / "scripts")]
EVERY, SLOWEST, PATIENCE = 1.0, 8.0, 8.0
"""Seconds, as in `supervision/live.js`."""
CUT = 5.0
"""Seconds for which a viewer's line is cut."""
WITHIN = 2.0


@dataclass
class Viewer:
    """One screen: what it holds, when each line came, and what came late only because its line was cut."""

    host: str
    path: str
    cookie: str
    chance: random.Random
    came: dict[int, float] = field(default_factory=dict)
    behind: set[int] = field(default_factory=set)
    again: int = 0
    asked: int = 0
    failed: int = 0
    state: dict[str, str] = field(
        default_factory=lambda: {"after": "0", "phase": "", "alerts": "", "mark": ""}
    )

    def watch(self, ended: threading.Event, cut_at: float) -> None:
        """Ask until the day has ended, and once more."""
        line, delay, was_cut = self._line(), EVERY, False
        time.sleep(self.chance.random() * EVERY)
        while True:
            last = ended.is_set()
            if not was_cut and time.monotonic() >= cut_at:
                line.close()
                time.sleep(CUT)
                was_cut, line = True, self._line()
                self._ask(line, behind=True)
            try:
                self._ask(line, behind=False)
                delay = EVERY
            except (OSError, http.client.HTTPException):
                self.failed += 1
                line.close()
                line, delay = self._line(), min(delay * 2, SLOWEST)
            if last:
                return
            time.sleep(delay)

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, timeout=PATIENCE)

    def _ask(self, line: http.client.HTTPConnection, *, behind: bool) -> None:
        self.asked += 1
        line.request(
            "GET",
            f"{self.path}?{urlencode(self.state)}",
            headers={"Cookie": f"sessionid={self.cookie}", "Accept": "application/json"},
        )
        answer = line.getresponse()
        body = answer.read()
        if answer.status == 204:
            return
        if answer.status != 200:
            raise http.client.HTTPException(str(answer.status))
        told, now = json.loads(body), time.time()
        self.state.update(after=str(told["position"]), phase=told["phase"], alerts=told["alerts"])
        for entry in told["lines"]:
            self.again += entry["position"] in self.came
            self.came.setdefault(entry["position"], now)
            if behind:
                self.behind.add(entry["position"])


# -- what needs the platform, in a process of its own ------------------------------------------------------------------


def prepare(viewers: int) -> dict[str, Any]:
    """Enter a lot whose deadline has passed, a trading system and the viewers; return what the day needs."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone

    from wulian.core.accounts.choices import Role
    from wulian.core.accounts.models import Department, RoleGrant, User
    from wulian.information.supervision.tests import factories as make

    lot = make.lot(deadline=timezone.now() - timedelta(hours=1))
    office = Department.objects.create(code="watching", name="随州市招标投标综合监督管理办公室")
    cookies = []
    for number in range(viewers):
        user = User.objects.create(
            username=f"watching{number}", full_name=f"值班员{number}", department=office
        )
        RoleGrant.objects.create(user=user, role=Role.DISPATCHER)
        client = Client()
        client.force_login(user)
        cookies.append(client.cookies["sessionid"].value)
    return {"lot": lot.pk, "code": lot.lot_code, "token": make.token().secret, "cookies": cookies}


def written() -> list[tuple[int, float]]:
    """Return the lines of the timeline: position, and when each was written."""
    from wulian.information.supervision.models import RoomEntry

    rows = RoomEntry.objects.order_by("position").values_list("position", "recorded_at")
    return [(position, moment.timestamp()) for position, moment in rows]


def on_platform(environment: dict[str, str], *arguments: str) -> Any:
    """Run this file against the platform of `environment`; return what it prints."""
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


# -- the day -----------------------------------------------------------------------------------------------------------


def play(host: str, given: dict[str, Any], options: argparse.Namespace) -> list[float]:
    """Play the day, waiting at most `--pause` seconds between events; return when each call began."""
    from wulian.exchange.events.day import Day
    from wulian.exchange.events.player import Connection, Player

    began: list[float] = []

    class Noting(Connection):
        def send(self, body: Any) -> tuple[int, dict[str, Any]]:
            began.append(time.time())
            return super().send(body)

    chance = random.Random(3)
    connection = Noting(
        f"http://{host}",
        given["token"],
        pause=lambda seconds: time.sleep(min(seconds, options.pause * (0.5 + chance.random()))),
    )
    day = Day(given["code"], options.bidders, "normal", 7)
    Player(connection, day, speed=60.0, say=lambda line: None).play()
    return began


def processor_seconds(pid: int) -> float:
    """Processor time so far of a process and its children."""
    return sum(_ticks(child) for child in [pid, *_children(pid)]) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> Iterator[int]:
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def _ticks(pid: int) -> int:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(parts[11]) + int(parts[12])


def measure(options: argparse.Namespace) -> None:
    """Start the servers, let everybody watch a day, and print what was seen."""
    from serving import platform

    with platform() as (_cluster, web, environment):
        given = on_platform(environment, "--prepare", str(options.viewers))
        web.start()
        path, started = f"/supervision/lots/{given['lot']}/live/", time.monotonic()
        chance = random.Random(1)
        viewers = [
            Viewer(web.host, path, cookie, random.Random(number))
            for number, cookie in enumerate(given["cookies"])
        ]
        ended = threading.Event()
        assert web.process is not None
        used = processor_seconds(web.process.pid)
        with ThreadPoolExecutor(options.viewers) as pool:
            tasks = [
                pool.submit(viewer.watch, ended, started + 10 + 20 * chance.random()) for viewer in viewers
            ]
            try:
                began = play(web.host, given, options)
            finally:
                ended.set()
            for task in tasks:
                task.result()
        seconds = time.monotonic() - started
        used = processor_seconds(web.process.pid) - used
        lines = on_platform(environment, "--written")
    show(viewers, began, lines, seconds, used)


def show(
    viewers: list[Viewer], began: list[float], lines: list[tuple[int, float]], seconds: float, used: float
) -> None:
    """Print how long lines took to the screens, and what is missing on any of them."""
    sent = {position: began[bisect.bisect(began, moment) - 1] for position, moment in lines}
    times = [
        moment - sent[position]
        for viewer in viewers
        for position, moment in viewer.came.items()
        if position not in viewer.behind
    ]
    expected = set(sent)
    missing = sum(len(expected - viewer.came.keys()) for viewer in viewers)
    late = sum(item > WITHIN for item in times)
    print(f"{len(viewers)} viewers, {len(began)} events, {len(lines)} lines, {seconds:.0f} s")
    print(
        f"  from sending to the screen: median {statistics.median(times):.2f} s, "
        f"p95 {statistics.quantiles(times, n=20)[-1]:.2f} s, slowest {max(times):.2f} s; "
        f"{late} of {len(times):,} beyond {WITHIN:.0f} s"
    )
    print(
        f"  after a line cut for {CUT:.0f} s: {sum(len(viewer.behind) for viewer in viewers)} lines made up for at once; "
        f"missing in the end {missing}, shown twice {sum(viewer.again for viewer in viewers)}"
    )
    asked = sum(viewer.asked for viewer in viewers)
    print(
        f"  {asked:,} questions, {sum(viewer.failed for viewer in viewers)} without an answer; "
        f"the web server used {used:.1f} s of processor time, {used / seconds:.2f} of a core",
        flush=True,
    )
    if missing:
        raise SystemExit("a screen lacks lines")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--viewers", type=int, default=36)
    parser.add_argument("--bidders", type=int, default=6)
    parser.add_argument(
        "--pause", type=float, default=0.5, help="seconds between events, on average and at most twice that"
    )
    parser.add_argument("--prepare", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--written", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare is None and not options.written:
        measure(options)
        return
    import django

    django.setup()
    print(json.dumps(prepare(options.prepare) if options.prepare else written()))


if __name__ == "__main__":
    main()
