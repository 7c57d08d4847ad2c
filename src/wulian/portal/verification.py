"""Verifying a receipt and its place in the audit log, by anybody, without platform, database or network.

Written apart from the code that issues receipts and chains events, so that neither can hide a mistake of the other. It imports nothing
but the cryptographic room; `wulian verify-receipt` and the public page both call it, and static/portal/verifier.js says the same in
the browser.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wulian.crypto import UnknownKey, Verifier, hexdigest, load_verifier

FORMAT: Final = "wulian-receipt-1"
HEADING: Final = "五联收件回执"
EVENT_FIELDS: Final = (
    "actor_department", "actor_id", "actor_name", "changes", "data", "id", "occurred_at", "remote_address", "request_id",
    "schema", "seal", "subject_id", "subject_label", "subject_type", "summary", "uid", "verb",
)  # fmt: skip
MARK_DIGITS: Final = 16
EMBEDDED: Final = re.compile(r'<script type="application/json" id="wulian-receipt">(.*?)</script>', re.DOTALL)
LONGEST_FILE: Final = 8 * 1024 * 1024
FILE_LINE: Final = re.compile(r"(\S+) \d+字节 SM3 ([0-9a-f]{64})")

FindKey = Callable[[str], Verifier]


class Unreadable(ValueError):
    """The file is not a receipt of this platform."""


@dataclass(frozen=True)
class Verdict:
    """What was found: `genuine` by the signature, `logged` by the log, `content` by the digest of what was written.

    `logged` and `content` are None when the file does not hold them. `files` are the digests of the files that came with it, by
    the name they have on the receipt; they are proven only with the content, of which they are part.
    """

    number: str
    received_at: str
    genuine: bool
    logged: bool | None
    checkpoint: str = ""
    reason: str = ""
    content: bool | None = None
    files: Mapping[str, str] = field(default_factory=dict)


def read_receipt(content: str) -> dict[str, Any]:
    """Return the receipt in a saved page or a proof file; raises Unreadable."""
    found = EMBEDDED.search(content)
    try:
        document = json.loads(found.group(1) if found else content)
    except (ValueError, RecursionError):
        raise Unreadable("neither a saved receipt nor a proof of one") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(f"expected the format {FORMAT}")
    return document


def verify(document: Mapping[str, Any], find_key: FindKey) -> Verdict:
    """Check signature and place in the log with the public keys that `find_key(key id)` gives (it raises UnknownKey)."""
    receipt = document.get("receipt")
    if not isinstance(receipt, dict):
        raise Unreadable("no receipt in the file")
    lines = [str(receipt.get(name, "")) for name in ("number", "received_at", "digest")]
    genuine = _signed("\n".join((HEADING, *lines)).encode(), receipt, find_key)
    verdict = Verdict(lines[0], lines[1], genuine, None, reason="" if genuine else "signature")
    if not genuine:
        return verdict
    content, log = document.get("content"), document.get("log")
    if content:
        same = _digest_of(content) == receipt["digest"]
        verdict = replace(verdict, content=same, files=_files_in(content) if same else {})
    if log is None:
        return verdict
    reason = _flaw_of(log, receipt, find_key)
    confirmed = "" if reason else str(log["checkpoint"]["time"])
    return replace(verdict, logged=not reason, checkpoint=confirmed, reason=reason)


def _digest_of(content: Any) -> str:
    """SM3 of what was handed in: the texts of the matters, joined by line ends."""
    is_text = isinstance(content, list) and all(isinstance(part, str) for part in content)
    return hexdigest("\n".join(content).encode()) if is_text else ""


def _files_in(content: Sequence[str]) -> dict[str, str]:
    """Name on the receipt → SM3 of each file that the content lists."""
    found = [
        FILE_LINE.fullmatch(line) for part in content for line in json.loads(part)["materials"].split("\n")
    ]
    return {line[1]: line[2] for line in found if line}


def _flaw_of(log: Any, receipt: Mapping[str, Any], find_key: FindKey) -> str:
    """Return which part of the proof does not hold: `event`, `marks`, `path`, `checkpoint`; empty when all does."""
    try:
        verb, data = json.loads(log["fields"]["verb"]), json.loads(log["fields"]["data"])
        said = (verb, data["receipt"], data["digest"])
        if said != ("intake.received", receipt["number"], receipt["digest"]):
            return "event"
        if not all(
            _mark_of(log["marks"], name) == _mark(name, piece) for name, piece in log["fields"].items()
        ):
            return "marks"
        position, link = int(log["position"]), str(log["prev_hash"])
        path = [(log["event_hash"], log["marks"]), *log["following"]]
        for place, (event_hash, marks) in enumerate(path, position):
            link = hexdigest(f"{link}\n{place}\n{event_hash}\n{marks}".encode())
        checkpoint = log["checkpoint"]
        if (checkpoint["position"], checkpoint["link_hash"]) != (position + len(path) - 1, link):
            return "path"
        return "" if _checkpoint_signed(checkpoint, find_key) else "checkpoint"
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return "event"


def _checkpoint_signed(checkpoint: Mapping[str, Any], find_key: FindKey) -> bool:
    statement = {word: checkpoint[word] for word in checkpoint if word != "signatures"}
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    own = [item for item in checkpoint["signatures"] if item["algorithm"] == "ed25519"]
    return (
        len(own) == 1
        and own[0]["key_id"] == checkpoint["key_id"]
        and _signed(text.encode(), own[0], find_key)
    )


def _signed(data: bytes, signed: Mapping[str, Any], find_key: FindKey) -> bool:
    try:
        signature = base64.b64decode(str(signed.get("signature", "")).translate(str.maketrans("-_", "+/")))
        return find_key(str(signed.get("key_id", ""))).verify(data, signature)
    except (UnknownKey, ValueError, binascii.Error):
        return False


def _mark(name: str, piece: str) -> str:
    return hexdigest(f"{name}={piece}".encode())[:MARK_DIGITS]


def _mark_of(marks: str, name: str) -> str:
    start = EVENT_FIELDS.index(name) * MARK_DIGITS
    return marks[start : start + MARK_DIGITS]


def main(argv: Sequence[str] | None = None) -> int:
    """`wulian verify-receipt FILE --key KEY.pem… [--file SENT…]`: 0 all genuine, 1 something is not, 2 unreadable."""
    parser = argparse.ArgumentParser(prog="wulian verify-receipt", description="核验收件回执，不需要联网")
    parser.add_argument("receipt", type=Path, help="保存的回执（.html）或者回执证明（.json）")
    parser.add_argument(
        "--key", type=Path, action="append", required=True, help="公钥文件（.pem），可以给多个"
    )
    parser.add_argument(
        "--file", type=Path, action="append", default=[], help="当时提交的文件，与内容摘要比对，可以给多个"
    )
    chosen = parser.parse_args(argv)
    try:
        keys = {
            key.key_id: key for key in (load_verifier(path.read_text(), "ed25519") for path in chosen.key)
        }
        verdict = verify(read_receipt(chosen.receipt.read_text(encoding="utf-8")), _finder(keys))
        sent = {path.name: hexdigest(path.read_bytes()) for path in chosen.file}
    except (OSError, ValueError) as error:
        print(f"verify-receipt: 无法读取：{error}", file=sys.stderr)
        return 2
    print(f"{verdict.number}　{verdict.received_at}")
    print("签名：" + ("真实，未被改动" if verdict.genuine else "未通过核验"))
    if verdict.content is None:
        print("内容：文件中没有提交的内容，可在查询页面保存带内容的证明")
    else:
        print("内容：" + ("重新计算的SM3与回执一致" if verdict.content else "与回执的SM3不一致"))
    missing = _compare_files(sent, verdict.files)
    _say_log(verdict)
    return 0 if verdict.genuine and False not in (verdict.logged, verdict.content) and not missing else 1


def _compare_files(sent: Mapping[str, str], listed: Mapping[str, str]) -> bool:
    """Say of each file whether the receipt lists it; returns whether one is missing."""
    names = {digest: name for name, digest in listed.items()}
    for name, digest in sent.items():
        print(f"文件：{name} " + (f"即回执所列{names[digest]}" if digest in names else "不在回执之列"))
    return any(digest not in names for digest in sent.values())


def _say_log(verdict: Verdict) -> None:
    if verdict.logged is None:
        print("留痕日志：文件中没有日志证明，可在查询页面下载带证明的回执")
    elif verdict.logged:
        moment = datetime.fromisoformat(verdict.checkpoint).astimezone()
        print(f"留痕日志：已载入，由 {moment:%Y-%m-%d %H:%M} 的签名检查点确认")
    else:
        print(f"留痕日志：证明不成立（{verdict.reason}）")


def _finder(keys: Mapping[str, Verifier]) -> FindKey:
    def find(key_id: str) -> Verifier:
        if key_id not in keys:
            raise UnknownKey(key_id)
        return keys[key_id]

    return find
