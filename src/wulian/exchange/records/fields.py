"""What the fields of a record may hold; times are aware, money is in yuan unless `currency` says otherwise."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from stdnum.cn import uscc as uscc_rule

BEIJING = ZoneInfo("Asia/Shanghai")
LIST_SEPARATOR = ";"
MOST = 2_147_483_647
"""The largest count that both databases store."""


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=BEIJING)


def _valid_uscc(value: str) -> str:
    if value and not uscc_rule.is_valid(value):
        raise ValueError("统一社会信用代码应为18位且校验码正确（GB 32100）")
    return value


Time = Annotated[datetime, AfterValidator(_aware)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
SignedMoney = Annotated[Decimal, Field(max_digits=18, decimal_places=2)]
Ratio = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]
Uscc = Annotated[str, AfterValidator(_valid_uscc)]
Key = Annotated[str, Field(min_length=1, max_length=128)]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=20000)]
Sector = Literal["", "housing", "transport", "water", "land", "other"]
Mode = Literal["", "open", "selective", "limited", "direct"]
Category = Literal["", "works", "goods", "survey", "design", "supervision", "services", "epc"]
NoticeKind = Literal[
    "plan",
    "prequalification",
    "tender",
    "invitation",
    "amendment",
    "candidates",
    "award",
    "contract",
    "termination",
    "exemption",
]
BidStatus = Literal["received", "valid", "disqualified", "withdrawn", "undecrypted"]


class Record(BaseModel):
    """A row of a dossier; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, validate_assignment=False)

    id: Key = Field(title="编号")
