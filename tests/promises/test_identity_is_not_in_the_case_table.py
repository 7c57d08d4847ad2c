"""Promise: who the reporter is stands in no table in the clear, nor in drafts, logs, documents or files: every byte is searched."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from tests.promises.searching import database_bytes, file_bytes, session_bytes, traces

from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services import accept_complaint, approve_opening, open_identity, request_opening
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.office.jurisdiction.services import seed_jurisdiction
from wulian.portal.tests.walking import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
NAME, PHONE, ADDRESS = make.NAME, make.PHONE, make.ADDRESS
VISITOR_ADDRESS, VISITOR_AGENT = "203.0.113.77", "KanariBrowser/7.77"


@pytest.fixture
def spoken(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def walk_a_whole_complaint(user_factory) -> Complaint:
    """From the portal to acceptance, with one look into the vault."""
    cache.clear()
    seed_jurisdiction()
    client = Client(REMOTE_ADDR=VISITOR_ADDRESS, HTTP_USER_AGENT=VISITOR_AGENT)
    Visitor(client).submit()
    unsent = Visitor(Client(REMOTE_ADDR=VISITOR_ADDRESS, HTTP_USER_AGENT=VISITOR_AGENT))
    unsent.walk()
    matter = Complaint.objects.get()
    make.dispatched(matter, user_factory(Role.CLERK), user_factory(Role.DISPATCHER))
    officer = user_factory(Role.CASE_OFFICER, "housing")
    accept_complaint(actor=officer, complaint=matter, contact_person="陈丽", contact_phone="0722-3590001")
    opening = request_opening(actor=officer, matter=matter, reason="送达受理通知书需核实地址。", hours=2)
    details = open_identity(
        actor=officer, opening=approve_opening(actor=user_factory(Role.DISCIPLINE), opening=opening)
    )
    assert details.name == NAME
    return matter


def test_name_phone_and_address_are_in_no_byte_of_database_files_or_logs(user_factory, spoken):
    walk_a_whole_complaint(user_factory)
    places = {
        "database": database_bytes(),
        "files": file_bytes(Path(settings.MEDIA_ROOT)) + file_bytes(Path(settings.VAR_DIR)),
        "sessions": session_bytes(),
        "logs": spoken.text.encode(),
    }
    assert make.RESPONDENT.encode() in places["database"], "the search itself works"
    assert Session.objects.exists(), "there are drafts to search"
    for secret in (NAME, PHONE, ADDRESS):
        for where, content in places.items():
            for form in traces(secret):
                assert form not in content, f"{secret} as {form!r} in the {where}"


def test_the_address_and_the_browser_of_a_visitor_are_in_no_byte(user_factory, spoken):
    """Anonymous or not, nobody can tell from our records which machine a report came from (REFERENCE D.9, WP-4)."""
    walk_a_whole_complaint(user_factory)
    content = database_bytes() + session_bytes() + file_bytes(Path(settings.VAR_DIR))
    for secret in (VISITOR_ADDRESS, VISITOR_AGENT):
        for form in traces(secret):
            assert form not in content, f"{secret} as {form!r}"


def test_a_backup_holds_the_identity_only_under_the_key(user_factory, tmp_path):
    walk_a_whole_complaint(user_factory)
    target = tmp_path / "dump.json"
    call_command("dumpdata", "intake", "audit", "documents", "ui", "sessions", output=str(target))
    content = target.read_bytes()
    for secret in (NAME, PHONE, ADDRESS):
        for form in traces(secret):
            assert form not in content
