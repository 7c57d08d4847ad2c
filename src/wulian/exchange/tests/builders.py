"""A believable release of the trading platform, and files made of releases."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wulian.exchange.ocds import iterate_dossiers
from wulian.exchange.records import DossierRecord
from wulian.exchange.refusals import Refusal

OWNER = "91350100M000100Y43"

RELEASE: dict[str, Any] = {
    "ocid": "ocds-sz0001-2025-018",
    "id": "2025-018-3",
    "date": "2025-05-06T10:00:00+08:00",
    "tag": ["compiled"],
    "buyer": {"id": "CN-USCC-" + OWNER, "name": "随州市城市建设投资有限公司"},
    "parties": [
        {
            "id": "CN-USCC-" + OWNER,
            "name": "随州市城市建设投资有限公司",
            "identifier": {"scheme": "CN-USCC", "id": OWNER},
            "roles": ["buyer", "procuringEntity"],
            "address": {"region": "421303", "locality": "随州市曾都区"},
        },
        {"id": "B1", "name": "随州编钟建设工程有限公司", "roles": ["tenderer", "supplier"]},
        {"id": "B2", "name": "湖北炎帝建工集团有限公司", "roles": ["tenderer"]},
    ],
    "planning": {"budget": {"amount": {"amount": 52000000, "currency": "CNY"}}},
    "tender": {
        "id": "E4213010001000123",
        "title": "城区道路改造工程施工招标",
        "procurementMethod": "open",
        "mainProcurementCategory": "works",
        "value": {"amount": 43500000, "currency": "CNY"},
        "tenderPeriod": {"startDate": "2025-03-10T09:00:00+08:00", "endDate": "2025-04-08T09:30:00+08:00"},
        "numberOfTenderers": 2,
        "documents": [
            {
                "id": "N1",
                "documentType": "tenderNotice",
                "title": "招标公告",
                "datePublished": "2025-03-10T09:00:00+08:00",
            }
        ],
        "enquiries": [
            {"id": "Q1", "dateAnswered": "2025-03-20", "description": "图纸缺页", "answer": "已补发"}
        ],
    },
    "bids": {
        "details": [
            {
                "id": "T1",
                "status": "valid",
                "date": "2025-04-07T16:00:00+08:00",
                "tenderers": [{"id": "B1", "name": "随州编钟建设工程有限公司"}],
                "value": {"amount": 41860000, "currency": "CNY"},
            },
            {
                "id": "T2",
                "status": "disqualified",
                "statusDetails": "未提交保证金",
                "tenderers": [{"id": "B2", "name": "湖北炎帝建工集团有限公司"}],
                "value": {"amount": 42310000.005, "currency": "CNY"},
            },
        ]
    },
    "awards": [
        {
            "id": "A1",
            "status": "active",
            "date": "2025-04-15T15:00:00+08:00",
            "suppliers": [{"id": "B1"}],
            "value": {"amount": 41860000, "currency": "CNY"},
        }
    ],
    "contracts": [
        {
            "id": "C1",
            "awardID": "A1",
            "dateSigned": "2025-05-06",
            "value": {"amount": 41860000, "currency": "CNY"},
            "period": {"startDate": "2025-05-28", "endDate": "2026-03-24"},
            "implementation": {
                "transactions": [
                    {"id": "P1", "date": "2025-08-15", "value": {"amount": 12000000}, "payee": {"id": "B1"}}
                ]
            },
        }
    ],
}


def make_release(**changes: Any) -> dict[str, Any]:
    """The release with top-level parts replaced; None takes a part away."""
    release = {**copy.deepcopy(RELEASE), **changes}
    return {key: value for key, value in release.items() if value is not None}


def put(release: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the release with one value replaced, e.g. ``put(r, "awards/0/date", "x")``."""
    changed = copy.deepcopy(release)
    target: Any = changed
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    for part in parents:
        target = target[part]
    target[last] = value
    return changed


def lines(releases: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in releases)


def write_gzip(path: Path, releases: Iterable[Any]) -> Path:
    path.write_bytes(gzip.compress(lines(releases)))
    return path


def read(data: bytes | Any) -> list[DossierRecord | Refusal]:
    """What the reader makes of bytes, or of one JSON value."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(iterate_dossiers(io.BytesIO(raw)))


def read_one(release: dict[str, Any]) -> DossierRecord:
    (dossier,) = read(release)
    assert isinstance(dossier, DossierRecord), dossier
    return dossier


def refused(release: Any) -> Refusal:
    (refusal,) = read(release)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def shared_folder() -> Path:
    """Where real data lies on the developer's machine; not part of the project."""
    root = Path(__file__).resolve().parents[4]
    return Path(os.environ.get("WULIAN_SHARED", root.parent / "shared"))
