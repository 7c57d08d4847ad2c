"""Files wait for their record, go with it, and come back only on the record of who took them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image

from wulian.core.accounts.models import Department
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files import services
from wulian.core.files.models import StoredFile
from wulian.core.files.store import COPIES, HOLDING, ORIGINALS
from wulian.core.files.tests import making
from wulian.crypto import hexdigest

pytestmark = pytest.mark.django_db
PHOTO = making.photo()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def subject(department_tree) -> Department:
    """Any record will do."""
    return department_tree["housing"]


def hold(name: str = "IMG_2031.jpg", data: bytes = PHOTO, **more: bool) -> services.HeldFile:
    return services.hold_file(upload=making.upload(name, data), **more)


def attach(subject, *held: services.HeldFile, actor=None, anonymous=False, **more):
    return services.attach_files(
        subject=subject, held=[item.token for item in held], actor=actor, anonymous=anonymous, **more
    )


def all_names() -> set[str]:
    return ORIGINALS.names() | COPIES.names() | HOLDING.names()


def test_a_file_waits_sealed_and_is_found_by_its_token_only():
    held = hold()
    assert (held.title, held.size, held.sm3) == ("IMG_2031.jpg", len(PHOTO), hexdigest(PHOTO))
    assert services.held_file(held.token) == held
    assert services.held_file("2026/" + "0" * 32) is None and services.held_file("../keys") is None
    for folder in (ORIGINALS, COPIES, HOLDING):
        for name in folder.names():
            raw = (folder.path / name).read_bytes()
            assert b"IMG_2031" not in raw and PHOTO[:20] not in raw and b"Kanari" not in raw


def test_a_dropped_file_is_gone_and_dropping_again_is_no_error():
    held = hold()
    services.drop_held(held.token)
    services.drop_held(held.token)
    assert services.held_file(held.token) is None and not all_names()


def test_files_go_with_their_record(subject, django_capture_on_commit_callbacks):
    held = hold(), hold("说明.txt", "三家同一账户".encode())
    with django_capture_on_commit_callbacks(execute=True):
        photo, note = attach(subject, *held)
    assert list(StoredFile.objects.for_object(subject)) == [photo, note]
    assert [photo.title, note.title] == ["材料1.jpg", "材料2.txt"], (
        "the name it came under may name the sender"
    )
    assert photo.sm3 == hexdigest(PHOTO) and ORIGINALS.read(photo.original) == PHOTO
    assert hexdigest(COPIES.read(photo.working)) == photo.working_sm3 != photo.sm3
    assert not HOLDING.names() and services.held_file(held[0].token) is None
    event = AuditEvent.objects.get(verb="files.attached")
    assert event.actor_name == "" and "IMG" not in str(event.data) + event.summary


def test_an_official_keeps_the_name_he_gave(subject, alice):
    (file,) = attach(subject, hold("现场照片.jpg"), actor=alice)
    assert (file.title, file.added_by) == ("现场照片.jpg", alice)


@pytest.mark.parametrize("when", ["at once", "with the report"])
def test_of_an_anonymous_sender_only_the_copy_without_metadata_is_kept(
    when, subject, django_capture_on_commit_callbacks
):
    held = hold(keep_original=when != "at once")
    assert bool(ORIGINALS.names()) == (when != "at once")
    with django_capture_on_commit_callbacks(execute=True):
        (file,) = attach(subject, held, anonymous=True)
    assert file.original == "" and ORIGINALS.names() == set()
    assert b"Kanari" not in COPIES.read(file.working)


def test_when_the_report_is_not_stored_its_files_wait_on(subject, django_capture_on_commit_callbacks):
    held = hold()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(OSError), transaction.atomic():
        attach(subject, held, anonymous=True)
        raise OSError("the disk is full")
    assert not StoredFile.objects.exists() and services.held_file(held.token) == held
    (file,) = attach(subject, held)
    assert services.read_working_copy(file=file, actor=None)


def test_a_file_goes_with_one_record_only(subject, department_tree, django_capture_on_commit_callbacks):
    held = hold()
    attach(subject, held)  # the commit that forgets the token is still to come
    with pytest.raises(Refusal, match="已经提交过"):
        attach(department_tree["transport"], held)
    services.drop_held(held.token)
    file = StoredFile.objects.get()
    assert COPIES.read(file.working) and ORIGINALS.read(file.original), (
        "dropping does not take it from its record"
    )


def test_uploads_can_be_attached_at_once_and_leave_nothing_when_one_is_refused(subject, alice):
    good = making.upload("现场.jpg", PHOTO)
    with pytest.raises(Refusal, match="坏"):
        services.attach_files(
            subject=subject, uploads=[good, making.upload("坏.pdf", b"x")], actor=alice, anonymous=False
        )
    assert not all_names() and not StoredFile.objects.exists()
    good.seek(0)
    (file,) = services.attach_files(subject=subject, uploads=[good], actor=alice, anonymous=False)
    assert file.title == "现场.jpg"


def test_ten_files_are_taken_and_the_eleventh_is_refused(subject):
    for _number in range(10):
        attach(subject, hold("记.txt", b"abc"))
    with pytest.raises(Refusal, match="最多10个"):
        attach(subject, hold("记.txt", b"abc"))
    attach(subject, hold("记.txt", b"abc"), role="supplement")
    assert StoredFile.objects.for_object(subject).filter(role="evidence").last().title == "材料10.txt"


def test_sixty_megabytes_together_are_taken_and_not_a_byte_more(subject):
    large = hold("长.txt", b"a" * 20 * 1024 * 1024)
    attach(subject, large)
    StoredFile.objects.update(size=60 * 1024 * 1024 - 3)
    attach(subject, hold("短.txt", b"abc"))
    with pytest.raises(Refusal, match="合计最多60 MB"):
        attach(subject, hold("短.txt", b"a"))


def test_a_file_that_waited_a_day_is_swept_and_says_so(
    subject, time_machine, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        (kept,) = attach(subject, hold())
    left = hold("忘.txt", b"abc")
    assert services.sweep() == 0, "nothing is a day old"
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    fresh = hold("新.txt", b"abc")
    for folder in (ORIGINALS, COPIES, HOLDING):  # a file's time is the disk's; the machine moves only ours
        for name in folder.names():
            age = 25 if services.held_file(fresh.token) and name not in _places(fresh) else 0
            _set_age(folder, name, age)
    assert services.sweep() == 3
    assert services.held_file(left.token) is None and services.held_file(fresh.token) == fresh
    assert services.read_working_copy(file=kept, actor=None)
    with pytest.raises(Refusal, match="超过一天"):
        attach(subject, left)


def _places(held: services.HeldFile) -> set[str]:
    from wulian.core.files.services.holding import slip_of

    slip = slip_of(held.token)
    assert slip
    return {held.token, slip.original, slip.working}


def _set_age(folder, name: str, hours: int) -> None:
    import os

    then = timezone.now().timestamp() - hours * 3600
    os.utime(folder.path / name, (then, then))


def test_a_working_copy_is_given_with_an_event(subject, alice):
    (file,) = attach(subject, hold())
    data = services.read_working_copy(file=file, actor=alice)
    assert Image.open(io.BytesIO(data)).size == (48, 64)
    event = AuditEvent.objects.get(verb="files.read")
    assert event.actor_id == alice.pk and event.data["sm3"] == file.sm3


@pytest.mark.parametrize(
    ("harm", "words"), [("gone", "缺失"), ("altered", "SM3摘要不符"), ("exchanged", "SM3摘要不符")]
)
def test_a_file_that_is_gone_or_altered_is_not_given(harm, words, subject, alice):
    (file,) = attach(subject, hold())
    path = COPIES.path / file.working
    if harm == "gone":
        path.unlink()
    elif harm == "altered":
        path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    else:
        file.working = attach(subject, hold("记.txt", b"abc"))[0].working
    with pytest.raises(Refusal, match=words):
        services.read_working_copy(file=file, actor=alice)
    assert not AuditEvent.objects.filter(verb="files.read").exists()


def test_an_original_stays_sealed_where_no_rule_lets_anybody(subject, alice):
    (file,) = attach(subject, hold())
    assert not services.may_have_originals(subject, alice)
    with pytest.raises(Forbidden, match="密封"):
        services.read_original(file=file, actor=alice)
