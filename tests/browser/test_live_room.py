"""The live room in real Chromium: the simulator plays, a price appears, the line breaks and nothing is lost."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.ui.testing import sign_in
from wulian.exchange.events.day import Day
from wulian.exchange.events.player import Connection, Player
from wulian.exchange.records import BEIJING
from wulian.information.registry.models import Lot
from wulian.information.supervision.models import Room
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 2.0
"""Seconds within which an event must be on the screen."""


class Steps(Player):
    """A player that sends the next events when it is told to."""

    def __init__(self, *arguments, **values) -> None:
        super().__init__(*arguments, **values)
        self.queue: list = []

    def prepare(self, deadline: datetime) -> None:
        self.day.deadline = deadline
        self.queue = list(self._groups(self.day.beats(), deadline))

    def until(self, kind: str) -> dict:
        """Send up to and with the next event of a kind; returns it."""
        while True:
            group = self.queue.pop(0)
            self._send(group)
            if group[0]["kind"] == kind:
                return group[0]


@pytest.fixture
def officer(transactional_db):
    department = seed_departments()["housing"]
    user = User.objects.create(username="officer", full_name="陈丽", department=department)
    RoleGrant.objects.create(user=user, role=Role.CASE_OFFICER)
    return user


@pytest.fixture
def steps(live_server, transactional_db):
    deadline = datetime.now(BEIJING) - timedelta(hours=5)
    make.lot(deadline=deadline)
    issued = make.token()
    connection = Connection(live_server.url, issued.secret, pause=lambda seconds: None)
    made = Steps(connection, Day(make.LOT_CODE, 5, "outlier", 1), say=lambda line: None)
    made.prepare(deadline)
    return made


def lines(page: Page) -> list[int]:
    found = page.locator("[data-timeline] [data-position]").evaluate_all(
        "items => items.map(item => Number(item.dataset.position))"
    )
    return list(reversed(found))


def test_a_price_appears_within_two_seconds_and_a_broken_line_loses_nothing(
    page: Page, live_server, officer, steps
):
    lot = Lot.objects.get()
    cookie = sign_in(Client(), officer).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    steps.until("deadline.reached")
    page.goto(reverse("supervision:room", args=[lot.pk]))
    expect(page.get_by_text("开标前，投标人的名称和数量保密。")).to_be_visible()

    steps.until("bid.decrypted")
    first = steps.until("prices.read")
    price = f"{float(first['data']['prices'][0]['price']):,.2f}元"
    expect(page.locator("[data-part=bidders]").get_by_text(price)).to_be_visible(timeout=SOON * 1000)
    expect(page.locator("#sv-prices svg")).to_be_visible()

    page.route("**/live/**", lambda route: route.abort())
    expect(page.get_by_text("连接中断，正在重连")).to_be_visible()
    before = lines(page)
    steps.until("opening.finished")
    steps.until("scores.given")
    assert lines(page) == before
    page.unroute("**/live/**")
    expect(page.get_by_text("已连接")).to_be_visible(timeout=12_000)
    position = Room.objects.get(lot=lot).position
    expect(page.locator(f'[data-position="{position}"]')).to_be_visible()
    assert lines(page) == list(range(1, position + 1))

    steps.until("report.submitted")
    expect(page.locator("[data-flip]")).to_be_visible(timeout=SOON * 1000)
    assert lines(page) == list(range(1, Room.objects.get(lot=lot).position + 1))
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_remark_is_made_in_the_room_and_its_answer_arrives(page: Page, live_server, officer, steps):
    lot = Lot.objects.get()
    steps.until("opening.started")
    cookie = sign_in(Client(), officer).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(reverse("supervision:room", args=[lot.pk]))
    page.locator("#id_kind").select_option("question")
    page.locator("#id_text").fill("请说明第二家解密延迟的原因。")
    page.get_by_role("button", name="提出意见").click()
    expect(page.locator("[data-part=remarks]").get_by_text("请说明第二家解密延迟的原因。")).to_be_visible()
    remark = Room.objects.get(lot=lot).remarks.get()

    def answer() -> None:
        room = Room.objects.get(lot=lot)
        now = datetime.now(BEIJING).isoformat()
        steps.connection.send(
            {"id": "answer-1", "lot": make.LOT_CODE, "sequence": room.next_sequence, "kind": "remark.answered",
             "occurred_at": now, "sent_at": now, "data": {"remark": remark.pk, "content": "网络抖动，已恢复。"}}
        )  # fmt: skip
        connections.close_all()

    thread = threading.Thread(target=answer)
    thread.start()
    expect(page.locator("[data-part=remarks]").get_by_text("网络抖动，已恢复。")).to_be_visible(timeout=4_000)
    thread.join()
