"""A citizen on a telephone, in real Chromium: questions, proof of work, receipt, way back; every page at three widths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.services import seed_departments
from wulian.office.jurisdiction.services import seed_jurisdiction

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens" / "portal"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def city(transactional_db):
    """A dossier that was published, the departments, and the jurisdiction list."""
    cache.clear()
    seed_departments()
    seed_jurisdiction()
    return make.project()


def seen(page: Page, name: str) -> None:
    """Keep pictures at three widths; nothing may scroll sideways."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for width, height in ((320, 640), (390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
    page.set_viewport_size(PHONE)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="继续", exact=True).click()


def answer_all(page: Page, dossier) -> None:
    page.goto("/portal/")
    seen(page, "01-start")
    page.get_by_role("link", name="我要投诉或者举报").click()
    seen(page, "02-topic")
    page.get_by_label("评标结果").check()
    go_on(page)
    page.get_by_label("已经提出").check()
    page.get_by_label("哪一天提出的异议？").fill("2026-01-05")
    page.get_by_label(re.compile("哪一天得到答复")).fill("2026-01-07")
    seen(page, "03-objection")
    go_on(page)
    page.get_by_label(re.compile("^投诉：")).check()
    seen(page, "04-channel")
    go_on(page)
    page.get_by_label("是哪个项目？").fill("府河 道路")
    page.get_by_role("button", name="搜索").click()
    seen(page, "05-project")
    page.get_by_role("button", name=re.compile(dossier.name)).click()
    page.get_by_label("反映的是谁？").fill(make.RESPONDENT)
    go_on(page)
    page.get_by_label("发生了什么？").fill("评标委员会未按招标文件规定的标准评分，业绩分与公示业绩明显不符。")
    seen(page, "06-facts")
    go_on(page)
    page.get_by_label(re.compile("您哪一天知道")).fill("2026-01-04")
    seen(page, "07-when")
    go_on(page)
    page.get_by_label("您的请求是什么？").fill("请求责令改正，重新评标。")
    go_on(page)
    go_on(page)
    page.get_by_label("投标人或者潜在投标人").check()
    go_on(page)
    page.get_by_label("个人").check()
    page.get_by_label("您的姓名或者单位全称").fill(make.NAME)
    page.get_by_label("联系电话").fill(make.PHONE)
    page.get_by_label("可送达文书的地址").fill(make.ADDRESS)
    seen(page, "08-who")
    go_on(page)
    page.get_by_role("heading", name="请核对您的回答").wait_for()


def test_a_citizen_complains_on_a_telephone_and_comes_back_with_the_code(page: Page, city):
    page.set_viewport_size(PHONE)
    answer_all(page, city)
    seen(page, "09-check")
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交投诉").click()
    expect(page.get_by_role("heading", name="我们已经收到")).to_be_visible()
    receipt = Receipt.objects.get()
    matter = Complaint.objects.get()
    assert matter.project == city and matter.objection_on.isoformat() == "2026-01-05"
    code = page.locator("#code").inner_text()
    expect(page.get_by_text(receipt.number).first).to_be_visible()
    seen(page, "10-receipt")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.includes('typed')).length") == 0

    page.context.clear_cookies()
    page.goto(f"/portal/status/#{receipt.year}-{receipt.sequence}.{code}")
    expect(page.get_by_label("查询码")).to_have_value(code)
    assert "#" not in page.url, "the code does not stay in the address"
    seen(page, "11-status")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("已收到", exact=True)).to_be_visible()
    page.get_by_text("这个日期是怎么算出来的？").first.click()
    seen(page, "12-progress")


def test_the_other_public_pages_fit_every_width(page: Page, city):
    for name, address in (
        ("20-objection", "objection/"),
        ("21-published", "published/"),
        ("22-verify", "verify/"),
    ):
        page.goto(f"/portal/{address}")
        seen(page, name)
    page.goto("/portal/report/topic/")
    page.get_by_role("button", name="继续", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen(page, "23-error")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("What is it about?").first).to_be_visible()
    seen(page, "24-english")


def test_unsent_words_are_back_after_the_page_was_left(page: Page, city):
    page.goto("/portal/report/facts/")
    page.get_by_label("发生了什么？").fill("写到一半，被电话打断。")
    page.keyboard.press("Tab")
    page.goto("/portal/")
    page.goto("/portal/report/facts/")
    expect(page.get_by_label("发生了什么？")).to_have_value("写到一半，被电话打断。")


def test_the_questions_can_be_answered_with_the_keyboard_alone(page: Page, city):
    page.goto("/portal/report/topic/")
    page.get_by_label("招标文件（资格条件、评分、要求）").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/objection/")
    assert page.get_by_label("哪一天提出的异议？").is_hidden(), (
        "days are asked only when there was an objection"
    )
