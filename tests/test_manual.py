"""The manual shows what it speaks of: every link leads somewhere, every picture is there and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import screenshots

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs" / "manual").glob("*.md"))
LINK = re.compile(r"""\]\(([^)#]+)(?:#[^)]*)?\)|src="([^"]+)\"""")


def links(page: Path) -> list[str]:
    found = ("".join(parts) for parts in LINK.findall(page.read_text(encoding="utf-8")))
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_manual_page_leads_somewhere(page):
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


def test_the_index_names_every_page():
    index = next(page for page in PAGES if page.name == "README.md")
    assert {page.name for page in PAGES} - {"README.md"} <= set(links(index))


def test_every_picture_is_taken_by_the_script_and_small():
    pictures = {path.stem: path.stat().st_size for path in screenshots.IMAGES.glob("*.png")}
    assert set(pictures) == {shot.name for shot in screenshots.SHOTS}
    assert {name: size for name, size in pictures.items() if size > screenshots.MOST_BYTES} == {}


def test_a_picture_that_no_page_shows_is_not_taken():
    readers = [*PAGES, ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {Path(link).stem for page in readers for link in links(page) if link.endswith(".png")}
    assert {shot.name for shot in screenshots.SHOTS} == shown
