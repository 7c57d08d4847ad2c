"""One OCDS release → one dossier: the project, its tender and the lots; what hangs from a lot is in ``stages``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from wulian.exchange.keys import UniqueKeys, fit_key
from wulian.exchange.ocds.node import Malformed, Node
from wulian.exchange.ocds.parties import Parties
from wulian.exchange.ocds.reading import Release
from wulian.exchange.ocds.stages import Lots, add_awards, add_bids, add_contracts, add_publications
from wulian.exchange.records import DossierRecord
from wulian.exchange.values import clean_text, cut

MAPPING_VERSION = "1"
"""Part of each release's hash: raise it when the mapping reads more, so that the same file is compared again."""

PROJECT_CODE = re.compile(r"\d{4}(?:\d{2})?-\d{6}-\d{2}-\d{2}-\d{6}")
MODES = {"open", "selective", "limited", "direct"}
CATEGORIES = {"works", "goods", "survey", "design", "supervision", "services", "epc"}
_PREFIX = re.compile(r"(oc[di][sd]-[a-z0-9]{6})-", re.IGNORECASE)
TENDER_TABLES = {"tenders", "lots", "notices", "documents", "clarifications", "openings"}
STAGE_TABLES = {
    "bids": {"bids"},
    "awards": {"awards"},
    "contracts": {"contracts", "amendments", "implementation", "acceptances"},
}


def dossier_of(release: Release, *, source_system: str | None = None) -> DossierRecord:
    """The dossier that a release describes; raises Malformed or pydantic's ValidationError, and never half of it."""
    notes: list[str] = []
    root = Node(release.data, notes)
    ocid = root.text("ocid")
    if not ocid or not isinstance(release.data.get("ocid"), str | int):
        raise Malformed("/ocid", "缺少 ocid（缔约过程编号）", release.data.get("ocid"))
    ocid = fit_key(ocid)
    parties = Parties(root)
    tender = root.node("tender")
    lots = _lots(ocid, root, tender)
    add_publications(lots, root, tender, parties)
    add_bids(lots, root, tender, parties)
    add_awards(lots, root, parties)
    add_contracts(lots, root, parties)
    released_at = root.time("date")
    project = _project(ocid, root, tender, parties)
    project["tenders"] = [_tender(ocid, root, tender, parties) | {"lots": lots.rows}]
    return DossierRecord.model_validate(
        {
            "source_system": cut(source_system or _source_system(ocid, release.publisher), 128),
            "source_id": ocid,
            "released_at": released_at,
            "raw_hash": hash_of(release.data),
            "told": None if release.compiled else _told(root),
            "notes": notes,
            "parties": list(parties.records.values()),
            "project": project,
        }
    )


def hash_of(data: dict[str, Any]) -> str:
    """A digest that does not depend on the order of keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{MAPPING_VERSION}:{text}".encode()).hexdigest()


def _source_system(ocid: str, publisher: str) -> str:
    prefix = _PREFIX.match(ocid)
    return prefix[1].lower() if prefix else (f"ocds:{clean_text(publisher)}" if publisher else "ocds")


def _told(root: Node) -> frozenset[str]:
    told = {"parties", "projects"}
    if root.node("tender"):
        told |= TENDER_TABLES
    for section, tables in STAGE_TABLES.items():
        if root.node(section) or root.value.get(section) == []:
            told |= tables
    return frozenset(told)


def _names(root: Node, tender: Node) -> Iterable[str]:
    yield tender.text("title", "description", "title_en", "title_zh")
    for section in ("awards", "contracts"):
        for node in root.nodes(section):
            yield node.text("title", "description", "title_en", "title_zh")
    planning = root.node("planning")
    yield planning.node("budget").text("description", "project")
    yield planning.text("rationale")
    for section in ("awards", "contracts"):
        for node in root.nodes(section):
            for item in node.nodes("items"):
                yield item.text("description", "description_en") or item.node("classification").text(
                    "description"
                )
    yield root.text("name", "title", "ocid")


def tender_name(root: Node, tender: Node) -> str:
    """What the process is called: the tender's title, or the best that the release has instead."""
    return next(name for name in _names(root, tender) if name)


def _money_of_all(nodes: list[Node], key: str) -> Any:
    """The sum over several plan lines; None when none of them states an amount."""
    amounts = [amount for node in nodes if (amount := node.node("budget").money(key, "value")) is not None]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _project(ocid: str, root: Node, tender: Node, parties: Parties) -> dict[str, Any]:
    plans = root.nodes("planning")
    planning = root.node("planning")
    budget, described = planning.node("budget"), planning.node("project")
    code = next(
        (text for text in (described.text("id"), budget.text("projectID")) if PROJECT_CODE.fullmatch(text)),
        "",
    )
    name = described.text("title") or (budget.text("project") if code else "") or tender_name(root, tender)
    owner = parties.key_of(root.node("buyer")) or parties.with_role("buyer", "procuringentity")
    project: dict[str, Any] = {
        "id": ocid,
        "project_code": code,
        "name": cut(name, 300),
        "owner": owner,
        "budget_funds": _money_of_all(plans, "amount"),
        "total_investment": described.money("totalValue"),
        "fund_sources": cut(
            "; ".join(t for t in (budget.text("source"), budget.text("description")) if t), 1000
        ),
    }
    if owner and (region := parties.records[owner].get("region_code")):
        project["region_code"] = region
    return project


def _tender(ocid: str, root: Node, tender: Node, parties: Parties) -> dict[str, Any]:
    method = tender.text("procurementMethod")
    mode = method.lower() if method.lower() in MODES else ""
    details = [
        "" if mode else method,
        tender.text("procurementMethodDetails"),
        tender.text("procurementMethodRationale"),
    ]
    buyer = parties.key_of(tender.node("procuringEntity"))
    reviewer = parties.with_role("reviewbody")
    return {
        "id": ocid,
        "tender_code": cut(tender.text("id"), 200),
        "name": cut(tender_name(root, tender), 300),
        "description": cut(tender.text("description"), 20000),
        "procuring_entity": buyer
        or parties.with_role("procuringentity", "buyer")
        or parties.key_of(root.node("buyer")),
        "agency": parties.agency(),
        "mode": mode,
        "mode_details": cut("; ".join(filter(None, details)), 1000),
        "supervising_authority": cut(parties.name_of(reviewer), 200),
        "currency": release_currency(root),
        "status": cut(tender.text("status"), 200),
    }


def release_currency(root: Node) -> str:
    """The currency of the first value that names one; yuan when none does."""
    for node in (root.node("tender"), *root.nodes("awards"), *root.nodes("contracts")):
        if code := node.currency("value", "minValue", "totalAwardValue"):
            return code
    for node in (root.node("planning").node("budget"), *root.node("bids").nodes("details")):
        if code := node.currency("amount", "value"):
            return code
    return "CNY"


def _lots(ocid: str, root: Node, tender: Node) -> Lots:
    name = cut(tender_name(root, tender), 300)
    category = tender.text("mainProcurementCategory").lower().replace("consultingservices", "services")
    shared: dict[str, Any] = {"category": category if category in CATEGORIES else "", "status": ""}
    nodes = tender.nodes("lots")
    lots = Lots(ocid, name, shared, release_currency(root))
    keys = UniqueKeys()
    for index, node in enumerate(nodes, 1):
        own_title = node.text("title", "description")
        lots.add(
            keys.take(node.text("id"), f"lot-{index}"),
            node.text("id"),
            name=cut(own_title, 300) or name,
            lot_code=cut(node.text("id"), 200),
            status=cut(node.text("status"), 200),
            **_prices(node),
        )
    if not nodes:
        lots.add(ocid, "", name=name, lot_code="", status=cut(tender.text("status"), 200))
    if len(lots.rows) == 1:
        only = lots.rows[0]
        for field, amount in _prices(tender).items():
            if only.get(field) is None:
                only[field] = amount
    return lots


def _prices(node: Node) -> dict[str, Any]:
    return {
        "estimated_price": node.money("value"),
        "floor_price": node.money("minValue"),
        "ceiling_price": node.money("maxValue"),
    }
