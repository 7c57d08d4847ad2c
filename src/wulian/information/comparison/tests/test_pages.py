"""Pages: who sees what, the marks beside each other, each reading written down, no query for each row."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from wulian.analysis.similarity.tests.texts import own_text
from wulian.core.audit.models import AuditEvent
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.information.comparison import bundling, services
from wulian.information.comparison.choices import FileRole, RunState, State
from wulian.information.comparison.duties import duties
from wulian.information.comparison.models import Pair, Run, SimilarityFinding, Submission
from wulian.information.comparison.tests.conftest import A, B, C, attach, compare
from wulian.information.comparison.tests.test_files import archive

pytestmark = pytest.mark.django_db
SEE = {"officer", "second", "section", "head", "dispatcher", "discipline"}
READ = SEE - {"dispatcher"}
TEXT = "一份投标文件。".encode()


@pytest.fixture
def client_of(people):
    return lambda who: sign_in(Client(), getattr(people, who))


def everyone(people) -> dict:
    return {**vars(people), None: None}


def shown(client, url):
    return client.get(url).content.decode()


def test_findings_are_for_some_roles_of_the_department_and_the_coordinating_office(finding, people, lot):
    for url in (
        finding.get_absolute_url(),
        finding.run.get_absolute_url(),
    ):
        assert_only_roles(url, everyone(people), SEE)
    for url in (reverse("comparison:findings"), reverse("comparison:runs"), reverse("comparison:verify")):
        assert_only_roles(url, everyone(people), SEE | {"stranger"})
    assert_only_roles(reverse("comparison:lot", args=[lot.pk]), everyone(people), SEE)


def test_what_bidders_wrote_is_for_fewer(run, people):
    pair = Pair.objects.get(run=run, a=B, b=C)
    file = Submission.objects.filter(bidder=B).get()
    assert_only_roles(pair.get_absolute_url(), everyone(people), READ)
    assert_only_roles(reverse("comparison:file", args=[file.pk]), everyone(people), READ)


def test_a_stranger_sees_nothing_in_the_lists(finding, client_of):
    for name in ("comparison:findings", "comparison:runs"):
        assert str(finding.lot) in shown(client_of("officer"), reverse(name))
        assert str(finding.lot) not in shown(client_of("stranger"), reverse(name))


def test_two_bids_stand_side_by_side_with_the_same_numbers_on_both_sides(run, client_of, people):
    pair = Pair.objects.get(run=run, a=B, b=C)
    page = shown(client_of("officer"), pair.get_absolute_url())
    assert page.count('class="cp-pane"') == 2
    marked = [set(numbers.split()) for numbers in re.findall(r'<mark class="[^"]+" data-n="([^"]+)"', page)]
    for passage in pair.passages.all():
        assert sum(str(passage.number) in numbers for numbers in marked) >= 2
    event = AuditEvent.objects.get(verb="comparison.text_read")
    assert event.actor == people.officer and event.data["pair"] == pair.pk


def test_words_of_a_bid_are_never_markup(people, lot, client_of):
    words = "<script>alert(1)</script>本公司承诺按照招标文件约定的工期组织施工并配备足够的机械设备和劳动力，确保节点目标按时实现，绝不拖延。"
    for bidder in (A, B):
        attach(lot, people.officer, bidder, "技术标.txt", words.encode())
    run = services.order_comparison(lot=lot, actor=people.officer)
    services.run_comparison(run_id=run.pk)
    page = shown(client_of("officer"), Pair.objects.get(run=run).get_absolute_url())
    assert "script&gt;" in page and "<script>alert" not in page


def test_who_does_not_read_texts_sees_places_without_words(finding, client_of, people):
    assert "4200…5301" in shown(client_of("officer"), finding.get_absolute_url())
    page = shown(client_of("dispatcher"), finding.get_absolute_url())
    assert "4200…5301" not in page and "bonds.json" in page
    readers = AuditEvent.objects.filter(verb="comparison.evidence_read").values_list("actor", flat=True)
    assert list(readers) == [people.officer.pk]


def test_progress_is_shown_until_the_comparison_is_over(finding, client_of):
    run = finding.run
    Run.objects.filter(pk=run.pk).update(state=RunState.READING, files_read=4, file_count=9)
    page = shown(client_of("officer"), run.get_absolute_url())
    assert 'hx-trigger="every 1s"' in page and "4/9" in page
    Run.objects.filter(pk=run.pk).update(state=RunState.DONE)
    assert 'hx-trigger="every 1s"' not in shown(client_of("officer"), run.get_absolute_url())


def test_files_are_attached_and_compared_through_the_pages(people, lot, client_of):
    client = client_of("officer")
    for bidder in (A, B):
        client.post(
            reverse("comparison:add", args=[lot.pk]),
            {"role": FileRole.BID, "bidder": bidder, "uploads": [SimpleUploadedFile("甲.txt", TEXT), SimpleUploadedFile("乙.txt", TEXT)]},
        )  # fmt: skip
    assert Submission.objects.count() == 4
    page = shown(client, reverse("comparison:lot", args=[lot.pk]))
    assert "2 个文件" in page and C in page
    response = client.post(reverse("comparison:compare", args=[lot.pk]))
    assert response.url == Run.objects.get().get_absolute_url()


def test_a_refused_archive_says_why_at_the_field(lot, client_of):
    upload = archive({"../甲/a.txt": TEXT})
    response = client_of("officer").post(reverse("comparison:archive", args=[lot.pk]), {"archive": upload})
    assert response.status_code == 422
    assert "压缩包之外" in response.content.decode()


def test_an_archive_is_taken_and_what_is_passed_over_is_told(lot, client_of):
    upload = archive({f"{A}/a.txt": TEXT, f"{A}/b.GCJS7": TEXT})
    response = client_of("officer").post(
        reverse("comparison:archive", args=[lot.pk]), {"archive": upload}, follow=True
    )
    page = response.content.decode()
    assert "已上传1个文件" in page and "b.GCJS7" in page


def test_a_finding_goes_through_its_pages_to_a_decision(finding, people, client_of):
    officer, second, section = (client_of(who) for who in ("officer", "second", "section"))
    pk = [finding.pk]
    officer.post(reverse("comparison:begin", args=pk))
    officer.post(
        reverse("comparison:exclusions", args=pk), {"state0": "ruled_out", "remark0": "已向银行核实"}
    )
    for bidder in (B, C):
        officer.post(
            reverse("comparison:explanation", args=pk),
            {"bidder": bidder, "explained_on": "2026-01-05", "text": "系代付。"},
        )
    for client in (officer, second):
        client.post(reverse("comparison:opinion", args=pk), {"conclusion": "supported", "text": "属实。"})
    assert "提请决定" in shown(officer, finding.get_absolute_url())
    officer.post(reverse("comparison:submit", args=pk))
    response = section.post(reverse("comparison:decide", args=pk), {"event": "file", "note": "移交查处。"})
    assert response.url == finding.get_absolute_url()
    finding.refresh_from_db()
    assert finding.state == State.FILED
    assert str(finding.outcome) in shown(section, finding.get_absolute_url())


def test_a_decision_is_offered_to_heads_only(finding, people):
    SimilarityFinding.objects.filter(pk=finding.pk).update(state=State.DECIDING)
    assert_only_roles(reverse("comparison:decide", args=[finding.pk]), everyone(people), {"section", "head"})


def test_a_bundle_is_verified_on_its_page(finding, client_of):
    data, _key = bundling.pack({"疑点.json": b"{}"}, {"finding": finding.pk, "number": 1, "project": "", "lot": "", "made_at": "", "made_by": ""})  # fmt: skip
    url = reverse("comparison:verify")
    client = client_of("discipline")
    good = client.post(url, {"bundle": SimpleUploadedFile("a.zip", data)}).content.decode()
    bad = client.post(url, {"bundle": SimpleUploadedFile("a.zip", b"x")}).content.decode()
    assert "未被改动：各部分与本平台签名时一致" in good
    assert "已被改动，或者不是本平台制作" in bad


def test_the_dossier_shows_findings_with_their_level(finding, client_of, lot):
    url = reverse("registry:dossier", args=[lot.project_id])
    page = shown(client_of("section"), url)
    assert finding.get_absolute_url() in page and "疑似视为串通" in page
    assert finding.get_absolute_url() not in shown(client_of("clerk"), url)


def test_the_worklist_names_who_has_to_do_what(finding, people):
    [duty] = duties(people.officer)
    assert "1 项雷同疑点待核查" in str(duty.title)
    SimilarityFinding.objects.update(state=State.DECIDING)
    assert list(duties(people.officer)) == []
    [duty] = duties(people.section)
    assert "1 项雷同疑点等待决定" in str(duty.title)
    assert list(duties(people.stranger)) == list(duties(people.discipline)) == []


def test_lists_ask_the_database_no_more_for_more_rows(finding, client_of, lot):
    client = client_of("officer")
    findings, lot_page = reverse("comparison:findings"), reverse("comparison:lot", args=[lot.pk])
    pages = (
        findings,
        finding.run.get_absolute_url(),
        reverse("registry:dossier", args=[lot.project_id]),
        lot_page,
    )
    for url in pages:
        client.get(url)
    before = [_queries(client, url) for url in pages]
    for number in range(20):
        SimilarityFinding.objects.create(
            project_id=lot.project_id, lot=lot, run=finding.run, key=str(number), check_code="B-1", title="保证金", confidence="V",
            level="hint", subjects=[B, C], value="", exclusions=[],
        )  # fmt: skip
        Pair.objects.create(
            run=finding.run, number=number, a=B, b=C, level="提示", containment=0.4, matched=9, passage_count=1, deviation_count=0
        )  # fmt: skip
        Submission.objects.create(
            project_id=lot.project_id, lot=lot, role="bid", bidder=f"甲{number}", file_name="a.txt", file_path="x", size=1, sm3="",
            sha256="", uploaded_by=finding.run.ordered_by,
        )  # fmt: skip
    for url, count in zip(pages, before, strict=True):
        with assert_max_queries(count + 1):
            client.get(url)


def _queries(client, url):
    with assert_max_queries(99) as captured:
        client.get(url)
    return len(captured.captured_queries)


def test_a_hundred_bidders_are_one_small_map(finding, client_of):
    names = [f"随州第{number}建筑有限公司" for number in range(1, 101)]
    run = finding.run
    Run.objects.filter(pk=run.pk).update(bidders=names)
    pairs = [(a, b) for a in range(90) for b in range(a)]
    Pair.objects.bulk_create(
        Pair(
            run=run, number=place, a=names[b], b=names[a], level="疑似视为" if place == 5 else "提示", containment=0.4, matched=9,
            passage_count=1, deviation_count=0,
        )
        for place, (a, b) in enumerate(pairs)
    )  # fmt: skip
    client = client_of("officer")
    shown(client, run.get_absolute_url())
    with assert_max_queries(25):
        page = shown(client, run.get_absolute_url())
    assert page.count('<td class="cp-h') == len(pairs) and page.count("cp-deemed") == 1
    assert "10 家投标人没有与任何一家相同" in page
    assert len(page) < 1_500_000
    reader_without_texts = shown(client_of("dispatcher"), run.get_absolute_url())
    assert (
        reader_without_texts.count('<td class="cp-h') == len(pairs)
        and "comparison/pairs/" not in reader_without_texts
    )


def test_codes_that_the_law_does_not_count_are_shown_as_tested_and_excluded(people, lot, client_of):
    rows = ["投标人,环节,地点,MAC,CPU,硬盘"]
    rows += [
        f"{name},上传,随州市公共资源交易中心开标现场,3C:7C:3F:11:22:33,BFEBFBFF000906EA,S3Z9NB0K"
        for name in (A, B)
    ]
    rows += [
        f"{name},制作,,00:50:56:C0:00:08,178BFBFF00870F1{number},WD-WX11A{number}"
        for number, name in enumerate((B, C))
    ]
    attach(lot, people.officer, name="machine.csv", data="\n".join(rows).encode(), role=FileRole.RECORD)
    for number, bidder in enumerate((A, B, C)):
        attach(lot, people.officer, bidder, "技术标.txt", "".join(own_text(number, 12)).encode())
    compare(lot, people.officer)
    site = SimilarityFinding.objects.get(check_code="H-1")
    assert (site.level, site.explained, set(site.subjects)) == ("deemed", True, {A, B})
    page = shown(client_of("officer"), site.get_absolute_url())
    assert "在交易中心开标现场的公用电脑上传" in page and "已检验，成立" in page and "由比对程序检验" in page
    assert not SimilarityFinding.objects.filter(check_code__in=("H-2", "H-5"), explained=False).exists()
