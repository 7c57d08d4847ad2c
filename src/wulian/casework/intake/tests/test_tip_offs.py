"""举报 L01 to L10 (REFERENCE D.7): not checked, guided to a complaint, checked with its lead, handled flexibly, told."""

from datetime import date, datetime

import pytest
import time_machine

from wulian.casework.cases.models import Lead
from wulian.casework.cases.services.leads import assign_lead, examine_lead, take_lead_step
from wulian.casework.intake import services
from wulian.casework.intake.models import Complaint, MatterLink, TipOff
from wulian.casework.intake.selectors import matters_of
from wulian.casework.intake.services import clocks
from wulian.casework.intake.tests import factories as make
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.force.officers.tests.factories import CertificateFactory, OfficerFactory

pytestmark = pytest.mark.django_db
REASON = "来信没有说明时间、地点和当事人，无法核查。"


def documents(matter):
    return list(EnforcementDocument.objects.for_object(matter).values_list("template", flat=True))


def step_clock(matter):
    return Clock.objects.of(matter).running().filter(kind=clocks.STEP).first()


@pytest.fixture
def anonymous(people):
    return make.registered(make.tip_off(), people.clerk)


@pytest.fixture
def named(people):
    return make.registered(make.tip_off(who=make.reporter()), people.clerk)


class TestNotChecked:
    def decline(self, people, matter, **changes):
        given = {"actor": people.dispatcher, "tip_off": matter, "ground": "no_fact", "reason": REASON}
        return services.decline_check(**{**given, **changes})

    def test_a_second_person_confirms_and_a_named_reporter_is_told(self, people, named):
        self.decline(people, named)
        assert named.state == "L03" and step_clock(named).due == date(2026, 10, 12)
        services.archive_unchecked(actor=people.office_head, tip_off=named)
        assert named.state == "L90" and documents(named) == ["告知书"] and named.feedback
        assert not Clock.objects.of(named).running().exists()

    def test_an_anonymous_reporter_has_no_period_and_no_letter(self, people, anonymous):
        self.decline(people, anonymous)
        assert step_clock(anonymous) is None
        services.archive_unchecked(actor=people.office_head, tip_off=anonymous)
        assert documents(anonymous) == [] and anonymous.feedback

    def test_who_proposed_it_does_not_confirm_it(self, people, named, user_factory):
        both = user_factory(("dispatcher", "office_head"))
        self.decline(people, named, actor=both)
        with pytest.raises(Refusal, match="第二人"):
            services.archive_unchecked(actor=both, tip_off=named)

    def test_a_repeat_is_closed_with_reference_to_what_it_repeats(self, people, named):
        with pytest.raises(Refusal) as refused:
            self.decline(people, named, ground="repeated")
        assert refused.value.field == "ground"
        earlier = make.complaint()
        services.link_matters(
            actor=people.dispatcher, matter=named, other=earlier, kind="repeat", reason="同一事项"
        )
        self.decline(people, named, ground="repeated")
        assert named.state == "L03" and Complaint.objects.filter(pk=earlier.pk).exists()

    @pytest.mark.parametrize(
        ("changes", "field"), [({"ground": "tired"}, "ground"), ({"reason": "没空"}, "reason")]
    )
    def test_it_needs_a_ground_and_a_reason(self, people, named, changes, field):
        with pytest.raises(Refusal) as refused:
            self.decline(people, named, **changes)
        assert refused.value.field == field

    @pytest.mark.parametrize("who", ["clerk", "officer", "discipline", "office_head"])
    def test_only_a_dispatcher_proposes_it(self, people, named, who):
        with pytest.raises(Forbidden):
            self.decline(people, named, actor=getattr(people, who))


class TestGuided:
    def open(self, people, matter, **changes):
        given = {"actor": people.clerk, "tip_off": matter, "request": "请求认定中标无效。"}
        return services.open_complaint(**{**given, "knew_on": date(2026, 9, 24), **changes})

    def test_the_complaint_shares_the_receipt_and_runs_from_when_it_was_complete(self, people):
        """REFERENCE D.0: own day of receipt, because a complaint is complete only with its parts."""
        matter = make.registered(make.tip_off(who=make.reporter(), request=""), people.clerk)
        services.guide_to_complaint(actor=people.dispatcher, tip_off=matter)
        assert matter.state == "L06" and documents(matter) == ["告知书"]
        with time_machine.travel("2026-10-08T10:00:00+08:00", tick=False):
            complaint = self.open(people, matter)
        assert matter.state == "C01" and complaint.state == "C01"
        assert complaint.receipt == matter.receipt and complaint.received_at.date() == date(2026, 10, 8)
        assert Clock.objects.of(complaint).get(kind=clocks.ADMISSION).due == date(2026, 10, 12)
        assert set(matters_of(matter.receipt)) == {matter, complaint}, "one code opens both"
        assert MatterLink.objects.get().kind == "opened"

    def test_what_was_a_complaint_already_keeps_the_day_the_letter_came(self, people, named):
        """REFERENCE D.0: never called a report to avoid the 30 working days."""
        services.guide_to_complaint(actor=people.dispatcher, tip_off=named)
        with time_machine.travel("2026-10-08T10:00:00+08:00", tick=False):
            complaint = self.open(people, named)
        assert complaint.received_at == make.RECEIVED
        assert Clock.objects.of(complaint).get(kind=clocks.DECISION).due == date(2026, 11, 16)

    def test_an_anonymous_tip_off_becomes_no_complaint(self, people, anonymous):
        services.guide_to_complaint(actor=people.dispatcher, tip_off=anonymous)
        with pytest.raises(Refusal):
            self.open(people, anonymous)
        assert not Complaint.objects.exists() and documents(anonymous) == []

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"request": " "}, "request"),
            ({"knew_on": date(2026, 9, 30)}, "knew_on"),
            ({"completed_at": datetime(2026, 9, 28, tzinfo=make.BEIJING)}, "completed_at"),
            ({"completed_at": datetime(2026, 9, 30, tzinfo=make.BEIJING)}, "completed_at"),
        ],
    )
    def test_a_complaint_needs_its_parts_and_a_moment_that_has_passed(self, people, named, changes, field):
        services.guide_to_complaint(actor=people.dispatcher, tip_off=named)
        with pytest.raises(Refusal) as refused:
            self.open(people, named, **changes)
        assert refused.value.field == field
        assert TipOff.objects.get(pk=named.pk).state == "L06" and not Complaint.objects.exists()


@pytest.fixture
def lead(people, named):
    """The lead of the named tip-off, being checked by two officers of 市住更局."""
    services.dispatch_matter(actor=people.dispatcher, matter=named)
    found = Lead.objects.get(source="tip_off")
    examine_lead(
        actor=people.dispatcher, lead=found, violation_code="WF-09", sector="housing", region_code="421300"
    )
    officers = [
        OfficerFactory(user=user, authority=people.housing) for user in (people.officer, people.colleague)
    ]
    for officer in officers:
        CertificateFactory(officer=officer)
    return assign_lead(actor=people.dispatcher, lead=found, officers=officers)


class TestWithItsLead:
    def test_the_lead_says_what_it_is_about_in_words_of_the_file(self, people, named, lead):
        assert named.facts not in lead.facts and named.respondent_name in lead.facts

    def test_no_proof_is_told_to_the_reporter_within_five_working_days(self, people, named, lead):
        take_lead_step(
            actor=people.officer, lead=lead, event="conclude_unfounded", note="核查未发现串通投标的证据。"
        )
        named.refresh_from_db()
        assert named.state == "L07"
        take_lead_step(actor=people.section, lead=lead, event="confirm_unfounded")
        named.refresh_from_db()
        assert named.state == "L10" and step_clock(named).due == date(2026, 10, 12)
        services.give_feedback(
            actor=people.clerk, tip_off=named, text="经核查，未发现反映的问题，核查已结束。"
        )
        assert named.state == "L90" and documents(named) == ["告知书"]
        assert Clock.objects.of(named).filter(kind=clocks.STEP).last().outcome == "met"
        with pytest.raises(Refusal):
            services.give_feedback(actor=people.clerk, tip_off=named, text="经核查，未发现反映的问题。")

    def test_a_lead_that_nobody_checks_ends_its_tip_off_with_feedback(self, people, named):
        services.dispatch_matter(actor=people.dispatcher, matter=named)
        found = Lead.objects.get(source="tip_off")
        take_lead_step(
            actor=people.dispatcher, lead=found, event="decline_check", note="与另一线索重复，并案办理。"
        )
        named.refresh_from_db()
        assert named.state == "L05", "until the head has confirmed it"
        found.authority = people.housing
        found.save()
        take_lead_step(actor=people.section, lead=found, event="archive_unchecked")
        named.refresh_from_db()
        assert named.state == "L10"

    def test_a_filed_case_leaves_the_feedback_to_give(self, people, named, lead):
        for event, who in (("propose_filing", people.officer), ("approve_filing", people.head)):
            services.follow_lead(
                tip_off=named,
                event=event,
                state={"propose_filing": "L09"}.get(event, "P01"),
                actor=who,
                note="证据确凿",
            )
        assert named.state == "P01" and step_clock(named) is not None
        services.give_feedback(actor=people.clerk, tip_off=named, text="反映的问题已依法立案调查。")
        assert named.state == "P01" and named.feedback_at and step_clock(named) is None

    def test_flexible_handling_takes_three_people_a_ground_in_law_and_a_letter(
        self, people, named, lead, user_factory
    ):
        given = {"actor": people.officer, "tip_off": named, "measure": "reminder", "ground": "LN-1"}
        named.refresh_from_db()
        services.propose_leniency(**given, reason="情节轻微，已经及时改正，未造成后果。")
        lead.refresh_from_db()
        assert (named.state, lead.state) == ("L08", "L08")
        with pytest.raises(Refusal):
            services.conclude_leniency(actor=people.section, tip_off=named, note="请加强管理。")
        lawyer = user_factory("legal_reviewer", "housing")
        services.review_leniency(actor=lawyer, tip_off=named, note="符合第三十三条第一款。")
        document = services.conclude_leniency(actor=people.section, tip_off=named, note="请加强投标管理。")
        lead.refresh_from_db()
        assert (named.state, lead.state) == ("L10", "L10")
        assert document.template == "W48" and "第三十三条第一款" in str(document.context)
        assert make.NAME not in str(document.context) and named.alias not in str(document.context)

    @pytest.mark.parametrize(("ground", "measure"), [("kindness", "reminder"), ("LN-1", "nothing")])
    def test_leniency_outside_the_law_is_refused(self, people, named, lead, ground, measure):
        named.refresh_from_db()
        with pytest.raises(Refusal):
            services.propose_leniency(
                actor=people.officer,
                tip_off=named,
                measure=measure,
                ground=ground,
                reason="情节轻微，已经及时改正。",
            )
        assert TipOff.objects.get(pk=named.pk).state == "L05"

    def test_what_the_reviewer_sends_back_is_checked_again(self, people, named, lead, user_factory):
        named.refresh_from_db()
        services.propose_leniency(
            actor=people.officer,
            tip_off=named,
            measure="interview",
            ground="LN-2",
            reason="初次违法，危害后果轻微并改正。",
        )
        lawyer = user_factory("legal_reviewer", "housing")
        services.return_leniency(actor=lawyer, tip_off=named, note="未见改正材料，请补充核查。")
        lead.refresh_from_db()
        assert (named.state, lead.state, named.lenient_ground) == ("L05", "L05", "")
