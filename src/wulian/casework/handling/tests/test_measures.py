"""Suspension, experts, withdrawal, consultation (REFERENCE CH-2 to CH-4, CH-10; D.6 C07 to C11)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from wulian.casework.dialogue.services import request_withdrawal
from wulian.casework.handling import services
from wulian.casework.handling.duties import duties
from wulian.casework.handling.models import Commission, TenderSuspension, Withdrawal
from wulian.casework.handling.panels import render_project
from wulian.casework.handling.selectors import day_count
from wulian.casework.handling.services import clocks
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.core.ui.models import Notification
from wulian.office.consultations.services import propose_consultation, reject_consultation

pytestmark = pytest.mark.django_db
REASON = "初步核实存在限制投标人的情形，继续推进将难以纠正。"
WISH = "已与招标人澄清，我方对结果无异议，申请撤回投诉。"


def suspend(people, complaint):
    return services.suspend_tendering(actor=people.head, complaint=complaint, reason=REASON)


def titles(complaint):
    return list(EnforcementDocument.objects.for_object(complaint).values_list("title", flat=True))


def clock(subject, kind):
    return Clock.objects.of(subject).get(kind=kind, state="running")


def test_the_head_suspends_a_tender_beside_the_investigation_and_the_dossier_shows_it(people, complaint, rf):
    """实施条例 第六十二条第一款: 必要时可以责令暂停招标投标活动."""
    suspension = suspend(people, complaint)
    assert complaint.state == "C06", "a measure beside the states"
    assert "责令暂停招标投标活动通知书" in titles(complaint)
    assert clock(suspension, clocks.REVIEW).due == date(2026, 10, 12), "five working days after 29 September"
    request = rf.get("/")
    request.user = people.officer
    assert suspension.document.document_no in render_project(request, complaint.project)
    with pytest.raises(Refusal):
        suspend(people, complaint)


@pytest.mark.parametrize("who", ["officer", "section", "stranger", "office_head"])
def test_nobody_but_the_head_of_the_authority_suspends(people, complaint, who):
    with pytest.raises((Forbidden, Refusal)):
        services.suspend_tendering(actor=getattr(people, who), complaint=complaint, reason=REASON)


def test_a_tender_without_a_dossier_is_not_suspended(people, officers):
    matter = make.investigated(people, officers)
    with pytest.raises(Refusal, match="项目"):
        suspend(people, matter)


def test_a_review_begins_five_new_days_and_the_head_is_reminded(people, complaint):
    suspension = suspend(people, complaint)
    assert [str(duty.url) for duty in duties(people.head)] == [complaint.get_absolute_url()]
    with time_machine.travel(intake.RECEIVED + timedelta(days=9), tick=False):
        services.review_suspension(actor=people.head, suspension=suspension, reason="原因没有消除")
        assert clock(suspension, clocks.REVIEW).due == date(2026, 10, 14), "10 October is worked in 2026"
    assert suspension.reviews.count() == 1


def test_a_lifted_suspension_has_both_documents_and_no_clock(people, complaint, rf):
    suspension = suspend(people, complaint)
    services.resume_tendering(actor=people.head, suspension=suspension, reason="招标人已经改正，原因消除。")
    assert {"责令暂停招标投标活动通知书", "恢复招标投标活动通知书"} <= set(titles(complaint))
    assert not Clock.objects.of(suspension).running().exists()
    request = rf.get("/")
    request.user = people.officer
    assert render_project(request, complaint.project) == ""


def test_the_file_stays_open_while_a_suspension_is_in_force(people, complaint):
    suspend(people, complaint)
    make.published(people, make.served(people, make.decided(people, complaint)))
    with pytest.raises(Refusal, match="暂停"):
        services.archive_complaint(actor=people.officer, complaint=complaint)
    services.resume_tendering(actor=people.head, suspension=TenderSuspension.objects.get(), reason="已作出处理决定，予以恢复。")  # fmt: skip
    services.archive_complaint(actor=people.officer, complaint=complaint)


def commission(people, complaint, **changes):
    given = {
        "reason": "appraisal", "institute": "湖北正信工程造价咨询有限公司", "question": "三份工程量清单的错误是否一致？",
        "materials": "投标文件光盘一张", "delivered_on": timezone.localdate(), "agreed_on": timezone.localdate() + timedelta(days=20),
    }  # fmt: skip
    return services.commission_experts(actor=people.officer, complaint=complaint, **{**given, **changes})


def test_expert_time_from_delivery_to_report_does_not_count(people, complaint):
    """实施条例 第六十一条第二款; REFERENCE CH-3."""
    commission(people, complaint)
    assert complaint.state == "C08"
    assert clock(complaint, clocks.DECISION).due is None
    with time_machine.travel("2026-10-12T10:00:00+08:00", tick=False):
        assert day_count(complaint).used == 0
        services.receive_expertise(
            actor=people.officer, complaint=complaint, received_on=date(2026, 10, 12), report_no="鄂正鉴〔2026〕18号",
            conclusion="错误一致，不能以偶然解释。",
        )  # fmt: skip
    assert complaint.state == "C06"
    # 30, 8, 9, 10 and 12 October: five working days were excluded.
    assert clock(complaint, clocks.DECISION).due == date(2026, 11, 23)
    with time_machine.travel("2026-10-14T10:00:00+08:00", tick=False):
        days = day_count(complaint)
        assert (days.used, days.of, days.excluded) == (2, 30, 5)
    letter = Commission.objects.get().document
    assert letter.title == "委托鉴定（检测）书"
    assert clock(complaint, clocks.DECISION).suspensions.get().document_no == letter.document_no


@pytest.mark.parametrize("reason", ["other", "hearing", "announcement", "objection_reply"])
def test_nothing_but_experts_stops_the_thirty_days(people, complaint, reason):
    """REFERENCE CH-2: there is no extension."""
    with pytest.raises(Refusal) as refused:
        commission(people, complaint, reason=reason)
    assert refused.value.field == "reason"


def test_experts_need_a_day_of_delivery_that_has_come_and_a_report_after_it(people, complaint):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        commission(people, complaint, delivered_on=tomorrow)
    assert refused.value.field == "delivered_on"
    commission(people, complaint)
    with pytest.raises(Refusal) as refused:
        services.receive_expertise(
            actor=people.officer, complaint=complaint, received_on=timezone.localdate() - timedelta(days=1), report_no="1",
            conclusion="错误一致，不能以偶然解释。",
        )  # fmt: skip
    assert refused.value.field == "received_on"


def examine(people, complaint, **changes):
    given = {"illegality_found": False, "harms_others": False, "opinion": "未发现违法行为，建议准予撤回。"}
    return services.examine_withdrawal(actor=people.officer, complaint=complaint, **{**given, **changes})


def test_a_withdrawal_asked_for_online_is_examined_and_permitted_by_the_head(people, complaint):
    """投诉处理办法 第十九条 [M]; REFERENCE CH-10."""
    wish = request_withdrawal(matter=complaint, reason=WISH)
    assert clock(complaint, clocks.WITHDRAWAL).due == date(2026, 10, 9), "three working days from the request"
    examine(people, complaint)
    assert complaint.state == "C09"
    document = services.permit_withdrawal(actor=people.head, complaint=complaint, note="准予撤回。")
    assert complaint.state == "C91"
    assert "不得以同一事实和理由再提出投诉" in str(document.context)
    wish.refresh_from_db()
    assert wish.state == "permitted"
    assert {row.kind for row in Clock.objects.of(complaint).running()} == {clocks.ARCHIVE}
    services.archive_complaint(actor=people.officer, complaint=complaint)
    assert complaint.state == "C90"


@pytest.mark.parametrize("flag", ["illegality_found", "harms_others"])
def test_a_withdrawal_is_not_permitted_when_something_stands_against_it(people, complaint, flag):
    """REFERENCE CH-10: clear illegality found → not permitted, the handling goes on."""
    wish = request_withdrawal(matter=complaint, reason=WISH)
    examine(people, complaint, **{flag: True})
    with pytest.raises(Refusal):
        services.permit_withdrawal(actor=people.head, complaint=complaint, note="准予撤回。")
    services.refuse_withdrawal(actor=people.head, complaint=complaint, note="已查明违法行为，不准予撤回。")
    assert complaint.state == "C06"
    wish.refresh_from_db()
    assert wish.state == "refused"
    assert clock(complaint, clocks.DECISION).is_running


def test_a_withdrawal_by_letter_needs_its_day_and_reasons(people, complaint):
    with pytest.raises(Refusal) as refused:
        examine(people, complaint)
    assert refused.value.field == "reason"
    examine(people, complaint, received_on=timezone.localdate(), reason=WISH)
    assert Withdrawal.objects.get().request is None


def test_who_investigated_does_not_decide_on_the_withdrawal(people, complaint):
    examine(people, complaint, received_on=timezone.localdate(), reason=WISH)
    for user in (people.officer, people.section, people.stranger):
        with pytest.raises((Forbidden, Refusal)):
            services.permit_withdrawal(actor=user, complaint=complaint, note="准予撤回。")


def test_a_complaint_withdrawn_before_its_acceptance_ends_there(people):
    matter = intake.dispatched(intake.complaint(), people.clerk, people.dispatcher)
    request_withdrawal(matter=matter, reason=WISH)
    services.permit_before_acceptance(actor=people.head, complaint=matter, note="准予撤回。")
    assert matter.state == "C91"


@pytest.fixture
def meeting(people, complaint):
    given = {"title": "串通投标认定会商", "facts": "三家投标文件设备信息相同。", "disputes": "能否认定串通。"}
    departments = [people.housing, people.transport]
    return services.call_consultation(
        actor=people.officer, complaint=complaint, departments=departments, **given
    )


def test_the_investigation_goes_on_with_the_signed_minutes(people, complaint, meeting):
    """REFERENCE D.6 C11 → C06; what was followed stands in the feedback on the tasks."""
    assert complaint.state == "C11" and meeting.subject == complaint
    intake.held(people, meeting, speakers=[people.section, people.stranger])
    intake.minutes(people, meeting)
    complaint.refresh_from_db()
    step = list(steps_of(complaint))[-1]
    assert complaint.state == "C06" and step.event == "return_from_consultation"
    assert step.actor == people.office_head and "各部门意见一致" in step.note
    assert Notification.objects.filter(user=people.officer, title__contains="会商已结束").exists()


def test_the_investigation_goes_on_when_no_meeting_is_held(people, complaint, meeting):
    reject_consultation(actor=people.office_head, consultation=meeting, note="事实清楚，无需会商。")
    complaint.refresh_from_db()
    assert complaint.state == "C06" and "未召开" in list(steps_of(complaint))[-1].note


def test_minutes_of_another_consultation_about_it_move_nothing(people, complaint, meeting):
    other = propose_consultation(
        actor=people.officer,
        type="data",
        title="数据分析会",
        facts="设备信息比对。",
        departments=[people.housing, people.transport],
        subject=complaint,
    )
    reject_consultation(actor=people.office_head, consultation=other, note="合并召开。")
    complaint.refresh_from_db()
    assert complaint.state == "C11"


def test_the_department_complained_of_is_not_asked(people, officers):
    matter = make.investigated(people, officers)
    matter.accused_department = people.transport
    matter.save()
    with pytest.raises(Refusal) as refused:
        services.call_consultation(
            actor=people.officer, complaint=matter, title="会商", facts="三家投标文件设备信息相同。", disputes="认定",
            departments=[people.housing, people.transport],
        )  # fmt: skip
    assert refused.value.field == "departments"
