"""What must stay secret stays secret, for every role (招标投标法 第二十二条、第三十七条; 电子招标投标办法)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.audit.models import AuditEvent
from wulian.information.registry.models import Award, Bid, Party, RegistryChange, SearchEntry
from wulian.information.supervision.models import FeedEvent, QuarantinedEvent, Room, RoomEntry
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db
BUSINESS = sorted(set(Role) - ADMINISTRATORS)


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T09:00:00+08:00", tick=False):
        yield


@pytest.fixture
def deadline():
    return timezone.now() + timedelta(minutes=30)


@pytest.fixture
def lot(deadline):
    return make.lot(deadline=deadline)


@pytest.fixture
def issued(db):
    return make.token()


@pytest.fixture
def bids(deadline):
    """The events before the deadline, sent on time: six bids, one withdrawn."""
    now = timezone.now()
    told = make.until("deadline.reached", make.day(bidders=6).events(deadline, now=now), inclusive=False)
    withdrawn = {**told[-1], "id": "withdrawn", "sequence": len(told) + 1, "kind": "bid.withdrawn"}
    withdrawn["data"] = {"bid": told[-1]["data"]["bid"]}
    return [*told, withdrawn]


def names(told):
    firms = [event["data"]["tenderer"] for event in told if event["kind"] == "bid.received"]
    found = {firm["name"] for firm in firms} | {firm["uscc"] for firm in firms}
    return found | {event["data"]["manager_name"] for event in told if event["kind"] == "bid.received"}


def addresses(lot):
    room = [reverse("supervision:room", args=[lot.pk]), reverse("supervision:room_live", args=[lot.pk])]
    lists = [
        "registry:bids",
        "registry:parties",
        "registry:projects",
        "supervision:board",
        "supervision:quarantine",
        "ui:home",
    ]
    dossier = [
        reverse("registry:dossier", args=[lot.project_id]),
        reverse("registry:history", args=[lot.project_id]),
    ]
    return [*room, *dossier, *(reverse(name) for name in lists), f"{reverse('ui:search')}?q=建设"]


@pytest.mark.parametrize("role", BUSINESS)
def test_nobody_learns_before_the_opening_who_bids(role, lot, issued, bids, user_factory, client_for):
    assert all(answer.is_taken for answer in make.tell(issued, *bids))
    secret = names(bids)
    client = client_for(user_factory(role))
    for address in addresses(lot):
        answer = client.get(address)
        page = answer.content.decode()
        assert not [name for name in secret if name in page], (role, address)
    assert not Bid.objects.exists()
    assert not Party.objects.filter(name__in=secret).exists()
    assert not SearchEntry.objects.filter(title__in=secret).exists()
    assert not RegistryChange.objects.filter(table="bids").exists()


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.CASE_OFFICER, Role.DISCIPLINE])
def test_no_screen_changes_while_bids_come_in(role, lot, issued, bids, user_factory, client_for):
    make.tell(issued, bids[0])
    client = client_for(user_factory(role))
    live = reverse("supervision:room_live", args=[lot.pk])
    seen = client.get(live).json()
    board = client.get(reverse("supervision:board_live")).json()
    cursor = {name: seen[name] for name in ("phase", "alerts")} | {"after": seen["position"]}
    for event in bids[1:]:
        make.tell(issued, event)
        assert client.get(live, cursor).status_code == 204
        assert client.get(reverse("supervision:board_live"), {"mark": board["mark"]}).status_code == 204
    assert RoomEntry.objects.filter(event_kind__startswith="bid.").count() == 0
    assert Room.objects.get().bidder_count is None


def test_a_gap_before_the_deadline_is_not_shown_and_after_it_without_a_number(
    lot, issued, bids, deadline, user_factory, client_for
):
    make.tell(issued, *[event for event in bids if event["sequence"] != 3])
    client = client_for(user_factory(Role.DISPATCHER))
    page = client.get(reverse("supervision:room", args=[lot.pk])).content.decode()
    assert "缺号" not in page
    with time_machine.travel(deadline + timedelta(seconds=1), tick=False):
        client = client_for(user_factory(Role.DISPATCHER))
        page = client.get(reverse("supervision:room", args=[lot.pk])).content.decode()
    assert "数据流有缺号" in page
    assert "数据流缺" not in page


def test_the_audit_trail_does_not_tell_for_which_lot_sealed_events_came(lot, issued, bids):
    make.tell(issued, *bids)
    secret = names(bids)
    for event in AuditEvent.objects.filter(verb="supervision.event_sealed"):
        assert event.subject_type == "supervision.tradingsystem"
        text = json.dumps([event.summary, event.data, event.subject_label], ensure_ascii=False)
        assert not [name for name in secret if name in text]
        assert make.LOT_CODE not in text


def test_the_database_holds_what_was_told_only_sealed(lot, issued, bids):
    make.tell(issued, *bids)
    stored = b"".join(bytes(event.sealed) for event in FeedEvent.objects.all())
    assert not [name for name in names(bids) if name.encode() in stored]


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE])
def test_refused_bids_are_summed_up_until_the_opening(role, issued, deadline, user_factory, client_for):
    told = make.until(
        "deadline.reached", make.day(bidders=6).events(deadline, now=timezone.now()), inclusive=False
    )
    make.tell(issued, *told)
    client = client_for(user_factory(role))
    few = client.get(reverse("supervision:quarantine")).content.decode()
    assert QuarantinedEvent.objects.filter(kind="bid.received").count() == 6
    assert "内容和数量在开标前保密" in few
    assert "投标文件送达" not in few
    QuarantinedEvent.objects.filter(kind="bid.received").order_by("pk").last().delete()
    many = client.get(reverse("supervision:quarantine")).content.decode()
    assert few.count(make.LOT_CODE) == many.count(make.LOT_CODE)
    hidden = QuarantinedEvent.objects.filter(kind="bid.received").first()
    assert client.get(reverse("supervision:refused", args=[hidden.pk])).status_code == 404


def test_the_dispatcher_replays_sealed_events_without_seeing_them(issued, deadline, user_factory, client_for):
    told = make.until(
        "deadline.reached", make.day(bidders=6).events(deadline, now=timezone.now()), inclusive=False
    )
    make.tell(issued, *told[1:])
    make.lot(deadline=deadline)
    make.tell(issued, told[0])
    client = client_for(user_factory(Role.DISPATCHER))
    answer = client.post(reverse("supervision:replay_sealed"), {"lot": make.LOT_CODE}, follow=True)
    assert "密封事件已重放" in answer.content.decode()
    assert Room.objects.get().next_sequence == len(told) + 1
    assert not Bid.objects.exists()


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_room_and_no_refused_event(role, lot, issued, user_factory, client_for):
    make.tell(issued, *make.events(deadline=timezone.now() - timedelta(hours=3)))
    client = client_for(user_factory(role))
    for name in ("supervision:room", "supervision:room_live"):
        assert client.get(reverse(name, args=[lot.pk])).status_code in (403, 404)
    for name in ("supervision:board", "supervision:board_live", "supervision:quarantine"):
        assert client.get(reverse(name)).status_code in (403, 404)


def test_the_committee_stands_under_aliases_until_the_award_is_decided(user_factory, client_for):
    lot = make.lot()
    issued = make.token()
    told = make.events()
    make.tell(issued, *told)
    members = [member["name"] for member in make.first("committee.drawn", told)["data"]["members"]]
    client = client_for(user_factory(Role.OFFICE_HEAD))
    pages = [reverse("supervision:room", args=[lot.pk]), reverse("registry:dossier", args=[lot.project_id])]
    managers = {event["data"]["manager_name"] for event in told if event["kind"] == "bid.received"}
    watched = [name for name in members if name not in managers]
    for address in pages:
        page = client.get(address).content.decode()
        assert "评委1" in page
        assert not [name for name in watched if f"<strong>{name}<" in page or f">{name}<br>" in page]


def test_the_names_are_disclosed_when_the_award_comes(
    user_factory, client_for, django_capture_on_commit_callbacks
):
    lot = make.lot()
    issued = make.token()
    told = make.events()
    make.tell(issued, *told)
    winner = Bid.objects.filter(lot=lot).first().tenderer
    Award.objects.create(
        project=lot.project,
        lot=lot,
        source_key="1",
        supplier=winner,
        status="active",
        decided_at=timezone.now(),
    )
    from wulian.information.registry.models import EvaluationMember, Project
    from wulian.information.registry.signals import dossiers_changed

    with django_capture_on_commit_callbacks(execute=False):
        dossiers_changed.send_robust(sender=Project, project_ids=[lot.project_id])
    names_told = {member["name"] for member in make.first("committee.drawn", told)["data"]["members"]}
    assert set(EvaluationMember.objects.values_list("name", flat=True)) == names_told
    assert Room.objects.get().names_disclosed
    assert AuditEvent.objects.filter(verb="supervision.names_disclosed").exists()


def test_the_reason_of_a_refusal_tells_people_no_number_before_the_opening(
    lot, issued, bids, user_factory, client_for
):
    make.tell(issued, *bids)
    again = {**bids[0], "id": "again"}
    changed = {**bids[0], "data": {**bids[0]["data"], "random_draw": False}}
    answers = make.tell(issued, again, changed)
    assert f"下一个应为{len(bids) + 1}" in answers[0].body["message"], "the trading system may know"
    client = client_for(user_factory(Role.DISPATCHER))
    page = client.get(reverse("supervision:quarantine")).content.decode()
    assert "序号已使用或已放行" in page
    assert "下一个应为" not in page
    for event in QuarantinedEvent.objects.all():
        detail = client.get(reverse("supervision:refused", args=[event.pk])).content.decode()
        replay = client.post(reverse("supervision:replay", args=[event.pk]), follow=True).content.decode()
        for text in (detail, replay):
            assert "下一个应为" not in text and bids[0]["id"] not in text
