"""Real files for the tests: Word through python-docx, PDF through typst."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import docx
import typst
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement

FONT_FOLDERS = [
    folder
    for folder in (
        *map(Path, filter(None, os.environ.get("WULIAN_FONTS", "").split(os.pathsep))),
        Path(sys.prefix) / "share" / "fonts" / "wulian",
        Path("/usr/share/fonts"),
    )
    if folder.is_dir()
]
FONTS = '("Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei")'
CLAUSE = "投标人须在随州市行政区域内设有经市场监督管理部门登记的分公司或者固定办事机构，并提供近六个月的纳税证明和社会保险缴纳证明，否则资格审查不予通过。"


def word_file() -> bytes:
    """A tender document of three pages with a running head, a table, a text in two runs and a tracked deletion."""
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "随县黑屋湾水库除险加固工程施工招标文件"
    file.add_paragraph("第一章  招标公告")
    file.add_paragraph("1.1 本招标项目已由随县发展和改革局批准建设。")
    cut = file.add_paragraph("2.1 投标人应当具备水利水电工程施工总承包三级")
    cut.add_run().add_break(WD_BREAK.PAGE)
    cut.add_run("及以上资质。")
    table = file.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows,
        (("评分因素", "分值", "评分标准"), ("企业荣誉", "3", "获得楚天杯的，得3分")),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    last = file.add_paragraph(CLAUSE[:20])
    last.add_run(CLAUSE[20:])
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "已删除的文字"
    run.append(text)
    deleted.append(run)
    last._p.append(deleted)
    file.add_page_break()
    file.add_paragraph("第三章 评标办法")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def pdf_file(*paragraphs: str, pages: int = 1) -> bytes:
    """A PDF in the form of an official paper: indented paragraphs, page numbers at the foot."""
    body = "\n\n".join(text.replace("#", "\\#").replace("@", "\\@") for text in paragraphs)
    source = f"""
#set page(paper: "a4", margin: 2.5cm, numbering: "— 1 —")
#set text(font: {FONTS}, size: 12pt, lang: "zh", region: "cn")
#set par(first-line-indent: (amount: 2em, all: true), justify: true)
{"#pagebreak()".join([body] * pages)}
"""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in FONT_FOLDERS])
    return typst.Compiler(source.encode(), font_paths=fonts).compile(format="pdf")


def scanned_pdf() -> bytes:
    """Pages without a text layer."""
    source = b'#set page(paper: "a4")\n#rect(width: 80%, height: 40%)\n#pagebreak()\n#rect(width: 50%)'
    return typst.compile(source)


def rewritten(data: bytes, **parts: bytes) -> bytes:
    """The archive with some parts added or replaced; `__` in a name stands for a slash, `_xml` for its ending."""
    out = io.BytesIO()
    named = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename not in named:
                new.writestr(item, old.read(item.filename))
        for name, content in named.items():
            new.writestr(name, content)
    return out.getvalue()


def saved(folder: Path, data: bytes, name: str = "招标文件") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
