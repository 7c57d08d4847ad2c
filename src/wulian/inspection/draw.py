"""The draw: deterministic, exact in integers, and re-computable by anyone from the published record.

Algorithm ``wulian-draw-1`` (REFERENCE H.2). All digests are SM3, all texts UTF-8, JSON canonical (sorted keys, no
spaces, no escapes). ``|x|`` is the length of x as 8 bytes, most significant first.

1. Freezing: ``pool_hash = SM3(canonical JSON of the pool)``; a secret of 32 random bytes is drawn;
   ``commitment = SM3(secret ‖ pool_hash)`` is published before the public seed is known.
2. ``seed = SM3("wulian-draw-1" ‖ pool_hash ‖ secret ‖ |public seed| ‖ public seed)``.
3. Random bytes of a purpose: ``SM3(seed ‖ |purpose| ‖ purpose ‖ counter)`` for counter 0, 1, 2, … (8 bytes), strung together.
   An integer below n takes the fewest whole bytes that hold n - 1, keeps its low bits, and starts again while it is n or more.
4. Purpose "random": the first ``ceil(places x random_share / 100)`` places are drawn without replacement, every object
   alike. Purpose "weighted": the other places are drawn one after the other from the objects that are left, each with the
   chance weight / sum of the weights left: objects in the order of the pool, r below the sum, the first whose running sum
   exceeds r. (The same distribution as the keys u^(1/w) of Efraimidis and Spirakis, without their real numbers.)
5. Purpose "inspectors": for each drawn object in the order drawn, inspectors are drawn one after the other from those not recused
   for it who so far have the fewest tasks, every one alike, in the order of the pool. The first leads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wulian import crypto

ALGORITHM: Final = "wulian-draw-1"
SECRET_BYTES: Final = 32
MINIMUM_RANDOM_SHARE: Final = 50
INSPECTORS_PER_OBJECT: Final = 2


class DrawError(ValueError):
    """The pool cannot be drawn from, or a record does not agree with itself."""


@dataclass(frozen=True)
class Assignment:
    """One drawn object with its inspectors, the leader first."""

    object_id: str
    inspector_ids: tuple[str, ...]
    how: str


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the bytes that are hashed. Floats are refused, they have no one spelling."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pool_hash(pool: Mapping[str, Any]) -> str:
    """Return the SM3 digest of the frozen pool as 64 hexadecimal digits."""
    return crypto.hexdigest(canonical_json(pool))


def commitment(secret: bytes, digest: str) -> str:
    """Return SM3(secret ‖ pool hash), published before the public seed is known."""
    if len(secret) != SECRET_BYTES:
        raise DrawError(f"expected a secret of {SECRET_BYTES} bytes, not {len(secret)}")
    return crypto.hexdigest(secret + bytes.fromhex(digest))


def seed_of(digest: str, secret: bytes, public_seed: str) -> bytes:
    """Return the seed from which every random number of the draw comes."""
    public = public_seed.encode()
    return crypto.digest(
        ALGORITHM.encode() + bytes.fromhex(digest) + secret + len(public).to_bytes(8, "big") + public
    )


class RandomNumbers:
    """SM3 in counter mode under a seed and a purpose."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        name = purpose.encode()
        self._prefix = seed + len(name).to_bytes(8, "big") + name
        self._counter = 0
        self._bytes = b""

    def below(self, limit: int) -> int:
        """Return an integer from 0 to limit - 1, every one alike; raises DrawError for a limit under 1."""
        if limit < 1:
            raise DrawError(f"expected a limit of at least 1, not {limit}")
        bits = (limit - 1).bit_length()
        mask = (1 << bits) - 1
        while True:
            number = int.from_bytes(self._take((bits + 7) // 8), "big") & mask
            if number < limit:
                return number

    def _take(self, count: int) -> bytes:
        while len(self._bytes) < count:
            self._bytes += crypto.digest(self._prefix + self._counter.to_bytes(8, "big"))
            self._counter += 1
        taken, self._bytes = self._bytes[:count], self._bytes[count:]
        return taken


def draw(pool: Mapping[str, Any], secret: bytes, public_seed: str) -> list[Assignment]:
    """Draw objects and their inspectors from a frozen pool; the same input always gives the same list.

    Raises DrawError when the pool has fewer objects than places or an object has too few inspectors.
    """
    check_pool(pool)
    seed = seed_of(pool_hash(pool), secret, public_seed)
    objects = list(pool["objects"])
    places = pool["places"]
    random_places = random_places_of(places, pool["random_share"])
    first = sample(objects, random_places, RandomNumbers(seed, "random"), lambda item: 1)
    taken = {item["id"] for item in first}
    left = [item for item in objects if item["id"] not in taken]
    second = sample(
        left, places - random_places, RandomNumbers(seed, "weighted"), lambda item: item["weight"]
    )
    teams = _assign(pool, [item["id"] for item in first + second], RandomNumbers(seed, "inspectors"))
    ways = ["random"] * len(first) + ["weighted"] * len(second)
    return [
        Assignment(item["id"], team, how) for item, team, how in zip(first + second, teams, ways, strict=True)
    ]


def random_places_of(places: int, share: int) -> int:
    """Return how many of the places are drawn with every object alike: share per cent, rounded up."""
    return -(-places * share // 100)


def sample(
    items: Sequence[Any], count: int, numbers: RandomNumbers, weight: Callable[[Any], int]
) -> list[Any]:
    """Draw `count` of `items` one after the other without replacement, each with the chance of its weight among those left."""
    left = list(items)
    chosen = []
    for _place in range(count):
        at = numbers.below(sum(weight(item) for item in left))
        for position, item in enumerate(left):
            at -= weight(item)
            if at < 0:
                chosen.append(left.pop(position))
                break
    return chosen


def check_pool(pool: Mapping[str, Any]) -> None:
    """Raise DrawError, naming what was expected, unless the pool can be drawn from."""
    objects, inspectors, places = pool["objects"], pool["inspectors"], pool["places"]
    for rows in (objects, inspectors):
        ids = [row["id"] for row in rows]
        if len(set(ids)) != len(ids):
            raise DrawError("an id appears twice in the pool")
    if not 1 <= places <= len(objects):
        raise DrawError(f"expected 1 to {len(objects)} places, not {places}")
    if not MINIMUM_RANDOM_SHARE <= pool["random_share"] <= 100:
        raise DrawError(f"expected a random share of {MINIMUM_RANDOM_SHARE} to 100 per cent, not {pool['random_share']}")  # fmt: skip
    for item in objects:
        if not isinstance(item["weight"], int) or item["weight"] < 1:
            raise DrawError(f"{item['name']}: expected a whole weight of at least 1, not {item['weight']!r}")
        able = sum(item["id"] not in inspector["recused"] for inspector in inspectors)
        if able < pool["inspectors_per_object"]:
            raise DrawError(
                f"{item['name']}: expected {pool['inspectors_per_object']} inspectors who may act, found {able}"
            )
    if pool["inspectors_per_object"] < INSPECTORS_PER_OBJECT:
        raise DrawError(f"expected at least {INSPECTORS_PER_OBJECT} inspectors for each object")


def _assign(
    pool: Mapping[str, Any], object_ids: Sequence[str], numbers: RandomNumbers
) -> list[tuple[str, ...]]:
    tasks = {inspector["id"]: 0 for inspector in pool["inspectors"]}
    teams: list[tuple[str, ...]] = []
    for object_id in object_ids:
        able = [item["id"] for item in pool["inspectors"] if object_id not in item["recused"]]
        team: list[str] = []
        for _member in range(pool["inspectors_per_object"]):
            free = [name for name in able if name not in team]
            fewest = min(tasks[name] for name in free)
            rested = [name for name in free if tasks[name] == fewest]
            chosen = rested[numbers.below(len(rested))]
            team.append(chosen)
            tasks[chosen] += 1
        teams.append(tuple(team))
    return teams


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise DrawError(f"a decimal fraction such as {value} has no place in a frozen pool; expected a whole number or a text")  # fmt: skip
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(item)
