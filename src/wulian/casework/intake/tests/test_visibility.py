"""Who sees a matter: list, count, search, worklist, notification; never the department complained of."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from wulian.casework.cases.models import Lead
from wulian.casework.intake.models import Complaint, TipOff
from wulian.casework.intake.search import find_matters
from wulian.casework.intake.services import confirm_transfer, transfer_matter
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import may_see_clock
from wulian.core.ui.models import Notification
from wulian.core.ui.worklist import duties_for
from wulian.force.officers.models import RecusalDeclaration
from wulian.force.officers.tests.factories import OfficerFactory

pytestmark = pytest.mark.django_db


def sees(user, matter):
    fresh = User.objects.get(pk=user.pk)
    return type(matter).objects.visible_to(fresh).filter(pk=matter.pk).exists()


def who_sees(people, matter):
    names = ("clerk", "dispatcher", "office_head", "discipline", "officer", "section", "stranger", "admin")
    return {name for name in names if sees(getattr(people, name), matter)}


def test_a_new_complaint_is_seen_by_the_office_and_by_no_authority(people, complaint):
    assert who_sees(people, complaint) == {"clerk", "dispatcher", "office_head", "discipline"}


def test_a_dispatched_complaint_is_seen_by_its_authority_and_the_clerk_who_registered_it(
    people, examined, user_factory
):
    assert who_sees(people, examined) == {
        "clerk",
        "dispatcher",
        "office_head",
        "discipline",
        "officer",
        "section",
    }
    assert not sees(user_factory(Role.CLERK), examined), "another clerk has nothing to do with it any more"
    assert not sees(user_factory(Role.LIAISON, "housing"), examined)


def test_the_three_administrators_see_nothing(people, complaint, user_factory):
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert not sees(user_factory(role), complaint)


@pytest.mark.parametrize(
    "role", [Role.CASE_OFFICER, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE, Role.CLERK]
)
def test_officers_of_the_department_complained_of_never_meet_it(people, user_factory, role):
    """REFERENCE D.9 (6): list, count, search, worklist, notification, clock."""
    accused = user_factory(role, "housing")
    matter = make.complaint(respondent_name="随州市住房和城市更新局")
    make.registered(matter, people.clerk)
    assert not sees(accused, matter)
    assert Complaint.objects.visible_to(accused).count() == 0
    assert not list(find_matters(accused, matter.number))
    assert not [duty for duty in duties_for(accused) if matter.number in duty.subject_label]
    assert not Notification.objects.filter(user=accused).exists()
    assert not may_see_clock(accused, Clock.objects.of(matter).first())


class TestTrail:
    """Discipline reads the audit trail of the whole house, but not about a matter against its own department."""

    @pytest.fixture
    def matter(self, people):
        """A tip-off against 市住更局 whose lead, clocks and letter are on file; the region is the office's to check."""
        matter = make.tip_off(who=make.reporter(), respondent_name="随州市住房和城市更新局")
        make.registered(matter, people.clerk)
        transfer_matter(
            actor=people.dispatcher,
            matter=matter,
            to="中共随州市纪律检查委员会",
            kind="discipline",
            reason="涉及本市主管部门工作人员",
        )
        confirm_transfer(actor=people.dispatcher, matter=matter)
        return matter

    def test_the_events_of_the_matter_and_of_what_hangs_from_it_are_kept_from_it(
        self, people, matter, user_factory
    ):
        everything = AuditEvent.objects.visible_to(people.discipline)
        own = user_factory(Role.DISCIPLINE, "housing")
        left = AuditEvent.objects.visible_to(own)
        hidden = set(everything) - set(left)
        kinds = {event.subject_type for event in hidden}
        assert {"intake.tipoff", "clocks.clock", "documents.enforcementdocument"} <= kinds
        assert not [event for event in left if matter.number in f"{event.subject_label}{event.summary}"]
        assert left.exists(), "what else happened is read as before"

    def test_it_is_neither_listed_counted_found_nor_exported(self, people, matter, user_factory, client_for):
        own, address = user_factory(Role.DISCIPLINE, "housing"), reverse("audit:events")
        asked = {"subject_type": "intake.tipoff", "subject_id": matter.pk}
        for user, is_there in ((people.discipline, True), (own, False)):
            client = client_for(user)
            assert (matter.number in client.get(address, asked).content.decode()) is is_there
            table = client.get(address, {**asked, "_export": "csv"})
            assert table.status_code == 200
            assert (matter.number in table.getvalue().decode()) is is_there
        event = AuditEvent.objects.for_object(matter).first()
        assert client_for(own).get(event.get_absolute_url()).status_code == 404

    def test_another_department_s_discipline_reads_it(self, people, matter):
        events = AuditEvent.objects.visible_to(people.discipline).for_object(matter)
        assert events.filter(verb="intake.transferred").exists()

    def test_what_was_told_before_anybody_knew_is_taken_back(self, people, user_factory):
        clerk = user_factory(Role.CLERK, "housing")
        matter = make.complaint(respondent_name="某主管部门")
        assert Notification.objects.filter(user=clerk, url=matter.get_absolute_url()).exists()
        make.registered(matter, people.clerk, accused_department=people.housing)
        assert not Notification.objects.filter(user=clerk).exists()
        assert Notification.objects.filter(user=people.clerk, url=matter.get_absolute_url()).exists()

    def test_its_lead_is_kept_from_them_like_the_matter(self, people, user_factory):
        matter = make.dispatched(make.tip_off(), people.clerk, people.dispatcher)
        near = user_factory(Role.DISPATCHER, "transport")
        assert Lead.objects.visible_to(near).filter(object_id=matter.pk).exists()
        type(matter).objects.filter(pk=matter.pk).update(accused_department=people.transport)
        assert not Lead.objects.visible_to(near).filter(object_id=matter.pk).exists()
        assert Lead.objects.visible_to(people.dispatcher).filter(object_id=matter.pk).exists()


def test_an_officer_with_a_recusal_against_the_party_does_not_see_it(people, examined):
    officer = OfficerFactory(user=people.officer, authority=people.housing)
    RecusalDeclaration.objects.create(
        officer=officer,
        party_name="湖北 楚源建设工程有限公司",
        relation="relative",
        valid_from=date(2026, 1, 1),
        declared_by=people.officer,
    )
    assert not sees(people.officer, examined)
    assert sees(people.colleague, examined)


def test_an_ended_recusal_no_longer_shuts_out(people, examined):
    officer = OfficerFactory(user=people.officer, authority=people.housing)
    RecusalDeclaration.objects.create(
        officer=officer,
        party_name=make.RESPONDENT,
        relation="relative",
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 9, 28),
        declared_by=people.officer,
    )
    assert sees(people.officer, examined)


def test_search_finds_by_number_project_and_respondent_but_never_by_the_reporter(people, complaint):
    for text in (complaint.number, "2026-1", "府河南岸", "楚源建设"):
        assert [hit.label for hit in find_matters(people.dispatcher, text)] == [complaint.number]
    for text in (make.NAME, make.PHONE, make.ADDRESS):
        assert not list(find_matters(people.dispatcher, text))


def test_each_role_has_its_duty_with_the_clock_that_falls_due_first(people, complaint):
    def titles(user):
        mine = [
            duty
            for duty in duties_for(User.objects.get(pk=user.pk))
            if complaint.number in duty.subject_label
        ]
        return [(str(duty.action), duty.due) for duty in mine]

    assert titles(people.clerk) == [("登记", date(2026, 9, 29))], "on the day it came in"
    make.registered(complaint, people.clerk)
    assert titles(people.dispatcher) == [("分办", date(2026, 9, 30))]
    assert titles(people.clerk) == []
    from wulian.casework.intake.services import dispatch_matter

    dispatch_matter(actor=people.dispatcher, matter=complaint)
    assert titles(people.officer) == [("审查", date(2026, 10, 9))]
    assert titles(people.dispatcher) == titles(people.stranger) == titles(people.discipline) == []


def test_what_comes_in_on_a_holiday_is_registered_on_the_next_working_day(people):
    """1 to 7 October 2026 are holidays (T-17); the window is closed."""
    with time_machine.travel("2026-10-01T10:00:00+08:00", tick=False):
        make.tip_off()
        (duty,) = duties_for(people.clerk)
        assert duty.due == date(2026, 10, 8)


def test_tip_offs_follow_the_same_rule(people):
    matter = make.tip_off()
    assert who_sees(people, matter) == {"clerk", "dispatcher", "office_head", "discipline"}
    assert TipOff.objects.visible_to(people.officer).count() == 0
