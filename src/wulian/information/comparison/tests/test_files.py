"""Files of bids: who attaches them, when, and what a hostile archive is told."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.comparison import archives, services
from wulian.information.comparison.choices import FileRole
from wulian.information.comparison.models import Submission
from wulian.information.comparison.store import FILES
from wulian.information.comparison.tests.conftest import A, B, attach
from wulian.information.registry.models import BiddingDocuments

pytestmark = pytest.mark.django_db
TEXT = "一份投标文件。".encode()


def archive(files, *, mode=zipfile.ZIP_DEFLATED, change=lambda info: None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", mode) as made:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = mode
            change(info)
            made.writestr(info, data)
    return SimpleUploadedFile("投标文件.zip", buffer.getvalue())


def test_a_file_is_kept_sealed_with_both_digests(people, lot):
    [file] = attach(lot, people.officer, A, "技术标.txt", TEXT)
    stored = (FILES.path / file.file_path).read_bytes()
    assert TEXT not in stored
    assert FILES.read(file.file_path) == TEXT
    assert (len(file.sm3), len(file.sha256), file.size) == (64, 64, len(TEXT))


def test_who_may_attach_files(people, lot):
    attach(lot, people.dispatcher, A, "甲.txt", TEXT)
    for who in (people.stranger, people.section, people.clerk, people.discipline, people.admin):
        with pytest.raises(Forbidden):
            attach(lot, who, A, "乙.txt", TEXT)


def test_bids_are_not_touched_before_they_are_opened(people, lot):
    moment = timezone.now() + dt.timedelta(minutes=1)
    BiddingDocuments.objects.create(project_id=lot.project_id, lot=lot, source_key="1", opening_at=moment)
    with pytest.raises(Refusal, match="开标前不得接触投标文件"):
        attach(lot, people.officer, A, "技术标.txt", TEXT)
    attach(lot, people.officer, name="招标文件.txt", data=TEXT, role=FileRole.TENDER)
    BiddingDocuments.objects.update(opening_at=timezone.now() - dt.timedelta(minutes=1))
    attach(lot, people.officer, A, "技术标.txt", TEXT)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("技术标.exe", TEXT, "只接受"),
        ("技术标.txt", b"", "内容为空"),
        (".hidden.txt", TEXT, "不得以点开头"),
        ("长" * 81 + ".txt", TEXT, "最多80字"),
    ],
)
def test_a_file_that_is_not_taken_says_why_and_leaves_nothing(people, lot, name, data, words):
    with pytest.raises(Refusal, match=words):
        attach(lot, people.officer, A, name, data)
    assert not Submission.objects.exists()
    assert FILES.names() == set()


def test_the_same_name_twice_is_refused_and_the_first_stays(people, lot):
    attach(lot, people.officer, A, "技术标.txt", TEXT)
    with pytest.raises(Refusal, match="已有同名文件"):
        attach(lot, people.officer, A, "技术标.txt", TEXT + TEXT)
    attach(lot, people.officer, B, "技术标.txt", TEXT)
    assert len(FILES.names()) == Submission.objects.count() == 2


def test_a_bid_has_a_bidder_and_a_bidder_is_no_path(people, lot):
    for bidder, words in (("", "属于哪个投标人"), ("../甲", "不得含斜线"), (".甲", "不得以点开头")):
        with pytest.raises(Refusal, match=words):
            attach(lot, people.officer, bidder, "技术标.txt", TEXT)


def test_an_export_of_the_trading_system_has_its_name(people, lot):
    attach(lot, people.officer, name="machine.csv", data="投标人,MAC\n".encode(), role=FileRole.RECORD)
    with pytest.raises(Refusal, match=r"machine、people、bonds"):
        attach(lot, people.officer, name="机器码.csv", data="投标人,MAC\n".encode(), role=FileRole.RECORD)


def test_an_archive_with_a_folder_a_bidder_is_unpacked(people, lot):
    upload = archive(
        {
            f"投标文件/{A}/技术标/施工组织设计.txt": TEXT,
            f"投标文件/{A}/machine.json": b"[]",
            f"投标文件/{B}/技术标.txt": TEXT,
            f"投标文件/{B}/加密.GCJS7": b"x",
            f"投标文件/{B}/.DS_Store": b"x",
            f"投标文件/{B}/空白.docx": b"",
        }
    )
    taken = services.attach_archive(lot=lot, upload=upload, actor=people.officer)
    assert {(one.role, one.bidder, one.file_name) for one in taken.submissions} == {
        ("bid", A, "技术标/施工组织设计.txt"),
        ("bid", B, "技术标.txt"),
        ("record", A, "machine.json"),
    }
    assert taken.passed_over == [f"{B}/加密.GCJS7", f"{B}/空白.docx"]


def test_names_written_by_a_chinese_windows_are_read(people, lot):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("AAAA/B.txt", TEXT)
    data = buffer.getvalue().replace(b"AAAA", "甲乙".encode("gb18030"))
    taken = services.attach_archive(lot=lot, upload=SimpleUploadedFile("a.zip", data), actor=people.officer)
    assert [one.bidder for one in taken.submissions] == ["甲乙"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../../etc/甲/a.txt": TEXT}, "压缩包之外"),
        ({"/甲/a.txt": TEXT}, "压缩包之外"),
        ({"甲\\..\\..\\a.txt": TEXT}, "压缩包之外"),
        ({"C:/甲/a.txt": TEXT}, "压缩包之外"),
        ({"甲/a.txt": bytes(30 * 1024 * 1024)}, "异常膨胀"),
        ({"a.txt": TEXT, "b.txt": TEXT}, "不在任何投标人的文件夹里"),
        ({"甲/a.exe": TEXT}, "没有能够读取的文件"),
    ],
)
def test_a_hostile_archive_is_refused_whole(people, lot, files, words):
    with pytest.raises(Refusal, match=words):
        services.attach_archive(lot=lot, upload=archive(files), actor=people.officer)
    assert not Submission.objects.exists()
    assert FILES.names() == set()


def test_a_link_in_an_archive_is_refused(people, lot):
    def link(info):
        info.external_attr = 0o120777 << 16

    with pytest.raises(Refusal, match="是链接"):
        services.attach_archive(
            lot=lot, upload=archive({"甲/a.txt": b"/etc/passwd"}, change=link), actor=people.officer
        )


def test_too_many_files_are_refused(people, lot, monkeypatch):
    monkeypatch.setattr(archives, "ARCHIVE_MAX_FILES", 2)
    archive_of_three = archive({f"甲/{number}.txt": TEXT for number in range(3)})
    with pytest.raises(Refusal, match="含3个文件，最多接受2个"):
        services.attach_archive(lot=lot, upload=archive_of_three, actor=people.officer)
    services.attach_archive(
        lot=lot, upload=archive({f"甲/{number}.txt": TEXT for number in range(2)}), actor=people.officer
    )


def test_a_file_longer_than_the_archive_says_is_refused(people, lot):
    made = archive({"甲/a.txt": TEXT * 4000}, mode=zipfile.ZIP_STORED).read()
    size = (len(TEXT) * 4000).to_bytes(4, "little")
    lying = made.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(Refusal, match="压缩包"):
        services.attach_archive(lot=lot, upload=SimpleUploadedFile("a.zip", lying), actor=people.officer)
    assert not Submission.objects.exists()


def test_what_is_no_archive_is_refused(people, lot):
    with pytest.raises(Refusal, match="不是ZIP文件"):
        services.attach_archive(lot=lot, upload=SimpleUploadedFile("a.zip", b"Rar!"), actor=people.officer)


def test_each_reading_of_a_bid_is_an_audit_event_and_an_altered_one_is_refused(people, lot):
    [file] = attach(lot, people.officer, A, "技术标.txt", TEXT)
    assert services.read_submission(submission=file, actor=people.section) == TEXT
    assert AuditEvent.objects.filter(verb="comparison.file_read", actor=people.section).count() == 1
    with pytest.raises(Forbidden):
        services.read_submission(submission=file, actor=people.dispatcher)
    path = FILES.path / file.file_path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal, match="与上传时不一致"):
        services.read_submission(submission=file, actor=people.section)


def test_removing_a_file_removes_it_from_the_disk(people, lot, django_capture_on_commit_callbacks):
    [file] = attach(lot, people.officer, A, "技术标.txt", TEXT)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_submission(submission=file, actor=people.officer)
    assert FILES.names() == set()
    assert AuditEvent.objects.filter(verb="comparison.file_removed").exists()
