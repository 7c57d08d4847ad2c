"""Proof of work and pace: machines are slowed, nobody is locked out, and wrong codes learn nothing."""

import base64
import json
import re
from datetime import timedelta
from pathlib import Path

import altcha
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wulian import crypto
from wulian.casework.intake import codes
from wulian.casework.intake.models import Receipt
from wulian.casework.intake.tests import factories as make
from wulian.casework.intake.tests.factories import receive_complaint
from wulian.portal import pace
from wulian.portal.models import Pace
from wulian.portal.tasks import sweep

pytestmark = pytest.mark.django_db


def look_up(client, number, code):
    return client.post("/portal/status/", {"number": number, "code": code})


@pytest.fixture
def issued(clock, db):
    return receive_complaint(actor=None, content=make.content(), reporter=make.reporter())


def test_without_the_work_nothing_is_stored_and_nothing_is_lost(visitor):
    visitor.walk()
    for proof in ("", "AAAA", "e30="):
        page = visitor.client.post("/portal/report/check/", {"truth": "on", "proof": proof})
        assert page.status_code == 422
        assert make.RESPONDENT in page.content.decode()
    assert not Receipt.objects.exists()


def test_the_work_of_one_draft_does_not_send_another(visitor, clock):
    from wulian.portal.tests.walking import Visitor

    proof = visitor.prove(visitor.walk())
    other = Visitor(Client())
    other.walk()
    answer = other.client.post("/portal/report/check/", {"truth": "on", "proof": proof})
    assert answer.status_code == 422


def test_old_work_does_not_count(visitor, clock):
    page = visitor.walk()
    proof = visitor.prove(page)
    clock.shift(timedelta(hours=2, seconds=1))
    assert visitor.client.post("/portal/report/check/", {"truth": "on", "proof": proof}).status_code == 422


def test_without_a_script_patience_is_enough_three_times_an_hour(clock, db):
    from wulian.portal.tests.walking import Visitor

    statuses = []
    for _number in range(4):
        visitor = Visitor(Client())
        visitor.walk()
        with time_machine.travel(make.RECEIVED + timedelta(seconds=61), tick=False):
            statuses.append(visitor.client.post("/portal/report/check/", {"truth": "on"}).status_code)
    assert statuses == [302, 302, 302, 422]


def test_who_sends_much_works_harder(visitor, rf):
    request = rf.get("/")
    assert not pace.is_busy(request)
    for _number in range(5):
        pace.note_submission(request)
    page = visitor.walk()
    assert page.context["challenge"]["parameters"]["keyPrefix"] == "00000"


def shape(queries):
    """The statements without their values."""
    return [re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in queries]


def test_every_wrong_pair_gets_the_same_bytes_after_the_same_work(issued, monkeypatch):
    """A foreign code for a real number, for one that does not exist, and a real code under another number."""
    foreign = codes.code_for(b"somebody else's random bytes 123")
    kept, digests = crypto.hmac, []
    monkeypatch.setattr(crypto, "hmac", lambda *given: digests.append(1) or kept(*given))
    found = []
    pairs = (
        (issued.receipt.number, foreign),
        ("随招收〔2031〕977号", foreign),
        ("随招收〔2031〕977号", issued.code),
    )
    for number, code in pairs:
        Pace.objects.all().delete()
        digests.clear()
        client = Client()
        with CaptureQueriesContext(connection) as asked:
            page = look_up(client, number, code)
        text = page.content.decode().replace(number, "N").replace(code, "C")
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        headers = {
            name: value
            for name, value in page.headers.items()
            if name not in ("Content-Length", "X-Request-ID")
        }
        found.append((page.status_code, headers, text, shape(asked.captured_queries), len(digests)))
    assert found[0] == found[1] == found[2]
    assert found[0][0] == 422


def test_the_right_code_with_another_number_says_no_more_than_a_wrong_code(issued):
    wrong = codes.code_for(b"somebody else's random bytes 123")
    one = look_up(Client(), "2026-2", issued.code)
    two = look_up(Client(), "2026-2", wrong)
    assert one.context["form"].errors == two.context["form"].errors
    assert one.status_code == two.status_code == 422


def test_a_slip_of_the_pen_is_said_and_not_counted(issued, rf):
    client = Client()
    for _number in range(12):
        page = look_up(
            client, issued.receipt.number, issued.code[:-1] + ("A" if issued.code[-1] != "A" else "B")
        )
    assert page.status_code == 422 and "有一位输错" in page.content.decode()
    assert look_up(client, issued.receipt.number, issued.code).status_code == 302


def test_a_guesser_is_slowed_and_the_holder_gets_in_after_the_wait(issued, clock):
    client = Client()
    for number in range(5):
        assert look_up(client, "2026-1", codes.code_for(b"guess number 0000%d" % number)).status_code == 422
    slowed = look_up(client, issued.receipt.number, issued.code)
    assert slowed.status_code == 429 and int(slowed.headers["Retry-After"]) >= 1
    assert issued.code in slowed.content.decode(), "what was typed is kept"
    clock.shift(timedelta(seconds=60))
    assert look_up(client, issued.receipt.number, issued.code).status_code == 302
    assert look_up(client, "2026-1", codes.code_for(b"guess number 00009")).status_code == 422, (
        "the slate is clean"
    )


def test_the_wait_never_grows_beyond_a_minute(rf, clock):
    request = rf.get("/")
    for _number in range(500):
        pace.note_wrong_look_up(request)
    assert 0 < pace.seconds_to_wait(request) <= pace.LONGEST_WAIT


def test_another_address_is_not_slowed(rf, clock):
    for _number in range(9):
        pace.note_wrong_look_up(rf.get("/", REMOTE_ADDR="10.0.0.7"))
    assert pace.seconds_to_wait(rf.get("/", REMOTE_ADDR="10.0.0.7"))
    assert not pace.seconds_to_wait(rf.get("/", REMOTE_ADDR="10.0.0.8"))


def solved(challenge):
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    return base64.b64encode(
        json.dumps({"challenge": challenge, "solution": solution.to_dict()}).encode()
    ).decode()


def test_the_holder_of_a_code_gets_in_at_once_by_a_proof_of_work_whatever_others_do(issued):
    """Somebody behind the same address goes on guessing; the holder is never locked out."""
    client = Client()
    for number in range(9):
        look_up(client, "2026-1", codes.code_for(b"guess number 0000%d" % number))
        for row in Pace.objects.filter(last_at__isnull=False):
            row.count += 1
            row.save()
    slowed = look_up(client, issued.receipt.number, issued.code)
    assert slowed.status_code == 429
    proof = solved(slowed.context["challenge"])
    entry = {"number": issued.receipt.number, "code": issued.code, "proof": proof}
    assert client.post("/portal/status/", entry).status_code == 302


def test_one_proof_of_work_gives_one_look_up(issued):
    client = Client()
    for number in range(6):
        look_up(client, "2026-1", codes.code_for(b"guess number 0000%d" % number))
    proof = solved(look_up(client, "2026-1", issued.code).context["challenge"])
    wrong = {"number": "2026-7", "code": issued.code, "proof": proof}
    assert [client.post("/portal/status/", wrong).status_code for _number in range(2)] == [422, 429]


def test_limits_are_shared_by_all_processes_and_hold_no_address(issued, rf, settings):
    """They stand in the database, under a key that is thrown away with its hour."""
    request = rf.get("/", REMOTE_ADDR="203.0.113.77")
    pace.note_wrong_look_up(request)
    pace.note_submission(request)
    rows = list(Pace.objects.values())
    assert len(rows) == 2 and "203.0.113.77" not in str(rows)
    submission = Pace.objects.get(last_at=None)
    assert (submission.expires_at.minute, submission.expires_at.second) == (0, 0), (
        "says nothing of the moment"
    )


def test_counts_and_keys_of_past_hours_are_removed(rf, clock, settings, db):
    pace.note_wrong_look_up(rf.get("/"))
    folder = Path(settings.VAR_DIR) / "keys"
    own = folder / f"pace-{pace._hour()}.secret"
    assert own.exists()
    clock.shift(timedelta(hours=1))
    assert sweep() == 1
    assert not Pace.objects.exists() and not own.exists()
