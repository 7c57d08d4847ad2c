"""SM2 signatures with SM3 (GB/T 32918) through the openssl program.

The `cryptography` package has no SM2. One call of the program costs some milliseconds, which is right for receipts
and checkpoints and wrong for bulk. The key travels by file, never on the command line.
"""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from .signatures import key_id_of

# The default signer identity that GB/T 35276 prescribes when none is agreed.
DEFAULT_IDENTITY: Final = "1234567812345678"
_TIMEOUT_SECONDS: Final = 20


class SM2Unavailable(RuntimeError):
    """The openssl program is missing or was built without SM2."""


def _openssl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("openssl")
    if program is None:
        raise SM2Unavailable("the openssl program was not found")
    return subprocess.run([program, *arguments], capture_output=True, timeout=_TIMEOUT_SECONDS, check=False)


def _required(*arguments: str) -> bytes:
    result = _openssl(*arguments)
    if result.returncode != 0:
        raise SM2Unavailable(
            f"openssl {arguments[0]} failed: {result.stderr.decode(errors='replace').strip()}"
        )
    return result.stdout


@cache
def sm2_available() -> bool:
    """Say whether this machine's openssl program can make, use and check an SM2 key."""
    try:
        signer = SM2Signer.generate()
        return signer.verifier().verify(b"probe", signer.sign(b"probe"))
    except (SM2Unavailable, subprocess.TimeoutExpired):
        return False


def _signature_options(identity: str) -> list[str]:
    return ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{identity}"]


class SM2Verifier:
    """Verify SM2 signatures (GB/T 32918.2) in DER form."""

    algorithm = "sm2"

    def __init__(self, public_pem: str, identity: str = DEFAULT_IDENTITY) -> None:
        self.public_pem = public_pem
        self.key_id = key_id_of(public_pem)
        self.identity = identity

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Say whether signature was made over data by the holder of the private key."""
        with tempfile.TemporaryDirectory() as folder:
            key, message, proof = (Path(folder, name) for name in ("key", "data", "signature"))
            key.write_text(self.public_pem)
            message.write_bytes(data)
            proof.write_bytes(signature)
            result = _openssl(
                "pkeyutl",
                "-verify",
                *("-pubin", "-inkey", str(key), "-in", str(message), "-sigfile", str(proof)),
                *_signature_options(self.identity),
            )
        return result.returncode == 0


class SM2Signer:
    """Sign with SM2 (GB/T 32918.2); raises SM2Unavailable where openssl cannot."""

    algorithm = "sm2"

    def __init__(self, private_pem: str, identity: str = DEFAULT_IDENTITY) -> None:
        self._private_pem = private_pem
        self.identity = identity
        with tempfile.TemporaryDirectory() as folder:
            public = _required("pkey", "-in", str(self._key_file(folder)), "-pubout")
        self._verifier = SM2Verifier(public.decode(), identity)
        self.key_id = self._verifier.key_id

    @classmethod
    def generate(cls) -> "SM2Signer":
        """Make a new key pair."""
        pem = _required("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2")
        return cls(pem.decode())

    def _key_file(self, folder: str) -> Path:
        """Write the private key into a folder that only this user can enter."""
        path = Path(folder, "key")
        path.touch(mode=0o600)
        path.write_text(self._private_pem)
        return path

    def sign(self, data: bytes) -> bytes:
        """Return the DER signature over data."""
        with tempfile.TemporaryDirectory() as folder:
            key, message = self._key_file(folder), Path(folder, "data")
            message.write_bytes(data)
            return _required(
                "pkeyutl",
                "-sign",
                *("-inkey", str(key), "-in", str(message)),
                *_signature_options(self.identity),
            )

    def verifier(self) -> SM2Verifier:
        """Return the public half."""
        return self._verifier

    def private_pem(self) -> str:
        """Return the private key as unencrypted PKCS#8 PEM."""
        return self._private_pem
