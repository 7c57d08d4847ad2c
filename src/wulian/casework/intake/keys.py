"""The keys of the intake; they live in a folder outside the database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from wulian import crypto

VAULT_KEY: Final = "reporter-vault"
RECEIPT_KEY: Final = "receipt"


def secret(name: str) -> bytes:
    """Return the 32 secret bytes of that name, made on first use."""
    return _secret(str(settings.VAR_DIR), name)


def cipher(name: str) -> crypto.Cipher:
    """Return the SM4-GCM cipher of that name, its key made on first use."""
    return _cipher(str(settings.VAR_DIR), name)


def receipt_signer() -> crypto.Signer:
    """Return the signer of receipts."""
    return _signer(str(settings.VAR_DIR))


def receipt_verifier(key_id: str) -> crypto.Verifier:
    """Return the verifier of a receipt key, also a retired one; raises UnknownKey."""
    return crypto.KeyStore(Path(settings.VAR_DIR) / "keys").verifier(key_id)


@lru_cache(maxsize=16)
def _secret(folder: str, name: str) -> bytes:
    return crypto.KeyStore(Path(folder) / "keys").secret(name)


@lru_cache(maxsize=16)
def _cipher(folder: str, name: str) -> crypto.Cipher:
    return crypto.KeyStore(Path(folder) / "keys").cipher(name)


@lru_cache(maxsize=4)
def _signer(folder: str) -> crypto.Signer:
    return crypto.KeyStore(Path(folder) / "keys").signer(RECEIPT_KEY)
