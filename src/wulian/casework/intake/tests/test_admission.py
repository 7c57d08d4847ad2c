"""受理审查: the check-list of REFERENCE D.2 is computed, a person decides each point, and 补正 stops nothing."""

from datetime import date

import pytest
from django.utils import timezone

from wulian.casework.intake import services
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.models import AdmissionPoint
from wulian.casework.intake.services import Decision, clocks
from wulian.casework.intake.services.receiving import receive_complaint
from wulian.casework.intake.signals import completion_asked
from wulian.casework.intake.tests import factories as make
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.information.registry.models import Bid, Lot, Objection

pytestmark = pytest.mark.django_db
CONTACT = {"contact_person": "陈丽", "contact_phone": "0722-3590001"}


def check(complaint, user, ground):
    return next(one for one in admission_checks(complaint, user) if one.ground == ground)


def complaint_of(who, **changes):
    return receive_complaint(actor=None, content=make.content(**changes), reporter=who).matter


@pytest.fixture
def tendered(clock):
    """A project with one bidder, 随州恒信建筑工程有限公司."""
    found = make.project()
    lot = Lot.objects.get(project=found)
    bidder = make.party("随州恒信建筑工程有限公司", "91421300MA49XK3P2X")
    Bid.objects.create(project=found, lot=lot, source_key="B1", tenderer=bidder)
    return found


def test_a_bidder_on_file_has_standing_though_nobody_opened_the_vault(people, tendered):
    """实施条例 第六十条: 投标人或者其他利害关系人."""
    who = make.reporter(kind="unit", name="随州恒信建筑工程有限公司", representative="刘明远")
    found = check(complaint_of(who, project=tendered), people.dispatcher, "no_interest")
    assert found.is_fine is True and who.name not in found.text


def test_who_objected_on_the_platform_has_standing_without_a_bid(people, tendered):
    """招标投标法 第六十五条: 投标人和其他利害关系人; a possible bidder who objected and did not bid."""
    objector = make.party("武汉恒达市政工程有限公司", "91420100MA4KXT1H6N")
    lot = Lot.objects.get(project=tendered)
    Objection.objects.create(
        project=tendered, lot=lot, source_key="O1", target="bidding_documents", objector=objector
    )
    who = make.reporter(kind="unit", name="武汉恒达市政工程有限公司", representative="高志远")
    found = check(complaint_of(who, project=tendered), people.dispatcher, "no_interest")
    assert found.is_fine is True and who.name not in found.text
    ended = Objection.objects.filter(objector=objector)
    ended.update(ended_at=timezone.now())
    assert check(complaint_of(who, project=tendered), people.dispatcher, "no_interest").is_fine is None


def test_of_a_possible_bidder_proof_of_the_documents_is_asked_and_of_others_of_their_interest(
    people, tendered
):
    """The platform says how many obtained the documents, not who."""
    for relation, words in (("bidder", "招标文件"), ("interested", "利害关系")):
        matter = complaint_of(make.reporter(), project=tendered, relation=relation)
        assert words in check(matter, people.dispatcher, "no_interest").text


def test_who_is_not_among_the_bidders_is_left_to_a_person(people, tendered):
    found = check(complaint_of(make.reporter(), project=tendered), people.dispatcher, "no_interest")
    assert found.is_fine is None and make.NAME not in found.text


def test_a_member_of_the_public_has_no_standing_as_far_as_the_machine_sees(people):
    assert check(make.complaint(relation="public"), people.dispatcher, "no_interest").is_fine is False


def test_a_complaint_without_evidence_or_lead_stands_out(people):
    assert check(make.complaint(evidence=""), people.dispatcher, "not_specific").is_fine is False
    assert check(make.complaint(), people.dispatcher, "not_specific").is_fine is None


def test_a_unit_without_its_legal_representative_is_left_to_a_person(people):
    """投诉处理办法 第七条: 法定代表人签字并加盖公章."""
    unit = make.reporter(kind="unit", name="随州恒信建筑工程有限公司")
    assert check(complaint_of(unit), people.dispatcher, "no_identity").is_fine is None
    assert check(make.complaint(), people.dispatcher, "no_identity").is_fine is True


def test_an_objection_the_platform_knows_of_is_left_to_a_person(people):
    found = make.project()
    matter = make.complaint(topic="evaluation", project=found)
    assert check(matter, people.dispatcher, "objection_first").is_fine is False
    Objection.objects.create(
        project=found, lot=Lot.objects.get(project=found), source_key="O1", target="evaluation", received_at=make.RECEIVED
    )  # fmt: skip
    assert check(matter, people.dispatcher, "objection_first").is_fine is None


def test_the_same_complainant_again_after_a_decision_stands_out_and_another_one_does_not(people):
    first = make.complaint()
    type(first).objects.filter(pk=first.pk).update(state="C13", admission="accepted")
    assert check(make.complaint(), people.dispatcher, "already_decided").is_fine is False
    other = complaint_of(make.reporter(name="诸葛明远"))
    found = check(other, people.dispatcher, "already_decided")
    assert found.is_fine is None, "somebody else's decision is only looked at"
    elsewhere = make.complaint(project_text="另一项目", respondent_name="另一公司")
    assert check(elsewhere, people.dispatcher, "already_decided").is_fine is True


def test_one_that_was_not_accepted_before_is_not_decided(people):
    first = make.complaint()
    type(first).objects.filter(pk=first.pk).update(
        state="C90", admission="refused", refusal_ground="too_late"
    )
    assert check(make.complaint(), people.dispatcher, "already_decided").is_fine is True


def test_accepting_stores_six_points_with_who_decided_and_issues_the_check_list(people, examined):
    services.accept_complaint(actor=people.officer, complaint=examined, **CONTACT)
    points = AdmissionPoint.objects.filter(complaint=examined)
    assert points.count() == 6 and {point.decided_by for point in points} == {people.officer}
    templates = EnforcementDocument.objects.for_object(examined).values_list("template", flat=True)
    assert set(templates) == {"受理审查表", "受理通知书"}


def test_where_the_machine_sees_otherwise_a_person_says_why(people):
    late = make.dispatched(make.complaint(knew_on=date(2026, 9, 18)), people.clerk, people.dispatcher)
    given = {"actor": people.officer, "complaint": late, **CONTACT}
    with pytest.raises(Refusal) as refused:
        services.accept_complaint(**given)
    assert refused.value.field == "point_too_late"
    with pytest.raises(Refusal):
        services.accept_complaint(**given, points={"too_late": Decision(True, "  ")})
    assert not AdmissionPoint.objects.exists()
    services.accept_complaint(**given, points={"too_late": Decision(True, "招标人于9月22日才公布评标报告")})
    point = AdmissionPoint.objects.get(complaint=late, ground="too_late")
    assert (point.machine_is_fine, point.is_fine) == (False, True) and "评标报告" in point.reason


def test_a_complaint_against_which_a_point_stands_is_not_accepted(people, examined):
    points = {"no_interest": Decision(False, "并非利害关系人")}
    with pytest.raises(Refusal) as refused:
        services.accept_complaint(actor=people.officer, complaint=examined, points=points, **CONTACT)
    assert refused.value.field == "point_no_interest"
    examined.refresh_from_db()
    assert examined.state == "C03"


def test_a_refusal_keeps_the_points_and_their_reasons(people, examined):
    reason = "投诉人不是投标人，也没有说明利害关系。"
    services.refuse_complaint(actor=people.officer, complaint=examined, ground="no_interest", reason=reason)
    point = AdmissionPoint.objects.get(complaint=examined, ground="no_interest")
    assert not point.is_fine and point.reason == reason


class TestCompletion:
    @pytest.fixture
    def heard(self):
        caught = []

        def receiver(**kwargs):
            caught.append(kwargs)

        completion_asked.connect(receiver)
        yield caught
        completion_asked.disconnect(receiver)

    def ask(self, people, examined, **changes):
        given = {
            "actor": people.officer,
            "complaint": examined,
            "what": ["授权委托书原件", " ", "异议答复函"],
        }
        return services.ask_completion(**{**given, "due_on": date(2026, 10, 9), **changes})

    def test_the_notice_lists_what_is_missing_and_the_three_days_run_on(self, people, examined, heard):
        before = Clock.objects.of(examined).get(kind=clocks.ADMISSION)
        document = self.ask(people, examined)
        after = Clock.objects.of(examined).get(kind=clocks.ADMISSION)
        assert after.is_running and after.due == before.due and not after.suspensions.exists()
        assert examined.state == "C03" and document.document_no == "随住更投补〔2026〕1号"
        assert "2．异议答复函" in document.context["body"]
        (sent,) = heard
        assert sent["what"] == ["授权委托书原件", "异议答复函"] and sent["matter"] == examined

    @pytest.mark.parametrize("day", [date(2026, 9, 28), date(2026, 10, 10)])
    def test_the_day_is_not_past_and_not_after_the_three_days(self, people, examined, day):
        with pytest.raises(Refusal) as refused:
            self.ask(people, examined, due_on=day)
        assert refused.value.field == "due_on"

    def test_nothing_missing_is_no_notice_and_the_clerk_issues_none(self, people, examined):
        with pytest.raises(Refusal):
            self.ask(people, examined, what=["  "])
        with pytest.raises(Forbidden):
            self.ask(people, examined, actor=people.clerk)
