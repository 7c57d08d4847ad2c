"""A folder of keys: private ones of mode 0600, public ones under their key id."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from .ciphers import SUITES, Cipher
from .signatures import Ed25519Signer, Signer, Verifier, load_verifier
from .sm2 import SM2Signer

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SIGNERS: Final[dict[str, type[Ed25519Signer] | type[SM2Signer]]] = {
    "ed25519": Ed25519Signer,
    "sm2": SM2Signer,
}


class UnknownKey(KeyError):
    """The folder holds no key of that name or id."""


class KeyStore:
    """Load keys from a folder, and make them there on first use.

    Two processes that ask for the same new key at once receive the same one: a key file appears whole or not at all.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def signer(self, name: str, algorithm: str = "ed25519") -> Signer:
        """Return the named signer (ed25519 or sm2), generated on first use; its public key is filed under its id."""
        if algorithm not in _SIGNERS:
            raise ValueError(f"unknown signature algorithm {algorithm!r}, expected one of {sorted(_SIGNERS)}")
        kind = _SIGNERS[algorithm]
        path = self._path(name, f"{algorithm}.pem")
        if not path.exists():
            self._keep(path, kind.generate().private_pem().encode(), 0o600)
        signer = kind(path.read_text())
        public = self._public_path(signer.key_id, algorithm)
        if not public.exists():
            self._keep(public, signer.verifier().public_pem.encode(), 0o644)
        return signer

    def verifier(self, key_id: str, algorithm: str = "ed25519") -> Verifier:
        """Return the verifier of a key id, also of a retired key; raises UnknownKey when it is not on file."""
        path = self._public_path(key_id, algorithm)
        if not path.exists():
            raise UnknownKey(f"no public {algorithm} key {key_id} in {self.folder / 'public'}")
        verifier = load_verifier(path.read_text(), algorithm)
        if verifier.key_id != key_id:
            raise UnknownKey(f"the file of key {key_id} holds another key ({verifier.key_id})")
        return verifier

    def cipher(self, name: str, algorithm: str = "sm4-gcm") -> Cipher:
        """Return the cipher of the named key, generated on first use."""
        if algorithm not in SUITES:
            raise ValueError(f"unknown cipher {algorithm!r}, expected one of {sorted(SUITES)}")
        return Cipher(
            self._secret_file(self._path(name, f"{algorithm}.key"), SUITES[algorithm].key_bytes), algorithm
        )

    def secret(self, name: str, length: int = 32) -> bytes:
        """Return the named secret of length bytes (for keyed hashes), generated on first use."""
        return self._secret_file(self._path(name, "secret"), length)

    def _secret_file(self, path: Path, length: int) -> bytes:
        if not path.exists():
            self._keep(path, secrets.token_bytes(length).hex().encode(), 0o600)
        secret = bytes.fromhex(path.read_text().strip())
        if len(secret) != length:
            raise ValueError(f"{path.name} holds {len(secret)} bytes, expected {length}")
        return secret

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"key name {name!r}: expected lower-case letters, digits, - and _")
        return self.folder / f"{name}.{suffix}"

    def _public_path(self, key_id: str, algorithm: str) -> Path:
        if not _NAME.fullmatch(key_id) or algorithm not in _SIGNERS:
            raise UnknownKey(f"no such key: {algorithm} {key_id}")
        return self.folder / "public" / f"{key_id}.{algorithm}.pem"

    def _keep(self, path: Path, content: bytes, mode: int) -> None:
        """Write a file whole, unless another process was first; its content then wins."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
