"""One hostile file looked through from end to end, inside the child process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wulian.analysis.documents.detection import EXPECTED
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, FileFormat, UnreadableDocument
from wulian.analysis.documents.traces import Table, Traces, traces_to_json


def inspect(data: bytes, kind: FileFormat, limits: Limits, *, recognised: bool = False) -> dict[str, Any]:
    """Return plain data for `Inspection`; raises UnreadableDocument when there is neither text nor trace.

    `recognised` asks for the text of scans and pictures, too, also of single pages of a PDF (extra `ocr`).
    """
    document: Document | None = None
    tables: tuple[Table, ...] = ()
    refusal: UnreadableDocument | None = None
    try:
        document, tables = _text(data, kind, limits)
    except UnreadableDocument as error:
        if error.code != "no_text":
            raise
        refusal = error
    if recognised and kind in ("pdf", "image"):
        from wulian.analysis.documents.recognition import complete, recognise

        try:
            document = complete(document, data, limits) if document else recognise(data, kind, limits)
            refusal = None
        except UnreadableDocument as error:
            refusal = error
    return {
        "format": kind,
        "document": asdict(document) if document else None,
        "refusal": {"code": refusal.code, "message": refusal.message} if refusal else None,
        "traces": traces_to_json(_traces(data, kind, limits)),
        "tables": [asdict(table) for table in tables],
    }


def _text(data: bytes, kind: FileFormat, limits: Limits) -> tuple[Document, tuple[Table, ...]]:
    # Only the parser that is needed is loaded.
    if kind == "xlsx":
        from wulian.analysis.documents.sheets import read_workbook

        return read_workbook(data, limits)
    if kind == "xml":
        from wulian.analysis.documents.sheets import read_records

        return read_records(data, limits)
    if kind == "pdf":
        from wulian.analysis.documents.pdf import read_pdf

        return read_pdf(data, limits, lambda done, total: None), ()
    if kind == "docx":
        from wulian.analysis.documents.word import read_word

        return read_word(data, limits), ()
    if kind == "image":
        raise UnreadableDocument("no_text", f"这是图片，无文字层，需识别；{EXPECTED}")
    from wulian.analysis.documents.plain import read_html, read_text

    return (read_html if kind == "html" else read_text)(data, limits), ()


def _traces(data: bytes, kind: FileFormat, limits: Limits) -> Traces:
    if kind in ("docx", "xlsx"):
        from wulian.analysis.documents.office import office_traces

        return office_traces(data, limits)
    if kind == "pdf":
        from wulian.analysis.documents.pdf_traces import pdf_traces

        return pdf_traces(data, limits)
    if kind == "image":
        from wulian.analysis.documents.pictures import describe

        picture = describe(data, place="图片", page=1)
        if picture is None:
            raise UnreadableDocument("broken", "图片过小、没有内容或者已损坏，无法比对")
        return Traces(pictures=(picture,))
    return Traces()
