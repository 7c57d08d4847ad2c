"""A clerk at the window with a queue of five people, who never touches the mouse: letter, call, visit, transfer, several matters.

clerk.py URL --login NAME:PASSWORD     enter all five on a running platform; prints keys pressed and seconds the machine took

What is dictated (Chinese text) counts by its characters; a person types it, whatever the page is like.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

import chromium

FACTS = "开标时三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。"
ADDRESS = "随州市曾都区解放路1号"
FOCUSED = "(document.activeElement.name || document.activeElement.dataset.material !== undefined && 'material' || document.activeElement.type || '')"


READY = """navigator.serviceWorker.controller && caches.open('wulian-window').then((store) => store.keys())
  .then((keys) => keys.length > 5 && keys.some((key) => key.url.endsWith('/window/shell/')))"""
"""The page has been put aside for the hours without a line, and the worker governs it."""


@dataclass
class Keys:
    """Counts keys that steer and characters that are dictated."""

    page: Page
    steering: int = 0
    dictated: int = 0

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)
        self.steering += times

    def write(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.dictated += len(text)

    def fill(self, values: dict[str, str]) -> None:
        """Go through the fields with Enter (Tab in long texts) and answer those that are named, until all have been.

        A number chooses so many further down in a list; `+` ticks.
        """
        left = dict(values)
        for _place in range(60):
            name = self.page.evaluate(FOCUSED)
            value = left.pop(
                next((key for key in left if name == key or (key[0] == "-" and name.endswith(key))), ""), ""
            )
            if value == "+":
                self.press("Space")
            elif value.isdecimal() and len(value) == 1:
                self.press("ArrowDown", int(value))
            elif value:
                self.write(value)
            if not left:
                return
            in_text = self.page.evaluate("document.activeElement.matches('textarea, button')")
            self.press("Tab" if in_text else "Enter")
        raise AssertionError(f"the keyboard never came to {', '.join(left)}")


def matter(kind: int, project: str, *, topic: int = 5, **more: str) -> dict[str, str]:
    """The fields of a matter; `kind` is the place of complaint (0) or tip-off (1)."""
    return {
        "-kind": str(kind) if kind else "+",
        "-topic": str(topic),
        "-project": project,
        "-facts": FACTS,
        **more,
    }


COMPLAINT = {
    "-respondent_name": "湖北楚源建设工程有限公司",
    "-knew_on": "",
    "-request": "请依法查处串通投标行为。",
}
PERSON = {"name": "王建国", "phone": "13972990001", "address": ADDRESS}


def letter(keys: Keys) -> None:
    """A signed complaint by post, which came in yesterday."""
    keys.press("Alt+2")
    keys.fill(
        matter(0, "府河南岸道路改造工程", **COMPLAINT | {"-knew_on": day(keys, -3)})
        | {"received_at": day(keys, -1)}
        | PERSON
        | {"material": "投诉书"}
    )


def call(keys: Keys) -> None:
    """A telephone call without a name."""
    keys.press("Alt+3")
    keys.fill({"-topic": "6", "-project": "均川镇水库除险加固工程", "-facts": FACTS, "anonymous": "+"})


def visit(keys: Keys) -> None:
    """A bidder who stands at the counter with two papers."""
    keys.press("Alt+1")
    keys.fill(
        matter(0, "府河南岸道路改造工程", **COMPLAINT | {"-knew_on": day(keys, -2)})
        | PERSON
        | {"material": "投诉书"}
    )


def transfer(keys: Keys) -> None:
    """A tip-off that another body hands on with a letter."""
    keys.press("Alt+4")
    keys.fill(
        matter(1, "淅河镇卫生院迁建工程") | {"transferred_by": "随州市信访局", "document_number": "随信转〔2026〕18号",
        "first_received_on": day(keys, -4)} | {"name": "李秀兰", "phone": "13972990002"} | {"material": "移送函"}
    )  # fmt: skip


def several(keys: Keys) -> None:
    """One visit, two matters: a complaint, and a tip-off about another project."""
    keys.press("Alt+1")
    keys.fill(matter(0, "府河南岸道路改造工程", **COMPLAINT | {"-knew_on": day(keys, -1)}))
    keys.press("Alt+m")
    keys.fill(matter(1, "洛阳镇大桥危桥改造工程", topic=7))
    keys.fill(PERSON)


QUEUE: tuple[Callable[[Keys], None], ...] = (letter, call, visit, transfer, several)


def day(keys: Keys, offset: int) -> str:
    """Four digits of a day near today, by the clock of the desk."""
    script = "(n) => { const d = new Date(); d.setDate(d.getDate() + n); return String(d.getMonth() + 1).padStart(2, '0') + String(d.getDate()).padStart(2, '0'); }"
    return str(keys.page.evaluate(script, offset))


def enter(page: Page, person: Callable[[Keys], None]) -> Keys:
    """Enter one person's matter from the empty form to the receipt on the screen; returns the keys it took."""
    page.goto("/window/")
    page.locator('input[name="received_via"]:checked').wait_for()
    keys = Keys(page)
    person(keys)
    keys.press("Control+Enter")
    page.locator(".slip").first.wait_for()
    keys.press("Enter")  # the button that prints has the focus
    return keys


def fill_in(page: Page) -> None:
    """For a picture: a letter, ready to be stored."""
    _begin_anew(page)
    letter(Keys(page))
    page.evaluate("scrollTo(0, 0)")


def to_the_slip(page: Page) -> None:
    """For a picture: the receipt in two copies."""
    _begin_anew(page)
    enter(page, visit)


def without_a_line(page: Page) -> None:
    """For a picture: the line is cut, the page was loaded again, and one entry waits."""
    _begin_anew(page)
    until(page, READY)
    page.context.set_offline(True)
    page.reload()
    keys = Keys(page)
    call(keys)
    keys.press("Control+Enter")
    page.locator("#window-provisional:not([hidden])").wait_for()


def until(page: Page, condition: str) -> None:
    """Wait in the page until a condition holds; Playwright's own waiting evaluates text, which the page forbids."""
    script = f"""async () => {{
      for (let left = 300; left; left -= 1) {{ if (await ({condition})) return true; await new Promise((go) => setTimeout(go, 50)); }}
      return false;
    }}"""
    assert page.evaluate(script), condition


def _begin_anew(page: Page) -> None:
    # What the picture before this one left unsent would be put back.
    page.goto("/window/")
    page.evaluate("sessionStorage.clear()")
    page.goto("/window/")
    page.locator('input[name="received_via"]:checked').wait_for()


def main() -> int:
    """Enter the queue and say what each person cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--login", required=True)
    chosen = parser.parse_args()
    found = chromium.browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=found.arguments, env=found.environment
        )
        page = browser.new_page(
            base_url=chosen.address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 1440, "height": 900},
        )
        name, _colon, password = chosen.login.partition(":")
        page.goto("/accounts/login/")
        page.locator("input[name$=username]").fill(name)
        page.locator("input[type=password]").fill(password)
        page.locator("input[type=password]").press("Enter")
        page.wait_for_load_state("networkidle")
        for person in QUEUE:
            began = time.perf_counter()
            keys = enter(page, person)
            print(
                f"{person.__name__:9} steering keys {keys.steering:3}  dictated characters {keys.dictated:3}  machine {time.perf_counter() - began:.1f} s"
            )
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
