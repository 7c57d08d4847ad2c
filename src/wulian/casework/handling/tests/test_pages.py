"""The pages: each opens for who may take its step, a form reaches its service, and everybody else is turned away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wulian.casework.handling import services
from wulian.casework.handling.models import EvidenceItem, Interview, Publication, ServiceProof
from wulian.casework.handling.permissions import abilities, address
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake

pytestmark = pytest.mark.django_db


def page(client_for, user, complaint, key, **data):
    client = client_for(user)
    url = address(complaint, key)
    return client.post(url, data) if data else client.get(url)


def open_pages(client_for, user, complaint):
    """Every page the user is offered opens; returns the keys."""
    keys = list(abilities(complaint, user))
    for key in keys:
        if key != "bundle":
            assert client_for(user).get(address(complaint, key)).status_code == 200, key
    return set(keys)


def test_each_offered_page_opens_while_the_complaint_is_investigated(client_for, people, complaint):
    assert open_pages(client_for, people.officer, complaint) == {
        "finish", "experts", "consult", "letter", "notice", "interview", "evidence", "service", "bundle",
    }  # fmt: skip
    assert open_pages(client_for, people.section, complaint) == {"officers", "bundle"}
    assert open_pages(client_for, people.head, complaint) == {"suspend", "bundle"}
    assert abilities(complaint, people.other) == {"bundle": abilities(complaint, people.officer)["bundle"]}


def test_each_offered_page_opens_up_to_the_archive(client_for, people, complaint):
    make.proposed(people, complaint)
    assert {"endorse", "return"} <= open_pages(client_for, people.section, complaint)
    services.endorse_opinion(actor=people.section, complaint=complaint, note=make.NOTE)
    assert "legality" in open_pages(client_for, people.lawyer, complaint)
    services.review_legality(actor=people.lawyer, complaint=complaint, note=make.NOTE)
    assert "decide" in open_pages(client_for, people.head, complaint)
    services.decide(actor=people.head, complaint=complaint, note="同意。", review_authority="随州市人民政府", court="随州市曾都区人民法院")  # fmt: skip
    assert "serve" in open_pages(client_for, people.officer, complaint)
    make.served(people, complaint)
    assert "draft" in open_pages(client_for, people.officer, complaint)
    services.draft_publication(actor=people.officer, complaint=complaint, title="关于投诉的处理结果", text=make.TEXT)  # fmt: skip
    assert "approve" in open_pages(client_for, people.section, complaint)
    services.approve_publication(actor=people.section, complaint=complaint, note="同意。")
    assert open_pages(client_for, people.dispatcher, complaint) == {"publish"}
    services.publish(actor=people.dispatcher, complaint=complaint)
    assert open_pages(client_for, people.dispatcher, complaint) == {"take_down"}
    assert "archive" in open_pages(client_for, people.officer, complaint)


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "stranger", "admin", "other", "discipline"])
def test_who_does_not_investigate_opens_no_page_of_the_investigation(client_for, people, complaint, who):
    user = getattr(people, who)
    for key in ("finish", "notice", "interview", "evidence", "experts", "service"):
        assert client_for(user).get(address(complaint, key)).status_code in (403, 404), key


def test_the_page_of_a_complaint_shows_days_evidence_and_who_held_it(client_for, people, complaint):
    make.evidence(people, complaint)
    text = client_for(people.section).get(complaint.get_absolute_url()).content.decode()
    assert "上传设备信息" in text
    assert "随州市公共资源交易中心 → " in text
    assert intake.NAME not in text and intake.PHONE not in text


def test_the_window_that_took_a_complaint_sees_nothing_of_its_investigation(client_for, people, complaint):
    make.evidence(people, complaint)
    response = client_for(people.clerk).get(complaint.get_absolute_url())
    assert response.status_code == 200
    assert "上传设备信息" not in response.content.decode()
    assert not EvidenceItem.objects.visible_to(people.clerk).exists()


def test_the_page_asks_the_same_number_of_questions_however_long_the_file_is(client_for, people, complaint):
    make.evidence(people, complaint)
    client = client_for(people.section)
    url = complaint.get_absolute_url()
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(3):
        make.evidence(people, complaint, title=f"证据{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)


def test_evidence_is_taken_in_with_its_file_through_the_page(client_for, people, complaint):
    response = page(
        client_for, people.officer, complaint, "evidence",
        kind="documentary", title="评标报告复印件", proves="评审意见", origin="招标人", obtained_on="2026-09-29",
        files=make.scan("评标报告.txt"),
    )  # fmt: skip
    assert response.status_code == 302
    item = EvidenceItem.objects.get()
    assert item.files.count() == 1 and item.custody.get().to_holder == people.officer.full_name


def test_an_interview_is_written_with_questions_and_answers(client_for, people, complaint):
    given = {
        "interviewee": "周文斌", "position": "授权代表", "began_at": "2026-09-29T08:00", "ended_at": "2026-09-29T09:00",
        "place": "203室", "recorder": "李红梅", "recusal": "no", "answers": "问：投标文件由谁编制？\n答：由经营部编制。\n问：用几台电脑？\n答：一台。",
    }  # fmt: skip
    assert page(client_for, people.officer, complaint, "interview", **given).status_code == 302
    assert Interview.objects.get().answers[1] == {"question": "用几台电脑？", "answer": "一台。"}
    wrong = {**given, "answers": "问：投标文件由谁编制？\n问：用几台电脑？\n答：一台。"}
    assert page(client_for, people.officer, complaint, "interview", **wrong).status_code == 422


def test_a_service_is_recorded_through_the_page(client_for, people, complaint):
    make.decided(people, complaint)
    form = client_for(people.officer).get(address(complaint, "serve")).context["form"]
    given = {
        "document": form.fields["document"].initial, "recipient": "respondent", "mode": "direct", "served_on": "2026-09-29",
        "receiver": "周文斌", "place": "随州市综合监管服务窗口",
    }  # fmt: skip
    assert page(client_for, people.officer, complaint, "serve", **given).status_code == 302
    assert ServiceProof.objects.get().recipient_name == intake.RESPONDENT


def test_the_whole_file_is_taken_by_post_only(client_for, people, complaint):
    client = client_for(people.section)
    assert client.get(address(complaint, "bundle")).status_code == 405
    response = client.post(address(complaint, "bundle"))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


def test_everybody_reads_a_published_result_and_nobody_one_that_was_taken_down(client, people, complaint):
    """实施条例 第七十八条; REFERENCE CH-14."""
    make.served(people, make.decided(people, complaint))
    assert client.get(reverse("handling:public_results")).status_code == 200
    make.published(people, complaint)
    publication = Publication.objects.get()
    text = client.get(publication.get_absolute_url()).content.decode()
    assert "相互串通投标属实" in text
    for secret in (intake.NAME, intake.PHONE, complaint.alias, complaint.number):
        assert secret not in text
    listed = client.get(reverse("handling:public_results"), {"q": "府河南岸"}).content.decode()
    assert publication.title in listed
    assert publication.title not in client.get(reverse("handling:public_results"), {"q": "白云湖"}).content.decode()  # fmt: skip
    services.withdraw_publication(actor=people.dispatcher, complaint=complaint, note="文字有误")
    assert client.get(publication.get_absolute_url()).status_code == 404
    assert publication.title not in client.get(reverse("handling:public_results")).content.decode()


def test_a_draft_is_not_public(client, people, complaint):
    make.served(people, make.decided(people, complaint))
    draft = services.draft_publication(actor=people.officer, complaint=complaint, title="关于投诉的处理结果", text=make.TEXT)  # fmt: skip
    assert client.get(draft.get_absolute_url()).status_code == 404
