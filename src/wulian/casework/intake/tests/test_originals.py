"""Files of a matter: working copies for whoever handles it, originals only under an opening of the identity (REFERENCE D.9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from wulian.casework.intake import services
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.models import StoredFile
from wulian.core.files.services import attach_files, read_original
from wulian.core.files.tests import making
from wulian.core.ui.testing import assert_max_queries

pytestmark = pytest.mark.django_db
REASON = "需向投诉人送达受理通知书并核实签名。"


@pytest.fixture
def file(examined) -> StoredFile:
    uploads = [making.upload("欧阳听雨的照片.jpg", making.photo())]
    (found,) = attach_files(subject=examined, uploads=uploads, actor=None, anonymous=False)
    return found


def open_vault(people, matter):
    opening = services.request_opening(actor=people.officer, matter=matter, reason=REASON, hours=4)
    return services.approve_opening(actor=people.discipline, opening=opening)


def test_the_page_lists_the_files_and_names_no_sender(people, examined, file, client_for):
    page = client_for(people.officer).get(examined.get_absolute_url()).content.decode()
    assert "材料1.jpg" in page and file.sm3 in page and make.NAME not in page
    assert reverse("files:working", args=[file.pk]) in page
    assert reverse("files:original", args=[file.pk]) not in page, "no opening is in force"


def test_a_working_copy_is_a_download_that_no_browser_opens(people, file, client_for):
    answer = client_for(people.officer).get(file.get_absolute_url())
    assert answer.status_code == 200 and b"Kanari" not in answer.content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEvent.objects.get(verb="files.read").actor_id == people.officer.pk


@pytest.mark.parametrize("who", ["stranger", "admin", "accused"])
def test_who_may_not_see_the_matter_finds_no_file_of_it(
    who, people, examined, file, user_factory, client_for
):
    if who == "accused":
        user = user_factory(Role.CASE_OFFICER, "housing")
        type(examined).objects.filter(pk=examined.pk).update(accused_department=people.housing)
    else:
        user = getattr(people, who)
    client = client_for(user)
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.post(reverse("files:original", args=[file.pk])).status_code == 404
    assert not AuditEvent.objects.filter(verb__startswith="files.", verb__contains="read").exists()


def test_a_visitor_is_sent_to_the_login(file, client):
    for method, url in (
        ("get", file.get_absolute_url()),
        ("post", reverse("files:original", args=[file.pk])),
    ):
        answer = getattr(client, method)(url)
        assert answer.status_code == 302 and "login" in answer.headers["Location"]


def test_an_opening_in_force_gives_the_original_and_counts_as_a_look(people, examined, file, client_for):
    opening = open_vault(people, examined)
    client = client_for(people.officer)
    page = client.get(examined.get_absolute_url()).content.decode()
    assert reverse("files:original", args=[file.pk]) in page
    assert client.get(reverse("files:original", args=[file.pk])).status_code == 405
    answer = client.post(reverse("files:original", args=[file.pk]))
    assert answer.content == making.photo() and answer.headers["Content-Disposition"].startswith(
        "attachment;"
    )
    opening.refresh_from_db()
    assert opening.opened_count == 1
    event = AuditEvent.objects.get(verb="files.original_read")
    assert (event.actor_id, event.summary, event.subject_label) == (
        people.officer.pk,
        REASON,
        examined.number,
    )


def test_without_an_opening_nobody_gets_an_original(people, examined, file):
    for user in (people.officer, people.section, people.discipline, people.office_head, people.admin):
        with pytest.raises(Forbidden):
            read_original(file=file, actor=user)
    open_vault(people, examined)
    with pytest.raises(Forbidden, match=examined.number):
        read_original(file=file, actor=people.colleague)


def test_an_original_is_closed_again_when_the_hours_are_over(people, examined, file, clock):
    open_vault(people, examined)
    clock.shift(timedelta(hours=4) - timedelta(seconds=1))
    assert read_original(file=file, actor=people.officer) == making.photo()
    clock.shift(timedelta(seconds=1))
    with pytest.raises(Forbidden):
        read_original(file=file, actor=people.officer)


def test_of_an_anonymous_file_there_is_no_original_to_open(people, examined):
    uploads = [making.upload("a.jpg", making.photo())]
    (file,) = attach_files(subject=examined, uploads=uploads, actor=None, anonymous=True)
    opening = open_vault(people, examined)
    with pytest.raises(Refusal, match="清除元数据"):
        read_original(file=file, actor=people.officer)
    opening.refresh_from_db()
    assert opening.opened_count == 0


def test_ten_files_are_listed_with_as_few_questions_as_one(people, examined, client_for):
    client, address = client_for(people.officer), examined.get_absolute_url()
    attach_files(
        subject=examined, uploads=[making.upload("a.txt", b"abc")], actor=people.officer, anonymous=False
    )
    client.get(address)
    with assert_max_queries(200) as one:
        client.get(address)
    more = [making.upload(f"{n}.txt", b"abc") for n in range(9)]
    attach_files(subject=examined, uploads=more, actor=people.clerk, anonymous=False)
    with assert_max_queries(len(one.captured_queries)):
        assert client.get(address).content.decode().count("files/") >= 10
