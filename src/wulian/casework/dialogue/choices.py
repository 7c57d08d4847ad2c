"""Words of the dialogue: states, scores, and paragraphs ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

ENDED: Final = {
    "complaint": frozenset({"C14", "C15", "C90", "C91", "C92", "L01"}),
    "lead": frozenset({"L03", "L10", "L90", "L92"}),
}
"""States in which a matter is over for its reporter, by procedure: served, closed, ended or transferred."""
DECIDED: Final = frozenset({"C10", "C13", "C14", "C15", "C90", "C91", "C92", "L01", "作废"})
"""States of a complaint in which nothing is left to withdraw (投诉处理办法 第十九条: before the decision)."""


class WithdrawalState(models.TextChoices):
    """What became of a wish to withdraw."""

    ASKED = "asked", _("Being examined")
    PERMITTED = "permitted", _("Permitted, the procedure ends")
    REFUSED = "refused", _("Not permitted, the examination goes on")


class Score(models.IntegerChoices):
    """How content a reporter is."""

    VERY_BAD = 1, _("Very discontent")
    BAD = 2, _("Discontent")
    FAIR = 3, _("So-so")
    GOOD = 4, _("Content")
    VERY_GOOD = 5, _("Very content")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph to start from; official text is Chinese, places to fill in stand in 〔 〕."""

    title: str
    text: str


PARAGRAPHS: Final = (
    Paragraph("收到，正在核实", "您反映的情况已收到，我们正在核实，请留意本页面。"),
    Paragraph(
        "请说明时间、地点",
        "为便于核实，请说明您所述情况发生的具体时间、地点以及涉及的单位名称。说明时请不要写明您本人的姓名和联系方式。",
    ),
    Paragraph(
        "请提供证明材料",
        "根据《中华人民共和国招标投标法实施条例》第六十条，投诉应当有必要的证明材料。请提供〔材料名称〕，可以在本页面上传。",
    ),
    Paragraph(
        "期限的起算",
        "根据《中华人民共和国招标投标法实施条例》第六十一条，我们自收到投诉之日起三个工作日内决定是否受理，并自受理之日起三十个工作日内作出书面处理决定；需要检验、检测、鉴定、专家评审的，所需时间不计算在内。本机关的三十个工作日从收到投诉之日起计算。",
    ),
    Paragraph(
        "应当先提出异议",
        "您反映的事项属于《中华人民共和国招标投标法实施条例》第〔二十二、四十四、五十四〕条规定的事项，根据该条例第六十条，应当先向招标人提出异议。请说明您何时提出异议、招标人何时答复，并提供相应材料。",
    ),
    Paragraph(
        "对您身份的保密",
        "您的身份信息单独加密保存，承办人员只看到代号。需要查看时，须另一人批准并写明理由，每次查看您都可以在本页面看到。",
    ),
)
