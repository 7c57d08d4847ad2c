"""Promise: a receipt that was shown means that the report is stored and found again, whatever happens afterwards."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.services import receiving
from wulian.portal.tests.walking import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(transactional_db):
    cache.clear()
    return Visitor(Client())


def find(slip):
    """Come back as a stranger with number and code, and read the page."""
    client = Client()
    answer = client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    return client.get(answer.headers["Location"]).content.decode()


def test_a_shown_receipt_opens_its_report_after_the_connection_was_lost(visitor):
    slip = visitor.submit()
    connection.close()
    page = find(slip)
    assert slip.matters[0].number in page
    stored = Complaint.objects.get(receipt__number=slip.receipt.number)
    assert stored.facts.startswith("开标时三家")
    assert Receipt.objects.get().digest == slip.receipt.digest


@pytest.mark.parametrize("broken", ["start_complaint_clocks", "_announce", "_seal", "take_number"])
def test_when_any_part_of_storing_fails_no_receipt_is_shown_and_nothing_is_kept(visitor, monkeypatch, broken):
    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    page = visitor.walk()
    proof = visitor.prove(page)
    monkeypatch.setattr(receiving, broken, fail)
    visitor.client.raise_request_exception = False
    answer = visitor.client.post("/portal/report/check/", {"truth": "on", "proof": proof})
    assert answer.status_code == 500
    assert not Receipt.objects.exists() and not Complaint.objects.exists()
    assert visitor.client.get("/portal/receipt/").status_code == 302

    monkeypatch.undo()
    sent = visitor.send(visitor.client.get("/portal/report/check/"))
    assert sent.status_code == 302, "the answers were still there"
    slip = visitor.client.get(sent.headers["Location"]).context["slip"]
    assert slip.receipt.number == f"随招收〔{slip.receipt.year}〕1号", "the number that failed was not lost"
    assert slip.matters[0].number in find(slip)


def test_an_answer_lost_on_the_way_back_is_given_again(visitor, monkeypatch):
    """Stored, but the page never arrived: sending again shows the same receipt and stores nothing twice."""
    from wulian.portal import views

    page = visitor.walk()
    payload = {"truth": "on", "proof": visitor.prove(page)}
    monkeypatch.setattr(views, "keep_slip", lambda *args: (_ for _ in ()).throw(OSError("killed")))
    visitor.client.raise_request_exception = False
    assert visitor.client.post("/portal/report/check/", payload).status_code == 500
    assert Receipt.objects.count() == 1
    monkeypatch.undo()
    again = visitor.client.post("/portal/report/check/", payload)
    slip = visitor.client.get(again.headers["Location"]).context["slip"]
    assert Receipt.objects.get() == slip.receipt
    assert slip.matters[0].number in find(slip)


def test_many_receipts_are_all_found(visitor):
    slips = []
    for _number in range(6):
        slips.append(Visitor(Client()).submit())
    assert len({slip.code for slip in slips}) == 6
    for slip in slips:
        assert slip.matters[0].number in find(slip)
