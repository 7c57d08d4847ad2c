"""Proof of work and pace: machines are slowed, nobody is locked out, and wrong codes learn nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from wulian.casework.intake import codes
from wulian.casework.intake.models import Receipt
from wulian.casework.intake.tests import factories as make
from wulian.casework.intake.tests.factories import receive_complaint
from wulian.core.ui.testing import assert_max_queries
from wulian.portal import pace

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


def test_a_wrong_code_for_a_real_number_and_a_number_that_does_not_exist_get_the_same_answer(issued):
    """Same bytes (but for the token of the form) after the same queries."""
    wrong = codes.code_for(b"somebody else's random bytes 123")
    answers = []
    for number in (issued.receipt.number, "随招收〔2031〕977号"):
        client = Client()
        with assert_max_queries(4) as asked:
            page = look_up(client, number, wrong)
        token = client.cookies["csrftoken"].value
        text = page.content.decode().replace(number, "N").replace(token, "T")
        import re

        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        answers.append((page.status_code, text, len(asked)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


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
