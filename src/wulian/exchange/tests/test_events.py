"""Events of a trading system: their shape, the invented day, and what cannot follow what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime

import pytest
from pydantic import ValidationError
from stdnum.cn import uscc

from wulian.exchange.events import EVENT, KINDS, Contradiction, Story, event_digest
from wulian.exchange.events.day import SCENARIOS, Day
from wulian.exchange.records import BEIJING

DEADLINE = datetime(2026, 7, 1, 9, tzinfo=BEIJING)


def told(scenario="normal", bidders=5, seed=1):
    return Day("E4213000001000123001", bidders, scenario, seed).events(DEADLINE)


def read(event):
    return EVENT.validate_python(json.loads(json.dumps(event)))


def fold(events):
    story = Story()
    for event in events:
        story.apply(read(event))
    return story


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("bidders", [2, 5, 12])
def test_every_invented_day_ends_with_a_report(scenario, bidders):
    story = fold(told(scenario, bidders))
    assert story.phase == "reported"
    assert len(story.bids) == bidders
    assert all(bid.price is not None for bid in story.bids.values())


def test_the_same_seed_gives_the_same_day():
    assert told(seed=7) == told(seed=7)
    assert told(seed=7) != told(seed=8)


def test_together_the_days_tell_every_kind_but_three():
    """A withdrawal, a correction of it and an answer to a remark need a reason of their own."""
    kinds = {event["kind"] for scenario in SCENARIOS for event in told(scenario)}
    assert set(KINDS) - kinds == {"bid.withdrawn", "remark.answered"}


def test_invented_firms_have_valid_credit_codes():
    codes = [
        event["data"]["tenderer"]["uscc"] for event in told(bidders=12) if event["kind"] == "bid.received"
    ]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(set(codes)) == 12


def test_the_ring_shares_computer_and_account_and_prices_climb_in_equal_steps():
    """招标投标法实施条例 第四十条."""
    story = fold(told("collusion"))
    ring = list(story.bids.values())[:3]
    assert len({bid.told.device_mac for bid in ring}) == len({bid.told.security_account for bid in ring}) == 1
    assert ring[1].price - ring[0].price == pytest.approx(ring[2].price - ring[1].price, abs=2)


def test_the_late_bid_comes_after_the_deadline_and_before_the_opening():
    story = fold(told("late"))
    late = [bid for bid in story.bids.values() if bid.received_at > DEADLINE]
    assert len(late) == 1
    assert late[0].received_at < story.opened_at


def test_the_time_of_sending_does_not_make_another_content():
    event = told()[0]
    later = {**event, "sent_at": "2026-07-02T09:00:00+08:00"}
    assert event_digest(read(event)) == event_digest(read(later))
    other = {**event, "occurred_at": "2026-07-01T08:00:01+08:00"}
    assert event_digest(read(event)) != event_digest(read(other))


def test_the_same_moment_in_another_zone_is_the_same_content():
    event = told()[0]
    moment = datetime.fromisoformat(event["occurred_at"])
    abroad = {
        **event,
        "occurred_at": moment.astimezone(datetime.fromisoformat("2026-01-01T00:00:00Z").tzinfo).isoformat(),
    }
    assert event_digest(read(event)) == event_digest(read(abroad))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("bid.received", {"colour": "red"}),
        ("bid.received", {"tenderer": {"name": "甲公司", "uscc": "91421300MA0000000X"}}),
        ("prices.read", {"prices": []}),
        ("prices.read", {"prices": [{"bid": "B01", "price": "-1"}]}),
        ("scores.given", {"items": [{"item": "方案", "score": "16", "weight": "15"}]}),
        ("video.published", {"url": "javascript:alert(1)"}),
        ("committee.drawn", {"members": [{"member": "M1", "name": "甲"}, {"member": "M1", "name": "乙"}]}),
    ],
)
def test_a_wrong_content_is_refused(kind, change):
    event = next(event for event in told() if event["kind"] == kind)
    with pytest.raises(ValidationError):
        read({**event, "data": {**event["data"], **change}})


FIRST = {kind: index for index, kind in reversed(list(enumerate(event["kind"] for event in told())))}


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("opening.started", "deadline.reached"),
        ("bid.decrypted", "opening.started"),
        ("prices.read", "bid.decrypted"),
        ("opening.objected", "opening.started"),
        ("opening.answered", "opening.objected"),
        ("member.signed_in", "committee.drawn"),
        ("evaluation.started", "committee.drawn"),
        ("scores.given", "evaluation.started"),
        ("clarification.answered", "clarification.asked"),
        ("bid.rejected", "evaluation.started"),
        ("evaluation.finished", "evaluation.started"),
        ("report.submitted", "evaluation.finished"),
    ],
)
def test_an_event_without_what_must_come_before_is_refused_and_changes_nothing(kind, needed):
    events = told()
    before = [event for event in events[: FIRST[kind]] if event["kind"] != needed]
    story = Story()
    for event in before:
        try:
            story.apply(read(event))
        except Contradiction:
            continue
    picture = repr(story)
    with pytest.raises(Contradiction) as refused:
        story.apply(read(events[FIRST[kind]]))
    assert refused.value.field and refused.value.message
    assert repr(story) == picture


@pytest.mark.parametrize(
    "kind",
    ["bid.received", "deadline.reached", "opening.started", "opening.objected", "opening.answered", "committee.drawn",
     "member.signed_in", "evaluation.started", "clarification.asked", "evaluation.finished", "report.submitted"],
)  # fmt: skip
def test_what_happens_once_is_refused_the_second_time(kind):
    events = told()
    story = fold(events[: FIRST[kind] + 1])
    with pytest.raises(Contradiction):
        story.apply(read(events[FIRST[kind]]))


def test_an_opening_before_the_deadline_is_refused():
    """招标投标法 第三十四条."""
    events = told()
    story = fold(events[: FIRST["opening.started"]])
    early = {**events[FIRST["opening.started"]], "occurred_at": "2026-07-01T08:59:59+08:00"}
    with pytest.raises(Contradiction, match="第三十四条"):
        story.apply(read(early))


def test_scores_that_are_sent_again_replace_the_earlier_ones():
    events = told()
    story = fold(events[: FIRST["scores.given"] + 1])
    again = events[FIRST["scores.given"]]
    items = [{**item, "score": "1.00"} for item in again["data"]["items"]]
    story.apply(read({**again, "data": {**again["data"], "items": items}}))
    rows = story.rows(names=False)
    assert {score.score for score in rows.evaluation.scores} == {1}


def test_members_stand_under_aliases_unless_names_are_wanted():
    story = fold(told())
    hidden = [member.name for member in story.rows(names=False).evaluation.members]
    assert hidden == ["评委1", "评委2", "评委3", "评委4", "评委5"]
    shown = {member.name for member in story.rows(names=True).evaluation.members}
    drawn = told()[FIRST["committee.drawn"]]["data"]["members"]
    assert shown == {member["name"] for member in drawn}


def test_the_same_day_is_invented_in_every_process():
    source = (
        "import json; from datetime import datetime, UTC; from wulian.exchange.events.day import Day; "
        "print(json.dumps(Day('E1', 6, 'outlier', 3).events(datetime(2026, 7, 1, tzinfo=UTC))))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", source],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
