"""Promise: of who reports anonymously nothing is kept that could tell who it was, from where, or with what (REFERENCE D.9).

A visitor walks through the real portal carrying marks in everything a browser and a file say by themselves. Then every byte is
searched: database file or dump, sessions, state folder, what the sealed files say once opened, logs, temporary files, a backup.
"""

from __future__ import annotations

import io
import logging
import tarfile
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache as django_cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from tests.promises.searching import (
    database_bytes,
    file_bytes,
    found_in,
    opened_file_bytes,
    session_bytes,
    state_bytes,
    unpacked,
)

from wulian.casework.intake.models import TipOff
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.files.models import StoredFile
from wulian.core.files.store import COPIES, HOLDING, ORIGINALS
from wulian.core.files.tests import making
from wulian.crypto import KeyStore, hmac
from wulian.office.jurisdiction.services import seed_jurisdiction
from wulian.portal.tests.walking import ANSWERS, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, FORWARDED, PROXY = "203.0.113.77", "198.51.100.23", "192.0.2.211"
AGENT, REFERRER = "KanariBrowser/7.77", "https://kanari-forum.example.net/thread/4711"
COOKIE, LANGUAGE, FILE_NAME = "kanariKeks4711", "kanari-DE", "KanariDateiname"
BROWSER = {
    "REMOTE_ADDR": ADDRESS,
    "HTTP_X_FORWARDED_FOR": f"{FORWARDED}, {PROXY}",
    "HTTP_X_REAL_IP": FORWARDED,
    "HTTP_FORWARDED": f"for={FORWARDED}",
    "HTTP_USER_AGENT": AGENT,
    "HTTP_REFERER": REFERRER,
    "HTTP_ACCEPT_LANGUAGE": f"zh-CN,{LANGUAGE};q=0.5",
    "HTTP_SEC_CH_UA_PLATFORM": "KanariOS",
    "HTTP_VIA": "1.1 kanari-proxy",
}
SAID_BY_THE_BROWSER = (
    ADDRESS,
    FORWARDED,
    PROXY,
    AGENT,
    REFERRER,
    COOKIE,
    LANGUAGE,
    "KanariOS",
    "kanari-proxy",
)
SAID_BY_THE_FILES = (*making.MARKS, FILE_NAME)
# Beyond what the memory takes, so that the upload goes over the disk.
LARGE_TEXT = ("\ufeff" + "转账流水\r\n" * 200_000).encode("utf-16")


def browser() -> Client:
    """A browser that says a lot about itself."""
    client = Client(**BROWSER)
    client.cookies["other_site"] = COOKIE
    return client


@cache
def made_files() -> dict[str, bytes]:
    return {
        f"{FILE_NAME}1.jpg": making.photo(),
        f"{FILE_NAME}2.png": making.photo(form="PNG"),
        f"{FILE_NAME}3.pdf": making.pdf(),
        f"{FILE_NAME}4.docx": making.word(),
        f"{FILE_NAME}5.xlsx": making.workbook(),
        f"{FILE_NAME}6.txt": LARGE_TEXT,
    }


def files() -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in made_files().items()]


class Reporter(Visitor):
    """Reports without a name, with files, which the page takes in one by one."""

    def walk(self, **changes):
        page = super().walk(channel={"kind": "tip_off"}, name_given={"named": "no"}, **changes)
        for upload in files():
            answer = self.client.post(
                "/portal/report/files/", {"files": [upload]}, headers={"Accept": "application/json"}
            )
            assert answer.status_code == 200, answer.content.decode()
        return self.client.get("/portal/report/check/") if page.status_code == 200 else page


@pytest.fixture
def places(settings, tmp_path, monkeypatch, caplog, department_tree):
    """State, media and temporary folders of this test alone, and all that is logged."""
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.VAR_DIR.mkdir()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    made_files()  # what makes them logs too
    caplog.set_level(logging.DEBUG)
    django_cache.clear()
    seed_jurisdiction()
    return SimpleNamespace(temporary=temporary, log=caplog)


def everything(places) -> dict[str, bytes]:
    """All that is kept anywhere, by place."""
    return {
        "database": database_bytes(),
        "sessions": session_bytes(),
        "state folder": state_bytes(),
        "opened files": opened_file_bytes(),
        "logs": places.log.text.encode(),
        "temporary files": file_bytes(places.temporary),
        "backup": backup(),
    }


def backup() -> bytes:
    """What docs/deployment.zh.md tells to keep: the dump of the database and the state folder, as an archive and unpacked."""
    dump, archive = io.StringIO(), io.BytesIO()
    present = set(connection.introspection.table_names())
    models = [model._meta.label for model in apps.get_models() if model._meta.db_table in present]
    call_command("dumpdata", *models, stdout=dump)
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.add(Path(settings.VAR_DIR), arcname="var")
        info = tarfile.TarInfo("database.json")
        content = dump.getvalue().encode()
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return archive.getvalue()


def assert_nowhere(secrets, places, but=()) -> None:
    kept = everything(places)
    assert make.RESPONDENT.encode() in kept["database"], "the search itself works"
    wrong = [
        (secret, where, form)
        for secret in secrets
        for where, content in kept.items()
        for form in found_in(secret, content)
        if (secret, where) not in but
    ]
    assert not wrong


def handle(matter, user_factory) -> StoredFile:
    """What officials do with it: register, dispatch, look at the page, take every file."""
    make.dispatched(matter, user_factory(Role.CLERK), user_factory(Role.DISPATCHER))
    from wulian.core.ui.testing import sign_in

    officer = sign_in(Client(), user_factory(Role.CASE_OFFICER, "housing"))
    assert officer.get(matter.get_absolute_url()).status_code == 200
    stored = list(StoredFile.objects.for_object(matter))
    for file in stored:
        assert officer.get(file.get_absolute_url()).status_code == 200
    return stored[0]


def test_the_marks_are_really_sent():
    """The search below finds nothing because nothing is kept, not because nothing was there."""
    sent = b"\x00".join(unpacked(upload.read()) for upload in files())
    for mark in making.MARKS:
        assert found_in(mark, sent)
    assert FILE_NAME in files()[0].name
    seen = {}

    def notice(request):
        from django.http import HttpResponse

        seen.update({**request.META, **request.COOKIES})
        return HttpResponse()

    client = browser()
    client.handler._middleware_chain = notice
    client.handler.load_middleware = lambda *args, **kwargs: None
    client.get("/")
    everything_said = " ".join(map(str, seen.values()))
    assert not [mark for mark in SAID_BY_THE_BROWSER if mark not in everything_said]


def test_of_an_anonymous_report_no_byte_tells_who_where_and_with_what(places, user_factory):
    reporter = Reporter(browser())
    slip = reporter.submit()
    matter = TipOff.objects.get()
    assert matter.receipt.is_anonymous and StoredFile.objects.count() == 6
    first = handle(matter, user_factory)
    # The reporter comes back, from the same machine, and looks.
    again = browser()
    answer = again.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    assert matter.number in again.get(answer.headers["Location"]).content.decode()

    assert_nowhere((*SAID_BY_THE_BROWSER, *SAID_BY_THE_FILES), places)
    assert first.title == "材料1.jpg" and first.original == ""
    assert ORIGINALS.names() == set(), "nothing but the stripped copies is left"
    assert HOLDING.names() == set() and len(COPIES.names()) == 6


def test_a_report_that_was_never_sent_tells_nothing_either(places, user_factory):
    make.complaint()  # somebody else's, so that the search has something to find
    reporter = Reporter(browser())
    reporter.walk()
    assert len(HOLDING.names()) == 6
    # The draft shows its writer what he added; the name waits sealed, for a day.
    but = [(FILE_NAME, "opened files")]
    assert_nowhere((*SAID_BY_THE_BROWSER, *SAID_BY_THE_FILES), places, but)
    reporter.client.post("/portal/report/forget/")
    assert not HOLDING.names() | COPIES.names() | ORIGINALS.names(), "what is thrown away is gone at once"


def test_refused_files_and_wrong_codes_leave_no_trace(places):
    make.complaint()
    client = browser()
    visitor = Visitor(client)
    for key in ("topic", "channel"):
        visitor.step(key, **{**ANSWERS, "channel": {"kind": "tip_off"}}[key])
    visitor.step("name_given", named="no")
    harmful = [
        SimpleUploadedFile(f"{FILE_NAME}.exe", b"MZ" + making.AUTHOR.encode()),
        SimpleUploadedFile(f"{FILE_NAME}.pdf", making.photo()),
        SimpleUploadedFile(f"{FILE_NAME}.docx", making.word()[:-300]),
    ]
    for upload in harmful:
        answer = client.post(
            "/portal/report/files/", {"files": [upload]}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 422
    for _try in range(7):
        client.post("/portal/status/", {"number": "随招收〔2026〕9号", "code": "AAAA-BBBB-CCCC-DDDD"})
    client.get("/portal/no-such-page/")
    client.post("/portal/report/facts/", {"facts": "x"}, headers={"Accept": "text/plain"})
    assert_nowhere((*SAID_BY_THE_BROWSER, *SAID_BY_THE_FILES), places)


def test_of_a_named_report_the_browser_tells_nothing_and_the_files_only_to_the_vault(places, user_factory):
    """The original stays, sealed; what case staff get is as free of traces as with an anonymous report."""
    visitor = Visitor(browser())
    visitor.walk()
    for upload in files()[:1]:
        visitor.client.post(
            "/portal/report/files/", {"files": [upload]}, headers={"Accept": "application/json"}
        )
    assert visitor.send(visitor.client.get("/portal/report/check/")).status_code == 302
    file = StoredFile.objects.get()
    assert file.original and file.title == "材料1.jpg"
    kept = everything(places)
    for secret in (*SAID_BY_THE_BROWSER, *SAID_BY_THE_FILES):
        for where, content in kept.items():
            if where != "opened files":
                assert not found_in(secret, content), (secret, where)
    copies = b"".join(unpacked(COPIES.read(name)) for name in COPIES.names())
    assert not [mark for mark in making.MARKS if found_in(mark, copies)]
    assert found_in(making.AUTHOR, ORIGINALS.read(file.original))


def test_a_keyed_trace_of_an_address_cannot_be_tried_out_when_its_hour_is_over(places, clock):
    """Flood limits keep a keyed hash of the address; once the key of the hour is gone, no list of addresses helps."""
    Reporter(browser()).submit()
    from wulian.portal.tasks import SCHEDULE

    clock.shift(timedelta(hours=3))
    for _name, function, _trigger in SCHEDULE:
        function()
    secrets = [
        bytes.fromhex(path.read_text().strip())
        for path in KeyStore(settings.VAR_DIR / "keys").folder.glob("*.secret")
    ]
    assert secrets
    content = database_bytes() + session_bytes()
    for secret in secrets:
        for text in (ADDRESS, AGENT):
            for what in ("", "look-up\x00", "submission\x00", "upload\x00"):
                for message in (f"{what}{text}", f"{text}\x00{what}", f"{what.rstrip(chr(0))}:{text}"):
                    assert hmac(secret, message.encode()).hex().encode() not in content
    assert not Session.objects.filter(session_data__contains=ADDRESS).exists()
