"""A real Chromium on a live server: `page` opens addresses of the site and watches what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import chromium

SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
# An answer of 4xx is the site's to give and the test's to judge.
EXPECTED = "Failed to load resource"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    page = item.funcargs.get("page") if hasattr(item, "funcargs") else None
    if report.when == "call" and report.failed and page is not None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        target = SCREENS / f"{item.name.replace('/', '_')}.png"
        page.screenshot(path=target, full_page=True)
        report.sections.append(("screen", f"{page.url}\n{target}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    chosen = chromium.browser()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chosen.program, args=chosen.arguments, env=chosen.environment
        )
        yield started
        started.close()


@pytest.fixture
def service_workers() -> str:
    """Off: what a worker asks for in the background would share the one connection of the test database with the page."""
    return "block"


@pytest.fixture
def page(browser: Browser, live_server, service_workers: Literal["allow", "block"]) -> Iterator[Page]:
    """A tab in Chinese, in Suizhou's time; fails when a script breaks or anything is fetched from outside."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 900},
        service_workers=service_workers,
    )
    context.set_default_timeout(15_000)
    complaints: list[str] = []

    def stay_inside(route) -> None:
        if route.request.url.startswith((live_server.url, "data:", "blob:")):
            route.continue_()
        else:
            complaints.append(f"fetched from outside: {route.request.url}")
            route.abort()

    context.route("**/*", stay_inside)
    tab = context.new_page()
    tab.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    tab.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}")
            if message.type == "error" and EXPECTED not in message.text
            else None
        ),
    )
    yield tab
    context.close()
    assert not complaints, "\n".join(complaints)
