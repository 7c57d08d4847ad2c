"""电子痕迹与关联: what bids of different firms have in common (REFERENCE C.2, C.4)."""

from __future__ import annotations

from functools import reduce
from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left
from wulian.analysis.redflags.registry import found, judges

EMPTY = (
    "",
    "NA",
    "NONE",
    "NULL",
    "UNKNOWN",
    "DEFAULTSTRING",
    "TOBEFILLEDBYOEM",
    "SYSTEMSERIALNUMBER",
    "无",
    "未知",
)
VIRTUAL = "^(005056|000C29|000569|080027|00155D|0242AC|00FF)"
"""First digits of the network cards of virtual machines."""
PRIVATE = r"^(10\.|127\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|0\.0\.0\.0|::1)"
ISSUED = ("保函", "保险", "保单", "担保", "guarantee", "insurance")


def clean(code: Any, defaults: str = "") -> Any:
    """Return a code in capitals without separators; null where it is a default that many machines share."""
    text = code.upper().re_replace("[^0-9A-Z一-龥]", "")
    useless = text.isin(EMPTY) | text.re_search("^(0+|F+|X+|1234567890*)$")
    if defaults:
        useless = useless | text.re_search(defaults)
    return useless.ifelse(ibis.null("string"), text)


def triple(bids: Table) -> Any:
    """Return network card, processor and disk as one text; null when one is missing."""
    parts = (clean(bids.device_mac, VIRTUAL), clean(bids.device_cpu), clean(bids.device_disk))
    return parts[0] + "/" + parts[1] + "/" + parts[2]


def shared(m: Market, values: Table) -> Table:
    """The bids of lots with two bidders and whether another firm of the lot has the same ``shared__value``.

    `values` has one row a bid. ``alike`` is unknown where fewer than two firms of the lot have a value.
    """
    bids = left(m.bids, values, "bid_id")
    has = bids.shared__value.notnull()
    per_lot = bids.group_by("lot_id").agg(
        firms=bids.tenderer.nunique(), telling=bids.tenderer.nunique(where=has)
    )
    same = bids.filter(has).group_by("lot_id", "shared__value").agg(shared__firms=ibis._.tenderer.nunique())
    rows = left(left(bids, per_lot, "lot_id"), same, "lot_id", "shared__value")
    rows = rows.filter(rows.firms >= 2)
    return rows.mutate(alike=known(rows.telling >= 2, (rows.shared__firms > 1).fill_null(False)))


def _raw(m: Market, value: Any) -> Table:
    bids = m.tables["bids"]
    return bids.select(bid_id="id", shared__value=value(bids))


def _alike(m: Market, value: Any) -> Table:
    rows = shared(m, _raw(m, value))
    return found(rows, rows.alike, rows.shared__firms, 1)


@judges("RF-38")
def same_computer(m: Market, p: Any) -> Table:
    return _alike(m, triple)


@judges("RF-39")
def same_lock(m: Market, p: Any) -> Table:
    return _alike(m, lambda bids: clean(bids.device_lock_no))


@judges("RF-40")
def same_file_code(m: Market, p: Any) -> Table:
    return _alike(m, lambda bids: clean(bids.device_file_code))


@judges("RF-41")
def same_part_of_computer(m: Market, p: Any) -> Table:
    whole = shared(m, _raw(m, triple)).select("bid_id", same_whole="alike")
    parts = {"mac": lambda bids: clean(bids.device_mac, VIRTUAL), "cpu": lambda bids: clean(bids.device_cpu),
             "disk": lambda bids: clean(bids.device_disk)}  # fmt: skip
    rows = m.bids
    for name, value in parts.items():
        same = shared(m, _raw(m, value))
        rows = left(rows, same.select("bid_id", "firms", **{f"same_{name}": "alike", f"device__{name}": "shared__value"})
                    if name == "mac" else
                    same.select("bid_id", **{f"same_{name}": "alike", f"device__{name}": "shared__value"}), "bid_id")  # fmt: skip
    rows = left(rows, whole, "bid_id").filter(ibis._.firms >= 2)
    same = [rows[f"same_{name}"] for name in parts]
    some = reduce(lambda one, other: one | other, (part.fill_null(False) for part in same))
    told = reduce(lambda one, other: one | other, (part.notnull() for part in same))
    count = sum((part.fill_null(False).cast("int64") for part in same), ibis.literal(0))
    return found(rows, known(told, some & ~rows.same_whole.fill_null(False)), count, 0)


@judges("RF-42")
def same_address_on_the_net(m: Market, p: Any) -> Table:
    def address(bids: Table) -> Any:
        useless = bids.device_ip.re_search(PRIVATE) | bids.device_ip.isin([*p.public, ""])
        return useless.ifelse(ibis.null("string"), bids.device_ip)

    return _alike(m, address)


def digits(text: Any) -> Any:
    """Return the last eight digits of a telephone number, null when it has fewer than seven."""
    number = text.re_replace("[^0-9]", "")
    return (number.length() >= 7).ifelse(number.right(8), ibis.null("string"))


def address_of(text: Any) -> Any:
    """Return an e-mail address or a place without spaces in small letters, null when it is too short to tell."""
    plain = text.lower().re_replace(r"[\s,，。.·#-]", "")
    return (plain.length() >= 6).ifelse(plain, ibis.null("string"))


@judges("RF-43")
def same_contact_phone(m: Market, p: Any) -> Table:
    return _alike(m, lambda bids: digits(bids.contact_phone))


@judges("RF-44")
def same_contact_email(m: Market, p: Any) -> Table:
    return _alike(m, lambda bids: address_of(bids.contact_email))


@judges("RF-45")
def same_manager(m: Market, p: Any) -> Table:
    return _alike(m, lambda bids: clean(ibis.coalesce(bids.manager_id_hash, bids.manager_certificate)))


def linked(m: Market, values: Table, most: int) -> Table:
    """The pairs of firms that met in a lot, and whether both have the same ``shared__value``.

    `values` has one row a firm (``party``) and a value it has; a value that more than `most` firms have links nobody. Unknown
    where one of the two has no value at all.
    """
    values = values.filter(values.shared__value.notnull(), values.party.notnull()).distinct()
    holders = values.group_by("shared__value").agg(shared__firms=values.party.nunique())
    rare = values.inner_join(holders.filter(holders.shared__firms.between(2, most)), "shared__value")
    other = rare.select("shared__value", second="party")
    same = rare.select("shared__value", "shared__firms", first="party").inner_join(other, "shared__value")
    same = same.filter(same.first < same.second).group_by("first", "second").agg(
        shared__value=ibis._.shared__value.min(), shared__firms=ibis._.shared__firms.min()
    )  # fmt: skip
    met = m.meetings.group_by("first", "second").agg(
        pair__together=m.meetings.lot_id.nunique(), day=m.meetings.day.max()
    )
    rows = left(met, same, "first", "second")
    for side in ("first", "second"):
        holds = values.select(**{side: "party", f"{side}_told": ibis.literal(True)}).distinct()
        rows = left(rows, holds, side)
    told = rows.first_told.notnull() & rows.second_told.notnull()
    return m.paired(found(rows, known(told, rows.shared__value.notnull()), rows.pair__together, 0))


def _register(m: Market, p: Any, value: Any) -> Table:
    parties = m.tables["parties"]
    return linked(m, parties.select(party="id", shared__value=value(parties)), p.most)


@judges("RF-46")
def same_account_elsewhere(m: Market, p: Any) -> Table:
    bids = m.tables["bids"]
    issued = bids.security_form.lower().re_search("|".join(ISSUED)).fill_null(False)
    account = issued.ifelse(ibis.null("string"), clean(bids.security_account))
    return linked(m, bids.select(party="tenderer", shared__value=account), p.most)


@judges("RF-47")
def same_computer_elsewhere(m: Market, p: Any) -> Table:
    bids = m.tables["bids"]
    return linked(m, bids.select(party="tenderer", shared__value=triple(bids)), p.most)


@judges("RF-48")
def same_registered_contact(m: Market, p: Any) -> Table:
    parties = m.tables["parties"]
    phones = parties.select(party="id", shared__value=digits(parties.phone))
    return linked(
        m, ibis.union(phones, parties.select(party="id", shared__value=address_of(parties.email))), p.most
    )


@judges("RF-49")
def same_registered_address(m: Market, p: Any) -> Table:
    return _register(m, p, lambda parties: address_of(parties.address))


@judges("RF-50")
def same_legal_representative(m: Market, p: Any) -> Table:
    return _register(m, p, lambda parties: (parties.kind == "person").fill_null(False).ifelse(
        ibis.null("string"), parties.legal_representative
    ))  # fmt: skip


@judges("RF-51")
def paid_by_another(m: Market, p: Any) -> Table:
    raw = m.tables["bids"]
    raw = raw.select(
        bid_id="id",
        bid__security_payer="security_payer",
        bid__security_form="security_form",
        paid=raw.security_amount > 0,
    )
    rows = left(m.bids, raw, "bid_id")
    issued = rows.bid__security_form.lower().re_search("|".join(ISSUED)).fill_null(False)
    rows = rows.filter((rows.paid.fill_null(False) | rows.bid__security_payer.notnull()) & ~issued)
    plain = [name.re_replace(r"[\s()（）]", "") for name in (rows.bid__security_payer, rows.tenderer__name)]
    return found(rows, plain[0] != plain[1], ibis.literal(1), 0)


@judges("RF-52")
def tied_to_buyer_or_agency(m: Market, p: Any) -> Table:
    parties = m.tables["parties"]
    facts = {
        "person": parties.legal_representative,
        "phone": digits(parties.phone),
        "place": address_of(parties.address),
    }
    facts_of = parties.select(party="id", **facts)
    rows = left(m.bids, m.lots.select("lot_id", "agency", "agency__name"), "lot_id")
    for side, key in (("own", "tenderer"), ("buyer", "buyer"), ("agent", "agency")):
        names = {f"{side}_{fact}": fact for fact in facts}
        rows = left(rows, facts_of.select(**{key: "party"}, **names), key)
    ties = [rows[f"own_{fact}"] == rows[f"{side}_{fact}"] for side in ("buyer", "agent") for fact in facts]
    some = reduce(lambda one, other: one | other, (tie.fill_null(False) for tie in ties))
    told = reduce(lambda one, other: one | other, (tie.notnull() for tie in ties))
    # A firm that bids for its own purchase is a matter of another kind.
    itself = ((rows.tenderer == rows.buyer) | (rows.tenderer == rows.agency)).fill_null(False)
    count = sum((tie.fill_null(False).cast("int64") for tie in ties), ibis.literal(0))
    rows = rows.mutate(bid__legal_representative=rows.own_person)
    return found(rows, known(told, some & ~itself), count, 0)


@judges("RF-53")
def uploaded_together(m: Market, p: Any) -> Table:
    met = m.meetings
    seconds = (met.first_at.epoch_seconds() - met.second_at.epoch_seconds()).cast("float64").abs()
    rush = ibis.greatest(met.first_at.epoch_seconds(), met.second_at.epoch_seconds())
    early = (met.opened_at.epoch_seconds() - rush >= p.rush * 60).fill_null(True)
    met = met.mutate(pair__seconds=seconds, early=early)
    told = met.group_by("lot_id").agg(told=met.pair__seconds.count())
    lots = m.lots.select("lot_id", "project__name", "lot__name")
    rows = m.paired(left(left(met, told, "lot_id"), lots, "lot_id"))
    close = ((rows.pair__seconds <= p.seconds) & rows.early).fill_null(False)
    rows = rows.mutate(bid__first_uploaded_at=rows.first_at, bid__second_uploaded_at=rows.second_at)
    return found(rows, known(rows.told > 0, close), rows.pair__seconds, p.seconds)


@judges("RF-54")
def uploaded_together_again(m: Market, p: Any) -> Table:
    met = m.meetings
    seconds = (met.first_at.epoch_seconds() - met.second_at.epoch_seconds()).cast("float64").abs()
    met = met.mutate(seconds=seconds, close=seconds <= p.minutes * 60)
    rows = met.group_by("first", "second").agg(
        pair__together=met.lot_id.nunique(), pair__timed=met.seconds.count(), pair__close=met.count(where=met.close),
        day=met.day.max(),
    )  # fmt: skip
    rows = m.paired(rows.filter(rows.pair__together >= p.times))
    verdict = (rows.pair__close >= p.times) & (rows.pair__close >= p.share * rows.pair__timed)
    return found(rows, known(rows.pair__timed >= p.times, verdict), rows.pair__close, p.times)
