"""Folders: written whole or not at all, sealed so that every cut, swap and change is noticed."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import timedelta

import pytest
from django.utils import timezone

from wulian.core.files.folders import CHUNK, AlteredFile, FileFolder, TooLarge
from wulian.crypto import hexdigest

PLAIN, SEALED = FileFolder("plain"), FileFolder("sealed", key="test-files")
BOTH = pytest.mark.parametrize("folder", [PLAIN, SEALED], ids=["plain", "sealed"])


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@BOTH
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_stored_is_read_back_with_its_digests(folder, size):
    data = os.urandom(size)
    stored = folder.store([data[:7], b"", data[7:]], suffix=".pdf")
    assert folder.read(stored.name) == data
    assert (stored.size, stored.sm3, stored.sha256) == (
        size,
        hexdigest(data),
        hashlib.sha256(data).hexdigest(),
    )
    assert stored.name.startswith(f"{timezone.localdate().year}/") and stored.name.endswith(".pdf")
    assert folder.names() == {stored.name}
    assert stat.S_IMODE((folder.path / stored.name).stat().st_mode) == 0o600


@BOTH
def test_too_many_bytes_are_refused_and_nothing_stays(folder):
    with pytest.raises(TooLarge):
        folder.store([b"abc", b"def"], limit=5)
    assert folder.names() == set()
    assert folder.store([b"abc", b"de"], limit=5).size == 5


@BOTH
def test_a_sender_that_breaks_off_leaves_nothing(folder):
    def broken():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        folder.store(broken())
    assert folder.names() == set()


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        "",
        "../keys/x",
        "2026/../../keys",
        "/etc/passwd",
        "2026/abc",
        "2026/" + "g" * 32,
        "2026/" + "0" * 32 + "/x",
    ],
)
def test_a_name_that_is_not_ours_is_no_place(folder, name):
    with pytest.raises(FileNotFoundError):
        folder.read(name)


def test_a_sealed_file_shows_nothing_of_its_content():
    stored = SEALED.store(["随州市".encode() * 1000])
    assert "随州".encode() not in (SEALED.path / stored.name).read_bytes()


def records(name):
    """The marks and the sealed chunks of a file."""
    data = (SEALED.path / name).read_bytes()
    mark, rest, found = data[:16], data[16:], []
    while rest:
        length = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[:length])
        rest = rest[length:]
    return mark, found


@pytest.mark.parametrize(
    "harm",
    [
        lambda parts: parts[:-1],
        lambda parts: parts[1:],
        lambda parts: [parts[1], parts[0], *parts[2:]],
        lambda parts: [*parts, parts[-1]],
        lambda parts: [parts[0], *parts],
        lambda parts: [],
        lambda parts: [*parts[:-1], parts[-1][:-1]],
        lambda parts: [parts[0][:40] + bytes([parts[0][40] ^ 1]) + parts[0][41:], *parts[1:]],
    ],
    ids=[
        "end cut",
        "start cut",
        "order",
        "end twice",
        "start twice",
        "emptied",
        "a byte short",
        "a bit turned",
    ],
)
def test_every_cut_swap_and_change_of_a_sealed_file_is_noticed(harm):
    name = SEALED.store([os.urandom(2 * CHUNK + 5)]).name
    mark, parts = records(name)
    assert len(parts) == 3
    (SEALED.path / name).write_bytes(mark + b"".join(harm(parts)))
    with pytest.raises(AlteredFile):
        SEALED.read(name)


def test_two_sealed_files_cannot_be_exchanged():
    one, other = SEALED.store([b"one"]).name, SEALED.store([b"two"]).name
    (SEALED.path / one).write_bytes((SEALED.path / other).read_bytes())
    with pytest.raises(AlteredFile):
        SEALED.read(one)
    assert SEALED.read(other) == b"two"


def test_a_folder_under_another_key_does_not_open_it():
    name = SEALED.store([b"one"]).name
    other = FileFolder("sealed", key="other-files")
    with pytest.raises(AlteredFile):
        other.read(name)


def test_old_files_are_told_from_new_ones(time_machine):
    name = PLAIN.store([b"x"]).name
    assert PLAIN.older_than(3600) == set()
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert PLAIN.older_than(3600) == {name}
    PLAIN.remove(name)
    PLAIN.remove(name)
    assert PLAIN.older_than(0) == set()
