"""Pages: who sees what, the clause marked beside the article, the image, no query for each row."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from wulian.analysis.documents.tests.building import CLAUSE, pdf_file, scanned_pdf
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.information.findings import services
from wulian.information.findings.duties import duties
from wulian.information.findings.models import Finding, Paper
from wulian.information.findings.tests.test_papers import attach

pytestmark = pytest.mark.django_db
SEE = {"officer", "section", "liaison", "reviewer", "dispatcher", "discipline"}


@pytest.fixture
def paper(people, lot) -> Paper:
    data = pdf_file("第一章 招标公告", CLAUSE, "本项目须报名后方可投标。")
    found = attach(lot, people.officer, data, "招标公告.pdf", "notice")
    services.scan_paper(paper_id=found.pk)
    found.refresh_from_db()
    return found


@pytest.fixture
def client_of(people):
    return lambda who: sign_in(Client(), getattr(people, who))


def everyone(people) -> dict:
    return {**vars(people), None: None}


def test_the_pages_of_a_paper_are_for_those_who_see_its_dossier(paper, people):
    finding = paper.findings.first()
    for url in (
        paper.get_absolute_url(),
        finding.get_absolute_url(),
        reverse("findings:page", args=[paper.pk, 1]),
        reverse("findings:image", args=[paper.pk, 1]),
        reverse("findings:file", args=[paper.pk]),
    ):
        assert_only_roles(url, everyone(people), SEE)


def test_the_list_shows_a_stranger_nothing(paper, client_of):
    assert "招标公告.pdf" in client_of("officer").get(reverse("findings:papers")).content.decode()
    assert "招标公告.pdf" not in client_of("stranger").get(reverse("findings:papers")).content.decode()


def test_only_some_roles_open_the_form_and_the_patterns(paper, people, lot):
    assert_only_roles(
        reverse("findings:add", args=[lot.pk]), everyone(people), {"officer", "liaison", "dispatcher"}
    )
    assert_only_roles(
        reverse("findings:patterns"),
        everyone(people),
        SEE - {"liaison"} | {"stranger"},
    )
    assert_only_roles(reverse("findings:switch", args=["DY-01"]), everyone(people), {"reviewer"})


def test_a_file_is_uploaded_through_the_form(people, lot, client_of):
    upload = SimpleUploadedFile("招标文件.pdf", pdf_file("招标公告", CLAUSE))
    response = client_of("liaison").post(
        reverse("findings:add", args=[lot.pk]), {"kind": "notice", "upload": upload}
    )
    paper = Paper.objects.get()
    assert response.url == paper.get_absolute_url()
    assert 'hx-trigger="every 1s"' in client_of("liaison").get(response.url).content.decode()


def test_a_refused_upload_says_why_at_the_field(lot, client_of):
    upload = SimpleUploadedFile("招标文件.docx", b"\x89PNG\r\n\x1a\n" + bytes(99))
    response = client_of("officer").post(
        reverse("findings:add", args=[lot.pk]), {"kind": "notice", "upload": upload}
    )
    assert response.status_code == 422
    assert "无文字层，需识别" in response.content.decode()
    assert not Paper.objects.exists()


def test_a_paper_refused_by_the_worker_shows_its_reason(people, lot, client_of):
    paper = attach(lot, people.officer, scanned_pdf(), "扫描件.pdf")
    services.scan_paper(paper_id=paper.pk)
    shown = client_of("officer").get(paper.get_absolute_url()).content.decode()
    assert "无文字层，需识别" in shown
    assert reverse("findings:file", args=[paper.pk]) not in shown


def test_the_clause_is_marked_on_its_page_beside_the_article(paper, client_of):
    finding = paper.findings.get(class_code="地域")
    shown = client_of("officer").get(finding.get_absolute_url()).content.decode()
    assert f'<mark class="fd-mark fd-chosen" id="clause">{CLAUSE.rstrip("。")}</mark>' in shown
    assert "依法必须招标项目不得提出注册地址" in shown
    assert 'name="verdict"' in shown


def test_text_of_a_file_is_never_markup(people, lot, client_of):
    paper = attach(lot, people.officer, "本项目须<b>报名</b>后方可投标，<script>。".encode(), "公告.txt")
    services.scan_paper(paper_id=paper.pk)
    for url in (reverse("findings:page", args=[paper.pk, 1]), paper.findings.get().get_absolute_url()):
        shown = client_of("officer").get(url).content.decode()
        assert "&lt;script&gt;" in shown or "&lt;b&gt;报名" in shown
        assert "<b>报名" not in shown


def test_who_may_not_judge_sees_the_verdict_but_no_form(paper, people, client_of):
    finding = paper.findings.first()
    services.judge_finding(finding=finding, verdict="false", reason="属于平台登记。", actor=people.officer)
    shown = client_of("reviewer").get(finding.get_absolute_url()).content.decode()
    assert "属于平台登记。" in shown
    assert 'name="verdict"' not in shown


def test_a_verdict_leads_to_the_next_clause_that_waits(paper, client_of):
    first, second = paper.findings.all()
    response = client_of("officer").post(
        first.get_absolute_url(), {"verdict": "real", "reason": "与履行合同无关。"}
    )
    assert response.url == second.get_absolute_url()
    assert Finding.objects.get(pk=first.pk).verdict == "real"


def test_a_verdict_without_a_reason_is_asked_for_again(paper, client_of):
    finding = paper.findings.first()
    response = client_of("officer").post(finding.get_absolute_url(), {"verdict": "real", "reason": ""})
    assert response.status_code == 422
    assert Finding.objects.get(pk=finding.pk).verdict == ""


def test_the_image_of_a_page_frames_the_clause(paper, client_of):
    url = reverse("findings:image", args=[paper.pk, 1])
    client = client_of("officer")
    plain, framed = client.get(url), client.get(f"{url}?finding={paper.findings.first().pk}")
    assert plain["Content-Type"] == framed["Content-Type"] == "image/png"
    assert plain.content != framed.content
    assert client.get(reverse("findings:image", args=[paper.pk, 9])).status_code == 404


def test_the_file_is_only_ever_a_download(paper, client_of):
    response = client_of("officer").get(reverse("findings:file", args=[paper.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


def test_the_dossier_shows_its_papers_and_the_way_to_add_one(paper, lot, client_of):
    url = reverse("registry:dossier", args=[lot.project_id])
    add = reverse("findings:add", args=[lot.pk])
    officer, reader = (client_of(who).get(url).content.decode() for who in ("officer", "discipline"))
    assert paper.get_absolute_url() in officer and paper.get_absolute_url() in reader
    assert add in officer
    assert add not in reader


def test_the_worklist_asks_an_officer_to_judge(paper, people):
    [duty] = duties(people.officer)
    assert "2 条候选条款等待判断" in str(duty.title)
    assert duty.url == paper.get_absolute_url()
    assert list(duties(people.stranger)) == list(duties(people.discipline)) == []


def test_the_list_asks_the_database_no_more_for_more_papers(people, lot, client_of):
    client = client_of("officer")
    for number in range(12):
        attach(lot, people.officer, f"本项目须报名后方可投标，第{number}份。".encode(), f"公告{number}.txt")
    client.get(reverse("findings:papers"))
    with assert_max_queries(14):
        client.get(reverse("findings:papers"))


def test_the_reviewer_switches_a_pattern_on_its_page(client_of):
    client = client_of("reviewer")
    client.post(reverse("findings:switch", args=["DY-06"]), {"reason": "本市项目多为就近供料，误报多。"})
    shown = client.get(reverse("findings:patterns")).content.decode()
    assert "本市项目多为就近供料，误报多。" in shown
    assert client.get(reverse("findings:switch", args=["ZZ-01"])).status_code == 404
