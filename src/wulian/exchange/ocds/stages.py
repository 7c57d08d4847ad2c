"""What hangs from a lot: notices, documents, clarifications, the opening, bids, awards and contracts."""

from __future__ import annotations

import re
from typing import Any

from wulian.exchange.keys import UniqueKeys
from wulian.exchange.ocds.node import Node
from wulian.exchange.ocds.parties import Parties
from wulian.exchange.values import cut

SHARED_BY_ALL = 20
"""A tender of more lots than this keeps its common documents on the first lot only."""

NOTICES = {
    "plannedprocurementnotice": "plan",
    "prequalificationnotice": "prequalification",
    "tendernotice": "tender",
    "awardnotice": "award",
    "contractnotice": "contract",
    "cancellationdetails": "termination",
}
AWARD_STATES = {"pending", "active", "cancelled", "unsuccessful"}
BID_STATES = {"valid", "disqualified", "withdrawn"}


class Lots:
    """The lots of one tender; rows that name no lot go to the only one, or to one that stands for the whole tender."""

    def __init__(self, ocid: str, name: str, shared: dict[str, Any], currency: str) -> None:
        self.rows: list[dict[str, Any]] = []
        self.currency = currency
        self._ocid, self._name, self._shared = ocid, name, shared
        self._by_id: dict[str, dict[str, Any]] = {}
        self._keys: dict[tuple[int, str], UniqueKeys] = {}

    def add(self, key: str, publisher_id: str, **fields: Any) -> dict[str, Any]:
        row = {"id": key, **self._shared, **fields}
        self.rows.append(row)
        if publisher_id:
            self._by_id.setdefault(publisher_id, row)
        return row

    def named(self, node: Node) -> list[dict[str, Any]]:
        """The lots that a row names, in any of the shapes publishers use; else none."""
        names = [node.text("relatedLot", "lotID", "lotId"), *node.texts("relatedLots")]
        for key in ("relatedLots", "lots"):
            names += [item.text("id", "lotId", "lotID") for item in node.nodes(key)]
        if not any(names):
            names = [item.text("relatedLot") for item in node.nodes("items")]
        found = {id(row): row for name in names if (row := self._by_id.get(name))}
        return list(found.values())

    def whole(self) -> dict[str, Any]:
        """The only lot, or a lot that stands for the whole tender."""
        if len(self.rows) == 1:
            return self.rows[0]
        row = self._by_id.get("\x00whole")
        if row is None:
            taken = any(lot["id"] == self._ocid for lot in self.rows)
            key = f"{self._ocid[:120]}#whole" if taken else self._ocid
            row = self.add(key, "\x00whole", name=self._name, lot_code="")
        return row

    def common(self, node: Node) -> list[dict[str, Any]]:
        """The lots that a document of the tender belongs to."""
        named = self.named(node)
        if named:
            return named
        return self.rows if len(self.rows) <= SHARED_BY_ALL else self.rows[:1]

    def append(self, lot: dict[str, Any], table: str, wanted: str, fallback: str, row: dict[str, Any]) -> str:
        """Hang a row from a lot under a key that is unique there; the key."""
        keys = self._keys.setdefault((id(lot), table), UniqueKeys())
        rows = lot.setdefault(table, [])
        row["id"] = keys.take(wanted, f"{fallback}-{len(rows) + 1}")
        rows.append(row)
        return str(row["id"])


def add_publications(lots: Lots, root: Node, tender: Node, parties: Parties) -> None:
    """Notices, bidding documents with the deadline, clarifications and the opening."""
    for section in ("planning", "tender", "awards", "contracts"):
        for holder in root.nodes(section):
            for node in holder.nodes("documents"):
                _add_document(lots, holder, node)
    if (published := tender.time("datePublished")) and not any(
        notice["kind"] == "tender" for lot in lots.rows for notice in lot.get("notices", ())
    ):
        for lot in lots.common(tender):
            row = {"kind": "tender", "title": lot["name"], "published_at": published}
            lots.append(lot, "notices", "tender-notice", "notice", row)
    _add_deadline(lots, tender)
    for node in tender.nodes("enquiries"):
        _add_enquiry(lots, node)
    for node in [*tender.nodes("amendments"), *tender.nodes("amendment")]:
        _add_amendment(lots, node)
    _add_opening(lots, tender)


def _document_type(node: Node) -> str:
    return re.sub(r"[^a-z]", "", node.text("documentType").lower())


def _add_document(lots: Lots, holder: Node, node: Node) -> None:
    kind = _document_type(node)
    if kind not in NOTICES and kind not in {"biddingdocuments", "clarifications"}:
        return
    title = cut(node.text("title", "description") or node.text("id") or kind, 300)
    published = node.time("datePublished")
    targets = lots.named(node) or lots.named(holder) or lots.common(node)
    for lot in targets:
        wanted = node.text("id")
        if kind == "biddingdocuments":
            row = {"issued_at": published, "file_name": title, "url": cut(node.text("url"), 1000)}
            lots.append(lot, "documents", wanted, "document", row)
        elif kind == "clarifications":
            content = "\n".join(
                dict.fromkeys(t for t in (title, node.text("description"), node.text("url")) if t)
            )
            row = {"issued_at": published, "content": cut(content, 20000)}
            lots.append(lot, "clarifications", wanted, "clarification", row)
        else:
            row = {
                "kind": NOTICES[kind],
                "title": title,
                "published_at": published,
                "url": cut(node.text("url"), 1000),
            }
            lots.append(lot, "notices", wanted, "notice", row)


def _add_deadline(lots: Lots, tender: Node) -> None:
    """The deadline belongs to the bidding documents; without any, the tender period stands for them."""
    # tederPeriod: one publisher's spelling.
    period = tender.node("tenderPeriod", "tederPeriod")
    starts, ends = period.time("startDate"), period.time("endDate", end_of_day=True)
    opening = tender.node("bidOpening").time("date")
    for lot in lots.rows if len(lots.rows) <= SHARED_BY_ALL else lots.rows[:1]:
        documents = lot.get("documents")
        if not documents:
            if starts is None and ends is None:
                continue
            row = {"issued_at": starts}
            lots.append(lot, "documents", "tender-period", "document", row)
            documents = lot["documents"]
        documents.sort(key=lambda row: row["issued_at"].timestamp() if row.get("issued_at") else 0.0)
        for version, row in enumerate(documents, 1):
            row.update(version=version, deadline_at=ends, opening_at=opening)


def _add_enquiry(lots: Lots, node: Node) -> None:
    texts = [node.text("title"), node.text("description"), node.text("answer")]
    row = {
        "issued_at": node.time("dateAnswered", "date"),
        "content": cut("\n".join(text for text in texts if text), 20000),
    }
    for lot in lots.common(node):
        lots.append(lot, "clarifications", node.text("id"), "enquiry", dict(row))


def _add_amendment(lots: Lots, node: Node) -> None:
    row = {
        "issued_at": node.time("date"),
        "content": cut("\n".join(t for t in (node.text("rationale"), node.text("description")) if t), 20000),
    }
    if row["issued_at"] is None and not row["content"]:
        return
    for lot in lots.common(node):
        lots.append(lot, "clarifications", node.text("id"), "amendment", dict(row))


def _add_opening(lots: Lots, tender: Node) -> None:
    opening = tender.node("bidOpening")
    at = opening.time("date")
    bidders = tender.whole("numberOfTenderers")
    if bidders is None:
        bidders = tender.whole("numberOfBids")
    if at is None and (bidders is None or len(lots.rows) > 1):
        return
    place = opening.text("description") or opening.node("address").text("streetAddress", "locality")
    for lot in lots.common(opening):
        lot["opening"] = {
            "id": "opening",
            "actual_at": at,
            "place": cut(place, 1000),
            "bidder_count": bidders if len(lots.rows) == 1 else None,
        }


def add_bids(lots: Lots, root: Node, tender: Node, parties: Parties) -> None:
    """The bids of the extension ``bids``; without it, each tenderer of a tender of one lot is a bid received."""
    details = root.node("bids").nodes("details")
    for node in details:
        _add_bid(lots, node, parties)
    if details or len(lots.rows) > 1:
        return
    for key in parties.keys_of(tender.nodes("tenderers")):
        row = {"tenderer": key, "status": "received", "currency": lots.currency}
        lots.append(lots.rows[0], "bids", f"tenderer-{key}", "bid", row)


def _add_bid(lots: Lots, node: Node, parties: Parties) -> None:
    tenderers = parties.keys_of(node.nodes("tenderers"))
    if not tenderers:
        node.notes.append(f"{node.path()}: 投标没有投标人，未收入")
        return
    status = node.text("status").lower()
    row: dict[str, Any] = {
        "tenderer": tenderers[0],
        "consortium": tenderers[1:],
        "status": status if status in BID_STATES else "received",
        "uploaded_at": node.time("date"),
        "price": node.money("value"),
        "currency": node.currency("value") or lots.currency,
    }
    if status == "disqualified":
        row["rejection_basis"] = cut(node.text("statusDetails"), 1000)
    targets = lots.named(node) or [lots.whole()]
    for lot in targets:
        # A price for several lots together is the price of none of them.
        priced = row if len(targets) == 1 else row | {"price": None}
        lots.append(lot, "bids", node.text("id"), "bid", dict(priced))


def _lot_of_award(lots: Lots, node: Node) -> dict[str, Any]:
    return (lots.named(node) or [lots.whole()])[0]


def add_awards(lots: Lots, root: Node, parties: Parties) -> None:
    """The awards, one row a winner; the amount stands on the first of several."""
    for node in root.nodes("awards"):
        lot = _lot_of_award(lots, node)
        suppliers = node.nodes("suppliers")
        if not suppliers:
            suppliers = [item for line in node.nodes("items") for item in line.nodes("suppliers")]
        keys: list[str | None] = [*parties.keys_of(suppliers)] or [None]
        status = node.text("status").lower()
        row = {
            "price": node.money("value", "totalAwardValue"),
            "currency": node.currency("value", "totalAwardValue") or lots.currency,
            "status": status if status in AWARD_STATES else "",
            "decided_at": node.time("date", "awardDate"),
        }
        for number, key in enumerate(keys):
            mine = row | {"supplier": key} | ({"price": None} if number else {})
            lots.append(lot, "awards", node.text("id"), "award", mine)


def _award_index(lots: Lots, root: Node, parties: Parties) -> dict[str, tuple[dict[str, Any], Any]]:
    """Publisher's award id → its lot and its first winner."""
    index: dict[str, tuple[dict[str, Any], Any]] = {}
    for node in root.nodes("awards"):
        winners = parties.keys_of(node.nodes("suppliers"))
        index.setdefault(node.text("id"), (_lot_of_award(lots, node), winners[0] if winners else None))
    return index


def add_contracts(lots: Lots, root: Node, parties: Parties) -> None:
    """The contracts with amendments, payments and milestones."""
    nodes = root.nodes("contracts")
    awards = _award_index(lots, root, parties) if nodes else {}
    for node in nodes:
        award_lot, winner = awards.get(node.text("awardID"), (None, None))
        if award_lot is None and len(awards) == 1 and not node.text("awardID"):
            award_lot, winner = next(iter(awards.values()))
        named = lots.named(node)
        lot = named[0] if named else award_lot or lots.whole()
        suppliers = parties.keys_of(node.nodes("suppliers"))
        period = node.node("period")
        row = {
            "contract_no": cut(node.text("contractNumber", "contractID", "id"), 200),
            "supplier": suppliers[0] if suppliers else winner,
            "signed_at": node.time("dateSigned"),
            "price": node.money("value"),
            "currency": node.currency("value") or lots.currency,
            "duration_days": _duration(period),
            "status": cut(node.text("status"), 200),
            **_performance(node, parties),
        }
        lots.append(lot, "contracts", node.text("id"), "contract", row)


def _duration(period: Node) -> int | None:
    days = period.whole("durationInDays")
    if days is not None:
        return days
    starts, ends = period.time("startDate"), period.time("endDate", end_of_day=True)
    return max(0, (ends - starts).days) if starts and ends else None


def _performance(node: Node, parties: Parties) -> dict[str, Any]:
    implementation = node.node("implementation")
    keys, amendment_keys = UniqueKeys(), UniqueKeys()
    events = [
        {
            "id": keys.take(payment.text("id"), f"payment-{index}"),
            "kind": "payment",
            "occurred_at": payment.time("date"),
            "amount": payment.money("value", "amount"),
            "party": parties.key_of(payment.node("payee", "receiverOrganization")),
        }
        for index, payment in enumerate(implementation.nodes("transactions"), 1)
    ]
    for index, milestone in enumerate(implementation.nodes("milestones"), 1):
        texts = [milestone.text("title"), milestone.text("description"), milestone.text("status")]
        events.append(
            {
                "id": keys.take(milestone.text("id"), f"milestone-{index}"),
                "kind": "other",
                "occurred_at": milestone.time("dateMet"),
                "description": cut("; ".join(dict.fromkeys(t for t in texts if t)), 20000),
            }
        )
    amendments = [
        {
            "id": amendment_keys.take(change.text("id"), f"amendment-{index}"),
            "amended_at": change.time("date"),
            "reason": cut(
                "; ".join(t for t in (change.text("rationale"), change.text("description")) if t), 1000
            ),
        }
        for index, change in enumerate([*node.nodes("amendments"), *node.nodes("amendment")], 1)
        if change.time("date") or change.text("rationale", "description")
    ]
    final = implementation.money("finalValue")
    if final is None:
        final = node.money("finalValue")
    acceptance = {"id": "acceptance", "settlement_amount": final} if final is not None else None
    return {"implementation": events, "amendments": amendments, "acceptance": acceptance}
