"""The front page of numbers and what onlookers find on their worklist."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils import timezone

from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.core.ui.worklist import duties_for
from wulian.dashboards.duties import scope_in_numbers
from wulian.dashboards.tests.random_city import RandomCity
from wulian.dashboards.tests.test_questions import count_of

pytestmark = pytest.mark.django_db
PAGE = "/numbers/"


@pytest.fixture
def city(department_tree, user_factory):
    RandomCity(71, department_tree, user_factory(Role.CLERK)).fill(25)


@pytest.mark.parametrize(
    ("role", "department"), [(Role.OFFICE_HEAD, "office"), (Role.AUTHORITY_HEAD, "housing")]
)
def test_every_large_number_equals_the_list_it_opens(role, department, city, user_factory, client_for):
    client = client_for(user_factory(role, department))
    context = client.get(PAGE).context
    tiles = [*context["severities"], *context["overdue"], *context["open"]]
    assert len(tiles) == 14
    for tile in tiles:
        assert count_of(client, tile.url) == tile.number, tile
    cells = [cell for row in context["trend"]["rows"] for cell in row["cells"] if cell["n"]]
    assert cells
    for cell in cells[:6]:
        assert count_of(client, cell["url"]) == cell["n"]


def test_the_four_severities_are_the_columns_of_the_table_below(city, user_factory, client_for):
    context = client_for(user_factory(Role.OFFICE_HEAD)).get(PAGE).context
    assert sum(tile.number for tile in context["severities"]) == context["sections"][0].answer.tally().n


def test_the_front_page_is_for_business_users_and_costs_a_fixed_number_of_queries(
    city, role_users, client_for
):
    assert_only_roles(PAGE, role_users, [role for role in Role if not role.value.endswith("_admin")])
    client = client_for(role_users[Role.OFFICE_HEAD])
    client.get(PAGE)
    with assert_max_queries(24):
        client.get(PAGE)


def test_the_numbers_stay_for_a_minute_say_when_they_were_counted_and_go_with_the_role(
    city, user_factory, client_for
):
    user = user_factory(Role.OFFICE_HEAD)
    client = client_for(user)
    counted = timezone.now()
    with time_machine.travel(counted, tick=False) as clock:
        first = client.get(PAGE)
        assert first.context["open"][0].number
        clock.shift(50)
        with assert_max_queries(8):
            again = client.get(PAGE)
        for page in (first, again):
            assert f"数据统计于 {timezone.localtime(counted):%H:%M:%S}" in page.content.decode()
        clock.shift(11)
        later = timezone.localtime()
        assert f"数据统计于 {later:%H:%M:%S}" in client.get(PAGE).content.decode()
        user.role_grants.all().delete()
        assert client.get(PAGE).status_code == 403


def test_no_number_of_the_front_page_is_about_fines(city, user_factory, client_for):
    """REFERENCE T-15: fines are no performance figure."""
    assert "罚款" not in client_for(user_factory(Role.OFFICE_HEAD)).get(PAGE).content.decode()


@pytest.mark.parametrize("role", [Role.DISCIPLINE, Role.LIAISON])
def test_onlookers_find_their_scope_on_the_worklist_with_lists_that_agree(
    role, city, user_factory, client_for
):
    user = user_factory(role)
    client = client_for(user)
    duties = duties_for(user)
    assert duties and all(client.get(duty.url).status_code == 200 for duty in duties)
    lists = [duty for duty in scope_in_numbers(user) if urlsplit(duty.url).path.endswith("/rows/")]
    assert "/projects/rows/" in lists[0].url
    for duty in lists:
        assert str(count_of(client, duty.url)) in str(duty.title)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.DISPATCHER, Role.OFFICE_HEAD, Role.SYSTEM_ADMIN])
def test_those_with_work_of_their_own_find_only_that(role, city, user_factory):
    assert list(scope_in_numbers(user_factory(role))) == []


def test_an_empty_city_has_an_empty_scope(user_factory):
    assert list(scope_in_numbers(user_factory(Role.DISCIPLINE))) == []
