"""Pictures that bidders share: the same bytes, the same picture saved anew, or one a part of the other (T-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.documents import Picture
from wulian.analysis.documents.traces import Point
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions

NEAR = 62
"""Bits of 256 that may differ: re-saving, resizing, a stamp and 2 % cropping stay below."""
SPOT = 8
"""Bits of 64 that may differ between the surroundings of one spot in two pictures."""
AGREEING = 8
"""So many spots have to agree on where one picture lies in the other: unrelated drawings reach 5, crops 13."""
GRID = 12
MOST_WITH_SPOTS = 60
"""Pictures of one bidder that are searched for parts; scanned pages are not among them."""
_BLOCK = 4_000_000
WAYS = {
    "same": "文件逐字节相同",
    "alike": "同一图片（另存、缩放或加印后仍相同）",
    "part": "一幅是另一幅的裁剪",
}
_COMMON = "通用图片、标志或者空白表格"

Place = tuple[ReadFile, Picture]


@dataclass(frozen=True)
class Match:
    """Two places of pictures that are alike, and how."""

    first: Place
    second: Place
    way: str


def compare_pictures(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Outcome:
    """Return the pictures that two bidders share and the tender's files do not have."""
    places = [(file, picture) for file in bids for picture in file.traces.pictures]
    notes = [f"{file.name}：{note}" for file in bids for note in file.traces.notes]
    if not places:
        return Outcome(notes=(*notes, "文件中没有可比对的图片"))
    given = [(file, picture) for file in sources for picture in file.traces.pictures]
    numbers, from_tender = _groups(places, given)
    bidders = len({file.bidder for file in bids})
    found = list(_whole(places, numbers, from_tender, bidders))
    found += _parts(places, numbers, from_tender)
    return Outcome(tuple(found), tuple(notes))


def _groups(places: Sequence[Place], given: Sequence[Place]) -> tuple[list[int], set[int]]:
    """Number equal pictures alike (single linkage); say which numbers the tender's files have, too."""
    everything = [*places, *given]
    root = list(range(len(everything)))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    by_bytes: dict[str, int] = {}
    for number, (_file, picture) in enumerate(everything):
        first = by_bytes.setdefault(picture.sha256, number)
        root[find(number)] = find(first)
    distinct = sorted({find(number) for number in range(len(everything))})
    for one, other in _near([everything[number][1] for number in distinct]):
        root[find(distinct[one])] = find(distinct[other])
    numbers = [find(number) for number in range(len(everything))]
    return numbers[: len(places)], set(numbers[len(places) :])


def _near(pictures: Sequence[Picture]) -> Iterator[tuple[int, int]]:
    """Give pairs whose hashes, of the whole or without its margin, are near."""
    if len(pictures) < 2:
        return
    kinds = [_words([picture.whole for picture in pictures]), _words([picture.core for picture in pictures])]
    height = max(1, _BLOCK // (4 * len(pictures)))
    for start in range(0, len(pictures), height):
        some = slice(start, start + height)
        near = np.zeros((len(kinds[0][some]), len(pictures)), dtype=bool)
        for one in kinds:
            for other in kinds:
                bits = np.bitwise_count(one[some][:, None, :] ^ other[None, :, :]).sum(axis=2, dtype=np.int32)
                near |= bits <= NEAR
        for row, column in zip(*np.nonzero(near), strict=True):
            if start + row < column and _of_one_shape(pictures[start + row], pictures[column]):
                yield int(start + row), int(column)


def _of_one_shape(one: Picture, other: Picture) -> bool:
    """Scaling keeps the shape nearly: what is twice as wide is something else."""
    ratio = one.width / one.height / (other.width / other.height)
    return 0.7 < ratio < 1.43


def _words(hashes: Sequence[int]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(value.to_bytes(32, "little") for value in hashes), dtype=np.uint64).reshape(
        -1, 4
    )


def _whole(
    places: Sequence[Place], numbers: Sequence[int], from_tender: set[int], bidders: int
) -> Iterator[Finding]:
    groups: dict[int, list[Place]] = defaultdict(list)
    for number, place in zip(numbers, places, strict=True):
        groups[number].append(place)
    for number, members in groups.items():
        subjects = {file.bidder for file, _ in members}
        if len(subjects) < 2:
            continue
        identical = len({picture.sha256 for _, picture in members}) == 1
        common = len(subjects) > max(3, bidders / 2)
        yield _finding(members, "same" if identical else "alike", number in from_tender, common)


def _finding(members: Sequence[Place], way: str, from_tender: bool, common: bool) -> Finding:
    subjects = tuple(sorted({file.bidder for file, _ in members}))
    tested: dict[str, tuple[State, str]] = {}
    if from_tender:
        tested[_COMMON] = ("applies", "招标文件中有同一图片")
    elif common:
        tested[_COMMON] = ("applies", f"{len(subjects)}家投标人都有，按通用图片处理")
    evidence = tuple(
        Evidence(file.bidder, file.name, f"{picture.width}×{picture.height} 像素，图片摘要 {picture.sha256}",
                 page=picture.page or None, place=picture.place, sha256=file.sha256)
        for file, picture in members[:40]
    )  # fmt: skip
    return Finding(
        "T-3", subjects, WAYS[way], "hint", evidence, exclusions("T-3", tested),
        threshold=f"256位感知哈希相差不超过{NEAR}位" if way == "alike" else "", weight=1 / len(subjects),
    )  # fmt: skip


def _parts(places: Sequence[Place], numbers: Sequence[int], from_tender: set[int]) -> Iterator[Finding]:
    """Look for pictures that are parts of another bidder's picture."""
    chosen: list[Place] = []
    group: list[int] = []
    per_bidder: dict[str, int] = defaultdict(int)
    seen: set[tuple[str, int]] = set()
    for (file, picture), number in zip(places, numbers, strict=True):
        if number in from_tender or not picture.points or (file.bidder, number) in seen:
            continue
        if per_bidder[file.bidder] < MOST_WITH_SPOTS:
            per_bidder[file.bidder] += 1
            seen.add((file.bidder, number))
            chosen.append((file, picture))
            group.append(number)
    told: set[frozenset[int]] = set()
    for one, other in _overlapping([picture for _, picture in chosen]):
        key = frozenset((group[one], group[other]))
        if chosen[one][0].bidder != chosen[other][0].bidder and len(key) == 2 and key not in told:
            told.add(key)
            yield _finding([chosen[one], chosen[other]], "part", False, False)


def _overlapping(pictures: Sequence[Picture]) -> Iterator[tuple[int, int]]:
    """Give pairs of which enough spots agree on one place."""
    spots = [(number, point) for number, picture in enumerate(pictures) for point in picture.points]
    codes = np.array([point.code for _, point in spots], dtype=np.uint64)
    owner = np.array([number for number, _ in spots])
    votes: dict[tuple[int, int], list[tuple[Point, Point]]] = defaultdict(list)
    height = max(1, _BLOCK // max(1, len(codes)))
    for start in range(0, len(codes), height):
        bits = np.bitwise_count(codes[start : start + height, None] ^ codes[None, :])
        near = (bits <= SPOT) & (owner[start : start + height, None] < owner[None, :])
        for row, column in zip(*np.nonzero(near), strict=True):
            a, b = spots[start + int(row)], spots[int(column)]
            votes[a[0], b[0]].append((a[1], b[1]))
    for pair, matches in sorted(votes.items()):
        if len(matches) >= AGREEING and _agree(matches):
            yield pair


def _agree(matches: Sequence[tuple[Point, Point]]) -> bool:
    """Say whether enough matches, of different spots, have the same scale and shift."""
    for (a, b), (c, d) in combinations(matches[:60], 2):
        across = (abs(a.x - c.x) + abs(a.y - c.y), abs(b.x - d.x) + abs(b.y - d.y))
        if min(across) < 40:
            continue
        scale = across[1] / across[0]
        if not 0.2 < scale < 5:
            continue
        shift = (b.x - scale * a.x, b.y - scale * a.y)
        loose = GRID * max(1.0, scale)
        agreeing = {
            (p.x // 20, p.y // 20)
            for p, q in matches
            if abs(q.x - scale * p.x - shift[0]) < loose and abs(q.y - scale * p.y - shift[1]) < loose
        }
        if len(agreeing) >= AGREEING:
            return True
    return False
