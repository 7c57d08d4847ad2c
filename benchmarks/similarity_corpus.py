"""A corpus of bids with planted, recorded copies, made from Chinese text; another seed is another corpus.

Layout of the folder: ``tender.txt``, ``bids/bid-001.txt`` …, ``truth.jsonl`` (one planted passage a line: both files, both
character ranges, kind) and ``tender.jsonl`` (what was copied from the tender into which bid).
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from similarity_edits import KINDS, MANNERS, private

UNIQUE = 12
"""No run of so many characters stands twice in the pool: what the law books copy from each other is no planted copy."""


@dataclass
class Pool:
    """Paragraphs that share no run of `UNIQUE` characters with one taken before."""

    source: Iterator[str]
    seen: set[int] = field(default_factory=set)

    def take(self, characters: int) -> list[str]:
        """Return paragraphs of at least so many characters together."""
        taken: list[str] = []
        length = 0
        for paragraph in self.source:
            grams = {crc32(paragraph[at : at + UNIQUE].encode()) for at in range(len(paragraph) - UNIQUE + 1)}
            if len(paragraph) < 2 * UNIQUE or grams & self.seen:
                continue
            self.seen |= grams
            taken.append(paragraph)
            length += len(paragraph) + 1
            if length >= characters:
                return taken
        return taken


def paragraphs(laws: Path, chance: random.Random) -> Iterator[str]:
    """Yield the paragraphs of the law books (a JSON line each, xz), books in random order.

    When they are used up, the same paragraphs again with their letters mixed three by three: filler for large corpora.
    """
    with lzma.open(laws, "rt", encoding="utf-8") as lines:
        books = [json.loads(line)["paras"] for line in lines]
    chance.shuffle(books)
    for book in books:
        yield from book
    while True:
        for book in books:
            for paragraph in book:
                threes = [paragraph[at : at + 3] for at in range(0, len(paragraph), 3)]
                chance.shuffle(threes)
                yield "".join(threes)


def build(
    laws: Path,
    folder: Path,
    *,
    seed: int,
    manner: str = "letters",
    bids: int = 20,
    length: int = 300_000,
    planted: int = 360,
    deviations: int = 30,
) -> None:
    """Write a corpus of `bids` bids of about `length` characters, with `planted` passages in a sixth of the pairs."""
    chance, how = random.Random(seed), MANNERS[manner]
    pool = Pool(paragraphs(laws, chance))
    tender = pool.take(length // 3)
    pairs = [(a, b) for a in range(bids) for b in range(a + 1, bids)]
    partners = chance.sample(pairs, max(1, len(pairs) * 30 // 190))
    pieces: list[list[tuple[str, tuple[int, str] | None]]] = [[] for _ in range(bids)]
    letters = "".join(tender)
    kinds: list[str] = []
    for number in range(planted):
        kind = KINDS[number % len(KINDS)]
        kinds.append(kind)
        passage = passage_of(pool, int(60 * (4000 / 60) ** chance.random()))
        first, second = chance.sample(chance.choice(partners), 2)
        pieces[first].append((passage, (number, "a")))
        pieces[second].append((how.altered(passage, kind, chance, letters), (number, "b")))
    long = [paragraph for paragraph in tender if len(paragraph) >= 60]
    for number, clause in enumerate(chance.sample(long, min(deviations, len(long)))):
        changed = private(manner, clause, chance, letters)
        for side, bid in zip("ab", chance.sample(range(bids), 2), strict=True):
            pieces[bid].append((changed, (planted + number, side)))
        kinds.append("deviation")
    for own in pieces:
        for paragraph in chance.sample(tender, int(len(tender) * chance.uniform(0.2, 0.4))):
            own.append((how.copied(paragraph, chance, letters), (-1, paragraph)))
        have = sum(len(text) + 1 for text, _ in own)
        own += [(text, None) for text in pool.take(max(1, length - have))]
        chance.shuffle(own)
    write(folder, tender, pieces, kinds)


def write(
    folder: Path, tender: list[str], pieces: list[list[tuple[str, tuple[int, str] | None]]], kinds: list[str]
) -> None:
    """Write the texts and where the planted passages came to stand in them."""
    (folder / "bids").mkdir(parents=True, exist_ok=True)
    (folder / "tender.txt").write_text("\n".join(tender), encoding="utf-8")
    places: dict[tuple[int, str], tuple[str, int, int]] = {}
    with (folder / "tender.jsonl").open("w", encoding="utf-8") as copies:
        for number, own in enumerate(pieces, start=1):
            name, at, texts = f"bid-{number:03d}.txt", 0, []
            for text, mark in own:
                if mark and mark[0] >= 0:
                    places[mark] = (name, at, at + len(text))
                elif mark:
                    copies.write(json.dumps({"file": name, "start": at, "end": at + len(text)}) + "\n")
                texts.append(text)
                at += len(text) + 1
            (folder / "bids" / name).write_text("\n".join(texts), encoding="utf-8", newline="\n")
    lines: dict[str, list[str]] = {"truth": [], "deviations": []}
    for number, kind in enumerate(kinds):
        a, b = places[number, "a"], places[number, "b"]
        line = {
            "a": a[0],
            "a_start": a[1],
            "a_end": a[2],
            "b": b[0],
            "b_start": b[1],
            "b_end": b[2],
            "kind": kind,
        }
        lines["deviations" if kind == "deviation" else "truth"].append(json.dumps(line) + "\n")
    for file, rows in lines.items():
        (folder / f"{file}.jsonl").write_text("".join(rows), encoding="utf-8")


def passage_of(pool: Pool, length: int) -> str:
    """Return a passage of about so many characters that stands nowhere else."""
    return "".join(pool.take(length))[:length]
