"""Authenticated encryption: SM4-GCM (GB/T 32907) by default, AES-256-GCM beside it."""

import os
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as _LibraryCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class DecryptionError(ValueError):
    """The message was altered, cut, bound to other associated data, or encrypted under another key."""


class _BlockCipher(Protocol):
    def __call__(self, key: bytes) -> algorithms.SM4 | algorithms.AES: ...


@dataclass(frozen=True)
class _Suite:
    mark: bytes
    key_bytes: int
    block: _BlockCipher


SUITES: Final[dict[str, _Suite]] = {
    "sm4-gcm": _Suite(b"\x01", 16, algorithms.SM4),
    "aes-256-gcm": _Suite(b"\x02", 32, algorithms.AES),
}


@dataclass(frozen=True)
class Cipher:
    """Encrypt and decrypt under one key; a message is mark (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16)."""

    key: bytes = field(repr=False)
    algorithm: str = "sm4-gcm"

    def __post_init__(self) -> None:
        if self.algorithm not in SUITES:
            raise ValueError(f"unknown cipher {self.algorithm!r}, expected one of {sorted(SUITES)}")
        expected = SUITES[self.algorithm].key_bytes
        if len(self.key) != expected:
            raise ValueError(f"{self.algorithm} key has {len(self.key)} bytes, expected {expected}")

    @staticmethod
    def generate_key(algorithm: str = "sm4-gcm") -> bytes:
        """Return a new random key of the length the algorithm wants."""
        return os.urandom(SUITES[algorithm].key_bytes)

    def encrypt(self, plaintext: bytes, associated_data: bytes = b"") -> bytes:
        """Encrypt under a fresh random nonce; associated data is authenticated but not stored in the message."""
        suite = SUITES[self.algorithm]
        nonce = os.urandom(NONCE_BYTES)
        context = _LibraryCipher(suite.block(self.key), modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(suite.mark + associated_data)
        ciphertext = context.update(plaintext) + context.finalize()
        return suite.mark + nonce + ciphertext + context.tag

    def decrypt(self, message: bytes, associated_data: bytes = b"") -> bytes:
        """Return the plaintext; raises DecryptionError unless key, message and associated data are the same."""
        suite = SUITES[self.algorithm]
        if len(message) < 1 + NONCE_BYTES + TAG_BYTES or message[:1] != suite.mark:
            raise DecryptionError(f"not a message of {self.algorithm}")
        nonce, body, tag = (
            message[1 : 1 + NONCE_BYTES],
            message[1 + NONCE_BYTES : -TAG_BYTES],
            message[-TAG_BYTES:],
        )
        context = _LibraryCipher(suite.block(self.key), modes.GCM(nonce, tag)).decryptor()
        context.authenticate_additional_data(suite.mark + associated_data)
        try:
            return context.update(body) + context.finalize()
        except InvalidTag:
            raise DecryptionError("message, key or associated data do not belong together") from None
