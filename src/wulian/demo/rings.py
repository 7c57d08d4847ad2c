"""The two rings of the demonstration city: how they price, take turns and leave traces (REFERENCE C.4).

Ring A rotates five firms through housing; ring B covers one firm's bids in water works with four.
"""

from __future__ import annotations

from random import Random
from typing import Any

from wulian.demo.market import Firm
from wulian.demo.setting import Lot, Setting

ATTENDANCE = 0.22
"""Share of the sector's lots in which the ring bids."""
STEPS = {"A": 1.0085, "B": 1.004}
"""Each partner asks this much more than the one before."""
COVERED = 0.8
"""How often ring B's first firm is the one that shall win."""


def choose_winner(setting: Setting, members: list[Firm]) -> Firm:
    """Whom the ring has agreed on: the next in turn, or mostly its first."""
    ring = members[0].ring
    setting.turns[ring] += 1
    if ring == "A":
        return members[setting.turns[ring] % len(members)]
    return members[0] if setting.random.random() < COVERED else setting.random.choice(members[1:])


def ring_prices(random: Random, firms: list[Firm], chosen: Firm | None, ceiling: float) -> list[float] | None:
    """Prices of a ring's tender: the chosen winner, its partners at regular distances above; None without a ring."""
    if chosen is None:
        return None
    step = STEPS[chosen.ring]
    price = ceiling * random.uniform(0.955, 0.965)
    prices = {chosen.party.id: price}
    for rank, firm in enumerate([firm for firm in firms if firm.ring and firm is not chosen], 1):
        prices[firm.party.id] = price * step**rank
    return [prices.get(firm.party.id) or ceiling * random.uniform(0.972, 0.99) for firm in firms]


def _same_computer(first: dict[str, Any], second: dict[str, Any]) -> None:
    for name in ("device_mac", "device_cpu", "device_disk", "device_ip"):
        second[name] = first[name]


def _same_lock(first: dict[str, Any], second: dict[str, Any]) -> None:
    second["device_lock_no"] = first["device_lock_no"]


def _same_contact(first: dict[str, Any], second: dict[str, Any]) -> None:
    for name in ("contact_name", "contact_phone", "contact_email"):
        second[name] = first[name]


def _same_account(first: dict[str, Any], second: dict[str, Any]) -> None:
    for name in ("security_account", "security_payer"):
        second[name] = first[name]
    second["security_basic_account"] = True


TRACES = {
    "H-1": (0.30, _same_computer),
    "H-3": (0.25, _same_lock),
    "R-1": (0.20, _same_contact),
    "TB-07": (0.10, _same_account),
}
"""Check of REFERENCE C.4 (or rule of the catalogue) → how often a ring leaves it, and how."""


def leave_traces(random: Random, lot: Lot, firms: list[Firm], *, outsiders: bool) -> list[str]:
    """Let two members (or, with ``outsiders``, two firms of no ring) give themselves away; returns what shows it."""
    pair = [bid for bid, firm in zip(lot["bids"], firms, strict=True) if bool(firm.ring) != outsiders][:2]
    if len(pair) < 2:
        return []
    if outsiders:
        code = random.choice(("H-1", "H-3"))
        TRACES[code][1](*pair)
        return [code]
    found = []
    for code, (share, leave) in TRACES.items():
        if random.random() < share:
            leave(*pair)
            found.append(code)
    return found
