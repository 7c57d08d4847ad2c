"""Comparing: what is found stands in the database with its places, once, and a broken file stops nothing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from wulian.analysis.documents.tests.building import pdf_file, rewritten, word_file
from wulian.analysis.documents.tests.test_hostile_files import encrypted_pdf
from wulian.analysis.similarity.tests.texts import own_text
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.comparison import services
from wulian.information.comparison.choices import RunState, State
from wulian.information.comparison.models import ExtractedText, Pair, Run, SimilarityFinding, Submission
from wulian.information.comparison.store import FILES, REPORTS, TEXTS, workshop
from wulian.information.comparison.tests.conftest import A, B, C, attach, attach_all, compare

pytestmark = pytest.mark.django_db


def test_what_two_bids_share_is_found_with_its_places_and_what_comes_from_the_tender_is_not(run):
    assert run.state == RunState.DONE, run.message
    pair = Pair.objects.get(run=run, a=B, b=C)
    texts = {one.name: TEXTS.read(one.text_path).decode() for one in ExtractedText.objects.filter(run=run)}
    words = [
        texts[one.a["file"]][one.a["start"] : one.a["end"]] for one in pair.passages.exclude(kind="deviation")
    ]
    assert any("赶工领导小组" in one for one in words)
    assert not any("踏勘现场" in one for one in words)
    for one in pair.passages.all():
        assert one.a["file"].startswith(B) and one.b["file"].startswith(C)
        assert one.a["page"] >= 1 and one.a["paragraph"] >= 1
    assert not Pair.objects.filter(run=run, a=A, passage_count__gt=0).exists()


def test_findings_have_their_level_their_exclusions_and_wait_for_people(run):
    text = SimilarityFinding.objects.get(run=run, check_code="T-1")
    author = SimilarityFinding.objects.filter(run=run, check_code="M-1").first()
    assert (text.level, text.strong, text.state) == ("hint", True, State.WAITING)
    assert set(text.subjects) == set(author.subjects) == {B, C}
    assert any(item["state"] == "open" for item in text.exclusions)
    assert run.finding_count == SimilarityFinding.objects.filter(run=run).count()


def test_comparing_again_finds_the_same_findings_and_keeps_what_people_did(run, people, lot):
    before = set(SimilarityFinding.objects.values_list("pk", "key"))
    text = SimilarityFinding.objects.get(check_code="T-1")
    services.begin_check(finding=text, actor=people.officer)
    reason = text.exclusions[1]["reason"]
    services.record_exclusions(
        finding=text, tests={reason: ("ruled_out", "与厂家资料无关")}, actor=people.officer
    )
    again = compare(lot, people.officer)
    assert set(SimilarityFinding.objects.values_list("pk", "key")) == before
    text.refresh_from_db()
    assert (text.run, text.state) == (again, State.CHECKING)
    assert next(item for item in text.exclusions if item["reason"] == reason)["by"] == "周河"


def test_a_finding_that_is_gone_goes_unless_somebody_took_it_up(run, people, lot):
    text = SimilarityFinding.objects.get(check_code="T-1")
    services.begin_check(finding=text, actor=people.officer)
    for one in Submission.objects.filter(lot=lot, bidder=C):
        services.remove_submission(submission=one, actor=people.officer)
    compare(lot, people.officer)
    left = [one.check_code for one in SimilarityFinding.objects.filter(lot=lot) if C in one.subjects]
    assert left == ["T-1"]


def test_a_comparison_that_was_done_is_not_done_again(run):
    assert services.run_comparison(run_id=run.pk) == 0
    assert Pair.objects.filter(run=run).count() == Pair.objects.count()


def test_one_comparison_of_a_lot_at_a_time(people, lot):
    attach_all(lot, people.officer)
    services.order_comparison(lot=lot, actor=people.officer)
    with pytest.raises(Refusal, match="本标段正在比对"):
        services.order_comparison(lot=lot, actor=people.dispatcher)


def test_a_comparison_that_lost_its_worker_makes_way(people, lot):
    attach_all(lot, people.officer)
    lost = services.order_comparison(lot=lot, actor=people.officer)
    Run.objects.filter(pk=lost.pk).update(state=RunState.COMPARING, started_at=timezone.now())
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3), tick=False):
        services.order_comparison(lot=lot, actor=people.officer)
    lost.refresh_from_db()
    assert lost.state == RunState.FAILED


def test_each_bad_file_is_named_with_its_reason_and_the_rest_goes_on(people, lot):
    bad = {
        "损坏.pdf": (b"%PDF-1.7 broken", "损坏"),
        "加密.pdf": (encrypted_pdf(), "已加密"),
        "炸弹.docx": (rewritten(word_file(), word__document_xml=b"<a>" + b" " * 110_000_000), "压缩炸弹"),
        "乱码.docx": (bytes(range(256)) * 40, "不是可读取的文件"),
    }
    for name, (data, _reason) in bad.items():
        attach(lot, people.officer, A, name, data)
    attach(lot, people.officer, A, "改名.docx", pdf_file("按内容认出的另一种文件"))
    for number, bidder in enumerate((A, B)):
        attach(lot, people.officer, bidder, "技术标.txt", "".join(own_text(number, 20)).encode())
    run = compare(lot, people.officer)
    assert run.state == RunState.DONE
    told = {one["name"].removeprefix(f"{A}/"): one["message"] for one in run.problems}
    assert {name: reason in told.get(name, "") for name, (_data, reason) in bad.items()} == dict.fromkeys(
        bad, True
    )
    assert {one.name for one in run.texts.all()} == {f"{A}/技术标.txt", f"{A}/改名.docx", f"{B}/技术标.txt"}


def test_without_two_readable_bidders_there_is_a_reason_and_no_result(people, lot):
    attach(lot, people.officer, A, data=b"PK\x03\x04 no document")
    attach(lot, people.officer, B, "技术标.txt", "一份可以读取的投标文件。".encode())
    run = compare(lot, people.officer)
    assert run.state == RunState.FAILED
    assert "不少于两个" in run.message
    assert [one["name"] for one in run.problems] == [f"{A}/技术标.docx"]
    assert not ExtractedText.objects.filter(run=run).exists()


def test_the_files_of_one_bidder_are_not_enough(people, lot):
    attach(lot, people.officer, A, "技术标.txt", "一份投标文件。".encode())
    with pytest.raises(Refusal, match="现有1家"):
        services.order_comparison(lot=lot, actor=people.officer)


def test_nothing_lies_open_when_a_comparison_is_over_and_all_is_sealed(run):
    assert list(workshop().iterdir()) == []
    for folder in (FILES, TEXTS, REPORTS):
        assert all((folder.path / name).read_bytes().startswith(b"WULIAN-SEALED") for name in folder.names())


def test_a_file_altered_on_the_disk_stops_the_comparison(people, lot):
    attach_all(lot, people.officer)
    victim = Submission.objects.filter(bidder=A).get()
    path = FILES.path / victim.file_path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-20])
    run = services.order_comparison(lot=lot, actor=people.officer)
    with pytest.raises(Exception):  # noqa: B017 whatever broke is in the message
        services.run_comparison(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED and run.message


def test_only_those_who_may_order_a_comparison(people, lot):
    attach_all(lot, people.officer)
    for who in (people.stranger, people.section, people.discipline, people.admin):
        with pytest.raises(Forbidden):
            services.order_comparison(lot=lot, actor=who)


def test_what_the_dossier_knows_of_the_bidders_is_compared_too(people, lot):
    attach_all(lot, people.officer)
    lot.bids.filter(tenderer__name__in=[B, C]).update(
        device_mac="3C:52:82:1A:77:7F",
        device_cpu="BFEBFBFF000906EA",
        device_disk="S3Z9NB0K",
        security_account="42001688",
    )
    run = compare(lot, people.officer)
    found = {one.check_code: one for one in SimilarityFinding.objects.filter(run=run, level="deemed")}
    assert "第四十条第（二）项" in found["H-1"].article
    assert "第四十条第（六）项" in found["B-1"].article
    assert "项目档案" in run.extraction["source_system"]


def test_each_step_of_a_comparison_is_an_audit_event(run):
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"comparison.files_added", "comparison.ordered", "comparison.finished"} <= verbs


def test_what_a_dead_worker_left_open_is_removed_and_its_comparison_ended(people, lot):
    attach_all(lot, people.officer)
    run = services.order_comparison(lot=lot, actor=people.officer)
    Run.objects.filter(pk=run.pk).update(state=RunState.READING, started_at=timezone.now())
    (workshop() / "left").mkdir()
    assert services.sweep() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3), tick=False):
        assert services.sweep() == 1
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert list(workshop().iterdir()) == []
