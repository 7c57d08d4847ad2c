"""The keys of the audit trail; they live in a folder outside the database."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from wulian import crypto

SEAL_KEY: Final = "audit-seal"
CHECKPOINT_KEY: Final = "audit-checkpoint"


def key_store() -> crypto.KeyStore:
    """Return the key folder of this installation."""
    return crypto.KeyStore(Path(settings.VAR_DIR) / "keys")


@lru_cache(maxsize=8)
def _seal_secret(state: str) -> tuple[str, bytes]:
    secret = crypto.KeyStore(Path(state) / "keys").secret(SEAL_KEY)
    return crypto.hexdigest(b"wulian-audit-seal-key\n" + secret)[:8], secret


@lru_cache(maxsize=8)
def _signers(folder: Path) -> tuple[crypto.Signer, ...]:
    store = crypto.KeyStore(folder)
    algorithms = ("ed25519", "sm2") if crypto.sm2_available() else ("ed25519",)
    return tuple(store.signer(CHECKPOINT_KEY, algorithm) for algorithm in algorithms)


@lru_cache(maxsize=64)
def _verifier(folder: Path, key_id: str, algorithm: str) -> crypto.Verifier:
    return crypto.KeyStore(folder).verifier(key_id, algorithm)


def seal(data: bytes) -> str:
    """Return `<key id>:<HMAC-SM3>`: only a process that can read the key folder can write an event that verifies."""
    key_id, secret = _seal_secret(str(settings.VAR_DIR))
    return f"{key_id}:{crypto.hmac(secret, data).hex()}"


def seal_key_id() -> str:
    """Return the id of the seal key of this installation."""
    return _seal_secret(str(settings.VAR_DIR))[0]


def checkpoint_signers() -> tuple[crypto.Signer, ...]:
    """Return the signers of checkpoints: Ed25519 always, SM2 where the machine can."""
    return _signers(key_store().folder)


def checkpoint_verifier(key_id: str, algorithm: str) -> crypto.Verifier:
    """Return the verifier of a key on file; raises UnknownKey or ValueError."""
    return _verifier(key_store().folder, key_id, algorithm)
