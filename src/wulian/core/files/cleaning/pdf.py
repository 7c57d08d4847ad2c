"""PDF: the pages with what they show, in a new file; nothing of the old one's catalogue, history and hidden parts."""

from __future__ import annotations

import io
import zlib
from typing import Any, Final

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from wulian.core.files.cleaning.limits import PAGES, UNPACKED, Rejected
from wulian.core.files.cleaning.segments import strip_jpeg, strip_jpeg2000

_OF_A_PAGE: Final = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group", "/Annots"}
)
_NOWHERE: Final = frozenset(
    {
        "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/A", "/AF", "/EF", "/Alternates", "/OPI", "/Ref",
        "/StructParent", "/StructParents", "/ID", "/PZ", "/URI", "/JS", "/OC", "/Measure", "/PtData", "/Info", "/Names",
        "/AcroForm", "/OpenAction", "/Dest", "/Dests", "/Outlines", "/SpiderInfo", "/Private", "/Usage", "/CreatorInfo",
    }
)  # fmt: skip
"""Keys that are nowhere kept: metadata, history, actions, attachments, links out of the page."""
_SHOWN_MARKS: Final = frozenset(
    {
        "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
        "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Widget",
    }
)  # fmt: skip
_OF_A_MARK: Final = frozenset(
    {
        "/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C", "/IC", "/CA", "/BS", "/BE", "/Border", "/QuadPoints",
        "/InkList", "/L", "/LE", "/Vertices", "/Contents", "/DA", "/Q", "/RD", "/Name",
    }
)  # fmt: skip
"""What of a mark on a page is kept: what it looks like and what it says, not whose it is and when."""
_FLATE: Final = ("/FlateDecode", "/Fl")
_DCT: Final = ("/DCTDecode", "/DCT")
_BLOCK: Final = 1024 * 1024


def clean_pdf(data: bytes) -> bytes:
    """Return the pages as a new PDF; raises Rejected."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Rejected("encrypted")
        writer = _pages_of(reader)
        _strip_all(writer)
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zlib.error):
        raise Rejected("broken") from None
    target = io.BytesIO()
    writer.write(target)
    result = target.getvalue()
    _check(result, len(writer.pages))
    return result


def _pages_of(reader: PdfReader) -> PdfWriter:
    pages = reader.pages
    if not len(pages):
        raise Rejected("broken")
    if len(pages) > PAGES:
        raise Rejected("pages")
    writer = PdfWriter()
    writer.metadata = None
    for page in pages:
        # Inherited values are on the page itself here; the rest of its dictionary is left behind before it is copied.
        for key in [key for key in page if key not in _OF_A_PAGE]:
            if key != "/Parent":
                del page[key]
        if "/Annots" in page:
            page[NameObject("/Annots")] = _marks(page["/Annots"])
        writer.add_page(page)
    return writer


def _marks(listed: Any) -> ArrayObject:
    kept = ArrayObject()
    for reference in listed:
        mark = reference.get_object()
        if isinstance(mark, DictionaryObject) and mark.get("/Subtype") in _SHOWN_MARKS:
            plain = DictionaryObject({key: value for key, value in mark.items() if key in _OF_A_MARK})
            kept.append(plain)
    return kept


def _strip_all(writer: PdfWriter) -> None:
    """Strip what is reachable from the new catalogue, and leave out what no longer is."""
    budget, reached = [UNPACKED], {0}
    waiting: list[Any] = [writer.root_object]
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in reached:
                continue
            reached.add(item.idnum)
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            _strip(item, budget)
            waiting += item.values()
        elif isinstance(item, ArrayObject):
            waiting += item
    root = writer.root_object.indirect_reference
    reached |= {root.idnum} if root else set()
    for index in range(len(writer._objects)):
        if index + 1 not in reached:
            writer._objects[index] = None


def _strip(item: DictionaryObject, budget: list[int]) -> None:
    if item.get("/Type") == "/Catalog":
        for key in [key for key in item if key not in ("/Type", "/Pages")]:
            del item[key]
    for key in _NOWHERE & item.keys():
        del item[key]
    if isinstance(item, StreamObject):
        _strip_stream(item, budget)


def _strip_stream(stream: StreamObject, budget: list[int]) -> None:
    """Count what a stream unpacks to, and free pictures of their metadata."""
    filters = stream.get("/Filter")
    names = (
        [str(name) for name in filters]
        if isinstance(filters, ArrayObject)
        else [str(filters)]
        if filters
        else []
    )
    data = stream._data
    for depth, name in enumerate(names):
        if name in _FLATE:
            data = _inflated(data, budget)
        elif name in _DCT or name == "/JPXDecode":
            stripped = strip_jpeg(data) if name in _DCT else strip_jpeg2000(data)
            _replace(stream, stripped, names[depth:])
            return
        else:
            return  # what else there is packs fax lines and the like, and hides nothing


def _replace(stream: StreamObject, data: bytes, filters: list[str]) -> None:
    stream._data = data
    stream[NameObject("/Filter")] = (
        NameObject(filters[0]) if len(filters) == 1 else ArrayObject(NameObject(name) for name in filters)
    )
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, ArrayObject):
        stream[NameObject("/DecodeParms")] = ArrayObject(parameters[len(parameters) - len(filters) :])
    stream[NameObject("/Length")] = NumberObject(len(data))


def _inflated(data: bytes, budget: list[int]) -> bytes:
    """Unpack within what all streams together may unpack to."""
    inflater, found = zlib.decompressobj(), []
    while data and not inflater.eof:
        try:
            piece = inflater.decompress(data, _BLOCK)
        except zlib.error:
            break  # readers show what came before the damage, and so do we
        budget[0] -= len(piece)
        if budget[0] < 0:
            raise Rejected("bomb")
        found.append(piece)
        if not piece and not inflater.unconsumed_tail:
            break
        data = inflater.unconsumed_tail
    return b"".join(found)


def _check(result: bytes, pages: int) -> None:
    """What we made must open in another program's eyes too."""
    try:
        document = pypdfium2.PdfDocument(result)
        opened = len(document)
        document.close()
    except pypdfium2.PdfiumError:
        raise Rejected("broken") from None
    if opened != pages:
        raise Rejected("broken")
