"""The evidence bundle: complete, signed, and every alteration of it is told (REFERENCE C.5)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.comparison import bundling, services
from wulian.information.comparison.models import SimilarityFinding, Submission
from wulian.information.comparison.store import BUNDLES
from wulian.information.comparison.tests.conftest import B

pytestmark = pytest.mark.django_db
PARTS = {"疑点.json": b"{}", "提取文本/001.txt": "文字".encode()}


def changed(data, *, drop=(), replace=None, add=None):
    """The same archive with other contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, (replace or {}).get(name, old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def test_a_bundle_holds_digests_texts_passages_record_and_report(run, people):
    finding = SimilarityFinding.objects.get(run=run, check_code="T-1")
    bundle = services.make_bundle(finding=finding, actor=people.officer)
    data = services.read_bundle(bundle=bundle, actor=people.section)
    assert hashlib.sha256(data).hexdigest() == bundle.sha256
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        originals = json.loads(archive.read("原始文件校验值.json"))
        record = json.loads(archive.read("提取笔录.json"))
        passages = [json.loads(line) for line in archive.read("相同段落.jsonl").decode().splitlines()]
    assert {"疑点.json", "比对报告/index.html", "比对报告/pairs/0001.html", "提取文本/001.txt"} <= names
    sent = Submission.objects.get(bidder=B)
    assert any(one["sha256"] == sent.sha256 and one["sm3"] == sent.sm3 for one in originals)
    assert record["ordered_by"].startswith("周河") and record["tool"].startswith("wulian compare")
    assert record["settings"]["block"] == 300
    assert passages and all(
        {"file", "page", "paragraph", "start", "end"} <= one["a"].keys() for one in passages
    )
    verified = services.verify_bundle(data=data, actor=people.discipline)
    assert verified.is_unaltered and verified.manifest["finding"] == finding.pk
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"comparison.bundle_made", "comparison.bundle_read", "comparison.bundle_verified"} <= verbs


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"replace": {"提取文本/001.txt": "改过".encode()}}, "已被改动：提取文本/001.txt"),
        ({"drop": {"疑点.json"}}, "缺少：疑点.json"),
        ({"add": {"多余.txt": b"x"}}, "清单中没有：多余.txt"),
        ({"replace": {"manifest.json": b'{"files": []}'}}, "签名与清单不符"),
        ({"drop": {"manifest.json"}}, "不是证据包"),
    ],
)
def test_an_alteration_is_named(db, change, problem):
    data, _key = bundling.pack(PARTS, {"finding": 1})
    assert bundling.verify(data).is_unaltered
    assert any(problem in one for one in bundling.verify(changed(data, **change)).problems)


def test_a_bundle_signed_with_another_key_is_not_ours(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "forger"
    data, key = bundling.pack(PARTS, {"finding": 1})
    settings.VAR_DIR = tmp_path / "ours"
    assert f"不是本平台的签名密钥：{key}" in bundling.verify(data).problems


def test_a_manifest_without_a_signature_is_told(db):
    data, _key = bundling.pack(PARTS, {"finding": 1})
    empty = changed(data, replace={"manifest.sig.json": b'{"signatures": []}'})
    assert bundling.verify(empty).problems == ("清单没有签名。",)


def test_what_is_no_archive_is_told(db):
    assert not bundling.verify(b"no archive").is_unaltered


def test_who_may_make_and_take_a_bundle(run, people):
    finding = SimilarityFinding.objects.filter(run=run).first()
    for who in (people.stranger, people.dispatcher, people.clerk, people.admin):
        with pytest.raises(Forbidden):
            services.make_bundle(finding=finding, actor=who)
    bundle = services.make_bundle(finding=finding, actor=people.officer)
    with pytest.raises(Forbidden):
        services.read_bundle(bundle=bundle, actor=people.dispatcher)
    path = BUNDLES.path / bundle.file_path
    path.chmod(0o600)
    path.write_bytes(b"x")
    with pytest.raises(Refusal, match=r"证据包.*缺失或者"):
        services.read_bundle(bundle=bundle, actor=people.officer)


def test_the_command_says_which_bundle_was_altered(tmp_path, capsys):
    about = {"finding": 7, "made_at": "2026-01-05T09:00:00+08:00", "made_by": "周河"}
    data, _key = bundling.pack(PARTS, about)
    good, bad = tmp_path / "好.zip", tmp_path / "坏.zip"
    good.write_bytes(data)
    bad.write_bytes(changed(data, replace={"提取文本/001.txt": "改过".encode()}))
    call_command("verify_bundle", good)
    assert "好.zip：未被改动，2个文件" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"坏\.zip") as stopped:
        call_command("verify_bundle", good, bad)
    assert stopped.value.returncode == 1
    assert "已被改动：提取文本/001.txt" in capsys.readouterr().err
