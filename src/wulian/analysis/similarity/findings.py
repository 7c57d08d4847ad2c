"""What was found between bidders, at its legal level, with the evidence and the exclusions that a person has to test.

`deemed` is one of the six objective facts of 招标投标法实施条例 第四十条 as a candidate: it becomes evidence only after the source
is verified, the exclusions are tested and the bidders are heard. `hint` is an anomaly and no evidence by itself (REFERENCE C.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["deemed", "hint"]
State = Literal["open", "ruled_out", "applies"]
LEVELS: dict[Level, str] = {"deemed": "疑似视为串通", "hint": "线索"}
STATES: dict[State, str] = {"open": "待人工核实", "ruled_out": "已检验，不成立", "applies": "成立，已排除"}


@dataclass(frozen=True)
class Check:
    """One check of REFERENCE C.4 with the article it may serve and what has to be excluded."""

    code: str
    title: str
    article: str
    confidence: str
    exclusions: tuple[str, ...]


def _check(code: str, title: str, item: str, confidence: str, *exclusions: str) -> Check:
    article = f"《招标投标法实施条例》第四十条第（{item}）项" if item else ""
    return Check(code, title, article, confidence, exclusions)


_CONSORTIUM = "双方是同一联合体的成员"
CHECKS: dict[str, Check] = {
    check.code: check
    for check in (
        _check("H-1", "上传投标文件的电脑相同", "二", "S", "在交易中心开标现场的公用电脑上传", "网卡为虚拟网卡或出厂默认值", "硬盘序列号为克隆系统所带", _CONSORTIUM),
        _check("H-2", "制作投标文件的电脑相同", "一", "S", "与公布的招标文件、控制价文件的机器码相同", "网卡为虚拟网卡或出厂默认值", "硬盘序列号为克隆系统所带", _CONSORTIUM),
        _check("H-3", "造价软件加密锁号相同", "一", "S", "与公布的控制价文件的锁号相同", "多家单位使用的盗版锁号", _CONSORTIUM),
        _check("H-4", "文件创建标识码或文件机器码相同", "一", "S", "与公布的招标文件、控制价文件的标识码相同", "由公用模板或工具默认产生", _CONSORTIUM),
        _check("H-5", "电脑的部分特征相同", "", "S", "网卡为虚拟网卡或出厂默认值", "同型号设备的默认值"),
        _check("H-6", "网络地址相同", "", "S", "同一园区、商务楼或者移动网络的公用出口", "交易中心场内网络"),
        _check("H-7", "办理人、账号、证书或联系方式相同", "二", "E", "数字证书代办点的设备或人员", _CONSORTIUM),
        _check("H-8", "投标文件与招标文件、控制价文件出自同一设备", "", "E", "由公用模板或工具默认产生"),
        _check("M-1", "文件属性相同", "一", "E", "软件或操作系统的默认值", "来自招标文件的模板", "同一家打印店代为排版"),
        _check("M-2", "保存时间交错", "一", "E", "临近截止时间的集中保存", "同一家打印店代为排版"),
        _check("M-3", "文件标识相同", "四", "E", "来自招标文件的模板", "同一制造商的宣传资料"),
        _check("T-1", "扣除公共文字后的相同内容", "四", "E", "来自招标文件、标准或者公开范本", "同一制造商的技术方案", "已公开的施工方案范例"),
        _check("T-2", "相同的错误", "四", "S", "错误来自招标文件或者公开范本", "文字识别造成的误字"),
        _check("T-3", "相同的图片", "四", "E", "通用图片、标志或者空白表格", "同一制造商的宣传资料"),
        _check("T-4", "投标文件相互混装", "五", "E", "业绩材料中作为业主、承包人出现", "授权书、供货承诺等合法文件", _CONSORTIUM),
        _check("P-1", "投标总价呈等差或等比", "四", "E", "投标人很少时的巧合", "由评标办法的报价公式造成"),
        _check("P-2", "清单单价成固定比例", "四", "E", "费率固定的项目、政府指导价", "使用同一定额和信息价，仅下浮率不同"),
        _check("P-2D", "清单单价差额固定", "四", "E", "费率固定的项目、政府指导价"),
        _check("P-3", "清单单价相同", "四", "E", "费率固定的项目、政府指导价", "使用同一定额和同期信息价"),
        _check("P-3D", "不同单价的末位数字相同", "四", "E", "取整习惯"),
        _check("P-4", "相同的计算错误、漏项或者工程量错误", "四", "E", "错误来自招标工程量清单"),
        _check("P-5", "扣除控制价后报价仍高度相关", "四", "E", "使用同一定额和同期信息价", "同一供应商的询价"),
        _check("B-1", "投标保证金从同一账户转出", "六", "V", "付款人是出具保函、保单的机构", _CONSORTIUM),
        _check("B-3", "保函连号或者申请人电话相同", "", "E", "常用电子保函渠道的批量编号"),
        _check("R-1", "项目管理成员为同一人", "三", "V", "同名不同人", "人员名单登记有误"),
        _check("R-1H", "经办人员为同一人", "二", "V", "同名不同人", "数字证书代办点的人员"),
        _check("R-1C", "人员或者联系方式相同", "", "E", "同名不同人", "集中注册地址"),
        _check("C-1", "与历史投标文件内容相同", "四", "E", "来自标准或者公开范本", "同一投标人沿用自己的旧文件"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Exclusion:
    """A reason that would explain the finding, and whether it was tested."""

    reason: str
    state: State = "open"
    remark: str = ""


@dataclass(frozen=True)
class Evidence:
    """Where something stands: bidder, file with its digest (or the record of the trading system), page, place, and what."""

    bidder: str
    source: str
    value: str
    page: int | None = None
    place: str = ""
    sha256: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Finding:
    """Two or more bidders have something in common. `p_value` is adjusted for all the pairs and tests that were tried.

    `excluded` findings are shown, too: somebody looked, and an exclusion holds.
    """

    check: str
    subjects: tuple[str, ...]
    value: str
    level: Level
    evidence: tuple[Evidence, ...]
    exclusions: tuple[Exclusion, ...]
    strong: bool = False
    threshold: str = ""
    p_value: float | None = None
    tried: int | None = None
    weight: float = 0.0
    remark: str = ""

    @property
    def excluded(self) -> bool:
        """Say whether a tested exclusion explains it."""
        return any(one.state == "applies" for one in self.exclusions)

    @property
    def rank(self) -> tuple[int, int, int, float]:
        """Return what sorts the gravest first."""
        return (self.excluded, self.level != "deemed", not self.strong, -self.weight)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as it stands in ``report.json``."""
        check = CHECKS[self.check]
        return {
            "check": self.check, "title": check.title, "article": check.article, "confidence": check.confidence,
            "level": self.level, "strong": self.strong, "excluded": self.excluded, "subjects": list(self.subjects),
            "value": self.value, "threshold": self.threshold, "p_value": self.p_value, "pairs_tried": self.tried,
            "weight": round(self.weight, 4), "remark": self.remark,
            "exclusions": [asdict(one) for one in self.exclusions], "evidence": [asdict(one) for one in self.evidence],
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Findings of one kind of comparison, and what was left undone and why, in sentences for people."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    tests: tuple[Mapping[str, Any], ...] = field(default=())


def exclusions(check: str, tested: Mapping[str, tuple[State, str]] | None = None) -> tuple[Exclusion, ...]:
    """Return the exclusions of a check; `tested` gives state and remark of those that were tested, by their reason."""
    known = tested or {}
    wrong = known.keys() - set(CHECKS[check].exclusions)
    if wrong:
        raise ValueError(f"{check} has no exclusion {sorted(wrong)}")
    return tuple(Exclusion(reason, *known.get(reason, ())) for reason in CHECKS[check].exclusions)


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort: deemed before hint, strong before weak, rare before common, excluded last."""
    return sorted(findings, key=lambda one: (*one.rank, one.check, one.subjects))


def names(subjects: Sequence[str]) -> str:
    """Join bidders for a sentence."""
    return "、".join(subjects)
