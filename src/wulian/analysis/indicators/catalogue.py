"""The 11 indicators of the Open Contracting Partnership's Cardinal: what each means, reads and can be set to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

SOURCE = "Open Contracting Partnership, Red Flags in Public Procurement (2024); Cardinal 0.0.8"
Group = Literal["OCID", "Buyer", "ProcuringEntity", "Tenderer"]
GROUPS: tuple[Group, ...] = ("OCID", "Buyer", "ProcuringEntity", "Tenderer")
GROUP_TITLES: dict[Group, str] = {
    "OCID": "招标过程",
    "Buyer": "采购人",
    "ProcuringEntity": "招标人",
    "Tenderer": "投标人",
}


@dataclass(frozen=True)
class Option:
    """A setting of an indicator: `kind` whole, ratio, texts (``a|b``) or days (whole days by procurement method)."""

    name: str
    kind: Literal["whole", "ratio", "texts", "days"]
    default: Any
    title: str
    lowest: int | None = 0
    highest: int | None = None


@dataclass(frozen=True)
class Indicator:
    """An indicator under its public code; `default` says in words what applies when nothing is set."""

    code: str
    title: str
    title_en: str
    definition: str
    definition_en: str
    fields: tuple[str, ...]
    groups: tuple[Group, ...]
    default: str
    value: str
    options: tuple[Option, ...] = ()
    source: str = SOURCE

    @property
    def number(self) -> int:
        """The number in the code: 24 of R024."""
        return int(self.code[1:])

    @property
    def option_names(self) -> tuple[str, ...]:
        """The names of the settings."""
        return tuple(option.name for option in self.options)

    def option(self, name: str) -> Option:
        """Return a setting by name; KeyError when there is none."""
        return {option.name: option for option in self.options}[name]


_FENCE = Option("threshold", "ratio", None, "界限比例；不设置时用数据本身的四分位界限")
_PRICED = (
    "bids.details[].status",
    "bids.details[].value.amount",
    "bids.details[].value.currency",
    "bids.details[].tenderers[].id",
)
_AWARDED = ("awards[].status", "awards[].suppliers[].id")
_METHOD = "tender.procurementMethod"
_DETAILS = "tender.procurementMethodDetails"

CATALOGUE: tuple[Indicator, ...] = (
    Indicator(
        "R003",
        "投标期限过短",
        "Short submission period",
        "从投标期限起始到截止的整天数少于界限。",
        "The submission period is too short.",
        ("tender.tenderPeriod.startDate", "tender.tenderPeriod.endDate", _METHOD, _DETAILS),
        ("OCID",),
        "少于 15 天；任何采购方式",
        "1",
        (
            Option("threshold", "whole", 15, "天数", lowest=None),
            Option("procurement_methods", "texts", (), "只看这些采购方式（tender.procurementMethod）"),
            Option("procurement_method_details", "days", (), "某些采购方式各自的天数"),
        ),
    ),
    Indicator(
        "R018",
        "只有一家投标",
        "Single bid received",
        "竞争性采购方式下只有一家投标人。",
        "Only one tenderer submitted a bid.",
        ("tender.numberOfTenderers", _METHOD),
        ("OCID",),
        "采购方式为 open 或 selective",
        "1",
        (Option("procurement_methods", "texts", ("open", "selective"), "只看这些采购方式"),),
    ),
    Indicator(
        "R024",
        "次低价紧贴中标价",
        "Price close to winning bid",
        "中标价与次低有效报价的差额比例异常地小（低于 Q1 − 1.5 IQR）。",
        "The percentage difference between the winning bid and the second-lowest valid bid is a low outlier.",
        (*_PRICED, *_AWARDED, _DETAILS),
        ("OCID", "Tenderer"),
        "Q1 − 1.5 IQR；Q1 或界限不大于 0 时不判断",
        "差额比例；投标人一级为 0",
        (_FENCE,),
    ),
    Indicator(
        "R025",
        "屡投不中",
        "Excessive unsuccessful bids",
        "投标次数居前的投标人，中标次数与投标次数之比异常地低（低于 Q1 − 1.5 IQR）。",
        "The ratio of winning bids to submitted bids for a top tenderer is a low outlier.",
        ("bids.details[].status", "bids.details[].tenderers[].id", *_AWARDED),
        ("Tenderer",),
        "投标次数达到第 75 百分位；Q1 − 1.5 IQR；Q1 或界限不大于 0 时不判断",
        "中标次数 / 投标次数",
        (Option("percentile", "whole", 75, "投标次数的百分位", highest=100), _FENCE),
    ),
    Indicator(
        "R028",
        "报价相同",
        "Identical bid prices",
        "同一招标过程中不同投标人的报价金额和币种相同。",
        "Different tenderers submitted bids with the same price.",
        (*_PRICED, _DETAILS),
        ("OCID", "Tenderer"),
        "无界限",
        "1",
    ),
    Indicator(
        "R030",
        "逾期投标中标",
        "Late bid won",
        "中标人的有效投标晚于投标截止时间。",
        "The winning bid was received after the submission deadline.",
        (
            "bids.details[].date",
            "bids.details[].status",
            "bids.details[].tenderers[].id",
            "tender.tenderPeriod.endDate",
            *_AWARDED,
        ),
        ("OCID", "Tenderer"),
        "无界限",
        "1",
    ),
    Indicator(
        "R035",
        "除中标人外均被否决",
        "All except winning bid disqualified",
        "唯一有效的投标人就是中标人，其他投标人的投标均被否决。",
        "Bids are disqualified if not submitted by the single tenderer of the winning bid.",
        ("bids.details[].status", "bids.details[].tenderers[].id", *_AWARDED),
        ("OCID", "Tenderer"),
        "至少 1 家其他投标人被否决",
        "被否决的其他投标人数；投标人一级为 0",
        (Option("threshold", "whole", 1, "被否决的其他投标人数"),),
    ),
    Indicator(
        "R036",
        "最低报价被否决",
        "Lowest bid disqualified",
        "已递交的最低报价被否决，而另有带报价的有效投标并已定标。",
        "The lowest submitted bid is disqualified, while the award criterion is price only.",
        (*_PRICED[:3], "awards[].status", _DETAILS),
        ("OCID",),
        "无界限",
        "1",
    ),
    Indicator(
        "R038",
        "否决投标过多",
        "Excessive disqualified bids",
        "被否决投标与已递交投标之比异常地高（高于 Q3 + 1.5 IQR），分别对采购人、招标人、投标人计算。",
        "The ratio of disqualified bids to submitted bids is a high outlier per buyer, procuring entity or tenderer.",
        (
            "bids.details[].status",
            "bids.details[].tenderers[].id",
            "buyer.id",
            "tender.procuringEntity.id",
        ),
        ("Buyer", "ProcuringEntity", "Tenderer"),
        "Q3 + 1.5 IQR；至少 2 个投标",
        "被否决投标数 / 已递交投标数",
        (
            _FENCE,
            Option("minimum_submitted_bids", "whole", 2, "投标人至少递交的投标数"),
            Option("minimum_contracting_processes", "whole", 2, "采购人、招标人至少收到的投标数"),
        ),
    ),
    Indicator(
        "R048",
        "供应类别过杂",
        "Heterogeneous supplier",
        "中标供应商所供标的的类别数异常地多（高于 Q3 + 1.5 IQR）。",
        "The variety of items supplied by a tenderer is a high outlier.",
        ("awards[].items[].classification.id", *_AWARDED),
        ("Tenderer",),
        "类别代码前 2 位；至少 20 个招标过程；Q3 + 1.5 IQR",
        "类别数",
        (
            Option("digits", "whole", 2, "类别代码取前几位"),
            Option("threshold", "whole", None, "类别数；不设置时用数据本身的四分位界限"),
            Option("minimum_contracting_processes", "whole", 20, "至少中标的招标过程数"),
        ),
    ),
    Indicator(
        "R058",
        "中标价异常偏低",
        "Heavily discounted bid",
        "中标价与次低有效报价的差额比例异常地大（高于 Q3 + 1.5 IQR）。",
        "The percentage difference between the winning bid and the second-lowest valid bid is a high outlier.",
        (*_PRICED, *_AWARDED, _DETAILS),
        ("OCID", "Tenderer"),
        "Q3 + 1.5 IQR；界限不大于 0 时不判断",
        "差额比例；投标人一级为 0",
        (_FENCE,),
    ),
)
BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}
