"""Promise: a receipt that was shown means that the report is stored and found again, whatever happens afterwards."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.services import receiving
from wulian.core.files.models import StoredFile
from wulian.core.files.services import read_working_copy, sweep
from wulian.core.files.store import COPIES, HOLDING, ORIGINALS
from wulian.core.files.tests import making
from wulian.crypto import hexdigest
from wulian.portal.tests.walking import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"Accept": "application/json"}


@pytest.fixture
def visitor(transactional_db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
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
    from wulian.portal.views import asking

    page = visitor.walk()
    payload = {"truth": "on", "proof": visitor.prove(page)}
    monkeypatch.setattr(asking, "keep_slip", lambda *args: (_ for _ in ()).throw(OSError("killed")))
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


def with_files(visitor):
    """Walk to the page of answers with two files added on the way."""
    visitor.walk()
    uploads = [
        SimpleUploadedFile("现场.jpg", making.photo()),
        SimpleUploadedFile("流水.txt", "转账".encode()),
    ]
    for upload in uploads:
        answer = visitor.client.post("/portal/report/files/", {"files": [upload]}, headers=JSON)
        assert answer.status_code == 200
    return visitor.client.get("/portal/report/check/")


def test_a_shown_receipt_holds_the_digest_of_each_file_and_each_file_opens(visitor):
    sent = visitor.send(with_files(visitor))
    slip = visitor.client.get(sent.headers["Location"]).context["slip"]
    connection.close()
    matter = Complaint.objects.get(receipt__number=slip.receipt.number)
    first, second = StoredFile.objects.for_object(matter)
    for file in (first, second):
        assert file.sm3 in slip.receipt.materials, "signed with the receipt"
        assert hexdigest(ORIGINALS.read(file.original)) == file.sm3
        assert read_working_copy(file=file, actor=None)
    assert read_working_copy(file=second, actor=None).decode() == "转账"


@pytest.mark.parametrize("broken", ["record_event", "_save_once"])
def test_when_a_file_cannot_be_kept_no_receipt_is_shown_and_the_files_wait_on(visitor, monkeypatch, broken):
    from wulian.core.files.services import attaching

    page = with_files(visitor)
    proof = visitor.prove(page)
    monkeypatch.setattr(
        attaching, broken, lambda *args, **kwargs: (_ for _ in ()).throw(OSError("the disk is full"))
    )
    visitor.client.raise_request_exception = False
    assert visitor.client.post("/portal/report/check/", {"truth": "on", "proof": proof}).status_code == 500
    assert not Receipt.objects.exists() and not StoredFile.objects.exists()
    assert len(HOLDING.names()) == 2, "nothing the reporter added is lost"
    monkeypatch.undo()
    sent = visitor.send(visitor.client.get("/portal/report/check/"))
    slip = visitor.client.get(sent.headers["Location"]).context["slip"]
    assert StoredFile.objects.for_object(slip.matters[0]).count() == 2 and not HOLDING.names()


def test_a_receipt_sent_twice_keeps_each_file_once(visitor, monkeypatch):
    """The answer is lost on its way back; sending again shows the same receipt with the same files."""
    from wulian.portal.views import asking

    payload = {"truth": "on", "proof": visitor.prove(with_files(visitor))}
    monkeypatch.setattr(asking, "keep_slip", lambda *args: (_ for _ in ()).throw(OSError("killed")))
    visitor.client.raise_request_exception = False
    assert visitor.client.post("/portal/report/check/", payload).status_code == 500
    assert Receipt.objects.count() == 1 and StoredFile.objects.count() == 2
    monkeypatch.undo()
    again = visitor.client.post("/portal/report/check/", payload)
    assert again.status_code == 302
    assert Receipt.objects.count() == 1 and StoredFile.objects.count() == 2
    assert all(read_working_copy(file=file, actor=None) for file in StoredFile.objects.all())


def test_the_sweep_never_takes_a_file_of_a_report(visitor, clock):
    visitor.send(with_files(visitor))
    clock.shift(timedelta(days=400))
    for folder in (ORIGINALS, COPIES, HOLDING):
        for name in folder.names():
            os.utime(folder.path / name, (0, 0))
    sweep()
    assert StoredFile.objects.count() == 2
    assert all(read_working_copy(file=file, actor=None) for file in StoredFile.objects.all())
    assert all(ORIGINALS.read(file.original) for file in StoredFile.objects.all())
