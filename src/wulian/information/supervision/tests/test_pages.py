"""The board, the room, remarks and their answers, refused events, trading systems: who sees and does what."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.models import Notification
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.core.ui.worklist import duties_for
from wulian.information.supervision.choices import QuarantineState
from wulian.information.supervision.models import (
    AccessToken,
    QuarantinedEvent,
    Remark,
    Room,
    RoomEntry,
    TradingSystem,
)
from wulian.information.supervision.permissions import QUARANTINE_READERS, REMARKERS
from wulian.information.supervision.services import answer_remark, make_remark
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db
BUSINESS = set(Role) - ADMINISTRATORS


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T15:00:00+08:00", tick=False):
        yield


@pytest.fixture
def lot(db):
    return make.lot()


@pytest.fixture
def issued(lot):
    return make.token()


def test_board_and_room_are_for_those_who_see_business(lot, issued, role_users):
    make.tell(issued, *make.events())
    assert_only_roles(reverse("supervision:board"), role_users, BUSINESS)
    assert_only_roles(reverse("supervision:room", args=[lot.pk]), role_users, BUSINESS)


def test_a_stranger_of_another_sector_finds_no_room(lot, issued, alice, bob, charlie, client_for):
    make.tell(issued, *make.events())
    for user, status in ((alice, 200), (bob, 200), (charlie, 404)):
        assert client_for(user).get(reverse("supervision:room", args=[lot.pk])).status_code == status
        assert client_for(user).get(reverse("supervision:room_live", args=[lot.pk])).status_code == status
        page = client_for(user).get(reverse("supervision:board")).content.decode()
        assert (lot.name in page) is (status == 200)


def test_an_officer_of_another_county_finds_no_room(user_factory, client_for):
    lot = make.lot(region_code="421381")
    officer = user_factory(Role.CASE_OFFICER, "suixian-authority")
    assert client_for(officer).get(reverse("supervision:room", args=[lot.pk])).status_code == 404


def test_the_board_shows_every_opening_of_the_day_also_before_anything_was_told(alice, client_for):
    today = timezone.now()
    lot = make.lot(deadline=today + timedelta(hours=1))
    other = make.lot("E4213000001000777001", deadline=today + timedelta(days=1))
    client = client_for(alice)
    page = client.get(reverse("supervision:board")).content.decode()
    assert lot.lot_code in page and other.lot_code not in page
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = client.get(reverse("supervision:board"), {"day": tomorrow}).content.decode()
    assert other.lot_code in page and lot.lot_code not in page
    assert client.get(reverse("supervision:board"), {"day": "2026-02-31"}).status_code == 200


def test_the_board_takes_as_many_queries_for_ten_lots_as_for_two(alice, client_for):
    for number in range(10):
        make.lot(f"E42130000010007{number:02d}001", deadline=timezone.now() + timedelta(hours=1))
    client = client_for(alice)
    client.get(reverse("supervision:board"))
    with assert_max_queries(14):
        client.get(reverse("supervision:board_live"))


def test_the_room_shows_what_was_told(lot, issued, alice, client_for):
    told = make.events("outlier")
    make.tell(issued, *told)
    page = client_for(alice).get(reverse("supervision:room", args=[lot.pk])).content.decode()
    for event in told:
        if event["kind"] == "bid.received":
            assert event["data"]["tenderer"]["name"] in page
    assert "如按中位数计，排序将变为" in page
    assert "如去掉评委1的主观分，排序将变为" in page
    assert "第二评标室" in page
    assert "已签到" in page and "报告已签字" in page


def test_a_browser_that_was_away_gets_every_line_it_missed_and_none_twice(lot, issued, alice, client_for):
    told = make.events()
    client = client_for(alice)
    live = reverse("supervision:room_live", args=[lot.pk])
    seen: list[int] = []
    after = 0
    for start, away in ((0, 3), (3, 20), (20, 21), (21, len(told))):
        make.tell(issued, *told[start:away])
        answer = client.get(live, {"after": after, "phase": "x"}).json()
        seen += [line["position"] for line in answer["lines"]]
        after = answer["position"]
    assert seen == list(range(1, Room.objects.get().position + 1))
    assert len(seen) == len(told)


def test_asking_again_when_nothing_happened_costs_little(lot, issued, alice, client_for):
    make.tell(issued, *make.events())
    client = client_for(alice)
    live = reverse("supervision:room_live", args=[lot.pk])
    first = client.get(live).json()
    cursor = {"after": first["position"], "phase": first["phase"], "alerts": first["alerts"]}
    with assert_max_queries(8):
        assert client.get(live, cursor).status_code == 204


def test_a_room_that_nobody_touches_does_not_keep_the_session_awake(lot, alice, client_for):
    client = client_for(alice)
    live = reverse("supervision:room_live", args=[lot.pk])
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get(reverse("supervision:room", args=[lot.pk]))
        for _step in range(4):
            clock.shift(timedelta(minutes=9))
            answer = client.get(live)
        assert answer.status_code == 302
        client = client_for(alice)
        client.get(reverse("supervision:room", args=[lot.pk]))
        for _step in range(4):
            clock.shift(timedelta(minutes=9))
            answer = client.get(live, {"active": "1"})
        assert answer.status_code == 200


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 50, "٣"])
def test_a_senseless_position_starts_from_the_beginning(lot, issued, alice, client_for, after):
    make.tell(issued, *make.events())
    answer = client_for(alice).get(reverse("supervision:room_live", args=[lot.pk]), {"after": after})
    assert answer.json()["lines"][0]["position"] == 1


def test_remarks_are_for_those_who_supervise(lot, role_users):
    assert_only_roles(
        reverse("supervision:make_remark", args=[lot.pk]), role_users, REMARKERS, method="post",
        data={"kind": "reminder", "text": "请注意核对解密时间。"},
    )  # fmt: skip
    assert set(Remark.objects.values_list("author__role_grants__role", flat=True)) == {
        role.value for role in REMARKERS
    }


def test_a_remark_appears_in_the_room_is_answered_and_read(lot, issued, alice, bob, charlie, client_for):
    remark = make_remark(lot=lot, actor=alice, kind="suspension", text="建议暂停唱标，核对第三家报价。")
    assert RoomEntry.objects.get().text.startswith(f"监督意见第{remark.pk}号（建议暂停，")
    answer = reverse("supervision:answer", args=[remark.pk])
    assert client_for(charlie).get(answer).status_code == 404
    posted = client_for(bob).post(
        answer, {"answered_by": "交易中心 李主任", "answer": "已暂停并核对，报价无误。"}
    )
    assert posted.status_code == 302
    remark.refresh_from_db()
    assert (remark.entered_by, remark.answered_at) == (bob, timezone.now())
    assert Notification.objects.filter(user=alice).count() == 1
    assert [str(duty.title) for duty in duties_for(alice)].count("监督意见已答复") == 1
    client_for(bob).get(reverse("supervision:remark", args=[remark.pk]))
    assert duties_for(alice)
    client_for(alice).get(reverse("supervision:remark", args=[remark.pk]))
    assert "监督意见已答复" not in [str(duty.title) for duty in duties_for(alice)]
    with pytest.raises(Refusal, match="已答复"):
        answer_remark(remark=remark, actor=bob, answer="再答", answered_by="某某")
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"supervision.remark_made", "supervision.remark_answered"} <= verbs


@pytest.mark.parametrize(("kind", "text", "field"), [("order", "停止", "kind"), ("question", " ", "text")])
def test_a_remark_names_what_is_wrong(lot, alice, kind, text, field):
    with pytest.raises(Refusal) as refused:
        make_remark(lot=lot, actor=alice, kind=kind, text=text)
    assert refused.value.field == field


def test_discipline_may_not_remark(lot, user_factory):
    with pytest.raises(Forbidden):
        make_remark(lot=lot, actor=user_factory(Role.DISCIPLINE), kind="question", text="请说明。")


def test_an_objection_on_the_spot_is_a_duty_until_it_is_answered(lot, issued, alice, charlie):
    told = make.until("opening.answered", make.events())
    make.tell(issued, *told[:-1])
    assert "开标现场异议尚未答复" in [str(duty.title) for duty in duties_for(alice)]
    assert "开标现场异议尚未答复" not in [str(duty.title) for duty in duties_for(charlie)]
    make.tell(issued, told[-1])
    assert "开标现场异议尚未答复" not in [str(duty.title) for duty in duties_for(alice)]


def test_refused_events_are_for_those_who_look_after_the_system(role_users):
    assert_only_roles(reverse("supervision:quarantine"), role_users, QUARANTINE_READERS)


def test_a_liaison_sees_the_refused_events_of_his_systems_only(user_factory, client_for, department_tree):
    own = make.system(code="suizhou")
    own.departments.add(department_tree["housing"])
    make.tell(make.token(own), make.events()[0])
    make.tell(make.token(make.system("hubei")), make.events(code="E4213000001000555001")[0])
    liaison = user_factory(Role.LIAISON, "housing")
    page = client_for(liaison).get(reverse("supervision:quarantine")).content.decode()
    assert make.LOT_CODE in page
    assert "E4213000001000555001" not in page
    other = QuarantinedEvent.objects.get(lot_code="E4213000001000555001")
    assert client_for(liaison).post(reverse("supervision:replay", args=[other.pk])).status_code == 404


def test_a_refused_event_is_replayed_or_dropped_from_its_page(user_factory, client_for):
    issued = make.token()
    told = make.events()
    make.tell(issued, told[0])
    make.tell(issued, {**told[0], "id": "other", "lot": "E4213000001000556001"})
    make.lot()
    first, second = QuarantinedEvent.objects.order_by("pk")
    client = client_for(user_factory(Role.DISPATCHER))
    assert "重放" in client.get(reverse("supervision:refused", args=[first.pk])).content.decode()
    client.post(reverse("supervision:replay", args=[first.pk]))
    answer = client.post(reverse("supervision:refused", args=[second.pk]), {"reason": "标段编号系测试数据"})
    assert answer.status_code == 302
    states = list(QuarantinedEvent.objects.order_by("pk").values_list("state", "note"))
    assert states == [(QuarantineState.REPLAYED, ""), (QuarantineState.DROPPED, "标段编号系测试数据")]
    reader = client_for(user_factory(Role.DISCIPLINE))
    assert (
        reader.post(reverse("supervision:refused", args=[second.pk]), {"reason": "再次"}).status_code == 403
    )


def test_trading_systems_are_kept_by_the_system_administrator(role_users):
    system = make.system()
    for name, arguments in (
        ("systems", []),
        ("system", [system.pk]),
        ("system_add", []),
        ("token_issue", [system.pk]),
    ):
        assert_only_roles(reverse(f"supervision:{name}", args=arguments), role_users, [Role.SYSTEM_ADMIN])


def test_a_token_is_shown_once_and_works_until_it_is_revoked(lot, user_factory, client_for, department_tree):
    admin = client_for(user_factory(Role.SYSTEM_ADMIN))
    admin.post(
        reverse("supervision:system_add"),
        {"code": "suizhou", "name": "随州市公共资源电子交易系统", "operator": "交易中心", "skew_limit": 60,
         "is_active": "on", "departments": [department_tree["housing"].pk]},
    )  # fmt: skip
    system = TradingSystem.objects.get()
    page = admin.post(
        reverse("supervision:token_issue", args=[system.pk]),
        {"label": "正式接口", "days": 90, "sector": "housing"},
    )
    secret = page.content.decode().split("data-token>")[1].split("<")[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert secret not in admin.get(reverse("supervision:system", args=[system.pk])).content.decode()
    from wulian.information.supervision.services.tokens import Issued

    token = AccessToken.objects.get()
    answer = make.post(Issued(token, secret), make.events()[0])
    assert answer.status_code == 201
    admin.post(reverse("supervision:token_revoke", args=[token.pk]))
    assert make.post(Issued(token, secret), make.events()[0]).status_code == 401
    verbs = list(AuditEvent.objects.filter(verb__startswith="supervision.").values_list("verb", flat=True))
    assert {"supervision.system_entered", "supervision.token_issued", "supervision.token_revoked"} <= set(
        verbs
    )


def test_the_administrator_of_systems_sees_nothing_of_what_was_told(lot, issued, user_factory, client_for):
    told = make.events()
    make.tell(issued, *told)
    make.tell(issued, {**told[0], "lot": "E4213000001000888001", "id": "x"})
    admin = client_for(user_factory(Role.SYSTEM_ADMIN))
    for name, arguments in (("systems", []), ("system", [issued.token.system_id])):
        page = admin.get(reverse(f"supervision:{name}", args=arguments)).content.decode()
        assert lot.name not in page and make.LOT_CODE not in page and "E4213000001000888001" not in page


def test_the_dossier_leads_to_its_room(lot, issued, alice, client_for):
    make.tell(issued, *make.events())
    page = client_for(alice).get(reverse("registry:dossier", args=[lot.project_id])).content.decode()
    assert reverse("supervision:room", args=[lot.pk]) in page
    for event in make.events():
        if event["kind"] == "bid.received":
            assert event["data"]["tenderer"]["name"] in page
