"""Papers: taken in, read and scanned by the worker, refused without a trace."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from wulian.analysis.documents.tests.building import CLAUSE, pdf_file, rewritten, scanned_pdf, word_file
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.findings import services, storage
from wulian.information.findings.choices import ScanState
from wulian.information.findings.models import Finding, Paper, PaperPage
from wulian.information.findings.tasks import scan_in_background

pytestmark = pytest.mark.django_db


def attach(lot, actor, data=None, name="招标文件.docx", kind="bidding_documents") -> Paper:
    upload = SimpleUploadedFile(name, word_file() if data is None else data)
    return services.attach_paper(lot=lot, kind=kind, upload=upload, actor=actor)


def kept_files() -> list[str]:
    return [path.name for path in storage.folder().rglob("*") if path.is_file()]


@pytest.mark.parametrize("who", ["officer", "liaison", "dispatcher"])
def test_those_who_work_on_the_dossier_attach_a_paper_and_its_scan_is_queued(who, people, lot):
    paper = attach(lot, getattr(people, who))
    assert (paper.state, paper.format, len(paper.sm3)) == (ScanState.WAITING, "docx", 64)
    assert kept_files() == [paper.file_path.split("/")[1]]
    assert AuditEvent.objects.filter(verb="findings.paper_attached").count() == 1
    assert DBTaskResult.objects.filter(task_path__endswith="scan_in_background").count() == 1


@pytest.mark.parametrize("who", ["stranger", "reviewer", "discipline", "admin"])
def test_nobody_else_attaches_and_nothing_is_kept(who, people, lot):
    with pytest.raises(Forbidden):
        attach(lot, getattr(people, who))
    assert (kept_files(), Paper.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: b"", "文件：内容为空。"),
        (lambda: b"PK\x03\x04 nothing", "文件已损坏"),
        (lambda: pdf_file("招标公告")[:2_000], "PDF 文件已损坏"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "请另存为不加密的 .docx"),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "需识别"),
        (lambda: rewritten(word_file(), word__document_xml=b" " * 101_000_000), "压缩炸弹"),
    ],
    ids=["empty", "no archive", "cut pdf", "old word", "image", "bomb"],
)
def test_a_bad_upload_is_refused_and_leaves_nothing_behind(data, message, people, lot):
    with pytest.raises(Refusal, match=message) as caught:
        attach(lot, people.officer, data())
    assert caught.value.field == "upload"
    assert kept_files() == []
    assert Paper.objects.count() == AuditEvent.objects.filter(verb__startswith="findings").count() == 0
    assert not DBTaskResult.objects.exists()


def test_a_file_too_large_is_refused_while_it_is_written(people, lot, monkeypatch):
    monkeypatch.setattr(storage, "MOST_BYTES", 1_000)
    with pytest.raises(Refusal, match="文件：不得超过0 MB"):
        attach(lot, people.officer)
    assert kept_files() == []


def test_the_name_a_user_gives_is_never_a_path(people, lot):
    upload = SimpleUploadedFile("a.docx", word_file())
    upload._name = "..\\..\\etc/招标文件.docx"
    paper = services.attach_paper(lot=lot, kind="notice", upload=upload, actor=people.officer)
    assert paper.file_name == "招标文件.docx"
    assert ".." not in paper.file_path


def test_the_same_file_is_taken_once_a_lot(people, lot):
    data = word_file()
    attach(lot, people.officer, data)
    with pytest.raises(Refusal, match="该标段已有同一文件"):
        attach(lot, people.liaison, data, "另一个名字.docx")
    assert len(kept_files()) == Paper.objects.count() == 1


def test_the_worker_reads_the_pages_and_finds_the_clauses(people, lot):
    paper = attach(lot, people.officer)
    assert scan_in_background.call(paper.pk) == 2
    paper.refresh_from_db()
    assert (paper.state, paper.page_count, paper.approximate_pages) == (ScanState.DONE, 3, True)
    assert PaperPage.objects.filter(paper=paper).count() == 3
    finding = Finding.objects.get(class_code="地域")
    assert (finding.rule_id, finding.page, finding.lot, finding.project) == ("ZB-07", 2, lot, lot.project)
    assert finding.clause_text == CLAUSE.rstrip("。")
    assert AuditEvent.objects.filter(verb="findings.paper_scanned").count() == 1


def test_a_second_worker_does_not_scan_the_same_paper(people, lot):
    paper = attach(lot, people.officer)
    services.scan_paper(paper_id=paper.pk)
    assert services.scan_paper(paper_id=paper.pk) == 0
    assert Finding.objects.count() == 2


def test_progress_is_written_while_a_pdf_is_read(people, lot, monkeypatch):
    paper = attach(lot, people.officer, pdf_file(CLAUSE, pages=25), "招标文件.pdf")
    seen = []
    monkeypatch.setattr(
        "wulian.information.findings.services.papers.scan",
        lambda document, **options: seen.append(Paper.objects.get(pk=paper.pk).pages_read) or [],
    )
    services.scan_paper(paper_id=paper.pk)
    assert seen == [25]


def test_a_scan_is_refused_by_the_worker_its_file_removed_and_its_reason_shown(people, lot):
    paper = attach(lot, people.officer, scanned_pdf(), "扫描件.pdf")
    services.scan_paper(paper_id=paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.file_path) == (ScanState.REFUSED, "")
    assert paper.message.startswith("无文字层，需识别")
    assert kept_files() == []
    assert not Finding.objects.exists()


def test_a_refused_file_may_be_uploaded_again(people, lot):
    data = scanned_pdf()
    services.scan_paper(paper_id=attach(lot, people.officer, data).pk)
    assert attach(lot, people.officer, data).state == ScanState.WAITING


def test_an_error_of_the_scanner_is_shown_and_the_paper_may_be_scanned_again(people, lot, monkeypatch):
    paper = attach(lot, people.officer)
    with monkeypatch.context() as patch:
        patch.setattr("wulian.information.findings.services.papers.scan", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.scan_paper(paper_id=paper.pk)
    paper.refresh_from_db()
    assert paper.state == ScanState.FAILED
    services.rescan_paper(paper=paper, actor=people.officer)
    assert services.scan_paper(paper_id=paper.pk) == 2


def test_a_new_scan_keeps_what_was_judged_and_makes_no_double(people, lot):
    paper = attach(lot, people.officer)
    services.scan_paper(paper_id=paper.pk)
    judged = Finding.objects.get(class_code="地域")
    services.judge_finding(finding=judged, verdict="real", reason="要求本地分公司。", actor=people.officer)
    services.rescan_paper(paper=paper, actor=people.officer)
    services.scan_paper(paper_id=paper.pk)
    assert Finding.objects.count() == 2
    assert Finding.objects.get(class_code="地域").pk == judged.pk


def test_a_waiting_paper_is_not_queued_twice(people, lot):
    with pytest.raises(Refusal, match="正在等待扫描"):
        services.rescan_paper(paper=attach(lot, people.officer), actor=people.officer)


def test_taking_the_file_leaves_a_trace_and_an_altered_file_is_not_given(people, lot):
    data = word_file()
    paper = attach(lot, people.officer, data)
    assert services.read_paper(paper=paper, actor=people.section) == data
    assert AuditEvent.objects.filter(verb="findings.paper_read").count() == 1
    (storage.folder() / paper.file_path).write_bytes(data + b" ")
    with pytest.raises(Refusal, match="SM3"):
        services.read_paper(paper=paper, actor=people.section)
