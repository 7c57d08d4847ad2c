"""`wulian simulate-opening` against a real server over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wulian import cli
from wulian.exchange.events.day import SCENARIOS, Day
from wulian.exchange.events.player import Connection, Player, Refused, main
from wulian.exchange.records import BEIJING
from wulian.information.registry.models import Bid, EvaluationScore
from wulian.information.supervision.models import FeedEvent, QuarantinedEvent, Room
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def issued(transactional_db):
    make.lot(deadline=datetime.now(BEIJING) - timedelta(hours=5))
    return make.token()


def player(live_server, issued, scenario="normal", said=None, **day):
    connection = Connection(live_server.url, issued.secret, pause=lambda seconds: None)
    say = said.append if said is not None else lambda line: None
    return Player(connection, Day(make.LOT_CODE, scenario=scenario, **day), speed=10_000, say=say)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_day_is_played_over_http_and_lands_in_the_dossier(live_server, issued, scenario):
    said: list[str] = []
    sent = player(live_server, issued, scenario, said, bidders=4).play()
    room = Room.objects.get()
    assert (room.state, room.next_sequence) == ("reported", sent + 1)
    assert Bid.objects.count() == 4
    assert EvaluationScore.objects.count() == 4 * 5 * 6
    assert not QuarantinedEvent.objects.exists()
    assert FeedEvent.objects.filter(state="waiting").count() == 0
    assert any("唱标" in line for line in said)
    assert (scenario == "broken-connection") is any("等待补号" in line for line in said)


def test_the_command_says_what_the_platform_refuses(live_server, issued, capsys):
    arguments = ["--base-url", live_server.url, "--token", "wls_wrong", "--lot", make.LOT_CODE]
    assert main(arguments) == 1
    assert "没有这个令牌" in capsys.readouterr().err


def test_the_command_is_part_of_wulian_and_refuses_to_play_a_lot_twice(live_server, issued, capsys):
    arguments = [
        "--base-url",
        live_server.url,
        "--token",
        issued.secret,
        "--lot",
        make.LOT_CODE,
        "--speed",
        "1000000",
    ]
    assert cli.main(["simulate-opening", *arguments, "--bidders", "3"]) == 0
    assert "共报送" in capsys.readouterr().out
    assert cli.main(["simulate-opening", *arguments]) == 1
    assert "不能从头再演一遍" in capsys.readouterr().err


def test_an_unknown_lot_is_named(live_server, issued):
    connection = Connection(live_server.url, issued.secret)
    with pytest.raises(Refused, match="E000"):
        Player(connection, Day("E000"), say=lambda line: None).play()


def test_a_platform_that_does_not_answer_is_tried_again_and_then_named():
    waits: list[float] = []
    connection = Connection("http://127.0.0.1:9", "x", pause=waits.append)
    with pytest.raises(Refused, match=r"127\.0\.0\.1:9"):
        connection.get("lots/E1")
    assert len(waits) == 5
