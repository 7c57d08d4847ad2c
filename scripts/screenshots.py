"""The pictures of the manual and the README: a fresh demonstration city, one tab per role, PNG files in docs/images.

screenshots.py                     build the city in a temporary folder, take every picture, stop
screenshots.py NAME…               only these pictures
screenshots.py --tour FOLDER       the pages of every role's menu, to look at; nothing in docs changes
--at URL                           use a platform with the demonstration that already runs
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import chromium
import clerk
import png
import visitor

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IMAGES = ROOT / "docs" / "images"
WIDE, NARROW = 1440, 390
MOST_BYTES = 250_000
SECONDS_TO_START = 60
VISITOR = ""
# Debian's Chromium has no Chinese words for its own date and file fields; people's browsers have.
CHINESE_FIELDS = """() => {
  for (const field of document.querySelectorAll("input[type=date], input[type=datetime-local]")) {
    const hint = field.type === "date" ? "年/月/日" : "年/月/日 --:--";
    const shown = field.value.replaceAll("-", "/").replace("T", " ");
    field.type = "text"; field.placeholder = hint; field.value = shown;
  }
  for (const field of document.querySelectorAll("input[type=file]")) {
    if (getComputedStyle(field).opacity === "0") continue;
    field.type = "text"; field.value = "选择文件    未选择任何文件";
  }
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, where, and the links to follow from there (CSS selectors, the first that fits is clicked)."""

    name: str
    user: str
    path: str
    links: tuple[str, ...] = ()
    width: int = WIDE
    height: int = 900
    scroll_to: str = ""
    walk: Callable[[Page], None] | None = None
    """Takes the place of `path` and `links` where something is filled in first."""


TWO_PARTIES = ("a[href^='?keep=']", "a[href*='duplicate=']", "a[href^='?keep=']")
SHOTS = (
    Shot("worklist", "housing-officer1", "/"),
    Shot("worklist-phone", "housing-officer1", "/", width=NARROW, height=844),
    Shot("dossier", "dispatcher", "/alerts/?rule=TB-07", ("tbody a[href*='/alerts/']", "a[href^='/dossiers/']"), height=1560),
    Shot("alerts", "dispatcher", "/alerts/"),
    Shot("alert", "dispatcher", "/alerts/?rule=TB-07", ("tbody a[href*='/alerts/']",), height=1100),
    Shot("rules", "housing-legal", "/alerts/rules/"),
    Shot("import", "dispatcher", "/dossiers/imports/"),
    Shot("merge", "dispatcher", "/dossiers/parties/merge/?q=有限责任公司", TWO_PARTIES),
    Shot("window", "window", "/window/"),
    Shot("window-filled", "window", "", height=1150, walk=clerk.fill_in),
    Shot("window-slip", "window", "", height=1240, walk=clerk.to_the_slip),
    Shot("window-offline", "window", "", walk=clerk.without_a_line),
    Shot("complaint", "housing-officer1", "/intake/", ("tbody a",)),
    Shot("comparison", "housing-officer1", "/comparison/runs/", ("tbody a",), height=1100),
    Shot("cases", "housing-section", "/cases/"),
    Shot("case", "housing-officer1", "/cases/", ("tbody a",), height=1180),
    Shot("officers", "dispatcher", "/officers/"),
    Shot("consultation", "dispatcher", "/consultations/", ("tbody a",)),
    Shot("plan", "dispatcher", "/inspections/plans/", ("tbody a",)),
    Shot("outbox", "dispatcher", "/credit/outbox/"),
    Shot("jurisdiction", "dispatcher", "/jurisdiction/"),
    Shot("calendar", "dispatcher", "/clocks/calendar/2026/"),
    Shot("audit", "auditadmin", "/audit/"),
    Shot("users", "secadmin", "/accounts/users/"),
    Shot("portal", VISITOR, "/portal/"),
    Shot("portal-phone", VISITOR, "/portal/", width=NARROW, height=844),
    Shot("portal-files-phone", VISITOR, "", width=NARROW, height=844, walk=visitor.to_the_files),
    Shot("portal-receipt-phone", VISITOR, "", width=NARROW, height=1100, walk=visitor.to_the_receipt),
    Shot("portal-status-phone", VISITOR, "", width=NARROW, height=1500, walk=visitor.to_the_status),
)  # fmt: skip
TOURISTS = (
    "window", "dispatcher", "director", "housing-officer1", "housing-section", "housing-head", "housing-legal",
    "finance", "discipline", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip


def main() -> int:
    """Returns 1 when a page of a picture could not be reached or a picture is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--tour", type=Path)
    parser.add_argument("--at", default="")
    parser.add_argument("--users", default="")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - {shot.name for shot in SHOTS}:
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    with _platform(chosen.at) as address, sync_playwright() as playwright:
        found = chromium.browser()
        browser = playwright.chromium.launch(
            executable_path=found.program, args=found.arguments, env=found.environment
        )
        if chosen.tour:
            problems = tour(
                browser, address, chosen.tour, chosen.users.split(",") if chosen.users else TOURISTS
            )
        else:
            problems = take(
                browser, address, [s for s in SHOTS if not chosen.names or s.name in chosen.names]
            )
        browser.close()
    for problem in problems:
        print(f"screenshots: {problem}", file=sys.stderr)
    return 1 if problems else 0


def take(browser: Browser, address: str, shots: list[Shot]) -> list[str]:
    """Take the pictures, one login a person; returns what went wrong."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    for user in dict.fromkeys(shot.user for shot in shots):
        page = _enter(browser, address, user)
        for shot in (shot for shot in shots if shot.user == user):
            page.set_viewport_size({"width": shot.width, "height": shot.height})
            trouble = _open(page, shot)
            if trouble:
                problems.append(f"{shot.name}: {trouble}")
                continue
            data = png.shrink(page.screenshot())
            (IMAGES / f"{shot.name}.png").write_bytes(data)
            print(f"{shot.name}.png {len(data) // 1000} kB")
            if len(data) > MOST_BYTES:
                problems.append(f"{shot.name}: {len(data)} bytes, at most {MOST_BYTES}")
        page.context.close()
    return problems


def tour(browser: Browser, address: str, folder: Path, users: list[str] | tuple[str, ...]) -> list[str]:
    """Every page of each menu and the first row behind each list, whole; returns what answered wrong.

    1440 wide for each person, 390 wide for the first who comes by.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    seen: set[str] = set()
    for user in users:
        page = _enter(browser, address, user)
        page.on("pageerror", lambda error, user=user: problems.append(f"{user}: script error {error}"))
        paths = page.eval_on_selector_all(
            ".wl-nav a", "links => links.map(link => link.getAttribute('href'))"
        )
        for path in [*paths]:
            page.set_viewport_size({"width": WIDE, "height": 900})
            page.goto(address + path)
            row = page.locator("main tbody a[href^='/'], main .wl-duty a").first
            if row.count() and (target := row.get_attribute("href")) not in paths:
                paths.append(target)
        for path in dict.fromkeys(paths):
            for width in (WIDE,) if path in seen else (WIDE, NARROW):
                page.set_viewport_size({"width": width, "height": 900})
                answer = page.goto(address + path)
                page.wait_for_load_state("networkidle")
                name = f"{user}{path.replace('/', '-').split('?')[0].rstrip('-') or '-home'}-{width}.png"
                page.screenshot(path=folder / name, full_page=True)
                if answer is None or answer.status >= 400:
                    problems.append(f"{user} {path}: {answer.status if answer else 'no answer'}")
                spill = page.evaluate("document.documentElement.scrollWidth") - width
                if spill > 0:
                    problems.append(f"{user} {path}: {spill} px wider than {width}")
            seen.add(path)
        page.context.close()
    return problems


def _open(page: Page, shot: Shot) -> str:
    """Go to the page of a picture; returns why not, or an empty text."""
    if shot.walk:
        shot.walk(page)
        page.mouse.move(0, 0)
        page.evaluate(CHINESE_FIELDS)
        return ""
    answer = page.goto(shot.path)
    for link in shot.links:
        if page.locator(f"main {link}").count() == 0:
            return f"{page.url} has no {link}"
        with page.expect_navigation() as going:
            page.locator(f"main {link}").first.click()
        answer = going.value
    page.wait_for_load_state("networkidle")
    if answer is None or answer.status >= 400:
        return f"{page.url} answered {answer.status if answer else 'nothing'}"
    if shot.scroll_to:
        page.locator(shot.scroll_to).first.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    page.evaluate(CHINESE_FIELDS)
    return ""


def _enter(browser: Browser, address: str, user: str) -> Page:
    """A tab in Chinese, logged in as a person of the demonstration (administrators with their second factor)."""
    context = browser.new_context(
        base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": WIDE, "height": 900},
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    page = context.new_page()
    if user == VISITOR:
        return page
    page.goto("/accounts/login/")
    page.locator("input[name$=username]").fill(user)
    page.locator("input[type=password]").fill(_secrets()[user][0])
    page.locator("input[type=password]").press("Enter")
    page.wait_for_load_state("networkidle")
    if "/accounts/verify" in page.url:
        page.locator("#id_token").fill(_code(_secrets()[user][1]))
        page.locator("#id_token").press("Enter")
        page.wait_for_load_state("networkidle")
    if "/accounts/login" in page.url:
        raise SystemExit(f"screenshots: {user} could not log in at {address}")
    return page


@cache
def _secrets() -> dict[str, tuple[str, str]]:
    """Login name → password and key of the second factor, of the demonstration."""
    os.environ.update(DJANGO_SETTINGS_MODULE="wulian.core.config.settings", DEBUG="1")
    import django

    django.setup()
    from wulian.demo import people

    return {
        person.username: (people.PASSWORD, "" if person.department else people.totp_key(person.username))
        for person in people.people()
    }


def _code(key: str) -> str:
    from django_otp.oath import TOTP

    generator = TOTP(bytes.fromhex(key))
    generator.time = time.time()
    return f"{generator.token():06d}"


@contextmanager
def _platform(running: str) -> Iterator[str]:
    """The address of a platform with the demonstration: the one given, or one of our own in a temporary folder."""
    if running:
        yield running.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="wulian-screens-") as folder:
        port = _free_port()
        environment = {
            **os.environ, "WULIAN_VAR": folder, "DEBUG": "1", "WULIAN_DEMO": "1", "LOG_LEVEL": "WARNING",
            "DATABASE_URL": f"sqlite:///{folder}/wulian.sqlite3", "PORT": str(port), "HOST": "127.0.0.1",
        }  # fmt: skip
        subprocess.run([sys.executable, ROOT / "scripts" / "messages.py", "compile", "--quiet"], check=True)
        for step in (["migrate", "--verbosity=0"], ["demo"]):
            subprocess.run([BIN / "wulian", *step], env=environment, check=True)
        second = Path(folder) / "second-source.jsonl"
        second.write_text(json.dumps(_second_source(Path(folder) / "wulian.sqlite3")), encoding="utf-8")
        subprocess.run([BIN / "wulian", "import", second], env=environment, check=True)
        server = subprocess.Popen(
            [BIN / "gunicorn", "wulian.core.config.wsgi:application", "--bind", f"127.0.0.1:{port}",
             "--threads", "4", "--log-level", "warning", "--no-control-socket"],
            env=environment,
        )  # fmt: skip
        try:
            _wait(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _second_source(database: Path) -> dict[str, object]:
    """A release of another publisher that writes a firm of the city a little differently and without its code."""
    with sqlite3.connect(database) as connection:
        (name,) = connection.execute(
            "SELECT name FROM registry_party WHERE name LIKE '%有限公司' AND uscc LIKE '9%' ORDER BY id LIMIT 1"
        ).fetchone()
    firm = {"id": "B1", "name": name.removesuffix("有限公司") + "有限责任公司"}
    return {
        "ocid": "ocds-second-0001",
        "id": "1",
        "date": "2026-01-05T09:00:00+08:00",
        "tag": ["compiled"],
        "parties": [{**firm, "roles": ["tenderer"], "contactPoint": {"telephone": "0722-3590000"}}],
        "tender": {"id": "T1", "title": "曾都区府前街道路维修工程施工", "procurementMethod": "open"},
        "bids": {
            "details": [
                {
                    "id": "1",
                    "status": "valid",
                    "tenderers": [firm],
                    "value": {"amount": 1280000, "currency": "CNY"},
                }
            ]
        },
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/accounts/login/")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise SystemExit("screenshots: the platform did not start")


if __name__ == "__main__":
    sys.exit(main())
