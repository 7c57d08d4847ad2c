"""The auditors' pages: who may enter, what an administrator does not see, and the timeline on other pages."""

import csv
import io
import json
from html import unescape
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.audit import services, views
from wulian.core.audit.models import AuditCheckpoint, AuditEvent

from .conftest import DECIDED, FILED

pytestmark = pytest.mark.django_db

SECRET = "随州市某路改造工程围标线索"


def person(username: str, name: str, role: Role, department: Department) -> User:
    user = User.objects.create_user(username, password=None, full_name=name, department=department)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture
def auditor(department: Department) -> User:
    return person("audit", "孙审", Role.AUDIT_ADMIN, department)


@pytest.fixture
def inspector(department: Department) -> User:
    return person("jijian", "周廉", Role.DISCIPLINE, department)


@pytest.fixture
def business(own_var: Path, officer: User, department: Department) -> AuditEvent:
    """An event about a business record; a department stands for it, its kind told as a business one."""

    class Project:
        pk = 4711
        _meta = type("Meta", (), {"label_lower": "registry.project"})()

        def __str__(self) -> str:
            return SECRET

    return services.record_event(
        actor=officer,
        verb=FILED,
        subject=Project(),  # type: ignore[arg-type]
        summary=f"{SECRET}已立案",
        changes={"state": ["线索", "机密状态"]},
        data={"note": "机密备注"},
    )


def sign_in(client: Client, user: User) -> None:
    """Sign in with password and second factor behind us."""
    client.force_login(user)
    device, _created = TOTPDevice.objects.get_or_create(user=user, name="手机")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def page(client: Client, user: User, name: str, *args: object, **query: object) -> str:
    sign_in(client, user)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content.decode()[:500]
    return unescape(response.content.decode())


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDIT_ADMIN, Role.DISCIPLINE)])
def test_no_other_role_opens_the_audit_pages(
    client: Client, business: AuditEvent, department, role: Role
) -> None:
    sign_in(client, person("somebody", "李明", role, department))
    for url in (
        reverse("audit:events"),
        reverse("audit:event", args=[business.pk]),
        reverse("audit:checkpoints"),
    ):
        assert client.get(url).status_code == 403
    assert client.post(reverse("audit:verify")).status_code == 403
    assert client.post(reverse("audit:checkpoint_write")).status_code == 403
    assert not AuditCheckpoint.objects.exists()


def test_a_stranger_is_sent_to_the_login(client: Client, business: AuditEvent) -> None:
    response = client.get(reverse("audit:events"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


def test_discipline_inspection_reads_the_content(
    client: Client, business: AuditEvent, inspector: User
) -> None:
    assert SECRET in page(client, inspector, "audit:events")
    text = page(client, inspector, "audit:event", business.pk)
    assert f"{SECRET}已立案" in text
    assert "机密状态" in text
    assert "机密备注" in text


def test_details_may_have_any_name(own_var: Path, client: Client, officer: User, inspector: User) -> None:
    event = services.record_event(actor=officer, verb=FILED, data={"items": 42, "keys": "密钥"})
    sign_in(client, inspector)
    page = client.get(reverse("audit:event", args=[event.pk])).content.decode()
    assert "42" in page and "密钥" in page


def test_the_audit_administrator_sees_frame_and_hashes_but_not_the_content(
    client: Client, business: AuditEvent, auditor: User
) -> None:
    services.sequence_events()
    listed = page(client, auditor, "audit:events")
    shown = page(client, auditor, "audit:event", business.pk)
    for text in (listed, shown):
        assert SECRET not in text
        assert "机密" not in text
        assert "陈丽" in text
        assert "立案" in text
    assert business.link.link_hash in shown


def test_an_export_is_masked_like_the_page_and_leaves_an_event(
    client: Client, business: AuditEvent, auditor: User, inspector: User
) -> None:
    sign_in(client, auditor)
    query = {"_export": "csv", "verb": FILED, "actor_name": "陈丽"}
    masked = b"".join(client.get(reverse("audit:events"), query).streaming_content).decode()
    (_header, row) = csv.reader(io.StringIO(masked))
    assert row[0] == timezone.localtime(business.occurred_at).strftime("%Y-%m-%d %H:%M:%S")
    assert SECRET not in masked
    exported = AuditEvent.objects.latest("id")
    assert (exported.actor, exported.data["count"], exported.data["format"]) == (auditor, 1, "csv")
    assert "陈丽" not in page(client, auditor, "audit:event", exported.pk)
    sign_in(client, inspector)
    whole = b"".join(client.get(reverse("audit:events"), query).streaming_content).decode()
    assert SECRET in whole


def test_platform_events_are_whole_for_the_audit_administrator(
    client: Client, own_var: Path, officer: User, auditor: User
) -> None:
    event = services.record_event(actor=auditor, verb=FILED, subject=officer, summary="授予窗口受理员")
    assert "授予窗口受理员" in page(client, auditor, "audit:event", event.pk)


def test_the_list_can_be_narrowed(
    client: Client, own_var, officer: User, other: User, inspector: User, department
) -> None:
    services.record_event(actor=officer, verb=FILED, subject=department, summary="甲事")
    services.record_event(actor=other, verb=DECIDED, subject=officer, summary="乙事")
    for query in (
        {"verb": FILED},
        {"actor_name": "陈丽"},
        {"subject_type": "accounts.department", "subject_id": str(department.pk)},
    ):
        text = page(client, inspector, "audit:events", **query)
        assert "甲事" in text
        assert "乙事" not in text
    text = page(
        client, inspector, "audit:events", occurred_at_after="2001-01-01", occurred_at_before="2001-12-31"
    )
    assert "甲事" not in text


def test_the_list_asks_the_database_as_often_for_fifty_rows_as_for_one(
    client: Client, own_var, officer: User, department, inspector: User, django_assert_max_num_queries
) -> None:
    sign_in(client, inspector)
    services.record_event(actor=officer, verb=FILED, subject=department)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("audit:events"), {"per_page": 50}).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for _ in range(49):
        services.record_event(actor=officer, verb=FILED, subject=department)
    services.sequence_events()
    assert queries() == one
    assert one <= 12


def test_verify_now_tells_the_outcome_and_records_it(
    client: Client, chain: list[int], inspector: User, tampered
) -> None:
    sign_in(client, inspector)
    response = client.post(reverse("audit:verify"), follow=True)
    event = AuditEvent.objects.get(verb="audit.verified")
    assert event.actor == inspector
    assert event.data["ok"] is True
    assert response.redirect_chain[-1][0] == event.get_absolute_url()
    with tampered(f"UPDATE audit_auditevent SET summary = 'x' WHERE id = {chain[2]}"):
        client.post(reverse("audit:verify"))
        found = AuditEvent.objects.filter(verb="audit.verified").latest("id").data
        assert found["findings"] == [["changed", "event", chain[2], "summary"]]
        text = page(client, inspector, "audit:event", chain[2])
        with translation.override("zh-hans"):
            assert translation.gettext("The row and its link do not agree: verify the chain.") in text


@pytest.mark.django_db(transaction=True)
def test_a_long_chain_is_verified_by_the_worker(
    client: Client, chain: list[int], auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.management import call_command

    monkeypatch.setattr(views, "VERIFY_AT_ONCE", 3)
    sign_in(client, auditor)
    response = client.post(reverse("audit:verify"))
    assert response.url == reverse("audit:events")
    assert not AuditEvent.objects.filter(verb="audit.verified").exists()
    call_command("db_worker", batch=True, verbosity=0)
    event = AuditEvent.objects.get(verb="audit.verified")
    assert (event.actor, event.data["ok"], event.data["links"]) == (auditor, True, 9)


def test_only_the_audit_administrator_writes_a_checkpoint(
    client: Client, chain: list[int], auditor: User, inspector: User
) -> None:
    sign_in(client, inspector)
    assert client.post(reverse("audit:checkpoint_write")).status_code == 403
    sign_in(client, auditor)
    client.post(reverse("audit:checkpoint_write"))
    assert AuditCheckpoint.objects.count() == 2
    assert AuditEvent.objects.get(verb="audit.checkpoint_written").actor == auditor
    assert "1/print" in page(client, auditor, "audit:checkpoints")


def test_a_checkpoint_is_refused_while_the_database_is_older_than_the_file(
    client: Client, chain: list[int], auditor: User, tampered
) -> None:
    sign_in(client, auditor)
    with tampered("DELETE FROM audit_auditcheckpoint"):
        response = client.post(reverse("audit:checkpoint_write"), follow=True)
        with translation.override("zh-hans"):
            refusal = translation.gettext(
                "No checkpoint was written, because the chain does not add up: verify it first."
            )
        assert refusal in unescape(response.content.decode())
        assert not AuditCheckpoint.objects.exists()


def test_the_printed_checkpoint_carries_a_code_with_statement_and_signature(
    client: Client, chain: list[int], inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[str] = []
    original = views.qr_svg
    monkeypatch.setattr(views, "qr_svg", lambda text: carried.append(text) or original(text))
    text = page(client, inspector, "audit:checkpoint_print", 1)
    row = AuditCheckpoint.objects.get()
    assert "<svg" in text
    assert row.link_hash in text
    content = json.loads(carried[0])
    from wulian.core.audit import checkpoint_files

    assert content["link_hash"] == row.link_hash
    assert checkpoint_files.signature_holds(content)


def trail(user: User, subject: object) -> str:
    request = RequestFactory().get("/")
    request.user = user
    template = Template("{% load audit %}{% audit_trail subject %}")
    return unescape(template.render(Context({"request": request, "subject": subject})))


def test_the_timeline_of_a_record_shows_its_own_events_only(
    own_var, officer: User, other: User, department: Department, django_assert_num_queries
) -> None:
    services.record_event(
        actor=officer,
        verb=FILED,
        subject=department,
        summary="甲事",
        changes={"kind": ["office", "authority"]},
    )
    services.record_event(actor=officer, verb=DECIDED, subject=other, summary="乙事")
    services.sequence_events()
    officer.has_role(Role.CLERK)
    with translation.override("en"), django_assert_num_queries(1):
        text = trail(officer, department)
    assert "甲事" in text
    assert "陈丽（随州市住房和城市更新局）" in text
    assert "link 1" in text
    assert "department kind" in text
    assert "Competent authority" in text
    assert "乙事" not in text


def test_the_timeline_is_closed_to_administrators(own_var, officer: User, department, auditor: User) -> None:
    services.record_event(actor=officer, verb=FILED, subject=department, summary="甲事")
    assert "甲事" not in trail(auditor, department)
