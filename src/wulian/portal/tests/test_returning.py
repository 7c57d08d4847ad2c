"""Coming back with number and code: write, add, withdraw, judge, read what was served."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wulian.casework.dialogue import services as dialogue
from wulian.casework.dialogue.models import Message, Satisfaction, Supplement, WithdrawalRequest
from wulian.casework.intake import services
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.tests import factories as make
from wulian.core.documents.models import EnforcementDocument
from wulian.core.files.services import held_file
from wulian.core.files.services.holding import slip_of
from wulian.crypto import hexdigest

pytestmark = pytest.mark.django_db
PAGE = "/portal/status/progress/"


@pytest.fixture
def back(visitor, people):
    """A complainant whose complaint is at 市住更局, on the status page; `key` is how the forms call the complaint."""
    slip = visitor.submit()
    visitor.matter = make.dispatched(slip.matters[0], people.clerk, people.dispatcher)
    visitor.client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    visitor.key = f"complaint-{visitor.matter.pk}"
    return visitor


def say(visitor, name, **data):
    return visitor.client.post(f"/portal/status/{name}/", {"matter": visitor.key, **data})


def shown(visitor):
    return visitor.client.get(PAGE).content.decode()


def test_reporter_and_officer_write_to_each_other(back, people):
    assert say(back, "message", text="有新的情况要说明。").status_code == 302
    dialogue.send_message(actor=people.officer, matter=back.matter, text="请讲，我们会核实。")
    page = shown(back)
    assert "有新的情况要说明。" in page and "请讲，我们会核实。" in page
    assert people.housing.name in page and people.officer.full_name not in page, (
        "an authority answers, not a name"
    )
    assert Message.objects.get(from_reporter=False).read_at is not None


def test_an_empty_message_comes_back_at_its_field(back):
    page = say(back, "message", text=" ")
    assert page.status_code == 422 and "data-failed" in page.content.decode()
    assert not Message.objects.exists()


def test_nobody_writes_about_the_matter_of_another(back):
    other = make.complaint()
    assert (
        back.client.post(
            "/portal/status/message/", {"matter": f"complaint-{other.pk}", "text": "您好"}
        ).status_code
        == 404
    )
    assert Client().post("/portal/status/message/", {"matter": back.key, "text": "您好"}).status_code == 403
    assert not Message.objects.exists()


def test_a_supplement_shows_its_date_and_that_it_stops_nothing(back, people):
    dialogue.ask_supplement(
        actor=people.officer,
        matter=back.matter,
        what="请提供异议书。",
        due_on=date(2026, 9, 29) + timedelta(days=7),
    )
    page = shown(back)
    assert "请提供异议书。" in page and "2026-10-06" in page and "补正不影响法定期限" in page
    paper = SimpleUploadedFile("异议书.txt", "异议书全文".encode())
    assert say(back, "supplement", text="见附件", files=paper).status_code == 302
    assert Supplement.objects.get().files.count() == 1
    page = shown(back)
    assert "请提供异议书。" not in page and "材料1.txt" in page and Supplement.objects.get().digest in page


def test_a_refused_file_keeps_the_text_of_the_supplement(back):
    page = say(back, "supplement", text="写了很多的补充说明", files=SimpleUploadedFile("a.exe", b"MZ"))
    assert page.status_code == 422
    assert "写了很多的补充说明" in page.content.decode() and "a.exe" in page.content.decode()


def tokens_in(page):
    return re.findall(r'name="held" value="([^"]+)"', page.content.decode())


def test_files_wait_while_the_rest_is_corrected_and_are_never_chosen_again(back):
    papers = [SimpleUploadedFile("撤回申请.txt", b"signed"), SimpleUploadedFile("a.exe", b"MZ")]
    page = say(back, "withdrawal", reason="招标人已经更正。", files=papers)
    (token,) = tokens_in(page)
    assert page.status_code == 422 and "撤回申请.txt" in page.content.decode()
    page = say(back, "withdrawal", reason="", sure="on", held=token)
    assert page.status_code == 422 and tokens_in(page) == [token]
    assert say(back, "withdrawal", reason="招标人已经更正。", sure="on", held=token).status_code == 302
    (file,) = WithdrawalRequest.objects.get().files.all()
    assert file.sm3 == hexdigest(b"signed")


def test_what_a_service_refuses_keeps_the_files_too(back):
    Complaint.objects.update(state="C14")
    paper = SimpleUploadedFile("撤回申请.txt", b"signed")
    page = say(back, "withdrawal", reason="不想继续了。", sure="on", files=paper)
    assert page.status_code == 422 and held_file(tokens_in(page)[0]) is not None


def test_a_file_that_waits_is_removed_again_and_the_words_stay(back):
    paper = SimpleUploadedFile("错发的.txt", b"wrong")
    page = say(back, "supplement", text="字" * 20_001, files=paper)
    (token,) = tokens_in(page)
    page = say(back, "supplement", text="写好的补充", held=token, remove=token)
    assert page.status_code == 200 and not tokens_in(page) and "写好的补充" in page.content.decode()
    assert held_file(token) is None and not Supplement.objects.exists()


def test_an_anonymous_reporters_waiting_file_keeps_no_original(visitor):
    slip = visitor.submit(channel={"kind": "tip_off"}, name_given={"named": "no"})
    visitor.client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    visitor.key = f"tipoff-{slip.matters[0].pk}"
    files = [SimpleUploadedFile("记录.txt", b"seen"), SimpleUploadedFile("a.exe", b"MZ")]
    (token,) = tokens_in(say(visitor, "supplement", text="", files=files))
    assert slip_of(token).original == ""


def test_a_withdrawal_is_asked_for_with_its_reason(back):
    assert say(back, "withdrawal", reason="招标人已经更正。").status_code == 422, (
        "the consequence is confirmed first"
    )
    assert say(back, "withdrawal", reason="招标人已经更正。", sure="on").status_code == 302
    assert WithdrawalRequest.objects.get().reason == "招标人已经更正。"
    page = shown(back)
    assert "您的撤回申请" in page and 'action="/portal/status/withdrawal/"' not in page


def test_after_the_decision_nothing_is_withdrawn_but_an_opinion_is_asked(back):
    Complaint.objects.update(state="C14")
    page = shown(back)
    assert (
        'action="/portal/status/withdrawal/"' not in page and 'action="/portal/status/satisfaction/"' in page
    )
    assert say(back, "withdrawal", reason="不想继续了。", sure="on").status_code == 422
    assert say(back, "satisfaction", score="5", text="很及时").status_code == 302
    assert say(back, "satisfaction", score="1").status_code == 422
    assert Satisfaction.objects.get().score == 5


def test_the_identity_shows_role_and_authority_reason_and_times_but_no_officers_name(back, people):
    opening = services.request_opening(
        actor=people.officer, matter=back.matter, reason="送达受理通知书需核实地址。", hours=2
    )
    opening = services.approve_opening(actor=people.discipline, opening=opening)
    for _look in range(2):
        services.open_identity(actor=people.officer, opening=opening)
    page = shown(back)
    assert "送达受理通知书需核实地址。" in page and "共查看2次" in page and "承办人" in page
    assert people.officer.full_name not in page and people.discipline.full_name not in page


def test_documents_for_the_complainant_are_taken_here_and_no_others(back, people):
    document = services.accept_complaint(
        actor=people.officer, complaint=back.matter, contact_person="王建国", contact_phone="0722-3590001"
    )
    page = shown(back)
    assert document.document_no in page
    answer = back.client.get(f"/portal/status/document/{document.pk}/")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert "attachment" in answer.headers["Content-Disposition"]
    EnforcementDocument.objects.update(template="受理审查表")
    assert back.client.get(f"/portal/status/document/{document.pk}/").status_code == 404
    assert Client().get(f"/portal/status/document/{document.pk}/").status_code == 302


def test_the_status_page_asks_the_same_number_of_queries_however_long_the_dialogue(back, people):
    counts = []
    for _round in range(2):
        shown(back)
        with CaptureQueriesContext(connection) as asked:
            shown(back)
        counts.append(len(asked))
        for number in range(5):
            dialogue.send_message(actor=people.officer, matter=back.matter, text=f"第{number}条")
    assert counts[0] == counts[1]


def test_throwing_away_closes_everything(back):
    back.client.post("/portal/report/forget/")
    assert back.client.get(PAGE).status_code == 302
