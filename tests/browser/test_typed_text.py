"""Nothing typed is lost: an idle session, a refused form, a closed page; and nothing is kept that should not be."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, User
from wulian.core.accounts.services import create_user, enrol_totp, grant_role, seed_departments
from wulian.core.ui.testing import TEST_KEY

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "Yun-Shui-7731"


@pytest.fixture
def system_admin(transactional_db):
    user = create_user(
        actor=None,
        username="xitong",
        full_name="陈思远",
        password=PASSWORD,
        is_demo=True,
        must_change_password=False,
    )
    grant_role(actor=None, user=user, role=Role.SYSTEM_ADMIN)
    enrol_totp(user, TEST_KEY)
    seed_departments()
    return user


def log_in(page, device, moment):
    """Password, then the code of the moment; each call takes a code of its own, for a code is good once."""
    from django_otp.oath import TOTP

    page.locator("#id_username").fill("xitong")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/accounts/verify**")
    device.last_t = -1
    device.save()
    totp = TOTP(device.bin_key)
    totp.time = moment
    page.locator("#id_token").fill(f"{totp.token():06d}")
    page.get_by_role("button", name="继续").click()
    page.wait_for_url(lambda url: "/accounts/verify" not in url and "/accounts/login" not in url)


@pytest.fixture
def signed_in(page, system_admin):
    import time

    from django_otp.plugins.otp_totp.models import TOTPDevice

    def again():
        log_in(page, TOTPDevice.objects.get(user=system_admin), time.time())

    page.goto(reverse("accounts:user_add"))
    again()
    return again


def expire_sessions() -> None:
    for session in Session.objects.all():
        data = session.get_decoded()
        data["last_seen"] = 0
        session.session_data = Session.get_session_store_class()().encode(data)
        session.save()


def fill(page) -> None:
    page.locator("#id_username").fill("zhou.ming")
    page.locator("#id_full_name").fill("周明")
    page.locator("#id_department").select_option(label="随州市水利和湖泊局")
    page.locator("#id_post").fill("四级主任科员")
    page.locator("#id_password").fill(PASSWORD)


def values(page) -> list[str]:
    return [
        page.locator(f"#id_{name}").input_value() for name in ("username", "full_name", "post", "password")
    ]


def test_what_was_typed_is_back_after_the_session_expired_and_goes_when_it_is_saved(page, signed_in):
    fill(page)
    expire_sessions()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/accounts/login**")
    assert page.get_by_text("已填写的内容仍会保留").is_visible()
    signed_in()
    assert page.url.endswith(reverse("accounts:user_add"))
    assert values(page) == ["zhou.ming", "周明", "四级主任科员", ""], "everything but the password is back"
    assert page.locator("#id_department option:checked").inner_text() == "随州市水利和湖泊局"
    assert page.get_by_text("已恢复您尚未提交的内容").is_visible()
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="周明").wait_for()
    page.goto(reverse("accounts:user_add"))
    assert values(page) == ["", "", "", ""], "what was saved is forgotten"


def test_what_was_typed_is_back_after_a_refusal_and_after_leaving_the_page(page, signed_in):
    fill(page)
    page.locator("#id_password").fill("123")
    page.get_by_role("button", name="保存").click()
    page.locator(".invalid-feedback").first.wait_for()
    assert values(page)[:3] == ["zhou.ming", "周明", "四级主任科员"]
    page.goto(reverse("accounts:departments"))
    page.goto(reverse("accounts:user_add"))
    assert values(page)[:3] == ["zhou.ming", "周明", "四级主任科员"]


def test_logging_out_leaves_nothing_behind(page, signed_in):
    fill(page)
    page.get_by_role("button", name="账号菜单").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_text("您已退出登录").wait_for()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.includes('typed'))") == []
    assert page.evaluate("JSON.stringify(sessionStorage)").find("zhou.ming") == -1


def test_a_filter_changes_the_list_and_the_address_without_loading_the_page(page, signed_in):
    page.goto(reverse("accounts:users"))
    page.evaluate("window.stayed = true")
    page.locator("#id_role").select_option("system_admin")
    page.wait_for_url("**role=system_admin**")
    assert page.url.split("?")[1] == "role=system_admin", "empty conditions stay out of the address"
    page.get_by_title("去除此条件").wait_for()
    assert page.evaluate("window.stayed") is True


def test_the_menu_slides_in_on_a_telephone_and_no_page_scrolls_sideways(page, signed_in):
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (
        "/",
        reverse("accounts:users"),
        reverse("accounts:user_add"),
        reverse("accounts:departments"),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    entry = page.locator("#wl-menu").get_by_role("link", name="用户与角色")
    assert not entry.is_visible()
    page.get_by_role("button", name="打开菜单").click()
    entry.click()
    page.wait_for_url("**" + reverse("accounts:users"))


def test_the_keyboard_reaches_search_but_not_while_an_input_method_composes(page, system_admin):
    create_user(
        actor=None, username="wang", full_name="王建国", password=PASSWORD, is_demo=True, must_change_password=False,
        department=Department.objects.get(code="housing"),
    )  # fmt: skip
    grant_role(actor=None, user=User.objects.get(username="wang"), role=Role.CASE_OFFICER)
    page.goto("/")
    page.locator("#id_username").fill("wang")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="我的待办").wait_for()
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, isComposing: true, bubbles: true}))"
    )
    assert page.evaluate("document.activeElement.id") != "wl-q"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "wl-q"
