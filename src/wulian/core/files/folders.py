"""Folders of stored files under WULIAN_VAR: written durably, whole or not at all, sealed where they hold what people sent."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.utils import timezone

from wulian.crypto import Cipher, DecryptionError, KeyStore, hasher

CHUNK: Final = 1024 * 1024
"""Bytes that are read, sealed and written at a time."""
_MARK: Final = b"WULIAN-SEALED-1\n"
_LENGTH_BYTES: Final = 4
_LONGEST_RECORD: Final = CHUNK + 64
_NAME: Final = re.compile(r"\d{4}/[0-9a-f]{32}(\.[a-z0-9]{1,8})?")


class TooLarge(ValueError):
    """More bytes came than the folder was told to take."""


class AlteredFile(ValueError):
    """A sealed file was cut, reordered, exchanged for another, or written under another key."""


@dataclass(frozen=True)
class Stored:
    """A file that is on the disk: its place in the folder, and size and digests of its content (not of the sealed bytes)."""

    name: str
    size: int
    sm3: str
    sha256: str


@dataclass(frozen=True)
class FileFolder:
    """One folder of WULIAN_VAR; with `key` the content lies there as SM4-GCM chunks under the key of that name.

    Each chunk is bound to the file's name, its own number and whether it is the last: nothing can be cut off, exchanged or
    put in another order without `AlteredFile`.
    """

    name: str
    key: str = ""

    @property
    def path(self) -> Path:
        """The folder itself."""
        return Path(settings.VAR_DIR) / self.name

    def store(self, chunks: Iterable[bytes], *, suffix: str = "", limit: int | None = None) -> Stored:
        """Write content durably under a name of its own, readable by this system's user only.

        Raises TooLarge beyond `limit` bytes; then, and whenever the writing fails, nothing is left behind.
        """
        name = f"{timezone.localdate().year}/{uuid.uuid4().hex}{suffix}"
        path = self._place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        counted = _Counted(chunks, limit)
        try:
            with _new_file(path) as file:
                file.writelines(self._sealed(name, counted) if self.key else counted)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(path.parent)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Stored(name, counted.size, counted.sm3.hexdigest(), counted.sha256.hexdigest())

    def read(self, name: str) -> bytes:
        """Return the content; raises FileNotFoundError, and AlteredFile for a sealed file that does not open."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give the content piece by piece; raises as `read` does, for a file that was cut only at its end."""
        with self._place(name).open("rb") as file:
            if self.key:
                yield from self._opened(name, file)
            else:
                yield from iter(lambda: file.read(CHUNK), b"")

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no error."""
        if name:
            self._place(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Return every stored file."""
        root = self.path
        return {path.relative_to(root).as_posix() for path in root.glob("*/*") if path.is_file()}

    def older_than(self, seconds: float) -> set[str]:
        """Return the files last written more than `seconds` ago."""
        before = timezone.now().timestamp() - seconds
        old = set()
        for name in self.names():
            with suppress(FileNotFoundError):
                if (self.path / name).stat().st_mtime < before:
                    old.add(name)
        return old

    def _place(self, name: str) -> Path:
        """The path of a name we gave; a name from elsewhere is never a path."""
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self.path / name

    def _sealed(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        cipher = _cipher(str(settings.VAR_DIR), self.key)
        yield _MARK
        pieces = _of_one_size(chunks)
        piece = next(pieces, b"")
        index = 0
        while True:
            following = next(pieces, None)
            record = cipher.encrypt(piece, _bound_to(name, index, is_last=following is None))
            yield len(record).to_bytes(_LENGTH_BYTES, "big") + record
            if following is None:
                return
            piece, index = following, index + 1

    def _opened(self, name: str, file: IO[bytes]) -> Iterator[bytes]:
        cipher = _cipher(str(settings.VAR_DIR), self.key)
        if file.read(len(_MARK)) != _MARK:
            raise AlteredFile(name)
        record, index = _next_record(file), 0
        while record is not None:
            following = _next_record(file)
            try:
                yield cipher.decrypt(record, _bound_to(name, index, is_last=following is None))
            except DecryptionError:
                raise AlteredFile(name) from None
            record, index = following, index + 1
        if not index:
            raise AlteredFile(name)


class _Counted:
    """Passes content on while it counts and digests it."""

    def __init__(self, chunks: Iterable[bytes], limit: int | None) -> None:
        self.chunks, self.limit = chunks, limit
        self.size = 0
        self.sm3, self.sha256 = hasher("sm3"), hasher("sha256")

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            if self.limit is not None and self.size > self.limit:
                raise TooLarge(f"more than {self.limit} bytes")
            self.sm3.update(chunk)
            self.sha256.update(chunk)
            yield chunk


def _of_one_size(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut content into pieces of CHUNK bytes, however it came."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)


def _bound_to(name: str, index: int, *, is_last: bool) -> bytes:
    return f"{name}\n{index}\n{'end' if is_last else 'more'}".encode()


def _next_record(file: IO[bytes]) -> bytes | None:
    head = file.read(_LENGTH_BYTES)
    if not head:
        return None
    # What is no record of ours does not decrypt; the bound keeps it from filling the memory first.
    return file.read(min(int.from_bytes(head, "big"), _LONGEST_RECORD))


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=16)
def _cipher(state: str, name: str) -> Cipher:
    return KeyStore(Path(state) / "keys").cipher(name)
