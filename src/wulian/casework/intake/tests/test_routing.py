"""Who handles a complaint: first receiver (CM-2), transfer with minimised content (CM-3), dispute and reassignment."""

from datetime import date, datetime

import pytest
import time_machine

from wulian.casework.intake import services
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.minimising import GUESSES
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.core.ui.models import Notification
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import propose_consultation, reject_consultation

pytestmark = pytest.mark.django_db
ELSEWHERE = "襄阳市公共资源交易监督管理局"
SUMMARY = "反映某标段多家投标人报价呈规律性差异，涉嫌相互串通，请核查。"


class TestFirstReceiver:
    def test_another_body_that_received_it_earlier_handles_it(self, people):
        """实施条例 第六十一条第一款: 最先收到, not 最先受理."""
        matter = make.complaint(other_authority=ELSEWHERE)
        make.registered(matter, people.clerk, other_received_on=date(2026, 9, 28))
        with pytest.raises(Refusal, match="移送"):
            services.dispatch_matter(actor=people.dispatcher, matter=matter)

    @pytest.mark.parametrize("day", [date(2026, 9, 29), date(2026, 9, 30), None])
    def test_one_that_received_it_the_same_day_or_later_does_not(self, people, day):
        matter = make.complaint(other_authority=ELSEWHERE)
        make.dispatched(matter, people.clerk, people.dispatcher, other_received_on=day)
        assert matter.authority == people.housing

    def test_the_department_of_ours_that_received_it_first_gets_the_second_letter_too(self, people):
        first = make.dispatched(make.complaint(), people.clerk, people.dispatcher)
        with time_machine.travel(datetime(2026, 9, 30, 9, tzinfo=make.BEIJING), tick=False):
            second = make.registered(make.complaint(), people.clerk, sector="transport")
            services.link_matters(
                actor=people.dispatcher, matter=second, other=first, kind="repeat", reason="同一事项再次投诉"
            )
            services.dispatch_matter(actor=people.dispatcher, matter=second)
        assert second.authority == people.housing and first.number in second.authority_reason
        assert "第六十一条第一款" in second.authority_reason

    def test_a_related_matter_decides_nothing(self, people):
        first = make.dispatched(make.complaint(), people.clerk, people.dispatcher)
        with time_machine.travel(datetime(2026, 9, 30, 9, tzinfo=make.BEIJING), tick=False):
            second = make.registered(make.complaint(), people.clerk, sector="transport")
            services.link_matters(
                actor=people.dispatcher, matter=second, other=first, kind="related", reason="同一单位"
            )
            services.dispatch_matter(actor=people.dispatcher, matter=second)
        assert second.authority == people.transport


class TestTransfer:
    @pytest.fixture
    def registered(self, people, complaint):
        return make.registered(complaint, people.clerk)

    def transfer(self, people, matter, **changes):
        given = {"actor": people.dispatcher, "matter": matter, "to": ELSEWHERE, "reason": "项目在襄阳市"}
        return services.transfer_matter(**{**given, "summary": SUMMARY, **changes})

    def test_the_letter_says_the_summary_and_the_original_day_and_nothing_of_the_reporter(
        self, people, registered
    ):
        self.transfer(people, registered)
        with time_machine.travel("2026-09-30T09:00:00+08:00", tick=False):
            services.confirm_transfer(actor=people.dispatcher, matter=registered)
        letter = EnforcementDocument.objects.for_object(registered).get(template="移送函")
        text = str(letter.context)
        assert SUMMARY in text and "2026-09-29" in text
        assert registered.facts not in text and registered.alias not in text and make.NAME not in text
        told = EnforcementDocument.objects.for_object(registered).get(template="告知书")
        assert ELSEWHERE in str(told.context) and registered.alias in str(told.context)
        assert registered.state == "C92" and not Clock.objects.of(registered).running().exists()

    def test_what_concerns_officials_goes_by_its_own_letter(self, people, registered):
        self.transfer(people, registered, to="中共随州市纪律检查委员会", kind="discipline")
        services.confirm_transfer(actor=people.dispatcher, matter=registered)
        assert EnforcementDocument.objects.for_object(registered).filter(template="W39").exists()

    @pytest.mark.parametrize(
        "text",
        [
            f"{make.NAME}反映三家公司串通投标，请核查。",
            f"反映人住{make.ADDRESS}，称三家公司串通投标。",
            "欧阳 听雨 反映三家公司串通投标，请核查。",
        ],
    )
    def test_a_summary_that_could_name_the_reporter_is_stopped_and_written_down(
        self, people, registered, text
    ):
        with pytest.raises(Refusal) as refused:
            self.transfer(people, registered, summary=text)
        assert refused.value.field == "summary" and make.NAME not in refused.value.message
        assert AuditEvent.objects.filter(verb="intake.leak_stopped").count() == 1
        assert Complaint.objects.get(pk=registered.pk).state == "C02"

    def test_nobody_finds_the_reporter_by_guessing(self, people, registered):
        for _guess in range(GUESSES):
            with pytest.raises(Refusal):
                self.transfer(people, registered, summary=f"{make.NAME}反映三家公司串通投标。")
        with pytest.raises(Refusal):
            self.transfer(people, registered)
        with time_machine.travel("2026-09-30T11:00:00+08:00", tick=False):
            self.transfer(people, registered)
        assert registered.state == "C10"

    def test_the_letter_itself_is_no_summary(self, people, registered):
        with pytest.raises(Refusal) as refused:
            self.transfer(people, registered, summary=registered.facts)
        assert refused.value.field == "summary"

    def test_without_a_summary_the_words_of_the_file_go_out(self, people, registered):
        self.transfer(people, registered, summary="")
        assert registered.facts not in registered.transfer_summary
        assert registered.respondent_name in registered.transfer_summary

    def test_an_anonymous_tip_off_is_transferred_without_a_notice(self, people):
        matter = make.registered(make.tip_off(), people.clerk)
        self.transfer(people, matter, to="随州市公安局", kind="police")
        assert matter.state == "L04" and Clock.objects.of(matter).running().get().kind == clocks.STEP
        services.confirm_transfer(actor=people.dispatcher, matter=matter)
        assert matter.state == "L92"
        assert not EnforcementDocument.objects.for_object(matter).filter(template="告知书").exists()

    @pytest.mark.parametrize("who", ["clerk", "officer", "discipline"])
    def test_only_a_dispatcher_transfers_what_is_not_dispatched(self, people, registered, who):
        with pytest.raises(Forbidden):
            self.transfer(people, registered, actor=getattr(people, who))


class TestDispute:
    def dispute(self, people, examined, **changes):
        given = {"actor": people.officer, "matter": examined, "reason": "该项目属于交通工程"}
        return services.dispute_competence(**{**given, "departments": [people.transport], **changes})

    def test_a_consultation_is_proposed_and_the_periods_run_on(self, people, examined):
        consultation = self.dispute(people, examined)
        assert examined.state == "C03" and Clock.objects.of(examined).running().count() == 2
        invited = {member.department for member in consultation.members.all()}
        assert invited == {people.housing, people.transport}
        assert examined.facts not in consultation.facts and consultation.subject == examined
        told = Notification.objects.filter(title__contains=examined.number).values_list("user", flat=True)
        assert people.dispatcher.pk in set(told)

    def test_it_needs_another_department_and_ones_own_complaint(self, people, examined):
        with pytest.raises(Refusal) as refused:
            self.dispute(people, examined, departments=[people.housing])
        assert refused.value.field == "departments"
        with pytest.raises(Forbidden):
            self.dispute(people, examined, actor=people.stranger)
        assert not Consultation.objects.exists()

    def test_a_reassigned_complaint_keeps_its_day_of_receipt_and_its_periods(self, people, examined):
        """REFERENCE CM-3: keep the original receipt date."""
        due = {clock.kind: clock.due for clock in Clock.objects.of(examined).running()}
        with time_machine.travel("2026-09-30T15:00:00+08:00", tick=False):
            services.reassign_matter(
                actor=people.dispatcher,
                matter=examined,
                authority=people.transport,
                reason="会商明确由市交通局办理",
            )
        assert examined.authority == people.transport and examined.state == "C03"
        assert {clock.kind: clock.due for clock in Clock.objects.of(examined).running()} == due
        assert Complaint.objects.visible_to(people.stranger).filter(pk=examined.pk).exists()
        assert not Complaint.objects.visible_to(people.officer).filter(pk=examined.pk).exists()

    def consult(self, people, examined, competent):
        consultation = self.dispute(people, examined)
        make.held(people, consultation, speakers=[people.section, people.stranger])
        make.minutes(people, consultation, competent=competent)
        examined.refresh_from_db()
        return consultation

    def test_signed_minutes_that_name_another_authority_give_the_complaint_to_it(self, people, examined):
        """REFERENCE I.5, CM-3: the consultation decides; day of receipt and periods stay."""
        due = {clock.kind: clock.due for clock in Clock.objects.of(examined).running()}
        consultation = self.consult(people, examined, people.transport)
        assert examined.authority == people.transport and examined.state == "C03"
        assert consultation.document_number in examined.authority_reason
        assert {clock.kind: clock.due for clock in Clock.objects.of(examined).running()} == due
        step = list(steps_of(examined))[-1]
        assert (step.event, step.actor) == ("reassign", people.office_head)
        assert f"本事项由{people.transport.name}办理" in consultation.minutes

    def test_minutes_that_leave_it_where_it_is_tell_its_officers(self, people, examined):
        self.consult(people, examined, people.housing)
        assert examined.authority == people.housing
        assert list(steps_of(examined))[-1].event == "dispute_competence"
        assert Notification.objects.filter(user=people.officer, title__contains="仍由").exists()

    def test_minutes_that_name_nobody_are_told_to_the_dispatcher(self, people, examined):
        self.consult(people, examined, None)
        assert examined.authority == people.housing
        assert Notification.objects.filter(user=people.dispatcher, title__contains="未确定承办机关").exists()

    def test_a_meeting_that_is_not_held_is_told_to_the_dispatcher(self, people, examined):
        reject_consultation(
            actor=people.office_head, consultation=self.dispute(people, examined), note="清单已明确。"
        )
        assert Notification.objects.filter(user=people.dispatcher, title__contains="未确定承办机关").exists()

    def test_a_consultation_before_the_dispatch_decides_to_whom_it_goes(self, people, complaint):
        """The list may have no item, or name the department complained of, which then takes no part."""
        make.registered(complaint, people.clerk, accused_department=people.housing)
        with pytest.raises(Refusal):
            services.dispatch_matter(actor=people.dispatcher, matter=complaint)
        meeting = {
            "actor": people.dispatcher,
            "type": "case",
            "title": "承办机关的确定",
            "facts": "清单机关被反映。",
        }
        with pytest.raises(Refusal) as refused:
            propose_consultation(**meeting, subject=complaint, departments=[people.housing, people.transport])
        assert refused.value.field == "departments"
        office = people.office_head.department
        consultation = propose_consultation(
            **meeting, subject=complaint, departments=[office, people.transport]
        )
        make.held(people, consultation, speakers=[people.dispatcher, people.stranger])
        with pytest.raises(Refusal) as refused:
            make.minutes(people, consultation, competent=people.housing)
        assert refused.value.field == "competent"
        make.minutes(people, consultation, competent=people.transport)
        services.dispatch_matter(actor=people.dispatcher, matter=complaint)
        assert complaint.authority == people.transport
        assert consultation.document_number in complaint.authority_reason

    def test_it_is_not_reassigned_to_the_same_the_accused_or_by_others(self, people, examined):
        given = {"actor": people.dispatcher, "matter": examined, "reason": "会商明确"}
        with pytest.raises(Refusal):
            services.reassign_matter(**given, authority=people.housing)
        examined.accused_department = people.transport
        examined.save()
        with pytest.raises(Refusal):
            services.reassign_matter(**given, authority=people.transport)
        with pytest.raises(Forbidden):
            services.reassign_matter(**{**given, "actor": people.officer}, authority=people.transport)
