"""Traces in Word and Excel files: who saved them, with what, when, and the pictures in them."""

from __future__ import annotations

import hashlib
import io
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.traces import Picture, Traces

_CORE = {
    "creator": "author",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
    "lastPrinted": "printed",
    "revision": "revision",
}
_APP = {
    "Company": "company",
    "Manager": "manager",
    "Template": "template",
    "Application": "application",
    "AppVersion": "build",
    "TotalTime": "editing_minutes",
}
MOST_PICTURES, SECONDS = 600, 40
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")


def office_traces(data: bytes, limits: Limits) -> Traces:
    """Return the properties and pictures of a Word or Excel file; a broken part tells nothing."""
    values: dict[str, dict[str, None]] = defaultdict(dict)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for kind, value in _properties(archive):
            if value.strip():
                values[kind][value.strip()] = None
        pictures, notes = _pictures(archive)
    return Traces({kind: tuple(found) for kind, found in values.items()}, pictures, notes)


def _properties(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = set(archive.namelist())
    for part, wanted in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
        for element in _elements(archive, part, names):
            kind = wanted.get(_local(element.tag))
            if kind:
                yield kind, element.text or ""
    for element in _elements(archive, "word/settings.xml", names):
        tag = _local(element.tag)
        if tag in ("rsid", "rsidRoot"):
            yield "rsid", _attribute(element, "val")
        elif tag == "docId":
            yield "document_id", _attribute(element, "val")
        elif tag == "attachedTemplate":
            yield "template", _attribute(element, "id")
    for part in names:
        if part in ("word/document.xml", "word/comments.xml"):
            for element in _elements(archive, part, names):
                if _local(element.tag) in ("ins", "del", "comment"):
                    yield "reviser", _attribute(element, "author")
        elif part == "xl/workbook.xml":
            for element in _elements(archive, part, names):
                if _local(element.tag) == "absPath":
                    yield "path", element.get("url", "")
                elif _local(element.tag) == "fileVersion":
                    yield "build", element.get("rupBuild", "")
        elif part.startswith("docProps/thumbnail"):
            yield "thumbnail", hashlib.sha256(archive.read(part)).hexdigest()


def _elements(archive: zipfile.ZipFile, part: str, names: set[str]) -> Iterator[Any]:
    if part not in names:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(archive.read(part), parser)
    except (etree.XMLSyntaxError, KeyError, zipfile.BadZipFile, ValueError):
        return
    yield from (element for element in root.iter() if isinstance(element.tag, str))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if _local(key) == name), "")


def _pictures(archive: zipfile.ZipFile) -> tuple[tuple[Picture, ...], tuple[str, ...]]:
    parts = [name for name in archive.namelist() if re.search(r"(?:^|/)media/", name)]
    parts = [name for name in parts if name.lower().endswith(_PICTURES)]
    if not parts:
        return (), ()
    # Loaded only where there are pictures: most of what a reader's start costs.
    from wulian.analysis.documents.pictures import describe

    found: list[Picture] = []
    started = time.monotonic()
    for number, name in enumerate(parts):
        if number >= MOST_PICTURES or time.monotonic() - started > SECONDS:
            return tuple(found), (f"图片过多：共{len(parts)}幅，比对了前{number}幅",)
        picture = describe(archive.read(name), place=name, page=0)
        if picture:
            found.append(picture)
    return tuple(found), ()
