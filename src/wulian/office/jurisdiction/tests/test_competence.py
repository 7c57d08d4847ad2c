"""Exactly one authority is competent for a matter on a day, or the list says what is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from wulian.core.config.errors import Refusal
from wulian.office.jurisdiction.choices import Reach
from wulian.office.jurisdiction.models import JurisdictionRule
from wulian.office.jurisdiction.selectors import competent_authority, who_is_competent
from wulian.office.jurisdiction.services import seed_jurisdiction

from .factories import RuleFactory, make_departments

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return make_departments()


def ask(**changes):
    matter = {"violation_code": "WF-09", "sector": "housing", "region_code": "421300", "on": DAY} | changes
    return competent_authority(**matter)


def test_the_list_names_the_authority_of_the_sector(city):
    RuleFactory(sector="housing", competent_authority=city["szzjj"])
    RuleFactory(sector="water", competent_authority=city["szslj"])
    assert ask() == city["szzjj"]
    assert ask(sector="water") == city["szslj"]


def test_a_missing_item_refuses_names_it_and_sends_the_matter_to_a_consultation(city):
    RuleFactory(sector="housing")
    with pytest.raises(Refusal) as refused:
        ask(sector="transport", region_code="421321")
    for words in ("WF-09", "Transport works", "随县 421321", "2026-03-02", "consultation"):
        assert words in refused.value.message


@pytest.mark.parametrize("day", [dt.date(2023, 12, 31), dt.date(2025, 7, 1)])
def test_an_item_does_not_apply_before_its_first_or_after_its_last_day(city, day):
    RuleFactory(valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2025, 6, 30))
    with pytest.raises(Refusal):
        ask(on=day)


@pytest.mark.parametrize("day", [dt.date(2024, 1, 1), dt.date(2025, 6, 30)])
def test_an_item_applies_on_its_first_and_on_its_last_day(city, day):
    RuleFactory(valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2025, 6, 30))
    assert ask(on=day) == city["szzjj"]


def test_a_new_authority_takes_over_on_the_day_of_its_item_and_not_for_earlier_conduct(city):
    RuleFactory(valid_to=dt.date(2025, 12, 31), competent_authority=city["szzjj"])
    RuleFactory(valid_from=dt.date(2026, 1, 1), competent_authority=city["szggj"])
    assert ask(on=dt.date(2025, 12, 31)) == city["szzjj"]
    assert ask(on=dt.date(2026, 1, 1)) == city["szggj"]


def test_an_item_of_the_city_covers_a_county_only_when_it_says_so(city):
    rule = RuleFactory(reach=Reach.OWN)
    with pytest.raises(Refusal):
        ask(region_code="421303")
    rule.reach = Reach.BELOW
    rule.save()
    answer = who_is_competent(violation_code="WF-09", sector="housing", region_code="421303", on=DAY)
    assert answer.authority == city["szzjj"]
    assert "曾都区 421303 has no item of its own" in answer.reason


def test_the_countys_own_item_goes_before_the_citys(city):
    RuleFactory(reach=Reach.BELOW, competent_authority=city["szzjj"])
    RuleFactory(region_code="421303", level="county", competent_authority=city["zdggj"])
    assert ask(region_code="421303") == city["zdggj"]
    assert ask(region_code="421321") == city["szzjj"]


def test_a_county_is_never_competent_for_the_city(city):
    RuleFactory(region_code="421303", reach=Reach.BELOW, competent_authority=city["zdggj"])
    with pytest.raises(Refusal):
        ask(region_code="421300")


def test_penalty_and_complaint_are_different_matters(city):
    RuleFactory(type="penalty", competent_authority=city["szzjj"])
    with pytest.raises(Refusal):
        ask(type="complaint")
    RuleFactory(type="complaint", violation_code="", competent_authority=city["szggj"])
    assert ask(type="complaint") == city["szggj"]
    assert ask(type="complaint", violation_code="") == city["szggj"]
    assert ask(type="penalty") == city["szzjj"]


def test_an_item_that_names_the_violation_goes_before_one_of_every_violation(city):
    RuleFactory(type="complaint", violation_code="", competent_authority=city["szggj"])
    RuleFactory(type="complaint", violation_code="WF-09", competent_authority=city["szzjj"])
    assert ask(type="complaint") == city["szzjj"]
    assert ask(type="complaint", violation_code="WF-03") == city["szggj"]


def test_two_items_for_one_matter_refuse_instead_of_choosing(city):
    RuleFactory(item_no="A-1", valid_to=dt.date(2026, 12, 31), competent_authority=city["szzjj"])
    RuleFactory(item_no="B-2", valid_from=dt.date(2026, 1, 1), competent_authority=city["szggj"])
    with pytest.raises(Refusal, match="A-1、B-2"):
        ask()


def test_a_region_that_is_no_code_is_refused_with_the_field(city):
    with pytest.raises(Refusal) as refused:
        ask(region_code="随州")
    assert refused.value.field == "region_code"


def test_the_demonstration_list_answers_every_sector_and_region_and_is_marked(city):
    assert seed_jurisdiction() == 4 * 5 * 21
    assert seed_jurisdiction() == 0
    for region in ("421300", "421303", "421321", "421381"):
        for sector in ("housing", "transport", "water", "land", "other"):
            for type in ("penalty", "complaint"):
                assert ask(region_code=region, sector=sector, type=type, violation_code="WF-20")
    assert ask(sector="transport") == city["szjtj"]
    assert ask(sector="transport", region_code="421381") == city["gsggj"]
    assert ask(sector="other") == city["szggj"]
    assert not JurisdictionRule.objects.filter(is_demonstration=False).exists()


def test_the_demonstration_list_leaves_conduct_outside_tender_law_unassigned(city):
    seed_jurisdiction()
    with pytest.raises(Refusal):
        ask(violation_code="WF-26")


def test_an_item_that_was_ended_is_not_filled_in_again(city):
    seed_jurisdiction()
    JurisdictionRule.objects.filter(violation_code="WF-09").update(valid_to=dt.date(2025, 1, 1))
    assert seed_jurisdiction() == 0


def test_one_question_costs_one_query(city, django_assert_num_queries):
    seed_jurisdiction()
    with django_assert_num_queries(1):
        ask(region_code="421303")
