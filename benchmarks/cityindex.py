"""A new bid against all the bids a city has seen: size of the index, memory, time of a query, and whether partners are found.

    .venv/bin/python benchmarks/cityindex.py LAWS.jsonl.xz [--documents 100000] [--folder DIR] [--seed 5 6 7] [--no-join]

For each seed twenty real bids (benchmarks/similarity_corpus.py, with planted copies between pairs of them) come among simulated ones
that exist as fingerprints only: as many as real text of the same length has, a twentieth of them from a pool of boilerplate in which
few are very frequent (Zipf). Hash noise cannot show what unrelated real texts have in common by nature; the cap on frequent
fingerprints and the tender document's mask are there for that. With --folder the index is kept and used again, also for other seeds.
Needs about 200 kB of disk for each document while the index is merged.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import similarity_corpus

from wulian.analysis.similarity.comparison import Text, compare
from wulian.analysis.similarity.library import Library, is_library
from wulian.analysis.similarity.library.fingerprints import HASH_BITS, Hashes
from wulian.analysis.similarity.library.index import fingerprints_of

BATCH, POOL, SHARE = 2_000, 200_000, 0.05
ROUNDS, CHANGED = 5, 100


def main() -> int:
    """Build the index, ask it, add and remove, and print what that took."""
    options = _options()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="wulian-cityindex-"))
    for seed in options.seed:
        corpus = folder / f"corpus-{seed}"
        if not (corpus / "truth.jsonl").exists():
            similarity_corpus.build(options.laws, corpus, seed=seed)
        bids = {path.name: path.read_bytes().decode() for path in sorted((corpus / "bids").iterdir())}
        tender = (corpus / "tender.txt").read_bytes().decode()
        masked = np.unique(fingerprints_of(tender))
        with _measured(f"seed {seed}: fingerprints of {len(bids)} bids"):
            own = {name: fingerprints_of(text, masked) for name, text in bids.items()}
        usual = round(sum(map(len, own.values())) / len(own))
        print(f"  {usual:,} a bid")
        library = _library(folder / "library", options.documents, usual, seed)
        with _measured(f"{len(bids)} real bids added"):
            library.add(
                (({"name": name, "bidder": name, "tender": f"seed {seed}", "sha256": name}, text) for name, text in bids.items()),
                at="2026-01-01",
                hashes=own.values(),
            )  # fmt: skip
        _ask(library, bids, own, f"seed {seed}", corpus)
        _compare(library, bids, own, tender, f"seed {seed}")
        if not options.no_join:
            _join(library, own)
    _change(library, usual, options.seed[-1])
    if not options.folder:
        shutil.rmtree(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("laws", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, nargs="+", default=[5])
    parser.add_argument("--no-join", action="store_true", help="leave out the join over the whole index")
    parser.add_argument(
        "--folder", type=Path, help="keep corpora and library here, or use those that are here"
    )
    return parser.parse_args()


def _library(path: Path, documents: int, usual: int, seed: int) -> Library:
    """Return the library of simulated bids; it is built unless it is there."""
    if is_library(path) and len(Library(path).documents()) >= documents:
        with _measured("opened: the catalogue read, the files mapped"):
            library = Library(path)
            library.sharing(np.array([1]))
    else:
        shutil.rmtree(path, ignore_errors=True)
        library = Library(path, create=True)
        with _measured(f"{documents:,} documents added, {BATCH:,} at a time"):
            _build(library, documents, usual, np.random.default_rng(seed))
        with _measured("compacted into one file"):
            library.compact()
    index, _texts = library.size()
    count = len(library.documents())
    print(f"index: {count:,} documents, {index / 1e9:.2f} GB, {index / count / 1000:.1f} kB a document")
    return library


def _build(library: Library, documents: int, usual: int, chance: np.random.Generator) -> None:
    pool = chance.integers(0, 1 << HASH_BITS, POOL)
    for start in range(0, documents, BATCH):
        count = min(BATCH, documents - start)
        library.add(
            _abouts(range(start, start + count)), at="2026-01-01", hashes=_simulated(chance, pool, usual)
        )


def _abouts(numbers: range) -> Iterator[tuple[dict[str, str], str]]:
    for number in numbers:
        yield {"name": f"{number}", "bidder": f"{number}", "tender": "simulated", "sha256": f"{number}"}, ""


def _simulated(chance: np.random.Generator, pool: Hashes, usual: int) -> Iterator[Hashes]:
    while True:
        rank = (POOL ** chance.random(int(usual * SHARE))).astype(np.int64) % POOL
        yield np.unique(np.concatenate([chance.integers(0, 1 << HASH_BITS, usual - len(rank)), pool[rank]]))


def _ask(library: Library, bids: dict[str, str], own: dict[str, Hashes], tender: str, corpus: Path) -> None:
    """Ask for every real bid: a first time, then warm; are all planted partners among the candidates?"""
    first = time.perf_counter()
    for hashes in own.values():
        library.sharing(hashes)
    print(f"first query of each bid: {1000 * (time.perf_counter() - first) / len(own):.1f} ms on average")
    times, found = [], {}
    cpu, faults = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_majflt
    with _measured(f"{ROUNDS} more queries of each"):
        for _ in range(ROUNDS):
            for name, hashes in own.items():
                started = time.perf_counter()
                found[name] = library.sharing(hashes)
                times.append(time.perf_counter() - started)
    cpu = (time.process_time() - cpu) / len(times)
    read = (resource.getrusage(resource.RUSAGE_SELF).ru_majflt - faults) / len(times)
    times.sort()
    print(
        f"warm query: median {1000 * times[len(times) // 2]:.1f} ms, 95 % {1000 * times[int(len(times) * 0.95)]:.1f} ms, "
        f"CPU {1000 * cpu:.1f} ms, pages read from the disk {read:.1f}"
    )
    candidates = {
        name: {one.name for one, _ in hits if one.tender == tender} - {name} for name, hits in found.items()
    }
    partners = {
        (row["a"], row["b"]) for row in map(json.loads, (corpus / "truth.jsonl").read_text().splitlines())
    }
    asked = partners | {(b, a) for a, b in partners}
    met = sum(b in candidates[a] for a, b in asked)
    every = [len(hits) - 1 for hits in found.values()]
    print(
        f"partners among the candidates: {met} of {len(asked)}; candidates of a bid: "
        f"{sum(every) / len(own):.1f}, at most {max(every)}"
    )


def _compare(library: Library, bids: dict[str, str], own: dict[str, Hashes], text: str, tender: str) -> None:
    """Compare a bid letter by letter with its candidates."""
    name = next(iter(own))
    near = [one for one, _ in library.sharing(own[name]) if one.tender == tender and one.name != name]
    old = [Text(one.name, library.text(one.number), "earlier") for one in near]
    with _measured(f"exact comparison of a bid with its {len(old)} candidates"):
        compare([Text(name, bids[name], "now"), *old], tender=[Text("tender", text)])


def _join(library: Library, own: dict[str, Hashes]) -> None:
    """Ask for all real bids by one join over the Parquet files."""
    with _measured(f"all {len(own)} bids by one join (DuckDB)"):
        joined = {(name, one.number) for name, one, _ in library.joined(own)}
    looked_up = {(name, one.number) for name, hashes in own.items() for one, _ in library.sharing(hashes)}
    print(f"  the same candidates: {joined == looked_up} ({len(joined)})")


def _change(library: Library, usual: int, seed: int) -> None:
    """Add a hundred documents and remove them again: neither builds anything anew."""
    chance = np.random.default_rng(seed + 1_000)
    pool = chance.integers(0, 1 << HASH_BITS, POOL)
    hashes = [own for own, _ in zip(_simulated(chance, pool, usual), range(CHANGED), strict=False)]
    before = {path.name: path.stat().st_mtime_ns for path in (library.path / "segments").iterdir()}
    start = len(library.documents()) + 10**6
    with _measured(f"{CHANGED} documents added"):
        added = library.add(_abouts(range(start, start + CHANGED)), at="2026-01-02", hashes=hashes)
    after = {path.name: path.stat().st_mtime_ns for path in (library.path / "segments").iterdir()}
    found = all(
        library.sharing(own)[0][0].number == one.number for own, one in zip(hashes, added, strict=True)
    )
    print(f"  the files there before untouched: {before.items() <= after.items()}; each found: {found}")
    with _measured(f"{CHANGED} documents removed"):
        library.remove([one.number for one in added])
    found = any(one.number >= added[0].number for own in hashes for one, _ in library.sharing(own))
    print(f"  found any more: {found}")


@contextmanager
def _measured(what: str) -> Iterator[None]:
    """Print how long it took, the processor time, and the largest amount of the process's own memory meanwhile.

    Pages of mapped files are the system's to take back; they are not counted.
    """
    peak, over = [_own_memory()], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            peak.append(max(peak.pop(), _own_memory()))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started, cpu = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        cpu, wall = time.process_time() - cpu, time.perf_counter() - started
        over.set()
        watcher.join()
        print(f"{what}: {wall:.2f} s, CPU {cpu:.2f} s, own memory at most {peak[0]:.0f} MiB", flush=True)


def _own_memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
