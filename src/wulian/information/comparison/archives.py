"""Archives of bids, one folder a bidder: nothing in them is believed before it is checked."""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.core.files.folders import CHUNK
from wulian.core.files.uploads import Upload
from wulian.information.comparison.parameters import (
    ARCHIVE_MAX_BYTES,
    ARCHIVE_MAX_FILES,
    ENDINGS,
    FILE_MAX_BYTES,
    MAX_RATIO,
    MIB,
    UNPACKED_MAX_BYTES,
)

_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1
_PASSED_OVER: Final = ("__MACOSX", "Thumbs.db", "desktop.ini")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SMALL: Final = MIB
"""Bytes below which nobody minds how well a file was packed."""


@dataclass(frozen=True)
class Member:
    """A file of an archive: whose it is, and its path within the bidder's folder."""

    path: str
    bidder: str
    name: str
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo

    @property
    def is_taken(self) -> bool:
        """Whether it has content, of a kind that is read."""
        return bool(self._info.file_size) and PurePosixPath(self.path).suffix.lower() in ENDINGS

    def chunks(self) -> Iterator[bytes]:
        """Give the content; raises Refusal when it is longer than the archive says, or broken."""
        done = 0
        try:
            with self._archive.open(self._info) as stream:
                while chunk := stream.read(CHUNK):
                    done += len(chunk)
                    if done > self._info.file_size:
                        raise _refused(_("“%(path)s” is larger than it says."), self.path)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise _refused(_("“%(path)s” cannot be unpacked."), self.path) from None


def members(upload: Upload) -> list[Member]:
    """Return the files of an archive in order; raises Refusal for anything that an honest archive has not."""
    archive = _opened(upload)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > ARCHIVE_MAX_FILES:
        raise Refusal(
            _("Archive: it has %(found)d files, at most %(limit)d are accepted.")
            % {"found": len(infos), "limit": ARCHIVE_MAX_FILES},
            field="archive",
        )
    if sum(info.file_size for info in infos) > UNPACKED_MAX_BYTES:
        raise Refusal(
            _("Archive: unpacked it is larger than %(limit)d MB.") % {"limit": UNPACKED_MAX_BYTES // MIB},
            field="archive",
        )
    named = []
    for info in infos:
        path = _path(info)
        _check(info, path)
        if not _is_passed_over(path):
            named.append((path, info))
    return [_member(path, info, archive) for path, info in _without_common_folder(named)]


def _opened(upload: Upload) -> zipfile.ZipFile:
    """Copy the upload to a temporary file without a name, and open it."""
    size = 0
    copy: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 it lives as long as the archive
    for chunk in upload.chunks():
        size += len(chunk)
        if size > ARCHIVE_MAX_BYTES:
            raise Refusal(
                _("Archive: at most %(limit)d MB are accepted.") % {"limit": ARCHIVE_MAX_BYTES // MIB},
                field="archive",
            )
        copy.write(chunk)
    try:
        return zipfile.ZipFile(copy)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refusal(_("Archive: it is not a ZIP archive, or is broken."), field="archive") from None


def _path(info: zipfile.ZipInfo) -> PurePosixPath:
    """The path as Chinese systems write it: UTF-8 where the archive says so, else GB 18030."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", errors="replace")
    return PurePosixPath(name.replace("\\", "/"))


def _check(info: zipfile.ZipInfo, path: PurePosixPath) -> None:
    text = path.as_posix()
    if (
        path.is_absolute()
        or ".." in path.parts
        or (path.parts and path.parts[0].endswith(":"))
        or not text.isprintable()
    ):
        raise _refused(_("“%(path)s” leads out of the archive."), text)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _refused(_("“%(path)s” is a link."), text)
    if info.flag_bits & _ENCRYPTED:
        raise _refused(_("“%(path)s” is encrypted; unpack it and send it without a password."), text)
    if info.compress_type not in _METHODS:
        raise _refused(_("“%(path)s” is packed in a way that is not read."), text)
    if info.file_size > FILE_MAX_BYTES:
        raise _refused(_("“%(path)s” is too large."), text)
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise _refused(_("“%(path)s” unpacks to far more than it is."), text)


def _is_passed_over(path: PurePosixPath) -> bool:
    return any(part in _PASSED_OVER or part.startswith((".", "~$")) for part in path.parts)


def _without_common_folder(
    named: list[tuple[PurePosixPath, zipfile.ZipInfo]],
) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """Take away one folder around all the bidders' folders, as packing a folder makes it."""
    tops = {path.parts[0] for path, _info in named}
    if len(tops) == 1 and all(len(path.parts) > 2 for path, _info in named):
        named = [(PurePosixPath(*path.parts[1:]), info) for path, info in named]
    return named


def _member(path: PurePosixPath, info: zipfile.ZipInfo, archive: zipfile.ZipFile) -> Member:
    if len(path.parts) < 2:
        raise _refused(_("“%(path)s” lies in no bidder's folder; make one folder a bidder."), path.as_posix())
    return Member(path.as_posix(), path.parts[0], PurePosixPath(*path.parts[1:]).as_posix(), archive, info)


def _refused(words: str, path: str) -> Refusal:
    return Refusal(_("Archive") + _(": ") + words % {"path": path[-120:]}, field="archive")
