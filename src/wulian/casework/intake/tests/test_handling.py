"""From the window to the competent authority: register, dispatch, admission, investigation, lead, transfer."""

from datetime import date, timedelta

import pytest
import time_machine

from wulian.casework.intake import services
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.services import clocks
from wulian.casework.intake.signals import matter_referred
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.core.procedures.services import apply_event
from wulian.core.ui.models import Notification
from wulian.core.ui.worklist import duties_for
from wulian.office.jurisdiction.models import JurisdictionRule

pytestmark = pytest.mark.django_db
OPINION = "被投诉事项属于评标结果，投诉人未先提出异议。"


@pytest.fixture
def referred():
    """What the signal carried."""
    caught = []

    def receiver(**kwargs):
        caught.append(kwargs)

    others = matter_referred.receivers
    matter_referred.receivers = []
    matter_referred.connect(receiver)
    yield caught
    matter_referred.receivers = others


def accept(complaint, officer, **changes):
    given = {"contact_person": officer.full_name, "contact_phone": "0722-3590001"}
    return services.accept_complaint(actor=officer, complaint=complaint, **{**given, **changes})


def clock(matter, kind):
    return Clock.objects.of(matter).get(kind=kind)


def test_a_complaint_goes_to_the_department_the_list_names(people, complaint):
    """事权清单 decides; the day of receipt stays the start of every clock (REFERENCE CM-3)."""
    make.dispatched(complaint, people.clerk, people.dispatcher)
    assert complaint.state == "C03"
    assert complaint.authority == people.housing
    assert "TS-421300-HO" in complaint.authority_reason
    assert [step.event for step in steps_of(complaint)] == ["submit", "register", "assign"]
    told = Notification.objects.filter(title__contains=complaint.number).values_list("user", flat=True)
    assert {people.officer.pk, people.colleague.pk, people.section.pk} <= set(told)
    assert people.stranger.pk not in set(told)


def test_a_county_project_goes_to_the_county_authority(people, complaint, department_tree):
    make.dispatched(complaint, people.clerk, people.dispatcher, region_code="421303")
    assert complaint.authority == department_tree["zengdu-authority"]


def test_without_an_item_in_the_list_nobody_gets_it(people, complaint):
    JurisdictionRule.objects.all().delete()
    make.registered(complaint, people.clerk)
    with pytest.raises(Refusal, match="会商"):
        services.dispatch_matter(actor=people.dispatcher, matter=complaint)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.authority) == ("C02", None)


def test_the_department_complained_of_never_gets_its_own_complaint(people):
    matter = make.complaint(respondent_name="随州市住房和城市更新局")
    make.registered(matter, people.clerk)
    with pytest.raises(Refusal, match="会商"):
        services.dispatch_matter(actor=people.dispatcher, matter=matter)


@pytest.mark.parametrize("who", ["dispatcher", "officer", "discipline", "admin"])
def test_only_a_clerk_registers(people, complaint, who):
    with pytest.raises(Forbidden):
        make.registered(complaint, getattr(people, who))


@pytest.mark.parametrize("who", ["clerk", "officer", "office_head", "discipline"])
def test_only_a_dispatcher_dispatches(people, complaint, who):
    make.registered(complaint, people.clerk)
    with pytest.raises(Forbidden):
        services.dispatch_matter(actor=getattr(people, who), matter=complaint)


def test_a_matter_is_registered_once_even_when_two_clerks_press_the_button(people, complaint):
    other_copy = type(complaint).objects.get(pk=complaint.pk)
    make.registered(complaint, people.clerk)
    with pytest.raises(Refusal):
        make.registered(other_copy, people.clerk)


def test_accepting_issues_a_notice_that_names_the_alias_and_the_day(people, examined):
    document = accept(examined, people.officer)
    assert examined.state == "C05"
    assert document.document_no == "随住更投受〔2026〕1号"
    context = document.context
    assert examined.alias in context["complainant"] and make.NAME not in str(context)
    assert context["decide_by"] == "2026-11-16"
    assert clock(examined, clocks.ADMISSION).outcome == "met"
    assert clock(examined, clocks.DECISION).is_running


def test_accepting_on_the_day_after_the_third_working_day_is_late(people, examined):
    with time_machine.travel("2026-10-10T09:00:00+08:00", tick=False):
        accept(examined, people.officer)
    assert clock(examined, clocks.ADMISSION).outcome == "overdue"


def test_a_notice_with_a_blank_leaves_the_complaint_where_it_was(people, examined):
    with pytest.raises(Refusal):
        accept(examined, people.officer, contact_phone="  ")
    examined.refresh_from_db()
    assert (examined.state, examined.admission) == ("C03", "pending")
    assert not EnforcementDocument.objects.exists()
    assert clock(examined, clocks.ADMISSION).is_running


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "section", "stranger", "discipline"])
def test_only_a_case_officer_of_the_authority_accepts(people, examined, who):
    with pytest.raises(Forbidden):
        accept(examined, getattr(people, who))


def test_not_accepting_needs_one_of_the_six_grounds_and_reasons(people, examined):
    for ground, reason, field in (("because", OPINION, "ground"), ("too_late", "迟了", "reason")):
        with pytest.raises(Refusal) as refused:
            services.refuse_complaint(actor=people.officer, complaint=examined, ground=ground, reason=reason)
        assert refused.value.field == field
    services.refuse_complaint(
        actor=people.officer, complaint=examined, ground="objection_first", reason=OPINION
    )
    assert examined.state == "C04"


def test_a_head_signs_the_refusal_with_reasons_and_remedies(people, examined):
    services.refuse_complaint(
        actor=people.officer, complaint=examined, ground="objection_first", reason=OPINION
    )
    waiting = [duty for duty in duties_for(people.officer) if examined.number in duty.subject_label]
    assert [duty.when for duty in waiting] == ["waiting"], "who proposed sees for whom it waits"
    document = services.sign_refusal(actor=people.section, complaint=examined, note="同意不予受理。")
    body = "".join(document.context["body"])
    assert OPINION in body and "行政复议" in body and "第十二条" in body
    assert examined.state == "C90"
    assert clock(examined, clocks.ADMISSION).outcome == "met"
    assert clock(examined, clocks.DECISION).outcome == "void"


def test_who_proposed_not_to_accept_does_not_sign_it(people, examined, user_factory):
    both = user_factory(("case_officer", "section_head"), "housing")
    services.refuse_complaint(actor=both, complaint=examined, ground="too_late", reason=OPINION)
    with pytest.raises(Refusal, match="第二人"):
        services.sign_refusal(actor=both, complaint=examined, note="同意")


def test_the_check_list_computes_lateness_and_the_missing_objection(people):
    late = make.complaint(topic="evaluation", knew_on=date(2026, 9, 1))
    found = {check.ground: check.is_fine for check in admission_checks(late, people.dispatcher)}
    assert found["too_late"] is False and found["objection_first"] is False and found["no_identity"] is True
    fine = make.complaint(knew_on=date(2026, 9, 19))
    found = {check.ground: check.is_fine for check in admission_checks(fine, people.dispatcher)}
    assert found["too_late"] is True, "19 + 10 is the 29th, the day of receipt"
    assert found["objection_first"] is True
    too_late = make.complaint(knew_on=date(2026, 9, 18))
    found = {check.ground: check.is_fine for check in admission_checks(too_late, people.dispatcher)}
    assert found["too_late"] is False


@pytest.fixture
def investigated(people, examined):
    """The complaint in C06; how it comes there is the handling's business."""
    accept(examined, people.officer)
    apply_event(subject=examined, event="start_investigation", actor=people.officer)
    return examined


def refer(actor, matter, **changes):
    given = {
        "summary": "核查三家投标文件机器特征一致的问题。",
        "violation_code": "WF-09",
        "reason": "涉嫌串通投标",
    }
    return services.refer_matter(actor=actor, matter=matter, **{**given, **changes})


def test_a_lead_is_opened_beside_an_accepted_complaint_which_goes_on(people, investigated, referred):
    """REFERENCE D.0: a complaint is never turned into a report."""
    refer(people.officer, investigated)
    assert investigated.state == "C06"
    assert clock(investigated, clocks.DECISION).is_running
    (sent,) = referred
    assert (sent["kind"], sent["violation_code"], sent["actor"]) == ("complaint", "WF-09", people.officer)
    assert sent["summary"].startswith("核查") and investigated.facts not in sent["summary"]
    with pytest.raises(Refusal):
        refer(people.officer, investigated)


def test_a_complaint_not_accepted_becomes_a_lead_with_its_notice(people, examined, referred):
    services.refuse_complaint(actor=people.officer, complaint=examined, ground="too_late", reason=OPINION)
    refer(people.section, examined)
    assert examined.state == "L01"
    templates = EnforcementDocument.objects.for_object(examined).values_list("template", flat=True)
    assert set(templates) == {"受理审查表", "不予受理告知书"}
    assert len(referred) == 1


def test_a_summary_with_a_telephone_number_does_not_go_out(people, investigated, referred):
    with pytest.raises(Refusal) as refused:
        refer(people.officer, investigated, summary=f"举报人电话{make.PHONE}，核查串标问题")
    assert refused.value.field == "summary"
    assert not referred


def test_when_a_receiver_refuses_nothing_has_happened(people, investigated):
    def receiver(**kwargs):
        raise Refusal("线索重复")

    matter_referred.connect(receiver)
    try:
        with pytest.raises(Refusal, match="线索重复"):
            refer(people.officer, investigated)
    finally:
        matter_referred.disconnect(receiver)
    investigated.refresh_from_db()
    assert investigated.referred_at is None
    assert not AuditEvent.objects.filter(verb="intake.referred").exists()


def test_a_tip_off_that_is_dispatched_becomes_a_lead_without_personal_data(people, referred):
    matter = make.tip_off(facts=f"我是项目部的，电话{make.PHONE}，他们借用资质投标，财务有转账记录。")
    make.dispatched(matter, people.clerk, people.dispatcher)
    assert TipOff.objects.get(pk=matter.pk).state == "L05"
    (sent,) = referred
    assert sent["kind"] == "tip_off" and make.PHONE not in sent["summary"]


def test_a_matter_of_nobody_here_is_transferred_and_its_clocks_end(people, complaint):
    make.registered(complaint, people.clerk)
    services.transfer_matter(
        actor=people.dispatcher, matter=complaint, to="襄阳市公共资源交易监督管理局", reason="项目在襄阳市"
    )
    assert complaint.state == "C10"
    services.confirm_transfer(actor=people.dispatcher, matter=complaint, note="移送函已发，已电话告知")
    assert complaint.state == "C92"
    assert not Clock.objects.of(complaint).running().exists()


def test_the_dispatch_has_its_own_short_clock(people, complaint):
    make.registered(complaint, people.clerk)
    assert clock(complaint, clocks.DISPATCH).due == date(2026, 9, 30)
    with time_machine.travel(make.RECEIVED + timedelta(days=1), tick=False):
        services.dispatch_matter(actor=people.dispatcher, matter=complaint)
    assert clock(complaint, clocks.DISPATCH).outcome == "met"
