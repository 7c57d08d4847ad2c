"""Word and Excel: rebuilt from the parts that a reader sees, without authors, revision marks, macros and ways out."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import Any, Final

from lxml import etree

from wulian.core.files.cleaning.limits import PARTS, UNPACKED, XML_PART, Rejected
from wulian.core.files.cleaning.pictures import clean_picture

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = f"{{{_PACKAGE}/content-types}}"
_RELATION: Final = f"{{{_PACKAGE}/relationships}}Relationship"
_LINKS: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
NOBODY: Final = "匿名"
"""Stands where the format wants an author."""

_KEPT: Final = {
    "word": re.compile(
        r"word/(document|styles|stylesWithEffects|numbering|settings|fontTable|footnotes|endnotes|comments|(header|footer)\d*)\.xml"
        r"|word/theme/theme\d*\.xml|word/charts/(chart|style|colors)\d*\.xml|word/diagrams/[a-z]+\d*\.xml"
        r"|word/media/[^/]+"
    ),
    "xl": re.compile(
        r"xl/(workbook|styles|sharedStrings|comments\d*)\.xml|xl/theme/theme\d*\.xml|xl/(worksheets|chartsheets)/sheet\d+\.xml"
        r"|xl/tables/table\d*\.xml|xl/drawings/(drawing|vmlDrawing)\d*\.(xml|vml)|xl/charts/(chart|style|colors)\d*\.xml"
        r"|xl/comments/comment\d+\.xml|xl/diagrams/[a-z]+\d*\.xml|xl/media/[^/]+"
    ),
}  # fmt: skip
_PICTURES: Final = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF", ".bmp": "BMP", ".tif": "TIFF", ".tiff": "TIFF"
}  # fmt: skip
_MAIN: Final = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_GONE: Final = frozenset(
    {
        # Word: revision save marks, variables, mailings, templates, identities, embedded things
        "rsids", "rsid", "rsidRoot", "docVars", "mailMerge", "attachedTemplate", "docId", "writeProtection", "documentProtection",
        "proofState", "OLEObject", "altChunk", "control", "externalData", "permStart", "permEnd", "smartTagPr",
        "dataBinding", "hlinkClick", "hlinkHover",
        # Excel: who shares, paths, foreign books, views and identities
        "fileSharing", "absPath", "revisionPtr", "externalReferences", "customWorkbookViews", "customSheetViews", "oleObjects",
        "controls", "webPublishing", "webPublishItems", "hyperlinks", "pivotCaches", "fileVersion", "coauthVersionLast",
    }
)  # fmt: skip
"""Elements that are dropped with all they hold, by their name in whatever namespace."""
_WHO: Final = frozenset(
    {"author", "initials", "userId", "providerId", "refreshedBy", "lastModifiedBy", "userName"}
)
_UNSAID: Final = re.compile(
    r"rsid\w*|date|dateUtc|paraId|textId|paraIdParent|uid|durableId|modelId|descr|title|userId|providerId"
)
_FOREIGN_FORMULA: Final = re.compile(r"\[\d+\]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def clean_office(data: bytes, room: str) -> bytes:
    """Return a Word (`word`) or Excel (`xl`) file rebuilt from its visible parts; raises Rejected."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpack(archive, _KEPT[room])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise Rejected("broken") from None
    try:
        return _pack(_rebuilt(parts, room))
    except (etree.XMLSyntaxError, KeyError, ValueError):
        raise Rejected("broken") from None


def _unpack(archive: zipfile.ZipFile, kept: re.Pattern[str]) -> dict[str, bytes]:
    listed = archive.infolist()
    names = [info.filename for info in listed]
    if len(listed) > PARTS or sum(info.file_size for info in listed) > UNPACKED:
        raise Rejected("bomb")
    if len({name.lower() for name in names}) != len(names):
        raise Rejected("broken")
    if any(_points_outside(name) for name in names):
        raise Rejected("slip")
    if any(info.flag_bits & 1 for info in listed):
        raise Rejected("encrypted")
    found = {}
    for info in listed:
        name = info.filename
        if kept.fullmatch(name) or name == "[Content_Types].xml" or name.endswith(".rels"):
            if not name.rpartition("/")[2].lower().endswith(tuple(_PICTURES)) and info.file_size > XML_PART:
                raise Rejected("bomb")
            # Never more than the size that was declared and added up above.
            found[name] = archive.read(info)
    return found


def _points_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _rebuilt(parts: dict[str, bytes], room: str) -> dict[str, bytes]:
    """Clean every part, then keep only relations between parts that are kept."""
    contents: dict[str, Any] = {}
    for name, data in parts.items():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            continue
        cleaned = _picture(name, data) if "/media/" in name else _tree(name, data)
        if cleaned is not None:
            contents[name] = cleaned
    result: dict[str, bytes] = {}
    for name, content in contents.items():
        if isinstance(content, bytes):
            result[name] = content
            continue
        relations, known = _relations(parts.get(_relations_name(name)), name, contents.keys())
        _clean_tree(content, known, room)
        result[name] = _written(content)
        if relations is not None:
            result[_relations_name(name)] = _written(relations)
    result["_rels/.rels"] = _root_relations(room)
    types = _content_types(parse(parts["[Content_Types].xml"]), contents.keys(), room)
    return {"[Content_Types].xml": _written(types), **result}


def _picture(name: str, data: bytes) -> bytes | None:
    form = _PICTURES.get(posixpath.splitext(name)[1].lower())
    if form is None:
        return None
    try:
        return clean_picture(data, form)
    except Rejected as error:
        if error.code == "pixels":
            raise
        return None


def _tree(name: str, data: bytes) -> Any:
    try:
        return parse(data)
    except etree.XMLSyntaxError:
        if name.endswith(".vml"):  # Excel reads its own drawings of comments even when they are no XML
            return None
        raise


def parse(data: bytes) -> Any:
    """Return the root of an XML part; one with a document type is a trap. Raises Rejected and XMLSyntaxError."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data or "<!DOCTYPE".encode("utf-16-le") in data[:8192]:
        raise Rejected("bomb")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise Rejected("bomb")
    return root


def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _relations(data: bytes | None, part: str, kept: Any) -> tuple[Any, set[str]]:
    """The relations to kept parts, and their ids; a way out of the file is none of them."""
    if data is None:
        return None, set()
    root, known = parse(data), set()
    for relation in list(root):
        target = relation.get("Target", "")
        place = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        )
        if relation.tag == _RELATION and relation.get("TargetMode") != "External" and place in kept:
            known.add(relation.get("Id", ""))
        else:
            root.remove(relation)
    return root, known


def _clean_tree(root: Any, known: set[str], room: str) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name in _GONE:
            _drop(element)
            continue
        _clean_attributes(element, name, known)
        if room == "xl":
            _clean_cell_things(element, name)


def _clean_attributes(element: Any, name: str, known: set[str]) -> None:
    for key, value in list(element.attrib.items()):
        plain = etree.QName(key).localname
        if key.startswith(_LINKS):
            if value not in known:
                del element.attrib[key]
        elif plain in _WHO:
            element.set(key, NOBODY)
        elif _UNSAID.fullmatch(plain) and not _is_meant(name, plain):
            del element.attrib[key]


def _is_meant(element: str, attribute: str) -> bool:
    """Attributes of these names that mean something else: the id of a point of a diagram holds it together."""
    return (attribute == "modelId" and element in ("pt", "cxn")) or (
        attribute == "title" and element == "sheet"
    )


def _clean_cell_things(element: Any, name: str) -> None:
    if name == "author":
        element.text = NOBODY
    elif name in ("f", "definedName") and _FOREIGN_FORMULA.search(element.text or ""):
        _drop(element)


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _content_types(root: Any, kept: Any, room: str) -> Any:
    for item in list(root):
        part = item.get("PartName", "").lstrip("/")
        if item.tag == f"{_TYPES}Override" and part not in kept:
            root.remove(item)
        elif part == ("word/document.xml" if room == "word" else "xl/workbook.xml"):
            item.set("ContentType", _MAIN[room])
    return root


def _root_relations(room: str) -> bytes:
    target = "word/document.xml" if room == "word" else "xl/workbook.xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    ).encode()


def _written(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _pack(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()
