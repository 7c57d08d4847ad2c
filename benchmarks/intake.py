"""Submissions of 200 clients at once through the portal, on PostgreSQL and gunicorn; or the kill test.

    .venv/bin/python benchmarks/intake.py [--clients 200] [--rounds 1]
    .venv/bin/python benchmarks/intake.py --kill 20

Every client walks through the real questions, adds a photo of 300 KB and 6 KB of text, proves its work, sends, and comes back with its
code. The clients wait for each other between the parts, so each part is measured with all of them at once. The peer of the same run is
a bare Django view that stores the same bytes in one table of the same server. Loopback only; ends by itself.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "src"), str(ROOT / "scripts")]

from serving import BIN, Web, platform  # noqa: E402
from visitors import BOUNDARY, NoAnswer, Visitor, photo  # noqa: E402

COUNTS = (
    "from wulian.casework.intake.models import Complaint, Receipt; from wulian.core.files.models import StoredFile; "
    "print(Receipt.objects.count(), Complaint.objects.count(), StoredFile.objects.count())"
)


class Part:
    """One part of the way, done by all clients at once."""

    def __init__(
        self, name: str, clients: list[Visitor], work: Callable[[Visitor], None], pool: ThreadPoolExecutor
    ) -> None:
        self.name, self.times, self.failed = name, [0.0] * len(clients), [""] * len(clients)

        def one(place: int) -> None:
            started = time.perf_counter()
            try:
                work(clients[place])
            except NoAnswer as problem:
                self.failed[place] = str(problem)
            self.times[place] = time.perf_counter() - started

        started = time.perf_counter()
        list(pool.map(one, range(len(clients))))
        self.seconds = time.perf_counter() - started
        self.report()

    @property
    def rate(self) -> float:
        return (len(self.times) - sum(map(bool, self.failed))) / self.seconds

    def report(self) -> None:
        p50, p95 = statistics.median(self.times), statistics.quantiles(self.times, n=20)[-1]
        failures = sum(map(bool, self.failed))
        print(
            f"{self.name:<34}{self.rate:8.1f}/s  p50 {p50 * 1000:7.0f} ms  p95 {p95 * 1000:7.0f} ms  failed {failures}",
            flush=True,
        )
        if failures:
            print("   first failure:", next(filter(None, self.failed)))


def measure(clients: int, rounds: int) -> int:
    """Print what was measured; returns 1 when a submission was lost or doubled."""
    picture = photo()
    with platform() as (_cluster, web, environment), ThreadPoolExecutor(clients) as pool:
        web.start()
        print(
            f"{clients} clients at once, {rounds} rounds; photo {len(picture) / 1024:.0f} KB, text {6 * 1024 / 1024:.0f} KB; gunicorn 2 workers × 4 threads"
        )
        everyone: list[Visitor] = []
        store: list[tuple[float, float]] = []
        for turn in range(rounds):
            people = [Visitor(web.host, turn * clients + place, picture) for place in range(clients)]
            everyone += people
            walk = Part("questions, about 7 pages each", people, Visitor.walk, pool)
            upload = Part("photo: checked, stripped, sealed", people, Visitor.add_photo, pool)
            review = Part("questions, about 3 pages each", people, Visitor.review, pool)
            # One after the other: the proof is the client's work and is reported apart.
            for visitor in people:
                visitor.prove()
            sending = Part("sending: stored and numbered", people, Visitor.send, pool)
            shown = Part("receipt page", people, Visitor.read_receipt, pool)
            whole = sum(part.seconds for part in (walk, upload, review, sending, shown))
            store.append((upload.seconds + sending.seconds, whole))
            proofs = [visitor.proof_seconds * 1000 for visitor in people]
            print(
                f"proof of work, CPU of the client      median {statistics.median(proofs):.0f} ms, p95 {statistics.quantiles(proofs, n=20)[-1]:.0f} ms (Python; a browser's is in native code)"
            )
        returned = Part("coming back with the code", everyone, _must_open, pool)
        given = [visitor for visitor in everyone if visitor.receipt]
        lost = len(everyone) - len(given) + sum(map(bool, returned.failed))
        counted = subprocess.run(
            [str(BIN / "wulian"), "shell", "-v", "0", "-c", COUNTS],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        receipts, matters, files = map(int, counted.stdout.split()[-3:])
        doubled = max(receipts, matters, files) - len({visitor.receipt for visitor in given})
        web.kill()
        bare = _measure_bare(environment, picture, clients, pool, Path(environment["WULIAN_VAR"]))
        stored, whole = (clients * rounds / sum(times) for times in zip(*store, strict=True))
        print(
            f"\nstoring (photo + sending)   {stored:8.2f} submissions/s   {bare.rate / stored:6.1f} times the bare view's cost"
        )
        print(
            f"whole way, every page       {whole:8.2f} submissions/s   {bare.rate / whole:6.1f} times the bare view's cost"
        )
        print(
            f"receipts given {len(given)}, stored {receipts}, matters {matters}, files {files}; lost {lost}, doubled {doubled}"
        )
        return int(bool(lost or doubled))


def _must_open(visitor: Visitor) -> None:
    if not visitor.receipt or not visitor.opens_report():
        raise NoAnswer(f"{visitor.receipt or 'no receipt'} does not open its report")


def _measure_bare(
    environment: dict[str, str], picture: bytes, clients: int, pool: ThreadPoolExecutor, state: Path
) -> Part:
    own = {**environment, "PYTHONPATH": str(ROOT / "benchmarks")}
    bare = Web(own, state / "bare.log", application="bare:application")
    bare.start("/")
    try:
        people = [Visitor(bare.host, place, picture) for place in range(clients)]

        def post(visitor: Visitor) -> None:
            fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\n{visitor.facts}\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
            body = fields.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
            if visitor.ask("POST", "/", body, f"multipart/form-data; boundary={BOUNDARY}").status != 200:
                raise NoAnswer("the bare view refused")

        part = Part("bare view: the same bytes, one table", people, post, pool)
        return part
    finally:
        bare.kill()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kill", type=int, metavar="CYCLES", help="the kill test instead of the measurement")
    parser.add_argument("--seed", type=int, default=1, help="another seed kills at other moments")
    options = parser.parse_args()
    if options.kill:
        import killing

        outcome = killing.run(cycles=options.kill, seed=options.seed)
        print(outcome.report())
        return int(not outcome.is_kept)
    return measure(options.clients, options.rounds)


if __name__ == "__main__":
    sys.exit(main())
