"""The window in real Chromium: by keyboard alone, with the line cut, with the answer lost, with the session over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Error, Page, expect

import clerk as queue
from accessibility import barriers
from visitor import hand_over
from wulian.casework.intake.models import Complaint, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.selectors import receipt_for
from wulian.casework.intake.tests import factories as intake
from wulian.casework.window.models import WindowEntry
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.files.models import StoredFile
from wulian.core.ui.testing import sign_in
from wulian.office.jurisdiction.services import seed_jurisdiction

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens" / "window"
FACTS = "开标时三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。"
STORED = """async () => {
  const database = await new Promise((done) => { const asked = indexedDB.open("wulian-window"); asked.onsuccess = () => done(asked.result); });
  const rows = await new Promise((done) => { const asked = database.transaction("entries").objectStore("entries").getAll(); asked.onsuccess = () => done(asked.result); });
  database.close();
  return rows.map((row) => ({ ...row, sealed: new TextDecoder("utf-8", { fatal: false }).decode(row.sealed) }));
}"""


@pytest.fixture
def clerk(transactional_db):
    departments = seed_departments()
    seed_jurisdiction()
    user = User.objects.create(username="clerk", full_name="周敏", department=departments["office"])
    RoleGrant.objects.create(user=user, role=Role.CLERK)
    return user


@pytest.fixture
def sit_down(page: Page, live_server):
    """`sit_down(user)`: the browser of the desk has this clerk's session from now on."""

    def become(user: User) -> None:
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return become


@pytest.fixture
def desk(page: Page, sit_down, clerk) -> Page:
    sit_down(clerk)
    page.goto("/window/")
    expect(page.get_by_text("网络正常")).to_be_visible()
    return page


def seen(page: Page, name: str, full: bool = True) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=full)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
    assert not (found := barriers(page)), f"{name}:\n" + "\n".join(found)


def fill(page: Page, project: str = "府河南岸道路改造工程") -> None:
    page.get_by_label("投诉", exact=True).check()
    page.locator("#id_matters-0-topic").select_option("collusion")
    page.locator("#id_matters-0-project").fill(project)
    page.locator("#id_matters-0-respondent_name").fill(intake.RESPONDENT)
    page.locator("#id_matters-0-knew_on").fill("2026-01-05")
    page.locator("#id_matters-0-facts").fill(FACTS)
    page.locator("#id_matters-0-request").fill("请依法查处串通投标行为。")
    page.locator("#id_name").fill(intake.NAME)
    page.locator("#id_phone").fill(intake.PHONE)
    page.locator("#id_address").fill(intake.ADDRESS)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存并打印回执").click()


def kept(page: Page) -> list[dict]:
    return page.evaluate(STORED)


def test_a_usual_complaint_needs_no_mouse(desk: Page):
    """Enter moves on, digits become dates, Ctrl Enter stores; the receipt waits to be printed."""
    press, write = desk.keyboard.press, desk.keyboard.type
    found = intake.project()
    expect(desk.locator('input[name="received_via"]:checked')).to_be_focused()
    for key in ("Enter", "Space", "Enter"):  # the channel is right, a complaint
        press(key)
    asked = []
    for text in ("串通", "府河", intake.RESPONDENT, "投标人", "", "", "", "", "0105"):
        asked.append(desk.evaluate("document.activeElement.name"))
        if asked[-1].endswith("-other_respondents"):
            press("Tab")  # Enter begins the next party
            continue
        desk.locator(":focus").evaluate("field => field.select && field.select()")
        if asked[-1].endswith("-project"):
            write(text)
            offer = desk.locator("#window-projects option").first
            expect(offer).to_have_attribute("value", f"{found.project_code} {found.name}")
            desk.locator(":focus").fill(offer.get_attribute("value"))
        elif asked[-1].endswith(("-topic", "-relation")):
            desk.locator(":focus").select_option({"串通": "collusion", "投标人": "bidder"}[text])
        else:
            write(text)
        press("Enter")
    wanted = (
        "topic", "project", "respondent_name", "relation", "respondent_address", "respondent_contact",
        "other_respondents", "happened_on", "knew_on",
    )  # fmt: skip
    assert asked == [f"matters-0-{name}" for name in wanted]
    for text in (FACTS, "请依法查处串通投标行为。", "", ""):
        write(text)
        press("Tab")
    press("Tab")  # past the button for another matter
    for text in ("", "", intake.NAME, intake.PHONE, intake.ADDRESS):  # received now; a person
        write(text)
        press("Enter")
    press("Control+Enter")
    expect(desk.get_by_text("收件回执").first).to_be_visible()
    expect(desk.get_by_role("button", name="打印两联")).to_be_focused()
    matter = Complaint.objects.get()
    assert matter.project == found and matter.relation == "bidder"
    assert (matter.knew_on.month, matter.knew_on.day) == (1, 5)
    assert matter.receipt.received_at == matter.receipt.entered_at.replace(microsecond=0)


def test_a_queue_of_five_is_entered_without_a_mouse(desk: Page):
    """A letter, a call, a visit, a transfer, two matters at once; dictation aside, each takes a few dozen keys."""
    for person in queue.QUEUE:
        keys = queue.enter(desk, person)
        assert keys.steering <= 45, person.__name__
    ways = Receipt.objects.order_by("id").values_list("received_via", flat=True)
    assert list(ways) == ["letter", "phone", "window", "transferred", "window"]
    assert Complaint.objects.count() == 3 and TipOff.objects.count() == 3
    assert TipOff.objects.filter(receipt__is_anonymous=True).count() == 1
    transferred = WindowEntry.objects.get(receipt__received_via="transferred")
    assert (transferred.transferred_by, transferred.document_number) == ("随州市信访局", "随信转〔2026〕18号")
    assert Receipt.objects.get(received_via="letter").materials == "投诉书 1份 原件"


def test_what_is_open_follows_the_channel_the_kind_and_the_topic(desk: Page):
    kind = desk.locator("#id_matters-0-kind_0")
    expect(desk.locator("#id_matters-0-request")).to_be_hidden()
    kind.check()
    expect(desk.locator("#id_matters-0-request")).to_be_visible()
    expect(desk.locator("#id_matters-0-objection_on")).to_be_hidden()
    desk.locator("#id_matters-0-topic").select_option("evaluation")
    expect(desk.locator("#id_matters-0-objection_on")).to_be_visible()
    expect(desk.locator("#id_anonymous")).to_be_hidden()
    seen(desk, "01-complaint")
    desk.keyboard.press("Alt+3")
    expect(desk.get_by_text("来电按举报登记")).to_be_visible()
    expect(kind).to_be_disabled()
    expect(desk.locator("#id_matters-0-kind_1")).to_be_checked()
    expect(desk.locator("#id_matters-0-request")).to_be_hidden()
    seen(desk, "02-phone")
    desk.keyboard.press("Alt+4")
    expect(desk.locator("#id_document_number")).to_be_visible()
    expect(kind).to_be_enabled()
    desk.keyboard.press("Alt+m")
    expect(desk.locator("#id_matters-1-facts")).to_be_visible()
    seen(desk, "03-transferred-two-matters")
    desk.locator("[data-remove]:visible").click()
    expect(desk.locator("#id_matters-1-facts")).to_have_count(0)


def test_digits_become_the_last_such_day(desk: Page):
    days = {
        "20260924": "2026-09-24", "260924": "2026-09-24", "0924": "2026-09-24", "924": "2026-09-24", "9.24": "2026-09-24",
        "２０２６年９月２４日": "2026-09-24", "1201": "2025-12-01", "0929": "2026-09-29", "0231": "", "昨天": "",
    }  # fmt: skip
    moments = {
        "0924 1530": "2026-09-24 15:30",
        "9:05": "2026-09-29 09:05",
        "0924": "2026-09-24",
        "0924 2560": "",
    }
    for function, expected in (("toDay", days), ("toMoment", moments)):
        script = f"(typed) => typed.map((text) => wulianWindow.{function}(text, new Date(2026, 8, 29, 12)))"
        assert dict(zip(expected, desk.evaluate(script, list(expected)), strict=True)) == expected


def test_an_entry_with_scans_is_stored_and_its_receipt_printed_in_two_copies(desk: Page):
    fill(desk)
    desk.locator("[data-material]").first.fill("投诉书")
    desk.locator("#id_files").set_input_files(
        [{"name": f"扫描{n}.txt", "mimeType": "text/plain", "buffer": f"第{n}页".encode()} for n in (1, 2)]
    )
    kept_text = desk.evaluate("JSON.stringify(sessionStorage)")
    assert intake.NAME not in kept_text and intake.PHONE not in kept_text, (
        "who it is does not stay at the desk"
    )
    seen(desk, "04-filled")
    save(desk)
    expect(desk.get_by_text("收件回执").first).to_be_visible()
    seen(desk, "05-slip")
    matter = Complaint.objects.get()
    assert StoredFile.objects.for_object(matter).count() == 2
    assert matter.receipt.materials == "投诉书 1份 原件"
    assert kept(desk) == []
    code = desk.locator(".slip-code").inner_text()
    assert receipt_for(number=matter.receipt.number, code=code) == matter.receipt
    desk.goto("/window/")
    expect(desk.get_by_text("本次登录开出的回执")).to_be_visible()
    assert desk.locator("#id_matters-0-facts").input_value() == ""


def test_scans_are_dropped_and_pasted(desk: Page):
    hand_over(desk.locator("#window-drop"), "drop", "拖入的.txt")
    hand_over(desk.locator("#id_matters-0-facts"), "paste", "粘贴的.txt")
    expect(desk.locator("#window-files li")).to_have_count(2)
    desk.locator("#window-files button").first.click()
    expect(desk.locator("#window-files li")).to_contain_text("粘贴的.txt")
    assert desk.evaluate("[...document.querySelector('#id_files').files].map((file) => file.name)") == [
        "粘贴的.txt"
    ]


def test_without_a_line_entries_wait_sealed_and_are_stored_once_when_it_is_back(desk: Page):
    desk.context.set_offline(True)
    for project in ("府河南岸道路改造工程", "均川镇水库除险加固工程"):
        fill(desk, project)
        save(desk)
        expect(desk.get_by_text("临时收件凭条")).to_be_visible()
        expect(desk.locator("[data-slip=matters]")).to_contain_text(project)
        if project.startswith("府河"):
            seen(desk, "06-provisional", full=False)
            desk.get_by_role("button", name="登记下一件").click()
            assert desk.locator("#id_name").input_value() == ""
    expect(desk.get_by_text("待发送 2 件")).to_be_visible()
    rows = kept(desk)
    numbers = sorted(row["id"] for row in rows)
    everything = json.dumps(rows, ensure_ascii=False) + desk.evaluate(
        "JSON.stringify({...sessionStorage, ...localStorage})"
    )
    for secret in (intake.NAME, intake.PHONE, intake.ADDRESS, FACTS):
        assert secret not in everything
    assert not Receipt.objects.exists()

    desk.context.set_offline(False)
    expect(desk.get_by_role("link", name="打印回执")).to_have_count(2)
    seen(desk, "07-sent-later", full=False)
    assert kept(desk) == []
    assert Receipt.objects.count() == Complaint.objects.count() == ReporterIdentity.objects.count() == 2
    assert sorted(WindowEntry.objects.values_list("provisional_number", flat=True)) == numbers
    for entry in WindowEntry.objects.select_related("receipt"):
        assert entry.receipt.entered_at < entry.stored_at
        assert entry.receipt.received_at == entry.receipt.entered_at.replace(microsecond=0)
    desk.get_by_role("link", name="打印回执").first.click()
    expect(desk.get_by_text("临时编号").first).to_be_visible()


PUT_ASIDE = "caches.open('wulian-window').then((store) => store.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname))"


def aside(page: Page) -> list[str]:
    """The addresses of what the browser keeps for the hours without a line."""
    return page.evaluate(PUT_ASIDE)


@pytest.mark.parametrize("service_workers", ["allow"])
def test_a_reload_without_a_line_brings_the_page_and_what_waits_back(desk: Page):
    """Also what is entered after the reload, when the browser no longer has the key that opens anything."""
    queue.until(desk, queue.READY)
    desk.context.set_offline(True)
    fill(desk)
    save(desk)
    expect(desk.get_by_text("临时收件凭条")).to_be_visible()
    desk.once("dialog", lambda dialog: dialog.accept())  # the browser asks whether to leave
    desk.reload()
    expect(desk.get_by_text("待发送 1 件")).to_be_visible()
    expect(desk.get_by_text("网络已断开")).to_be_visible()
    assert desk.evaluate("getComputedStyle(document.querySelector('.w-columns')).display") == "grid", (
        "with its looks"
    )
    fill(desk, "均川镇水库除险加固工程")
    save(desk)
    expect(desk.get_by_text("待发送 2 件")).to_be_visible()
    expect(desk.locator("[data-slip=matters]")).to_contain_text("均川镇")
    assert intake.NAME not in json.dumps(kept(desk), ensure_ascii=False)
    seen(desk, "09-offline-reload", full=False)
    assert not Receipt.objects.exists()

    desk.context.set_offline(False)
    expect(desk.get_by_role("link", name="打印回执")).to_have_count(2)
    assert kept(desk) == []
    assert Receipt.objects.count() == Complaint.objects.count() == 2
    names = set(Complaint.objects.values_list("project_text", flat=True))
    assert names == {"府河南岸道路改造工程", "均川镇水库除险加固工程"}


@pytest.mark.parametrize("service_workers", ["allow"])
def test_only_the_empty_page_is_put_aside_and_it_goes_at_logout(desk: Page):
    fill(desk)
    save(desk)
    expect(desk.get_by_text("收件回执").first).to_be_visible()
    number = Receipt.objects.get().number
    desk.goto("/intake/")
    desk.goto("/window/")
    expect(desk.get_by_text(number).first).to_be_visible()
    queue.until(desk, queue.READY)
    paths = aside(desk)
    assert [path for path in paths if not path.startswith("/static/")] == ["/window/shell/"]
    shell = desk.evaluate("caches.match('/window/shell/').then((page) => page.text())")
    assert number not in shell and 'id="window-form"' in shell
    desk.get_by_role("button", name="账号菜单").click()
    desk.get_by_role("button", name="退出登录").click()
    expect(desk.get_by_role("heading", name="登录")).to_be_visible()
    queue.until(desk, "caches.keys().then((names) => names.length === 0)")
    desk.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        desk.goto("/window/")


def test_stored_but_the_answer_lost_makes_one_matter(desk: Page):
    """The server has committed and is gone before it could answer; the entry waits, is sent again and known again."""
    lost = []

    def lose(route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort("connectionreset")
        else:
            route.fallback()

    desk.context.route("**/window/", lose)
    fill(desk)
    save(desk)
    expect(desk.get_by_text("临时收件凭条")).to_be_visible()
    assert lost[0].status == 201 and Receipt.objects.count() == 1
    desk.get_by_role("button", name="立即发送").click()
    expect(desk.get_by_role("link", name="打印回执")).to_be_visible()
    assert Receipt.objects.count() == Complaint.objects.count() == 1
    assert WindowEntry.objects.get().provisional_number, "the slip that was handed out leads to the receipt"
    desk.get_by_role("link", name="打印回执").click()
    assert receipt_for(number=Receipt.objects.get().number, code=desk.locator(".slip-code").inner_text())


def test_when_the_session_is_over_the_entry_waits_for_the_login_and_is_then_sent(desk: Page, sit_down, clerk):
    fill(desk)
    Session.objects.all().delete()
    save(desk)
    expect(desk.get_by_role("link", name="登录已失效")).to_be_visible()
    assert len(kept(desk)) == 1 and not Receipt.objects.exists()
    desk.get_by_role("link", name="登录已失效").click()
    expect(desk.get_by_role("heading", name="登录")).to_be_visible()
    sit_down(clerk)
    desk.goto("/window/")
    expect(desk.get_by_role("link", name="打印回执")).to_be_visible()
    assert Complaint.objects.count() == 1 and kept(desk) == []


def test_another_clerk_at_the_same_desk_neither_sends_nor_reads_what_waits(desk: Page, sit_down, clerk):
    desk.context.set_offline(True)
    fill(desk)
    save(desk)
    expect(desk.get_by_text("临时收件凭条")).to_be_visible()
    other = User.objects.create(username="other", full_name="何静", department=clerk.department)
    RoleGrant.objects.create(user=other, role=Role.CLERK)
    Session.objects.all().delete()
    sit_down(other)
    desk.context.set_offline(False)
    expect(desk.get_by_role("link", name="登录已失效")).to_be_visible()
    desk.goto("/window/")
    expect(desk.get_by_text("本机另有其他窗口人员的登记 1 件")).to_be_visible()
    assert not Receipt.objects.exists()
    sit_down(clerk)
    desk.goto("/window/")
    expect(desk.get_by_role("link", name="打印回执")).to_be_visible()
    assert Receipt.objects.get().entered_by == clerk


def test_what_the_server_refuses_later_is_corrected_at_the_desk_and_keeps_its_moment(desk: Page):
    desk.context.set_offline(True)
    fill(desk)
    desk.locator("#id_matters-0-knew_on").fill("2099-01-05")
    save(desk)
    expect(desk.get_by_text("临时收件凭条")).to_be_visible()
    number = kept(desk)[0]["id"]
    desk.context.set_offline(False)
    expect(desk.get_by_text("未通过：需要更正")).to_be_visible()
    assert not Receipt.objects.exists()
    desk.get_by_role("button", name="更正").click()
    expect(desk.locator("#id_matters-0-facts")).to_have_value(FACTS)
    expect(desk.locator("#id_name")).to_have_value(intake.NAME)
    seen(desk, "08-correct", full=False)
    desk.locator("#id_matters-0-knew_on").fill("20260105")
    save(desk)
    expect(desk.get_by_text("收件回执").first).to_be_visible()
    assert WindowEntry.objects.get().provisional_number == number and kept(desk) == []


def test_a_call_is_entered_as_a_tip_off_in_a_few_fields(desk: Page):
    desk.keyboard.press("Alt+3")
    desk.locator("#id_matters-0-topic").select_option("collusion")
    desk.locator("#id_matters-0-project").fill("府河南岸道路改造工程")
    desk.locator("#id_matters-0-facts").fill(FACTS)
    desk.locator("#id_anonymous").check()
    expect(desk.locator("#id_name")).to_be_hidden()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("收件回执").first).to_be_visible()
    assert TipOff.objects.get().receipt.is_anonymous and not ReporterIdentity.objects.exists()
