"""双公示 (行政处罚): the record of the national credit platform with its CF_* fields, and the file that carries it.

The field codes follow the 2018 standard from memory (REFERENCE G.5, M): they are to be checked against the interface of Hubei
before the first real push.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_serializer, model_validator
from stdnum.cn import uscc as uscc_rule
from stdnum.exceptions import ValidationError as NumberError

from wulian.exchange.workbook.writing import neutralise

WAN = Decimal(10_000)
SIX_DECIMALS = Decimal("0.000001")

PartyKind = Literal["法人及非法人组织", "自然人", "个体工商户"]
PenaltyKind = Literal[
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得、没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "其他",
]
PRIVATE_FIELDS = ("CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM")
"""Never shown to the public."""

_SEPARATOR = "；"
_NAME = re.compile(r"[A-Za-z0-9]{18}_\d{8}_\d{3,}")


def _uscc(value: str) -> str:
    code = value.strip().upper()
    if not code:
        return ""
    try:
        uscc_rule.validate(code)
    except NumberError:
        raise ValueError(f"统一社会信用代码“{value}”不正确：应为18位并通过校验码检验（GB 32100）") from None
    return code


Uscc = Annotated[str, AfterValidator(_uscc)]
Required = Annotated[str, Field(min_length=1, max_length=4000)]
Optional = Annotated[str, Field(max_length=4000)]
Wan = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]


class CreditRecord(BaseModel):
    """One 行政处罚 record; amounts in 万元 with six decimals, days as dates. The names are those of the standard."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    CF_XDR_MC: Required = Field(title="行政相对人名称")
    CF_XDR_LB: PartyKind = Field(title="行政相对人类别")
    CF_XDR_SHXYM: Uscc = Field("", title="统一社会信用代码")
    CF_XDR_GSZC: Optional = Field("", title="工商注册号")
    CF_XDR_ZZJG: Optional = Field("", title="组织机构代码")
    CF_XDR_SWDJ: Optional = Field("", title="税务登记号")
    CF_XDR_SYDW: Optional = Field("", title="事业单位证书号")
    CF_XDR_SHZZ: Optional = Field("", title="社会组织登记证号")
    CF_FRDB: Optional = Field("", title="法定代表人")
    CF_FR_ZJLX: Optional = Field("", title="法定代表人证件类型")
    CF_FR_ZJHM: Optional = Field("", title="法定代表人证件号码")
    CF_XDR_ZJLX: Optional = Field("", title="自然人证件类型")
    CF_XDR_ZJHM: Optional = Field("", title="自然人证件号码")
    CF_WSH: Required = Field(title="行政处罚决定书文号")
    CF_WFXW: Required = Field(title="违法行为类型")
    CF_SY: Required = Field(title="违法事实")
    CF_YJ: Required = Field(title="处罚依据")
    CF_CFLB: tuple[PenaltyKind, ...] = Field(min_length=1, title="处罚类别")
    CF_NR: Required = Field(title="处罚内容")
    CF_NR_FK: Wan | None = Field(None, title="罚款金额（万元）")
    CF_NR_WFFF: Wan | None = Field(None, title="没收违法所得、非法财物金额（万元）")
    CF_NR_ZKDX: Optional = Field("", title="暂扣或吊销证照名称及编号")
    CF_JDRQ: date = Field(title="处罚决定日期")
    CF_YXQ: date = Field(title="处罚有效期")
    CF_GSJZQ: date = Field(title="公示截止期")
    CF_CFJG: Required = Field(title="处罚机关")
    CF_CFJGDM: Annotated[Uscc, Field(min_length=1)] = Field(title="处罚机关统一社会信用代码")
    CF_SJLY: Required = Field(title="数据来源单位")
    CF_SJLYDM: Annotated[Uscc, Field(min_length=1)] = Field(title="数据来源单位统一社会信用代码")
    CF_BZ: Optional = Field("", title="备注")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.CF_XDR_LB != "自然人" and not self.CF_XDR_SHXYM:
            raise ValueError("行政相对人是组织的，应填写统一社会信用代码（CF_XDR_SHXYM）")
        if self.CF_XDR_LB == "法人及非法人组织" and not self.CF_FRDB:
            raise ValueError("行政相对人是法人或者非法人组织的，应填写法定代表人（CF_FRDB）")
        if ("罚款" in self.CF_CFLB) != (self.CF_NR_FK is not None):
            raise ValueError("处罚类别含罚款的应填写罚款金额（CF_NR_FK），不含罚款的不填")
        if self.CF_GSJZQ < self.CF_JDRQ or self.CF_YXQ < self.CF_JDRQ:
            raise ValueError("公示截止期、处罚有效期不应早于处罚决定日期")
        return self

    @field_serializer("CF_NR_FK", "CF_NR_WFFF")
    def _amount(self, value: Decimal | None) -> str:
        return "" if value is None else f"{value:.6f}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes a record the same one to the receiver: authority and number of the decision."""
        return self.CF_CFJGDM, self.CF_WSH

    def row(self) -> dict[str, str]:
        """Return the fields as text in the order of the standard; days as 2026-07-01, several kinds joined by ；."""
        found = self.model_dump(mode="json")
        return {
            name: _SEPARATOR.join(value) if isinstance(value, list) else str(value or "")
            for name, value in found.items()
        }

    def public(self) -> dict[str, str]:
        """Return what the public may read: no identity documents, natural persons by surname only (个人信息保护法)."""
        shown = {name: value for name, value in self.row().items() if name not in PRIVATE_FIELDS}
        if self.CF_XDR_LB == "自然人":
            shown["CF_XDR_MC"] = masked_name(self.CF_XDR_MC)
            shown["CF_SY"] = self.CF_SY.replace(self.CF_XDR_MC, shown["CF_XDR_MC"])
            shown["CF_NR"] = self.CF_NR.replace(self.CF_XDR_MC, shown["CF_XDR_MC"])
        return shown


COLUMNS: Mapping[str, str] = {name: str(info.title) for name, info in CreditRecord.model_fields.items()}
"""Field code → Chinese name, in the order of the standard."""


def to_wan(yuan: Decimal) -> Decimal:
    """Return an amount in 元 as 万元 with six decimals: 50000 → 5.000000."""
    return (yuan / WAN).quantize(SIX_DECIMALS)


def masked_name(name: str) -> str:
    """Return a personal name with only its first character: 王建国 → 王**."""
    return name[:1] + "*" * (len(name) - 1)


def file_name(authority_uscc: str, day: date, sequence: int) -> str:
    """Return the name of a batch without its ending: 处罚机关代码_日期_序号; raises ValueError when a part is not fit."""
    name = f"{authority_uscc}_{day:%Y%m%d}_{sequence:03d}"
    if not _NAME.fullmatch(name):
        raise ValueError(f"a batch is named by credit code, day and sequence, not {name!r}")
    return name


def write_csv(records: Iterable[CreditRecord]) -> bytes:
    """Return the batch as CSV (UTF-8 with BOM, CF_* headers); no cell can run as a formula when it is opened."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows([neutralise(cell) for cell in record.row().values()] for record in records)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def write_json(records: Iterable[CreditRecord], *, action: str = "push") -> bytes:
    """Return the batch as JSON: `action` is push, correct or withdraw."""
    body: dict[str, Any] = {"standard": "双公示-行政处罚-2018", "action": action}
    body["records"] = [record.row() for record in records]
    return json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8")


def read_csv(content: bytes) -> list[CreditRecord]:
    """Read a batch back as the receiver would; raises pydantic's ValidationError for a record that is not one."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [read_row(row) for row in rows]


def read_row(row: Mapping[str, str]) -> CreditRecord:
    """Read what `row()` gave; raises pydantic's ValidationError for what is no record."""
    given: dict[str, Any] = {name: value for name, value in row.items() if value != ""}
    given["CF_CFLB"] = tuple(row["CF_CFLB"].split(_SEPARATOR))
    return CreditRecord.model_validate(given)
