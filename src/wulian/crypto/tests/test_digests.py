"""SM3, HMAC and commitments against published values."""

import hashlib
import hmac as standard_hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wulian.crypto import commitment, digest, hasher, hexdigest, hmac, same_bytes
from wulian.crypto.digests import _sm3_from_library

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
ABCD_SIXTEEN_TIMES = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.parametrize(("data", "expected"), [(b"abc", ABC), (b"abcd" * 16, ABCD_SIXTEEN_TIMES)])
def test_sm3_gives_the_digests_of_the_standard(data: bytes, expected: str) -> None:
    """GB/T 32905 annex A, examples 1 and 2."""
    assert hexdigest(data) == expected
    assert digest(data) == bytes.fromhex(expected)


@given(st.binary(max_size=300))
def test_both_sources_of_sm3_agree(data: bytes) -> None:
    assert _sm3_from_library(data) == digest(data, "sm3")


def test_sha256_stands_behind_the_same_function() -> None:
    assert hexdigest(b"abc", "sha256") == hashlib.sha256(b"abc").hexdigest()


def test_an_unknown_algorithm_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="md5"):
        digest(b"", "md5")
    with pytest.raises(ValueError, match="md5"):
        hmac(b"k", b"", "md5")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_hmac_follows_its_definition(key: bytes, data: bytes) -> None:
    """RFC 2104 written out by hand: two digests over a padded key, block of 64 bytes."""
    padded = (digest(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in padded) + data)
    assert hmac(key, data) == digest(bytes(byte ^ 0x5C for byte in padded) + inner)


def test_hmac_with_sha256_equals_the_standard_library() -> None:
    assert hmac(b"key", b"data", "sha256") == standard_hmac.digest(b"key", b"data", "sha256")


def test_a_commitment_is_repeatable_with_its_salt_and_unlinkable_without() -> None:
    salt, other = b"s" * 16, b"t" * 16
    assert commitment("13907220001", salt) == commitment(b"13907220001", salt)
    assert commitment("13907220001", salt) != commitment("13907220001", other)
    assert commitment("13907220001", salt) != commitment("13907220002", salt)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        commitment("张三", b"s" * 15)


def test_digests_compare_as_text_and_as_bytes() -> None:
    assert same_bytes("ab", b"ab")
    assert not same_bytes("ab", "ac")


@pytest.mark.parametrize("algorithm", ["sm3", "sha256"])
def test_a_digest_in_pieces_is_the_digest_of_the_whole(algorithm: str) -> None:
    pieces = hasher(algorithm)
    for piece in (b"", b"abc", b"d" * 100_000):
        pieces.update(piece)
    assert pieces.hexdigest() == hexdigest(b"abc" + b"d" * 100_000, algorithm)
    assert pieces.hexdigest() == pieces.hexdigest(), "asking twice changes nothing"


def test_a_digest_in_pieces_of_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown digest"):
        hasher("md5")
