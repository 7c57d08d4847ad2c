"""Barriers on a page for people who hear it, magnify it or use no mouse: axe-core in the browser that already shows it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPTIONS: dict[str, Any] = {"resultTypes": ["violations"]}
MINOR = "minor"


def barriers(page: Page) -> list[str]:
    """Each violation of WCAG and of good practice that is more than minor: the rule, its weight, the element and why."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(answer => answer.violations)", OPTIONS)
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:160]} ({_why(node)})"
        for rule in found
        if rule["impact"] != MINOR
        for node in rule["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
