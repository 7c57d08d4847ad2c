"""The interface: who is let in, what it answers, and that it never breaks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wulian.core.accounts.choices import Role
from wulian.exchange.events import KINDS
from wulian.exchange.events.models import MODELS
from wulian.information.supervision.models import (
    AccessToken,
    FeedEvent,
    QuarantinedEvent,
    RejectedCalls,
    Room,
)
from wulian.information.supervision.services import revoke_token
from wulian.information.supervision.services.tokens import EVENTS_PER_MINUTE
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


def test_one_event_is_taken(issued):
    answer = make.post(issued, make.events()[0])
    assert answer.status_code == 201
    assert answer.json() == {
        "id": make.events()[0]["id"],
        "state": "applied",
        "sequence": 1,
        "received_at": "2026-07-01T15:00:00+08:00",
    }
    assert FeedEvent.objects.get().token == issued.token


def test_a_batch_is_taken_in_one_call_and_each_event_has_its_answer(issued):
    told = make.events()
    answer = make.post(issued, told[:8])
    assert answer.status_code == 200
    assert [result["status"] for result in answer.json()["results"]] == [201] * 8


def test_a_batch_with_a_wrong_event_takes_the_others(issued):
    told = make.events()[:3]
    told[1] = {**told[1], "data": {**told[1]["data"], "colour": "red"}}
    answer = make.post(issued, told)
    assert answer.status_code == 207
    assert [result["status"] for result in answer.json()["results"]] == [201, 422, 202]
    assert answer.json()["results"][1]["field"] == "data.colour"
    assert answer.json()["results"][1]["message"] == "没有这个字段"


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"kind": "bid.opened"}, "kind", 422),
        ({"kind": None}, "kind", 422),
        ({"kind": "{}"}, "kind", 422),
        ({"kind": "{0} %s"}, "kind", 422),
        ({"sequence": 0}, "sequence", 422),
        ({"sequence": "first"}, "sequence", 422),
        ({"occurred_at": "yesterday"}, "occurred_at", 422),
        ({"occurred_at": "1900-01-01T00:00:00"}, "occurred_at", 422),
        ({"id": ""}, "id", 422),
        ({"id": "x" * 65}, "id", 422),
        ({"id": "a\x00b"}, "id", 422),
        ({"data": {}}, "data.members", 422),
        ({"data": []}, "data", 422),
        ({"lot": "E000"}, "lot", 404),
    ],
)
def test_a_wrong_field_is_named_and_the_event_is_quarantined(issued, change, field, status):
    answer = make.post(issued, {**make.events()[0], **change})
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.json()
    assert answer.json()["message"]
    assert QuarantinedEvent.objects.count() == 1
    assert not FeedEvent.objects.exists()


def test_wrong_tokens_are_counted_and_fill_no_quarantine(issued, user_factory):
    event = make.events()[0]
    unknown = Client().post(
        make.URL,
        json.dumps(event),
        content_type="application/json",
        headers={"authorization": "Bearer wls_no"},
    )
    missing = make.post(None, event)
    for answer in (unknown, missing):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    revoke_token(actor=user_factory(Role.SYSTEM_ADMIN), token=issued.token)
    assert "已吊销" in make.post(issued, event).json()["message"]
    expired = make.token(make.system("hubei"), days=1)
    with time_machine.travel("2026-07-03T15:00:00+08:00", tick=False):
        assert "已过期" in make.post(expired, event).json()["message"]
    counted = {(row.problem, row.count) for row in RejectedCalls.objects.all()}
    assert counted == {("unknown", 1), ("missing", 1), ("revoked", 1), ("expired", 1)}
    assert not QuarantinedEvent.objects.exists()
    assert not Room.objects.exists()


def test_a_system_that_is_switched_off_is_not_let_in(issued):
    issued.token.system.is_active = False
    issued.token.system.save()
    assert make.post(issued, make.events()[0]).status_code == 401


def test_the_token_itself_is_kept_nowhere(issued):
    row = AccessToken.objects.values().get()
    assert issued.secret not in json.dumps(row, default=str)


def test_too_many_events_in_a_minute_are_put_off(issued):
    AccessToken.objects.update(window_started_at=timezone.now(), window_count=EVENTS_PER_MINUTE)
    answer = make.post(issued, make.events()[0])
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert not FeedEvent.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert make.post(issued, make.events()[0]).status_code in (201, 202)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"sequence": NaN}', 400),
        (b"[]", 422),
        (b"3", 422),
        (b'"text"', 422),
        (b"null", 422),
        (b"[null, 3, [], {}]", 207),
        (b"[" + b"{}," * 200 + b"{}]", 422),
        (b'{"lot": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
)
def test_what_is_no_event_is_refused_clearly(issued, body, status):
    answer = make.post(issued, body)
    assert answer.status_code == status, answer.content[:300]


def test_a_system_asks_where_it_stands(issued):
    told = make.events()
    make.tell(issued, *told[:4], told[6])
    answer = Client().get(
        f"/api/supervision/lots/{make.LOT_CODE}", headers={"authorization": f"Bearer {issued.secret}"}
    )
    assert answer.status_code == 200
    assert (answer.json()["next_sequence"], answer.json()["waiting"]) == (5, 1)
    assert answer.json()["ceiling_price"] == "8600000.00"
    missing = Client().get("/api/supervision/lots/E0", headers={"authorization": f"Bearer {issued.secret}"})
    assert (missing.status_code, missing.json()["field"]) == (404, "lot")


def test_the_interface_describes_every_kind_of_event():
    described = Client().get("/api/supervision/openapi.json").json()
    assert "/api/supervision/events" in described["paths"]
    mapping = described["components"]["schemas"]["Event"]["discriminator"]["mapping"]
    assert set(mapping) == set(KINDS)
    for reference in mapping.values():
        assert reference.removeprefix("#/components/schemas/") in described["components"]["schemas"]


def test_an_answer_to_a_remark_may_come_as_an_event(issued, user_factory):
    from wulian.information.supervision.services import make_remark

    told = make.until("opening.started", make.events())
    make.tell(issued, *told)
    room = Room.objects.get()
    officer = user_factory(Role.CASE_OFFICER, "housing")
    remark = make_remark(lot=room.lot, actor=officer, kind="question", text="请说明解密顺序。")
    now = timezone.localtime().isoformat()
    event = {
        "id": "answer", "lot": make.LOT_CODE, "sequence": len(told) + 1, "kind": "remark.answered", "occurred_at": now,
        "sent_at": now, "data": {"remark": remark.pk, "content": "按递交时间先后解密。"},
    }  # fmt: skip
    assert (
        make.post(issued, {**event, "data": {"remark": 999_999, "content": "x"}}).json()["field"]
        == "data.remark"
    )
    assert make.post(issued, event).status_code == 201
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("按递交时间先后解密。", "随州市公共资源电子交易系统")
    assert remark.answered_at == timezone.now()


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just(make.LOT_CODE),
    st.sampled_from([*KINDS, "B01", "M1", "2026-07-01T14:00:00+08:00", "2026-07-01", "9999-12-31T23:59:59", "1e999"]),
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def near_events():
    """Events of each kind with wild values in the right places."""
    kinds = []
    for kind, model in MODELS.items():
        data = model.model_fields["data"].annotation
        fields = dict.fromkeys(data.model_fields, JSON)
        kinds.append(
            st.fixed_dictionaries(
                {"kind": st.just(kind)},
                optional={
                    "id": SCALARS,
                    "lot": st.just(make.LOT_CODE) | SCALARS,
                    "sequence": st.integers(-1, 5) | SCALARS,
                    "occurred_at": SCALARS,
                    "sent_at": SCALARS,
                    "data": st.fixed_dictionaries({}, optional=fields) | JSON,
                },
            )
        )
    return st.one_of(kinds)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=st.one_of(JSON, near_events(), st.lists(near_events(), max_size=4)))
def test_whatever_is_sent_the_interface_answers_and_keeps_nothing_half(issued, body):
    AccessToken.objects.update(window_count=0)
    raw = json.dumps(body, allow_nan=True).encode("utf-8", "surrogatepass")
    answer = make.post(issued, raw)
    assert answer.status_code in (200, 201, 202, 207, 400, 404, 409, 413, 422), answer.content[:500]
    answer.json()
    for room in Room.objects.all():
        applied = room.events.filter(state="applied").count()
        assert room.next_sequence >= applied + 1


VALUES = st.one_of(
    st.none(),
    st.integers(-5, 10**12),
    st.text(max_size=5),
    st.booleans(),
    st.just([]),
    st.just({}),
    st.sampled_from(["B99", "{}", "%s", "{0}"]),
)


@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_day_with_one_value_changed_is_taken_or_refused_never_broken(issued, data):
    AccessToken.objects.update(window_count=0)
    told = make.events()
    index = data.draw(st.integers(0, len(told) - 1))
    event = json.loads(json.dumps(told[index]))
    place = data.draw(st.sampled_from(["top", "data"]))
    holder = event if place == "top" else event["data"]
    if not holder:
        return
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(VALUES)
    answer = make.post(issued, [*told[:index], event][-8:])
    assert answer.status_code in (200, 207)
    assert all(result["status"] in (201, 202, 404, 409, 422) for result in answer.json()["results"])
