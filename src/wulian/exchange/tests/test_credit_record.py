"""双公示: the record and its file (REFERENCE G.5)."""

import json
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from wulian.exchange.credit_record import (
    COLUMNS,
    CreditRecord,
    file_name,
    masked_name,
    read_csv,
    read_row,
    to_wan,
    write_csv,
    write_json,
)


def record(**changes):
    given = {
        "CF_XDR_MC": "随州市城市建设投资有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": "91421300741767836N",
        "CF_FRDB": "李国强",
        "CF_WSH": "随住更罚决〔2026〕1号",
        "CF_WFXW": "投标准备期不足",
        "CF_SY": "招标文件6月1日发出，6月18日截止投标。",
        "CF_YJ": "《中华人民共和国招标投标法实施条例》第六十四条",
        "CF_CFLB": ("罚款",),
        "CF_NR": "处罚款人民币伍万元整（¥50,000.00）。",
        "CF_NR_FK": to_wan(Decimal("50000")),
        "CF_JDRQ": date(2026, 7, 9),
        "CF_YXQ": date(2027, 7, 9),
        "CF_GSJZQ": date(2027, 7, 9),
        "CF_CFJG": "随州市住房和城市更新局",
        "CF_CFJGDM": "11421300MB1C12345Q",
        "CF_SJLY": "随州市住房和城市更新局",
        "CF_SJLYDM": "11421300MB1C12345Q",
    }
    from stdnum.cn import uscc

    code = "11421300MB1C12345"
    given["CF_CFJGDM"] = given["CF_SJLYDM"] = code + uscc.calc_check_digit(code)
    return CreditRecord.model_validate({**given, **changes})


def test_amounts_are_in_ten_thousands_with_six_decimals():
    assert to_wan(Decimal("50000")) == Decimal("5.000000")
    assert record().row()["CF_NR_FK"] == "5.000000"
    assert record(CF_NR_FK=to_wan(Decimal("86420"))).row()["CF_NR_FK"] == "8.642000"


def test_a_file_is_read_back_as_it_was_written():
    found = [record(), record(CF_WSH="随住更罚决〔2026〕2号", CF_CFLB=("警告", "罚款"))]
    assert read_csv(write_csv(found)) == found
    assert [read_row(row) for row in json.loads(write_json(found))["records"]] == found


def test_the_csv_has_a_byte_order_mark_and_the_columns_of_the_standard_in_order():
    content = write_csv([record()])
    assert content.startswith(b"\xef\xbb\xbfCF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,")
    assert len(COLUMNS) == 30


def test_no_cell_runs_as_a_formula():
    content = write_csv([record(CF_SY="=HYPERLINK(1)")]).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in content


@pytest.mark.parametrize(
    "wrong",
    [
        {"CF_XDR_SHXYM": "91421300741767836Q"},  # GB 32100 check digit
        {"CF_XDR_SHXYM": ""},
        {"CF_FRDB": ""},
        {"CF_WSH": ""},
        {"CF_CFLB": ()},
        {"CF_CFLB": ("没收",)},
        {"CF_NR_FK": None},
        {"CF_CFLB": ("警告",)},
        {"CF_NR_FK": Decimal("-1")},
        {"CF_NR_FK": Decimal("1.0000001")},
        {"CF_GSJZQ": date(2026, 7, 8)},
        {"CF_CFJGDM": ""},
        {"CF_XX": "没有这个字段"},
    ],
)
def test_a_record_that_the_province_would_return_is_refused_here(wrong):
    with pytest.raises(ValidationError):
        record(**wrong)


def test_the_public_sees_no_identity_document_and_a_person_only_by_surname():
    person = record(
        CF_XDR_MC="王建国", CF_XDR_LB="自然人", CF_XDR_SHXYM="", CF_FRDB="", CF_XDR_ZJLX="身份证",
        CF_XDR_ZJHM="421300199001011234", CF_SY="王建国出借资质。", CF_NR="对王建国处罚款。",
    )  # fmt: skip
    shown = person.public()
    assert (shown["CF_XDR_MC"], shown["CF_SY"], shown["CF_NR"]) == (
        "王**",
        "王**出借资质。",
        "对王**处罚款。",
    )
    assert "421300199001011234" not in "".join(shown.values())
    assert not {"CF_XDR_ZJHM", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_FR_ZJLX"} & set(shown)
    assert masked_name("王建国") == "王**"


def test_a_batch_is_named_by_authority_day_and_sequence():
    assert file_name("11421300MB1C123456", date(2026, 7, 9), 1) == "11421300MB1C123456_20260709_001"
    with pytest.raises(ValueError, match="credit code"):
        file_name("../../etc", date(2026, 7, 9), 1)
