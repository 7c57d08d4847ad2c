"""Fills a lot of a demonstration with real papers, scanned by the real scanner and judged by a person."""

from __future__ import annotations

from collections.abc import Iterator

from wulian.core.accounts.models import User
from wulian.information.findings.choices import PaperKind, Verdict
from wulian.information.findings.example.files import documents_word, notice_pdf
from wulian.information.findings.models import Finding, Paper
from wulian.information.findings.services import attach_paper, judge_finding, scan_paper
from wulian.information.registry.models import Lot

_JUDGED = {
    "地域": (Verdict.REAL, "资格条件要求本地分支机构和本地纳税社保证明，与履行本项目合同无关。"),
    "业绩奖项": (Verdict.REAL, "以湖北省内奖项和市级称号作为加分条件。"),
    "押金": (Verdict.SUPPLEMENT, "请招标人说明该保证金的依据和退还条件。"),
}
_NOT_RESTRICTING = (Verdict.FALSE, "列有三个以上参考品牌并允许相当产品。")


class _File:
    """A made file, as a form would hand it over."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name: str | None = name
        self.size: int | None = len(data)
        self._data = data

    def chunks(self) -> Iterator[bytes]:
        yield self._data


def seed_findings(*, lot: Lot, uploader: User, judge: User | None = None) -> list[Paper]:
    """Attach a notice (PDF) and a tender document (Word) to the lot, scan both now, and judge some of the clauses.

    `uploader` is a dispatcher, case officer or liaison, `judge` a case officer or section head who sees the lot; without one
    nothing is judged. Called again for the same lot it does nothing.
    """
    if Paper.objects.filter(lot=lot).exists():
        return []
    names = {"project": lot.project.name, "lot": lot.name}
    made = (
        (PaperKind.NOTICE, _File("招标公告.pdf", notice_pdf(**names))),
        (PaperKind.BIDDING_DOCUMENTS, _File("招标文件.docx", documents_word(**names))),
    )
    papers = []
    for kind, upload in made:
        paper = attach_paper(lot=lot, kind=kind, upload=upload, actor=uploader)
        scan_paper(paper_id=paper.pk)
        papers.append(paper)
    if judge is not None:
        _judge(papers, judge)
    return papers


def _judge(papers: list[Paper], judge: User) -> None:
    done: set[str] = set()
    for finding in Finding.objects.filter(paper__in=papers):
        verdict, reason = _JUDGED.get(finding.class_code, ("", ""))
        if finding.class_code == "品牌" and finding.doubts:
            verdict, reason = _NOT_RESTRICTING
        if verdict and finding.class_code not in done:
            done.add(finding.class_code)
            judge_finding(finding=finding, verdict=verdict, reason=reason, actor=judge)
