"""Builds the two Word layouts of word/ (letter and form); run it again after changing it.

    python -m wulian.core.documents.build_templates

They are ordinary docxtpl templates: an office that has its own puts `<code>.docx` (for example W29.docx) into the folder
`document_templates` of WULIAN_VAR, with the same names in double braces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FOLDER = Path(__file__).parent / "word"
BODY_FONT, HEAD_FONT = "仿宋_GB2312", "方正小标宋简体"
RED = RGBColor(0xD0, 0x10, 0x10)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def build() -> None:
    """Write word/letter.docx and word/form.docx."""
    FOLDER.mkdir(exist_ok=True)
    for layout in ("letter", "form"):
        document = _blank_page()
        _head(document, layout)
        _loop(document, "blocks")
        _signatures(document)
        _loop(document, "closing")
        document.core_properties.title = "{{ title }}"
        document.core_properties.author = ""
        document.save(str(FOLDER / f"{layout}.docx"))


def _blank_page() -> Any:
    """An A4 page with the margins of GB/T 9704."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    style.paragraph_format.line_spacing = Pt(28)
    style.paragraph_format.space_after = Pt(0)
    _page_number(section.footer.paragraphs[0])
    return document


def _head(document: Any, layout: str) -> None:
    name = _line(
        document, "{{ authority }}", CENTRE, size=32 if layout == "letter" else 22, bold=True, colour=RED
    )
    name.paragraph_format.line_spacing = Pt(44)
    if layout == "letter":
        _line(document, "{{ document_no }}", CENTRE)
        _rule(document.paragraphs[-1])
    _line(document, "{{ title }}", CENTRE, size=22, bold=True).paragraph_format.space_before = Pt(24)
    if layout == "form":
        _line(document, "{{ document_no }}", RIGHT, size=12)
    _line(document, "", None)


def _loop(document: Any, name: str) -> None:
    _tag(document, f"{{%p for block in {name} %}}")
    for kind in ("heading", "flush", "paragraph"):
        _tag(document, f'{{%p if block.kind == "{kind}" %}}')
        line = _line(document, "{{ block.text }}", None, bold=kind == "heading")
        if kind != "flush":
            line.paragraph_format.first_line_indent = Pt(32)
        _tag(document, "{%p endif %}")
    _tag(document, '{%p if block.kind == "rows" %}')
    table = document.add_table(rows=3, cols=2, style="Table Grid")
    for column, width in enumerate((Cm(4), Cm(11.6))):
        for cell in table.columns[column].cells:
            cell.width = width
    table.cell(0, 0).text = "{%tr for row in block.rows %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ row[0] }}", "{{ row[1] }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    for cell in table.rows[1].cells:
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(14)
    _line(document, "", None)
    _tag(document, "{%p endif %}")
    _tag(document, "{%p endfor %}")


def _signatures(document: Any) -> None:
    _tag(document, "{%p if officers %}")
    _line(document, "执法人员：{{ officers }}", None).paragraph_format.first_line_indent = Pt(32)
    _tag(document, "{%p endif %}")
    for _blank in range(2):
        _line(document, "", None)
    for text in ("（印章）", "{{ authority }}", "{{ formal_date }}"):
        _line(document, text, RIGHT).paragraph_format.right_indent = Pt(32)
    _line(document, "", None)


def _line(
    document: Any,
    text: str,
    alignment: Any,
    *,
    size: int = 16,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour
    if size > 16:
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD_FONT)
    return paragraph


def _tag(document: Any, text: str) -> None:
    document.add_paragraph(text)


def _rule(paragraph: Any) -> None:
    """The red line under the head."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "D01010")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("text", "— "), ("field", "PAGE"), ("text", " —")):
        run = paragraph.add_run("" if kind == "field" else text)
        run.font.size = Pt(14)
        if kind == "field":
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), text)
            paragraph._p.append(field)


if __name__ == "__main__":
    build()
