"""Attaches four bids to a lot of a demonstration, compares them, and lets people work on what was found: all through the services."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wulian.core.accounts.models import User
from wulian.information.comparison import services
from wulian.information.comparison.choices import Conclusion, ExclusionState, FileRole
from wulian.information.comparison.example.files import REUSING, bid_word, earlier_text, tender_word
from wulian.information.comparison.models import Run, SimilarityFinding
from wulian.information.comparison.selectors import expected_bidders
from wulian.information.registry.models import Lot

BIDDERS, EARLIER_BIDDERS = 4, 2


def seed_submissions(*, lot: Lot, uploader: User) -> list[str]:
    """Attach the tender document and the bids of four bidders of the dossier; return their names."""
    bidders = expected_bidders(lot)[:BIDDERS]
    tender = SimpleUploadedFile("招标文件.docx", tender_word(lot=lot.name))
    services.attach_files(lot=lot, role=FileRole.TENDER, uploads=[tender], actor=uploader)
    for number, bidder in enumerate(bidders):
        bid = SimpleUploadedFile("技术标.docx", bid_word(number, lot=lot.name, bidder=bidder))
        services.attach_files(lot=lot, role=FileRole.BID, bidder=bidder, uploads=[bid], actor=uploader)
    return bidders


def seed_earlier(*, lot: Lot, later: Lot, uploader: User) -> None:
    """Compare two bids of an earlier lot, so that the city remembers them; one has what another bidder uses again in the later lot."""
    reusing = expected_bidders(later)[REUSING]
    bidders = [name for name in expected_bidders(lot) if name != reusing][:EARLIER_BIDDERS]
    for number, bidder in enumerate(bidders):
        bid = SimpleUploadedFile("技术标.txt", earlier_text(number, lot=lot.name, bidder=bidder))
        services.attach_files(lot=lot, role=FileRole.BID, bidder=bidder, uploads=[bid], actor=uploader)
    run = services.order_comparison(lot=lot, actor=uploader)
    services.run_comparison(run_id=run.pk)
    services.keep_bids(lot_id=lot.pk)


def seed_comparison(*, lot: Lot, uploader: User, first: User, second: User) -> Run:
    """Attach and compare; the finding of equal text is verified by two officers and waits for the decision of a head."""
    seed_submissions(lot=lot, uploader=uploader)
    run = services.order_comparison(lot=lot, actor=uploader)
    services.run_comparison(run_id=run.pk)
    services.keep_bids(lot_id=lot.pk)
    run.refresh_from_db()
    finding = SimilarityFinding.objects.filter(run=run, check_code="T-1").first()
    if finding is not None:
        _verify(finding, first, second)
    return run


def _verify(finding: SimilarityFinding, first: User, second: User) -> None:
    finding = services.begin_check(finding=finding, actor=first)
    tests = {
        "来自招标文件、标准或者公开范本": "已与招标文件及所引标准逐段核对，没有出处",
        "同一制造商的技术方案": "内容为施工组织，与制造商资料无关",
        "已公开的施工方案范例": "检索公开范例，未见相同文字",
    }
    listed = {item["reason"] for item in finding.exclusions}
    services.record_exclusions(
        finding=finding,
        tests={reason: (ExclusionState.RULED_OUT, how) for reason, how in tests.items() if reason in listed},
        actor=first,
    )
    bidder = finding.subjects[0]
    services.hear_bidder(
        finding=finding,
        bidder=bidder,
        explained_on=timezone.localdate(),
        text="技术标由公司预算部自行编制，与其他投标人雷同的原因正在内部了解，将另行书面说明。",
        is_silent=False,
        actor=first,
    )
    services.give_opinion(
        finding=finding,
        conclusion=Conclusion.SUPPORTED,
        text="两份技术标除招标文件外有整段相同文字，并对招标文件同一条款作了相同改动，投标人的说明不能解释。",
        actor=first,
    )
    services.give_opinion(
        finding=finding,
        conclusion=Conclusion.SUPPORTED,
        text="同意。相同改动中含相同错字，独立编制而出现的可能性很小，建议转线索核查。",
        actor=second,
    )
    services.submit_finding(finding=finding, actor=second)
    services.make_bundle(finding=finding, actor=second)
