"""What a complaint must contain (REFERENCE D.1): several parties, the agent, truth, and electronic service."""

from datetime import date

import pytest

from wulian.casework.intake.blind import details_of
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.models import Complaint, OtherRespondent
from wulian.casework.intake.naming import names_in
from wulian.casework.intake.rebuilding import contents_of
from wulian.casework.intake.respondents import NamedRespondent, read_respondents
from wulian.casework.intake.selectors import shut_out_of
from wulian.casework.intake.services import receive_complaint, receive_tip_off
from wulian.casework.intake.services.minimising import neutral_summary
from wulian.casework.intake.services.registering import propose_authority
from wulian.casework.intake.similar import similar_matters
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.force.officers.models import RecusalDeclaration
from wulian.force.officers.tests.factories import OfficerFactory

SECOND = "随州恒信建筑工程有限公司"
CODE = "91421300MA49XK3P2X"
LINES = f"{SECOND}；{CODE}；随州市曾都区解放路8号；0722-3590066\n周文斌"
AGENT = {"agent_name": "梁成蹊", "agent_phone": "13997803356", "agent_identifier": "421302198803120015"}
MANDATE = {
    "agent_matters": "代为提出投诉、接受询问、签收文书",
    "agent_from": date(2026, 9, 1),
    "agent_to": date(2027, 8, 31),
    "agent_mandate": "授权委托书原件1份",
}


def received(who=None, **changes):
    given = make.content(**changes)
    return receive_complaint(actor=None, content=given, reporter=who or make.reporter()).matter


def refused(who=None, **changes):
    with pytest.raises(Refusal) as found:
        received(who, **changes)
    return found.value


def identity_point(complaint, user):
    return next(one for one in admission_checks(complaint, user) if one.ground == "no_identity")


def test_each_line_is_a_party_with_its_parts_in_any_order():
    found = read_respondents(f"{SECOND}; 0722-3590066; {CODE.lower()} ;随州市曾都区解放路8号\n\n 周文斌 ")
    assert found == [
        NamedRespondent(SECOND, CODE, "随州市曾都区解放路8号", "0722-3590066"),
        NamedRespondent("周文斌"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{SECOND}；91421300MA49XK3P2", "第1行"),
        (f"周文斌\n{SECOND}；甲路1号；乙路2号", "第2行"),
        ("周文斌\n；随州市", "第2行"),
        (f"周文斌\n{make.RESPONDENT}", "第2行"),
        ("周文斌\n周 文斌", "第2行"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(text, line):
    with pytest.raises(Refusal) as found:
        read_respondents(text, first=make.RESPONDENT)
    assert found.value.field == "other_respondents" and line in str(found.value.message)


@pytest.mark.django_db
class TestSeveralParties:
    def test_they_are_stored_and_stand_in_every_summary(self, people):
        complaint = received(other_respondents=LINES, respondent_address="随州市曾都区青年路1号")
        names = list(OtherRespondent.objects.values_list("complaint", "name", "uscc"))
        assert names == [(complaint.pk, SECOND, CODE), (complaint.pk, "周文斌", "")]
        assert complaint.respondent_names == f"{make.RESPONDENT}、{SECOND}、周文斌"
        assert SECOND in neutral_summary(complaint)
        assert refused(other_respondents=make.RESPONDENT).field == "other_respondents"

    def test_officers_of_a_second_department_do_not_see_it_and_do_not_get_it(self, people):
        complaint = received(
            other_respondents=people.housing.name, project=make.project(sector="housing", region="421300")
        )
        near = User.objects.get(pk=people.officer.pk)
        assert complaint.accused_department is None
        assert complaint.accused_departments() == {people.housing.pk}
        assert Complaint.objects.in_conflict_with(near).get() == complaint
        assert not Complaint.objects.without_conflict(near).exists()
        assert Complaint.objects.visible_to(people.dispatcher).get() == complaint
        assert people.housing.name in shut_out_of(complaint).department
        with pytest.raises(Refusal) as found:
            propose_authority(complaint)
        assert found.value.field == "authority"

    @pytest.mark.parametrize("recused", [("随州 恒信建筑工程有限公司", ""), ("恒信建筑", CODE)])
    def test_a_recusal_against_the_second_party_shuts_out(self, people, user_factory, recused):
        complaint, other = (
            received(other_respondents=LINES),
            received(facts="另一个项目的开标记录前后不一致。"),
        )
        user = user_factory(Role.DISPATCHER)
        RecusalDeclaration.objects.create(
            officer=OfficerFactory(user=user, authority=people.housing),
            party_name=recused[0],
            party_uscc=recused[1],
            relation="relative",
            valid_from=date(2026, 1, 1),
            declared_by=user,
        )
        assert list(Complaint.objects.visible_to(User.objects.get(pk=user.pk))) == [other]
        assert shut_out_of(complaint).near == 1

    def test_a_complaint_against_one_of_them_looks_alike(self, people):
        first = received(other_respondents=LINES)
        again = received(respondent_name=SECOND, facts="开标记录与公示的得分不一致，请求核对评标报告。")
        (found,) = similar_matters(again, people.clerk)
        assert found.matter == first and "party" in found.grounds


@pytest.mark.django_db
class TestAgent:
    def test_who_acts_lies_in_the_vault_only(self, people):
        complaint = received(make.reporter(**AGENT), **MANDATE)
        assert complaint.has_agent and details_of(complaint.receipt)["agent_name"] == "梁成蹊"
        assert names_in(complaint.receipt, "已电话通知梁成蹊到窗口"), (
            "no outgoing text names the agent either"
        )
        assert all("梁成蹊" not in str(value) for value in vars(complaint).values())

    def test_an_agent_without_the_letter_stands_against_it(self, people):
        """投诉处理办法 第十条."""
        found = identity_point(received(make.reporter(**AGENT)), people.dispatcher)
        assert found.is_fine is False and "授权委托书" in found.text

    def test_the_letter_is_read_by_a_person_when_it_covers_the_day(self, people):
        found = identity_point(received(make.reporter(**AGENT), **MANDATE), people.dispatcher)
        assert found.is_fine is None and "2027-08-31" in found.text

    @pytest.mark.parametrize(
        "wrong", [{"agent_to": date(2026, 9, 28)}, {"agent_matters": ""}, {"agent_from": None}]
    )
    def test_a_letter_that_says_too_little_or_has_ended_stands_against_it(self, people, wrong):
        who = make.reporter(**AGENT)
        assert identity_point(received(who, **{**MANDATE, **wrong}), people.dispatcher).is_fine is False

    def test_a_complaint_of_ones_own_has_no_agent(self, people):
        complaint = received()
        assert not complaint.has_agent
        assert identity_point(complaint, people.dispatcher).is_fine is True

    def test_what_does_not_fit_is_refused_at_its_field(self, people):
        assert refused(**MANDATE).field == "agent_name"
        assert refused(make.reporter(agent_name="梁成蹊")).field == "agent_phone"
        wrong = {**MANDATE, "agent_to": date(2026, 8, 1)}
        assert refused(make.reporter(**AGENT), **wrong).field == "agent_to"


@pytest.mark.django_db
class TestReceipt:
    def test_electronic_service_needs_a_mail_address(self, people):
        assert refused(electronic_service=True).field == "email"
        assert received(make.reporter(email="ting@example.cn"), electronic_service=True).electronic_service

    def test_the_digest_covers_what_was_said_and_can_be_rebuilt(self, people):
        who = make.reporter(**AGENT, email="ting@example.cn")
        said = {**MANDATE, "other_respondents": LINES, "truth_stated": True, "electronic_service": True}
        (text,) = contents_of(received(who, **said).receipt)
        assert SECOND in text and "2027-08-31" in text and "梁成蹊" not in text

    def test_a_receipt_without_the_new_statements_has_the_text_it_always_had(self, people):
        (text,) = contents_of(received().receipt)
        assert "agent" not in text and "other_respondents" not in text
        (text,) = contents_of(receive_tip_off(actor=None, content=make.content(knew_on=None)).receipt)
        assert "truth_stated" not in text
