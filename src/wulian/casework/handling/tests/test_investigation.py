"""Who investigates, what is written down, and what evidence may carry (REFERENCE CH-5, CH-7, C.5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wulian.casework.handling import services
from wulian.casework.handling.models import Custody, EvidenceItem, Interview
from wulian.casework.handling.services.guards import ever_investigated
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.tests import factories as intake
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.force.officers.tests.factories import CertificateFactory, OfficerFactory, RecusalFactory

pytestmark = pytest.mark.django_db


def test_one_officer_alone_does_not_investigate(people, officers):
    """投诉处理办法 第十五条 [M]; 行政处罚法 第四十二条."""
    matter = make.accepted(people)
    with pytest.raises(Refusal, match="两") as refused:
        services.start_investigation(actor=people.officer, complaint=matter, officers=officers[:1], plan=make.PLAN)  # fmt: skip
    assert refused.value.field == "officers"
    assert matter.state == "C05"


def test_an_officer_with_a_recusal_against_the_respondent_does_not_investigate(people, officers):
    """投诉处理办法 第十三条 [M]."""
    matter = make.accepted(people)
    RecusalFactory(officer=officers[1], party_name=intake.RESPONDENT, party_uscc="")
    with pytest.raises(Refusal, match=officers[1].name):
        services.start_investigation(actor=people.officer, complaint=matter, officers=officers, plan=make.PLAN)  # fmt: skip


def test_the_plan_is_a_document_and_the_target_of_22_days_runs_from_receipt(people, complaint):
    assert EnforcementDocument.objects.for_object(complaint).filter(template="调查方案").exists()
    clock = Clock.objects.of(complaint).get(kind="complaint.investigation")
    assert (clock.n, clock.started_on) == (22, timezone.localdate(complaint.received_at))


def test_the_section_head_changes_officers_and_who_was_one_stays_barred(people, complaint, officers):
    third = OfficerFactory(user=people.other, authority=people.housing)
    CertificateFactory(officer=third)
    services.change_officers(
        actor=people.section, complaint=complaint, officers=[officers[0], third], reason="原承办人休假"
    )
    assert [one["officer"] for one in complaint.officers] == [officers[0].pk, third.pk]
    assert ever_investigated(complaint, people.colleague)
    with pytest.raises(Forbidden):
        make.evidence(people, complaint, verified=False) and services.verify_evidence(
            actor=people.colleague, item=EvidenceItem.objects.get(), how="与原件核对一致"
        )


@pytest.mark.parametrize("who", ["officer", "head", "stranger"])
def test_nobody_else_changes_the_officers(people, complaint, officers, who):
    with pytest.raises((Forbidden, Refusal)):
        services.change_officers(actor=getattr(people, who), complaint=complaint, officers=officers, reason="x")  # fmt: skip


def test_a_notice_is_signed_by_both_officers_and_never_names_the_complainant(people, complaint):
    document = services.send_notice(actor=people.officer, complaint=complaint, notice=make.notice())
    assert len(document.officers) == 2
    assert document.title == "调查通知书"
    for words in (
        f"投诉人{intake.NAME}称贵司串标。",
        f"投诉人电话{intake.PHONE}，请联系。",
        "投诉人住在汉东路77号。",
    ):
        with pytest.raises(Refusal) as refused:
            services.send_notice(actor=people.officer, complaint=complaint, notice=make.notice(content=words))
        assert refused.value.field == "content"


@pytest.mark.parametrize(("kind", "missing"), [("W08", "when"), ("答辩通知书", "when"), ("W13", "materials")])
def test_a_notice_without_what_its_kind_needs_is_refused(people, complaint, kind, missing):
    with pytest.raises(Refusal) as refused:
        services.send_notice(actor=people.officer, complaint=complaint, notice=make.notice(kind=kind))
    assert refused.value.field == missing


def test_the_record_of_an_interview_says_who_when_where_rights_and_recusal(people, complaint):
    """REFERENCE E.4 W09."""
    interview = services.record_interview(actor=people.officer, complaint=complaint, talk=make.talk())
    context = interview.document.context
    assert context["recusal"] == "不申请回避。"
    assert context["answers"][0]["answer"] == "由我公司经营部编制。"
    assert context["began"].startswith("2026年9月29日8时")
    assert len(interview.document.officers) == 2


def test_a_complainant_is_interviewed_under_the_alias_and_the_signed_paper_is_not_scanned(people, complaint):
    interview = services.record_interview(
        actor=people.officer, complaint=complaint, talk=make.talk(is_complainant=True, interviewee="", position="投诉人")
    )  # fmt: skip
    assert interview.interviewee == addressee(complaint)
    with pytest.raises(Refusal) as refused:
        services.sign_interview(
            actor=people.officer, interview=interview, signed_on=timezone.localdate(), scans=[make.scan()]
        )
    assert refused.value.field == "scans"
    services.sign_interview(actor=people.officer, interview=interview, signed_on=timezone.localdate())
    assert Interview.objects.get().state == "signed"


def test_a_record_is_signed_with_a_scan_or_a_witnessed_refusal_and_once(people, complaint):
    interview = services.record_interview(actor=people.officer, complaint=complaint, talk=make.talk())
    today = timezone.localdate()
    with pytest.raises(Refusal) as refused:
        services.sign_interview(actor=people.officer, interview=interview, signed_on=today)
    assert refused.value.field == "scans"
    services.sign_interview(actor=people.officer, interview=interview, signed_on=today, scans=[make.scan()])
    assert Interview.objects.get().files.count() == 1
    with pytest.raises(Refusal):
        services.sign_interview(actor=people.officer, interview=interview, signed_on=today, refusal_note="拒签，见证人王某")  # fmt: skip


def test_an_interview_that_ends_before_it_begins_or_tomorrow_is_refused(people, complaint):
    now = timezone.now()
    for talk in (
        make.talk(began_at=now - timedelta(hours=1), ended_at=now - timedelta(hours=2)),
        make.talk(ended_at=now + timedelta(days=1)),
    ):
        with pytest.raises(Refusal) as refused:
            services.record_interview(actor=people.officer, complaint=complaint, talk=talk)
        assert refused.value.field == "ended_at"


def test_who_adds_an_item_is_its_first_holder_and_the_chain_goes_on_from_the_last(people, complaint):
    item = make.evidence(people, complaint)
    services.hand_over(
        actor=people.officer, item=item, to_holder="湖北正信工程造价咨询有限公司", purpose="鉴定"
    )
    chain = list(Custody.objects.filter(item=item).values_list("from_holder", "to_holder"))
    assert chain == [
        ("随州市公共资源交易中心", people.officer.full_name),
        (people.officer.full_name, "湖北正信工程造价咨询有限公司"),
    ]
    with pytest.raises(Refusal):
        services.hand_over(actor=people.officer, item=item, to_holder="湖北正信工程造价咨询有限公司", purpose="鉴定")  # fmt: skip


def test_only_the_officers_add_evidence_and_not_after_the_decision(people, complaint):
    for user in (people.other, people.section, people.stranger, people.dispatcher):
        with pytest.raises(Forbidden):
            services.add_evidence(
                actor=user, complaint=complaint, kind="documentary", title="x", proves="x", origin="x",
                obtained_on=timezone.localdate(),
            )  # fmt: skip
    make.decided(people, complaint)
    with pytest.raises(Refusal):
        make.evidence(people, complaint)


def test_a_struck_item_carries_no_report(people, complaint):
    item = make.evidence(people, complaint)
    services.strike_evidence(actor=people.officer, item=item, reason="来源不合法，予以排除")
    with pytest.raises(Refusal, match="证据"):
        services.finish_investigation(actor=people.officer, complaint=complaint, finding=make.finding())


def test_a_report_waits_for_the_signature_of_every_interview(people, complaint):
    make.evidence(people, complaint)
    services.record_interview(actor=people.officer, complaint=complaint, talk=make.talk())
    with pytest.raises(Refusal, match="笔录"):
        services.finish_investigation(actor=people.officer, complaint=complaint, finding=make.finding())


def test_only_an_officer_of_the_complaint_takes_the_original_of_an_evidence_file(
    people, complaint, client_for
):
    file = make.evidence(people, complaint, files=[make.scan()]).files.get()
    url = reverse("files:original", args=[file.pk])
    assert client_for(people.officer).post(url).status_code == 200
    for user in (people.section, people.stranger, people.clerk):
        assert client_for(user).post(url).status_code in (403, 404)
    assert client_for(people.section).get(file.get_absolute_url()).status_code == 200
