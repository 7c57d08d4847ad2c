"""Real files of bidders for the tests: Word with pictures and properties, workbooks with bills, exports of the trading system."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import docx
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFilter

from wulian.analysis.documents import Traces
from wulian.analysis.documents.pictures import describe
from wulian.analysis.similarity.bills import Bill, Item
from wulian.analysis.similarity.facts import Fact, Facts
from wulian.analysis.similarity.files import ReadFile, read_bids
from wulian.analysis.similarity.tests.texts import own_text

CHU, ZENG, JIANG = "湖北楚天建设集团有限公司", "随州曾都建筑工程有限公司", "武汉江城水利水电有限公司"
HAN, ZHANG = "襄阳汉江路桥工程有限公司", "荆门漳河建设有限公司"
FIRMS = (CHU, ZENG, JIANG, HAN, ZHANG)


def photograph(seed: int, width: int = 900, height: int = 600) -> Image.Image:
    """A picture with so many shapes that no other seed gives it."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), (240, 238, 230))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(width), chance.randrange(height)
        corner = (x + chance.randrange(20, 180), y + chance.randrange(20, 180))
        colour = tuple(chance.randrange(256) for _ in range(3))
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)([(x, y), corner], fill=colour)
    return image.filter(ImageFilter.GaussianBlur(1))


def encoded(image: Image.Image, quality: int | None = None) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG" if quality else "PNG", **({"quality": quality} if quality else {}))
    return out.getvalue()


def word(
    path: Path,
    paragraphs: Sequence[str] = (),
    *,
    pictures: Sequence[bytes] = (),
    rsids: Sequence[str] = (),
    **properties: Any,
) -> Path:
    """A Word file; properties as python-docx names them. Its sessions are only those that are given."""
    file = docx.Document()
    for paragraph in paragraphs or own_text(crc32(path.parent.name.encode()), 4):
        file.add_paragraph(paragraph)
    for picture in pictures:
        file.add_picture(io.BytesIO(picture))
    day = datetime(2026, 1, 1) + timedelta(minutes=crc32(str(path).encode()) % 150_000)
    defaults = {"author": "", "last_modified_by": "", "created": day, "modified": day + timedelta(hours=3)}
    for name, value in {**defaults, **properties}.items():
        setattr(file.core_properties, name, value)
    settings = file.settings.element
    for group in settings.findall(qn("w:rsids")):
        settings.remove(group)
    group = OxmlElement("w:rsids")
    for value in rsids:
        session = OxmlElement("w:rsid")
        session.set(qn("w:val"), value)
        group.append(session)
    settings.append(group)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))
    return path


def pictured(bidder: str, *images: bytes, name: str = "技术标.docx") -> ReadFile:
    """A file as it was read, with these pictures."""
    described = [describe(image, place=f"图{n}", page=0) for n, image in enumerate(images, start=1)]
    traces = Traces(pictures=tuple(one for one in described if one))
    return ReadFile(f"{bidder}/{name}", bidder, "0" * 64, "", traces=traces, format="docx")


def workbook(
    path: Path, prices: Sequence[float | None], *, changes: dict[int, dict[str, Any]] | None = None
) -> Path:
    """A bill as bidders hand it in: a title, a head of two rows, chapters, items and a sum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties(
        {"created": datetime(2026, 1, 1) + timedelta(minutes=crc32(str(path).encode()) % 150_000)}
    )
    sheet = book.add_worksheet("分部分项清单")
    sheet.write_row(0, 0, ["分部分项工程和单价措施项目清单与计价表"])
    sheet.write_row(1, 0, ["序号", "项目编码", "项目名称", "计量\n单位", "工程量", "金额（元）"])
    sheet.write_row(2, 5, ["综合单价", "合价"])
    row = 3
    for number, price in enumerate(prices):
        if number % 40 == 0:
            sheet.write_row(row, 2, [f"第{number // 40 + 1}分部"])
            row += 1
        line = {
            "code": f"0101{number:05d}001",
            "quantity": quantity(number),
            **(changes or {}).get(number, {}),
        }
        if line.get("left_out"):
            continue
        total = line.get("total", None if price is None else round(line["quantity"] * price, 2))
        sheet.write_row(
            row, 0, [number + 1, line["code"], f"清单项目{number}", "m3", line["quantity"], price, total]
        )
        row += 1
    sheet.write_row(row, 2, ["税金", None, 1, 8888.0, 8888.0])
    sheet.write_row(row + 1, 2, ["合计"])
    book.close()
    return path


def quantity(number: int) -> float:
    return round(random.Random(number).uniform(5, 900), 2)


def bill(prices: Sequence[float | None], source: str = "清单.xlsx") -> Bill:
    """The same bill without a file."""
    items = tuple(
        Item(f"0101{number:05d}001", f"清单项目{number}", "m3", f"第{number // 40 + 1}分部", quantity(number), price,
             None if price is None else round(quantity(number) * price, 2), "清单", number + 4)
        for number, price in enumerate(prices)
    )  # fmt: skip
    return Bill(source, items)


def machine(folder: Path, *records: dict[str, str]) -> None:
    """The export of the trading system."""
    data = {"schema": "wulian.machine/1", "records": list(records)}
    (folder / "machine.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> list[ReadFile]:
    files, problems = read_bids(folder)
    assert not problems
    return files


def facts(kind: str, *rows: dict[str, str], **more: Any) -> Facts:
    """Rows of one kind, already read."""
    made = tuple(
        Fact(row.get("bidder", ""), {k: v for k, v in row.items() if k != "bidder"}, f"{kind}.csv", number)
        for number, row in enumerate(rows, start=1)
    )
    return Facts(**{kind: made, **more})
