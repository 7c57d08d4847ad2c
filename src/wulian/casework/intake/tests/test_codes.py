"""Receipt codes: at least 120 bits, forgiving to type, and every slip of the pen is noticed."""

import math
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wulian.casework.intake import codes

SUBMISSION = bytes(range(32))


@pytest.fixture
def code():
    return codes.code_for(SUBMISSION)


def test_a_code_has_at_least_120_bits_and_none_of_the_signs_that_are_misread(code):
    assert codes.RANDOM_SIGNS * math.log2(len(codes.ALPHABET)) >= 120
    assert not set("01OIL") & set(codes.ALPHABET)
    assert [len(group) for group in code.split("-")] == [4] * 7


def test_the_same_submission_has_the_same_code_and_another_has_another(code):
    assert codes.code_for(SUBMISSION) == code
    assert len({codes.code_for(secrets.token_bytes(32)) for _ in range(200)}) == 200


def test_a_code_is_read_in_any_case_with_spaces_dashes_and_full_width_signs(code):
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in code)
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {code}  ",
        wide,
        code.replace("-", "－"),
    ):
        assert codes.read_code(typed) == code


@given(place=st.integers(0, 27), step=st.integers(1, 30))
def test_one_wrong_sign_is_always_noticed(place, step):
    signs = codes.code_for(SUBMISSION).replace("-", "")
    wrong = codes.ALPHABET[(codes.ALPHABET.index(signs[place]) + step) % 31]
    with pytest.raises(codes.BadCode):
        codes.read_code(signs[:place] + wrong + signs[place + 1 :])


@given(first=st.integers(0, 27), second=st.integers(0, 27))
def test_two_swapped_signs_are_always_noticed(first, second):
    signs = list(codes.code_for(SUBMISSION).replace("-", ""))
    if signs[first] == signs[second]:
        return
    signs[first], signs[second] = signs[second], signs[first]
    with pytest.raises(codes.BadCode):
        codes.read_code("".join(signs))


@pytest.mark.parametrize("typed", ["", "随州", "ABCD", "A" * 27, "A" * 29, "0" * 28])
def test_what_cannot_be_a_code_is_refused(typed):
    with pytest.raises(codes.BadCode):
        codes.read_code(typed)


def test_only_a_keyed_hash_of_the_code_can_be_stored(code):
    stored = codes.code_hash(code)
    assert len(stored) == 64
    assert code.replace("-", "").lower() not in stored
    assert stored != codes.code_hash(codes.code_for(b"x" * 32))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("随招收〔2026〕12号", (2026, 12)),
        ("随招投诉(2026) 12 号", (2026, 12)),
        ("2026-12", (2026, 12)),
        ("２０２６／００１２", (2026, 12)),
        ("12", None),
        ("", None),
        ("26-12", None),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, expected):
    assert codes.read_number(typed) == expected
