"""One fact travels the whole loop: alert → lead → case → decision → points → credit record, each step guarded."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest

from wulian.casework.cases import services as cases
from wulian.casework.cases.models import Case, Evidence, Lead
from wulian.casework.cases.selectors import timeline_of
from wulian.casework.cases.tests.factories import REMEDIES, handed_over, plan, project
from wulian.casework.credit import services as credit
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.selectors import account_of, public_records
from wulian.casework.credit.services.files import folder
from wulian.core.audit.services import sequence_events
from wulian.core.audit.verification import verify
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import verify_document
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import accept_alert, dispatch_alert, refer_alert, refresh_alerts


def test_a_short_tender_period_travels_from_the_alert_to_the_file_for_the_province(
    at, clock, client_for, work
):
    # A rule finds a tender period of 17 days (招标投标法 第二十四条: at least 20), and a person judges it.
    dossier = project(at.owner)
    refresh_alerts()
    alert = Alert.objects.get(rule_id="WJ-01", project=dossier)
    if alert.state == "新预警":
        dispatch_alert(alert=alert, actor=at.dispatcher, department=at.housing)
    accept_alert(alert=alert, actor=at.idle)
    refer_alert(alert=alert, actor=at.idle, reason="准备期17日，少于二十日。", violation_code="WF-07")

    # The referral is a lead with what the rule saw as its first item of evidence.
    lead = Lead.objects.get(source="alert")
    assert (lead.state, lead.lead_no, lead.party) == ("L02", "线索〔2026〕1号", at.owner)
    assert lead.authority == at.housing
    item = Evidence.objects.get(lead=lead)
    assert "WJ-01" in item.content and item.sm3

    # Only the dispatcher gives it out, only to two officers who may act, only where the list names an authority.
    with pytest.raises(Forbidden):
        cases.assign_lead(actor=at.section, lead=lead, officers=[at.first, at.second])
    with pytest.raises(Refusal, match="不少于两人"):
        cases.assign_lead(actor=at.dispatcher, lead=lead, officers=[at.first])
    lead.refresh_from_db()
    cases.assign_lead(actor=at.dispatcher, lead=lead, officers=[at.first, at.second])

    # An officer of the lead proposes; the section head endorses; the head of the authority files.
    filing = {
        "opinion": "建议立案。", "cause": "投标准备期不足", "facts": "招标文件6月1日发出，6月18日截止投标，准备期17日。", "conduct_place": "随州市公共资源交易中心",
        "party_identifier": at.owner.uscc, "party_address": at.owner.address, "party_representative": "李国强",
    }  # fmt: skip
    with pytest.raises(Forbidden):
        cases.request_filing(actor=at.idle, lead=lead, **filing)
    cases.classify_lead(
        actor=at.officer, lead=lead, violation_code="WF-07", party=at.owner, conduct_date=dt.date(2026, 6, 1)
    )
    case = cases.request_filing(actor=at.officer, lead=lead, **filing)
    with pytest.raises(Refusal):
        cases.approve_filing(actor=at.head, case=case, opinion="同意。")
    cases.endorse_filing(actor=at.section, case=case, opinion="拟同意。", officers=[at.first, at.second])
    with pytest.raises(Forbidden):
        cases.approve_filing(actor=at.section, case=case, opinion="同意。")
    cases.approve_filing(actor=at.head, case=case, opinion="同意立案。")
    lead.refresh_from_db()
    assert (case.case_no, case.state, lead.state) == ("随住更案〔2026〕1号", "P02", "P01")
    ninety = Clock.objects.of(case).get(kind="PC-03")
    assert ninety.due == dt.date(2026, 9, 29)  # 行政处罚法 第六十条: filed on 1 July, 90 calendar days

    # Facts rest on verified evidence only.
    report = {"case": case, "report": "建议处罚。", "facts": case.facts, "plan": plan()}
    with pytest.raises(Refusal, match="查证属实"):
        cases.finish_investigation(actor=at.officer, **report)
    cases.verify_evidence(actor=at.officer, evidence=item, how="与平台原始日志核对一致")
    cases.finish_investigation(actor=at.officer, **report)
    cases.take_step(actor=at.officer, case=case, event="submit_report")
    with pytest.raises(Forbidden):
        cases.take_step(actor=at.officer, case=case, event="submit_legal_review", note="通过")
    cases.take_step(actor=at.section, case=case, event="submit_legal_review", note="审核通过。")
    cases.take_step(actor=at.reviewer, case=case, event="pass_legal_review", note="程序合法。")
    cases.take_step(actor=at.head, case=case, event="waive_discussion", note="案情简单。")

    # Nothing is decided before the party was notified and could speak (行政处罚法 第四十四、六十二条).
    with pytest.raises(Refusal):
        cases.close_statement_term(actor=at.officer, case=case)
    cases.issue_notice(
        actor=at.officer,
        case=case,
        contact_address="烈山大道",
        contact_person="陈丽",
        contact_phone="0722-3590001",
    )
    cases.serve_notice(actor=at.officer, case=case, service=handed_over())
    clock.move_to(dt.datetime(2026, 7, 8, 9, tzinfo=dt.UTC))
    with pytest.raises(Refusal, match="2026-07-08"):  # five working days after 1 July end on 8 July
        cases.close_statement_term(actor=at.officer, case=case)
    clock.move_to(dt.datetime(2026, 7, 9, 1, tzinfo=dt.UTC))
    with pytest.raises(Refusal):
        cases.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    cases.close_statement_term(actor=at.officer, case=case)

    # The head decides in the name of the authority; the office cannot, nor may it be heavier than notified.
    with pytest.raises(Forbidden):
        cases.decide_penalty(actor=at.office_head, case=case, remedies=REMEDIES)
    with pytest.raises(Refusal):
        cases.decide_penalty(actor=at.head, case=case, remedies=REMEDIES, amount=Decimal("60000"))
    decision = cases.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    document = decision.document
    assert document.document_no == "随住更罚决〔2026〕1号"
    assert (document.authority, document.context["fine"]) == (at.housing, "50000.00")
    assert {row["name"] for row in document.officers} == {"陈丽", "赵强"}
    assert document.context["provisions"] == ["《中华人民共和国招标投标法》第二十四条"]
    assert document.context["penalty_basis"] == ["《招标投标法实施条例》第六十四条第一款（二）"]
    assert verify_document(document) == []
    cases.seal_decision(actor=at.head, case=case)

    # Points follow a served decision; a second person confirms them when the party's days are over.
    with pytest.raises(Refusal):
        credit.propose_points(actor=at.officer, case=case)
    cases.record_service(actor=at.officer, case=case, service=handed_over())
    fifteen = Clock.objects.of(case).get(kind="PC-09")
    assert fifteen.due == dt.date(2026, 7, 24)
    [event] = credit.propose_points(actor=at.dispatcher, case=case)
    with pytest.raises(Refusal):
        credit.propose_points(actor=at.officer, case=case)
    credit.notify_points(actor=at.dispatcher, event=event)
    with pytest.raises(Forbidden):
        credit.confirm_points(actor=at.dispatcher, event=event)
    with pytest.raises(Refusal):
        credit.confirm_points(actor=at.dispatcher_two, event=event)

    # The record waits in the outbox for a second person; the worker writes the file.
    record = OutboxRecord.objects.get(case=case)
    with pytest.raises(Forbidden):
        credit.approve_publication(actor=at.head, record=record, gravity="ordinary")
    credit.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary", note="同意公示。")
    work()
    file = record.files.get()
    assert file.name == f"{at.housing.uscc}_20260709_001"
    [row] = csv.DictReader(io.StringIO((folder() / f"{file.name}.csv").read_bytes().decode("utf-8-sig")))
    assert (row["CF_WSH"], row["CF_NR_FK"], row["CF_CFLB"]) == (document.document_no, "5.000000", "罚款")
    assert (row["CF_XDR_SHXYM"], row["CF_JDRQ"], row["CF_GSJZQ"]) == (
        at.owner.uscc,
        "2026-07-09",
        "2027-07-09",
    )
    assert json.loads((folder() / f"{file.name}.json").read_bytes())["records"] == [row]
    credit.record_receipt(actor=at.dispatcher, record=record, accepted=True, receipt_no="HB2026-0001")
    assert public_records()[0]["CF_WSH"] == document.document_no
    seven = Clock.objects.of(case).get(kind="PC-20")
    assert (seven.due, seven.outcome) == (dt.date(2026, 7, 20), "met")

    clock.move_to(dt.datetime(2026, 7, 17, 1, tzinfo=dt.UTC))
    credit.confirm_points(actor=at.dispatcher_two, event=event)
    assert account_of(at.owner).total == 0
    clock.move_to(dt.datetime(2026, 7, 18, 1, tzinfo=dt.UTC))
    assert (account_of(at.owner).total, account_of(at.owner).level.code) == (event.points, "B")

    # The party pays, the case is closed and archived.
    cases.record_payment(actor=at.officer, case=case, paid_on=dt.date(2026, 7, 17), receipt_no="NO.0001")
    cases.take_step(actor=at.head, case=case, event="approve_closing", note="罚款已缴清，同意结案。")
    cases.take_step(actor=at.officer, case=case, event="archive")
    assert Case.objects.get().state == "P19"
    assert not Clock.objects.of(case).running().exclude(kind__startswith="penalty").exists()

    # Everything stands on the pages, numbered without gaps, and the trail still verifies.
    kinds = {item.kind for item in timeline_of(lead, case)}
    assert kinds == {"step", "document", "clock", "evidence", "audit"}
    titles = "".join(item.title for item in timeline_of(case))
    for word in ("立案审批表", "事先告知书", "行政处罚决定书", "送达回证", "公示审批单", "结案审批表"):
        assert word in titles, word
    for code in EnforcementDocument.objects.values_list("kind", flat=True).distinct():
        numbers = (
            EnforcementDocument.objects.filter(kind=code).order_by("number").values_list("number", flat=True)
        )
        assert list(numbers) == list(range(1, len(numbers) + 1)), code
    assert client_for(at.officer).get(case.get_absolute_url()).status_code == 200
    page = client_for(at.head).get(dossier.get_absolute_url()).content.decode()
    assert "随住更案〔2026〕1号" in page and "随住更罚决〔2026〕1号" in page
    sequence_events()
    assert verify().ok
    assert PointEvent.objects.count() == 1
