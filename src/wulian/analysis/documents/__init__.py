"""Text out of the files of a tender: pages, paragraphs, and where on the page each character stands.

A file is hostile until it is read: `read_document` looks at its content in a process of its own with limits on time and memory.
"""

from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import (
    Box,
    Document,
    FileFormat,
    Page,
    Paragraph,
    Run,
    Span,
    UnreadableDocument,
    paragraph_from_json,
)
from wulian.analysis.documents.process import (
    Inspection,
    check_document,
    inspect_document,
    read_document,
    render_page,
)
from wulian.analysis.documents.traces import Picture, Point, Table, Traces

__all__ = [
    "Box",
    "Document",
    "FileFormat",
    "Inspection",
    "Limits",
    "Page",
    "Paragraph",
    "Picture",
    "Point",
    "Run",
    "Span",
    "Table",
    "Traces",
    "UnreadableDocument",
    "check_document",
    "inspect_document",
    "paragraph_from_json",
    "read_document",
    "render_page",
]
