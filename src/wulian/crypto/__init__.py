"""One interface for digest, keyed hash, cipher, signature and keys.

The national algorithms (SM3, SM4, SM2) come first; SHA-256, AES-256 and Ed25519 stand beside them behind the
same functions, so that a deployment chooses by name and the callers do not change.
"""

from .ciphers import Cipher, DecryptionError
from .digests import Hasher, commitment, digest, hasher, hexdigest, hmac, same_bytes
from .keystore import KeyStore, UnknownKey
from .signatures import Ed25519Signer, Ed25519Verifier, Signer, Verifier, key_id_of, load_verifier
from .sm2 import SM2Signer, SM2Unavailable, SM2Verifier, sm2_available

__all__ = [
    "Cipher",
    "DecryptionError",
    "Ed25519Signer",
    "Ed25519Verifier",
    "Hasher",
    "KeyStore",
    "SM2Signer",
    "SM2Unavailable",
    "SM2Verifier",
    "Signer",
    "UnknownKey",
    "Verifier",
    "commitment",
    "digest",
    "hasher",
    "hexdigest",
    "hmac",
    "key_id_of",
    "load_verifier",
    "same_bytes",
    "sm2_available",
]
