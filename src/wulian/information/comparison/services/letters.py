"""The letters by which a finding leaves the room: to the committee before the award, and to the police."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from wulian.core.accounts.models import User
from wulian.core.config.errors import Forbidden
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.information.comparison.choices import ExclusionState
from wulian.information.comparison.models import SimilarityFinding
from wulian.information.comparison.selectors import opinions_now

TEMPLATES: Final = {"to_committee": "移送函", "to_police": "W38"}
_NO_VERDICT: Final = "比对结果是线索，不是违法认定；是否成立由贵方依法审查。"


def issue_letter(*, finding: SimilarityFinding, event: str, note: str, actor: User) -> EnforcementDocument:
    """Issue the letter of a decision in the caller's transaction; raises Refusal as documents do."""
    if actor.department is None:
        raise Forbidden(_("This finding between bidders is not your department's."))
    # An official document is Chinese whatever the language of the pages.
    with override("zh-hans"):
        context = {
            "to": _addressee(finding, event),
            "fields": _fields(finding),
            "body": _body(finding, event, note),
        }
    return issue_document(
        template=TEMPLATES[event],
        subject=finding,
        authority=actor.department,
        actor=actor,
        context=context,
        officers=[
            {"name": one.officer.name, "certificate_no": one.certificate_no} for one in opinions_now(finding)
        ],
    )


def _addressee(finding: SimilarityFinding, event: str) -> str:
    if event == "to_police":
        return "公安机关"
    buyer = finding.lot.tender.procuring_entity if finding.lot.tender else None
    return f"{buyer.name}并转评标委员会" if buyer else "招标人并转评标委员会"


def _fields(finding: SimilarityFinding) -> dict[str, str]:
    return {
        "项目": finding.project.name,
        "标段": finding.lot.name,
        "涉及投标人": finding.bidder_names,
        "疑点": f"{finding.check_code} {finding.title}（{finding.get_level_display()}）",
    }


def _body(finding: SimilarityFinding, event: str, note: str) -> list[str]:
    heard = [f"{one.bidder}：{_said(one)}" for one in finding.explanations.all()]
    found = [
        f"经比对投标文件，发现：{finding.value}。",
        f"排除事由检验情况：{'；'.join(map(_tested, finding.exclusions)) or '无'}。",
        f"投标人说明：{'；'.join(heard) or '无'}。",
        f"处理理由：{_plain(note)}。",
    ]
    if event == "to_committee":
        return [
            *found,
            "现移交贵方，请在定标之前依照《招标投标法实施条例》第五十一条第（七）项组织评标委员会复核，并将复核结果书面告知我单位，妥善保存有关资料。",
            _NO_VERDICT,
        ]
    bundle = finding.bundles.first()
    evidence = f"证据包{bundle.number}（{bundle.file_name}，国密 SM3 值 {bundle.sm3}）" if bundle else "无"
    return [
        *found,
        "上述情形涉嫌串通投标（《刑法》第二百二十三条），依照《行政执法机关移送涉嫌犯罪案件的规定》移送贵机关审查。",
        f"随附材料：涉嫌犯罪案件情况的调查报告；涉案物品清单；有关检验报告或者鉴定意见；其他有关材料，其中电子证据为{evidence}。",
        _NO_VERDICT,
    ]


def _tested(one: dict[str, Any]) -> str:
    remark = f"（{_plain(one['remark'])}）" if one.get("remark") else ""
    return f"{one['reason']}——{ExclusionState(one['state']).label}{remark}"


def _said(one: Any) -> str:
    return "经告知未作说明" if one.is_silent else _plain(one.text)


def _plain(text: str) -> str:
    """A text as part of a sentence: on one line, without a stop at its end."""
    return "".join(text.split("\n")).strip().rstrip("。；")
