"""Files as forms hand them over, which never lie unsealed on the disk on their way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any, Final, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from wulian.crypto import Cipher

_ALGORITHM: Final = "aes-256-gcm"
"""Twenty times as quick as SM4 here; the key never leaves the memory of one request."""
_LENGTH_BYTES: Final = 4
_LONGEST_NAME: Final = 200


class Upload(Protocol):
    """What a form gives: a name, a size in bytes, and the content in chunks."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterator[bytes]: ...


def plain_file_name(upload: Upload) -> str:
    """Return the name without any folder; it is a label, never a path."""
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name
    return "".join(char for char in name if char.isprintable())[-_LONGEST_NAME:]


def read_upload(upload: Upload) -> bytes:
    """Return the whole content, for a file whose size was checked."""
    return b"".join(upload.chunks())


class SealedUpload(UploadedFile):
    """An upload too large for the memory: a temporary file without a name, sealed under a key that dies with the request."""

    def __init__(self, name: str, content_type: str | None, charset: str | None, extra: Any) -> None:
        self._cipher = Cipher(Cipher.generate_key(_ALGORITHM), _ALGORITHM)
        self._records = 0
        self._plain: BytesIO | None = None
        self._sealed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 it is closed with the upload
        super().__init__(self._sealed, name, content_type, 0, charset, extra)

    def add(self, chunk: bytes) -> None:
        """Seal one more piece."""
        record = self._cipher.encrypt(chunk, str(self._records).encode())
        self._sealed.write(len(record).to_bytes(_LENGTH_BYTES, "big") + record)
        self._records += 1

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the content from its start, piece by piece as it came."""
        self._sealed.seek(0)
        for index in range(self._records):
            length = int.from_bytes(self._sealed.read(_LENGTH_BYTES), "big")
            yield self._cipher.decrypt(self._sealed.read(length), str(index).encode())

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Read as from a file; this holds the whole content in memory."""
        return self._content().read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._content().seek(offset, whence)

    def tell(self) -> int:
        return self._content().tell()

    def _content(self) -> BytesIO:
        if self._plain is None:
            self._plain = BytesIO(b"".join(self.chunks()))
        return self._plain


class SealedUploadHandler(FileUploadHandler):
    """Takes what is too large for the memory; for `FILE_UPLOAD_HANDLERS`, in place of Django's temporary files."""

    file: SealedUpload

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = SealedUpload(
            self.file_name or "", self.content_type, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.add(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
