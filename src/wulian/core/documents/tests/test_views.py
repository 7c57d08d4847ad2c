"""Who may take the files: owner, stranger, administrator."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.documents import storage
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import void_document
from wulian.core.documents.tests.conftest import person


@pytest.fixture
def document(issue):
    return issue()


def test_whoever_sees_the_subject_takes_the_pdf(client, document, head):
    client.force_login(head)
    answer = client.get(reverse("documents:pdf", args=[document.pk]))
    assert answer.content == storage.read(document.pdf_path)
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(verb="documents.read").count() == 1


def test_only_a_pdf_is_shown_in_the_browser(client, document, head):
    client.force_login(head)
    assert client.get(reverse("documents:pdf", args=[document.pk]) + "?view=1")[
        "Content-Disposition"
    ].startswith("inline")
    word = client.get(reverse("documents:docx", args=[document.pk]) + "?view=1")
    assert word["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_stranger_and_an_administrator_find_nothing(client, document, stranger, authority, kind):
    admin = person("sysadmin", "系统管理员", None, Role.SYSTEM_ADMIN)
    for user in (stranger, admin):
        assert not EnforcementDocument.objects.visible_to(user).exists()
        client.force_login(user)
        assert client.get(reverse(f"documents:{kind}", args=[document.pk])).status_code in (302, 403, 404)
    assert not AuditEvent.objects.filter(verb="documents.read").exists()


def test_nobody_takes_a_file_without_logging_in(client, document):
    answer = client.get(reverse("documents:pdf", args=[document.pk]))
    assert answer.status_code == 302 and reverse("accounts:login") in answer.url


def test_an_altered_file_is_not_handed_out(client, document, head):
    (storage.folder() / document.pdf_path).write_bytes(b"%PDF-1.7 altered")
    client.force_login(head)
    answer = client.get(reverse("documents:pdf", args=[document.pk]))
    assert b"altered" not in answer.content


def test_the_list_of_a_record_names_each_document_in_one_query(
    document, issue, head, project, django_assert_num_queries
):
    void_document(document=issue(), actor=head, reason="重复制作")
    with django_assert_num_queries(1):
        html = Template("{% load documents %}{% document_list p %}").render(Context({"p": project}))
    assert "随住更罚决〔2026〕1号" in html and "重复制作" in html
    assert reverse("documents:docx", args=[document.pk]) in html
