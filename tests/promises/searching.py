"""Searching every byte that is kept: database, sessions, files as they lie and as they open, logs, temporary files."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from wulian.core.files.store import COPIES, HOLDING, ORIGINALS


def traces(secret: str) -> list[bytes]:
    """The forms in which a secret could lie somewhere: plain, escaped, percent-encoded, other encodings, base64."""
    plain = secret.encode()
    escaped = json.dumps(secret)[1:-1].encode()
    forms = {plain, escaped, quote(secret).encode(), plain.hex().encode()}
    forms |= {secret.encode(encoding) for encoding in ("utf-16-le", "utf-16-be", "gb18030")}
    # base64 of a text that holds it, at each of the three offsets; the edges depend on the neighbours.
    for offset in range(3):
        forms.add(base64.b64encode(b"\x00" * offset + plain)[4 if offset else 0 : -4])
    return [form for form in forms if len(form) >= 6]


def found_in(secret: str, content: bytes) -> list[bytes]:
    """The forms of a secret that the content holds."""
    return [form for form in traces(secret) if form in content]


def database_bytes() -> bytes:
    """Every table of the database, as raw bytes of the file or the dump, and row by row."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # table names come from the database itself
            found += [_bytes_of(value) for row in cursor.fetchall() for value in row]
    if connection.vendor == "sqlite":
        found.append(connection.connection.serialize())
    else:
        found.append(_postgresql_dump())
    return b"\x00".join(found)


def _bytes_of(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode()


def _postgresql_dump() -> bytes:
    """What `pg_dump` writes, which is what a backup holds; without the program the rows have to do."""
    program = shutil.which("pg_dump") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))), None
    )
    if program is None:
        return b""
    values = connection.settings_dict
    address = [f"--host={values['HOST']}", f"--port={values['PORT']}", f"--username={values['USER']}"]
    done = subprocess.run(
        [str(program), *address, "--no-password", str(values["NAME"])],
        env={**os.environ, "PGPASSWORD": str(values["PASSWORD"])},
        capture_output=True,
        check=False,
    )
    # A program older than the server refuses; its rows have been read one by one above.
    return done.stdout


def session_bytes() -> bytes:
    """What sessions hold once unpacked: Django compresses them, so their rows hide more than they protect."""
    found = []
    for session in Session.objects.all():
        for value in session.get_decoded().values():
            found.append(str(value).encode())
            if isinstance(value, str):
                with contextlib.suppress(ValueError):
                    found.append(base64.b64decode(value, validate=True))
    return b"\x00".join(found)


def file_bytes(folder: Path) -> bytes:
    """Every file below a folder, as it lies there, with its name."""
    return b"\x00".join(
        path.name.encode() + b"\x00" + path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )


def opened_file_bytes() -> bytes:
    """What the sealed files say to whoever has the keys, archives and packed streams unpacked."""
    found = [
        unpacked(folder.read(name))
        for folder in (ORIGINALS, COPIES, HOLDING)
        for name in sorted(folder.names())
    ]
    return b"\x00".join(found)


def unpacked(data: bytes) -> bytes:
    """A file and what is packed inside it."""
    found = [data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found += [name.encode(), unpacked(archive.read(name))]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(stream))
    return b"\x00".join(found)


def state_bytes() -> bytes:
    """Everything below the state folder and the media folder."""
    return file_bytes(Path(settings.VAR_DIR)) + file_bytes(Path(settings.MEDIA_ROOT))
