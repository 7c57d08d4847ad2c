"""Who takes part in the demonstration city's market: firms, agencies, owners, experts. Invented, seeded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from stdnum.cn import uscc

from wulian.demo import names
from wulian.exchange.records import PartyRecord

FIRMS, EXPERTS = 40, 60
"""In a sector of a city of 300 projects; a larger city has more."""
MOST_FIRMS = 800
RING_SIZES = {"housing": ("A", 5), "water": ("B", 4)}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def make_uscc(random: Random, region: str, kind: str) -> str:
    """A code that passes GB 32100's check and, inside, GB 11714's: 91 a firm, 12 an institution, 11 a government body."""
    body = "MA" + "".join(random.choice(_ALPHABET) for _ in range(6))
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(digits.index(char) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    code = f"{kind}{region}{body}{'0123456789X0'[11 - total % 11]}"
    return code + uscc.calc_check_digit(code)


def person_name(random: Random) -> str:
    """A Chinese name of two or three characters."""
    return random.choice(names.SURNAMES) + "".join(random.sample(names.GIVEN, random.choice((1, 2, 2))))


def phone_number(random: Random) -> str:
    """A mobile number of eleven digits."""
    return f"1{random.choice('3578')}{random.randrange(10**9):09d}"


def id_hash(random: Random) -> str:
    """What stands for an identity number: the digest of a random one."""
    return hashlib.sha256(random.randbytes(16)).hexdigest()[:32]


@dataclass
class Firm:
    """A tenderer with what its bids always carry: its own computer, account, staff."""

    party: PartyRecord
    sector: str
    strength: float
    managers: list[tuple[str, str, str]]
    device: dict[str, str]
    account: str
    contact: tuple[str, str, str]
    ring: str = ""


@dataclass
class Expert:
    """A member of the province's pool of evaluators."""

    name: str
    id_hash: str
    employer: str
    sector: str


@dataclass
class Market:
    """Everyone of the city, by sector where it matters."""

    firms: dict[str, list[Firm]] = field(default_factory=dict)
    agencies: list[PartyRecord] = field(default_factory=list)
    owners: dict[str, PartyRecord] = field(default_factory=dict)
    experts: dict[str, list[Expert]] = field(default_factory=dict)

    def ring(self, sector: str) -> list[Firm]:
        """The members of the sector's ring, in the order in which they take turns."""
        return [firm for firm in self.firms[sector] if firm.ring]

    def outsiders(self, sector: str) -> list[Firm]:
        """The firms of a sector that belong to no ring."""
        return [firm for firm in self.firms[sector] if not firm.ring]


def make_device(random: Random) -> dict[str, str]:
    """The fingerprint a bid-making tool records (REFERENCE J.2 制作工具)."""
    mac = ":".join(
        f"{random.choice((0x3C, 0x54, 0x70, 0xA4)):02X}" if i == 0 else f"{random.randrange(256):02X}"
        for i in range(6)
    )
    return {
        "device_mac": mac,
        "device_cpu": f"BFEBFBFF{random.randrange(16**8):08X}",
        "device_disk": f"WD-WX{random.randrange(10**8):08d}",
        "device_ip": f"58.51.{random.randrange(256)}.{random.randrange(1, 255)}",
        "device_lock_no": f"GLD{random.randrange(10**9):09d}",
        "device_tool_version": random.choice(("V7.2.1", "V7.3.0", "V8.0.2")),
    }


def build_market(random: Random, projects: int = 300) -> Market:
    """Forty firms a sector for 300 projects, eight agencies, experts, and the two rings."""
    market = Market()
    share = max(1.0, projects / 300) ** 0.6
    taken: set[str] = set()
    for sector, kinds in names.FIRM_KINDS.items():
        firms = min(int(FIRMS * share), MOST_FIRMS)
        market.firms[sector] = [_firm(random, sector, kinds, taken) for _ in range(firms)]
        market.experts[sector] = [
            Expert(person_name(random), id_hash(random), random.choice(names.EXPERT_EMPLOYERS), sector)
            for _ in range(int(EXPERTS * share))
        ]
    for sector, (ring, size) in RING_SIZES.items():
        for firm in market.firms[sector][:size]:
            firm.ring = ring
    market.agencies = [_agency(random, name) for name in names.AGENCY_NAMES]
    return market


def _address(random: Random, city: str) -> str:
    return f"{city}{random.choice(names.STREETS)}{random.randrange(1, 300)}号"


def _agency(random: Random, name: str) -> PartyRecord:
    city, region, area = names.FIRM_PLACES[name[:2]]
    code = make_uscc(random, region, "91")
    return PartyRecord(
        id=code,
        name=name,
        uscc=code,
        kind="enterprise",
        region_code=region,
        legal_representative=person_name(random),
        phone=f"{area}-{random.randrange(3_000_000, 8_999_999)}",
        address=_address(random, city),
    )


def _firm(random: Random, sector: str, kinds: Sequence[str], taken: set[str]) -> Firm:
    name = ""
    while not name or name in taken:
        name = random.choice(list(names.FIRM_PLACES)) + random.choice(names.FIRM_NAMES) + random.choice(kinds)
    taken.add(name)
    city, region, _area = names.FIRM_PLACES[name[:2]]
    code = make_uscc(random, region, "91")
    contact = (person_name(random), phone_number(random), f"{code[-8:].lower()}@mail.example")
    party = PartyRecord(
        id=code,
        name=name,
        uscc=code,
        kind="enterprise",
        is_sme=random.random() < 0.8,
        region_code=region,
        legal_representative=person_name(random),
        phone=contact[1],
        address=_address(random, city),
    )
    return Firm(
        party=party,
        sector=sector,
        strength=random.gauss(0, 1),
        managers=[
            (person_name(random), id_hash(random), f"鄂1422{random.randrange(10**9):09d}")
            for _ in range(random.randrange(5, 10))
        ],
        device=make_device(random),
        account=f"42{random.randrange(10**17):017d}",
        contact=contact,
    )


def owner_of(market: Market, random: Random, sector: str, region: str, town: str) -> PartyRecord:
    """The procuring entity for a project; the same name is always the same party."""
    place = names.REGIONS[region]
    seat = f"{place}{town}{'办事处' if town.endswith('街道') else '人民政府'}"
    wanted = names.CITY_OWNERS if region == names.CITY else names.OWNERS
    name = random.choice(wanted[sector]).format(region=place, town=town, seat=seat)
    if name not in market.owners:
        kind = "91" if "公司" in name else "12" if "中心" in name else "11"
        code = make_uscc(random, region, kind)
        market.owners[name] = PartyRecord(
            id=code,
            name=name,
            uscc=code,
            region_code=region,
            legal_representative=person_name(random),
            address=_address(random, "湖北省随州市" + ("" if region == names.CITY else place)),
            kind={"91": "enterprise", "12": "institution", "11": "government"}[kind],
        )
    return market.owners[name]
