"""The pages of the window, the dispatcher and the officer, in real Chromium."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accessibility import barriers
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.ui.testing import sign_in
from wulian.office.jurisdiction.services import seed_jurisdiction

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens" / "intake"


@pytest.fixture
def people(transactional_db):
    departments = seed_departments()
    seed_jurisdiction()
    made = {}
    for name, full_name, role, place in (
        ("clerk", "周敏", Role.CLERK, "office"),
        ("dispatcher", "何静", Role.DISPATCHER, "office"),
        ("officer", "陈丽", Role.CASE_OFFICER, "housing"),
        ("discipline", "纪明", Role.DISCIPLINE, "discipline"),
    ):
        user = User.objects.create(
            username=name, full_name=full_name, department=departments[place], phone="0722-3590001"
        )
        RoleGrant.objects.create(user=user, role=role)
        made[name] = user
    return made


def become(page: Page, user: User, address: str) -> None:
    """Go on as somebody else."""
    cookie = sign_in(Client(), user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def seen(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
    assert not (found := barriers(page)), f"{name}:\n" + "\n".join(found)


def test_a_complaint_is_entered_dispatched_and_accepted_by_hand(page: Page, live_server, people):
    address = live_server.url
    become(page, people["clerk"], address)
    page.goto("/window/")
    page.get_by_label("投诉", exact=True).check()
    page.locator("#id_matters-0-topic").select_option("collusion")
    page.locator("#id_matters-0-project").fill("府河南岸道路改造工程")
    page.locator("#id_matters-0-respondent_name").fill(make.RESPONDENT)
    page.locator("#id_matters-0-facts").fill(
        "开标时三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。"
    )
    page.locator("#id_matters-0-request").fill("请依法查处串通投标行为。")
    page.locator("#id_matters-0-evidence").fill("开标记录复印件一份。")
    page.locator("#id_matters-0-knew_on").fill(str(timezone.localdate() - timedelta(days=3)))
    page.locator("#id_name").fill(make.NAME)
    page.locator("#id_phone").fill(make.PHONE)
    page.locator("#id_address").fill(make.ADDRESS)
    page.get_by_role("button", name="保存并打印回执").click()
    expect(page.get_by_text("收件回执").first).to_be_visible()
    matter = Complaint.objects.get()

    page.goto("/")
    seen(page, "03-worklist")
    page.goto(f"/intake/{matter.pk}/register/")
    page.locator("#id_sector").select_option("housing")
    page.locator("#id_region_code").select_option("421300")
    seen(page, "04-register")
    page.get_by_role("button", name="登记", exact=True).click()

    become(page, people["dispatcher"], address)
    page.goto(f"/intake/{matter.pk}/dispatch/")
    seen(page, "05-dispatch")
    page.get_by_role("button", name="分办", exact=True).click()

    become(page, people["officer"], address)
    page.goto("/intake/")
    seen(page, "06-list")
    page.get_by_role("link", name=matter.number).click()
    seen(page, "07-matter")
    page.goto(f"/intake/{matter.pk}/refuse/")
    seen(page, "08-refuse")
    page.goto(f"/intake/{matter.pk}/accept/")
    # What the machine leaves to a person's eye is not ticked beforehand.
    for ground in ("no_interest", "not_specific"):
        page.locator(f"input[name=point_{ground}][value=fine]").check()
    page.get_by_role("button", name="受理并出具受理通知书").click()
    expect(page.get_by_text(re.compile("随住更投受〔"))).to_be_visible()
    page.get_by_role("link", name="申请查看身份").click()
    page.locator("#id_reason").fill("送达受理通知书需核实地址。")
    page.get_by_role("button", name="申请", exact=True).click()

    become(page, people["discipline"], address)
    page.goto("/")
    page.get_by_role("link", name=re.compile("审批身份查看申请")).first.click()
    page.get_by_role("link", name="作出决定").click()
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="作出决定").click()

    become(page, people["officer"], address)
    page.goto(f"/intake/{matter.pk}/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_text(make.NAME)).to_be_visible()
    seen(page, "09-identity")
    page.goto(f"/intake/{matter.pk}/")
    expect(page.get_by_text(make.NAME)).to_have_count(0)
    seen(page, "10-matter-accepted")
