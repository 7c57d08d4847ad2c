"""The evidence bundle: one archive whose manifest lists and signs every part, so that anybody can say whether it is unaltered.

``manifest.json`` names each file with size, SM3 and SHA-256; ``manifest.sig.json`` holds the signatures over its bytes: Ed25519, and
SM2 where the machine can. The public keys lie beside the private ones of this installation, so a forger's own key is told apart.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from wulian import crypto
from wulian.core.audit.keys import key_store

KEY: Final = "evidence-bundle"
SCHEMA: Final = "wulian.evidence-bundle/1"
MANIFEST, SIGNATURES = "manifest.json", "manifest.sig.json"
MOST_FILES: Final = 5000
MOST_BYTES: Final = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Verified:
    """What a verification says: what is wrong, in sentences; empty when the bundle is unaltered and ours."""

    problems: tuple[str, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_unaltered(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def pack(parts: Mapping[str, bytes], about: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the archive of the parts with its signed manifest, and the id of the Ed25519 key."""
    manifest = dumps(
        {
            "schema": SCHEMA,
            **about,
            "files": [
                {
                    "name": name,
                    "size": len(data),
                    "sm3": crypto.hexdigest(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
                for name, data in sorted(parts.items())
            ],
        }
    )
    signers = _signers()
    signatures = [
        {
            "algorithm": signer.algorithm,
            "key_id": signer.key_id,
            "public_key": signer.verifier().public_pem,
            "signature": base64.b64encode(signer.sign(manifest)).decode(),
        }
        for signer in signers
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest)
        archive.writestr(SIGNATURES, dumps({"signs": MANIFEST, "signatures": signatures}))
        for name, data in sorted(parts.items()):
            archive.writestr(name, data)
    return buffer.getvalue(), signers[0].key_id


def verify(data: bytes) -> Verified:
    """Say whether an archive is an unaltered bundle of this installation: each part, nothing more, nothing less, and the signatures."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _verify(archive)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, RuntimeError, OSError):
        return Verified((_("It is no evidence bundle, or its manifest cannot be read."),))


def dumps(content: Any) -> bytes:
    """Return the one JSON text of a content, as UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _verify(archive: zipfile.ZipFile) -> Verified:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        return Verified((_("It is larger than any bundle is."),))
    raw = archive.read(MANIFEST)
    manifest = json.loads(raw)
    problems = _wrong_signatures(raw, json.loads(archive.read(SIGNATURES))["signatures"])
    listed = {one["name"]: one for one in manifest["files"]}
    if len(names) != len(set(names)):
        problems.append(_("A file stands in it twice."))
    problems += [
        _("Not in the manifest: %(name)s") % {"name": name}
        for name in sorted({*names} - {*listed, MANIFEST, SIGNATURES})
    ]
    for name, one in listed.items():
        if name not in names:
            problems.append(_("Missing: %(name)s") % {"name": name})
        elif not _is_same(archive, name, one):
            problems.append(_("Altered: %(name)s") % {"name": name})
    return Verified(tuple(problems), manifest)


def _is_same(archive: zipfile.ZipFile, name: str, one: Mapping[str, Any]) -> bool:
    try:
        data = archive.read(name)
    except zipfile.BadZipFile:
        return False
    return (
        len(data) == one["size"]
        and crypto.hexdigest(data) == one["sm3"]
        and hashlib.sha256(data).hexdigest() == one["sha256"]
    )


def _wrong_signatures(manifest: bytes, signatures: list[Mapping[str, str]]) -> list[str]:
    if not any(one["algorithm"] == "ed25519" for one in signatures):
        return [_("The manifest is not signed.")]
    store = key_store()
    wrong = []
    for one in signatures:
        try:
            verifier = store.verifier(one["key_id"], one["algorithm"])
        except (crypto.UnknownKey, ValueError):
            wrong.append(_("Signed with a key that is not this platform's: %(key)s") % {"key": one["key_id"]})
            continue
        if not verifier.verify(manifest, base64.b64decode(one["signature"], validate=True)):
            wrong.append(_("The signature does not fit the manifest: %(key)s") % {"key": one["key_id"]})
    return wrong


def _signers() -> list[crypto.Signer]:
    algorithms = ("ed25519", "sm2") if crypto.sm2_available() else ("ed25519",)
    return [key_store().signer(KEY, algorithm) for algorithm in algorithms]
