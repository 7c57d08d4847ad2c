from __future__ import annotations

import io
import struct
import zipfile
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter

from wulian.exchange.labels import TABLE_LABELS, VALUE_LABELS, field_type, is_coded
from wulian.exchange.records import TABLES, DossierRecord, own_fields
from wulian.exchange.refusals import Refusal
from wulian.exchange.workbook import (
    example_dossiers,
    read_workbook,
    write_csv_template,
    write_refusals,
    write_refusals_csv,
    write_template,
    write_workbook,
)
from wulian.exchange.workbook.columns import columns_of
from wulian.exchange.workbook.opening import WorkbookLimits


def example_sheets() -> dict[str, list[list[object]]]:
    """The example workbook as rows, to be changed before it is read."""
    stream = io.BytesIO()
    write_workbook(example_dossiers(), stream)
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def as_file(sheets: dict[str, list[list[object]]]) -> io.BytesIO:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"}
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    stream.seek(0)
    return stream


def column(sheets: dict[str, list[list[object]]], sheet: str, header: str) -> int:
    return [str(cell).rstrip("*") for cell in sheets[sheet][0]].index(header)


def set_cell(sheets, sheet, row, header, value):
    sheets[sheet][row - 1][column(sheets, sheet, header)] = value


def add_second_project(sheets):
    """A project that hangs on nothing, to see that it enters when the other one is refused."""
    row = [""] * len(sheets["项目"][0])
    row[column(sheets, "项目", "编号")] = "第二个项目"
    row[column(sheets, "项目", "项目名称")] = "广水市应山街道污水管网工程"
    sheets["项目"].append(row)


def results_of(sheets) -> list[DossierRecord | Refusal]:
    return list(read_workbook(as_file(sheets)))


def test_the_empty_template_can_be_uploaded_and_holds_nothing():
    stream = io.BytesIO()
    write_template(stream)
    stream.seek(0)
    assert list(read_workbook(stream)) == []


def test_the_template_has_a_sheet_for_every_table_and_an_instruction_sheet():
    stream = io.BytesIO()
    write_template(stream)
    names = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).sheet_names
    assert names == ["填写说明", *TABLE_LABELS.values()]
    with zipfile.ZipFile(stream) as archive:
        notices = archive.read(f"xl/worksheets/sheet{names.index('公告') + 1}.xml").decode()
    assert "中标候选人公示" in notices, "the drop-down list of notice kinds is in Chinese"


@pytest.mark.parametrize("table", TABLES)
def test_every_code_of_a_table_has_a_chinese_label(table):
    for field in own_fields(table):
        if is_coded(table, field):
            values = {value for value in field_type(table, field).__args__ if value}
            labels = VALUE_LABELS[table, field]
            assert set(labels) == values
            assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("table", TABLES)
def test_no_two_columns_of_a_sheet_have_the_same_header(table):
    headers = [column.header for column in columns_of(table)]
    assert len(set(headers)) == len(headers)


def test_the_example_covers_every_table_and_comes_back_as_it_was():
    (before,) = example_dossiers()
    (after,) = results_of(example_sheets())
    assert isinstance(after, DossierRecord), after
    assert after.project == before.project
    assert {p.id for p in after.parties} == {p.id for p in before.parties}
    assert after.told == frozenset(TABLES)


def test_a_bad_cell_names_sheet_row_column_reason_and_nothing_of_that_project_enters():
    sheets = example_sheets()
    add_second_project(sheets)
    set_cell(sheets, "投标", 3, "报价", "四千万")
    set_cell(sheets, "公告", 2, "公告类型", "通知")
    refusals = [item for item in results_of(sheets) if isinstance(item, Refusal)]
    entered = [item for item in results_of(sheets) if isinstance(item, DossierRecord)]
    assert [item.source_id for item in entered] == ["第二个项目"]
    places = {(r.sheet, r.row_no, r.column) for r in refusals}
    assert places == {("投标", 3, "报价"), ("公告", 2, "公告类型")}
    by_sheet = {r.sheet: r for r in refusals}
    assert by_sheet["投标"].record_id == "示例项目"
    assert "金额" in by_sheet["投标"].message
    assert by_sheet["投标"].raw == "四千万"
    assert "招标公告" in by_sheet["公告"].message


@pytest.mark.parametrize(
    ("sheet", "header", "value", "words"),
    [
        ("项目", "项目名称", "", "必填"),
        ("项目", "批准日期", "去年", "日期"),
        ("项目", "政府投资", "也许", "是"),
        ("标段", "投标有效期（日）", 90.5, "整数"),
        ("标段", "履约保证金比例", 3, "比例"),
        ("主体", "统一社会信用代码", "913501001M000100Y4", "信用代码"),
        ("投标", "投标人", "不存在的公司", "主体"),
        ("投标", "所属标段", "标段9", "标段"),
        ("评委打分", "评委", "评委9", "评委"),
        ("投标", "报价", -1, "不小于0"),
        ("投标", "报价", "#DIV/0!", "错误值"),
        ("标段", "标段编号", 4.2130100010001231e18, "文本格式"),
    ],
)
def test_each_kind_of_mistake_is_explained(sheet, header, value, words):
    sheets = example_sheets()
    set_cell(sheets, sheet, 2, header, value)
    refusals = [item for item in results_of(sheets) if isinstance(item, Refusal)]
    assert any(
        r.sheet == sheet and r.row_no == 2 and r.column == header and words in r.message for r in refusals
    ), refusals
    assert not [item for item in results_of(sheets) if isinstance(item, DossierRecord)]


def test_an_unknown_column_and_a_missing_required_one_are_named_and_nothing_enters():
    sheets = example_sheets()
    sheets["项目"][0][column(sheets, "项目", "项目名称")] = "项目名"
    refusals = results_of(sheets)
    assert all(isinstance(item, Refusal) for item in refusals)
    assert any("项目名称" in r.message and r.column == "项目名" for r in refusals)
    assert any("缺少必填的列" in r.message and r.column == "项目名称" for r in refusals)


def test_an_unknown_sheet_with_content_is_named():
    sheets = example_sheets() | {"投标人名单": [["名称"], ["某公司"]]}
    (refusal,) = results_of(sheets)
    assert refusal.sheet == "投标人名单"


def test_doubled_keys_and_rows_without_their_project_are_refused():
    sheets = example_sheets()
    sheets["投标"].append(list(sheets["投标"][1]))
    set_cell(sheets, "公告", 3, "所属项目", "没有的项目")
    refusals = [item for item in results_of(sheets) if isinstance(item, Refusal)]
    assert any(r.sheet == "投标" and "重复" in r.message for r in refusals)
    assert any(r.sheet == "公告" and r.record_id == "没有的项目" for r in refusals)


def test_a_value_that_looks_like_a_formula_stays_a_text(tmp_path):
    sheets = example_sheets()
    set_cell(sheets, "项目", 2, "建设地点", '=HYPERLINK("http://evil","点我")')
    (dossier,) = results_of(sheets)
    assert dossier.project.address.startswith("=HYPERLINK")
    stream = io.BytesIO()
    write_workbook([dossier], stream)
    with zipfile.ZipFile(stream) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/" in name)


def test_error_reports_neutralise_formulas():
    refusal = Refusal(3, "=1+1", "@SUM(A1)", "应为数字", "-2+3", "+表")
    stream = io.BytesIO()
    write_refusals_csv([refusal], stream)
    text = stream.getvalue().decode("utf-8-sig")
    assert '"\'=1+1"' in text or "'=1+1" in text
    assert ",=" not in text
    assert ",@" not in text
    stream = io.BytesIO()
    write_refusals([refusal], stream)
    with zipfile.ZipFile(stream) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_wrong_file_type_is_told_what_to_do():
    for data, words in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
        (b"PK\x03\x04 not a zip", ".xlsx"),
        (b"%PDF-1.7 \x00\x00", "文本"),
        (b"", "空"),
    ):
        (refusal,) = read_workbook(io.BytesIO(data))
        assert isinstance(refusal, Refusal)
        assert words in refusal.message


def test_a_zip_bomb_is_refused_even_when_it_lies_about_its_size():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    data = bytearray(stream.getvalue())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    limits = WorkbookLimits(unpacked=5_000_000)
    (refusal,) = read_workbook(io.BytesIO(bytes(data)), limits=limits)
    assert "压缩炸弹" in refusal.message


def test_one_cell_in_the_last_corner_is_refused_before_the_sheet_is_laid_out():
    sheets = example_sheets()
    stream = as_file(sheets)
    parts = {}
    with zipfile.ZipFile(stream) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    name = "xl/worksheets/sheet1.xml"
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", corner)
    hostile = io.BytesIO()
    with zipfile.ZipFile(hostile, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    hostile.seek(0)
    (refusal,) = read_workbook(hostile)
    assert "过多" in refusal.message


FLAT = {
    "项目代码": "2401-421303-04-01-900001",
    "项目名称": "城区道路改造工程",
    "项目单位": "随州市城投",
    "项目单位统一社会信用代码": "91350100M000100Y43",
    "招标项目编号": "E4213010001000123",
    "招标项目名称": "城区道路改造工程施工招标",
    "招标方式": "公开招标",
    "招标人": "随州市城投",
    "招标人统一社会信用代码": "91350100M000100Y43",
    "标段编号": "E4213010001000123001",
    "标段名称": "一标段",
    "估算价": "43,500,000",
    "投标截止时间": "2025-04-08 09:30",
    "中标人": "编钟建设",
    "中标价": "41860000",
}


def flat_csv(*rows: dict[str, str], encoding: str = "utf-8") -> io.BytesIO:
    import csv

    text = io.StringIO()
    writer = csv.DictWriter(text, FLAT)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_flat_csv_is_read_in_the_encodings_of_chinese_offices(encoding):
    second = FLAT | {"标段编号": "E4213010001000123002", "标段名称": "二标段", "中标人": ""}
    (dossier,) = read_workbook(flat_csv(FLAT, second, encoding=encoding))
    assert isinstance(dossier, DossierRecord), dossier
    first, other = dossier.project.tenders[0].lots
    assert (first.name, other.name) == ("一标段", "二标段")
    assert first.estimated_price == Decimal("43500000.00")
    assert first.documents[0].deadline_at.hour == 9
    assert {p.name for p in dossier.parties} == {"随州市城投", "编钟建设"}


def test_a_flat_csv_names_the_row_and_column_of_a_mistake():
    rows = [FLAT, FLAT | {"项目代码": "", "项目名称": "另一个项目", "估算价": "很多"}]
    dossier, refusal = sorted(read_workbook(flat_csv(*rows)), key=lambda item: isinstance(item, Refusal))
    assert isinstance(dossier, DossierRecord)
    assert (refusal.row_no, refusal.column, refusal.record_id) == (3, "估算价", "另一个项目")


def test_lots_that_contradict_each_other_about_their_project_are_refused():
    second = FLAT | {"标段编号": "2", "招标方式": "邀请招标"}
    (refusal,) = read_workbook(flat_csv(FLAT, second))
    assert refusal.column == "招标方式"
    assert "第2行" in refusal.message


def test_the_csv_template_has_the_headers_that_the_reader_knows():
    stream = io.BytesIO()
    write_csv_template(stream)
    assert stream.getvalue().startswith(b"\xef\xbb\xbf")
    assert list(read_workbook(io.BytesIO(stream.getvalue()))) == []


def test_a_csv_that_is_too_long_or_broken_is_refused():
    (refusal,) = read_workbook(flat_csv(*[FLAT] * 20), limits=WorkbookLimits(rows=10))
    assert "行数过多" in refusal.message
    (refusal,) = read_workbook(io.BytesIO('项目名称,"未闭合\n1,2'.encode()))
    assert "格式有误" in refusal.message


@pytest.mark.parametrize("seed", range(60))
def test_a_workbook_with_bytes_knocked_over_is_refused_and_never_raises(seed):
    import random

    luck = random.Random(seed)
    data = bytearray(as_file(example_sheets()).getvalue())
    for _ in range(luck.choice((1, 5, 50))):
        data[luck.randrange(len(data))] = luck.randrange(256)
    for item in read_workbook(io.BytesIO(bytes(data[: luck.choice((len(data), len(data) // 2))]))):
        assert isinstance(item, DossierRecord | Refusal)
