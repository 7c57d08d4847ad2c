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

KINDS = ("exact", "formatted", "edited-5", "edited-15", "reordered", "formatted-edited")
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
    bids: int = 20,
    length: int = 300_000,
    planted: int = 360,
    deviations: int = 30,
) -> None:
    """Write a corpus of `bids` bids of about `length` characters, with `planted` passages in a sixth of the pairs."""
    chance = random.Random(seed)
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
        pieces[second].append((altered(passage, kind, chance, letters), (number, "b")))
    long = [paragraph for paragraph in tender if len(paragraph) >= 60]
    for number, clause in enumerate(chance.sample(long, min(deviations, len(long)))):
        changed = edited(clause, 0.05, chance, letters)
        for side, bid in zip("ab", chance.sample(range(bids), 2), strict=True):
            pieces[bid].append((changed, (planted + number, side)))
        kinds.append("deviation")
    for own in pieces:
        for paragraph in chance.sample(tender, int(len(tender) * chance.uniform(0.2, 0.4))):
            own.append((copied(paragraph, chance, letters), (-1, paragraph)))
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


def copied(paragraph: str, chance: random.Random, letters: str) -> str:
    """Copy a paragraph of the tender as bidders do: half verbatim, a quarter with other signs, a quarter edited."""
    way = chance.random()
    if way < 0.5:
        return paragraph
    return reformatted(paragraph, chance) if way < 0.75 else edited(paragraph, 0.04, chance, letters)


def altered(passage: str, kind: str, chance: random.Random, letters: str) -> str:
    """Return the other bidder's form of a planted passage."""
    if kind == "exact":
        return passage
    if kind == "formatted":
        return reformatted(passage, chance)
    if kind == "formatted-edited":
        return reformatted(edited(passage, 0.05, chance, letters), chance)
    if kind == "reordered":
        return edited(shuffled(passage, chance), 0.02, chance, letters)
    return edited(passage, 0.05 if kind == "edited-5" else 0.15, chance, letters)


_SIGNS = str.maketrans("，。；：、（）", ",.;:,()")
_WIDE = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in [*range(48, 58), *range(65, 91), *range(97, 123)]}
)


def reformatted(text: str, chance: random.Random) -> str:
    """Change punctuation, width, spaces and line breaks; no letter."""
    out = []
    for sign in text.translate(_SIGNS).translate(_WIDE):
        if sign in ",.;:" and chance.random() < 0.3:
            continue
        out.append(sign)
        if chance.random() < 0.04:
            out.append(chance.choice((" ", "\n", "\u3000")))
    return "".join(out).strip()


def edited(text: str, rate: float, chance: random.Random, letters: str) -> str:
    """Replace, insert or leave out single characters at `rate`."""
    out = []
    for sign in text:
        way = chance.random() / rate
        if way >= 1:
            out.append(sign)
        elif way < 1 / 3:
            out.append(chance.choice(letters))
        elif way < 2 / 3:
            out += (sign, chance.choice(letters))
    return "".join(out)


def shuffled(text: str, chance: random.Random) -> str:
    """Put the sentences into another order."""
    sentences = [part for part in text.replace("。", "。\0").replace("；", "；\0").split("\0") if part]
    chance.shuffle(sentences)
    return "".join(sentences)
