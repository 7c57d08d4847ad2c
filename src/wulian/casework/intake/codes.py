"""Receipt codes: what a reporter comes back with, random, forgiving to type, never stored in the clear."""

from __future__ import annotations

import unicodedata
from typing import Final

from wulian import crypto
from wulian.casework.intake.keys import secret

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs (a prime number, so the check sign finds every wrong sign and every swap); no 0 O 1 I L."""
RANDOM_SIGNS: Final = 27  # 27 × log2(31) ≈ 133 bits
GROUP: Final = 4


class BadCode(ValueError):
    """What was typed cannot be a receipt code, whatever is stored."""


def code_for(submission: bytes) -> str:
    """Return the code of a submission, `XXXX-XXXX-…` of 28 signs, drawn with this server's key from its random bytes.

    The same submission sent twice gets the same code, so that a retry after a broken connection loses nothing.
    Raises ValueError for fewer than 16 bytes.
    """
    if len(submission) < 16:
        raise ValueError(f"a submission key has at least 16 random bytes, not {len(submission)}")
    number = int.from_bytes(crypto.hmac(secret("receipt-code"), b"code\x00" + submission), "big")
    signs = ""
    for _position in range(RANDOM_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return _grouped(signs + _check_sign(signs))


def read_code(typed: str) -> str:
    """Return the code in its written form from what somebody typed: any case, spaces, dashes, full-width signs.

    Raises BadCode when a sign cannot be in a code, the length is wrong, or the check sign does not fit.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(sign for sign in plain if sign.isalnum())
    if len(signs) != RANDOM_SIGNS + 1 or any(sign not in ALPHABET for sign in signs):
        raise BadCode("length or sign")
    if _check_sign(signs[:-1]) != signs[-1]:
        raise BadCode("check sign")
    return _grouped(signs)


def code_hash(code: str) -> str:
    """Return the keyed hash under which a code is stored and found (HMAC-SM3, 64 hexadecimal digits)."""
    return crypto.hmac(secret("receipt-code"), b"stored\x00" + code.encode()).hex()


def read_number(typed: str) -> tuple[int, int] | None:
    """Return (year, number) from a receipt or registration number however it was typed, or None.

    `随招收〔2026〕1号`, `2026-1` and `2026 0001` are the same.
    """
    plain = unicodedata.normalize("NFKC", typed)
    digits = "".join(sign if sign.isdecimal() else " " for sign in plain).split()
    if len(digits) < 2 or len(digits[-2]) != 4 or len(digits[-1]) > 9:
        return None
    return int(digits[-2]), int(digits[-1])


def _check_sign(signs: str) -> str:
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(signs, start=1))
    weight = len(signs) + 1
    # The sign that makes the weighted sum divisible by 31.
    return ALPHABET[(-total * pow(weight, -1, len(ALPHABET))) % len(ALPHABET)]


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
