"""One context, two renderers: Word through docxtpl, PDF through typst."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.conf import settings
from django.utils.translation import gettext as _
from docx import Document
from docxtpl import DocxTemplate

from wulian.core.config.errors import Refusal
from wulian.core.config.fonts import font_folders
from wulian.core.documents.catalogue import Block, Content, formal_date

WORD_FOLDER = Path(__file__).parent / "word"
TYPST_FILE = Path(__file__).parent / "typst" / "official.typ"
PDF_STANDARD: Final = "a-2b"
# 仿宋 and 宋 first when the deployer has them; the free families after.
FONTS = (
    "FangSong_GB2312", "FangSong", "STFangsong", "Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC", "SimSun",
    "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What both renderers print."""

    layout: str
    authority: str
    document_no: str
    title: str
    officers: str
    formal_date: str
    blocks: Sequence[Block]
    closing: Sequence[Block]


def compose(
    content: Content, *, authority: str, document_no: str, title: str, officers: str, day: date
) -> Page:
    """Return the page of a document; the officers are one line of names and certificate numbers."""
    return Page(
        layout=content.layout,
        authority=authority,
        document_no=document_no,
        title=title,
        officers=officers,
        formal_date=formal_date(day),
        blocks=content.blocks(),
        closing=content.closing(),
    )


def render_word(page: Page, *, code: str, content: Content) -> bytes:
    """Return the Word file; an office's own template `<code>.docx` goes before the one of the house."""
    template = DocxTemplate(str(word_template(code, page.layout)))
    template.render({**asdict(page), "content": content.model_dump()}, autoescape=True)
    first = io.BytesIO()
    template.save(first)
    document = Document(io.BytesIO(first.getvalue()))
    document.core_properties.title = f"{page.title} {page.document_no}"
    document.core_properties.author = page.authority
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_template(code: str, layout: str) -> Path:
    """Return the Word template in force for a document code."""
    own = Path(settings.VAR_DIR) / "document_templates" / f"{code}.docx"
    return own if own.is_file() else WORD_FOLDER / f"{layout}.docx"


def render_pdf(page: Page) -> bytes:
    """Return the page as PDF/A; raises Refusal when the machine has no Chinese font."""
    return compile_pdf(TYPST_FILE, asdict(page), standard=PDF_STANDARD)


def compile_pdf(template: Path, data: dict[str, Any], *, standard: Literal["a-2b", "a-3b"]) -> bytes:
    """Return what a typst template makes of the data, which it also gives `fonts`; raises Refusal without a Chinese font."""
    folders = font_folders()
    if not folders:
        raise Refusal(_("No Chinese font was found; set WULIAN_FONTS to a folder that has one."))
    fonts = _fonts(tuple(str(folder) for folder in folders))
    known = {family.casefold() for family in fonts.families()}
    chosen = [family for family in FONTS if family.casefold() in known] or sorted(fonts.families())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / template.name
        source.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        return typst.compile(
            str(source),
            format="pdf",
            font_paths=fonts,
            sys_inputs={"data": json.dumps({**data, "fonts": chosen}, ensure_ascii=False)},
            pdf_standards=[standard],
        )


@lru_cache(maxsize=2)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """The fonts of these folders, looked through once a process."""
    return typst.Fonts(include_system_fonts=False, font_paths=list(folders))
