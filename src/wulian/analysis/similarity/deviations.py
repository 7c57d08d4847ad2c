"""The same private change to a clause of the tender document in two bids: what taking the tender away would hide.

Each copy of a clause is aligned with the clause; an edit is (place in the tender, wording there, wording in the bid). Two copies
are taken for one when this explains their edits far better than two people at work: edits both have count by how rarely such a
change is made (the same change elsewhere, the frequency of the letters put in), edits only one has count against it.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log

from rapidfuzz.distance import Levenshtein

from wulian.analysis.similarity.passages import Part, Passage
from wulian.analysis.similarity.seeds import Letters

MOST_OWNERS = 3
"""More bidders than this with the same change had it from somewhere else: a clarification, another version."""
CLAUSE, SURROUNDINGS = 200, 60
"""Letters within which changes belong to one clause, and letters around them in which edits of one bid alone count."""
CONTEXT = 6
SHORTEST, SHORTEST_COPY, MOST_EDITS = 30, 45, 0.35
GAP_TENDER, GAP_BID = 60, 120
"""Letters left out of a clause and put into it in one place, at most."""
STOP, DEAREST = 5, 4
"""Equal letters with which two bids go on where both stop following the tender; what one change costs there at most."""
SURE, ALONE, RAREST = 6.5, 4.0, 14.0
"""Logarithms: odds from which a change is reported, an edit only one bid has, the weight of one edit at most."""

_DIGITS = str.maketrans("一二三四五六七八九", "123456789", "第章节条款项目")
_NUMBERING = frozenset("0123456789一二三四五六七八九十百第章节条款项目")


@dataclass(frozen=True)
class Edit:
    """A change: the letters ``start:end`` of the tender became `put`."""

    start: int
    end: int
    put: str


@dataclass(eq=False)
class Copy:
    """A stretch of the tender in one bid with the edits in it, each with its place in the bid."""

    text: int
    start: int
    end: int
    bid_start: int
    bid_end: int
    edits: dict[Edit, int] = field(default_factory=dict)

    def edited(self, start: int, end: int) -> int:
        """Return how many edits there are between two places of the tender."""
        return sum(start <= edit.start <= end for edit in self.edits)


@dataclass(frozen=True)
class Deviation:
    """Changes that two bids share: stretches of the first and the second bid and of the tender, in positions of `Letters`."""

    first: tuple[int, int]
    second: tuple[int, int]
    clause: tuple[int, int]
    changes: tuple[tuple[str, str], ...]


def shared_deviations(
    letters: Letters, copied: Iterable[Passage], starts_line: Callable[[int], bool]
) -> list[Deviation]:
    """Return the private changes that two bids share, clause by clause, most changes first.

    `starts_line` says whether a line of its text begins at a position: which lines a bid takes over, and how it numbers them, is
    no change of a clause.
    """
    copies = [copy for copy in _copies(letters, copied) if copy.end - copy.start >= SHORTEST_COPY]
    _extend(letters, copies)
    for copy in copies:
        copy.edits = {
            edit: place
            for edit, place in copy.edits.items()
            if not _is_layout(letters.text, edit, starts_line)
        }
    holders: dict[Edit, list[Copy]] = defaultdict(list)
    for copy in copies:
        for edit in copy.edits:
            holders[edit].append(copy)
    by_pair: dict[tuple[Copy, Copy], list[Edit]] = defaultdict(list)
    for edit, who in holders.items():
        owners = {int(letters.owners[copy.text]) for copy in who}
        if len(owners) == MOST_OWNERS and not _is_left_by_others(letters, copies, edit, owners):
            continue
        if 2 <= len(owners) <= MOST_OWNERS and not _is_in_tender(letters, edit, who[0].edits[edit]):
            for a, b in combinations(who, 2):
                if letters.owners[a.text] != letters.owners[b.text]:
                    by_pair[(a, b) if a.text < b.text else (b, a)].append(edit)
    if not by_pair:
        return []
    chance = Chance(letters, copies, holders)
    found: dict[tuple[tuple[int, int], tuple[int, int]], Deviation] = {}
    for (a, b), all_edits in by_pair.items():
        for edits in _clauses(all_edits):
            if chance.odds(a, b, edits) >= SURE:
                one = _deviation(letters, a, b, edits)
                found.setdefault((one.first, one.second), one)
    return sorted(found.values(), key=lambda one: (-len(one.changes), one.first, one.second))


class Chance:
    """How likely it is that a bidder makes a certain edit without knowing of another bid."""

    def __init__(self, letters: Letters, copies: Sequence[Copy], holders: dict[Edit, list[Copy]]) -> None:
        self.letters = letters
        sources = sorted({bisect(letters.begins, copy.start) - 1 for copy in copies})
        self.tender = "\0".join(letters.text[letters.begins[n] : letters.ends[n]] for n in sources)
        self.frequency = Counter(self.tender)
        self.depth = sum(copy.end - copy.start for copy in copies) / max(1, len(self.tender))
        self.made: Counter[tuple[str, str, str, str]] = Counter()
        for edit, who in holders.items():
            for kind in self._kinds(edit):
                self.made[kind] += len(who)
        self.holders = holders
        self._counted: dict[str, int] = {}

    def odds(self, a: Copy, b: Copy, edits: Sequence[Edit]) -> float:
        """Return the logarithm of how much likelier these shared edits are when one bid knew the other."""
        start = max(edits[0].start - SURROUNDINGS, a.start, b.start)
        end = min(edits[-1].end + SURROUNDINGS, a.end, b.end)
        own = (a.edited(start, end), b.edited(start, end))
        rate = max(own) / max(1, end - start)
        weights = sum(min(RAREST, -log(self._likelihood(edit, rate))) for edit in edits)
        return weights + len(edits) - ALONE * (sum(own) - 2 * len(edits))

    def _likelihood(self, edit: Edit, rate: float) -> float:
        """Return the probability that a bidder who changes the clause at this rate makes this change here."""
        if edit.put:
            kind = 1.0
            for letter in edit.put:
                kind *= max(1, self.frequency[letter]) / max(1, len(self.tender))
            # Words are likelier than their letters.
            kind = max(kind, self._count(edit.put) / max(1, len(self.tender)))
        else:
            kind = 0.3 ** (edit.end - edit.start - 1)
        likelihood = max(rate / 3 * kind, 1e-9)
        for one in self._kinds(edit):
            elsewhere = self.made[one] - len(self.holders[edit])
            if elsewhere > 0:
                room = self._count(one[0] + one[1] + one[3]) * self.depth
                likelihood = max(likelihood, min(1.0, elsewhere / (room + 1)))
        return likelihood

    def _kinds(self, edit: Edit) -> tuple[tuple[str, str, str, str], ...]:
        """Return the change without its place: by itself, and with the letters before and after."""
        text = self.letters.text
        before, after = text[edit.start - 1 : edit.start], text[edit.end : edit.end + 1]
        removed = text[edit.start : edit.end]
        put = edit.put
        return (
            ("", removed, put, ""),
            (before, removed, put, ""),
            ("", removed, put, after),
            (before, removed, put, after),
        )

    def _count(self, words: str) -> int:
        if not words:
            return len(self.tender)
        if words not in self._counted:
            self._counted[words] = self.tender.count(words)
        return self._counted[words]


def _copies(letters: Letters, copied: Iterable[Passage]) -> Iterator[Copy]:
    """Yield the copies of clauses; what follows closely in the tender and in the bid is one copy."""
    by_texts: dict[tuple[int, int], list[Part]] = defaultdict(list)
    for part in _best(copied):
        pair = (bisect(letters.begins, part.first) - 1, bisect(letters.begins, part.second) - 1)
        by_texts[pair].append(part)
    for (_, text), parts in by_texts.items():
        copy = None
        for part in parts:
            if copy is not None and _follows(copy, part):
                if part.first > copy.end or part.second > copy.bid_end:
                    put = letters.text[copy.bid_end : part.second]
                    copy.edits[Edit(copy.end, part.first, put)] = copy.bid_end
                copy.end, copy.bid_end = part.first_end, part.second_end
            else:
                if copy is not None:
                    yield copy
                copy = Copy(text, part.first, part.first_end, part.second, part.second_end)
            if part.edits:
                ours, theirs = (
                    letters.text[part.first : part.first_end],
                    letters.text[part.second : part.second_end],
                )
                copy.edits.update(_edits(ours, theirs, part.first, part.second))
        if copy is not None:
            yield copy


def _extend(letters: Letters, copies: Iterable[Copy]) -> None:
    """Take in changes at the ends of copies: where bids stop following the tender at one place and go on with equal words."""
    for way in (1, -1):
        stops: dict[tuple[int, str], list[Copy]] = defaultdict(list)
        for copy in copies:
            words = _beyond(letters, copy.text, copy.bid_end if way > 0 else copy.bid_start, way, STOP)
            if len(words) == STOP:
                stops[copy.end if way > 0 else copy.start, words].append(copy)
        for (place, _), who in stops.items():
            if 2 <= len({int(letters.owners[copy.text]) for copy in who}) <= MOST_OWNERS:
                source = bisect(letters.begins, place) - 1
                for copy in who:
                    _extend_one(letters, source, copy, way)


def _extend_one(letters: Letters, source: int, copy: Copy, way: int) -> None:
    at, bid_at = (copy.end, copy.bid_end) if way > 0 else (copy.start, copy.bid_start)
    ours = _beyond(letters, source, at, way, GAP_TENDER)
    theirs = _beyond(letters, copy.text, bid_at, way, GAP_TENDER)
    best, score, ends = 0, 0, (0, 0)
    for step in Levenshtein.opcodes(ours, theirs):
        left, right = step.src_end - step.src_start, step.dest_end - step.dest_start
        score += left if step.tag == "equal" else -min(max(left, right), DEAREST)
        if score > best:
            best, ends = score, (step.src_end, step.dest_end)
    if not best:
        return
    ours, theirs = ours[: ends[0]][::way], theirs[: ends[1]][::way]
    if way > 0:
        copy.end, copy.bid_end = at + ends[0], bid_at + ends[1]
    else:
        at, bid_at = copy.start, copy.bid_start = at - ends[0], bid_at - ends[1]
    copy.edits.update(_edits(ours, theirs, at, bid_at))


def _beyond(letters: Letters, text: int, at: int, way: int, reach: int) -> str:
    """Return the letters of a text that follow a place, or go before it in reverse order."""
    if way > 0:
        return letters.text[at : min(at + reach, letters.ends[text])]
    return letters.text[max(at - reach, letters.begins[text]) : at][::-1]


def _best(copied: Iterable[Passage]) -> list[Part]:
    """Return the copies of clauses by place in the bid; where the tender has similar clauses, the one that was copied."""
    parts = [part for one in copied for part in one.parts if _is_copy(part)]
    parts.sort(key=lambda part: (part.second, -part.score))
    kept: list[Part] = []
    for part in parts:
        while kept and _is_one_place(kept[-1], part) and kept[-1].score < part.score:
            kept.pop()
        if not (kept and _is_one_place(kept[-1], part)):
            kept.append(part)
    return kept


def _is_one_place(one: Part, next_one: Part) -> bool:
    """Say whether two parts have half of the shorter one in common in the bid."""
    shorter = min(next_one.second_end - next_one.second, one.second_end - one.second)
    return one.second_end - next_one.second > shorter / 2


def _follows(copy: Copy, part: Part) -> bool:
    return 0 <= part.first - copy.end <= GAP_TENDER and 0 <= part.second - copy.bid_end <= GAP_BID


def _is_copy(part: Part) -> bool:
    """Say whether a stretch is the tender's clause with changes, rather than words that happen to be alike."""
    return part.edits <= MOST_EDITS * part.matched and part.matched >= SHORTEST


def _edits(ours: str, theirs: str, start: int, place: int) -> Iterator[tuple[Edit, int]]:
    """Yield the edits that turn the tender's words at `start` into the bid's at `place`; neighbours are one change."""
    group: list[int] = []
    for step in Levenshtein.opcodes(ours, theirs):
        if step.tag == "equal":
            continue
        if group and step.src_start - group[1] <= 1:
            group[1], group[3] = step.src_end, step.dest_end
            continue
        if group:
            yield Edit(start + group[0], start + group[1], theirs[group[2] : group[3]]), place + group[2]
        group = [step.src_start, step.src_end, step.dest_start, step.dest_end]
    if group:
        yield Edit(start + group[0], start + group[1], theirs[group[2] : group[3]]), place + group[2]


def _is_layout(text: str, edit: Edit, starts_line: Callable[[int], bool]) -> bool:
    """Say whether whole lines were left out, or a line was numbered in another way."""
    start, end = edit.start, edit.end
    if not _NUMBERING.issuperset(edit.put):
        return False
    line = next((place for place in range(end, start - CONTEXT, -1) if starts_line(place)), end + 1)
    if (line <= start or (line <= end and starts_line(start))) and _NUMBERING.issuperset(text[line:end]):
        before, after = text[max(line, start) : end].translate(_DIGITS), edit.put.translate(_DIGITS)
        # Another number is a change; another way to write it is none.
        return before == after or not (before and after)
    if edit.put:
        return False
    # What was left out may stand a little before: 第二章…第 is as good as …第二章 to the alignment.
    places = [(start, end)]
    while len(places) < CONTEXT and text[places[-1][0] - 1] == text[places[-1][1] - 1]:
        places.append((places[-1][0] - 1, places[-1][1] - 1))
    while len(places) < 2 * CONTEXT and text[start] == text[end]:
        start, end = start + 1, end + 1
        places.append((start, end))
    return any(starts_line(one) and starts_line(other) for one, other in places)


def _is_left_by_others(letters: Letters, copies: Iterable[Copy], edit: Edit, owners: set[int]) -> bool:
    """Say whether some other bidder has the place as the tender has it; else all who took it over changed it."""
    return any(
        copy.start <= edit.start and edit.end <= copy.end and int(letters.owners[copy.text]) not in owners
        for copy in copies
    )


def _is_in_tender(letters: Letters, edit: Edit, place: int) -> bool:
    """Say whether the tender itself has the changed wording elsewhere: then it was copied from there."""
    tender, bid = bisect(letters.begins, edit.start) - 1, bisect(letters.begins, place) - 1
    begin, end = letters.begins[tender], letters.ends[tender]
    before = letters.text[max(begin, edit.start - CONTEXT) : edit.start]
    after = letters.text[edit.end : min(end, edit.end + CONTEXT)]
    after_bid = place + len(edit.put)
    written = letters.text[
        max(letters.begins[bid], place - CONTEXT) : min(letters.ends[bid], after_bid + CONTEXT)
    ]
    return any(letters.text.find(words, begin, end) >= 0 for words in {before + edit.put + after, written})


def _clauses(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Yield the edits that stand close together in the tender."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    group = ordered[:1]
    for edit in ordered[1:]:
        if edit.start - group[-1].end > CLAUSE:
            yield group
            group = []
        group.append(edit)
    yield group


def _deviation(letters: Letters, a: Copy, b: Copy, edits: list[Edit]) -> Deviation:
    longest = max(len(edit.put) for edit in edits) + 1
    text = bisect(letters.begins, edits[0].start) - 1
    clause = (
        max(letters.begins[text], edits[0].start - CONTEXT),
        min(letters.ends[text], edits[-1].end + CONTEXT),
    )
    return Deviation(
        _around(letters, [a.edits[edit] for edit in edits], longest),
        _around(letters, [b.edits[edit] for edit in edits], longest),
        clause,
        tuple((letters.text[edit.start : edit.end], edit.put) for edit in edits),
    )


def _around(letters: Letters, places: list[int], longest: int) -> tuple[int, int]:
    text = bisect(letters.begins, places[0]) - 1
    return (
        max(letters.begins[text], min(places) - CONTEXT),
        min(letters.ends[text], max(places) + longest + CONTEXT),
    )
