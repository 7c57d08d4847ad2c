"""Text files as they come: several encodings, a mark before the text, a few broken bytes."""

from __future__ import annotations

import os

import pytest

from wulian.analysis.documents.detection import decode, readable_name
from wulian.analysis.documents.models import UnreadableDocument

WORDS = "投标人须在随州市行政区域内设有分公司，并提供近六个月的纳税证明。\r\n第二章　评标办法：𠮷林 10%\n" * 3
TRADITIONAL = "投標人應當依照招標文件的要求編製投標文件，並對招標文件提出的實質性要求和條件作出響應。\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_the_same_in_every_encoding(encoding):
    assert decode(WORDS.encode(encoding)) == WORDS


def test_big5_is_not_taken_for_gb18030():
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL
    assert decode(TRADITIONAL.encode("gb18030")) == TRADITIONAL


def test_one_broken_byte_does_not_make_a_text_unreadable():
    long = WORDS * 10
    broken = long.encode()[:-1] + b"\xe6"
    assert decode(broken) == long[:-1] + "\ufffd"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x07\x9c\x00\xd8" * 500])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(UnreadableDocument):
        decode(data)


def test_a_name_in_gb18030_out_of_an_archive_can_be_read():
    assert readable_name(os.fsdecode("楚江水利.txt".encode("gb18030"))) == "楚江水利.txt"
    assert readable_name("曾都建设.txt") == "曾都建设.txt"
