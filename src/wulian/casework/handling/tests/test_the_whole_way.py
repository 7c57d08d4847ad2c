"""From acceptance to the archive; the invariants of REFERENCE D.6."""

import io
import zipfile
from datetime import date

import pytest

from wulian.casework.handling import services
from wulian.casework.handling.models import ComplaintDecision, ServiceProof
from wulian.casework.handling.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.crypto import hexdigest

pytestmark = pytest.mark.django_db


def test_a_complaint_goes_from_the_investigation_to_the_archive(people, complaint):
    make.decided(people, complaint)
    assert complaint.state == "C13"
    make.served(people, complaint)
    assert complaint.state == "C15"
    make.published(people, complaint)
    document = services.archive_complaint(actor=people.officer, complaint=complaint)
    assert complaint.state == "C90"
    assert document.title == "案卷目录"
    titles = set(EnforcementDocument.objects.for_object(complaint).values_list("title", flat=True))
    assert titles >= {
        "投诉受理通知书", "投诉调查方案", "投诉调查报告", "法制审核意见书", "投诉处理意见审批表", "投诉处理决定书", "送达回证",
        "投诉处理结果公开审批单", "案卷目录",
    }  # fmt: skip
    assert [step.event for step in steps_of(complaint)][3:] == [
        "accept", "start_investigation", "finish_investigation", "endorse_opinion", "review_legality", "decide", "send_out",
        "serve", "serve", "record_service", "draft_publication", "approve_publication", "publish", "archive",
    ]  # fmt: skip
    assert not Clock.objects.of(complaint).running().exists()
    assert ServiceProof.objects.count() == 2
    assert AuditEvent.objects.filter(verb="handling.decided").count() == 1


def test_the_decision_is_due_thirty_working_days_after_receipt(people, complaint):
    """实施条例 第六十一条第二款; received on 29 September, National Day left out."""
    clock = Clock.objects.of(complaint).get(kind="complaint.decision")
    assert clock.due == date(2026, 11, 16)
    make.decided(people, complaint)
    clock.refresh_from_db()
    assert (clock.outcome, ComplaintDecision.objects.get().decided_on) == ("met", date(2026, 9, 29))


def test_the_bundle_holds_every_leaf_with_its_sm3(people, complaint):
    make.evidence(people, complaint, files=[make.scan()])
    make.published(people, make.served(people, make.decided(people, complaint)))
    services.archive_complaint(actor=people.officer, complaint=complaint)
    data = services.bundle(actor=people.section, complaint=complaint)
    assert data == services.bundle(actor=people.officer, complaint=complaint)
    archive = zipfile.ZipFile(io.BytesIO(data))
    listed = [line.split("  ", 1) for line in archive.read("SM3SUMS.txt").decode().splitlines()]
    assert {name for _sm3, name in listed} == set(archive.namelist()) - {"SM3SUMS.txt"}
    assert all(hexdigest(archive.read(name)) == sm3 for sm3, name in listed)
    assert any(name.startswith("02-证据/") for _sm3, name in listed)
