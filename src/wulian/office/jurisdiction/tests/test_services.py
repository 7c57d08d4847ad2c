"""The list is added to, ended and published by the coordinating office, and nothing of it is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from wulian import crypto
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.office.jurisdiction.models import JurisdictionRule
from wulian.office.jurisdiction.services import add_rule, canonical_json, end_rule, publish_list

from .factories import RuleFactory, UserFactory, keeper, make_departments

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return make_departments()


def add(actor, city, **changes):
    values = {
        "item_no": "ZJ-009", "item_name": "对串通投标的处罚", "type": "penalty", "sector": "housing",
        "violation_code": "WF-09", "region_code": "421300", "authority": city["szzjj"],
        "legal_basis": [{"instrument": "ZBF", "article": "53", "text": "《招标投标法》第五十三条"}],
        "valid_from": dt.date(2026, 1, 1), "handling_section": "招标投标监管科",
    } | changes  # fmt: skip
    return add_rule(actor=actor, **values)


def test_a_dispatcher_adds_an_item_and_the_trail_says_so(city):
    actor = keeper()
    rule = add(actor, city)
    assert (rule.level, rule.handling_section, rule.recorded_by) == ("city", "招标投标监管科", actor)
    event = AuditEvent.objects.get(verb="jurisdiction.rule_added")
    assert event.subject_id == str(rule.pk) and event.data["authority"] == "随州市住房和城市更新局"


def test_an_item_of_a_county_is_of_the_county_level(city):
    assert add(keeper(), city, region_code="421303", authority=city["zdggj"]).level == "county"


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.AUTHORITY_HEAD, Role.DISCIPLINE, Role.SYSTEM_ADMIN])
def test_nobody_outside_the_coordinating_office_adds_or_ends_an_item(city, role):
    user = UserFactory(department=city["szzjj"], roles=[role])
    rule = RuleFactory()
    with pytest.raises(Forbidden):
        add(user, city)
    with pytest.raises(Forbidden):
        end_rule(actor=user, rule=rule, valid_to=dt.date(2026, 3, 31), reason="机构改革")
    assert JurisdictionRule.objects.count() == 1 and not AuditEvent.objects.exists()


def test_the_coordinating_office_is_never_the_competent_authority(city):
    """行政处罚法 第三十八条: a penalty by an unqualified subject is void."""
    with pytest.raises(Refusal) as refused:
        add(keeper(), city, authority=city["szjgb"])
    assert refused.value.field == "authority"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"item_no": "  "}, "item_no"),
        ({"type": "fine"}, "type"),
        ({"sector": "air"}, "sector"),
        ({"region_code": "4213"}, "region_code"),
        ({"violation_code": "WF-99"}, "violation_code"),
        ({"violation_code": ""}, "violation_code"),
        ({"legal_basis": []}, "legal_basis"),
        ({"legal_basis": [{"instrument": "ZBF", "article": ""}]}, "legal_basis"),
        ({"valid_to": dt.date(2025, 12, 31)}, "valid_to"),
    ],
)
def test_an_incomplete_item_is_refused_with_its_field(city, changes, field):
    with pytest.raises(Refusal) as refused:
        add(keeper(), city, **changes)
    assert refused.value.field == field
    assert not JurisdictionRule.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(2026, 1, 1), None),
        (dt.date(2025, 6, 1), dt.date(2026, 1, 1)),
        (dt.date(2026, 12, 31), None),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 2)),
        (dt.date(2025, 1, 1), None),
    ],
)
def test_two_items_of_one_matter_may_not_share_a_day(city, first, last):
    actor = keeper()
    add(actor, city, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31))
    with pytest.raises(Refusal, match="ZJ-009 already names 随州市住房和城市更新局"):
        add(actor, city, item_no="GG-1", authority=city["szggj"], valid_from=first, valid_to=last)


@pytest.mark.parametrize(
    ("first", "last"), [(dt.date(2027, 1, 1), None), (dt.date(2025, 1, 1), dt.date(2025, 12, 31))]
)
def test_items_of_one_matter_may_follow_each_other(city, first, last):
    actor = keeper()
    add(actor, city, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31))
    assert add(actor, city, item_no="GG-1", authority=city["szggj"], valid_from=first, valid_to=last)


def test_the_database_itself_refuses_a_second_open_item(city):
    RuleFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleFactory(valid_from=dt.date(2025, 1, 1))


def test_an_item_ends_with_a_reason_and_keeps_its_past(city):
    rule = end_rule(
        actor=keeper(), rule=RuleFactory(), valid_to=dt.date(2026, 3, 31), reason="随政办发〔2026〕3号"
    )
    assert rule.valid_to == dt.date(2026, 3, 31)
    event = AuditEvent.objects.get(verb="jurisdiction.rule_ended")
    assert event.changes == {"valid_to": [None, "2026-03-31"]} and event.summary == "随政办发〔2026〕3号"


@pytest.mark.parametrize(
    ("valid_to", "reason", "field"),
    [(dt.date(2026, 3, 31), " ", "reason"), (dt.date(2023, 12, 31), "机构改革", "valid_to")],
)
def test_an_item_is_not_ended_without_a_reason_or_before_it_began(city, valid_to, reason, field):
    with pytest.raises(Refusal) as refused:
        end_rule(actor=keeper(), rule=RuleFactory(), valid_to=valid_to, reason=reason)
    assert refused.value.field == field


def test_an_ended_item_is_not_ended_again_nor_prolonged(city):
    ended = RuleFactory(valid_to=dt.date(2026, 3, 1))
    with pytest.raises(Refusal, match="already ended"):
        end_rule(actor=keeper(), rule=ended, valid_to=dt.date(2026, 12, 31), reason="延长")
    ending = RuleFactory(violation_code="WF-10", valid_to=dt.date(2026, 6, 30))
    with pytest.raises(Refusal, match="earlier, not later"):
        end_rule(actor=keeper(), rule=ending, valid_to=dt.date(2026, 12, 31), reason="延长")


def test_a_publication_freezes_what_is_in_force_with_its_digest(city):
    RuleFactory(item_no="A-1")
    RuleFactory(item_no="A-2", violation_code="WF-10", valid_to=dt.date(2025, 12, 31))
    head = keeper(Role.OFFICE_HEAD)
    publication = publish_list(actor=head, url="https://example.suizhou.gov.cn/sqqd")
    assert [item["item_no"] for item in publication.items] == ["A-1"]
    assert publication.number == 1 and publication.item_count == 1
    publication.refresh_from_db()
    assert crypto.hexdigest(canonical_json(publication.items)) == publication.digest
    assert JurisdictionRule.objects.get(item_no="A-1").published_url == "https://example.suizhou.gov.cn/sqqd"
    assert JurisdictionRule.objects.get(item_no="A-2").published_url == ""
    assert publish_list(actor=head, url="https://example.suizhou.gov.cn/sqqd").number == 2


def test_publishing_needs_the_head_of_the_office_an_address_and_a_list(city):
    RuleFactory()
    with pytest.raises(Forbidden):
        publish_list(actor=keeper(Role.DISPATCHER), url="https://example.suizhou.gov.cn/sqqd")
    with pytest.raises(Refusal) as refused:
        publish_list(actor=keeper(Role.OFFICE_HEAD), url="随州市政府网站")
    assert refused.value.field == "url"
    with pytest.raises(Refusal) as refused:
        publish_list(
            actor=keeper(Role.OFFICE_HEAD), url="https://a.gov.cn", as_of=dt.date(2020, 1, 1)
        )  # before the first item
    assert refused.value.field == "as_of"


@pytest.mark.parametrize(
    ("role", "seen"),
    [(Role.CASE_OFFICER, 1), (Role.CLERK, 1), (Role.LIAISON, 1), (Role.SYSTEM_ADMIN, 0), (Role.AUDIT_ADMIN, 0)],
)  # fmt: skip
def test_all_who_do_business_see_the_list_and_administrators_do_not(city, role, seen):
    RuleFactory()
    user = UserFactory(department=city["szjtj"], roles=[role])
    assert JurisdictionRule.objects.visible_to(user).count() == seen
