"""Compiled releases for the tests: plain ones built in a line, and messy ones at random."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

from wulian.analysis.indicators import Store, parse_settings
from wulian.analysis.indicators.judging import engine_for, judge, results

UNSET = object()


def bid(tenderers, amount=UNSET, status="valid", currency="CNY", date=None):
    """A bid of one tenderer ``"A"`` or several ``"A+B"``; without `amount` it has no value."""
    made = {"status": status, "tenderers": [{"id": name} for name in tenderers.split("+") if name]}
    if amount is not UNSET:
        made["value"] = {"amount": amount, "currency": currency}
    return {**made, "date": date} if date else made


def award(suppliers, status="active", classes=()):
    """An award to ``"A"`` or ``"A+B"``."""
    items = [{"classification": {"id": code}} for code in classes]
    return {
        "status": status,
        "suppliers": [{"id": name} for name in suppliers.split("+") if name],
        "items": items,
    }


def release(ocid, bids=(), awards=(), buyer=None, **tender):
    """A release; `tender` are fields of the tender."""
    made = {"ocid": ocid, "tender": tender, "bids": {"details": list(bids)}, "awards": list(awards)}
    return {**made, "buyer": {"id": buyer}} if buyer else made


def contest(ocid, *prices, winner="A"):
    """Bids of A, B, C … at these prices, of which `winner` won."""
    return release(
        ocid, [bid(name, price) for name, price in zip("ABCDEF", prices, strict=False)], [award(winner)]
    )


def to_lines(releases):
    """JSON lines, as bytes."""
    return [json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in releases]


def found(releases, **given):
    """What the indicators named in `given` find, as group → id → indicator → value."""
    with Store() as store:
        store.fill(to_lines(releases))
        return results(store, judge(store, parse_settings(given), engine_for(store)))


def flagged(releases, code, group="OCID", settings=None, **options):
    """What one indicator finds in one group, as id → value."""
    rows = found(releases, **{code: options}, **(settings or {})).get(group, {})
    return {key: values[code] for key, values in rows.items() if code in values}


def messy(count, seed):
    """Releases with everything that goes wrong in practice, but every `ocid` once."""
    chance = random.Random(seed)
    return [_messy(chance, f"o-{seed}-{number}") for number in range(count)]


def _messy(chance, ocid):
    made = {"ocid": ocid, "tender": _tender(chance), "bids": {"details": []}}
    made["bids"]["details"] = [_bid(chance) for _ in range(chance.choice((0, 1, 2, 3, 4, 6, 9)))]
    made["awards"] = [_award(chance) for _ in range(chance.choice((0, 1, 1, 1, 1, 2)))]
    if chance.random() < 0.5:
        made["bids"]["details"], made["awards"] = _auction(chance)
    if chance.random() < 0.9:
        made["buyer"] = _organisation(chance, "B", 5)
    for name in ("tender", "bids", "awards", "buyer"):
        if chance.random() < 0.03:
            made[name] = chance.choice((None, [], {}, "text", 7, [None, 3]))
    return made


def _auction(chance):
    """Bids of different tenderers, of which the lowest valid one won; sometimes it is the only valid one."""
    tenderers = chance.sample(range(8), chance.randrange(1, 6))
    valid = chance.choice((0.2, 0.9, 1))
    bids = [
        bid(
            f"T{tenderer}",
            chance.randrange(990, 1010) / 10,
            "valid" if place == 0 or chance.random() < valid else "disqualified",
            date=_moment(chance, 20),
        )
        for place, tenderer in enumerate(tenderers)
    ]
    lowest = min(
        (item for item in bids if item["status"] == "valid"), key=lambda item: item["value"]["amount"]
    )
    chance.shuffle(bids)
    return bids, [award(lowest["tenderers"][0]["id"], classes=[chance.choice(("4511", "7132", "市政"))])]


def _tender(chance):
    made = {
        "status": chance.choice(
            ("complete", "active", "cancelled", None, 5) if chance.random() < 0.2 else ("complete",)
        ),
        "procurementMethod": chance.choice(("open", "selective", "limited", "direct", None)),
        "procurementMethodDetails": chance.choice(("公开招标", "邀请招标", "抽签", None, 4)),
        "numberOfTenderers": chance.choice((0, 1, 2, 3, 1.0, True, "1", None)),
        "procuringEntity": _organisation(chance, "E", 5),
        "tenderPeriod": {"startDate": _moment(chance), "endDate": _moment(chance, 20)},
    }
    return {key: value for key, value in made.items() if chance.random() < 0.95}


def _moment(chance, later=0):
    day = datetime(2024, 3, 1, chance.randrange(24)) + timedelta(days=chance.randrange(6) + later)
    return chance.choice(
        (
            f"{day.isoformat()}Z",
            f"{day.isoformat()}Z",
            f"{day.isoformat()}+08:00",
            f"{day.isoformat()}.500-03:30",
            day.date().isoformat(),
            day.isoformat(),
            "下周",
            None,
        )
    )


def _organisation(chance, kind, count):
    return chance.choice(
        ({"id": f"{kind}{chance.randrange(count)}"},) * 12 + ({}, {"id": None}, {"id": 5}, "text", None)
    )


def _bid(chance):
    made = {
        "status": chance.choice(
            ("valid",) * 6 + ("disqualified", "disqualified", "pending", "withdrawn", "invited", "odd", None)
        ),
        "date": _moment(chance, chance.choice((19, 20, 21))),
        "tenderers": [_organisation(chance, "T", 8) for _ in range(chance.choice((1, 1, 1, 1, 1, 0, 2, 3)))],
        "value": {
            "amount": chance.choice((100, 100.0, 101.5, 99.99, 120, 0, -0.0, -5, 10**25, "100", None, True)),
            "currency": chance.choice(("CNY",) * 8 + ("USD", "JPY", None)),
        },
    }
    if chance.random() < 0.02:
        return chance.choice((None, "bid", 4, []))
    return {key: value for key, value in made.items() if chance.random() < 0.97}


def _award(chance):
    made = {
        "status": chance.choice(("active",) * 8 + ("cancelled", "unsuccessful", "pending", None, 3)),
        "suppliers": [_organisation(chance, "T", 8) for _ in range(chance.choice((1, 1, 1, 1, 0, 2)))],
        "items": [
            {"classification": {"id": chance.choice(("4511", "4520", "7132", "市政", "", 45, None))}}
            for _ in range(chance.randrange(3))
        ],
    }
    if chance.random() < 0.02:
        return chance.choice((None, "award", []))
    return {key: value for key, value in made.items() if chance.random() < 0.97}
