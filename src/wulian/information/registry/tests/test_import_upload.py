from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.exchange.tests.builders import RELEASE, lines
from wulian.information.registry import tasks
from wulian.information.registry.models import ImportRun, Project
from wulian.information.registry.services import imports
from wulian.information.registry.services.imports import enqueue_import, stored_path, upload_folder
from wulian.information.registry.tests.import_builders import counts, make_official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


def upload(name="数据.jsonl", data=None):
    return SimpleUploadedFile(name, lines([RELEASE]) if data is None else data)


def stored():
    return sorted(path for path in upload_folder().rglob("*") if path.is_file())


def test_an_upload_is_kept_under_a_random_name_and_queued_in_the_same_transaction():
    from django_tasks_db.models import DBTaskResult

    run = enqueue_import(upload=upload("../../etc/passwd.jsonl"), actor=make_official("d", Role.DISPATCHER))
    (path,) = stored()
    assert run.file_name == "passwd.jsonl"
    assert path == stored_path(run)
    assert "passwd" not in path.name
    assert path.stat().st_mode & 0o077 == 0
    assert run.state == "waiting"
    assert DBTaskResult.objects.count() == 1
    assert AuditEvent.objects.filter(verb="registry.import_queued").count() == 1


def test_the_worker_imports_the_stored_file_once():
    run = enqueue_import(upload=upload(), actor=make_official("d", Role.DISPATCHER))
    assert tasks.run_import.func(run.pk) == 1
    run.refresh_from_db()
    assert run.state == "done"
    assert counts(run) == (1, 0, 0, 0)
    assert run.bytes_read == run.size > 0
    assert tasks.run_import.func(run.pk) == 0
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_only_the_roles_that_import_may_upload(role):
    with pytest.raises(Forbidden):
        enqueue_import(upload=upload(), actor=make_official("x", role))
    assert stored() == []
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("name", "data"), [("virus.exe", b"MZ"), ("empty.csv", b""), ("", b"x")])
def test_a_refused_upload_leaves_nothing_behind(name, data):
    file = upload("x.csv", data)
    file._name = name
    with pytest.raises(Refusal) as caught:
        enqueue_import(upload=file, actor=make_official("d", Role.DISPATCHER))
    assert caught.value.field == "upload"
    assert stored() == []
    assert not ImportRun.objects.exists()


def test_an_upload_that_lies_about_its_size_is_stopped_and_removed(monkeypatch):
    monkeypatch.setattr(imports, "LARGEST_UPLOAD", 100)
    file = upload()
    file.size = 50
    with pytest.raises(Refusal):
        enqueue_import(upload=file, actor=make_official("d", Role.DISPATCHER))
    assert stored() == []


def test_a_file_that_disappeared_fails_the_run_and_says_so():
    run = enqueue_import(upload=upload(), actor=make_official("d", Role.DISPATCHER))
    stored_path(run).unlink()
    tasks.run_import.func(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.message
