"""Seconds, memory and hits of the rule engine over the demonstration city, as a ratio to one rule in hand-written SQL.

    .venv/bin/python benchmarks/flags.py [--projects 300 3000 30000] [--dense]

Needs no platform and no database server. Each size is measured in a process of its own, over the same Parquet files: the
first run compiles the rules, the second finds them compiled. The peer is one rule of the hundred (WJ-01, the tender
period) written by hand in DuckDB's SQL and run over the same files in the same process; it must find the same lots.

With --dense nearly every lot has hits: tender documents are due when they are issued, all bids are paid from one account
and made on one computer, and no contract was signed. That measures how fast hits are put together, evidence included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
UNTIL = date(2026, 11, 20)
CHUNK = 1000
PEER = """
WITH issued AS (
    SELECT *, coalesce(version, 1) AS number, max(coalesce(version, 1)) OVER (PARTITION BY lot_id) AS newest
    FROM '{folder}/documents.parquet' WHERE coalesce(kind, 'tender') = 'tender'
), documents AS (
    SELECT lot_id, min(issued_at) AS issued_at,
           coalesce(max(deadline_at) FILTER (number = newest), max(deadline_at)) AS deadline_at
    FROM issued GROUP BY lot_id
), moved AS (
    SELECT lot_id, max(new_deadline_at) AS deadline_at
    FROM '{folder}/clarifications.parquet' WHERE coalesce(kind, 'tender') = 'tender' GROUP BY lot_id
)
SELECT lots.id
FROM '{folder}/lots.parquet' AS lots
JOIN '{folder}/tenders.parquet' AS tenders ON tenders.id = lots.tender_id AND tenders.must_tender
JOIN documents ON documents.lot_id = lots.id
LEFT JOIN moved ON moved.lot_id = lots.id
WHERE date_diff('day', CAST(documents.issued_at AT TIME ZONE 'Asia/Shanghai' AS DATE),
      CAST(greatest(documents.deadline_at, moved.deadline_at) AT TIME ZONE 'Asia/Shanghai' AS DATE)) < 20
  AND CAST(documents.issued_at AT TIME ZONE 'Asia/Shanghai' AS DATE) >= DATE '2000-01-01'
ORDER BY lots.id
"""


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall-clock seconds, processor seconds and the result."""
    started, used = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - started, time.process_time() - used, result


def write_city(folder: Path, projects: int, *, dense: bool) -> None:
    """Write the tables of a city with about ten bids a lot."""
    import pyarrow as pa

    from wulian.analysis.flags import arrow_from_dossiers, write_parquet
    from wulian.demo.city import city

    dossiers = city(projects=projects, until=UNTIL, bidders=(8, 9, 10, 11, 12), scores=False)
    parts: dict[str, list[pa.Table]] = {}
    while chunk := list(islice(dossiers, CHUNK)):
        for name, table in arrow_from_dossiers(chunk).items():
            parts.setdefault(name, []).append(table)
    tables = {name: pa.concat_tables(found) for name, found in parts.items()}
    # A firm is one row, however many chunks it appears in.
    firms = tables["parties"]
    first = {key: place for place, key in reversed(list(enumerate(firms["id"].to_pylist())))}
    tables["parties"] = firms.take(sorted(first.values()))
    write_parquet(break_rules(tables) if dense else tables, folder)


def break_rules(tables: dict[str, Any]) -> dict[str, Any]:
    """Make nearly every lot meet several rules."""
    import pyarrow as pa

    documents, bids = tables["documents"], tables["bids"]
    place = documents.schema.get_field_index("deadline_at")
    documents = documents.set_column(place, "deadline_at", documents["issued_at"])
    for name in ("security_account", "device_mac", "device_cpu"):
        place = bids.schema.get_field_index(name)
        bids = bids.set_column(place, name, pa.repeat("42010119850307", bids.num_rows))
    return {**tables, "documents": documents, "bids": bids, "contracts": tables["contracts"].slice(0, 0)}


def measure(folder: Path) -> dict[str, Any]:
    """Run the peer and the engine over one folder, in this process."""
    imported = timed(lambda: __import__("wulian.analysis.flags"))
    import duckdb

    from wulian.analysis.flags import FolderSource, run_flags

    connection = duckdb.connect()
    sql = PEER.format(folder=folder)
    peer = min(
        (timed(lambda: connection.sql(sql).fetchall()) for _time in range(3)), key=lambda item: item[0]
    )
    tables = FolderSource(folder).tables()
    first, second = (timed(lambda: run_flags(tables, as_of=UNTIL)) for _time in range(2))
    result = second[2]
    found = [hit["subject_id"] for hit in result.hits.to_pylist() if hit["rule"] == "WJ-01"]
    if found != [lot for (lot,) in peer[2]]:
        raise SystemExit(f"the peer finds {len(peer[2])} lots, the engine {len(found)}")
    return {
        "rows": sum(table.num_rows for table in tables.values()),
        "lots": tables["lots"].num_rows,
        "import": imported[:2],
        "peer": peer[:2],
        "first": first[:2],
        "second": second[:2],
        "hits": result.hits.num_rows,
        "rules": len({rule.id for rule in result.rules}),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def show(projects: int, found: dict[str, Any]) -> None:
    """Print one size."""
    seconds, used = found["second"]
    # Processor time: the ratio stays the same when the machine has other things to do.
    ratio = used / found["peer"][1]
    print(f"{projects:,} projects, {found['lots']:,} lots, {found['rows']:,} rows, {found['rules']} rules")
    for name in ("import", "first", "second", "peer"):
        print(f"  {name:<8}{found[name][0]:9.2f} s  {found[name][1]:9.2f} s processor")
    print(f"  second run  {found['rows'] / seconds:,.0f} rows/s, {found['hits']:,} hits, ", end="")
    print(f"{ratio:.0f} times the peer for {found['rules']} rules, ", end="")
    print(f"{ratio / found['rules']:.2f} a rule")
    print(f"  peak memory {found['memory']:,.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, nargs="+", default=[300, 3000, 30000])
    parser.add_argument(
        "--dense", action="store_true", help="leave tables out, so that nearly every lot has hits"
    )
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        print(json.dumps(measure(options.folder)))
        return
    for projects in options.projects:
        with tempfile.TemporaryDirectory() as folder:
            write_city(Path(folder), projects, dense=options.dense)
            command = [sys.executable, __file__, "--folder", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            show(projects, json.loads(done.stdout))


if __name__ == "__main__":
    main()
