"""Login, lock-out, second factor, idle sessions."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from wulian.conftest import PASSWORD
from wulian.core.accounts.choices import Role
from wulian.core.accounts.services import enrol_totp
from wulian.core.audit.models import AuditEvent
from wulian.core.ui.testing import TEST_KEY

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 5, 1, 0, tzinfo=dt.UTC)


def log_in(client: Client, user, password: str = PASSWORD, **query):
    return client.post(
        reverse("accounts:login", query=query), {"username": user.username, "password": password, **query}
    )


def code(key: str = TEST_KEY) -> str:
    totp = TOTP(bytes.fromhex(key))
    import time

    totp.time = time.time()
    return f"{totp.token():06d}"


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="accounts.log")
        .order_by("id")
        .values_list("verb", flat=True)
    )


def test_a_visitor_is_sent_to_the_login_which_links_to_the_public_portal(client):
    response = client.get("/", follow=True)
    assert response.redirect_chain == [("/accounts/login/?next=/", 302)]
    assert 'href="/portal/"' in response.content.decode()


def test_an_officer_logs_in_and_lands_on_the_worklist_and_it_is_recorded(client, alice):
    response = log_in(client, alice)
    assert response["Location"] == "/"
    assert client.get("/").context["page_title"] == "我的待办"
    assert verbs() == ["accounts.login"]


def test_the_login_does_not_lead_to_another_site(client, alice):
    response = log_in(client, alice, next="https://example.org/")
    assert response["Location"] == "/"


def test_a_wrong_password_is_refused_in_words_and_recorded_without_the_typed_text(client, alice):
    response = log_in(client, alice, "wrong-Password-1")
    assert "登录名或密码不正确" in response.content.decode()
    client.post(reverse("accounts:login"), {"username": "my-secret-password", "password": "x"})
    events = AuditEvent.objects.filter(verb="accounts.login_failed").order_by("id")
    assert [event.data["known"] for event in events] == [True, False]
    assert "my-secret-password" not in str(list(events.values()))


def test_five_failures_lock_the_login_for_a_quarter_of_an_hour(client, alice):
    with time_machine.travel(NOW, tick=False) as clock:
        for _try in range(4):
            assert log_in(client, alice, "wrong").status_code == 200
        locked = log_in(client, alice, "wrong")
        assert locked.status_code == 429
        assert "请等待 15 分钟后再试" in locked.content.decode()
        assert log_in(client, alice).status_code == 429, "the right password does not open a locked login"
        clock.shift(dt.timedelta(minutes=16))
        assert log_in(client, alice).status_code == 302
    assert AuditEvent.objects.filter(verb="accounts.locked_out").exists()


def test_another_person_at_another_address_is_not_locked_out(client, alice, bob):
    for _try in range(5):
        log_in(client, alice, "wrong")
    assert log_in(client, bob).status_code == 302


def test_a_disabled_account_does_not_log_in_and_a_running_session_ends(client, alice):
    assert log_in(client, alice).status_code == 302
    alice.is_active = False
    alice.save()
    assert client.get("/").status_code == 302
    assert log_in(Client(), alice).status_code == 200


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_an_administrator_reaches_nothing_before_setting_up_the_second_factor(role, client, user_factory):
    log_in(client, user_factory(role))
    for address in (
        "/",
        reverse("accounts:users"),
        reverse("accounts:profile"),
        reverse("accounts:password"),
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert urlsplit(response["Location"]).path == reverse("accounts:second_factor")
    assert client.post(reverse("accounts:logout")).status_code == 302


def test_the_second_factor_is_set_up_with_a_qr_code_and_a_first_code(client, user_factory):
    user = user_factory(Role.SYSTEM_ADMIN)
    log_in(client, user)
    page = client.get(reverse("accounts:second_factor") + "?next=/accounts/users/")
    assert "<svg" in page.content.decode()
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    wrong = client.post(reverse("accounts:second_factor"), {"token": "000000"})
    assert wrong.status_code == 422 and not TOTPDevice.objects.filter(confirmed=True).exists()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        response = client.post(
            reverse("accounts:second_factor") + "?next=/accounts/users/", {"token": code(device.key)}
        )
        assert response["Location"] == "/accounts/users/"
        assert client.get("/accounts/users/").status_code == 200
    assert AuditEvent.objects.filter(verb="accounts.second_factor_enrolled", subject_id=str(user.pk)).exists()


def test_the_code_is_asked_for_at_every_later_login_and_used_once(user_factory):
    user = user_factory(Role.SECURITY_ADMIN)
    enrol_totp(user, TEST_KEY)
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, user)
        assert urlsplit(client.get("/accounts/users/")["Location"]).path == reverse("accounts:verify")
    token = code()
    assert (
        first.post(reverse("accounts:verify") + "?next=/accounts/users/", {"token": token})["Location"]
        == "/accounts/users/"
    )
    assert first.get("/accounts/users/").status_code == 200
    assert second.post(reverse("accounts:verify"), {"token": token}).status_code == 422, "a code is good once"
    assert second.get("/accounts/users/").status_code == 302


def test_wrong_codes_slow_down_and_say_how_long_to_wait(user_factory, client):
    user = user_factory(Role.AUDIT_ADMIN)
    enrol_totp(user, TEST_KEY)
    log_in(client, user)
    pages = [
        client.post(reverse("accounts:verify"), {"token": "000000"}).content.decode() for _try in range(2)
    ]
    assert "动态口令不正确" in pages[0]
    assert re.search(r"请 \d+ 秒后再试", pages[1])


def test_an_officer_with_a_second_factor_must_show_it_too(client, alice):
    enrol_totp(alice, TEST_KEY)
    log_in(client, alice)
    assert urlsplit(client.get("/")["Location"]).path == reverse("accounts:verify")
    client.post(reverse("accounts:verify"), {"token": code()})
    assert client.get("/").status_code == 200


def test_an_officer_without_a_second_factor_is_not_asked_for_one(client, alice):
    log_in(client, alice)
    assert client.get("/").status_code == 200


def test_an_idle_session_leads_to_the_login_and_back_to_the_same_page(alice, client, settings):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, alice)
        clock.shift(settings.SESSION_IDLE_SECONDS - 1)
        assert client.get("/notifications/?unread=1").status_code == 200
        clock.shift(settings.SESSION_IDLE_SECONDS - 1)
        assert client.get("/notifications/?unread=1").status_code == 200, "each request begins the time anew"
        clock.shift(settings.SESSION_IDLE_SECONDS + 1)
        response = client.get("/notifications/?unread=1")
        where = urlsplit(response["Location"])
        assert where.path == reverse("accounts:login")
        assert parse_qs(where.query) == {"next": ["/notifications/?unread=1"], "idle": ["1"]}
        assert "已填写的内容仍会保留" in client.get(response["Location"]).content.decode()
        again = log_in(client, alice, next="/notifications/?unread=1")
        assert again["Location"] == "/notifications/?unread=1"
    assert AuditEvent.objects.filter(verb="accounts.session_expired").count() == 1


def test_a_write_in_an_idle_session_is_not_done_and_comes_back_to_the_form(alice, client, settings):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, alice)
        form = "http://testserver" + reverse("accounts:password")
        clock.shift(settings.SESSION_IDLE_SECONDS + 1)
        response = client.post(
            reverse("accounts:password"),
            {"old_password": PASSWORD, "new_password": "another-Pass-2026", "repeated": "another-Pass-2026"},
            HTTP_REFERER=form,
        )
        assert parse_qs(urlsplit(response["Location"]).query)["next"] == [reverse("accounts:password")]
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_partial_request_in_an_idle_session_moves_the_whole_page(alice, client, settings):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, alice)
        clock.shift(settings.SESSION_IDLE_SECONDS + 1)
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/accounts/departments?x=1"}
        response = client.get("/accounts/departments/", headers=headers)
        assert response.status_code == 204
        query = parse_qs(urlsplit(response["HX-Redirect"]).query)
        assert query["next"] == ["/accounts/departments?x=1"]
        visitor = client.get("/accounts/departments/", headers=headers)
        assert visitor.status_code == 204 and "/accounts/login/" in visitor["HX-Redirect"]


def test_the_address_to_come_back_to_is_never_another_site(alice, client, settings):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, alice)
        clock.shift(settings.SESSION_IDLE_SECONDS + 1)
        response = client.post("/notifications/", HTTP_REFERER="https://example.org/trap")
        assert parse_qs(urlsplit(response["Location"]).query)["next"] == ["/"]


def test_an_initial_password_must_be_changed_before_anything_else(client, user_factory):
    user = user_factory(Role.CLERK, must_change_password=True)
    log_in(client, user)
    assert urlsplit(client.get("/")["Location"]).path == reverse("accounts:password")
    data = {"old_password": PASSWORD, "new_password": "Yun-Shui-7731", "repeated": "Yun-Shui-7731"}
    assert client.post(reverse("accounts:password"), {**data, "old_password": "no"}).status_code == 422
    assert client.post(reverse("accounts:password"), {**data, "repeated": "other"}).status_code == 422
    assert client.post(reverse("accounts:password"), data).status_code == 302
    assert client.get("/").status_code == 200, "the session goes on with the new password"


def test_after_logging_out_the_page_forgets_what_was_typed(client, alice):
    log_in(client, alice)
    response = client.post(reverse("accounts:logout"), follow=True)
    assert "data-forget" in response.content.decode()
    assert verbs()[-1] == "accounts.logout"
