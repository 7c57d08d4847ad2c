"""What the dossier itself knows of the bidders (machine codes, managers, payers), in the shape of the trading system's exports."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from wulian.analysis.similarity.facts import plain
from wulian.information.registry.models import Bid, Lot

_MACHINE = {
    "mac": "device_mac", "cpu": "device_cpu", "disk": "device_disk", "ip": "device_ip", "lock_no": "device_lock_no",
    "creation_code": "device_file_code",
}  # fmt: skip


def write_records(folder: Path, *, lot: Lot, bidders: Collection[str]) -> list[str]:
    """Write machine.json, people.json, bonds.json and bidders.json of the bids whose files are compared; return what was written."""
    known = {plain(name): name for name in bidders}
    bids = [
        (known[plain(bid.tenderer.name)], bid)
        for bid in Bid.objects.filter(lot=lot, ended_at=None).select_related("tenderer").order_by("pk")
        if plain(bid.tenderer.name) in known
    ]
    written = []
    for stem, rows in (
        ("machine", [_machine(name, bid) for name, bid in bids]),
        ("people", [row for name, bid in bids for row in _people(name, bid)]),
        ("bonds", [_bond(name, bid) for name, bid in bids]),
        ("bidders", [_bidder(name, bid) for name, bid in bids]),
    ):
        kept = [row for row in rows if len(row) > 1]
        if kept:
            (folder / f"{stem}.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            written.append(stem)
    return written


def _machine(name: str, bid: Bid) -> dict[str, Any]:
    values = {column: getattr(bid, field) for column, field in _MACHINE.items()}
    return _filled(name, {**values, "stage": "upload" if any(values.values()) else ""})


def _people(name: str, bid: Bid) -> list[dict[str, Any]]:
    manager = {
        "name": bid.manager_name,
        "id_no": bid.manager_id_hash,
        "certificate_no": bid.manager_certificate,
    }
    contact = {"name": bid.contact_name, "phone": bid.contact_phone}
    return [
        _filled(name, {**values, "role": role if any(values.values()) else ""})
        for values, role in ((manager, "项目经理"), (contact, "联系人"))
    ]


def _bond(name: str, bid: Bid) -> dict[str, Any]:
    values = {
        "form": bid.security_form if bid.security_account or bid.security_payer else "",
        "payer_account": bid.security_account,
        "payer_name": bid.security_payer,
    }
    return _filled(name, values)


def _bidder(name: str, bid: Bid) -> dict[str, Any]:
    return _filled(name, {"name": bid.tenderer.name, "uscc": bid.tenderer.uscc, "phone": bid.tenderer.phone})


def _filled(name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"bidder": name, **{key: value for key, value in values.items() if value}}
