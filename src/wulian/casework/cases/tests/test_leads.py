"""Leads: one per source, given to two officers of the authority that the list names."""

import datetime as dt

import pytest

from wulian.casework.cases import services
from wulian.casework.cases.models import Lead
from wulian.casework.cases.services.numbers import next_lead_number
from wulian.casework.cases.tests.factories import checked_lead, evidence, lead, party, power, proposed_case
from wulian.casework.intake.tests import factories as intake
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.force.officers.models import Leave, RecusalDeclaration
from wulian.office.jurisdiction.services import seed_jurisdiction


def test_the_same_source_becomes_one_lead_however_often_it_is_sent(at):
    first = lead(at, origin=at.owner)
    assert lead(at, origin=at.owner) == first
    assert Lead.objects.count() == 1


def test_lead_numbers_have_no_gap_when_a_lead_fails(at):
    one = lead(at)
    with pytest.raises(Refusal):
        lead(at, violation_code="WF-99")
    two = lead(at)
    assert [one.lead_no, two.lead_no] == ["线索〔2026〕1号", "线索〔2026〕2号"]
    assert next_lead_number() == "线索〔2026〕3号"


def test_a_lead_without_an_entry_of_the_jurisdiction_list_cannot_be_given_out(at, client_for):
    at.rule.delete()
    found = lead(at)
    assert found.authority is None
    with pytest.raises(Refusal) as refused:
        services.assign_lead(actor=at.dispatcher, lead=found, officers=[at.first, at.second])
    assert "事权清单" in str(refused.value)
    found.refresh_from_db()
    assert (found.state, found.authority) == ("L02", None)
    page = client_for(at.dispatcher).get(found.get_absolute_url()).content.decode()
    assert "提请会商" in page and f"about=cases.lead&amp;id={found.pk}" in page


def test_the_coordinating_office_is_never_the_authority(at):
    # REFERENCE 0.6: it coordinates; a list that named it would be refused, and a lead follows the list
    found = lead(at)
    assert found.authority == at.housing != at.office


@pytest.mark.parametrize("broken", ["one officer", "expired", "recused", "on leave", "stranger"])
def test_a_lead_is_given_only_to_two_officers_who_may_act(at, broken):
    # 行政处罚法 第四十二条、第四十三条
    found, officers = lead(at), [at.first, at.second]
    if broken == "one officer":
        officers = [at.first, at.first]
    elif broken == "expired":
        at.second.certificates.update(valid_to=dt.date(2026, 6, 30))
    elif broken == "recused":
        RecusalDeclaration.objects.create(
            officer=at.second, party_name=at.owner.name, party_uscc=at.owner.uscc, relation="relative",
            valid_from=dt.date(2026, 1, 1), declared_by=at.colleague,
        )  # fmt: skip
    elif broken == "on leave":
        Leave.objects.create(
            officer=at.second, starts_on=dt.date(2026, 7, 1), ends_on=dt.date(2026, 7, 2), reason="年休假",
            recorded_by=at.colleague,
        )  # fmt: skip
    else:
        officers = [at.first, at.stranger.officer]
    with pytest.raises(Refusal) as refused:
        services.assign_lead(actor=at.dispatcher, lead=found, officers=officers)
    assert refused.value.field == "officers"
    assert not found.assignments.exists()


def test_the_periods_of_a_lead_follow_the_procedure(at):
    found = lead(at)
    review = Clock.objects.of(found).running().get()
    assert (review.label, review.n, review.due) == ("初步审查", 3, dt.date(2026, 7, 6))
    services.assign_lead(actor=at.dispatcher, lead=found, officers=[at.first, at.second])
    running = {clock.kind: clock.due for clock in Clock.objects.of(found).running()}
    assert running == {"lead:L05": dt.date(2026, 8, 12), "PC-01": dt.date(2026, 7, 16)}


def test_a_tip_off_becomes_a_lead_without_its_reporter(at):
    at.rule.delete()
    seed_jurisdiction()
    matter = intake.tip_off(who=intake.reporter())
    intake.dispatched(matter, at.clerk, at.dispatcher)
    found = Lead.objects.get(source="tip_off")
    assert (found.origin, found.state) == (matter, "L02")
    words = f"{found.title}{found.facts}"
    for secret in (intake.NAME, intake.PHONE, intake.ADDRESS, matter.alias):
        assert secret not in words


def test_a_conclusion_is_confirmed_by_another_person_than_its_officers(at):
    found = checked_lead(at)
    with pytest.raises(Forbidden):
        services.take_lead_step(actor=at.idle, lead=found, event="conclude_unfounded", note="查无实据。")
    services.take_lead_step(actor=at.officer, lead=found, event="conclude_unfounded", note="截止时间已顺延。")
    with pytest.raises(Forbidden):
        services.take_lead_step(actor=at.officer, lead=found, event="confirm_unfounded")
    services.take_lead_step(actor=at.section, lead=found, event="confirm_unfounded", note="同意。")
    assert found.state == "L10"


def test_a_case_is_proposed_on_party_violation_conduct_and_evidence(at):
    bare = lead(at, party=None)
    services.assign_lead(actor=at.dispatcher, lead=bare, officers=[at.first, at.second])
    evidence(at, bare)
    with pytest.raises(Refusal) as refused:
        proposed_case(at, bare)
    assert refused.value.field == "party"
    empty = lead(at)
    services.assign_lead(actor=at.dispatcher, lead=empty, officers=[at.first, at.second])
    with pytest.raises(Refusal) as refused:
        proposed_case(at, empty)
    assert refused.value.field == "evidence"


def test_an_organisation_without_a_right_credit_code_is_not_proposed(at):
    with pytest.raises(Refusal) as refused:
        proposed_case(at, party_identifier="914213007417678360")
    assert refused.value.field == "party_identifier"


@pytest.mark.parametrize(("conduct", "passed"), [(dt.date(2024, 7, 1), False), (dt.date(2024, 6, 30), True)])
def test_conduct_found_after_two_years_is_not_penalised(at, conduct, passed):
    # 行政处罚法 第三十六条
    found = checked_lead(at, conduct_date=conduct)
    if not passed:
        assert proposed_case(at, found).pk
        return
    with pytest.raises(Refusal) as refused:
        proposed_case(at, found)
    assert refused.value.field == "limitation_ground"
    assert proposed_case(at, found, limitation_ground="违法行为处于继续状态").pk


def test_the_law_applied_was_in_force_when_the_party_acted(at):
    found = checked_lead(at, conduct_date=dt.date(1999, 1, 1))
    with pytest.raises(Refusal) as refused:
        proposed_case(at, found, limitation_ground="继续状态")
    assert refused.value.field == "conduct_date"


def test_the_list_is_asked_again_when_the_case_is_proposed(at):
    found = checked_lead(at)
    at.rule.delete()
    with pytest.raises(Refusal):
        proposed_case(at, found)
    power(at.places["authority"])
    with pytest.raises(Refusal) as refused:
        proposed_case(at, found)
    assert refused.value.field == "authority"


def test_a_party_is_found_by_code_or_whole_name_only(at, client_for):
    found = checked_lead(at)
    party("湖北汉东建设有限公司", "91421300MA4900001Q")
    url = f"/cases/leads/{found.pk}/classify/"
    values = {"violation_code": "WF-07", "conduct_date": "2026-06-01"}
    browser = client_for(at.officer)
    assert browser.post(url, {**values, "party": "汉东"}).status_code == 422
    assert browser.post(url, {**values, "party": "91421300MA4900001Q"}).status_code == 302
    found.refresh_from_db()
    assert found.party.name == "湖北汉东建设有限公司"
