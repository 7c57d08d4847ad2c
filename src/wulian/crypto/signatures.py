"""Signatures behind one interface; Ed25519 here, SM2 in the module of that name."""

import base64
from typing import Final, Protocol, runtime_checkable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .digests import hexdigest

KEY_ID_DIGITS: Final = 16


@runtime_checkable
class Verifier(Protocol):
    """Whoever holds the public key."""

    algorithm: str
    key_id: str
    public_pem: str

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Say whether signature was made over data by the holder of the private key."""
        ...


@runtime_checkable
class Signer(Protocol):
    """Whoever holds the private key."""

    algorithm: str
    key_id: str

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data."""
        ...

    def verifier(self) -> Verifier:
        """Return the public half."""
        ...

    def private_pem(self) -> str:
        """Return the private key as unencrypted PKCS#8 PEM, to be kept in a file of mode 0600."""
        ...


def pem_body(pem: str) -> bytes:
    """Return the DER bytes inside a PEM text."""
    lines = [line.strip() for line in pem.strip().splitlines()]
    return base64.b64decode("".join(line for line in lines if not line.startswith("-----")))


def key_id_of(public_pem: str) -> str:
    """Name a public key by the first 16 hexadecimal digits of the SM3 digest of its DER form."""
    return hexdigest(pem_body(public_pem))[:KEY_ID_DIGITS]


class Ed25519Verifier:
    """Verify Ed25519 signatures (RFC 8032)."""

    algorithm = "ed25519"

    def __init__(self, public_pem: str) -> None:
        key = serialization.load_pem_public_key(public_pem.encode())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(f"expected an Ed25519 public key, found {type(key).__name__}")
        self._key = key
        self.public_pem = public_pem
        self.key_id = key_id_of(public_pem)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Say whether signature was made over data by the holder of the private key."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer:
    """Sign with Ed25519 (RFC 8032)."""

    algorithm = "ed25519"

    def __init__(self, private_pem: str) -> None:
        key = serialization.load_pem_private_key(private_pem.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"expected an Ed25519 private key, found {type(key).__name__}")
        self._key = key
        self._private_pem = private_pem
        self._verifier = Ed25519Verifier(
            key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )
        self.key_id = self._verifier.key_id

    @classmethod
    def generate(cls) -> "Ed25519Signer":
        """Make a new key pair."""
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(pem.decode())

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature over data."""
        return self._key.sign(data)

    def verifier(self) -> Ed25519Verifier:
        """Return the public half."""
        return self._verifier

    def private_pem(self) -> str:
        """Return the private key as unencrypted PKCS#8 PEM."""
        return self._private_pem


def load_verifier(public_pem: str, algorithm: str) -> Verifier:
    """Build the verifier of a named algorithm; raises ValueError for one other than ed25519 or sm2."""
    from .sm2 import SM2Verifier

    if algorithm == "ed25519":
        return Ed25519Verifier(public_pem)
    if algorithm == "sm2":
        return SM2Verifier(public_pem)
    raise ValueError(f"unknown signature algorithm {algorithm!r}, expected ed25519 or sm2")
