"""A citizen on a telephone for the pictures of the manual: walks the public pages to where a picture is taken."""

from __future__ import annotations

import re
import zlib
from struct import pack

from playwright.sync_api import Locator, Page


def to_the_files(page: Page) -> None:
    """Answer the questions up to the files, and add a photograph and something that is refused."""
    page.goto("/portal/report/topic/")
    page.get_by_label(re.compile("串通投标")).check()
    _go_on(page)
    page.get_by_label(re.compile("^投诉：")).check()
    _go_on(page)
    page.get_by_label("是哪个项目？").fill("府河南岸道路改造工程")
    page.get_by_role("button", name="不查找，直接继续").click()
    page.get_by_label("反映的是谁？").fill("湖北某建设工程有限公司")
    _go_on(page)
    page.get_by_label("发生了什么？").fill("开标时三家投标文件错误之处完全相同，报价呈规律性差异。")
    _go_on(page)
    page.get_by_label(re.compile("您哪一天知道")).fill(page.evaluate("new Date().toLocaleDateString('sv')"))
    _go_on(page)
    page.get_by_label("您的请求是什么？").fill("请依法查处串通投标行为。")
    _go_on(page)
    _go_on(page)
    files = [("开标记录.png", "image/png", _picture()), ("录音.mp3", "audio/mpeg", b"ID3")]
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": data} for name, kind, data in files]
    )
    page.locator(".p-refused").wait_for()


def to_the_receipt(page: Page) -> None:
    """Send the complaint."""
    to_the_files(page)
    _go_on(page)
    page.get_by_label("投标人或者潜在投标人").check()
    _go_on(page)
    page.get_by_label("个人").check()
    page.get_by_label("您的姓名或者单位全称").fill("演示用户")
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_label("可送达文书的地址").fill("随州市曾都区")
    _go_on(page)
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交投诉").click()
    page.locator("#code").wait_for()


def to_the_status(page: Page) -> None:
    """Send the complaint, and come back with number and code."""
    to_the_receipt(page)
    code = page.locator("#code").inner_text()
    number = page.locator(".p-receipt-head p").inner_text()
    page.goto("/portal/status/")
    page.get_by_label("收件编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_label("您的留言").wait_for()


def hand_over(place: Locator, how: str, name: str, content: str = "第一页") -> None:
    """Drop a text file on a place, or paste it there: `how` is drop or paste."""
    place.evaluate(
        """(place, [how, name, content]) => {
          const carried = new DataTransfer();
          carried.items.add(new File([content], name, { type: "text/plain" }));
          const told = { bubbles: true, cancelable: true };
          place.dispatchEvent(how === "drop" ? new DragEvent("drop", { ...told, dataTransfer: carried })
            : new ClipboardEvent("paste", { ...told, clipboardData: carried }));
        }""",
        [how, name, content],
    )


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="继续", exact=True).click()


def _picture() -> bytes:
    """A small grey PNG."""
    rows = zlib.compress(b"".join(b"\x00" + b"\x88" * 64 for _row in range(48)))
    chunks = [(b"IHDR", pack(">IIBBBBB", 64, 48, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    written = [
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)
