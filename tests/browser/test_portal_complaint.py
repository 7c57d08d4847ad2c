"""A citizen on a telephone, in real Chromium: questions, proof of work, receipt, way back; every page at three widths."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from accessibility import barriers
from visitor import hand_over, to_the_files
from wulian.casework.dialogue import services as dialogue
from wulian.casework.dialogue.models import Message, Supplement, WithdrawalRequest
from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.audit.services import write_checkpoint
from wulian.core.files.models import StoredFile
from wulian.office.jurisdiction.services import seed_jurisdiction

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens" / "portal"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def city(transactional_db):
    """A dossier that was published, the departments, and the jurisdiction list."""
    seed_departments()
    seed_jurisdiction()
    return make.project()


def seen(page: Page, name: str) -> None:
    """Keep pictures at four widths, of which 720 is a screen of 1440 at 200 %; nothing scrolls sideways, nobody is kept out."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for width, height in ((320, 640), (390, 844), (720, 450), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
    assert not (found := barriers(page)), f"{name}:\n" + "\n".join(found)
    page.set_viewport_size(PHONE)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="继续", exact=True).click()


def photo() -> bytes:
    """A photograph as a telephone takes it, with its place and the name of its owner."""
    picture = Image.new("RGB", (640, 480), "#8aa0b8")
    traces = Image.Exif()
    traces[0x010F], traces[0x013B] = "KanariKamera", "KanariSchreiber"
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=traces)
    return kept.getvalue()


def add_files(page: Page, look) -> None:
    """A photograph is taken in, a program is refused beside it and costs nothing; the text file is removed again."""
    page.get_by_role("heading", name="添加照片和文件").wait_for()
    expect(page.get_by_role("button", name="添加选中的文件")).to_have_count(0)
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()},
            {"name": "工具.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x90"},
            {"name": "多余.txt", "mimeType": "text/plain", "buffer": "多余的".encode()},
        ]
    )
    expect(page.locator(".p-files li")).to_have_count(3)
    expect(page.locator(".p-files .p-error")).to_contain_text("工具.exe")
    page.get_by_role("button", name="移除 多余.txt").click()
    expect(page.locator(".p-files li")).to_have_count(2)
    look(page, "07b-files")


def answer_all(page: Page, dossier, look=seen) -> None:
    page.goto("/portal/")
    look(page, "01-start")
    page.get_by_role("link", name="我要投诉或者举报").click()
    look(page, "02-topic")
    page.get_by_label("评标结果").check()
    go_on(page)
    page.get_by_label("已经提出").check()
    page.get_by_label("哪一天提出的异议？").fill("2026-01-05")
    page.get_by_label(re.compile("哪一天得到答复")).fill("2026-01-07")
    look(page, "03-objection")
    go_on(page)
    page.get_by_label(re.compile("^投诉：")).check()
    look(page, "04-channel")
    go_on(page)
    page.get_by_label("是哪个项目？").fill("府河 道路")
    page.get_by_role("button", name="搜索").click()
    look(page, "05-project")
    page.get_by_role("button", name=re.compile(dossier.name)).click()
    page.get_by_label("反映的是谁？").fill(make.RESPONDENT)
    go_on(page)
    page.get_by_label("发生了什么？").fill("评标委员会未按招标文件规定的标准评分，业绩分与公示业绩明显不符。")
    look(page, "06-facts")
    go_on(page)
    page.get_by_label(re.compile("您哪一天知道")).fill("2026-01-04")
    look(page, "07-when")
    go_on(page)
    page.get_by_label("您的请求是什么？").fill("请求责令改正，重新评标。")
    go_on(page)
    go_on(page)
    add_files(page, look)
    go_on(page)
    page.get_by_label("投标人或者潜在投标人").check()
    go_on(page)
    page.get_by_label("个人").check()
    page.get_by_label("您的姓名或者单位全称").fill(make.NAME)
    page.get_by_label("联系电话").fill(make.PHONE)
    page.get_by_label("可送达文书的地址").fill(make.ADDRESS)
    look(page, "08-who")
    go_on(page)
    page.get_by_role("heading", name="请核对您的回答").wait_for()


def test_a_citizen_complains_on_a_telephone_and_comes_back_with_the_code(page: Page, city):
    page.set_viewport_size(PHONE)
    answer_all(page, city)
    assert page.evaluate("document.activeElement.tagName + scrollY") == "BODY0", (
        "one begins to read at the top"
    )
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


def filed(page: Page, city) -> tuple[Complaint, str]:
    """A complaint sent with a photograph, from the first page to the receipt; returns it with its code."""
    page.set_viewport_size(PHONE)
    answer_all(page, city, look=lambda *_given: None)
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交投诉").click()
    page.get_by_role("heading", name="我们已经收到").wait_for()
    return Complaint.objects.get(), page.locator("#code").inner_text()


def person(department: str, role: Role) -> User:
    """Somebody of a department who holds one role."""
    found = User.objects.create(
        username=f"{department}-{role}",
        full_name="周文博",
        department=Department.objects.get(code=department),
    )
    RoleGrant.objects.create(user=found, role=role)
    return found


def test_a_citizen_comes_back_to_write_to_add_and_to_withdraw(page: Page, city, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "state"
    matter, code = filed(page, city)
    (file,) = StoredFile.objects.for_object(matter)
    assert file.title == "材料1.jpg" and file.sm3 in page.content()
    clerk, dispatcher = person("office", Role.CLERK), person("office", Role.DISPATCHER)
    officer = person("housing", Role.CASE_OFFICER)
    matter = make.dispatched(matter, clerk, dispatcher)
    dialogue.ask_supplement(
        actor=officer,
        matter=matter,
        what="请提供异议书全文。",
        due_on=timezone.localdate() + timedelta(days=7),
    )
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存回执").click()
    saved = tmp_path / "receipt.html"
    saving.value.save_as(saved)

    page.context.clear_cookies()
    page.goto(f"/portal/status/#{matter.receipt.year}-{matter.receipt.sequence}.{code}")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="还需要您补充材料")).to_be_visible()
    page.get_by_label("补充的内容").fill("异议书见照片。")
    page.locator("[id^=supplement] input[type=file]").set_input_files(
        [
            {"name": "异议书.jpg", "mimeType": "image/jpeg", "buffer": photo()},
            {"name": "工具.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"},
        ]
    )
    hand_over(page.get_by_label("补充的内容"), "paste", "粘贴的.txt")
    page.get_by_role("button", name="提交补充材料").click()
    expect(page.locator("[id^=supplement] .p-error")).to_contain_text("工具.exe")
    seen(page, "13-supplement")
    page.get_by_role("button", name="移除 粘贴的.txt").click()
    expect(page.locator("[id^=supplement] .p-files li")).to_have_count(1)
    expect(page.get_by_label("补充的内容")).to_have_value("异议书见照片。")
    page.get_by_role("button", name="提交补充材料").click()
    expect(page.get_by_text("已经收到，显示在下方")).to_be_visible()
    assert Supplement.objects.get().files.count() == 1, "the file that was taken was not chosen again"

    page.get_by_label("您的留言").fill("请问什么时候出结果？")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".p-talk")).to_contain_text("请问什么时候出结果？")
    dialogue.send_message(actor=officer, matter=matter, text="三个工作日内告知是否受理。")
    page.reload()
    expect(page.locator(".p-talk")).to_contain_text("三个工作日内告知是否受理。")
    assert not Message.objects.filter(from_reporter=False, read_at=None).exists()

    page.get_by_text("撤回投诉", exact=True).click()
    page.get_by_label("为什么撤回？").fill("招标人已经更正评标结果。")
    page.get_by_label(re.compile("不得以同一事实")).check()
    seen(page, "14-withdrawal")
    page.get_by_role("button", name="提交撤回申请").click()
    expect(page.get_by_role("heading", name="您的撤回申请")).to_be_visible()
    assert WithdrawalRequest.objects.get().reason == "招标人已经更正评标结果。"
    seen(page, "15-progress")
    verify_everywhere(page, saved, tmp_path)


def verify_everywhere(page: Page, saved: Path, folder: Path) -> None:
    """The proof on the public page, and the saved receipt and the proof in the verifier without network."""
    write_checkpoint()
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存证明").click()
    saving.value.save_as(folder / "proof.json")
    page.goto("/portal/verify/")
    page.get_by_label("保存的回执或者证明").set_input_files(folder / "proof.json")
    page.get_by_role("button", name="核验文件").click()
    expect(page.get_by_text("留痕日志已载入")).to_be_visible()
    seen(page, "16-verified")
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存核验工具").click()
    saving.value.save_as(folder / "verifier.html")
    context = page.context.browser.new_context(offline=True, viewport=PHONE, locale="zh-CN")
    offline = context.new_page()
    offline.goto((folder / "verifier.html").as_uri())
    for file, words in ((folder / "proof.json", "已载入留痕日志"), (saved, "文件中没有留痕日志的证明")):
        offline.locator("#receipt").set_input_files(file)
        expect(offline.locator("#answer")).to_contain_text(words)
        expect(offline.locator("#answer")).to_contain_text("真实")
    expect(offline.locator("#answer")).to_contain_text("重新计算的SM3与回执一致")
    (folder / "现场.jpg").write_bytes(photo())
    (folder / "别的.txt").write_text("没有提交过")
    offline.locator("#file").set_input_files([folder / "现场.jpg", folder / "别的.txt"])
    expect(offline.locator("#digest")).to_contain_text("现场.jpg: 已载入回执，即 材料1.jpg")
    expect(offline.locator("#digest")).to_contain_text("别的.txt: 没有载入这份回执")
    assert not barriers(offline)
    offline.screenshot(path=SCREENS / "19-verifier-files.png", full_page=True)
    forged = folder / "forged.json"
    forged.write_text((folder / "proof.json").read_text().replace('"digest": "', '"digest": "0'))
    offline.locator("#receipt").set_input_files(forged)
    expect(offline.locator("#answer")).to_contain_text("未通过核验")
    offline.goto(saved.as_uri())
    offline.screenshot(path=SCREENS / "17-saved.png", full_page=True)
    offline.goto((folder / "verifier.html").as_uri())
    offline.screenshot(path=SCREENS / "18-verifier.png", full_page=True)
    context.close()


def test_the_other_public_pages_fit_every_width(page: Page, city):
    for name, address in (
        ("20-objection", "objection/"),
        ("21-published", "published/"),
        ("22-verify", "verify/"),
        ("25-resume", "report/resume/"),
    ):
        page.goto(f"/portal/{address}")
        seen(page, name)
    page.goto("/portal/report/topic/")
    page.get_by_role("button", name="继续", exact=True).click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("fieldset").first).to_be_focused()
    seen(page, "23-error")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("What is it about?").first).to_be_visible()
    seen(page, "24-english")


def test_large_type_and_two_hundred_percent_fit_the_smallest_telephone(page: Page, city):
    page.goto("/portal/")
    page.get_by_role("button", name="大字版").click()
    page.goto("/portal/report/topic/")
    page.get_by_label(re.compile("弄虚作假")).first.wait_for()
    seen(page, "26-large")
    page.goto("/portal/status/")
    seen(page, "27-large-status")


def test_files_are_dropped_and_pasted(page: Page, city):
    page.set_viewport_size(PHONE)
    to_the_files(page)
    before = page.locator(".p-files li").count()
    hand_over(page.locator("[data-drop]"), "drop", "拖入的.txt")
    hand_over(page.locator("main"), "paste", "粘贴的.txt", content="第二页")
    expect(page.locator(".p-files li")).to_have_count(before + 2)
    expect(page.get_by_role("button", name="移除 粘贴的.txt")).to_be_visible()


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
