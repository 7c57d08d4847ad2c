"""The eighteen nodes (REFERENCE A.1) and the seven lights of the plan they roll up to (REFERENCE L-14)."""

from __future__ import annotations

from dataclasses import dataclass

NODE_TITLES = {
    "N01": "立项审批", "N02": "招标准备", "N03": "招标公告", "N04": "资格预审", "N05": "发售招标文件", "N06": "澄清与异议",
    "N07": "投标与保证金", "N08": "开标", "N09": "评标", "N10": "候选人公示", "N11": "定标与中标通知", "N12": "书面报告",
    "N13": "合同签订", "N14": "施工许可与开工", "N15": "履约与支付", "N16": "竣工验收备案", "N17": "结算与付款", "N18": "后评价与归档",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One of the seven lights: its nodes, first and last."""

    code: str
    title: str
    first: str
    last: str

    def holds(self, node: str) -> bool:
        return self.first <= node <= self.last

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(code for code in NODE_TITLES if self.holds(code))


STAGES = (
    Stage("approval", "立项", "N01", "N02"),
    Stage("tendering", "招标", "N03", "N06"),
    Stage("opening", "开标", "N07", "N08"),
    Stage("evaluation", "评标", "N09", "N09"),
    Stage("award", "中标", "N10", "N13"),
    Stage("performance", "标后履约", "N14", "N15"),
    Stage("acceptance", "竣工验收", "N16", "N18"),
)


def stage_of(node: str) -> Stage | None:
    """The light that ``node`` belongs to."""
    return next((stage for stage in STAGES if node and stage.holds(node)), None)
