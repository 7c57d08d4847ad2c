"""Takes away from a dossier what has not happened yet, and says who recorded what has."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from wulian.demo import names
from wulian.demo.market import person_name
from wulian.demo.performing import FINAL_PAYMENT
from wulian.demo.setting import Lot, times_in

_HAPPENS_AT = {"awards": "decided_at", "contracts": "signed_at"}
_ANNOUNCED = frozenset({"deadline_at", "opening_at", "ends_at", "sale_ends_at", "planned_at"})
"""Times that are known before they come."""


def cut_at(random: Random, data: dict[str, Any], seen: datetime) -> None:
    """Leave what the trading system had told by ``seen``: later rows go whole, later times of earlier rows too."""
    data["released_at"] = seen
    tender = data["project"]["tenders"][0]
    lot = tender["lots"][0]
    plan = {
        "N08": lot["opening"]["actual_at"],
        "N13": lot["contracts"][0]["signed_at"],
        "N16": lot["contracts"][0]["acceptance"]["accepted_at"],
    }
    operators = _operators(random, data)
    if tender["plan_published_at"] > seen:
        data["project"]["tenders"] = []
        _keep_named_parties(data)
        return
    _cut_tendering(lot, seen)
    _cut_performance(lot, seen)
    for row, key, value in list(times_in(tender)):
        if value > seen and key not in _ANNOUNCED:
            row[key] = None
    lot["nodes"] = _nodes(lot, plan, operators)
    _keep_named_parties(data)


def _cut_tendering(lot: Lot, seen: datetime) -> None:
    lot["notices"] = [row for row in lot["notices"] if row["published_at"] <= seen]
    lot["documents"] = [row for row in lot["documents"] if row["issued_at"] <= seen]
    lot["clarifications"] = [row for row in lot["clarifications"] if row["issued_at"] <= seen]
    lot["objections"] = [row for row in lot["objections"] if row["received_at"] <= seen]
    if not lot["documents"]:
        for name in ("bid_security_amount", "ceiling_price", "floor_price"):
            lot[name] = None
    if lot["evaluation"]["finished_at"] > seen:
        lot["candidates"] = []
        lot["evaluation"]["scores"] = []
        for bid in lot["bids"]:
            bid["score"] = None
    if lot["opening"]["actual_at"] > seen:
        # Nobody knows who bids, and no member of the committee is named, before the opening.
        lot["opening"], lot["evaluation"], lot["bids"] = None, None, []


def _cut_performance(lot: Lot, seen: datetime) -> None:
    for name, moment in _HAPPENS_AT.items():
        lot[name] = [row for row in lot[name] if row[moment] <= seen]
    for contract in lot["contracts"]:
        contract["amendments"] = [row for row in contract["amendments"] if row["amended_at"] <= seen]
        contract["implementation"] = [row for row in contract["implementation"] if row["occurred_at"] <= seen]
        if contract["started_at"] > seen:
            contract["wage_deposit_no"] = ""
        if contract["permit_at"] > seen:
            contract["permit_no"] = ""
        acceptance = contract["acceptance"]
        if acceptance["report_at"] > seen:
            contract["acceptance"] = None
        else:
            _cut_settlement(contract, acceptance, seen)


def _cut_settlement(contract: dict[str, Any], acceptance: dict[str, Any], seen: datetime) -> None:
    if acceptance["settlement_reviewed_at"] > seen:
        acceptance["settlement_amount"] = None
    if not any(row["description"] == FINAL_PAYMENT for row in contract["implementation"]):
        acceptance["paid_ratio"] = None


def _keep_named_parties(data: dict[str, Any]) -> None:
    """Each party once, and only those that the rows left still name."""
    project = data["project"]
    named = {project["owner"]}
    for tender in project["tenders"]:
        named |= {tender["procuring_entity"], tender["agency"]}
        for lot in tender["lots"]:
            named |= {bid["tenderer"] for bid in lot["bids"]} | {row["objector"] for row in lot["objections"]}
    data["parties"] = list({row["id"]: row for row in data["parties"] if row["id"] in named}.values())


def _operators(random: Random, data: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Person, unit and network address of each step (电子招标投标办法 第四十九条)."""
    owner, agency = data["parties"][0]["name"], data["parties"][1]["name"]
    units = {
        **dict.fromkeys(("N03", "N05", "N06", "N10", "N12"), agency),
        **dict.fromkeys(("N07", "N08", "N09"), names.TRADING_CENTRE),
        **dict.fromkeys(("N11", "N13", "N14", "N15", "N16", "N17", "N18"), owner),
    }
    people = {unit: (person_name(random), f"10.42.{random.randrange(256)}") for unit in dict.fromkeys(units.values())}  # fmt: skip
    return {
        code: (people[unit][0], unit, f"{people[unit][1]}.{random.randrange(1, 255)}")
        for code, unit in units.items()
    }


def _reached(lot: Lot) -> set[str]:
    """The nodes from which something stands in the dossier."""
    contracts = lot["contracts"]
    acceptance = contracts[0]["acceptance"] if contracts else None
    shown = {notice["kind"] for notice in lot["notices"]}
    found = {
        "N03": "tender" in shown,
        "N05": lot["documents"],
        "N06": lot["clarifications"] or lot["objections"],
        "N07": lot["bids"],
        "N08": lot["opening"],
        "N09": lot["evaluation"] and lot["evaluation"]["report_at"],
        "N10": "candidates" in shown,
        "N11": lot["awards"],
        "N12": lot["awards"] and lot["awards"][0]["report_at"],
        "N13": contracts,
        "N14": contracts and (contracts[0]["permit_at"] or contracts[0]["started_at"]),
        "N15": contracts and (contracts[0]["implementation"] or contracts[0]["amendments"]),
        "N16": acceptance,
        "N17": acceptance and acceptance["settlement_reviewed_at"],
        "N18": (acceptance and acceptance["archived_at"])
        or (contracts and contracts[0]["post_evaluation_at"]),
    }
    return {code for code, there in found.items() if there}


def _nodes(
    lot: Lot, plan: dict[str, datetime], operators: dict[str, tuple[str, str, str]]
) -> list[dict[str, Any]]:
    reached = _reached(lot)
    rows = []
    for code in sorted(reached | set(plan)):
        row: dict[str, Any] = {"id": f"1/{code}", "code": code, "planned_at": plan.get(code)}
        if code in reached:
            row["operator"], row["operator_org"], row["source_ip"] = operators[code]
        rows.append(row)
    return rows
