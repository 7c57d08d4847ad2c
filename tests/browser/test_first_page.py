"""What a stranger meets first: the way in, in Chinese, on a desk and on a telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


def test_a_stranger_is_led_to_the_login_page_in_chinese(page: Page):
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/login"))
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh", re.IGNORECASE))
    expect(page.locator("input[type=password]")).to_be_visible()
    assert re.search(r"[\u4e00-\u9fff]", page.title()), page.title()


def test_a_wrong_password_is_refused_and_says_so(page: Page):
    page.goto("/")
    page.locator("input[name$=username]").fill("nobody")
    page.locator("input[type=password]").fill("not the password")
    page.locator("input[type=password]").press("Enter")
    expect(page.locator(".alert-danger, .invalid-feedback, [role=alert]").first).to_be_visible()
    expect(page.locator("input[name$=username]")).to_have_value("nobody")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_login_page_never_scrolls_sideways(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
