"""The draw itself: deterministic, fair, and re-computed by an independent program."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wulian import crypto
from wulian.inspection.draw import (
    DrawError,
    RandomNumbers,
    canonical_json,
    commitment,
    draw,
    pool_hash,
    random_places_of,
    sample,
    seed_of,
)

VERIFIER = Path(__file__).resolve().parents[4] / "tools" / "verify_draw.py"
SECRET = bytes(range(32))
KNOWN_OBJECTS = ["P4", "P2", "P3", "P11", "P6", "P7"]
KNOWN_TEAMS = [("O1", "O4"), ("O3", "O2"), ("O5", "O3"), ("O2", "O5"), ("O4", "O1"), ("O5", "O2")]


@pytest.fixture(scope="module")
def verifier():
    spec = importlib.util.spec_from_file_location("verify_draw", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_pool(objects=12, inspectors=5, places=6, **changes):
    pool = {
        "schema": 1,
        "places": places,
        "random_share": 50,
        "inspectors_per_object": 2,
        "objects": [
            {"id": f"P{n}", "name": f"随州市第{n}建筑公司", "weight": 1000 + 500 * (n % 4)}
            for n in range(1, objects + 1)
        ],
        "inspectors": [
            {"id": f"O{n}", "name": f"检查员{n}", "recused": []} for n in range(1, inspectors + 1)
        ],
    }
    return pool | changes


def test_the_same_pool_secret_and_seed_give_the_same_draw():
    assert draw(make_pool(), SECRET, "3310.46") == draw(make_pool(), SECRET, "3310.46")


@pytest.mark.parametrize(
    ("secret", "seed", "change"),
    [
        (SECRET[::-1], "3310.46", {}),
        (SECRET, "3310.47", {}),
        (SECRET, "3310.46", {"as_of": "2026-03-02"}),
    ],
)
def test_another_secret_seed_or_pool_gives_another_draw(secret, seed, change):
    assert draw(make_pool(**change), secret, seed) != draw(make_pool(), SECRET, "3310.46")


def test_a_draw_fills_its_places_with_different_objects_and_teams_of_different_inspectors():
    result = draw(make_pool(), SECRET, "3310.46")
    assert len({item.object_id for item in result}) == 6
    assert [item.how for item in result] == ["random"] * 3 + ["weighted"] * 3
    assert all(len(set(item.inspector_ids)) == 2 for item in result)


@pytest.mark.parametrize(
    ("places", "share", "alike"), [(1, 50, 1), (2, 50, 1), (3, 50, 2), (10, 50, 5), (10, 75, 8), (7, 100, 7)]
)
def test_at_least_half_of_the_places_are_pure_random(places, share, alike):
    """REFERENCE H.2, 2."""
    assert random_places_of(places, share) == alike >= places / 2
    result = draw(make_pool(places=places, random_share=share), SECRET, "1")
    assert Counter(item.how for item in result)["random"] == alike


def test_tasks_are_spread_over_the_inspectors():
    result = draw(make_pool(places=12), SECRET, "2")
    load = Counter(name for item in result for name in item.inspector_ids)
    assert sorted(load.values()) == [4, 5, 5, 5, 5]


def test_a_recused_inspector_never_meets_the_object():
    pool = make_pool(places=12)
    pool["inspectors"][0]["recused"] = ["P1", "P2", "P3", "P4"]
    for number in range(50):
        for item in draw(pool, SECRET, str(number)):
            assert item.object_id not in {"P1", "P2", "P3", "P4"} or "O1" not in item.inspector_ids


def test_random_numbers_are_even():
    counts = Counter(RandomNumbers(crypto.digest(str(n).encode()), "even").below(6) for n in range(6000))
    assert sorted(counts) == [0, 1, 2, 3, 4, 5]
    assert all(900 < count < 1100 for count in counts.values())


@pytest.mark.parametrize("limit", [1, 2, 255, 256, 257, 2**64, 2**64 + 1])
def test_a_random_number_stays_below_its_limit(limit):
    numbers = RandomNumbers(SECRET, "limits")
    drawn = [numbers.below(limit) for _ in range(200)]
    assert min(drawn) >= 0 and max(drawn) < limit
    assert limit == 1 or len(set(drawn)) > 1


def test_a_random_number_below_nothing_is_refused():
    with pytest.raises(DrawError):
        RandomNumbers(SECRET, "limits").below(0)


def test_chances_are_in_proportion_to_the_weights():
    items = [("a", 1), ("b", 2), ("c", 7)]
    first = Counter(
        sample(items, 1, RandomNumbers(crypto.digest(str(n).encode()), "weighted"), lambda item: item[1])[0][
            0
        ]
        for n in range(5000)
    )
    assert abs(first["a"] / 5000 - 0.1) < 0.02
    assert abs(first["b"] / 5000 - 0.2) < 0.02
    assert abs(first["c"] / 5000 - 0.7) < 0.02


def test_the_second_place_has_the_distribution_of_efraimidis_and_spirakis():
    """P(a second) = Σ over first x of P(x) · w(a) / (W − w(x)) for weights 1, 2, 7."""
    items = [("a", 1), ("b", 2), ("c", 7)]
    second = Counter(
        sample(items, 2, RandomNumbers(crypto.digest(str(n).encode()), "weighted"), lambda item: item[1])[1][
            0
        ]
        for n in range(5000)
    )
    expected = 0.2 * 1 / 8 + 0.7 * 1 / 3
    assert abs(second["a"] / 5000 - expected) < 0.02


def test_no_object_has_probability_zero():
    pool = make_pool(objects=8, places=2)
    pool["objects"][0]["weight"] = 1
    drawn = Counter(item.object_id for n in range(300) for item in draw(pool, SECRET, str(n)))
    assert set(drawn) == {f"P{n}" for n in range(1, 9)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"places": 0}, "1 to 12 places"),
        ({"places": 13}, "1 to 12 places"),
        ({"random_share": 49}, "50 to 100"),
        ({"random_share": 101}, "50 to 100"),
        ({"inspectors_per_object": 1}, "at least 2"),
        ({"inspectors_per_object": 6}, "found 5"),
    ],
)
def test_a_pool_that_cannot_be_drawn_from_is_refused(change, words):
    with pytest.raises(DrawError, match=words):
        draw(make_pool(**change), SECRET, "1")


@pytest.mark.parametrize("weight", [0, -1, "1000", None])
def test_a_weight_is_a_whole_number_above_nothing(weight):
    pool = make_pool()
    pool["objects"][3]["weight"] = weight
    with pytest.raises(DrawError, match="随州市第4建筑公司"):
        draw(pool, SECRET, "1")


def test_an_id_that_appears_twice_is_refused():
    pool = make_pool()
    pool["objects"][1]["id"] = "P1"
    with pytest.raises(DrawError, match="twice"):
        draw(pool, SECRET, "1")


def test_a_decimal_fraction_is_refused_because_it_has_no_one_spelling():
    with pytest.raises(DrawError, match=r"0\.5"):
        canonical_json({"objects": [{"weight": 0.5}]})


def test_the_commitment_is_the_digest_of_secret_and_pool_hash():
    digest = pool_hash(make_pool())
    assert commitment(SECRET, digest) == hashlib.new("sm3", SECRET + bytes.fromhex(digest)).hexdigest()
    with pytest.raises(DrawError, match="32 bytes"):
        commitment(b"short", digest)


def test_the_seed_separates_the_public_seed_from_what_stands_beside_it():
    digest = pool_hash(make_pool())
    assert seed_of(digest, SECRET, "12") != seed_of(digest, SECRET, "1")
    assert seed_of(digest, SECRET, "收盘12") != seed_of(digest, SECRET, "收盘1")


def test_a_known_draw_never_changes():
    """Pins the algorithm: a change of it must take a new name, or old records could no longer be checked."""
    result = draw(make_pool(), SECRET, "3310.46 10123.87")
    assert [item.object_id for item in result] == KNOWN_OBJECTS
    assert [item.inspector_ids for item in result] == KNOWN_TEAMS


@pytest.mark.parametrize("size", [0, 1, 3, 55, 56, 63, 64, 119, 120, 1000])
def test_the_sm3_inside_the_verifier_is_sm3(verifier, size):
    data = bytes(n % 251 for n in range(size))
    assert verifier._sm3_pure(data) == crypto.digest(data)


def test_the_sm3_inside_the_verifier_gives_the_value_of_the_standard(verifier):
    """GB/T 32905-2016, example 1."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert verifier._sm3_pure(b"abc").hex() == expected


@given(
    objects=st.lists(st.integers(1, 10**9), min_size=1, max_size=25),
    inspectors=st.integers(2, 7),
    share=st.integers(50, 100),
    secret=st.binary(min_size=32, max_size=32),
    seed=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    data=st.data(),
)
def test_platform_and_verifier_draw_the_same_from_any_pool(objects, inspectors, share, secret, seed, data):
    spec = importlib.util.spec_from_file_location("verify_draw", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    places = data.draw(st.integers(1, len(objects)))
    pool = make_pool(objects=len(objects), inspectors=inspectors, places=places, random_share=share)
    for row, weight in zip(pool["objects"], objects, strict=True):
        row["weight"] = weight
    if inspectors > 2:
        pool["inspectors"][0]["recused"] = [row["id"] for row in pool["objects"][::3]]
    ours = [
        {"object": item.object_id, "inspectors": list(item.inspector_ids), "how": item.how}
        for item in draw(pool, secret, seed)
    ]
    assert ours == module.recompute(pool, bytes.fromhex(pool_hash(pool)), secret, seed)


def test_changing_anything_of_the_pool_changes_its_hash():
    original = make_pool()
    changed = copy.deepcopy(original)
    changed["objects"][5]["weight"] += 1
    assert pool_hash(original) != pool_hash(changed)
    assert pool_hash(dict(reversed(original.items()))) == pool_hash(original)
