"""How well and how fast copies between bids are found, beside other tools on the same work in the same run.

    .venv/bin/python benchmarks/similarity.py LAWS.jsonl.xz [--seed 11] [--bids 20] [--length 300000] [--only ours,suffix-array]

LAWS is a file of JSON lines with ``paras`` (Chinese law books); the corpus is made anew from the seed. Every other tool gets our
normalised text and our tender mask, which are not in its time but in ours. Tools: `pip install datasketch rensa pydivsufsort`;
one that is not installed is left out and said so. Sentence by sentence comparison is run on a sample of pairs and multiplied.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import similarity_corpus
from similarity_edits import MANNERS
from similarity_score import Passage, ordered, score

from wulian.analysis.similarity.comparison import Text, compare
from wulian.analysis.similarity.normalising import normalise

Found = Iterable[tuple[int, int, int, int, int, int]]
"""Text, start, end, text, start, end, in letters of the normalised texts."""
MASK = "\0"
WINDOW, STEP, GRAM, LIKE = 100, 50, 5, 0.5
SAMPLE = 6


def main() -> int:
    """Build the corpus, run every tool in a process of its own, print a table and the ratios."""
    options = _options()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="wulian-similarity-"))
    if not (folder / "truth.jsonl").exists():
        # In a process of its own: what it needs would count as the peak of those started after it.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(
                similarity_corpus.build,
                (options.laws, folder),
                {name: getattr(options, name) for name in ("seed", "manner", "bids", "length")},
            )
    planted = [(_place(row), row["kind"]) for row in _rows(folder / "truth.jsonl")]
    print(
        f"corpus: seed {options.seed}, {options.manner}, {options.bids} bids of {options.length:,} characters, {len(planted)} passages"
    )
    print(
        f"{'tool':<22}{'CPU s':>10}{'x ours':>8}{'peak MiB':>10}{'P':>8}{'R':>8}{'gran':>7}{'plagdet':>9}  recall by kind"
    )
    ours = 0.0
    for name, tool in TOOLS.items():
        if options.only and name not in options.only:
            continue
        outcome = _apart(tool, folder)
        if isinstance(outcome, str):
            print(f"{name:<22}{outcome}")
            continue
        cpu, peak, detected, remark = outcome
        ours = ours or cpu
        result = score(planted, detected)
        kinds = " ".join(f"{kind} {value:.3f}" for kind, value in result.recall_of.items())
        print(
            f"{name:<22}{cpu:>10.2f}{cpu / ours:>8.1f}{peak:>10.0f}{result.precision:>8.3f}{result.recall:>8.3f}"
            f"{result.granularity:>7.2f}{result.plagdet:>9.3f}  {kinds} {remark}"
        )
        if name == "ours":
            _print_deviations(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("laws", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--manner",
        choices=MANNERS,
        default="letters",
        help="how copies are changed: single letters, or words",
    )
    parser.add_argument("--bids", type=int, default=20)
    parser.add_argument("--length", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, help="keep the corpus here, or use the one that is here")
    parser.add_argument("--only", type=lambda words: ["ours", *words.split(",")], help="some of the tools")
    return parser.parse_args()


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _place(row: dict[str, Any]) -> Passage:
    return ordered(*(row[key] for key in ("a", "a_start", "a_end", "b", "b_start", "b_end")))


def _bids(folder: Path) -> list[Text]:
    return [Text(path.name, path.read_bytes().decode()) for path in sorted((folder / "bids").iterdir())]


def _tender(folder: Path) -> list[Text]:
    return [Text("tender.txt", (folder / "tender.txt").read_bytes().decode())]


def _apart(tool: Callable[[Path], tuple[float, list[Passage], str]], folder: Path) -> Any:
    """Run a tool in a fresh process; returns CPU seconds, peak MiB, passages, remark, or why it did not run."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (tool, folder))


def _measured(tool: Callable[[Path], tuple[float, list[Passage], str]], folder: Path) -> Any:
    try:
        cpu, detected, remark = tool(folder)
    except ImportError as missing:
        return f"not installed: {missing.name}"
    return cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, detected, remark


def ours(folder: Path) -> tuple[float, list[Passage], str]:
    """Normalise, take the tender away, compare all pairs."""
    bids, tender = _bids(folder), _tender(folder)
    started = time.process_time()
    found = compare(bids, tender=tender)
    cpu = time.process_time() - started
    return (
        cpu,
        [ordered(o.a.name, o.a.start, o.a.end, o.b.name, o.b.start, o.b.end) for o in found.passages],
        "",
    )


def _print_deviations(folder: Path) -> None:
    planted = [_place(row) for row in _rows(folder / "deviations.jsonl")]
    found = compare(_bids(folder), tender=_tender(folder)).deviations
    hits = [ordered(o.a.name, o.a.start, o.a.end, o.b.name, o.b.start, o.b.end) for o in found]

    def meets(one: Passage, other: Passage) -> bool:
        return one[0] == other[0] and one[3] == other[3] and min(one[2], other[2]) > max(one[1], other[1])

    right = sum(any(meets(hit, case) for case in planted) for hit in hits)
    recalled = sum(any(meets(hit, case) for hit in hits) for case in planted)
    print(f"  shared private changes: {recalled} of {len(planted)} found, {right} of {len(hits)} hits right")


def _prepared(folder: Path) -> tuple[list[str], Callable[[Found], list[Passage]]]:
    """Return the normalised texts with what comes from the tender masked, and the way back to raw passages."""
    bids = _bids(folder)
    forms = [normalise(text.raw) for text in bids]
    letters = [np.array(form.codes) for form in forms]
    number = {text.name: position for position, text in enumerate(bids)}
    for copied in compare(bids, tender=_tender(folder)).from_sources:
        position = number[copied.b.name]
        first, last = np.searchsorted(forms[position].offsets, (copied.b.start, copied.b.end))
        letters[position][first:last] = 0

    def back(found: Found) -> list[Passage]:
        return [
            ordered(
                bids[a].name, int(forms[a].offsets[s]), int(forms[a].offsets[e - 1]) + 1,
                bids[b].name, int(forms[b].offsets[t]), int(forms[b].offsets[f - 1]) + 1,
            )
            for a, s, e, b, t, f in found
        ]  # fmt: skip

    return [codes.astype("<u4").tobytes().decode("utf-32-le") for codes in letters], back


def suffix_array(folder: Path) -> tuple[float, list[Passage], str]:
    """All exact repeats of at least 20 letters (Lee et al. 2022), with pydivsufsort."""
    from pydivsufsort import divsufsort, kasai

    texts, back = _prepared(folder)
    started = time.process_time()
    codes = np.concatenate([[ord(c) if c != MASK else 0 for c in text] + [0] for text in texts]).astype(
        np.uint32
    )
    zero = np.flatnonzero(codes == 0)
    _, dense = np.unique(codes, return_inverse=True)
    dense = dense.astype(np.uint32)
    dense[zero] = dense.max() + 1 + np.arange(len(zero), dtype=np.uint32)
    order = divsufsort(dense)
    common = np.asarray(kasai(dense, order))[:-1]
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    at = np.flatnonzero(common >= 20)
    first, second = np.minimum(order[at], order[at + 1]), np.maximum(order[at], order[at + 1])
    length = common[at]
    text_a, text_b = (np.searchsorted(starts, x, side="right") - 1 for x in (first, second))
    maximal = (text_a != text_b) & (dense[first - 1] != dense[second - 1])
    found = [
        (
            int(a),
            int(p - starts[a]),
            int(p - starts[a] + n),
            int(b),
            int(q - starts[b]),
            int(q - starts[b] + n),
        )
        for a, b, p, q, n in zip(*(x[maximal] for x in (text_a, text_b, first, second, length)), strict=True)
    ]
    return time.process_time() - started, back(found), "(exact runs of 20 letters)"


def _windows(texts: list[str]) -> Iterator[tuple[int, int, set[str]]]:
    for number, text in enumerate(texts):
        for start in range(0, max(1, len(text) - WINDOW + 1), STEP):
            piece = text[start : start + WINDOW]
            grams = {piece[at : at + GRAM] for at in range(len(piece) - GRAM + 1)}
            grams = {gram for gram in grams if MASK not in gram}
            if len(grams) > WINDOW // 2:
                yield number, start, grams


def _joined(pairs: Iterable[tuple[int, int, int, int]]) -> Found:
    """Join windows that follow each other on nearly the same diagonal."""
    last: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
    for a, s, b, t in sorted(pairs):
        for stretch in last[a, b]:
            if s - stretch[1] <= 2 * STEP and abs((t - s) - (stretch[2] - stretch[0])) <= WINDOW:
                stretch[1], stretch[3] = max(stretch[1], s + WINDOW), max(stretch[3], t + WINDOW)
                break
        else:
            last[a, b].append([s, s + WINDOW, t, t + WINDOW])
    for (a, b), stretches in last.items():
        for s, e, t, f in stretches:
            yield a, s, e, b, t, f


def minhash_datasketch(folder: Path) -> tuple[float, list[Passage], str]:
    """MinHash LSH of windows of 100 letters with datasketch."""
    from datasketch import MinHash, MinHashLSH

    texts, back = _prepared(folder)
    started = time.process_time()
    index, pairs, seen = MinHashLSH(threshold=LIKE, num_perm=64), set(), []
    windows = list(_windows(texts))
    hashes = MinHash.bulk([[gram.encode() for gram in grams] for _, _, grams in windows], num_perm=64)
    for key, ((number, start, _), value) in enumerate(zip(windows, hashes, strict=True)):
        for other in index.query(value):
            if seen[other][0] != number:
                pairs.add((*seen[other], number, start))
        index.insert(key, value)
        seen.append((number, start))
    found = [_cut(one, texts) for one in _joined(pairs)]
    return time.process_time() - started, back(found), "(windows of 100 letters)"


def minhash_rensa(folder: Path) -> tuple[float, list[Passage], str]:
    """The same with rensa."""
    from rensa import RMinHash, RMinHashLSH

    texts, back = _prepared(folder)
    started = time.process_time()
    index, pairs, seen = RMinHashLSH(threshold=LIKE, num_perm=64, num_bands=16), set(), []
    for key, (number, start, grams) in enumerate(_windows(texts)):
        value = RMinHash(num_perm=64, seed=42)
        value.update(list(grams))
        for other in index.query(value):
            if seen[other][0] != number and seen[other][2].jaccard(value) >= LIKE:
                pairs.add((*seen[other][:2], number, start))
        index.insert(key, value)
        seen.append((number, start, value))
    found = [_cut(one, texts) for one in _joined(pairs)]
    return time.process_time() - started, back(found), "(windows of 100 letters)"


def _cut(one: tuple[int, int, int, int, int, int], texts: list[str]) -> tuple[int, int, int, int, int, int]:
    a, s, e, b, t, f = one
    return a, s, min(e, len(texts[a])), b, t, min(f, len(texts[b]))


def _sentences(folder: Path) -> tuple[list[list[tuple[int, int, str]]], Callable[[Found], list[Passage]]]:
    """Return the sentences of each text as (start, end, letters); where signs were, from the raw text."""
    bids = _bids(folder)
    texts, back = _prepared(folder)
    cut = []
    for bid, text in zip(bids, texts, strict=True):
        offsets = normalise(bid.raw).offsets
        ends = [
            0,
            *np.searchsorted(offsets, [m.end() for m in re.finditer(r"[。；\n]", bid.raw)]).tolist(),
            len(text),
        ]
        cut.append([(s, e, text[s:e]) for s, e in pairwise(ends) if e - s >= 10 and MASK not in text[s:e]])
    return cut, back


def identical_sentences(folder: Path) -> tuple[float, list[Passage], str]:
    """Sentences that are equal: what the open tools for bids do."""
    cut, back = _sentences(folder)
    started = time.process_time()
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, sentences in enumerate(cut):
        for s, e, text in sentences:
            places[text].append((number, s, e))
    found = [
        (*a, *b)
        for group in places.values()
        if len(group) < 50
        for a, b in combinations(group, 2)
        if a[0] != b[0]
    ]
    return time.process_time() - started, back(found), ""


def rapidfuzz_sentences(folder: Path) -> tuple[float, list[Passage], str]:
    """Every sentence against every sentence, ratio of at least 75, with rapidfuzz; on a sample of pairs."""
    from rapidfuzz import fuzz, process

    cut, back = _sentences(folder)
    pairs = list(combinations(range(len(cut)), 2))
    shared = sorted({(row["a"], row["b"]) for row in _rows(folder / "truth.jsonl")})
    names = {bid.name: number for number, bid in enumerate(_bids(folder))}
    sample = [tuple(sorted((names[a], names[b]))) for a, b in shared][:SAMPLE]
    started = time.process_time()
    found = []
    for a, b in dict.fromkeys(sample):
        first, second = cut[a], cut[b]
        table = process.cdist(
            [x[2] for x in first], [x[2] for x in second], scorer=fuzz.ratio, score_cutoff=75, dtype=np.uint8
        )
        found += [(a, *first[i][:2], b, *second[j][:2]) for i, j in zip(*np.nonzero(table), strict=True)]
    used = time.process_time() - started
    share = len(pairs) / max(1, len(dict.fromkeys(sample)))
    return (
        used * share,
        back(found),
        f"(CPU of {len(dict.fromkeys(sample))} pairs times {share:.0f}; scores of these pairs only)",
    )


TOOLS: dict[str, Callable[[Path], tuple[float, list[Passage], str]]] = {
    "ours": ours,
    "suffix-array": suffix_array,
    "identical-sentences": identical_sentences,
    "rensa": minhash_rensa,
    "datasketch": minhash_datasketch,
    "rapidfuzz-sentences": rapidfuzz_sentences,
}

if __name__ == "__main__":
    sys.exit(main())
