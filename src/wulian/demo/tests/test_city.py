"""The city that is made up: the same for the same seed, believable, and broken only where it says so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pytest
from stdnum.cn import uscc

from wulian.analysis.flags import arrow_from_dossiers, iterate_hits, run_flags
from wulian.demo import names
from wulian.demo.city import city
from wulian.demo.planted import KINDS, Planted, leave_unanswered
from wulian.exchange.records import BEIJING, DossierRecord, LotDossier
from wulian.law.rules import all_rules

UNTIL = date(2026, 11, 20)
LATIN_ALLOWED = re.compile(r"G\d{3}国道|S\d{3}省道")


@cache
def told(seed: int = 2024, until: date = UNTIL) -> tuple[list[DossierRecord], list[Planted]]:
    planted: list[Planted] = []
    return list(city(seed=seed, until=until, planted=planted)), planted


def lots(dossiers: list[DossierRecord]) -> list[LotDossier]:
    return [lot for dossier in dossiers for tender in dossier.project.tenders for lot in tender.lots]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_city():
    first, second = ([d.model_dump_json() for d in city(projects=20, until=UNTIL)] for _ in range(2))
    assert first == second
    assert first != [d.model_dump_json() for d in city(projects=20, until=UNTIL, seed=5)]


def test_the_city_has_three_hundred_projects_in_four_sectors_the_city_and_three_counties():
    dossiers, _planted = told()
    assert len(dossiers) == 300
    assert {d.project.sector for d in dossiers} == {"housing", "transport", "water", "land"}
    assert {d.project.region_code for d in dossiers} == {"421300", "421303", "421321", "421381"}
    assert {d.project.approved_on.year for d in dossiers} == {2024, 2025, 2026}
    assert sum(len(lot.bids) for lot in lots(dossiers)) > 900
    assert all(3 <= len(lot.bids) <= 9 for lot in lots(dossiers) if lot.bids)


def test_running_projects_stand_at_every_stage():
    dossiers, _planted = told()
    shapes = Counter(
        "none" if not d.project.tenders
        else "announced" if not (lot := d.project.tenders[0].lots[0]).opening
        else "opened" if not lot.contracts
        else "building" if not lot.contracts[0].acceptance
        else "accepted"
        for d in dossiers
    )  # fmt: skip
    assert set(shapes) >= {"announced", "opened", "building", "accepted"}


def test_every_credit_code_and_project_code_is_valid():
    dossiers, _planted = told()
    for party in (party for dossier in dossiers for party in dossier.parties):
        assert uscc.is_valid(party.uscc), party
    for dossier in dossiers:
        assert re.fullmatch(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}", dossier.project.project_code)


def test_names_are_chinese_and_no_two_projects_share_one():
    dossiers, _planted = told()
    projects = [dossier.project.name for dossier in dossiers]
    assert len(set(projects)) == len(projects)
    people = [bid.manager_name for lot in lots(dossiers) for bid in lot.bids]
    parties = [party.name for dossier in dossiers for party in dossier.parties]
    for name in (*projects, *parties, *people):
        assert not re.search(r"[A-Za-z]", LATIN_ALLOWED.sub("", name)), name
    places = {address for address, _region, _area in names.FIRM_PLACES.values()}
    firms = [p for d in dossiers for p in d.parties if p.uscc.startswith("91") and "公司" in p.name]
    assert all(any(firm.address.startswith(place) for place in places) for firm in firms)


def test_a_party_is_the_same_wherever_it_appears():
    dossiers, _planted = told()
    seen = defaultdict(set)
    for party in (party for dossier in dossiers for party in dossier.parties):
        seen[party.uscc].add(party.model_dump_json())
    assert all(len(shapes) == 1 for shapes in seen.values())


def test_nothing_of_a_dossier_lies_after_the_day_it_is_told_but_what_is_announced():
    dossiers, _planted = told()
    now = datetime.combine(UNTIL, time(17), BEIJING)
    for lot in lots(dossiers):
        moments = [bid.uploaded_at for bid in lot.bids] + [row.published_at for row in lot.notices]
        moments += [row.decided_at for row in lot.awards] + [row.signed_at for row in lot.contracts]
        moments += [row.occurred_at for row in lot.contracts for row in row.implementation]
        assert all(moment is None or moment <= now for moment in moments)
        assert lot.opening is not None or not lot.bids, "nobody knows who bids before the opening"


def test_the_city_of_an_earlier_day_is_the_same_city_with_less_in_it():
    later, _planted = told()
    earlier = list(city(until=UNTIL, seen=date(2026, 9, 30)))
    known = {dossier.source_id: dossier for dossier in later}
    assert 0 < len(earlier) < len(later)
    for dossier in earlier:
        assert dossier.project.name == known[dossier.source_id].project.name
        before = dossier.project.tenders[0].lots[0].bids if dossier.project.tenders else []
        after = known[dossier.source_id].project.tenders[0].lots[0].bids if before else []
        assert [bid.price for bid in before] == [bid.price for bid in after]


@pytest.mark.parametrize("today", [UNTIL, date(2026, 3, 15)])
def test_one_objection_is_left_unanswered_where_its_period_ran_out_and_the_bidding_goes_on(today):
    """实施条例 第二十二条: at least ten days before the deadline, answered in three."""
    dossiers = [dossier.model_copy(deep=True) for dossier in told(until=today)[0]]
    planted = leave_unanswered(dossiers, today)
    left = [(lot, row) for lot in lots(dossiers) for row in lot.objections if row.replied_at is None]
    assert planted.rule == "CQ-03" and [lot.lot_code for lot, _row in left] == [planted.lot_code]
    lot, row = left[0]
    assert lot.documents[0].issued_at < row.received_at <= lot.documents[0].deadline_at - timedelta(days=10)
    assert (today - row.received_at.date()).days > 3 and lot.opening is None


def test_about_eight_per_cent_are_broken_and_each_kind_is_met():
    _dossiers, planted = told()
    broken = {fact.project_code for fact in planted if fact.told and fact.rule in KINDS}
    assert {fact.rule for fact in planted} >= set(KINDS)
    assert len(KINDS) >= 20
    assert 0.06 <= len(broken) / 300 <= 0.11


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "until"), [(2024, UNTIL), (7, date(2026, 3, 15))])
def test_the_rules_find_every_planted_fact_and_nothing_else(seed, until):
    dossiers, planted = told(seed, until)
    law = [rule for rule in all_rules() if rule.enabled and rule.condition]
    result = run_flags(arrow_from_dossiers(dossiers), rules=law, as_of=until)
    found = {(hit["rule"], hit["project_id"].split("/")[0]) for hit in iterate_hits(result)}
    rules = {rule.id for rule in result.rules}
    must = {(fact.rule, fact.project_code) for fact in planted if fact.told and fact.rule in rules}
    may = {(fact.rule, fact.project_code) for fact in planted}
    assert must - found == set(), "planted and not found"
    assert found - may == set(), "found in a clean dossier"


def test_ring_a_takes_turns_and_ring_b_covers_its_first_firm():
    dossiers, _planted = told()
    winners = {"housing": Counter(), "water": Counter()}
    for dossier in dossiers:
        for lot in lots([dossier]):
            members = _ring_members(dossier, lot)
            if members and lot.candidates:
                winners[dossier.project.sector][lot.candidates[0].tenderer] += 1
    assert len(winners["housing"]) == 5
    assert max(winners["housing"].values()) - min(winners["housing"].values()) <= 1
    _first, wins = winners["water"].most_common(1)[0]
    assert wins >= 0.6 * winners["water"].total()


def test_prices_of_a_ring_lie_at_regular_distances():
    dossiers, _planted = told()
    looked_at = 0
    for dossier in dossiers:
        for lot in lots([dossier]):
            members = _ring_members(dossier, lot)
            prices = sorted(float(bid.price) for bid in lot.bids if bid.tenderer in members and bid.price)
            if len(prices) >= 4:
                steps = [after / before for before, after in pairwise(prices)]
                assert max(steps) - min(steps) < 0.0005
                looked_at += 1
    assert looked_at >= 20


def test_members_of_a_ring_give_themselves_away_by_computer_lock_and_contact():
    dossiers, planted = told()
    of_project = {dossier.source_id: dossier for dossier in dossiers}
    fields = {
        "H-1": "device_mac",
        "H-3": "device_lock_no",
        "R-1": "contact_phone",
        "TB-07": "security_account",
    }
    met = Counter()
    for fact in planted:
        if fact.rule in fields:
            bids = of_project[fact.project_code].project.tenders[0].lots[0].bids
            values = Counter(getattr(bid, fields[fact.rule]) for bid in bids)
            assert max(values.values()) == 2, fact
            met[fact.rule] += 1
    assert all(met[check] >= 2 for check in fields)


@cache
def _members() -> dict[str, frozenset[str]]:
    """The rings as they are: who always bids together."""
    dossiers, _planted = told()
    found = {}
    for sector in ("housing", "water"):
        together = [
            frozenset(bid.tenderer for bid in lot.bids)
            for dossier in dossiers
            if dossier.project.sector == sector
            for lot in lots([dossier])
        ]
        pairs = Counter(frozenset((a, b)) for bids in together for a in bids for b in bids if a < b)
        most = pairs.most_common(1)[0][1]
        found[sector] = frozenset().union(*(pair for pair, count in pairs.items() if count >= most * 0.9))
    return found


def _ring_members(dossier: DossierRecord, lot: LotDossier) -> frozenset[str]:
    ring = _members().get(dossier.project.sector, frozenset())
    return ring if ring and ring <= {bid.tenderer for bid in lot.bids} else frozenset()
