"""Files on the way to a report: one by one, refused by name, counted in the digest, without traces for the anonymous."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.files.models import StoredFile
from wulian.core.files.services import held_file
from wulian.crypto import hexdigest
from wulian.portal import pace
from wulian.portal.models import StoredDraft

pytestmark = pytest.mark.django_db
TEXT = "投标保证金缴纳记录摘抄".encode()
URL = "/portal/report/files/"
PLAIN = {"Accept": "application/json"}


def upload(name="记录.txt", content=TEXT):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def begun(visitor):
    """A visitor who has come to the question about files."""
    visitor.step("topic", topic="collusion")
    visitor.step("channel", kind="complaint")
    return visitor


def send(visitor, *files):
    return visitor.client.post(URL, {"files": list(files)}, headers=PLAIN)


def test_each_file_is_taken_in_and_listed(begun):
    answer = send(begun, upload())
    assert answer.status_code == 200
    (taken,) = answer.json()["taken"]
    assert taken["title"] == "记录.txt" and held_file(taken["token"]).sm3 == hexdigest(TEXT)
    assert "记录.txt" in begun.client.get(URL).content.decode()


def test_a_refused_file_says_why_and_costs_no_other(begun):
    answer = send(begun, upload(), upload("病毒.exe", b"MZ\x90"), upload("空.txt", b""))
    body = answer.json()
    assert answer.status_code == 422
    assert [file["title"] for file in body["taken"]] == ["记录.txt"]
    assert len(body["refused"]) == 2 and "病毒.exe" in body["refused"][0] and "空.txt" in body["refused"][1]


def test_it_works_without_script(begun):
    page = begun.client.post(URL, {"files": [upload(), upload("b.exe", b"MZ")]})
    text = page.content.decode()
    assert page.status_code == 422 and "记录.txt" in text and "b.exe" in text and "data-failed" in text
    token = page.context["waiting"][0].token
    assert begun.client.post(URL, {"remove": token}).status_code == 302
    assert held_file(token) is None
    assert begun.client.post(URL, {}).headers["Location"].endswith("/relation/")


def test_nobody_removes_the_file_of_another_draft(begun):
    from django.test import Client

    from wulian.portal.tests.walking import Visitor

    token = send(begun, upload()).json()["taken"][0]["token"]
    other = Visitor(Client())
    other.step("topic", topic="fraud")
    other.client.post(URL, {"remove": token})
    assert held_file(token) is not None


def test_ten_files_are_enough(begun):
    for number in range(10):
        assert send(begun, upload(f"{number}.txt", f"第{number}份".encode())).status_code == 200
    answer = send(begun, upload("十一.txt"))
    assert answer.status_code == 422 and "十一.txt" in answer.json()["refused"][0]


def test_an_address_that_floods_is_asked_to_come_back(begun, monkeypatch):
    monkeypatch.setattr(pace, "UPLOADS_AN_HOUR", 1)
    assert send(begun, upload()).status_code == 200
    assert "一小时" in send(begun, upload("二.txt")).json()["refused"][0]


def test_a_file_without_a_draft_is_not_taken(visitor):
    assert send(visitor, upload()).status_code == 302
    assert not StoredDraft.objects.exists()


def test_the_receipt_and_its_digest_name_every_file(begun):
    send(begun, upload())
    slip = begun.submit()
    assert slip.receipt.materials == f"材料1.txt {len(TEXT)}字节 SM3 {hexdigest(TEXT)}"
    page = begun.client.get("/portal/receipt/").content.decode()
    assert hexdigest(TEXT) in page
    (file,) = StoredFile.objects.for_object(Complaint.objects.get())
    assert file.sm3 == hexdigest(TEXT) and file.original


def test_the_digest_changes_with_a_file(begun, clock):
    from django.test import Client

    from wulian.portal.tests.walking import Visitor

    send(begun, upload())
    other = Visitor(Client())
    assert begun.submit().receipt.digest != other.submit().receipt.digest


def test_files_of_the_anonymous_leave_neither_name_nor_original(visitor):
    visitor.step("topic", topic="collusion")
    visitor.step("channel", kind="tip_off")
    visitor.step("name_given", named="no")
    send(visitor, upload("欧阳听雨拍摄.txt"))
    slip = visitor.submit(channel={"kind": "tip_off"}, name_given={"named": "no"})
    (file,) = StoredFile.objects.for_object(TipOff.objects.get())
    assert (file.original, file.title) == ("", "材料1.txt")
    assert "欧阳" not in slip.receipt.materials


def test_a_file_that_waited_too_long_is_said_before_sending(begun, monkeypatch):
    send(begun, upload())
    monkeypatch.setattr("wulian.portal.drafts.held_file", lambda token: None)
    page = begun.walk()
    assert "不再保留" in page.content.decode()
    assert "不再保留" in begun.client.get(URL).content.decode()


def test_sending_twice_attaches_once(begun):
    send(begun, upload())
    page = begun.walk()
    payload = {"truth": "on", "proof": begun.prove(page)}
    for _time in range(2):
        begun.client.post("/portal/report/check/", payload)
    assert StoredFile.objects.count() == 1


def test_the_page_of_answers_lists_the_files(begun):
    send(begun, upload())
    page = begun.walk().content.decode()
    assert re.search(r"记录\.txt（\d+", page)
