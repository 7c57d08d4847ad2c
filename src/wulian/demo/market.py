"""Who takes part in the demonstration city's market: firms, agencies, owners, experts. Invented, seeded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from random import Random

from stdnum.cn import uscc

from wulian.demo import names
from wulian.exchange.records import PartyRecord

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_uscc(random: Random, region: str, kind: str) -> str:
    """A code that passes GB 32100's check: 91 a firm, 12 an institution, 11 a government body."""
    body = "".join(random.choice(_ALPHABET) for _ in range(7))
    code = f"{kind}{region}MA{body}"
    return code + uscc.calc_check_digit(code)


def person_name(random: Random) -> str:
    return random.choice(names.SURNAMES) + "".join(random.sample(names.GIVEN, random.choice((1, 2, 2))))


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
    phone: str
    ring: str = ""


@dataclass
class Expert:
    name: str
    id_hash: str
    employer: str
    sector: str


@dataclass
class Market:
    firms: dict[str, list[Firm]] = field(default_factory=dict)
    agencies: list[PartyRecord] = field(default_factory=list)
    owners: dict[str, PartyRecord] = field(default_factory=dict)
    experts: dict[str, list[Expert]] = field(default_factory=dict)


def make_device(random: Random) -> dict[str, str]:
    """The fingerprint a bid-making tool records (REFERENCE J.2 制作工具)."""
    mac = ":".join(
        f"{random.choice((0x3C, 0x54, 0x70, 0xA4)):02X}" if i == 0 else f"{random.randrange(256):02X}"
        for i in range(6)
    )
    return {
        "device_mac": mac,
        "device_cpu": f"BFEBFBFF{random.randrange(16**8):08X}",
        "device_disk": f"WD-WX{random.randrange(36**6):08d}",
        "device_ip": f"58.51.{random.randrange(256)}.{random.randrange(1, 255)}",
        "device_lock_no": f"GLD{random.randrange(10**9):09d}",
        "device_tool_version": random.choice(("V7.2.1", "V7.3.0", "V8.0.2")),
    }


def build_market(random: Random) -> Market:
    """About forty firms a sector, eight agencies, a hundred experts, and two rings (see :mod:`wulian.demo.planted`)."""
    market = Market()
    taken: set[str] = set()
    for sector, kinds in names.FIRM_KINDS.items():
        market.firms[sector] = [_firm(random, sector, kinds, taken) for _ in range(40)]
        market.experts[sector] = [
            Expert(
                person_name(random),
                id_hash(random),
                random.choice(
                    (
                        "湖北省水利设计院",
                        "武汉理工大学",
                        "随州市建筑设计院",
                        "湖北交投集团",
                        "襄阳市工程质量监督站",
                        "长江勘测规划设计院",
                    )
                ),
                sector,
            )
            for _ in range(60)
        ]
    for firm in market.firms["housing"][:5]:
        firm.ring = "A"
    for firm in market.firms["water"][:4]:
        firm.ring = "B"
    market.agencies = [
        PartyRecord(
            id=f"agency-{number}", name=name, uscc=make_uscc(random, "421303", "91"), kind="enterprise", region_code="421303",
            legal_representative=person_name(random), address=f"湖北省随州市曾都区迎宾大道{number + 11}号",
        )
        for number, name in enumerate(names.AGENCY_NAMES)
    ]  # fmt: skip
    return market


def _firm(random: Random, sector: str, kinds: list[str], taken: set[str]) -> Firm:
    while (
        name := random.choice(names.FIRM_PLACES) + random.choice(names.FIRM_NAMES) + random.choice(kinds)
    ) in taken:
        pass
    taken.add(name)
    region = random.choice(("421303", "421321", "421381", "420106", "420600"))
    code = make_uscc(random, region, "91")
    phone = f"1{random.choice('3578')}{random.randrange(10**9):09d}"
    return Firm(
        party=PartyRecord(
            id=code, name=name, uscc=code, kind="enterprise", is_sme=random.random() < 0.8, region_code=region,
            legal_representative=person_name(random), phone=phone, address=f"{name[:2]}市建设路{random.randrange(1, 300)}号",
        ),
        sector=sector,
        strength=random.gauss(0, 1),
        managers=[
            (person_name(random), id_hash(random), f"鄂1422{random.randrange(10**9):09d}") for _ in range(random.randrange(5, 10))
        ],
        device=make_device(random),
        account=f"42{random.randrange(10**17):017d}",
        phone=phone,
    )  # fmt: skip


def owner_of(market: Market, random: Random, sector: str, region: str, town: str) -> PartyRecord:
    """The procuring entity for a project; the same name is always the same party."""
    name = random.choice(names.OWNERS[sector]).format(region=names.REGIONS[region], town=town)
    if "人民政府" in name:
        name = f"{names.REGIONS[region]}{name}"
    if name not in market.owners:
        kind = "91" if "公司" in name else "12" if "中心" in name else "11"
        code = make_uscc(random, region, kind)
        market.owners[name] = PartyRecord(
            id=code, name=name, uscc=code, region_code=region, legal_representative=person_name(random),
            kind={"91": "enterprise", "12": "institution", "11": "government"}[kind],
        )  # fmt: skip
    return market.owners[name]
