"""Events enter once, in order, whole, and land in the dossier."""

from __future__ import annotations

import copy
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.exchange.events import EVENT, Story
from wulian.exchange.records import BidRecord, EvaluationRecord, OpeningRecord
from wulian.information.registry.models import (
    AwardCandidate,
    Bid,
    BidEvaluation,
    BidOpening,
    DossierNode,
    EvaluationMember,
    EvaluationScore,
    Objection,
    Party,
    Project,
    RegistryChange,
)
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.information.supervision.choices import EventState, QuarantineState, RoomState
from wulian.information.supervision.models import FeedEvent, QuarantinedEvent, Room, RoomEntry
from wulian.information.supervision.services import drain_room, drop_event, release_gap, replay_event
from wulian.information.supervision.tasks import drain_waiting
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T15:00:00+08:00", tick=False):
        yield


@pytest.fixture
def issued():
    make.lot()
    return make.token()


def test_a_whole_day_lands_in_the_dossier(issued):
    told = make.events()
    answers = make.tell(issued, *told)
    assert {answer.status for answer in answers} == {201}
    assert Bid.objects.count() == 5
    assert Bid.objects.filter(status="disqualified", rejection_code="TL51-6").count() == 1
    assert BidOpening.objects.get().opened_count == 5
    evaluation = BidEvaluation.objects.get()
    assert evaluation.report_at is not None
    assert EvaluationMember.objects.filter(evaluation=evaluation, signed=True).count() == 5
    assert EvaluationScore.objects.count() == 5 * 4 * 6
    assert AwardCandidate.objects.order_by("rank").values_list("rank", flat=True)[:3].count() == 3
    assert Objection.objects.get().target == "opening"
    room = Room.objects.get()
    assert (room.state, room.bidder_count, room.next_sequence) == (RoomState.REPORTED, 5, len(told) + 1)
    assert (
        RegistryChange.objects.filter(source_system="随州市公共资源电子交易系统", table="bids").count() >= 5
    )
    nodes = DossierNode.objects.filter(code__in=("N08", "N09")).values_list("operator_org", flat=True)
    assert set(nodes) == {"随州市公共资源交易中心"}, "电子招标投标办法 第四十九条"


def test_the_dossier_equals_what_the_story_says(issued):
    told = make.events("outlier")
    make.tell(issued, *told)
    story = Story()
    for event in told:
        story.apply(EVENT.validate_python(event))
    rows = story.rows(names=False)
    assert {
        (bid.source_key, bid.price, bid.score, bid.status, bid.tenderer.name)
        for bid in Bid.objects.select_related("tenderer")
    } == {
        (bid.id, bid.price, bid.score, bid.status, story.bids[bid.id].told.tenderer.name) for bid in rows.bids
    }
    assert {
        (score.member.source_key, score.bid.source_key, score.item, score.score)
        for score in EvaluationScore.objects.select_related("member", "bid")
    } == {(score.member, score.bid, score.item, score.score) for score in rows.evaluation.scores}


def test_one_call_or_one_event_a_call_gives_the_same_dossier(issued):
    told = make.events("collusion")
    for event in told:
        assert make.tell(issued, event)[0].status == 201
    first = make.lot_picture(Room.objects.get().project)
    other = make.lot("E4213000001000124001")
    twin = [{**event, "lot": "E4213000001000124001", "id": f"x{event['id']}"[:64]} for event in told]
    make.tell(issued, *twin)
    second = make.lot_picture(other.project)
    for picture in (first, second):
        picture["nodes"] = [row[1:] for row in picture["nodes"]]
    assert {k: len(v) for k, v in first.items()} == {k: len(v) for k, v in second.items()}
    assert first["bids"] == second["bids"] and first["scores"] == second["scores"]


def test_the_same_event_again_gets_the_same_answer_and_changes_nothing(issued):
    told = make.events()
    (answer,) = make.tell(issued, told[0])
    resent = {**told[0], "sent_at": timezone.localtime().isoformat()}
    (again,) = make.tell(issued, resent)
    assert again == answer
    assert FeedEvent.objects.count() == 1


def test_other_content_under_the_same_id_is_a_conflict(issued):
    told = make.events()
    make.tell(issued, told[0])
    changed = copy.deepcopy(told[0])
    changed["data"]["random_draw"] = False
    (answer,) = make.tell(issued, changed)
    assert (answer.status, answer.body["field"]) == (409, "id")
    assert QuarantinedEvent.objects.get().code == "conflict"
    assert FeedEvent.objects.count() == 1


def test_a_gap_holds_later_events_until_it_is_filled(issued):
    told = make.events()
    room_told = make.until("bid.decrypted", told)
    missing = room_told[-2]
    for event in (event for event in room_told if event is not missing):
        make.tell(issued, event)
    room = Room.objects.get()
    assert room.next_sequence == missing["sequence"]
    assert room.events.filter(state=EventState.WAITING).count() == 1
    (answer,) = make.tell(issued, missing)
    assert answer.status == 201
    room.refresh_from_db()
    assert room.next_sequence == len(room_told) + 1
    assert not room.events.filter(state=EventState.WAITING).exists()


def test_an_early_comer_is_answered_as_waiting_even_when_it_is_sent_again_later(issued):
    told = make.events()
    (early,) = make.tell(issued, told[1])
    assert (early.status, early.body["state"]) == (202, "waiting")
    make.tell(issued, told[0])
    assert make.tell(issued, told[1])[0] == early
    assert FeedEvent.objects.get(sequence=2).state == EventState.APPLIED


def test_an_operator_passes_over_a_gap_with_a_reason(issued, user_factory):
    told = make.until("prices.read", make.events())
    lost = make.first("video.published", told)
    make.tell(issued, *[event for event in told if event is not lost])
    room = Room.objects.get()
    dispatcher = user_factory(Role.DISPATCHER)
    with pytest.raises(Refusal, match="理由"):
        release_gap(room=room, actor=dispatcher, reason=" ")
    with pytest.raises(Forbidden):
        release_gap(room=room, actor=user_factory(Role.CASE_OFFICER, "housing"), reason="交易中心确认丢失")
    with pytest.raises(Forbidden, match="另一部门"):
        release_gap(room=room, actor=user_factory(Role.LIAISON, "housing"), reason="交易中心确认丢失")
    assert release_gap(room=room, actor=dispatcher, reason="交易中心确认该条为重复视频链接，不再补报") == 1
    room.refresh_from_db()
    assert room.state == RoomState.OPENING
    assert Bid.objects.exclude(price=None).count() == 1
    assert RoomEntry.objects.filter(kind="release", text__contains="不再补报").exists()
    assert AuditEvent.objects.filter(verb="supervision.gap_released", actor_id=dispatcher.pk).exists()
    (late,) = make.tell(issued, lost)
    assert (late.status, late.body["field"]) == (409, "sequence")


def test_an_event_that_cannot_follow_is_refused_and_the_next_ones_wait(issued):
    told = make.until("prices.read", make.events())
    wrong = copy.deepcopy(told)
    price = next(event for event in wrong if event["kind"] == "prices.read")
    price["data"]["prices"][0]["bid"] = "B99"
    answers = make.tell(issued, *wrong)
    assert (answers[-1].status, answers[-1].body["field"]) == (422, "data.prices.0.bid")
    assert "B99" in answers[-1].body["message"]
    assert Bid.objects.exclude(price=None).count() == 0
    assert make.tell(issued, told[-1])[0].status == 201, "corrected under the same id: it was never kept"


def test_a_waiting_event_that_cannot_follow_goes_to_quarantine_when_its_turn_comes(issued):
    told = make.until("bid.decrypted", make.events())
    wrong = copy.deepcopy(told[-1])
    wrong["data"]["bid"] = "B77"
    (answer,) = make.tell(issued, wrong)
    assert answer.status == 202
    make.tell(issued, *told[:-1])
    kept = QuarantinedEvent.objects.get()
    assert (kept.code, kept.field, kept.event_id) == ("contradiction", "data.bid", wrong["id"])
    assert Room.objects.get().next_sequence == wrong["sequence"]


def test_an_event_of_an_unknown_lot_waits_in_quarantine_and_is_replayed_after_the_lot_came(user_factory):
    issued = make.token()
    told = make.events()
    answers = make.tell(issued, *told[:1])
    assert answers[0].status == 404
    assert answers[0].body["field"] == "lot"
    kept = QuarantinedEvent.objects.get()
    dispatcher = user_factory(Role.DISPATCHER)
    with pytest.raises(Refusal, match="仍被拒收"):
        replay_event(event=kept, actor=dispatcher)
    make.lot()
    replay_event(event=kept, actor=dispatcher)
    kept.refresh_from_db()
    assert (kept.state, kept.handled_by) == (QuarantineState.REPLAYED, dispatcher)
    assert Room.objects.get().next_sequence == 2
    with pytest.raises(Refusal, match="已处理"):
        drop_event(event=kept, actor=dispatcher, reason="重复")


def test_a_refused_event_that_is_sent_again_is_one_line_and_settles_itself(issued):
    issued_token = issued.token
    told = make.events(code="E4213000001000999001")
    for _time in range(3):
        make.tell(issued_token, told[0])
    assert QuarantinedEvent.objects.get().times == 3
    make.lot("E4213000001000999001")
    assert make.tell(issued_token, told[0])[0].status == 201
    assert QuarantinedEvent.objects.get().state == QuarantineState.REPLAYED


def test_a_lot_outside_the_scope_of_the_token_is_unknown_to_it():
    make.lot()
    issued = make.token(sector="water")
    (answer,) = make.tell(issued, make.events()[0])
    assert answer.status == 404
    assert not Room.objects.exists()


def test_a_second_system_may_not_speak_of_the_same_lot(issued):
    make.tell(issued, make.events()[0])
    other = make.token(make.system("hubei"))
    (answer,) = make.tell(other, make.events("late")[0])
    assert (answer.status, answer.body["message"]) == (404, "该标段由另一交易系统报送")


def test_nothing_is_opened_before_the_deadline_of_the_dossier():
    """招标投标法 第三十四条."""
    now = timezone.now()
    make.lot(deadline=now + timedelta(hours=2))
    issued = make.token()
    told = make.until("opening.started", make.events(deadline=now - timedelta(minutes=10)))
    answers = make.tell(issued, *told)
    refused = [answer for answer in answers if not answer.is_taken]
    assert [(answer.status, answer.body["code"]) for answer in refused] == [(409, "early")]
    assert "第三十四条" in refused[0].body["message"]
    assert not Bid.objects.exists()
    assert Room.objects.get().state == RoomState.AWAITING


def test_an_opening_some_seconds_early_waits_for_the_deadline_of_the_platform():
    now = timezone.now()
    deadline = now + timedelta(seconds=30)
    make.lot(deadline=deadline)
    issued = make.token()
    told = make.until("opening.started", make.day().events(deadline, now=None))
    for event in told:
        event["sent_at"] = max(event["occurred_at"], now.isoformat())
    answers = make.tell(issued, *told)
    assert [answer.status for answer in answers[-2:]] == [202, 202]
    assert not Bid.objects.exists()
    assert drain_waiting() == 0
    with time_machine.travel(deadline + timedelta(seconds=1), tick=False):
        assert drain_waiting() == 2
    assert Bid.objects.count() == 5
    assert drain_room(room_id=Room.objects.get().pk) == 0


def test_clocks_that_differ_are_noted_once(issued):
    told = make.until("opening.started", make.events())
    for event in told:
        event["sent_at"] = (timezone.now() - timedelta(seconds=75)).isoformat()
        event["occurred_at"] = min(event["occurred_at"], event["sent_at"])
    make.tell(issued, *told)
    notes = RoomEntry.objects.filter(kind="skew")
    assert [note.text for note in notes] == ["交易系统时钟比平台慢75秒（容许60秒），请核对发生时间"]
    assert Room.objects.get().skew_seconds == 75


def test_what_happened_after_it_was_sent_is_refused(issued):
    event = make.events()[0]
    event["occurred_at"] = (timezone.now() + timedelta(minutes=5)).isoformat()
    (answer,) = make.tell(issued, event)
    assert (answer.status, answer.body["field"]) == (422, "occurred_at")


def test_a_bid_that_an_import_entered_before_is_not_entered_twice(issued):
    told = make.events()
    firm = make.first("bid.received", told)["data"]["tenderer"]
    room_lot = make.lot()
    party = Party.objects.create(name=firm["name"], uscc=firm["uscc"], source_key="imported")
    Bid.objects.create(project=room_lot.project, lot=room_lot, source_key="T-1", tenderer=party)
    make.tell(issued, *told)
    assert Bid.objects.filter(lot=room_lot, tenderer=party).count() == 1
    assert Bid.objects.filter(lot=room_lot).count() == 5
    assert Bid.objects.get(source_key="T-1").price is not None


def test_other_lots_of_the_project_and_rows_of_other_sources_stay(issued):
    room_lot = make.lot()
    party = Party.objects.create(name="湖北老牌建设有限公司", source_key="p")
    other = Bid.objects.create(project=room_lot.project, lot=room_lot, source_key="T-9", tenderer=party)
    make.tell(issued, *make.events())
    other.refresh_from_db()
    assert other.ended_at is None


def test_a_whole_release_drawn_up_before_the_opening_does_not_put_aside_what_was_told_live(
    issued, django_capture_on_commit_callbacks
):
    told = make.events()
    make.tell(issued, *told)
    before = make.lot_picture(Project.objects.get())
    with django_capture_on_commit_callbacks(execute=True):
        make.lot(total_investment=10_750_000)
    assert Project.objects.get().total_investment == 10_750_000, "the release itself was taken"
    assert make.lot_picture(Project.objects.get()) == before
    assert Bid.objects.filter(ended_at=None).count() == 5
    assert BidOpening.objects.filter(ended_at=None).count() == 1


def test_a_whole_release_that_holds_the_opening_speaks_for_itself(issued, django_capture_on_commit_callbacks):
    make.tell(issued, *make.events())
    record = make.dossier()
    bids = [{"id": f"T-{number}", "tenderer": "owner", "status": "valid"} for number in (1, 2)]
    lot = record.project.tenders[0].lots[0]
    lot.bids = [BidRecord.model_validate(bid) for bid in bids]
    lot.opening = OpeningRecord.model_validate({"id": "1", "actual_at": "2026-07-01T11:00:00+08:00"})
    lot.evaluation = EvaluationRecord.model_validate({"id": "1"})
    with django_capture_on_commit_callbacks(execute=True):
        upsert_dossiers(dossiers=[record])
    assert set(Bid.objects.filter(ended_at=None).values_list("source_key", flat=True)) == {"T-1", "T-2"}


def test_every_event_is_in_the_audit_trail(issued):
    told = make.events()
    make.tell(issued, *told)
    verbs = AuditEvent.objects.filter(verb__startswith="supervision.event_").count()
    assert verbs == len(told)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_gives_the_same_dossier(issued, seed):
    told = make.until("scores.given", make.events())
    shuffled = list(told) * 2
    Random(seed).shuffle(shuffled)
    for event in shuffled:
        assert make.tell(issued, event)[0].is_taken
    assert Room.objects.get().next_sequence == len(told) + 1
    assert Bid.objects.exclude(price=None).count() == 5


def test_a_room_follows_the_deadline_of_its_dossier_until_it_is_reached(
    issued, django_capture_on_commit_callbacks
):
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        make.lot(deadline=now + timedelta(hours=1))
    make.tell(issued, make.events()[0])
    assert Room.objects.get().deadline_at == now + timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        make.lot(deadline=now + timedelta(days=5))
    assert Room.objects.get().deadline_at == now + timedelta(days=5)


def test_the_rules_look_again_after_events_that_matter_and_only_then(
    issued, django_capture_on_commit_callbacks
):
    from django_tasks_db.models import DBTaskResult

    told = make.events()
    queued = []
    for event in told:
        before = DBTaskResult.objects.count()
        with django_capture_on_commit_callbacks(execute=True):
            make.tell(issued, event)
        queued.append((event["kind"], DBTaskResult.objects.count() > before))
    looked = {kind for kind, new in queued if new}
    assert {
        "opening.started",
        "prices.read",
        "bid.rejected",
        "evaluation.finished",
        "report.submitted",
    } <= looked
    assert not looked & {"bid.received", "scores.given", "video.published", "member.signed_in"}


def test_rules_find_the_ring_in_what_was_told(issued, own_var):
    """招标投标法实施条例 第四十条: one account for several bonds."""
    from wulian.information.alerts.models import Alert
    from wulian.information.alerts.services import refresh_alerts

    make.tell(issued, *make.events("collusion"))
    refresh_alerts(project_ids=[Room.objects.get().project_id])
    assert "TB-07" in set(Alert.objects.values_list("rule_id", flat=True))
