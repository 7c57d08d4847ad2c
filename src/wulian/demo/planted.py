"""What is broken on purpose in the demonstration city, and where: the ground truth for the rules' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from wulian.demo import names
from wulian.demo.performing import give_to
from wulian.demo.setting import Lot, Setting, money, shift
from wulian.exchange.records import BEIJING, DossierRecord, ObjectionRecord

SHARE = 0.085
"""Share of the dossiers in which one rule is broken."""


@dataclass(frozen=True)
class Planted:
    """One planted fact: the rule (or the check of REFERENCE C.4) that must find it, and where.

    ``told`` is False for what follows from another planted fact: it may be found as well.
    """

    rule: str
    project_code: str
    lot_code: str = ""
    told: bool = True


@dataclass(frozen=True)
class Kind:
    """How a rule is broken, from when on anybody can see it, and which lots it fits."""

    breaks: Callable[[Setting, Lot], None]
    seen_at: Callable[[Lot], datetime]
    fits: Callable[[dict[str, Any], Lot], bool] = lambda data, lot: True
    implies: tuple[str, ...] = ()


def _issued(lot: Lot) -> datetime:
    return lot["documents"][0]["issued_at"]


def _opened(lot: Lot) -> datetime:
    return lot["opening"]["actual_at"]


def _evaluated(lot: Lot) -> datetime:
    return lot["evaluation"]["report_at"]


def _publicity(lot: Lot) -> datetime:
    return lot["notices"][1]["published_at"]


def _awarded(lot: Lot) -> datetime:
    return lot["awards"][0]["decided_at"]


def _signed(lot: Lot) -> datetime:
    return lot["contracts"][0]["signed_at"]


def _accepted(lot: Lot) -> datetime:
    return lot["contracts"][0]["acceptance"]["accepted_at"]


def _short_period(setting: Setting, lot: Lot) -> None:
    document = lot["documents"][0]
    issued = document["deadline_at"] - timedelta(days=setting.random.choice((15, 16, 17)))
    document.update(issued_at=issued, sale_starts_at=issued, sale_ends_at=issued + timedelta(days=7))
    lot["notices"][0].update(
        published_at=issued, platform_published_at=issued, ends_at=document["sale_ends_at"]
    )
    lot["clarifications"] = []
    _forget_objections(lot, "bidding_documents")


def _short_sale(setting: Setting, lot: Lot) -> None:
    document = lot["documents"][0]
    document["sale_ends_at"] = document["sale_starts_at"] + timedelta(days=3)
    lot["notices"][0]["ends_at"] = document["sale_ends_at"]


def _large_security(setting: Setting, lot: Lot) -> None:
    lot["bid_security_amount"] = money(
        float(lot["estimated_price"]) * setting.random.uniform(0.024, 0.036), 1000
    )
    for bid in lot["bids"]:
        bid["security_amount"] = lot["bid_security_amount"]


def _even_committee(setting: Setting, lot: Lot) -> None:
    gone = lot["evaluation"]["members"].pop()["id"]
    lot["evaluation"]["scores"] = [score for score in lot["evaluation"]["scores"] if score["member"] != gone]


def _short_publicity(setting: Setting, lot: Lot) -> None:
    notice = lot["notices"][1]
    notice["ends_at"] = notice["published_at"] + timedelta(days=1)
    _forget_objections(lot, "evaluation")


def _late_contract(setting: Setting, lot: Lot) -> None:
    delay = timedelta(weeks=setting.random.choice((6, 7, 9)))
    shift(lot["contracts"], delay)
    for bid in lot["bids"]:
        bid["security_refunded_at"] += delay


def _no_media(setting: Setting, lot: Lot) -> None:
    lot["notices"][0]["media"] = "随州本地信息网"


def _winner_not_first(setting: Setting, lot: Lot) -> None:
    second = lot["candidates"][1]["tenderer"]
    give_to(lot, next(bid for bid in lot["bids"] if bid["tenderer"] == second))


def _outside_candidates(setting: Setting, lot: Lot) -> None:
    last = min(lot["bids"], key=lambda bid: bid["score"])
    lot["candidates"] = [row for row in lot["candidates"] if row["tenderer"] != last["tenderer"]]
    give_to(lot, last)


def _same_account(setting: Setting, lot: Lot) -> None:
    for name in ("security_account", "security_payer"):
        lot["bids"][1][name] = lot["bids"][0][name]


def _late_refund(setting: Setting, lot: Lot) -> None:
    for bid in lot["bids"]:
        bid["security_refunded_at"] += timedelta(days=21)


def _floor_price(setting: Setting, lot: Lot) -> None:
    lot["floor_price"] = money(float(lot["ceiling_price"]) * 0.7)


def _no_validity(setting: Setting, lot: Lot) -> None:
    lot["bid_valid_days"] = None


def _notice_during_publicity(setting: Setting, lot: Lot) -> None:
    moment = (lot["notices"][1]["ends_at"] - timedelta(days=1)).replace(hour=10)
    lot["awards"][0].update(
        decided_at=moment - timedelta(hours=1),
        notice_at=moment,
        loser_notice_at=moment,
        result_published_at=moment + timedelta(hours=2),
        report_at=setting.within(moment.date(), 4, 14, 11),
    )
    _hasten_contract(setting, lot, moment)
    _forget_objections(lot, "evaluation")


def _hasten_contract(setting: Setting, lot: Lot, notice: datetime) -> None:
    """Keep the contract inside thirty days of an earlier notice."""
    late = (lot["contracts"][0]["signed_at"] - notice).days - 28
    if late > 0:
        shift(lot["contracts"], -timedelta(days=late))
        for bid in lot["bids"]:
            bid["security_refunded_at"] -= timedelta(days=late)


def _late_report(setting: Setting, lot: Lot) -> None:
    lot["awards"][0]["report_at"] = lot["awards"][0]["decided_at"] + timedelta(days=26)


def _late_bid(setting: Setting, lot: Lot) -> None:
    bid = lot["bids"][-1]
    bid["uploaded_at"] = lot["documents"][0]["deadline_at"] + timedelta(minutes=7)
    bid["receipt_at"] = bid["uploaded_at"] + timedelta(seconds=15)
    bid["decrypted_at"] = bid["uploaded_at"] + timedelta(minutes=9)


def _not_random(setting: Setting, lot: Lot) -> None:
    lot["evaluation"]["random_draw"] = False


def _late_clarification(setting: Setting, lot: Lot) -> None:
    lot["clarifications"] = [
        {
            "id": "C9",
            "issued_at": lot["documents"][0]["deadline_at"] - timedelta(days=8),
            "affects_bids": True,
            "downloader_count": 9,
            "notified_count": 9,
            "content": "调整主要材料的技术参数。",
        }
    ]


def _no_objection_contact(setting: Setting, lot: Lot) -> None:
    lot["notices"][0]["objection_contact"] = ""


def _late_filing(setting: Setting, lot: Lot) -> None:
    acceptance = lot["contracts"][0]["acceptance"]
    acceptance["filed_at"] = acceptance["accepted_at"] + timedelta(days=40)


def _cash_only(setting: Setting, lot: Lot) -> None:
    lot["bid_security_forms"] = "转账"


def _late_publicity(setting: Setting, lot: Lot) -> None:
    notice = lot["notices"][1]
    ends = notice["ends_at"].date()
    working = (n for n in range(1, 9) if setting.calendar.is_working_day(ends + timedelta(weeks=n)))
    weeks = next(working, 1)  # a working Saturday has no working day a week later
    delay = timedelta(weeks=weeks)
    shift(notice, delay)
    shift(lot["awards"], delay)
    shift(lot["contracts"], delay)
    for bid in lot["bids"]:
        bid["security_refunded_at"] += delay
    _forget_objections(lot, "evaluation")


def _late_permit(setting: Setting, lot: Lot) -> None:
    started = lot["contracts"][0]["started_at"]
    lot["contracts"][0]["permit_at"] = started + timedelta(days=33)


def _forget_objections(lot: Lot, target: str) -> None:
    lot["objections"] = [row for row in lot["objections"] if row["target"] != target]


def _owner_is_public(data: dict[str, Any], lot: Lot) -> bool:
    return data["parties"][0]["kind"] in ("government", "institution") and _issued(lot).date() >= date(
        2025, 6, 1
    )


def _four_bids(data: dict[str, Any], lot: Lot) -> bool:
    return len(lot["bids"]) >= 4


KINDS: dict[str, Kind] = {
    "YG-03": Kind(_late_filing, lambda lot: _accepted(lot) + timedelta(days=41)),
    "HT-01": Kind(_late_contract, lambda lot: _signed(lot) + timedelta(weeks=10)),
    "SG-01": Kind(_late_permit, lambda lot: lot["contracts"][0]["started_at"] + timedelta(days=34)),
    "HT-04": Kind(_late_refund, lambda lot: _signed(lot) + timedelta(days=30)),
    "DB-07": Kind(_late_report, lambda lot: _awarded(lot) + timedelta(days=27)),
    "DB-02": Kind(_winner_not_first, _signed, _four_bids, implies=("JS-02", "YG-04")),
    "DB-01": Kind(_outside_candidates, _signed, _four_bids, implies=("DB-02", "JS-02", "YG-04")),
    "GS-05": Kind(_notice_during_publicity, _signed),
    "GS-01": Kind(_late_publicity, lambda lot: _signed(lot) + timedelta(weeks=8)),
    "GS-02": Kind(_short_publicity, _publicity),
    "PB-01": Kind(_even_committee, _evaluated),
    "PB-03": Kind(_not_random, _evaluated),
    "TB-07": Kind(_same_account, _opened),
    "TB-02": Kind(_late_bid, _evaluated),
    "CQ-01": Kind(_late_clarification, _opened),
    "WJ-01": Kind(_short_period, _opened),
    "ZB-04": Kind(_short_sale, _opened),
    "WJ-02": Kind(_large_security, _opened),
    "WJ-04": Kind(_cash_only, _issued, _owner_is_public),
    "ZB-01": Kind(_no_media, _issued),
    "WJ-07": Kind(_floor_price, _issued),
    "WJ-06": Kind(_no_validity, _issued),
    "ZB-12": Kind(_no_objection_contact, _issued),
}
"""Rule → how it is broken; each breaks only what its rule looks at. What shows late in a project stands first."""


def plant(setting: Setting, data: dict[str, Any], lot: Lot) -> list[Planted]:
    """Break one rule in about one dossier of twelve, in turn; only what lies in the past by now."""
    setting.owed += SHARE
    if setting.owed < 1 or setting.random.random() < 0.5:
        return []
    if not setting.waiting:
        setting.waiting = list(KINDS)
    for rule in setting.waiting:
        kind = KINDS[rule]
        if kind.seen_at(lot) <= setting.until and kind.fits(data, lot):
            setting.waiting.remove(rule)
            setting.owed -= 1
            kind.breaks(setting, lot)
            where = (data["source_id"], lot["lot_code"])
            return [Planted(rule, *where), *(Planted(other, *where, told=False) for other in kind.implies)]
    return []


def leave_unanswered(dossiers: Iterable[DossierRecord], today: date) -> Planted | None:
    """Let nobody answer an objection to the bidding documents of one tender that is out: made seven days ago, ten before its deadline.

    Not one of KINDS: it must be fresh, so that the supervisor still has to order the answer.
    """
    received = datetime.combine(today - timedelta(days=7), time(10, 20), BEIJING)
    for dossier in dossiers:
        for lot in (lot for tender in dossier.project.tenders for lot in tender.lots):
            document = lot.documents[0] if lot.documents else None
            if document is None or lot.objections or not (document.issued_at and document.deadline_at):
                continue
            if document.issued_at < received < document.deadline_at - timedelta(days=11):
                lot.objections.append(
                    ObjectionRecord(
                        id="O-bidding_documents",
                        target="bidding_documents",
                        received_at=received,
                        on_platform=True,
                        content=names.OBJECTIONS["bidding_documents"],
                    )
                )
                # Who put the documents out also entered the objection.
                node = next(row for row in lot.nodes if row.code == "N05")
                lot.nodes.append(node.model_copy(update={"id": "1/N06", "code": "N06", "planned_at": None}))
                return Planted("CQ-03", dossier.source_id, lot.lot_code)
    return None
