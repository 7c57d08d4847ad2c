"""Nothing typed is lost: closed browsers, lost sessions, stale tokens, failures of the server, expired work."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from wulian.casework.intake.models import Receipt
from wulian.casework.intake.tests import factories as make
from wulian.portal import drafts, wizard
from wulian.portal.models import StoredDraft
from wulian.portal.tests.walking import AGENT, ANSWERS, Visitor

pytestmark = pytest.mark.django_db
FACTS = "写了很久的事实经过，一个字也不能丢。"


def with_cookie(client):
    """The same browser, opened again: only long-lived cookies are left."""
    again = Client()
    kept = client.cookies[drafts.COOKIE]
    assert kept["max-age"], "a session cookie would be gone"
    again.cookies[drafts.COOKIE] = kept.value
    return again


def test_a_draft_survives_a_closed_browser_and_an_emptied_session_table(visitor):
    visitor.walk(facts={"facts": FACTS})
    Session.objects.all().delete()
    again = Visitor(with_cookie(visitor.client))
    assert "继续上次的填写" in again.client.get("/portal/").content.decode()
    page = again.client.get("/portal/report/check/")
    assert FACTS in page.content.decode()
    assert again.send(page).status_code == 302
    assert Receipt.objects.count() == 1


def test_a_draft_lies_sealed_and_only_its_code_opens_it(visitor):
    visitor.walk(facts={"facts": FACTS})
    row = StoredDraft.objects.get()
    for secret in (FACTS, make.NAME, make.PHONE):
        assert secret.encode() not in bytes(row.sealed)
    code = visitor.client.cookies[drafts.COOKIE].value
    assert code not in str(list(StoredDraft.objects.values()))
    assert drafts.find_draft(code).answer("facts", "facts") == FACTS
    assert drafts.find_draft("2222-" + code[5:]) is None


def test_the_cookie_of_a_draft_is_kept_from_scripts_and_other_sites(visitor):
    visitor.step("topic", topic="fraud")
    cookie = visitor.client.cookies[drafts.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/portal/"
    assert cookie["max-age"] == 30 * 24 * 3600


def test_a_draft_goes_on_elsewhere_with_its_code(visitor):
    visitor.step("topic", topic="fraud")
    visitor.step("channel", kind="tip_off")
    page = visitor.client.get("/portal/report/name_given/")
    code = page.context["draft_code"]
    assert code in page.content.decode()
    other = Client()
    answer = other.post("/portal/report/resume/", {"code": code.lower().replace("-", " ")})
    assert answer.headers["Location"].endswith("/name_given/")
    assert other.get("/portal/report/topic/").context["form"].initial == {"topic": "fraud"}


def test_a_wrong_code_finds_no_draft(visitor):
    page = visitor.client.post("/portal/report/resume/", {"code": "ABCD-EFGH"})
    assert page.status_code == 422 and "ABCD-EFGH" in page.content.decode()


def test_a_shared_computer_keeps_the_draft_no_longer_than_the_browser_is_open(visitor, clock):
    visitor.step("topic", topic="fraud", shared="on")
    assert visitor.client.cookies[drafts.COOKIE]["max-age"] == ""
    assert not visitor.client.get("/portal/report/channel/").context["draft_code"]
    clock.shift(timedelta(hours=2, seconds=1))
    assert "继续上次的填写" not in visitor.client.get("/portal/").content.decode()
    assert drafts.sweep_drafts() == 1


def test_throwing_away_removes_the_draft_and_the_cookie(visitor):
    visitor.walk()
    visitor.client.post("/portal/report/forget/")
    assert not StoredDraft.objects.exists()
    assert visitor.client.cookies[drafts.COOKIE].value == ""


def test_a_page_without_a_valid_token_comes_back_with_what_was_typed(clock, db):
    """Cookies were cleared while the page was open: 403, all that was typed, and a button to send it again."""
    client = Client(enforce_csrf_checks=True)
    page = client.post("/portal/report/facts/", {"facts": FACTS, "csrfmiddlewaretoken": "x" * 64})
    assert page.status_code == 403 and FACTS in page.content.decode()
    assert not StoredDraft.objects.exists(), "nothing is done with it before the visitor says so"
    token = client.cookies["csrftoken"].value
    again = client.post("/portal/report/facts/", {"facts": FACTS, "csrfmiddlewaretoken": token})
    assert again.status_code == 302


def test_a_failure_of_the_server_gives_everything_back_and_stores_nothing(visitor, monkeypatch):
    def broken(*given, **named):
        raise RuntimeError("the disk is full")

    page = visitor.walk(facts={"facts": FACTS})
    payload = {"truth": "on", "proof": visitor.prove(page)}
    with monkeypatch.context() as patched:
        patched.setattr(wizard, "receive_complaint", broken)
        failed = visitor.client.post("/portal/report/check/", payload)
        assert failed.status_code == 500 and "没有丢失" in failed.content.decode()
        patched.setattr(drafts.Draft, "save", broken)
        lost = visitor.step("facts", facts=FACTS + "又补了一句。")
        assert lost.status_code == 500 and FACTS + "又补了一句。" in lost.content.decode()
    assert not Receipt.objects.exists()
    assert visitor.client.post("/portal/report/check/", payload).status_code == 302
    assert Receipt.objects.count() == 1


def test_a_failure_behind_the_intake_leaves_neither_report_nor_receipt(visitor, monkeypatch):
    def broken(*given, **named):
        raise RuntimeError("no room for files")

    page = visitor.walk()
    payload = {"truth": "on", "proof": visitor.prove(page)}
    with monkeypatch.context() as patched:
        patched.setattr(wizard, "attach_files", broken)
        assert visitor.client.post("/portal/report/check/", payload).status_code == 500
    assert not Receipt.objects.exists()
    assert visitor.client.post("/portal/report/check/", payload).status_code == 302


def test_expired_work_is_asked_for_again_and_the_answers_stay(visitor, clock):
    page = visitor.walk(facts={"facts": FACTS})
    proof = visitor.prove(page)
    clock.shift(timedelta(hours=3))
    late = visitor.client.post("/portal/report/check/", {"truth": "on", "proof": proof})
    assert late.status_code == 422 and FACTS in late.content.decode()
    assert visitor.send(late).status_code == 302


def test_a_message_typed_after_the_session_was_lost_is_shown_with_the_way_back(visitor):
    slip = visitor.submit()
    visitor.client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    Session.objects.all().delete()
    page = visitor.client.post("/portal/status/message/", {"matter": "", "text": FACTS})
    assert page.status_code == 403 and FACTS in page.content.decode()
    assert "data-interrupted" in page.content.decode(), "the script keeps it too"


@pytest.mark.parametrize("step", [step.key for step in wizard.STEPS if step.key != "files"])
def test_no_question_loses_its_answer_to_a_failure(visitor, monkeypatch, step):
    def broken(*given, **named):
        raise RuntimeError

    visitor.walk(topic={"topic": "evaluation"})
    if step == "name_given":
        visitor.step("channel", kind="tip_off")
    if step == "mandate":
        visitor.step("who", **ANSWERS["who"], **AGENT)
    monkeypatch.setattr(drafts.Draft, "save", broken)
    page = visitor.step(step, **ANSWERS[step]).content.decode()
    assert all(value in page for value in ANSWERS[step].values())
