"""The receipt on paper and as a page to keep: what was received, what was written, and the code. Chinese whatever the language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.utils import timezone, translation

from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.slips import Slip
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.documents.rendering import compile_pdf
from wulian.portal.evidence import receipt_document

TYPST_FILE: Final = Path(__file__).parent / "typst" / "receipt.typ"
# The proof is attached, which PDF/A allows from its third part on.
PDF_STANDARD: Final = "a-3b"
HINT: Final = "凭收件编号和查询码查询办理进度、补充材料、收取答复。谁有这个查询码，谁就能看到办理情况：请妥善保管，不要转发。"
NOTE: Final = (
    "法定期限自收到之日起计算。内容摘要包含您填写的内容和每个文件的摘要。用“核验收件回执”页面保存的核验工具打开随附的证明，"
    "不需要联网，即可验证本回执由本机关签发且未被改动，并重新计算内容摘要；收到约一小时后，可在查询页面保存载入留痕日志的证明。"
)


def receipt_rows(slip: Slip) -> list[tuple[str, str, bool]]:
    """Return label and text of each line of the receipt, and whether it is one long row of signs."""
    receipt = slip.receipt
    received = timezone.localtime(receipt.received_at)
    return [
        ("收件编号", receipt.number, False),
        ("登记号", "、".join(matter.number for matter in slip.matters), False),
        ("收到时间", f"{received:%Y-%m-%d %H:%M:%S}", False),
        ("查询网址", slip.status_address, False),
        ("内容摘要（SM3）", receipt.digest, True),
        ("签名", receipt.signature, True),
        ("公钥编号", receipt.key_id, False),
    ]


def content_rows(matter: Matter) -> list[tuple[str, str, bool]]:
    """Return what was written about one matter, without what was left open."""
    with translation.override("zh-hans"):
        rows = [
            ("事项", matter.get_topic_display()),  # type: ignore[attr-defined]
            ("项目", matter.project_name),
            ("反映对象", matter.respondent_name),
            *_complaint_parties(matter),
            ("与项目的关系", matter.get_relation_display()),  # type: ignore[attr-defined]
            ("发生日期", matter.happened_on),
            *_complaint_days(matter),
            ("事实", matter.facts),
            ("请求", matter.request),
            ("证据", matter.evidence),
            ("材料", matter.receipt.materials),
            *_complaint_statements(matter),
        ]
    return [(label, str(text).replace("\r\n", "\n"), False) for label, text in rows if text]


def _complaint_days(matter: Matter) -> list[tuple[str, Any]]:
    if not isinstance(matter, Complaint):
        return []
    days = (matter.knew_on, matter.objection_on, matter.objection_replied_on)
    return list(zip(("知道日期", "提出异议日期", "异议答复日期"), days, strict=True))


def _complaint_parties(matter: Matter) -> list[tuple[str, Any]]:
    if not isinstance(matter, Complaint):
        return []
    texts = (matter.respondent_address, matter.respondent_contact, matter.other_respondents)
    return list(zip(("其地址", "其联系方式", "其他被投诉人"), texts, strict=True))


def _complaint_statements(matter: Matter) -> list[tuple[str, Any]]:
    if not isinstance(matter, Complaint):
        return []
    agent = [
        ("授权委托书", matter.agent_mandate or "未提交") if matter.has_agent else ("", ""),
        ("委托事项和权限", matter.agent_matters),
        (
            "委托期限",
            f"{matter.agent_from}至{matter.agent_to}" if matter.agent_from and matter.agent_to else "",
        ),
    ]
    truth = "已声明所填内容真实" if matter.truth_stated else ""
    return [*agent, ("真实性声明", truth), ("电子送达", "已确认" if matter.electronic_service else "")]


def written(slip: Slip) -> list[dict[str, Any]]:
    """Return title and rows of each matter."""
    titles = ("您提交的投诉", "您提交的举报")
    return [
        {"title": f"{titles[not matter.is_complaint]} {matter.number}", "rows": content_rows(matter)}
        for matter in slip.matters
    ]


def receipt_pdf(slip: Slip) -> bytes:
    """Return the receipt as PDF/A with its proof attached; raises Refusal when the machine has no Chinese font."""
    office = Department.objects.filter(kind=DepartmentKind.COORDINATING_OFFICE, is_active=True).first()
    proof = receipt_document(slip.receipt, with_content=True)
    return compile_pdf(
        TYPST_FILE,
        {
            "number": slip.receipt.number,
            # Not every reader of PDF knows names beyond ASCII.
            "file": f"{slip.receipt.year}-{slip.receipt.sequence}.json",
            "office": office.name if office else "",
            "rows": receipt_rows(slip),
            "matters": written(slip),
            "code": slip.code,
            "qr": _drawing(slip),
            "hint": HINT,
            "note": NOTE,
            "proof": json.dumps(proof, ensure_ascii=False),
        },
        standard=PDF_STANDARD,
    )


def _drawing(slip: Slip) -> str:
    # Inline drawings leave out the namespace that a picture file needs.
    return slip.status_qr.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
