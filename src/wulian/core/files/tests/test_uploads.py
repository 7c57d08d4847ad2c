"""Uploads on their way: a large one lies on the disk only as a sealed file without a name."""

from __future__ import annotations

import os
import tempfile

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from wulian.core.files.tests import making
from wulian.core.files.uploads import SealedUpload, plain_file_name, read_upload

LARGE = b"Kanari" * 600_000


def received(data: bytes, name: str = "流水.pdf"):
    request: HttpRequest = RequestFactory().post("/", {"file": making.upload(name, data)})
    return request.FILES["file"]


def test_a_small_upload_stays_in_memory_and_a_large_one_is_sealed():
    small, large = received(b"abc"), received(LARGE)
    assert not isinstance(small, SealedUpload) and isinstance(large, SealedUpload)
    assert read_upload(small) == b"abc" and read_upload(large) == LARGE
    assert large.size == len(LARGE) and large.name == "流水.pdf"


def test_a_large_upload_can_be_read_like_a_file_and_more_than_once():
    large = received(LARGE)
    assert large.read(6) == b"Kanari" and large.tell() == 6
    assert large.read() == LARGE[6:]
    large.seek(0)
    assert large.read() == b"".join(large.chunks()) == LARGE


def test_nothing_of_a_large_upload_lies_readable_on_the_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    large = received(LARGE)
    assert not list(tmp_path.iterdir()), "the file has no name"
    with os.fdopen(os.dup(large.file.fileno()), "rb") as raw:
        raw.seek(0)
        content = raw.read()
    assert len(content) > len(LARGE) and b"Kanari" not in content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.txt", "a.txt"),
        ("C:\\Users\\李\\a.txt", "a.txt"),
        ("../../a.txt", "a.txt"),
        (None, ""),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_file_name_is_a_label_without_folders_and_control_characters(given, kept):
    class Given:
        name, size = given, 1

        def chunks(self):
            return iter([b"x"])

    assert plain_file_name(Given()) == kept
