"""Seconds and memory of the indicators, as ratios to a plain program that reads the JSON once.

    .venv/bin/python benchmarks/indicators.py [--lots 10000 100000] [--million] [--only command,read]

Needs no platform and no database server. For each size a file of OCDS lines is generated (about 4 kB a lot). Measured, each
in a process of its own: `wulian flags FILE --settings …` as a whole (`command`), building the store, a full run on the store,
the change of one lot (fences included), and two peers: `peer`, the program `wulian.analysis.indicators.tests.single_pass`, which
must find the same, and `read`, which only parses each line with orjson (a parser in Rust): what reading the JSON again costs at
least. When `ocdscardinal` is on PATH, it is run on the same file with the same settings and must find the same, too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
CHANGES = 40
CODES = ("R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "R038", "R048", "R058")
SETTINGS: dict[str, Any] = {"currency": "CNY", **{code: {} for code in CODES}}
START = datetime(2020, 1, 6, 9)
TEXT = "施工总承包范围包括土建、安装、装饰及室外配套工程，质量要求合格，工期二百四十日历天。" * 3


def lots(count: int, seed: int = 20) -> Iterator[dict[str, Any]]:
    """Generate compiled releases of building lots: about six bids each, some by consortia, some disqualified."""
    chance = random.Random(seed)
    firms, owners = max(60, count // 20), max(5, count // 400)
    for number in range(count):
        opened = START + timedelta(minutes=37 * number)
        closed = opened + timedelta(days=chance.choice((10, 20, 21, 25)))
        owner = {"id": f"CN-OWNER-{chance.randrange(owners)}", "name": "随州市城市建设投资有限公司"}
        bids = list(_bids(chance, number, firms, closed))
        valid = [bid for bid in bids if bid["status"] == "valid"]
        winner = min(valid, key=lambda bid: bid["value"]["amount"])
        yield {
            "ocid": f"ocds-bench-{number}",
            "id": f"{number}-1",
            "date": f"{closed.isoformat()}+08:00",
            "tag": ["compiled"],
            "initiationType": "tender",
            "parties": [
                {**owner, "roles": ["buyer"]},
                *({**bid["tenderers"][0], "roles": ["tenderer"]} for bid in bids),
            ],
            "buyer": owner,
            "tender": {
                "id": str(number),
                "title": f"第{number}标段道路及排水工程",
                "description": TEXT,
                "status": "complete",
                "procurementMethod": chance.choice(("open", "selective", "limited")),
                "procurementMethodDetails": chance.choice(("公开招标", "邀请招标")),
                "procuringEntity": owner,
                "numberOfTenderers": len(bids),
                "tenderPeriod": {
                    "startDate": f"{opened.isoformat()}+08:00",
                    "endDate": f"{closed.isoformat()}+08:00",
                },
            },
            "bids": {"details": bids},
            "awards": [
                {
                    "id": "1",
                    "status": "active",
                    "suppliers": winner["tenderers"],
                    "value": winner["value"],
                    "items": [
                        {
                            "id": "1",
                            "classification": {
                                "scheme": "CPV",
                                "id": str(45000000 + chance.randrange(90) * 100000),
                            },
                        }
                    ],
                }
            ],
        }


def _bids(chance: random.Random, number: int, firms: int, closed: datetime) -> Iterator[dict[str, Any]]:
    estimate = chance.randrange(300, 90_000) * 1000
    for place in range(chance.choice((1, 3, 5, 6, 7, 8, 10))):
        together = 2 if chance.random() < 0.05 else 1
        names = chance.sample(range(firms), together)
        amount = round(estimate * chance.uniform(0.85, 1.0), 2) if chance.random() < 0.98 else float(estimate)
        yield {
            "id": f"{number}-{place}",
            "date": f"{(closed - timedelta(minutes=chance.randrange(-3, 600))).isoformat()}+08:00",
            "status": "valid" if place == 0 or chance.random() < 0.93 else "disqualified",
            "tenderers": [{"id": f"CN-FIRM-{name}", "name": "湖北某建设工程集团有限公司"} for name in names],
            "value": {"amount": amount, "currency": "CNY" if chance.random() < 0.998 else "USD"},
        }


# -- the stages, each in a process of its own ---------------------------------------------------------------------------


def build(folder: Path) -> dict[str, Any]:
    """Read the file into a store on disk."""
    from wulian.analysis.indicators import Store
    from wulian.analysis.indicators.reading import read_lines

    clock = Clock()
    with Store(folder / "store.duckdb") as store:
        intake = store.fill(read_lines(folder / "lots.jsonl"))
    return {**clock.read(), "processes": intake.added, "bytes": (folder / "store.duckdb").stat().st_size}


def run(folder: Path) -> dict[str, Any]:
    """Judge everything in the store; what a process spends once, on compiling the expressions, is `start`."""
    from wulian.analysis.indicators import Store, parse_settings
    from wulian.analysis.indicators.judging import engine_for, judge, results

    started, settings = Clock(), parse_settings(SETTINGS)
    with Store() as empty:
        judge(empty, settings, engine_for(empty))
    start, clock = started.read()["cpu"], Clock()
    with Store(folder / "store.duckdb") as store:
        found = results(store, judge(store, settings, engine_for(store)))
    return {**clock.read(), **counted(found), "start": start}


def change(folder: Path) -> dict[str, Any]:
    """Change lots one by one; the findings in the end must be those of a full run."""
    from wulian.analysis.indicators import Judgement, Store, parse_settings
    from wulian.analysis.indicators.judging import engine_for, judge, results

    settings, chance, times = parse_settings(SETTINGS), random.Random(5), []
    with Store(folder / "store.duckdb") as store:
        judgement = Judgement(store, settings)
        count = store.connection.execute("SELECT count(*) FROM processes").fetchall()[0][0]
        changed = list(lots(CHANGES, seed=77))
        for release in changed:
            release["ocid"] = f"ocds-bench-{chance.randrange(count)}"
            line = json.dumps(release).encode()
            clock = Clock()
            judgement.update([line])
            times.append(clock.read())
        if judgement.results() != results(store, judge(store, settings, engine_for(store))):
            raise SystemExit("after changes the findings differ from those of a full run")
        judgement.close()
    slowest = max(times, key=lambda item: item["wall"])
    return {
        "wall": statistics.median(item["wall"] for item in times),
        "cpu": statistics.median(item["cpu"] for item in times),
        "slowest": slowest["wall"],
        "memory": slowest["memory"],
    }


def peer(folder: Path) -> dict[str, Any]:
    """The plain program over the file."""
    from wulian.analysis.indicators import parse_settings
    from wulian.analysis.indicators.tests.single_pass import judge_file

    clock = Clock()
    found = judge_file(folder / "lots.jsonl", parse_settings(SETTINGS))
    return {**clock.read(), **counted(found)}


def read(folder: Path) -> dict[str, Any]:
    """Parse each line, and do nothing with it."""
    import orjson

    clock = Clock()
    with (folder / "lots.jsonl").open("rb") as lines:
        for line in lines:
            orjson.loads(line)
    return {**clock.read()}


def command(folder: Path) -> dict[str, Any]:
    """The command as a user types it."""
    settings, out = folder / "settings.json", folder / "found.json"
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    wulian = [str(Path(sys.executable).parent / "wulian"), "flags", str(folder / "lots.jsonl")]
    clock = Clock(resource.RUSAGE_CHILDREN)
    subprocess.run([*wulian, "--settings", str(settings), "--out", str(out)], check=True)
    return {**clock.read(), **counted(json.loads(out.read_bytes()))}


def cardinal(folder: Path) -> dict[str, Any]:
    """The Rust program of the Open Contracting Partnership over the file."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    clock = Clock(resource.RUSAGE_CHILDREN)
    command = ["ocdscardinal", "indicators", "--settings", str(settings), str(folder / "lots.jsonl")]
    done = subprocess.run(command, check=True, capture_output=True)
    return {**clock.read(), **counted(json.loads(done.stdout))}


class Clock:
    """Wall-clock and processor seconds since it was made, and the peak memory in MB."""

    def __init__(self, who: int = resource.RUSAGE_SELF) -> None:
        self.who, self.started = who, time.perf_counter()
        self.used = self._processor()

    def _processor(self) -> float:
        usage = resource.getrusage(self.who)
        return usage.ru_utime + usage.ru_stime

    def read(self) -> dict[str, float]:
        """Return what has passed."""
        return {
            "wall": time.perf_counter() - self.started,
            "cpu": self._processor() - self.used,
            "memory": resource.getrusage(self.who).ru_maxrss / 1024,
        }


def counted(found: dict[str, Any]) -> dict[str, Any]:
    """Return how many findings there are, and a digest of them."""
    count = sum(len(codes) for group, rows in found.items() if group != "Meta" for codes in rows.values())
    text = json.dumps(found, sort_keys=True)
    return {"findings": count, "digest": hashlib.sha256(text.encode()).hexdigest()}


STAGES = {stage.__name__: stage for stage in (read, peer, cardinal, command, build, run, change)}


def in_own_process(stage: str, folder: Path) -> dict[str, Any]:
    """Run a stage in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--stage", stage, "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def measure(count: int, chosen: list[str]) -> None:
    """Generate a file, run the chosen stages and print one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "lots.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(lot, ensure_ascii=False) + "\n" for lot in lots(count))
        size = (folder / "lots.jsonl").stat().st_size
        found = {stage: in_own_process(stage, folder) for stage in STAGES if stage in chosen}
        digests = {stage: item["digest"] for stage, item in found.items() if "digest" in item}
        if len(set(digests.values())) > 1:
            raise SystemExit(f"findings differ: {digests}")
    show(count, size, found)


def show(count: int, size: int, found: dict[str, dict[str, Any]]) -> None:
    """Print one size: each stage, and what it costs beside the peers that were run."""
    judged = next((item["findings"] for item in found.values() if "findings" in item), 0)
    print(f"{count:,} lots, {size / 2**20:,.0f} MB of JSON, {judged:,} findings")
    for stage, item in found.items():
        print(
            f"  {stage:<9}{item['wall']:9.3f} s {item['cpu']:9.3f} s processor {item['cpu'] / count * 1e6:9.2f} µs a lot "
            f"{item['memory']:8,.0f} MB at most"
        )
    for name in ("read", "peer", "cardinal"):
        if name in found and "run" in found:
            ratio = found["run"]["cpu"] / found[name]["cpu"]
            print(f"  a run on the store takes {ratio:.2f} of the processor time of `{name}`")
    if "change" in found:
        change = found["change"]
        print(
            f"  of {CHANGES} changes the median took {change['cpu'] * 1000:.0f} ms of processor time, "
            f"the slowest {change['slowest'] * 1000:.0f} ms by the clock"
        )
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lots", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="1,000,000 lots as well")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        help=f"stages, by default all that can be run: {','.join(STAGES)}",
    )
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        print(json.dumps(STAGES[options.stage](options.folder)))
        return
    there = [stage for stage in STAGES if stage != "cardinal" or shutil.which("ocdscardinal")]
    chosen = [stage for stage in there if options.only is None or stage in options.only]
    for count in [*options.lots, *([1_000_000] if options.million else [])]:
        measure(count, chosen)


if __name__ == "__main__":
    main()
