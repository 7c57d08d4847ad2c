from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from wulian.exchange.tests.builders import RELEASE, lines, make_release, put
from wulian.information.registry.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def bad_and_good(tmp_path):
    path = tmp_path / "data.jsonl"
    bad = put(make_release(ocid="ocds-sz0001-bad"), "tender/value/amount", -1)
    path.write_bytes(lines([RELEASE, bad]))
    return path


def run(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import", *map(str, arguments), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = stop.code
    return out.getvalue(), err.getvalue(), code


def test_it_ends_with_one_line_of_counts(bad_and_good):
    out, err, code = run(bad_and_good, lang="zh")
    assert out == "新增 1 更新 0 未变 0 拒绝 1\n"
    assert "ocds-sz0001-bad" in err
    assert "/tender/value/amount" in err
    assert code == 0
    out, _err, code = run(bad_and_good, lang="en")
    assert out == "new 0 updated 0 unchanged 1 refused 1\n"
    assert code == 0


def test_several_files_are_counted_together(bad_and_good, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_bytes(lines([make_release(ocid="ocds-sz0001-2")]))
    out, _err, _code = run(bad_and_good, other, lang="zh")
    assert out == "新增 2 更新 0 未变 0 拒绝 1\n"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_report_holds_what_was_refused(bad_and_good, tmp_path, ending):
    report = tmp_path / f"report.{ending}"
    run(bad_and_good, report=report)
    if ending == "csv":
        assert "ocds-sz0001-bad" in report.read_text("utf-8-sig")
    else:
        assert report.read_bytes().startswith(b"PK")


def test_the_exit_code_is_1_when_nothing_could_be_read(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"hello\n")
    out, _err, code = run(path, lang="zh")
    assert (out, code) == ("新增 0 更新 0 未变 0 拒绝 1\n", 1)
    assert not Project.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        call_command("import", str(tmp_path / "nowhere.jsonl"))
