"""The pages of the list, as each person sees them."""

from __future__ import annotations

import datetime as dt

import pytest

from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.office.jurisdiction.models import JurisdictionRule
from wulian.office.jurisdiction.services import publish_list, seed_jurisdiction

from .factories import RuleFactory, UserFactory, keeper, make_departments

pytestmark = pytest.mark.django_db
BUSINESS = [
    Role.CLERK,
    Role.CASE_OFFICER,
    Role.AUTHORITY_HEAD,
    Role.LIAISON,
    Role.DISCIPLINE,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
]
ADMINISTRATORS = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


@pytest.fixture
def city():
    return make_departments()


@pytest.fixture
def users(city):
    return {None: None} | {
        role: UserFactory(department=city["szzjj"], roles=[role]) for role in BUSINESS + ADMINISTRATORS
    }


@pytest.mark.parametrize("path", ["", "who/", "publications/"])
def test_all_who_do_business_read_the_list_and_administrators_do_not(users, path):
    RuleFactory()
    assert_only_roles(f"/jurisdiction/{path}", users, BUSINESS)


def test_only_the_coordinating_office_adds_and_ends_items(users):
    rule = RuleFactory()
    assert_only_roles("/jurisdiction/add/", users, [Role.DISPATCHER, Role.OFFICE_HEAD])
    assert_only_roles(f"/jurisdiction/{rule.pk}/end/", users, [Role.DISPATCHER, Role.OFFICE_HEAD])
    assert_only_roles("/jurisdiction/publications/new/", users, [Role.OFFICE_HEAD])


def test_an_administrator_does_not_see_an_item(client, city, users):
    rule = RuleFactory()
    assert sign_in(client, users[Role.SYSTEM_ADMIN]).get(rule.get_absolute_url()).status_code == 403


def test_an_item_is_added_and_ended_on_the_pages(client, city):
    sign_in(client, keeper())
    values = {
        "item_no": "CF-01", "item_name": "对串通投标的处罚", "type": "penalty", "sector": "water",
        "violation_code": "WF-09", "region_code": "421300", "reach": "below", "authority": city["szslj"].pk,
        "office_role": "coordinates", "instrument": "ZBF", "article": "53", "valid_from": "2026-01-01",
    }  # fmt: skip
    answer = client.post("/jurisdiction/add/", values)
    rule = JurisdictionRule.objects.get()
    assert answer.status_code == 302 and answer.url == rule.get_absolute_url()
    assert rule.legal_basis == [
        {"instrument": "ZBF", "article": "53", "text": "《中华人民共和国招标投标法》第五十三条"}
    ]
    page = client.get(rule.get_absolute_url())
    assert "随州市水利和湖泊局" in page.content.decode()
    again = client.post("/jurisdiction/add/", values | {"item_no": "CF-02", "valid_from": "2026-06-01"})
    assert again.status_code == 422 and "CF-01" in again.content.decode()
    answer = client.post(f"/jurisdiction/{rule.pk}/end/", {"valid_to": "2026-12-31", "reason": "机构改革"})
    rule.refresh_from_db()
    assert answer.status_code == 302 and rule.valid_to == dt.date(2026, 12, 31)


def test_the_coordinating_office_cannot_even_be_chosen_as_authority(client, city):
    page = sign_in(client, keeper()).get("/jurisdiction/add/").content.decode()
    assert "随州市住房和城市更新局" in page
    assert f'<option value="{city["szjgb"].pk}"' not in page


def test_the_question_who_is_competent_is_answered_with_its_reason(client, city):
    seed_jurisdiction()
    sign_in(client, UserFactory(department=city["szzjj"], roles=[Role.CASE_OFFICER]))
    asked = {
        "type": "penalty",
        "violation_code": "WF-09",
        "sector": "transport",
        "region_code": "421303",
        "on": "2026-03-02",
    }
    page = client.get("/jurisdiction/who/", asked).content.decode()
    assert "曾都区公共资源交易监督管理局" in page and "CF-421303-TR-09" in page
    page = client.get("/jurisdiction/who/", asked | {"on": "2023-03-02"}).content.decode()
    assert "alert-danger" in page and "会商" in page


def test_the_demonstration_list_says_that_it_is_one(client, city):
    sign_in(client, keeper())
    assert "L-1" not in client.get("/jurisdiction/").content.decode()
    seed_jurisdiction()
    assert "L-1" in client.get("/jurisdiction/").content.decode()


def test_the_list_is_filtered_searched_and_sorted(client, city):
    seed_jurisdiction()
    sign_in(client, keeper())
    page = client.get(
        "/jurisdiction/", {"sector": "water", "region_code": "421321", "violation_code": "WF-09"}
    )
    assert [row.record.item_no for row in page.context["table"].rows] == ["CF-421321-WA-09"]
    page = client.get("/jurisdiction/", {"q": "串通", "type": "penalty", "in_force": "on"})
    assert {row.record.violation_code for row in page.context["table"].rows} == {"WF-02", "WF-09"}
    page = client.get("/jurisdiction/", {"sort": "-item_no"})
    numbers = [row.record.item_no for row in page.context["table"].rows]
    assert numbers == sorted(numbers, reverse=True)


def test_a_page_of_the_list_costs_the_same_queries_for_one_row_and_for_four_hundred(client, city):
    sign_in(client, keeper())
    RuleFactory(violation_code="WF-33")
    client.get("/jurisdiction/")
    with assert_max_queries(12) as few:
        client.get("/jurisdiction/")
    seed_jurisdiction()
    with assert_max_queries(len(few.captured_queries)):
        client.get("/jurisdiction/")


def test_a_published_list_is_downloaded_with_its_digest(client, city):
    RuleFactory()
    head = keeper(Role.OFFICE_HEAD)
    publication = publish_list(actor=head, url="https://example.suizhou.gov.cn/sqqd")
    body = sign_in(client, head).get(f"/jurisdiction/publications/{publication.pk}/download/").json()
    assert body["digest"] == publication.digest and len(body["items"]) == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(client, city, language):
    head = keeper(Role.OFFICE_HEAD)
    seed_jurisdiction()
    publish_list(actor=head, url="https://example.suizhou.gov.cn/sqqd")
    sign_in(client, head)
    rule = JurisdictionRule.objects.first()
    for path in ("", "add/", "who/", "publications/", "publications/new/", f"{rule.pk}/", f"{rule.pk}/end/"):
        assert (
            client.get(f"/jurisdiction/{path}", headers={"accept-language": language}).status_code == 200
        ), path
