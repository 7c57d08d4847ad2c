"""Penalty cases: every guard before every step (REFERENCE E.1)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from wulian.casework.cases import services
from wulian.casework.cases.choices import DecisionKind, LeniencyGround, PositionInTender, Tier
from wulian.casework.cases.models import Case, Decision, Lead
from wulian.casework.cases.search import find_leads_and_cases
from wulian.casework.cases.selectors import position_of, suggest_base
from wulian.casework.cases.services.evidence import folder
from wulian.casework.cases.tests.factories import (
    REMEDIES,
    bid,
    checked_lead,
    decided_case,
    evidence,
    filed_case,
    handed_over,
    noticed_case,
    party,
    person,
    plan,
    power,
    project,
    proposed_case,
    reported_case,
    served_case,
)  # fmt: skip
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.tests import factories as intake
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.force.officers.models import RecusalDeclaration
from wulian.information.registry.models import Lot


def test_a_case_has_no_number_before_the_head_approves_and_numbers_have_no_gap(at):
    first, second = proposed_case(at), proposed_case(at)
    assert first.case_no == second.case_no == ""
    services.endorse_filing(actor=at.section, case=first, opinion="拟同意。", officers=[at.first, at.second])
    services.reject_filing(actor=at.head, case=first, reason="证据不足。")
    services.endorse_filing(actor=at.section, case=second, opinion="拟同意。", officers=[at.first, at.second])
    services.approve_filing(actor=at.head, case=second, opinion="同意。")
    assert second.case_no == "随住更案〔2026〕1号"
    assert filed_case(at).case_no == "随住更案〔2026〕2号"


def test_a_refused_filing_sends_the_lead_back_and_it_may_be_proposed_anew(at):
    case = proposed_case(at)
    services.reject_filing(actor=at.head, case=case, reason="证据不足。")
    case.lead.refresh_from_db()
    assert (case.state, case.lead.state) == ("PX1", "L05")
    assert EnforcementDocument.objects.for_object(case).get().template == "W04"
    again = proposed_case(at, case.lead)
    assert again.state == "P01" and again.pk != case.pk


def test_a_lead_has_one_live_case(at):
    case = proposed_case(at)
    with pytest.raises(Refusal):
        proposed_case(at, case.lead)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("broken", ["expired", "recused", "one"])
def test_a_case_is_not_filed_without_two_officers_who_may_act_on_that_day(at, broken):
    case = proposed_case(at)
    if broken == "one":
        with pytest.raises(Refusal) as refused:
            services.endorse_filing(actor=at.section, case=case, opinion="拟同意。", officers=[at.first])
        assert refused.value.field == "officers"
        return
    services.endorse_filing(actor=at.section, case=case, opinion="拟同意。", officers=[at.first, at.second])
    if broken == "expired":
        at.second.certificates.update(valid_to=dt.date(2026, 6, 30))
    else:
        RecusalDeclaration.objects.create(
            officer=at.second, party_name=at.owner.name, relation="interest", valid_from=dt.date(2026, 1, 1),
            declared_by=at.colleague,
        )  # fmt: skip
    with pytest.raises(Refusal, match="赵强"):
        services.approve_filing(actor=at.head, case=case, opinion="同意。")
    case.refresh_from_db()
    assert (case.state, case.case_no) == ("P01", "")


def test_another_authority_and_who_investigated_do_not_decide(at):
    case = proposed_case(at)
    services.endorse_filing(actor=at.section, case=case, opinion="拟同意。", officers=[at.first, at.second])
    with pytest.raises(Forbidden):
        services.approve_filing(actor=at.other_head, case=case, opinion="同意。")
    at.officer.role_grants.create(role="authority_head", valid_from=dt.date(2020, 1, 1))
    at.officer.forget_roles()
    with pytest.raises(Forbidden, match="调查人员"):
        services.approve_filing(actor=at.officer, case=case, opinion="同意。")


def test_nothing_is_filed_when_the_list_no_longer_names_the_authority(at):
    case = proposed_case(at)
    services.endorse_filing(actor=at.section, case=case, opinion="拟同意。", officers=[at.first, at.second])
    at.rule.valid_to = dt.date(2026, 6, 30)
    at.rule.save()
    with pytest.raises(Refusal):
        services.approve_filing(actor=at.head, case=case, opinion="同意。")


def test_filing_starts_the_ninety_days_once_and_issues_the_approval_form(at):
    # 行政处罚法 第六十条; test vector: filed 2026-07-01 → 2026-09-29
    case = reported_case(at)
    document = EnforcementDocument.objects.for_object(case).get(template="W03")
    assert document.authority == at.housing
    assert {item["name"] for item in document.officers} == {"陈丽", "赵强"}
    services.take_step(actor=at.officer, case=case, event="submit_report")
    services.take_step(actor=at.section, case=case, event="return_investigation", note="补充调查。")
    clocks = Clock.objects.of(case).filter(kind="PC-03")
    assert [clock.due for clock in clocks] == [dt.date(2026, 9, 29)]


def test_days_of_a_suspension_do_not_count_against_the_ninety(at, clock):
    case = filed_case(at)
    services.take_step(actor=at.head, case=case, event="suspend", note="等待鉴定意见。")
    clock.shift(dt.timedelta(days=10))
    services.take_step(actor=at.head, case=case, event="resume")
    assert Clock.objects.of(case).get(kind="PC-03").due == dt.date(2026, 10, 9)


def test_a_proposal_outside_the_catalogue_is_refused(at):
    case = filed_case(at)
    services.verify_evidence(actor=at.officer, evidence=case.lead.evidence.get(), how="核对一致")
    report = {"actor": at.officer, "case": case, "report": "建议处罚。", "facts": "准备期17日。"}
    for bad, field in [
        (plan(amount=Decimal("100001")), "fine"),
        (plan(tier=""), "tier"),
        (plan(reasons=" "), "reasons"),
        (plan(ban_months=12), "ban_months"),
        (plan(persons=[{"name": "张三", "post": "经理", "fine": "5000"}]), "persons"),
        (plan(fined=False), "fined"),
    ]:
        with pytest.raises(Refusal) as refused:
            services.finish_investigation(**report, plan=bad)
        assert refused.value.field == field
    assert case.state == "P02" and not case.proposals.exists()


def test_struck_and_unverified_evidence_carries_no_fact(at):
    case = filed_case(at)
    item = case.lead.evidence.get()
    services.strike_evidence(actor=at.officer, evidence=item, reason="来源不合法。")
    other = evidence(at, case.lead)
    report = {
        "actor": at.officer,
        "case": case,
        "report": "建议处罚。",
        "facts": "准备期17日。",
        "plan": plan(),
    }
    with pytest.raises(Refusal):
        services.finish_investigation(**report)
    services.verify_evidence(actor=at.officer, evidence=other, how="核对一致")
    assert services.finish_investigation(**report).fine == Decimal("50000")


def test_evidence_that_was_altered_is_neither_verified_nor_handed_out(at):
    case = filed_case(at)
    upload = SimpleUploadedFile("../../询问笔录.pdf", b"%PDF-1.7 original")
    item = services.add_evidence(
        actor=at.officer, lead=case.lead, kind="record", title="询问笔录", proves="事实经过", origin="当事人",
        obtained_on=dt.date(2026, 7, 1), upload=upload,
    )  # fmt: skip
    assert item.file_name == "询问笔录.pdf"
    path = folder() / item.file_path
    assert path.read_bytes() == b"%PDF-1.7 original"
    path.write_bytes(b"%PDF-1.7 forged")
    with pytest.raises(Refusal):
        services.verify_evidence(actor=at.officer, evidence=item, how="核对一致")
    with pytest.raises(Refusal):
        services.read_evidence(actor=at.officer, evidence=item)


@pytest.mark.parametrize(("name", "content"), [("木马.exe", b"MZ"), ("空.pdf", b"")])
def test_a_file_that_is_not_accepted_leaves_nothing_behind(at, name, content):
    case = filed_case(at)
    with pytest.raises(Refusal) as refused:
        services.add_evidence(
            actor=at.officer, lead=case.lead, kind="record", title="文件", proves="事实", origin="当事人",
            obtained_on=dt.date(2026, 7, 1), upload=SimpleUploadedFile(name, content),
        )  # fmt: skip
    assert refused.value.field == "upload"
    assert case.lead.evidence.count() == 1
    assert not folder().exists() or not list(folder().rglob("*.*"))


def test_only_an_officer_of_the_case_adds_evidence_and_none_after_the_decision(at, clock):
    case = filed_case(at)
    given = {"lead": case.lead, "kind": "documentary", "title": "招标文件", "proves": "时间", "origin": "平台",
             "obtained_on": dt.date(2026, 7, 1), "content": "正文"}  # fmt: skip
    with pytest.raises(Forbidden):
        services.add_evidence(actor=at.section, **given)
    decided = decided_case(at, clock)
    with pytest.raises(Refusal):
        services.add_evidence(actor=at.officer, **{**given, "lead": decided.lead})


def test_a_hearing_is_offered_for_a_large_fine_and_for_a_ban_only(at):
    # 行政处罚法 第六十三条; the sum is a parameter of the house
    power(at.housing, "WF-09")
    dossier = project(at.owner)
    lot = Lot.objects.get(project=dossier)
    bid(lot, at.owner, won=True)
    small = reported_case(at, chosen=plan(amount=Decimal("9999")))
    large = reported_case(at, chosen=plan(amount=Decimal("10000")))
    collusion = checked_lead(at, project=dossier, violation_code="WF-09")
    banned = reported_case(
        at, collusion, plan(amount=None, rate=Decimal("0.005"), base_amount=Decimal("1000000"), ban_months=12)
    )
    offered = [case.proposals.first().hearing_offered for case in (small, large, banned)]
    assert offered == [False, True, True]


def test_the_legal_reviewer_did_not_investigate(at):
    case = reported_case(at)
    services.take_step(actor=at.officer, case=case, event="submit_report")
    services.take_step(actor=at.section, case=case, event="submit_legal_review", note="通过。")
    at.colleague.role_grants.create(role="legal_reviewer", valid_from=dt.date(2020, 1, 1))
    at.colleague.forget_roles()
    with pytest.raises(Forbidden, match="调查人员"):
        services.take_step(actor=at.colleague, case=case, event="pass_legal_review", note="通过。")
    services.take_step(actor=at.reviewer, case=case, event="pass_legal_review", note="通过。")
    assert EnforcementDocument.objects.for_object(case).filter(template="W20").count() == 1


def test_a_statement_is_heard_and_the_hearing_right_still_runs_to_its_end(at, clock):
    case = noticed_case(at)
    clock.shift(dt.timedelta(days=1))
    today = dt.date(2026, 7, 2)
    services.record_statement(
        actor=at.officer, case=case, content="系初次违法，请求从轻。", received_on=today
    )
    assert case.state == "P09"
    with pytest.raises(Refusal, match="听证"):
        services.close_statement_term(actor=at.officer, case=case)
    clock.move_to(dt.datetime(2026, 7, 9, 1, tzinfo=dt.UTC))
    services.close_statement_term(actor=at.officer, case=case)
    assert case.state == "P10"
    services.answer_statement(actor=at.officer, case=case, answer="予以采纳。", accepted=True)
    assert case.state == "P12"
    decision = services.decide_penalty(
        actor=at.head, case=case, remedies=REMEDIES, amount=Decimal("30000"), tier=Tier.LIGHTER
    )
    assert (decision.fine, "予以采纳" in decision.document.context["statement_answer"]) == (
        Decimal("30000"),
        True,
    )


def test_a_party_that_waives_the_hearing_in_writing_is_not_made_to_wait(at):
    case = noticed_case(at)
    services.record_statement(
        actor=at.officer,
        case=case,
        content="无异议，放弃听证。",
        received_on=dt.date(2026, 7, 1),
        waives_hearing=True,
    )
    assert case.state == "P10"


def test_a_hearing_asked_for_in_time_is_held_and_its_days_do_not_count(at, clock):
    # 行政处罚法 第六十四条
    case = noticed_case(at)
    services.record_hearing_request(
        actor=at.officer, case=case, requested_on=dt.date(2026, 7, 1), note="对事实有异议。"
    )
    assert case.state == "P11"
    clock.shift(dt.timedelta(days=20))
    with pytest.raises(Forbidden):
        services.take_step(actor=at.officer, case=case, event="finish_hearing", note="听证完毕。")
    services.take_step(actor=at.reviewer, case=case, event="finish_hearing", note="听证完毕，事实清楚。")
    assert Clock.objects.of(case).get(kind="PC-03").due == dt.date(2026, 10, 19)
    decision = services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    assert "听证完毕，事实清楚" in decision.document.context["statement"]


def test_a_late_request_for_a_hearing_is_refused(at, clock):
    case = noticed_case(at)
    clock.move_to(dt.datetime(2026, 7, 9, 1, tzinfo=dt.UTC))
    with pytest.raises(Refusal) as refused:
        services.record_hearing_request(
            actor=at.officer, case=case, requested_on=dt.date(2026, 7, 9), note="要求听证。"
        )
    assert refused.value.field == "requested_on"


def test_a_notice_that_was_not_served_stops_everything(at, clock):
    # 行政处罚法 第六十二条
    case = noticed_case(at, serve=False)
    clock.shift(dt.timedelta(days=30))
    with pytest.raises(Refusal):
        services.close_statement_term(actor=at.officer, case=case)
    with pytest.raises(Refusal):
        services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)


def test_a_document_without_account_or_court_is_not_issued_and_takes_no_number(at, clock):
    case = noticed_case(at)
    clock.shift(dt.timedelta(days=14))
    services.close_statement_term(actor=at.officer, case=case)
    broken = REMEDIES.__class__(review_authority="随州市人民政府", court="")
    with pytest.raises(Refusal) as refused:
        services.decide_penalty(actor=at.head, case=case, remedies=broken)
    assert refused.value.field == "court"
    case.refresh_from_db()
    assert case.state == "P12" and not Decision.objects.exists()
    decision = services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    assert decision.document_no == "随住更罚决〔2026〕1号"


def test_a_mitigated_fine_needs_a_ground(at, clock):
    # WF-02: 50,000 to 250,000 元
    power(at.housing, "WF-02")
    chosen = plan(amount=Decimal("60000"))
    case = noticed_case(at, checked_lead(at, violation_code="WF-02"), chosen)
    clock.shift(dt.timedelta(days=14))
    services.close_statement_term(actor=at.officer, case=case)
    with pytest.raises(Refusal) as refused:
        services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES, amount=Decimal("40000"))
    assert refused.value.field == "mitigation_ground"
    with pytest.raises(Refusal) as refused:
        services.decide_penalty(
            actor=at.head,
            case=case,
            remedies=REMEDIES,
            amount=Decimal("40000"),
            mitigation_ground="主动减轻危害后果",
        )
    assert refused.value.field == "tier"
    decision = services.decide_penalty(
        actor=at.head, case=case, remedies=REMEDIES, amount=Decimal("40000"), tier=Tier.MITIGATED,
        mitigation_ground="主动减轻危害后果",
    )  # fmt: skip
    assert "《中华人民共和国行政处罚法》第三十二条" in decision.document.context["penalty_basis"]


def test_no_penalty_rests_on_a_ground_and_the_first_time_is_looked_up(at, clock):
    # 行政处罚法 第三十三条
    decided_case(at, clock)
    lenient = plan(
        kind=DecisionKind.NO_PENALTY, tier="", leniency_ground=LeniencyGround.FIRST, education="已当面教育。"
    )
    with pytest.raises(Refusal) as refused:
        reported_case(at, chosen=lenient)
    assert refused.value.field == "leniency_ground"
    minor = plan(
        kind=DecisionKind.NO_PENALTY, tier="", leniency_ground=LeniencyGround.MINOR, education="已当面教育。"
    )
    case = noticed_case(at, chosen=minor)
    clock.shift(dt.timedelta(days=14))
    services.close_statement_term(actor=at.officer, case=case)
    with pytest.raises(Refusal):
        services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    decision = services.decide_no_penalty(actor=at.head, case=case, note="违法行为轻微并及时改正。")
    assert (case.state, decision.document.template, decision.fine) == ("PX2", "W31", None)
    assert not Clock.objects.of(case).running().exists()


def test_collusion_that_won_is_not_minor(at):
    power(at.housing, "WF-09")
    case = filed_case(at, checked_lead(at, violation_code="WF-09"))
    services.verify_evidence(actor=at.officer, evidence=case.lead.evidence.get(), how="核对一致")
    minor = plan(kind=DecisionKind.NO_PENALTY, leniency_ground=LeniencyGround.MINOR, education="已教育。")
    with pytest.raises(Refusal) as refused:
        services.finish_investigation(
            actor=at.officer, case=case, report="建议。", facts="事实。", plan=minor
        )
    assert refused.value.field == "leniency_ground"


def test_the_dossier_knows_whether_the_party_lost_and_on_what_it_is_fined(at):
    power(at.housing, "WF-09")
    loser, winner = (
        party("湖北汉东建设有限公司", "91421300MA4900001Q"),
        party("随州市鼎盛建筑有限公司", "91421300MA4900002U"),
    )
    dossier = project(at.owner)
    lot = Lot.objects.get(project=dossier)
    bid(lot, loser)
    bid(lot, winner, won=True, price="20000000")
    case = filed_case(at, checked_lead(at, project=dossier, party=loser, violation_code="WF-09"))
    assert position_of(case) == PositionInTender.LOST
    found = suggest_base(case, PositionInTender.LOST)
    assert (found.base, found.amount) == ("招标项目合同金额", Decimal("20000000"))


def test_a_document_left_after_refusal_needs_refusal_and_witness_on_record(at):
    case = noticed_case(at, serve=False)
    left = handed_over().__class__(mode="left", receiver="—", place="公司前台", served_on=dt.date(2026, 7, 1))
    with pytest.raises(Refusal) as refused:
        services.serve_notice(actor=at.officer, case=case, service=left)
    assert refused.value.field == "refusal_note"


def test_fifteen_days_to_pay_run_from_service_and_a_late_payment_is_overdue(at, clock):
    # 行政处罚法 第六十七条第三款
    case = served_case(at, clock)
    fifteen = Clock.objects.of(case).get(kind="PC-09")
    assert fifteen.due == case.decision.served_on + dt.timedelta(days=15)
    clock.shift(dt.timedelta(days=16))
    with pytest.raises(Refusal):
        services.record_payment(actor=at.officer, case=case, paid_on=dt.date(2026, 7, 31), receipt_no="")
    services.record_payment(actor=at.officer, case=case, paid_on=dt.date(2026, 7, 31), receipt_no="NO.1")
    fifteen.refresh_from_db()
    assert (fifteen.outcome, case.state) == ("overdue", "P17")


def test_a_revoked_decision_voids_its_document_once(at, clock):
    case = served_case(at, clock)
    with pytest.raises(Forbidden):
        services.revoke_decision(actor=at.section, decision=case.decision, reason="复议撤销。")
    services.revoke_decision(actor=at.head, decision=case.decision, reason="随政复决〔2026〕3号撤销。")
    case.decision.document.refresh_from_db()
    assert case.decision.document.is_voided
    with pytest.raises(Refusal):
        services.revoke_decision(actor=at.head, decision=case.decision, reason="再次撤销。")


def test_officers_who_leave_keep_their_record_and_lose_the_case(at):
    case = filed_case(at)
    with pytest.raises(Forbidden):
        services.assign_officers(actor=at.head, case=case, officers=[at.first, at.third], reason="调岗")
    services.assign_officers(actor=at.section, case=case, officers=[at.first, at.third], reason="赵强调离")
    gone = case.lead.assignments.get(officer=at.second)
    assert gone.end_reason == "赵强调离"
    assert not Case.objects.visible_to(at.colleague).exists()
    assert Case.objects.visible_to(at.third.user).exists()


def test_the_case_of_a_complaint_against_ones_own_department_is_kept_from_its_people(at, client):
    """REFERENCE D.9: list, count, search and export alike."""
    case = filed_case(at)
    complaint = intake.complaint(knew_on=dt.date(2026, 6, 1))
    kind = ContentType.objects.get_for_model(Complaint)
    Lead.objects.filter(pk=case.lead_id).update(content_type=kind, object_id=complaint.pk)
    readers = [
        at.first.user,
        person("陶敏", at.housing, Role.SECTION_HEAD),
        person("高远", at.housing, Role.OFFICE_HEAD),
    ]
    for reader in readers:
        assert Case.objects.visible_to(reader).get() == case
    complaint.accused_department = at.housing
    complaint.save()
    for reader in readers:
        fresh = User.objects.get(pk=reader.pk)
        assert not Case.objects.visible_to(fresh).exists()
        assert not list(find_leads_and_cases(fresh, case.case_no))
        client.force_login(fresh)
        assert client.get(case.get_absolute_url()).status_code in (403, 404)
    elsewhere = person("肖宁", at.places["transport"], Role.OFFICE_HEAD)
    assert Case.objects.visible_to(elsewhere).get() == case
