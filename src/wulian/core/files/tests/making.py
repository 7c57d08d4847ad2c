"""Real files that carry the traces real programs leave: cameras, Word, Excel, PDF printers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

import docx
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

AUTHOR = "KanariSchreiber"
PLACE = "KanariPlatz"
CAMERA = "KanariKamera"
MARKS = (AUTHOR, PLACE, CAMERA)
"""What must be found nowhere once a file is stripped."""
WORDS = "开标时三家的投标保证金从同一账户转出"

_GPS, _LATITUDE, _AREA = 0x8825, 2, 0x1C


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    """A file as a form hands it over."""
    return SimpleUploadedFile(name, data)


@cache
def photo(width: int = 64, height: int = 48, *, form: str = "JPEG", noise: bool = False) -> bytes:
    """A picture taken lying on its side, with camera, owner, place and a small preview in its metadata."""
    base = Image.effect_noise((width, height), 60) if noise else Image.new("L", (width, height), 120)
    image = base.convert("RGB")
    image.paste((200, 30, 30), (0, 0, width // 4, height // 4))
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x0112] = CAMERA, AUTHOR, 6
    exif[_GPS] = {1: "N", _LATITUDE: (31.0, 41.0, 24.72), _AREA: PLACE.encode()}
    target = io.BytesIO()
    if form == "JPEG":
        image.save(target, "JPEG", exif=exif, comment=AUTHOR.encode(), quality=88, icc_profile=_profile())
    else:
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", AUTHOR)
        info.add_itxt("XML:com.adobe.xmp", f"<x>{PLACE}</x>")
        image.save(target, form, exif=exif, pnginfo=info)
    return target.getvalue()


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def pdf(pages: int = 2) -> bytes:
    """A scan with everything a PDF can say about its maker."""
    base = io.BytesIO()
    first, *others = [Image.open(io.BytesIO(photo())) for _page in range(pages)]
    first.save(base, "PDF", save_all=True, append_images=others)
    writer = PdfWriter(clone_from=PdfReader(base))
    writer.add_metadata({"/Author": AUTHOR, "/Creator": CAMERA, "/Title": PLACE})
    writer.xmp_metadata = f"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' rdf:about=''><dc:source>{AUTHOR}</dc:source></rdf:Description></rdf:RDF></x:xmpmeta>".encode()  # fmt: skip
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject(f"app.alert('{AUTHOR}')"),
        }
    )
    writer.add_attachment(f"{AUTHOR}.txt", PLACE.encode())
    note = FreeText(text=WORDS, rect=(5, 5, 60, 40))
    note[NameObject("/T")] = TextStringObject(AUTHOR)
    writer.add_annotation(0, note)
    page = writer.pages[0]
    private = DictionaryObject({NameObject("/Private"): TextStringObject(AUTHOR)})
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/KanariApp"): private})
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): TextStringObject(PLACE)})
    for item in list(writer._objects):
        if isinstance(item, StreamObject) and item.get("/Subtype") == "/Image":
            item._data = photo()
            item[NameObject("/Filter")] = NameObject("/DCTDecode")
            item[NameObject("/Metadata")] = writer._add_object(_stream(AUTHOR.encode()))
    writer._ID = ArrayObject([TextStringObject(AUTHOR), TextStringObject(PLACE)])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream._data = data
    return stream


def word() -> bytes:
    """A letter with an author, revisions, a comment, a picture of a telephone and a link to the outside."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = AUTHOR
    document.core_properties.comments, document.core_properties.created = PLACE, datetime(2026, 3, 1)
    paragraph = document.add_paragraph(WORDS)
    paragraph._p.set(qn("w:rsidR"), "00CA4A81")
    run = paragraph.add_run("删去的话")
    document.add_comment(run, text="请核对流水号", author=AUTHOR, initials="KS")
    who = f'w:id="7" w:author="{AUTHOR}" w:date="2026-03-01T08:00:00Z"'
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')} {who}><w:r><w:t>补充一句</w:t></w:r></w:ins>"))
    document.add_picture(io.BytesIO(photo()))
    link = document.part.relate_to(
        f"https://example.com/{AUTHOR}", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )  # fmt: skip
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{link}"><w:r><w:t>招标公告</w:t></w:r></w:hyperlink>'
        )
    )
    target = io.BytesIO()
    document.save(target)
    parts = {
        "customXml/item1.xml": f"<a>{AUTHOR}</a>".encode(),
        "word/people.xml": f"<p>{AUTHOR}</p>".encode(),
        "docProps/custom.xml": f"<p>{AUTHOR}</p>".encode(),
        "docProps/thumbnail.jpeg": photo(),
        "word/vbaProject.bin": AUTHOR.encode(),
        "word/printerSettings/printerSettings1.bin": AUTHOR.encode(),
    }
    return rezipped(target.getvalue(), parts)


def workbook() -> bytes:
    """A table with properties, a comment, a picture, a link and a path of somebody's computer."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"author": AUTHOR, "company": PLACE, "manager": AUTHOR})
    sheet = book.add_worksheet("流水")
    sheet.write(0, 0, WORDS)
    sheet.write(1, 0, 500000)
    sheet.write_formula(2, 0, "=A2*2", None, 1000000)
    sheet.write_comment(0, 0, "请核对流水号", {"author": AUTHOR})
    sheet.write_url(3, 0, f"https://example.com/{AUTHOR}", string="来源")
    sheet.insert_image(5, 0, "p.jpg", {"image_data": io.BytesIO(photo()), "description": PLACE})
    book.close()
    path = f"/Users/{AUTHOR}/流水.xlsx"

    def with_path(data: bytes) -> bytes:
        extra = (
            f'<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="{path}"/>'
            f'<fileSharing userName="{AUTHOR}"/>'
        )
        return data.replace(b"<sheets>", extra.encode() + b"<sheets>")

    return rezipped(
        target.getvalue(), {"xl/persons/person.xml": AUTHOR.encode()}, {"xl/workbook.xml": with_path}
    )


def rezipped(
    data: bytes,
    extra: Mapping[str, bytes] | None = None,
    changed: Mapping[str, Callable[[bytes], bytes]] | None = None,
) -> bytes:
    """The same archive with more parts, or changed ones."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if extra and info.filename in extra:
                continue
            content = old.read(info)
            new.writestr(info.filename, (changed or {}).get(info.filename, lambda same: same)(content))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target.getvalue()
