"""Promise: officers of the department a report accuses never meet it: no list, count, search, notification, file, export or number.

A user with every role of the department opens every page of the menu before and after the reports exist. Not one may differ.
"""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from wulian.casework.intake.models import Complaint, TipOff
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.files.models import StoredFile
from wulian.core.files.services import attach_files
from wulian.core.files.tests import making
from wulian.core.ui.models import Notification
from wulian.office.jurisdiction.services import seed_jurisdiction

pytestmark = pytest.mark.django_db

ACCUSED = "随州市住房和城市更新局"
MARK = "金丝雀账户四七一一"
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
_LEFT_OUT = re.compile(r"^/(static|i18n|portal|accounts/logout|window/offline)|^/(accounts|login)/.*logout")
_CHANGING = re.compile(
    r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|csrf[Tt]oken[^"]*"[^"]*"[^"]*"'
    r'|chart-[0-9a-f]{12}|name="submission" value="[0-9a-f]{64}"'
)
"""Random by design: marks against forgery, ids of charts, the token that makes a second sending harmless."""


def look_around(client: Client) -> dict[str, str]:
    """The home page and every page its menu and worklist lead to, as text, without what changes with each answer."""
    home = client.get("/").content.decode()
    links = {link for link in map(html.unescape, _LINK.findall(home)) if not _LEFT_OUT.match(link)}
    pages = {}
    for address in ["/", *sorted(links)]:
        answer = client.get(address)
        pages[address] = f"{answer.status_code} {_CHANGING.sub('', answer.content.decode())}"
    return pages


def report_against(kind: str):
    """A report that accuses the department, with a file, registered by the office."""
    matter = getattr(make, kind)(
        respondent_name=ACCUSED, facts=f"该局人员将保证金转入{MARK}，并要求评标专家照顾。"
    )
    uploads = [making.upload(f"{MARK}.txt", MARK.encode())]
    attach_files(subject=matter, uploads=uploads, actor=None, anonymous=False)
    return matter


@pytest.fixture
def office(user_factory, department_tree):
    seed_jurisdiction()
    make.project()
    return user_factory(Role.CLERK), user_factory((Role.DISPATCHER, Role.OFFICE_HEAD))


@pytest.fixture
def accused(user_factory):
    """Somebody of the department with all the roles that see anything there; discipline inspection is a house of its own."""
    roles = tuple(role for role in Role if role not in (*ADMINISTRATORS, Role.DISCIPLINE))
    return user_factory(roles, "housing")


def test_no_page_differs_because_reports_against_the_own_department_exist(office, accused, client_for):
    client = client_for(accused)
    with time_machine.travel(make.RECEIVED, tick=False):
        before = look_around(client)
        matters = [report_against(kind) for kind in ("complaint", "tip_off")]
        for matter in matters:
            make.registered(matter, office[0])
        after = look_around(client)
    assert len(before) > 20, "the menu of somebody with all roles leads everywhere"
    assert not [address for address in before if before[address] != after.get(address)]
    assert before.keys() == after.keys()
    for matter in matters:
        assert not [address for address, text in after.items() if MARK in text or matter.number in text]


def test_the_same_look_around_finds_it_as_the_office(office, client_for):
    """Nothing is found above because nothing is shown, not because nobody looks."""
    matter = report_against("complaint")
    make.registered(matter, office[0])
    pages = look_around(client_for(office[1]))
    assert matter.number in pages["/"], "as a duty"
    assert matter.number in pages["/intake/"], "in the list"


def test_nothing_of_it_is_found_by_its_number_its_words_or_its_address(office, accused, client_for):
    client = client_for(accused)
    for kind, model in (("complaint", Complaint), ("tip_off", TipOff)):
        matter = report_against(kind)
        make.registered(matter, office[0])
        for words in (matter.number, MARK, ACCUSED, matter.alias, matter.receipt.number):
            for address in ("/search/", "/intake/", "/intake/tip-offs/"):
                page = client.get(address, {"q": words}).content.decode()
                assert "将保证金转入" not in page and matter.get_absolute_url() not in page, (address, words)
        assert client.get(matter.get_absolute_url()).status_code == 404
        for file in StoredFile.objects.for_object(matter):
            assert client.get(file.get_absolute_url()).status_code == 404
        assert model.objects.visible_to(accused).count() == 0
    assert not Notification.objects.filter(user=accused).exists()


def test_an_export_of_the_list_leaves_it_out(office, accused, client_for, user_factory):
    matter = report_against("complaint")
    make.registered(matter, office[0])
    seen = make.complaint()
    make.registered(seen, office[0])
    for user, expected in ((accused, {seen.number}), (office[1], {seen.number, matter.number})):
        answer = client_for(user).get("/intake/", {"_export": "xlsx"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        cells = {str(cell) for row in sheet for cell in row}
        assert {number for number in (seen.number, matter.number) if number in cells} == expected
