"""A consultation hears every department, records dissent, and binds nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone, translation

from wulian import crypto
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.core.ui.models import Notification
from wulian.office.consultations import services
from wulian.office.consultations.choices import State
from wulian.office.consultations.duties import consultation_duties
from wulian.office.consultations.models import Consultation, Opinion
from wulian.office.consultations.selectors import minutes_content

from .factories import Meeting, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    with translation.override("en"):
        yield


@pytest.fixture
def meeting():
    return Meeting()


def test_a_consultation_goes_from_proposal_to_archive(meeting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    task, document = meeting.sign()
    assert document.document_no == "随公监办会纪〔2026〕1号"
    services.give_receipt(actor=meeting.water, task=task, outcome="adopted", receipt="已于三日内受理。")
    services.close_consultation(actor=meeting.dispatcher, consultation=meeting.item, note="任务已落实")
    meeting.item.refresh_from_db()
    assert meeting.item.state == State.CLOSED and meeting.item.is_finished
    assert [step.event for step in steps_of(meeting.item)] == [
        "approve", "send_materials", "confirm_recusal", "give_opinion", "give_opinion", "conclude", "draft_minutes",
        "sign_minutes", "give_feedback", "close",
    ]  # fmt: skip
    assert meeting.item.minutes_digest == crypto.hexdigest(meeting.item.minutes.encode())
    assert "不代替其负责人依法作出的决定" in meeting.item.minutes
    assert (
        AuditEvent.objects.filter(subject_id=str(meeting.item.pk), verb="procedures.step_taken").count() == 10
    )


def test_numbers_run_through_the_year_and_begin_again(meeting, time_machine):
    assert meeting.propose().document_number == "会商〔2026〕2号"
    time_machine.move_to("2027-01-04 09:00:00+08:00", tick=False)
    assert meeting.propose().document_number == "会商〔2027〕1号"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "party"}, "type"),
        ({"title": " "}, "facts"),
        ({"facts": ""}, "facts"),
        ({"departments": []}, "departments"),
    ],
)
def test_an_incomplete_proposal_is_refused_with_its_field(meeting, changes, field):
    with pytest.raises(Refusal) as refused:
        meeting.propose(**changes)
    assert refused.value.field == field
    assert Consultation.objects.count() == 1


def test_one_department_alone_is_no_consultation(meeting):
    with pytest.raises(Refusal, match="at least two"):
        meeting.propose(departments=[department("szzjj"), department("szzjj")])


@pytest.mark.parametrize("role", [Role.DISCIPLINE, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_who_oversees_or_administers_proposes_nothing(meeting, role):
    with pytest.raises(Forbidden):
        meeting.propose(actor=person("szzjj", role))


def test_a_consultation_about_a_record_needs_that_the_proposer_sees_the_record(meeting):
    about = meeting.item
    second = meeting.propose(subject=about)
    assert second.subject == about
    stranger = person("szczj", Role.CASE_OFFICER)
    with pytest.raises(Forbidden):
        meeting.propose(actor=stranger, subject=about)


def test_only_the_head_of_the_office_approves(meeting):
    with pytest.raises(Forbidden):
        services.approve_consultation(
            actor=meeting.dispatcher,
            consultation=meeting.item,
            host=meeting.head,
            recorder=meeting.dispatcher,
            place="三楼会议室",
            held_at=timezone.now() + dt.timedelta(days=3),
        )
    meeting.item.refresh_from_db()
    assert meeting.item.state == State.PROPOSED and meeting.item.host is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"place": ""}, "place"), ({"days": -1}, "held_at"), ({"same": True}, "recorder")],
)
def test_a_meeting_has_a_place_a_time_to_come_and_two_people(meeting, changes, field):
    with pytest.raises(Refusal) as refused:
        services.approve_consultation(
            actor=meeting.head,
            consultation=meeting.item,
            host=meeting.head,
            recorder=meeting.head if changes.get("same") else meeting.dispatcher,
            place=changes.get("place", "三楼会议室"),
            held_at=timezone.now() + dt.timedelta(days=changes.get("days", 3)),
        )
    assert refused.value.field == field


def test_a_proposal_is_rejected_with_a_reason_and_goes_no_further(meeting):
    with pytest.raises(Refusal):
        services.reject_consultation(actor=meeting.head, consultation=meeting.item, note="")
    services.reject_consultation(actor=meeting.head, consultation=meeting.item, note="可由住更局直接答复")
    assert meeting.item.state == State.REJECTED
    with pytest.raises(Refusal):
        meeting.approve()


def test_materials_go_to_those_who_speak_for_an_invited_department(meeting):
    clerk = person("szslj", Role.CASE_OFFICER)
    meeting.approve()
    services.send_materials(actor=meeting.dispatcher, consultation=meeting.item)
    told = set(Notification.objects.values_list("user", flat=True))
    assert {meeting.housing.pk, meeting.water.pk, meeting.observer.pk} <= told
    assert clerk.pk not in told


def test_a_recused_department_loses_sight_and_voice(meeting):
    meeting.approve()
    member = meeting.item.members.get(department=department("szslj"))
    services.recuse_member(actor=meeting.water, member=member, reason="当事人系我局下属企业")
    assert not Consultation.objects.visible_to(meeting.water).exists()
    with pytest.raises(Refusal, match="already recused"):
        services.recuse_member(actor=meeting.head, member=member, reason="同上")
    services.send_materials(actor=meeting.dispatcher, consultation=meeting.item)
    with pytest.raises(Refusal, match="Fewer than two"):
        services.confirm_recusals(actor=meeting.head, consultation=meeting.item)


def test_a_department_does_not_recuse_another(meeting):
    meeting.approve()
    member = meeting.item.members.get(department=department("szslj"))
    with pytest.raises(Forbidden):
        services.recuse_member(actor=meeting.housing, member=member, reason="有利害关系")


def test_a_recusal_after_the_meeting_began_is_too_late(meeting):
    meeting.hold()
    member = meeting.item.members.get(department=department("szslj"))
    with pytest.raises(Refusal, match="before the meeting"):
        services.recuse_member(actor=meeting.water, member=member, reason="有利害关系")


def test_an_opinion_is_given_by_an_invited_department_only(meeting):
    meeting.hold()
    for stranger in (person("szczj", Role.LIAISON), meeting.observer, meeting.dispatcher):
        with pytest.raises(Forbidden):
            services.give_opinion(
                actor=stranger, consultation=meeting.item, position="agrees", opinion="同意"
            )
    assert not Opinion.objects.exists()


def test_an_opinion_before_the_meeting_is_refused(meeting):
    with pytest.raises(Refusal):
        services.give_opinion(
            actor=meeting.housing, consultation=meeting.item, position="agrees", opinion="同意"
        )
    assert not Opinion.objects.exists()


def test_a_later_opinion_replaces_an_earlier_one_which_stays_readable(meeting):
    meeting.hold()
    meeting.speak(water="disagrees")
    services.give_opinion(
        actor=meeting.water, consultation=meeting.item, position="agrees", opinion="改为同意。"
    )
    kept = list(
        Opinion.objects.filter(member__department=department("szslj")).values_list("position", "is_current")
    )
    assert kept == [("disagrees", False), ("agrees", True)]
    meeting.conclude()
    assert [row["opinion"] for row in minutes_content(meeting.item)["opinions"]] == [
        "同意。道路标段由我局监管。",
        "同意。改为同意。",
    ]


def test_there_is_no_conclusion_while_a_department_has_not_spoken(meeting):
    meeting.hold()
    services.give_opinion(
        actor=meeting.housing, consultation=meeting.item, position="agrees", opinion="由我局监管道路标段。"
    )
    with pytest.raises(Refusal, match="随州市水利和湖泊局") as refused:
        meeting.conclude()
    assert refused.value.field == "absent"
    meeting.conclude(absent=[department("szslj")])
    assert meeting.item.members.get(department=department("szslj")).is_absent


def test_the_form_of_the_conclusion_agrees_with_what_was_said(meeting):
    meeting.hold()
    meeting.speak(water="disagrees")
    with pytest.raises(Refusal, match="not unanimous"):
        meeting.conclude(kind="一致")
    with pytest.raises(Refusal, match="more than half"):
        meeting.conclude(kind="多数", dissent="水利局不同意")
    with pytest.raises(Refusal) as refused:
        meeting.conclude(kind="保留")
    assert refused.value.field == "dissent"
    meeting.conclude(kind="保留", dissent="水利局认为整个项目应由其监管。")
    assert meeting.item.state == State.CONCLUDED
    assert minutes_content(meeting.item)["dissent"] == "水利局认为整个项目应由其监管。"


def test_only_the_head_of_the_office_concludes(meeting):
    meeting.hold()
    meeting.speak()
    with pytest.raises(Forbidden):
        services.conclude_consultation(
            actor=meeting.dispatcher, consultation=meeting.item, kind="一致", conclusion="分别监管"
        )


def test_minutes_need_a_task_with_a_responsible_department(meeting):
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    with pytest.raises(Refusal, match="at least one task"):
        services.draft_minutes(actor=meeting.dispatcher, consultation=meeting.item)
    assert meeting.item.state == State.CONCLUDED


def test_a_task_is_added_by_the_office_only_and_only_after_the_conclusion(meeting):
    with pytest.raises(Refusal):
        meeting.add_task()
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    with pytest.raises(Refusal) as refused:
        meeting.add_task(due=dt.date(2026, 3, 1))
    assert refused.value.field == "due"
    with pytest.raises(Forbidden):
        services.add_task(
            actor=meeting.water,
            consultation=meeting.item,
            department=department("szslj"),
            content="受理",
            due=dt.date(2026, 3, 9),
        )


def test_minutes_are_returned_corrected_and_signed(meeting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    meeting.add_task()
    services.draft_minutes(actor=meeting.dispatcher, consultation=meeting.item)
    services.return_minutes(actor=meeting.head, consultation=meeting.item, note="补充住更局任务")
    meeting.add_task(department=department("szzjj"), content="道路标段投诉由住更局处理")
    services.draft_minutes(actor=meeting.dispatcher, consultation=meeting.item)
    services.sign_minutes(actor=meeting.head, consultation=meeting.item)
    assert "道路标段投诉由住更局处理" in meeting.item.minutes
    assert EnforcementDocument.objects.for_object(meeting.item).count() == 1


def test_the_dispatcher_does_not_sign(meeting):
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    meeting.add_task()
    services.draft_minutes(actor=meeting.dispatcher, consultation=meeting.item)
    with pytest.raises(Forbidden):
        services.sign_minutes(actor=meeting.dispatcher, consultation=meeting.item)
    assert not EnforcementDocument.objects.exists()


def test_feedback_comes_once_from_the_responsible_department_with_its_reason(meeting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    task, _document = meeting.sign()
    with pytest.raises(Forbidden):
        services.give_receipt(actor=meeting.housing, task=task, outcome="adopted", receipt="已办")
    with pytest.raises(Refusal) as refused:
        services.give_receipt(actor=meeting.water, task=task, outcome="not_adopted", receipt=" ")
    assert refused.value.field == "receipt"
    with pytest.raises(Refusal, match="1 tasks have no feedback"):
        services.close_consultation(actor=meeting.dispatcher, consultation=meeting.item, note="办结")
    services.give_receipt(
        actor=meeting.water, task=task, outcome="not_adopted", receipt="局长办公会决定由区水利局先行处理。"
    )
    with pytest.raises(Refusal, match="already recorded"):
        services.give_receipt(actor=meeting.water, task=task, outcome="adopted", receipt="已办")


def test_who_sees_a_consultation(meeting):
    def sees(user):
        return Consultation.objects.visible_to(user).exists()

    assert all(
        sees(user)
        for user in (meeting.head, meeting.dispatcher, meeting.housing, meeting.water, meeting.observer)
    )
    assert sees(person("szjgb", Role.DISCIPLINE))
    assert not sees(person("szczj", Role.AUTHORITY_HEAD))
    assert not sees(person("szzjj", Role.SYSTEM_ADMIN))
    assert not Opinion.objects.visible_to(person("szczj", Role.LIAISON)).exists()


def test_each_step_is_a_duty_of_the_person_who_must_take_it(meeting):
    def titles(user):
        return [str(duty.title) for duty in consultation_duties(user)]

    assert titles(meeting.head) == ["提议"] and titles(meeting.dispatcher) == [] == titles(meeting.water)
    meeting.approve()
    assert titles(meeting.dispatcher) == ["准备材料"]
    services.send_materials(actor=meeting.dispatcher, consultation=meeting.item)
    services.confirm_recusals(actor=meeting.head, consultation=meeting.item)
    assert titles(meeting.water) == ["Give the opinion of your department"] == titles(meeting.housing)
    assert titles(meeting.observer) == []
    meeting.speak()
    assert titles(meeting.water) == [] and titles(meeting.head) == ["会议讨论"]


def test_a_task_is_a_duty_of_the_responsible_department_until_it_reports(meeting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting.hold()
    meeting.speak()
    meeting.conclude()
    task, _document = meeting.sign()
    [duty] = consultation_duties(meeting.water)
    assert duty.due == task.due and not list(consultation_duties(meeting.housing))
    services.give_receipt(actor=meeting.water, task=task, outcome="adopted", receipt="已受理")
    assert not list(consultation_duties(meeting.water))
