"""Verifying and deciding (REFERENCE C.0, C.2, C.5): nothing is found by the comparison alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wulian.casework.cases.models import Evidence, Lead
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.files.models import StoredFile
from wulian.core.procedures.selectors import steps_of
from wulian.force.officers.models import Certificate, Officer
from wulian.force.officers.tests.factories import RecusalFactory
from wulian.information.comparison import services
from wulian.information.comparison.choices import Conclusion, State
from wulian.information.comparison.models import Bundle
from wulian.information.comparison.selectors import missing_for_decision
from wulian.information.comparison.tests.conftest import A, B, C
from wulian.information.registry.models import Award, Party

pytestmark = pytest.mark.django_db
INSURER = "付款人是出具保函、保单的机构"


def begin(finding, who):
    services.begin_check(finding=finding, actor=who)


def tick(finding, who, state="ruled_out"):
    services.record_exclusions(finding=finding, tests={INSURER: (state, "已向银行核实付款人")}, actor=who)


def hear(finding, who, bidder, **values):
    values = {"explained_on": timezone.localdate(), "text": "系财务人员代付。", "is_silent": False, **values}
    return services.hear_bidder(finding=finding, bidder=bidder, actor=who, **values)


def opine(finding, who, conclusion=Conclusion.SUPPORTED):
    return services.give_opinion(finding=finding, conclusion=conclusion, text="付款回单属实。", actor=who)


@pytest.fixture
def checked(finding, people):
    """A finding of which everything is done that REFERENCE C.5 asks for."""
    begin(finding, people.officer)
    tick(finding, people.officer)
    hear(finding, people.officer, B)
    hear(finding, people.second, C, text="", is_silent=True)
    opine(finding, people.officer)
    opine(finding, people.second)
    return finding


@pytest.fixture
def submitted(checked, people):
    return services.submit_finding(finding=checked, actor=people.officer)


def decide(finding, who, event, note="事实清楚，有银行回单佐证。"):
    return services.decide_finding(finding=finding, event=event, note=note, actor=who)


def test_what_is_missing_before_a_decision_is_named(finding, people):
    begin(finding, people.officer)
    finding.refresh_from_db()
    assert missing_for_decision(finding) == [
        "1 项排除事由尚未检验",
        f"尚未听取说明：{B}、{C}",
        "还需 2 名执法人员的意见",
    ]
    with pytest.raises(Refusal, match="尚不完备：1 项排除事由尚未检验"):
        services.submit_finding(finding=finding, actor=people.officer)


def test_a_hint_needs_no_hearing_but_two_opinions_and_tested_exclusions(finding, people):
    finding.level = "hint"
    finding.save()
    begin(finding, people.officer)
    tick(finding, people.officer)
    opine(finding, people.officer)
    with pytest.raises(Refusal, match="还需 1 名执法人员的意见"):
        services.submit_finding(finding=finding, actor=people.officer)
    opine(finding, people.second)
    assert services.submit_finding(finding=finding, actor=people.officer).state == State.DECIDING


def test_one_officer_gives_one_opinion(finding, people):
    begin(finding, people.officer)
    opine(finding, people.officer)
    with pytest.raises(Refusal, match="第二份意见须由另一名执法人员提出"):
        opine(finding, people.officer)


def test_an_opinion_needs_a_certificate_that_is_valid_today(finding, people):
    begin(finding, people.officer)
    Certificate.objects.filter(officer__user=people.second).update(
        valid_to=timezone.localdate() - dt.timedelta(days=1)
    )
    with pytest.raises(Refusal, match="林静不能对本疑点提出意见"):
        opine(finding, people.second)
    with pytest.raises(Forbidden, match="持证执法人员"):
        opine(finding, people.section)


def test_an_officer_with_a_recusal_against_a_bidder_gives_no_opinion(finding, people):
    begin(finding, people.officer)
    RecusalFactory(
        officer=Officer.objects.get(user=people.second), party_name=B, party_uscc="",
        valid_from=timezone.localdate(), valid_to=None,
    )  # fmt: skip
    with pytest.raises(Refusal, match="回避"):
        opine(finding, people.second)


def test_an_officer_whose_certificate_ran_out_since_stops_the_submission(checked, people):
    Certificate.objects.filter(officer__user=people.second).update(
        valid_to=timezone.localdate() - dt.timedelta(days=1)
    )
    with pytest.raises(Refusal, match="林静"):
        services.submit_finding(finding=checked, actor=people.officer)


def test_filing_opens_a_lead_that_says_where_it_comes_from(submitted, people):
    decided = decide(submitted, people.section, "file")
    lead = Lead.objects.get()
    assert decided.state == State.FILED
    assert decided.outcome == lead
    assert (lead.source, lead.violation_code, lead.lot) == ("analysis", "WF-09", submitted.lot)
    assert "付款账户相同" in lead.facts and "有银行回单佐证" in lead.facts
    assert "比对结果本身不作为认定依据" in Evidence.objects.get(lead=lead).proves


def test_ruling_out_ends_the_finding_and_opens_nothing(submitted, people):
    assert decide(submitted, people.section, "exclude", "付款人系同一担保公司。").state == State.EXCLUDED
    assert not Lead.objects.exists()
    with pytest.raises(Refusal):
        decide(submitted, people.section, "file")


def test_a_decision_has_reasons_and_is_a_heads(submitted, people):
    with pytest.raises(Refusal, match="理由"):
        decide(submitted, people.section, "exclude", " ")
    for who in (people.officer, people.dispatcher, people.discipline, people.admin, people.stranger):
        with pytest.raises(Forbidden):
            decide(submitted, who, "exclude")


def test_who_gave_an_opinion_does_not_decide(checked, people):
    from wulian.core.accounts.choices import Role
    from wulian.core.accounts.models import RoleGrant

    RoleGrant.objects.create(user=people.second, role=Role.SECTION_HEAD)
    people.second.__dict__.pop("role_set", None)
    submitted = services.submit_finding(finding=checked, actor=people.officer)
    with pytest.raises(Forbidden, match="须由其他人决定"):
        decide(submitted, people.second, "exclude")


def test_an_exclusion_that_applies_leaves_only_ruling_out_and_checking_on(finding, people):
    begin(finding, people.officer)
    tick(finding, people.officer, "applies")
    for bidder in (B, C):
        hear(finding, people.officer, bidder)
    opine(finding, people.officer)
    opine(finding, people.second)
    submitted = services.submit_finding(finding=finding, actor=people.officer)
    assert submitted.explained
    for event in ("to_committee", "file"):
        with pytest.raises(Refusal, match="只能排除或者继续核查"):
            decide(submitted, people.section, event)
    decide(submitted, people.section, "exclude")


def test_two_opinions_that_differ_do_not_carry_a_lead(finding, people):
    begin(finding, people.officer)
    tick(finding, people.officer)
    for bidder in (B, C):
        hear(finding, people.officer, bidder)
    opine(finding, people.officer)
    opine(finding, people.second, Conclusion.UNCLEAR)
    submitted = services.submit_finding(finding=finding, actor=people.officer)
    with pytest.raises(Refusal, match="只能排除或者继续核查"):
        decide(submitted, people.section, "file")


def test_checking_on_asks_for_two_new_opinions(submitted, people):
    again = decide(submitted, people.section, "continue", "请补充银行流水。")
    assert (again.state, again.round) == (State.CHECKING, 2)
    with pytest.raises(Refusal, match="还需 2 名执法人员的意见"):
        services.submit_finding(finding=again, actor=people.officer)
    opine(again, people.officer)
    opine(again, people.second)
    services.submit_finding(finding=again, actor=people.officer)
    assert [step.event for step in steps_of(again)] == ["begin", "submit", "continue", "submit"]


def test_the_committee_is_asked_before_the_award_only(submitted, people, lot):
    award = Award.objects.create(
        project_id=lot.project_id, lot=lot, source_key="1", supplier=Party.objects.get(name=A)
    )
    with pytest.raises(Refusal, match="定标后发现的应当立案查处"):
        decide(submitted, people.section, "to_committee")
    award.delete()
    decided = decide(submitted, people.section, "to_committee")
    assert decided.state == State.COMMITTEE
    letter = decided.outcome
    assert (letter.template, letter.authority) == ("移送函", people.section.department)
    assert letter.context["to"] == "随县水利和湖泊局并转评标委员会"
    body = "".join(letter.context["body"])
    assert "付款账户相同" in body and "已向银行核实付款人" in body and "不是违法认定" in body
    assert EnforcementDocument.objects.visible_to(people.officer).get() == letter
    assert not EnforcementDocument.objects.visible_to(people.stranger).exists()


def test_only_the_head_sends_it_to_the_police_and_with_its_bundle(submitted, people):
    with pytest.raises(Forbidden):
        decide(submitted, people.section, "to_police")
    with pytest.raises(Refusal, match="请先制作证据包"):
        decide(submitted, people.head, "to_police")
    Bundle.objects.create(
        finding=submitted,
        number=1,
        file_path="x",
        size=1,
        sm3="",
        sha256="",
        key_id="k",
        made_by=people.officer,
    )
    decided = decide(submitted, people.head, "to_police")
    assert decided.state == State.POLICE
    assert decided.outcome.template == "W38"
    assert {one["name"] for one in decided.outcome.officers} == {"周河", "林静"}
    assert "证据包1" in "".join(decided.outcome.context["body"])


def test_an_explanation_keeps_its_files_and_its_day(finding, people):
    begin(finding, people.officer)
    statement = SimpleUploadedFile("情况说明.txt", "关于保证金缴纳的说明".encode())
    heard = hear(finding, people.officer, B, uploads=[statement])
    assert StoredFile.objects.for_object(heard).get().title == "情况说明.txt"
    with pytest.raises(Refusal, match="不得晚于今天"):
        hear(finding, people.officer, B, explained_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(Refusal, match="本疑点涉及的投标人"):
        hear(finding, people.officer, A)
    with pytest.raises(Refusal, match="写明投标人的说明"):
        hear(finding, people.officer, B, text=" ")


def test_an_exclusion_is_tested_with_a_remark_and_from_the_list(finding, people):
    begin(finding, people.officer)
    with pytest.raises(Refusal, match="如何检验"):
        services.record_exclusions(finding=finding, tests={INSURER: ("ruled_out", " ")}, actor=people.officer)
    with pytest.raises(Refusal, match="请从列表中选择"):
        services.record_exclusions(finding=finding, tests={"其他": ("ruled_out", "无")}, actor=people.officer)
    with pytest.raises(Refusal, match="尚未检验"):
        services.record_exclusions(finding=finding, tests={}, actor=people.officer)


def test_nothing_is_written_before_the_check_begins_or_by_others(finding, people):
    with pytest.raises(Refusal, match="核查中的疑点"):
        tick(finding, people.officer)
    for who in (people.stranger, people.dispatcher, people.head, people.admin):
        with pytest.raises(Forbidden):
            begin(finding, who)
