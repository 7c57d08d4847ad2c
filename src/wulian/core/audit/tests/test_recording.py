"""Events as services write them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.translation import gettext_lazy

from wulian.core.accounts.models import Department, User
from wulian.core.audit import services, verbs
from wulian.core.audit.context import AuditRequestMiddleware
from wulian.core.audit.models import AuditEvent
from wulian.core.audit.querysets import AppendOnlyError

from .conftest import FILED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_var")]


def test_an_event_tells_who_did_what_to_which_record(officer: User, department: Department) -> None:
    event = services.record_event(actor=officer, verb=FILED, subject=department, summary="已立案")
    event.refresh_from_db()
    assert (event.actor, event.actor_name, event.actor_department) == (
        officer,
        "陈丽",
        "随州市住房和城市更新局",
    )
    assert (event.subject_type, event.subject_id) == ("accounts.department", str(department.pk))
    assert event.subject_label == "随州市住房和城市更新局"
    assert event.verb_label == "立案"


def test_the_system_itself_can_act(db: None) -> None:
    event = services.record_event(actor=None, verb=FILED)
    assert (event.actor_id, event.actor_name, event.subject_type) == (None, "", "")


def test_an_event_disappears_with_the_transaction_that_failed(officer: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        services.record_event(actor=officer, verb=FILED)
        raise RuntimeError("业务失败")
    assert not AuditEvent.objects.exists()


def test_values_come_back_as_the_same_json_from_every_database(officer: User) -> None:
    changes = {"amount": [Decimal("12500.00"), None], "due": [date(2026, 10, 8), date(2026, 10, 9)]}
    data = {
        "ratio": 1e22,
        "label": gettext_lazy("time"),
        "ids": {3, 1, 2},
        "nul": "a\x00b",
        "flag": True,
        "n": 2**60,
    }
    event = services.record_event(actor=officer, verb=FILED, changes=changes, data=data)
    event.refresh_from_db()
    assert event.changes == {"amount": ["12500.00", None], "due": ["2026-10-08", "2026-10-09"]}
    assert event.data["ratio"] == "1e+22"
    assert event.data["ids"] == [1, 2, 3]
    assert event.data["nul"] == "a\ufffdb"
    assert event.data["flag"] is True
    assert event.data["n"] == 2**60


@pytest.mark.parametrize("pair", ["新", ["旧"], ["旧", "新", "更新"]])
def test_a_change_is_a_pair_of_old_and_new(officer: User, pair: object) -> None:
    with pytest.raises(ValueError, match=r"\[old, new\]"):
        services.record_event(actor=officer, verb=FILED, changes={"state": pair})


def test_what_has_no_plain_form_is_refused(officer: User) -> None:
    with pytest.raises(TypeError, match="bytes"):
        services.record_event(actor=officer, verb=FILED, data={"scan": b"\x00"})


def test_an_unregistered_verb_is_refused_in_tests(officer: User) -> None:
    with pytest.raises(verbs.UnknownVerb, match=r"cases\.forgotten"):
        services.record_event(actor=officer, verb="cases.forgotten")


def test_an_unregistered_verb_does_not_stop_the_business_in_service(
    officer: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr("django.core.mail.outbox")
    services.record_event(actor=officer, verb="cases.forgotten")
    assert "cases.forgotten" in caplog.text
    with override_settings(DEBUG=True), pytest.raises(verbs.UnknownVerb):
        services.record_event(actor=officer, verb="cases.forgotten")


@pytest.mark.parametrize("code", ["filed", "Cases.filed", "cases.", "cases filed"])
def test_a_malformed_verb_cannot_be_registered(code: str) -> None:
    with pytest.raises(ValueError, match="expected <app>"):
        verbs.register(code, "x")


def test_a_verb_has_one_label() -> None:
    verbs.register(FILED, "立案")
    with pytest.raises(ValueError, match="already registered"):
        verbs.register(FILED, "另案")


def test_many_events_are_written_at_once(
    officer: User, department: Department, django_assert_max_num_queries
) -> None:
    officer.department.name  # loaded beforehand
    entries = [services.Entry(subject=department, summary=f"第{n}行") for n in range(300)]
    with django_assert_max_num_queries(10):
        events = services.record_events(actor=officer, verb=FILED, entries=entries)
    assert len(events) == 300
    assert AuditEvent.objects.for_object(department).count() == 300
    assert services.sequence_events() == 300


def test_the_address_is_kept_for_officials_only(officer: User) -> None:
    def view(request) -> HttpResponse:
        services.record_event(actor=officer, verb=FILED)
        services.record_event(actor=AnonymousUser(), verb=FILED)
        return HttpResponse()

    response = AuditRequestMiddleware(view)(RequestFactory().get("/", REMOTE_ADDR="10.42.7.9"))
    official, public = AuditEvent.objects.order_by("pk")
    assert (official.remote_address, official.request_id) == ("10.42.7.9", response.headers["X-Request-ID"])
    assert (public.remote_address, public.request_id, public.actor_name) == ("", "", "")
    assert services.record_event(actor=officer, verb=FILED).remote_address == ""


def test_a_personal_datum_enters_as_a_commitment_that_its_salt_opens(own_var: Path) -> None:
    committed = services.commit_personal("13907220001")
    assert "13907220001" not in str(committed)
    assert services.matches_commitment(value="13907220001", **committed)
    assert not services.matches_commitment(value="13907220002", **committed)
    assert services.commit_personal("13907220001") != committed


def test_changes_between_names_only_what_differs() -> None:
    before = {"state": "线索", "title": "某路段", "gone": 1}
    after = {"state": "立案", "title": "某路段", "new": 2}
    assert services.changes_between(before, after) == {"state": ["线索", "立案"], "new": [None, 2]}


def test_python_cannot_change_or_delete_an_event(officer: User) -> None:
    event = services.record_event(actor=officer, verb=FILED)
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(summary="改"),
        lambda: AuditEvent.objects.bulk_update([event], ["summary"]),
    ):
        with pytest.raises(AppendOnlyError, match="append-only"):
            attempt()


def test_an_officer_sees_their_own_events_and_a_stranger_none(officer: User, other: User) -> None:
    event = services.record_event(actor=officer, verb=FILED)
    assert list(AuditEvent.objects.visible_to(officer)) == [event]
    assert list(AuditEvent.objects.visible_to(other)) == []
    assert list(AuditEvent.objects.visible_to(AnonymousUser())) == []
