"""A tender notice as PDF and a tender document as Word, made for a lot; both contain a few doubtful clauses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal

import docx
import typst

from wulian.core.config.fonts import font_folders

FONTS = '("Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei")'
Kind = Literal["title", "heading", "row", "text", "break"]


def notice_pdf(*, project: str, lot: str) -> bytes:
    """Return the notice as PDF; raises typst.TypstError when the machine has no Chinese font."""
    body = "\n".join(_typst(kind, text) for kind, text in _lines("notice.txt", project, lot))
    source = f"""#set page(paper: "a4", margin: 2.5cm, numbering: "— 1 —")
#set text(font: {FONTS}, size: 12pt, lang: "zh", region: "cn")
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 1em, spacing: 1em)
{body}
"""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in font_folders()])
    return typst.compile(source.encode(), format="pdf", font_paths=fonts)


def documents_word(*, project: str, lot: str) -> bytes:
    """Return the tender document as Word."""
    file = docx.Document()
    file.core_properties.title = f"{lot}招标文件"
    file.sections[0].header.paragraphs[0].text = f"{lot}招标文件"
    table = None
    for kind, text in _lines("documents.txt", project, lot):
        if kind == "row":
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            table = table or file.add_table(rows=0, cols=len(cells), style="Table Grid")
            for cell, words in zip(table.add_row().cells, cells, strict=True):
                cell.text = words
            continue
        table = None
        if kind == "break":
            file.add_page_break()
        elif kind == "text":
            file.add_paragraph(text)
        else:
            file.add_heading(text, level=1 if kind == "title" else 2)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _lines(name: str, project: str, lot: str) -> Iterator[tuple[Kind, str]]:
    text = (files("wulian.information.findings") / "example" / name).read_text(encoding="utf-8")
    for line in text.format(project=project, lot=lot).splitlines():
        if line.startswith("## "):
            yield "heading", line[3:]
        elif line.startswith("# "):
            yield "title", line[2:]
        elif line.startswith("|"):
            yield "row", line
        elif line == "---":
            yield "break", ""
        elif line:
            yield "text", line


def _typst(kind: Kind, text: str) -> str:
    for char in "\\#$*_@<>[]`~":
        text = text.replace(char, "\\" + char)
    if kind == "title":
        return f"#align(center, text(size: 18pt, weight: 700)[{text}])\n"
    if kind == "heading":
        return f"#text(weight: 700)[{text}]\n"
    return f"{text}\n"
