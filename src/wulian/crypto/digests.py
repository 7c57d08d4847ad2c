"""Digests, keyed hashes and commitments (SM3: GB/T 32905)."""

import hashlib
import hmac as _hmac
from collections.abc import Callable
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

MINIMUM_SALT_BYTES: Final = 16
_COMMITMENT_TAG: Final = b"wulian-commitment-1\x00"


def _library_digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    context = hashes.Hash(algorithm)
    context.update(data)
    return context.finalize()


def _library_hmac(algorithm: hashes.HashAlgorithm, key: bytes, data: bytes) -> bytes:
    context = HMAC(key, algorithm)
    context.update(data)
    return context.finalize()


def _sm3_from_hashlib(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _sm3_from_library(data: bytes) -> bytes:
    return _library_digest(hashes.SM3(), data)


def _choose_sm3() -> Callable[[bytes], bytes]:
    """Take hashlib's SM3 where the interpreter's OpenSSL has one."""
    try:
        _sm3_from_hashlib(b"")
    except ValueError:
        return _sm3_from_library
    return _sm3_from_hashlib


_DIGESTS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "sm3": _choose_sm3(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}
_KEYED: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {"sm3": hashes.SM3, "sha256": hashes.SHA256}


class Hasher(Protocol):
    """A digest that takes its data piece by piece."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _LibraryHasher:
    def __init__(self) -> None:
        self._context = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._context.update(data)

    def hexdigest(self) -> str:
        return self._context.copy().finalize().hex()


def hasher(algorithm: str = "sm3") -> Hasher:
    """Return a digest for data that comes in pieces; raises ValueError for an algorithm other than sm3 or sha256."""
    if algorithm not in _DIGESTS:
        raise ValueError(f"unknown digest algorithm {algorithm!r}, expected one of {sorted(_DIGESTS)}")
    if _DIGESTS[algorithm] is _sm3_from_library:
        return _LibraryHasher()
    return hashlib.new(algorithm)


def digest(data: bytes, algorithm: str = "sm3") -> bytes:
    """Return the 32-byte digest of data; raises ValueError for an algorithm other than sm3 or sha256."""
    try:
        function = _DIGESTS[algorithm]
    except KeyError:
        raise ValueError(
            f"unknown digest algorithm {algorithm!r}, expected one of {sorted(_DIGESTS)}"
        ) from None
    return function(data)


def hexdigest(data: bytes, algorithm: str = "sm3") -> str:
    """Return the digest of data as 64 lower-case hexadecimal digits."""
    return digest(data, algorithm).hex()


def hmac(key: bytes, data: bytes, algorithm: str = "sm3") -> bytes:
    """Return the 32-byte HMAC (RFC 2104) of data under key; raises ValueError for an unknown algorithm."""
    if algorithm not in _KEYED:
        raise ValueError(f"unknown keyed hash algorithm {algorithm!r}, expected one of {sorted(_KEYED)}")
    return _library_hmac(_KEYED[algorithm](), key, data)


def commitment(value: str | bytes, salt: bytes) -> str:
    """Commit to a personal datum without revealing it: HMAC-SM3 under a secret salt, as 64 hexadecimal digits.

    The salt stays with the datum, never beside the commitment: short values such as a telephone number could be
    found by trial by whoever holds both. Destroying the salt makes the commitment meaningless, which is how a
    person's data can be erased from a chain that cannot be rewritten. Raises ValueError for a salt under 16 bytes.
    """
    if len(salt) < MINIMUM_SALT_BYTES:
        raise ValueError(f"salt has {len(salt)} bytes, expected at least {MINIMUM_SALT_BYTES}")
    data = value.encode() if isinstance(value, str) else value
    return hmac(salt, _COMMITMENT_TAG + data).hex()


def same_bytes(left: bytes | str, right: bytes | str) -> bool:
    """Compare two digests in constant time."""
    left_bytes = left.encode() if isinstance(left, str) else left
    right_bytes = right.encode() if isinstance(right, str) else right
    return _hmac.compare_digest(left_bytes, right_bytes)
