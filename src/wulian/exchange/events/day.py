"""A believable day of opening and evaluation, invented from a seed: the events in order, without network or platform.

The firms and persons do not exist; their credit codes only have a valid check digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal, get_args

from stdnum.cn import uscc as uscc_rule

Scenario = Literal["normal", "outlier", "late", "collusion", "broken-connection"]
SCENARIOS: tuple[str, ...] = get_args(Scenario)

DEFAULT_CEILING = Decimal("8600000.00")
EXPERTS, REPRESENTATIVES = 4, 1
_PLACES = ("湖北", "随州", "武汉", "襄阳", "曾都", "广水", "孝感", "荆门")
_WORDS = (
    "涢水",
    "神农",
    "炎帝",
    "编钟",
    "烈山",
    "桐柏",
    "楚天",
    "汉东",
    "厉山",
    "云梦",
    "鼎信",
    "安澜",
    "中泰",
    "鸿远",
)
_TRADES = ("建设工程有限公司", "建筑工程有限公司", "市政工程有限公司", "水利水电工程有限公司")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = (
    "建国",
    "志强",
    "丽华",
    "晓东",
    "国庆",
    "文斌",
    "秀兰",
    "立新",
    "海涛",
    "雪梅",
    "永生",
    "思远",
    "春燕",
    "卫民",
)
_EMPLOYERS = (
    "随州职业技术学院",
    "湖北省城建设计院",
    "随州市建筑设计院（退休）",
    "武汉理工大学",
    "襄阳市交通规划院",
    "孝感市水利设计院",
)
_ITEMS: tuple[tuple[str, int, bool], ...] = (
    ("施工方案与技术措施", 15, False),
    ("质量与安全保证措施", 10, False),
    ("进度计划与资源配置", 5, False),
    ("项目管理机构", 10, True),
    ("企业业绩与信誉", 10, True),
    ("投标报价", 50, True),
)
_STAFFED = frozenset(
    {
        "deadline.reached",
        "opening.started",
        "opening.objected",
        "opening.finished",
        "evaluation.started",
        "report.submitted",
    }
)
_QUESTION = "贵单位投标函工期与施工进度计划表所列工期不一致，请书面说明以何者为准。"
_ANSWER = "以投标函所载工期为准，进度计划表相应内容系笔误，不改变投标文件的实质性内容。"
_OBJECTION = "我单位解密后屏幕显示的工期与投标函不一致，请当场核对。"
_REPLY = "经当场调取投标函核对，显示内容有误已更正，投标人确认无异议。"
_REJECTED = "投标文件未对招标文件的实质性要求和条件作出响应（招标投标法实施条例第五十一条第六项）：未按要求提供安全生产承诺书。"


@dataclass(frozen=True)
class Beat:
    """One thing that happens, minutes after the deadline (before it when negative)."""

    minute: float
    kind: str
    data: dict[str, Any]


@dataclass
class Day:
    """What is played: the lot, who bids, and the scenario."""

    lot: str
    bidders: int = 5
    scenario: Scenario = "normal"
    seed: int = 1
    ceiling: Decimal = DEFAULT_CEILING
    deadline: datetime | None = None
    _random: Random = field(default_factory=Random, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 2 <= self.bidders <= 40:
            raise ValueError("投标人数应为2至40")

    def beats(self) -> list[Beat]:
        """Everything that happens, in order; the same for the same day."""
        self._random = Random(f"{self.seed}/{self.lot}/{self.scenario}/{self.bidders}")
        bids = self._bids()
        beats = [*self._before(bids), *self._opening(bids), *self._evaluation(bids)]
        return sorted(beats, key=lambda beat: beat.minute)

    def event_id(self, number: int) -> str:
        """The id of the event with this sequence number."""
        mark = hashlib.sha256(
            f"{self.seed}/{self.scenario}/{self.bidders}/{self.deadline}".encode()
        ).hexdigest()[:8]
        return f"{self.lot}-{mark}-{number:04d}"[-64:]

    def events(self, deadline: datetime, *, now: datetime | None = None) -> list[dict[str, Any]]:
        """The events as they would be sent for this deadline; nothing happens after ``now`` (by default all happens on time)."""
        self.deadline = deadline
        return [
            self.event(number, beat, _at(deadline, beat.minute, now), now or _at(deadline, beat.minute, None))
            for number, beat in enumerate(self.beats(), 1)
        ]

    def event(self, number: int, beat: Beat, occurred_at: datetime, sent_at: datetime) -> dict[str, Any]:
        """One event, ready for JSON."""
        data = dict(beat.data)
        if beat.kind == "deadline.reached" and self.deadline:
            data["deadline_at"] = self.deadline.isoformat()
        if beat.kind == "opening.finished":
            data["record_published_at"] = occurred_at.isoformat()
        if beat.kind == "bid.received":
            data["receipt_at"] = (occurred_at + timedelta(seconds=2)).isoformat()
        return {
            "id": self.event_id(number),
            "lot": self.lot,
            "sequence": number,
            "kind": beat.kind,
            "occurred_at": occurred_at.isoformat(),
            "sent_at": sent_at.isoformat(),
            "operator": "交易中心见证员" if beat.kind in _STAFFED else "",
            "operator_org": "随州市公共资源交易中心" if beat.kind in _STAFFED else "",
            "address": "10.42.8.15",
            "data": data,
        }

    # --- who bids -------------------------------------------------------------------------------------------------

    def _bids(self) -> list[dict[str, Any]]:
        random = self._random
        names = self._different(
            self.bidders, lambda: random.choice(_PLACES) + random.choice(_WORDS) + random.choice(_TRADES)
        )
        base = float(self.ceiling) * random.uniform(0.93, 0.955)
        bids = []
        for number, name in enumerate(names, 1):
            price = base * random.uniform(0.972, 1.028)
            bids.append(self._bid(number, name, Decimal(round(price)).quantize(Decimal("0.01"))))
        if self.scenario == "collusion" and len(bids) >= 3:
            self._collude(bids[:3])
        return bids

    def _bid(self, number: int, name: str, price: Decimal) -> dict[str, Any]:
        random = self._random
        octets = ":".join(f"{random.randrange(256):02X}" for _ in range(3))
        return {
            "bid": f"B{number:02d}",
            "price": price,
            "duration_days": random.choice((180, 200, 210, 240)),
            "skill": random.uniform(0.78, 0.92),
            "told": {
                "bid": f"B{number:02d}",
                "tenderer": {"name": name, "uscc": invented_uscc(random), "legal_representative": self._person()},
                "encrypted": True,
                "accepted": True,
                "manager_name": self._person(),
                "manager_certificate": f"鄂142{random.randrange(10**9):09d}",
                "security_form": "电子保函" if random.random() < 0.5 else "银行转账",
                "security_amount": "150000.00",
                "security_payer": name,
                "security_account": f"42001{random.randrange(10**11):011d}",
                "security_basic_account": True,
                "device_mac": f"3C:52:82:{octets}",
                "device_cpu": f"BFEBFBFF{random.randrange(16**8):08X}",
                "device_ip": f"58.{random.randrange(48, 56)}.{random.randrange(256)}.{random.randrange(2, 250)}",
                "device_lock_no": f"GLD{random.randrange(10**7):07d}",
                "device_tool_version": "6.2.1",
                "device_file_code": f"{random.randrange(16**12):012X}",
            },
        }  # fmt: skip

    def _collude(self, ring: list[dict[str, Any]]) -> None:
        """Three firms, one computer, one account, and prices at equal steps (招标投标法实施条例 第四十条)."""
        first = ring[0]
        for step, bid in enumerate(ring[1:], 1):
            bid["price"] = (
                (first["price"] * (1000 + 6 * step) / 1000).quantize(Decimal("1")).quantize(Decimal("0.01"))
            )
            for name in ("device_mac", "device_cpu", "device_lock_no", "security_account", "security_payer"):
                bid["told"][name] = first["told"][name]

    @staticmethod
    def _different(count: int, make: Callable[[], str]) -> list[str]:
        """``count`` texts, each once, in the order in which they were made: a set would order them by chance."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[make()] = None
        return list(found)

    def _person(self) -> str:
        return self._random.choice(_SURNAMES) + self._random.choice(_GIVEN)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _before(self, bids: list[dict[str, Any]]) -> Iterator[Beat]:
        members = self._members()
        yield Beat(-55, "committee.drawn", {"members": members, "random_draw": True})
        for index, bid in enumerate(bids):
            late = self.scenario == "late" and index == len(bids) - 1
            minute = 2.5 if late else -50 + 45 * (index + self._random.random() * 0.8) / len(bids)
            yield Beat(round(minute, 2), "bid.received", bid["told"])

    def _members(self) -> list[dict[str, Any]]:
        random = self._random
        names = self._different(EXPERTS + REPRESENTATIVES, self._person)
        found = []
        for number, name in enumerate(names, 1):
            expert = number <= EXPERTS
            found.append(
                {
                    "member": f"M{number}",
                    "name": name,
                    "kind": "expert" if expert else "representative",
                    "id_hash": hashlib.sha256(f"{self.seed}{name}".encode()).hexdigest()[:32],
                    "employer": random.choice(_EMPLOYERS) if expert else "招标人",
                    "pool": "湖北省综合评标专家库" if expert else "",
                    "pool_approved": True if expert else None,
                    "draw_no": f"{random.randrange(10**8):08d}" if expert else "",
                }
            )
        return found

    def _opening(self, bids: list[dict[str, Any]]) -> Iterator[Beat]:
        yield Beat(0, "deadline.reached", {})
        yield Beat(
            3 if self.scenario == "late" else 1,
            "opening.started",
            {"place": "随州市公共资源交易中心第三开标室"},
        )
        yield Beat(
            4, "video.published", {"label": "第三开标室", "url": "https://video.ggzy.suizhou.example/rooms/3"}
        )
        minute = 5.0
        for bid in bids:
            yield Beat(minute, "bid.decrypted", {"bid": bid["bid"], "ok": True})
            minute += 1
        for bid in bids:
            minute += 0.5
            price = {
                "bid": bid["bid"],
                "price": str(bid["price"]),
                "duration_days": bid["duration_days"],
                "quality": "合格",
            }
            yield Beat(minute, "prices.read", {"prices": [price]})
        objector = bids[-1]["bid"]
        yield Beat(
            minute + 1, "opening.objected", {"objection": "Y01", "bid": objector, "content": _OBJECTION}
        )
        yield Beat(minute + 3, "opening.answered", {"objection": "Y01", "content": _REPLY})
        yield Beat(minute + 5, "opening.finished", {})

    def _evaluation(self, bids: list[dict[str, Any]]) -> Iterator[Beat]:
        minute = 60.0 + 2 * len(bids)
        members = [f"M{number}" for number in range(1, EXPERTS + REPRESENTATIVES + 1)]
        for index, member in enumerate(members):
            yield Beat(minute - 15 + index, "member.signed_in", {"member": member, "verified": True})
        yield Beat(minute, "evaluation.started", {"place": "第二评标室"})
        yield Beat(minute + 1, "video.published", {"label": "第二评标室", "url": "https://video.ggzy.suizhou.example/rooms/12"})  # fmt: skip
        yield Beat(minute + 20, "clarification.asked", {"clarification": "C01", "bid": bids[0]["bid"], "content": _QUESTION})  # fmt: skip
        yield Beat(minute + 35, "clarification.answered", {"clarification": "C01", "content": _ANSWER})
        valid = bids
        if len(bids) > 4 and self.scenario == "normal":
            valid = bids[:-1]
            yield Beat(
                minute + 40, "bid.rejected", {"bid": bids[-1]["bid"], "code": "TL51-6", "basis": _REJECTED}
            )
        step = 60 / (len(members) * len(valid))
        sheets = self._sheets(members, valid)
        for number, (member, bid, items) in enumerate(sheets):
            yield Beat(
                minute + 45 + number * step, "scores.given", {"member": member, "bid": bid, "items": items}
            )
        end = minute + 110
        yield Beat(end, "evaluation.finished", {"all_rejected": False})
        yield Beat(end + 15, "report.submitted", self._report(members, sheets))

    def _sheets(
        self, members: list[str], bids: list[dict[str, Any]]
    ) -> list[tuple[str, str, list[dict[str, Any]]]]:
        lowest = min(bid["price"] for bid in bids)
        same = {bid["bid"]: self._same_for_all(bid, lowest) for bid in bids}
        strong = sorted(bids, key=lambda bid: -self._standing(bid, same))
        return [
            (member, bid["bid"], [*self._opinion(index, bid, strong), *same[bid["bid"]]])
            for bid in bids
            for index, member in enumerate(members)
        ]

    def _same_for_all(self, bid: dict[str, Any], lowest: Decimal) -> list[dict[str, Any]]:
        """Objective items: every member gives the same (发改法规规〔2022〕1117号)."""
        above = float(bid["price"] / lowest - 1) * 100
        scores = {
            "投标报价": max(0.0, 50 - above),
            "项目管理机构": self._random.choice((8, 9, 10)),
            "企业业绩与信誉": self._random.choice((7, 8, 9, 10)),
        }
        return [
            {
                "item": item,
                "score": f"{scores[item]:.2f}",
                "weight": str(weight),
                "objective": True,
                "in_documents": True,
            }
            for item, weight, objective in _ITEMS
            if objective
        ]

    def _standing(self, bid: dict[str, Any], same: dict[str, list[dict[str, Any]]]) -> float:
        return sum(float(row["score"]) for row in same[bid["bid"]]) + 30 * float(bid["skill"])

    def _opinion(self, index: int, bid: dict[str, Any], strong: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Subjective items: near the bid's quality; in the scenario ``outlier`` the first member pushes the second in line."""
        shares = [min(0.97, max(0.6, bid["skill"] + self._random.uniform(-0.03, 0.03))) for _ in range(3)]
        if self.scenario == "outlier" and index == 0:
            if bid is strong[0]:
                shares = [0.3] * 3
            elif bid is strong[1]:
                shares = [1.0] * 3
        subjective = [(item, weight) for item, weight, objective in _ITEMS if not objective]
        return [
            {"item": item, "score": f"{weight * share:.2f}", "weight": str(weight), "objective": False, "in_documents": True}
            for (item, weight), share in zip(subjective, shares, strict=True)
        ]  # fmt: skip

    @staticmethod
    def _report(members: list[str], sheets: list[tuple[str, str, list[dict[str, Any]]]]) -> dict[str, Any]:
        totals: dict[str, float] = {}
        for _member, bid, items in sheets:
            totals[bid] = totals.get(bid, 0) + sum(float(item["score"]) for item in items)
        ranked = sorted(totals, key=lambda bid: -totals[bid])[:3]
        return {
            "candidates": [{"bid": bid, "rank": rank} for rank, bid in enumerate(ranked, 1)],
            "signatures": [{"member": member, "signed": True} for member in members],
        }


def invented_uscc(random: Random) -> str:
    """A credit code with a valid check digit for a firm that does not exist."""
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91421300MA" + "".join(random.choice(digits) for _ in range(7))
    return body + str(uscc_rule.calc_check_digit(body))


def _at(deadline: datetime, minute: float, now: datetime | None) -> datetime:
    moment = deadline + timedelta(minutes=minute)
    return min(moment, now) if now else moment
