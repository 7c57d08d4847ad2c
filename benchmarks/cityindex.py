"""A new bid against all the bids a city has seen: size of the index, memory, time of a query, and whether partners are found.

    .venv/bin/python benchmarks/cityindex.py LAWS.jsonl.xz [--documents 100000] [--folder DIR] [--seed 5]

Twenty real bids (benchmarks/similarity_corpus.py, with planted copies between pairs of them) stand among simulated ones that exist
as fingerprints only: as many as real text of the same length has, a twentieth of them from a pool of boilerplate in which few are
very frequent (Zipf). Hash noise cannot show what unrelated real texts have in common by nature; the cap on frequent fingerprints
and the tender document's mask are there for that. Needs about 120 kB of disk for each document while the index is merged twice.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import similarity_corpus

from wulian.analysis.similarity.comparison import Text, compare
from wulian.analysis.similarity.library import Library, is_library
from wulian.analysis.similarity.library.fingerprints import HASH_BITS, Hashes
from wulian.analysis.similarity.library.index import fingerprints_of

BATCH, POOL, SHARE = 2_000, 200_000, 0.05
ROUNDS = 5


def main() -> int:
    """Build the index, ask it, remove and add, and print what that took."""
    options = _options()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="wulian-cityindex-"))
    corpus = folder / "corpus"
    if not (corpus / "truth.jsonl").exists():
        similarity_corpus.build(options.laws, corpus, seed=options.seed)
    bids = {path.name: path.read_bytes().decode() for path in sorted((corpus / "bids").iterdir())}
    tender = (corpus / "tender.txt").read_bytes().decode()
    masked = np.unique(fingerprints_of(tender))
    own = {name: fingerprints_of(text, masked) for name, text in bids.items()}
    usual = round(sum(map(len, own.values())) / len(own))
    print(f"fingerprints of a bid: {usual:,}; documents: {options.documents:,}")
    if not (
        is_library(folder / "library") and len(Library(folder / "library").documents()) >= options.documents
    ):
        shutil.rmtree(folder / "library", ignore_errors=True)
        _build(
            Library(folder / "library", create=True), bids, own, options.documents, usual,
            np.random.default_rng(options.seed),
        )  # fmt: skip
    library = Library(folder / "library")
    index, _texts = library.size()
    print(
        f"index: {index / 1e9:.2f} GB, {index / options.documents / 1000:.1f} kB a document; peak {_peak():.0f} MiB"
    )
    _ask(library, bids, own, tender, corpus)
    _change(library, bids, own)
    if not options.folder:
        shutil.rmtree(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("laws", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument(
        "--folder", type=Path, help="keep corpus and library here, or use those that are here"
    )
    return parser.parse_args()


def _build(
    library: Library,
    bids: dict[str, str],
    own: dict[str, Hashes],
    documents: int,
    usual: int,
    chance: np.random.Generator,
) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    rows = [
        ({"name": name, "bidder": name, "tender": "real", "sha256": name}, text)
        for name, text in bids.items()
    ]
    library.add(rows, at="2026-01-01", hashes=own.values())
    pool = chance.integers(0, 1 << HASH_BITS, POOL)
    for start in range(len(bids), documents, BATCH):
        count = min(BATCH, documents - start)
        abouts = (
            (
                {
                    "name": f"{start + at}",
                    "bidder": f"{start + at}",
                    "tender": "simulated",
                    "sha256": f"{start + at}",
                },
                "",
            )
            for at in range(count)
        )
        library.add(abouts, at="2026-01-01", hashes=_simulated(chance, pool, usual))
        if start // BATCH % 10 == 0:
            print(f"  {start + count:,} after {time.perf_counter() - started:.0f} s", flush=True)
    library.compact()
    print(f"built in {time.perf_counter() - started:.0f} s, CPU {time.process_time() - cpu:.0f} s")


def _simulated(chance: np.random.Generator, pool: Hashes, usual: int) -> Iterator[Hashes]:
    while True:
        rank = (POOL ** chance.random(int(usual * SHARE))).astype(np.int64) % POOL
        yield np.unique(np.concatenate([chance.integers(0, 1 << HASH_BITS, usual - len(rank)), pool[rank]]))


def _ask(library: Library, bids: dict[str, str], own: dict[str, Hashes], tender: str, corpus: Path) -> None:
    """Ask for every real bid: a first time, then warm; and once for all of them by a join."""
    first = time.perf_counter()
    library.sharing(next(iter(own.values())))
    print(f"first query {1000 * (time.perf_counter() - first):.0f} ms (maps the files, reads the catalogue)")
    for hashes in own.values():
        library.sharing(hashes)
    times, found = [], {}
    cpu = time.process_time()
    for _ in range(ROUNDS):
        for name, hashes in own.items():
            started = time.perf_counter()
            found[name] = library.sharing(hashes)
            times.append(time.perf_counter() - started)
    cpu = (time.process_time() - cpu) / len(times)
    times.sort()
    print(
        f"warm query: median {1000 * times[len(times) // 2]:.1f} ms, 95 % {1000 * times[int(len(times) * 0.95)]:.1f} ms, CPU {1000 * cpu:.1f} ms"
    )
    candidates = {name: {one.name for one, _ in hits} - {name} for name, hits in found.items()}
    partners = {
        (row["a"], row["b"]) for row in map(json.loads, (corpus / "truth.jsonl").read_text().splitlines())
    }
    asked = partners | {(b, a) for a, b in partners}
    met = sum(b in candidates[a] for a, b in asked)
    most = max(map(len, candidates.values()))
    print(
        f"partners among the candidates: {met} of {len(asked)}; candidates of a bid: {sum(map(len, candidates.values())) / len(own):.1f}, at most {most}"
    )
    started = time.perf_counter()
    joined = library.joined(own)
    same = {(name, one.name) for name, one, _ in joined} == {
        (name, one.name) for name, hits in found.items() for one, _ in hits
    }
    print(
        f"all {len(own)} bids by one join (DuckDB): {time.perf_counter() - started:.1f} s, the same candidates: {same}"
    )
    name = next(iter(own))
    started, cpu = time.perf_counter(), time.process_time()
    old = [
        Text(other, library.text(one.number), "earlier")
        for one, _ in found[name]
        if (other := one.name) != name
    ]
    compare([Text(name, bids[name], "now"), *old], tender=[Text("tender", tender)])
    print(
        f"exact comparison of a bid with its {len(old)} candidates: {time.perf_counter() - started:.2f} s, CPU {time.process_time() - cpu:.2f} s"
    )


def _change(library: Library, bids: dict[str, str], own: dict[str, Hashes]) -> None:
    """Remove one document and add it again: neither builds anything anew."""
    name = next(iter(own))
    number = next(one.number for one in library.documents().values() if one.name == name)
    started = time.perf_counter()
    library.remove([number])
    gone = all(one.number != number for one, _ in library.sharing(own[name]))
    print(f"removed in {1000 * (time.perf_counter() - started):.0f} ms, not found any more: {gone}")
    started = time.perf_counter()
    library.add(
        [({"name": name, "bidder": name, "tender": "real", "sha256": "again"}, bids[name])],
        at="2026-01-02",
        hashes=[own[name]],
    )
    back = library.sharing(own[name])[0][0].name == name
    print(
        f"added in {1000 * (time.perf_counter() - started):.0f} ms, found again: {back}; peak {_peak():.0f} MiB"
    )


def _peak() -> float:
    """Return the largest amount of memory of the process's own; pages of mapped files are the system's to take back."""
    status = Path(f"/proc/{os.getpid()}/status")
    if status.exists():
        own = next((line for line in status.read_text().splitlines() if line.startswith("RssAnon")), "")
        if own:
            return int(own.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
