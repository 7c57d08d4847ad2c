"""The analysis tables as compiled releases, one a lot, so that the indicators judge a city as they judge published data.

A lot is the contracting process: it has its own bids and its own award. The release holds only what an indicator reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from wulian.exchange.records import LIST_SEPARATOR

Release = dict[str, Any]
Row = dict[str, Any]
BID_STATES = {"received": "pending", "undecrypted": "withdrawn"}
"""States of our bids that OCDS calls otherwise: one that could not be decrypted is not in the competition."""
_COLUMNS = {
    "projects": ("id", "owner"),
    "tenders": ("id", "project_id", "procuring_entity", "mode", "mode_details"),
    "lots": ("id", "tender_id", "classification", "terminated_at"),
    "documents": ("lot_id", "kind", "issued_at", "sale_starts_at", "deadline_at"),
    "clarifications": ("lot_id", "kind", "new_deadline_at"),
    "openings": ("lot_id", "actual_at", "bidder_count"),
    "bids": ("lot_id", "tenderer", "consortium", "status", "uploaded_at", "price", "currency"),
    "awards": ("lot_id", "supplier", "status"),
}


def releases(tables: Mapping[str, pa.Table]) -> Iterator[Release]:
    """Yield a compiled release for each lot; its `ocid` is the id of the lot, organisations are ids of parties."""
    rows = {name: tables[name].select(list(columns)).to_pylist() for name, columns in _COLUMNS.items()}
    projects = {row["id"]: row for row in rows["projects"]}
    tenders = {row["id"]: row for row in rows["tenders"]}
    of_lot = {
        name: _by_lot(rows[name]) for name in ("documents", "clarifications", "openings", "bids", "awards")
    }
    for lot in rows["lots"]:
        parts = {name: found.get(lot["id"], []) for name, found in of_lot.items()}
        tender = tenders.get(lot["tender_id"], {})
        yield _release(lot, projects.get(tender.get("project_id"), {}), tender, parts)


def _by_lot(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["lot_id"]].append(row)
    return found


def _release(lot: Row, project: Row, tender: Row, parts: Mapping[str, list[Row]]) -> Release:
    start, end = _period(parts["documents"], parts["clarifications"])
    # A missing value is null, which an indicator reads as not there.
    return {
        "ocid": lot["id"],
        "buyer": {"id": project.get("owner")},
        "tender": {
            "status": "cancelled" if lot["terminated_at"] else "",
            "procurementMethod": tender.get("mode"),
            "procurementMethodDetails": tender.get("mode_details"),
            "procuringEntity": {"id": tender.get("procuring_entity")},
            "tenderPeriod": {"startDate": _time(start), "endDate": _time(end)},
            "numberOfTenderers": _tenderers(parts["openings"], parts["bids"]),
        },
        "bids": {"details": [_bid(row) for row in parts["bids"]]},
        "awards": [_award(row, lot["classification"]) for row in parts["awards"]],
    }


def _period(documents: list[Row], clarifications: list[Row]) -> tuple[datetime | None, datetime | None]:
    """Return when the documents were first issued and the deadline that stood last."""
    own = [row for row in documents if row["kind"] != "prequalification"]
    starts = [row["issued_at"] or row["sale_starts_at"] for row in own]
    ends = [row["deadline_at"] for row in own]
    ends += [row["new_deadline_at"] for row in clarifications if row["kind"] != "prequalification"]
    return min(filter(None, starts), default=None), max(filter(None, ends), default=None)


def _tenderers(openings: list[Row], bids: list[Row]) -> int | None:
    """Return how many tendered, None before the opening: until then nobody knows."""
    if not openings:
        return None
    stated = openings[0]["bidder_count"]
    submitted = {row["tenderer"] for row in bids if row["status"] != "withdrawn"}
    return stated if stated is not None else len(submitted) or None


def _bid(row: Row) -> Release:
    together = row["consortium"].split(LIST_SEPARATOR) if row["consortium"] else []
    amount = None if row["price"] is None else float(row["price"])
    return {
        "status": BID_STATES.get(row["status"], row["status"]),
        "date": _time(row["uploaded_at"]),
        "tenderers": [{"id": party} for party in dict.fromkeys([row["tenderer"], *together])],
        "value": {"amount": amount, "currency": row["currency"] or "CNY"},
    }


def _award(row: Row, classification: str | None) -> Release:
    return {
        # An award without a state is one that was decided and never withdrawn.
        "status": row["status"] or "active",
        "suppliers": [{"id": row["supplier"]}] if row["supplier"] else [],
        "items": [{"classification": {"id": classification}}],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
