"""The registry's pages: who sees what, how much it asks of the database, what is masked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.information.registry.lights import lights
from wulian.information.registry.models import Bid, Party, Project
from wulian.information.registry.permissions import IMPORTERS
from wulian.information.registry.stages import NODE_TITLES, STAGES
from wulian.information.registry.tests.factories import demo_dossiers, enter, reservoir

pytestmark = pytest.mark.django_db
LISTS = ["projects", "lots", "bids", "notices", "contracts", "parties"]
BUSINESS = set(Role) - ADMINISTRATORS


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_for_business_roles_and_closed_to_the_three_administrators(name, role_users):
    assert_only_roles(reverse(f"registry:{name}"), role_users, BUSINESS)


def test_a_department_sees_the_dossiers_of_its_sector_and_no_others(user_factory, client_for):
    (project,) = enter(reservoir())
    water, housing = user_factory(Role.CASE_OFFICER, "water"), user_factory(Role.CASE_OFFICER, "housing")
    url = reverse("registry:dossier", args=[project.pk])
    assert client_for(water).get(url).status_code == 200
    assert client_for(housing).get(url).status_code == 404
    assert project.name in client_for(water).get(reverse("registry:projects")).content.decode()
    assert project.name not in client_for(housing).get(reverse("registry:projects")).content.decode()


def test_a_county_authority_sees_only_its_county(user_factory):
    enter(reservoir(), reservoir("2506-421381-04-01-200002", region="421381"))
    officer = user_factory(Role.CASE_OFFICER, "suixian-authority")
    assert {project.region_code for project in Project.objects.visible_to(officer)} == {"421321"}


def test_history_of_another_department_is_not_found(user_factory, client_for):
    (project,) = enter(reservoir())
    url = reverse("registry:history", args=[project.pk])
    assert client_for(user_factory(Role.CASE_OFFICER, "water")).get(url).status_code == 200
    assert client_for(user_factory(Role.CASE_OFFICER, "housing")).get(url).status_code == 404


@pytest.mark.parametrize("role", sorted(BUSINESS))
def test_accounts_and_device_codes_are_masked_for_those_who_do_not_handle_cases(
    role, user_factory, client_for
):
    (project,) = enter(reservoir())
    department = (
        "water" if role not in (Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE) else None
    )
    page = client_for(user_factory(Role(role), department)).get(
        reverse("registry:dossier", args=[project.pk])
    )
    readable = "3C:52:82:1A:01:7F" in page.content.decode()
    assert readable is (role not in (Role.CLERK, Role.LIAISON))
    assert ("42001688001" in page.content.decode()) is readable


def test_a_dossier_page_takes_as_many_queries_for_thirty_bids_as_for_three(user_factory, client_for):
    small, large = enter(reservoir(), reservoir("2506-421321-04-01-200003"))
    lot = large.tender_set.get().lots.get() if hasattr(large, "tender_set") else None
    lot = lot or Bid.objects.filter(project=large).first().lot
    tenderer = Party.objects.first()
    Bid.objects.bulk_create(
        Bid(project=large, lot=lot, source_key=f"x{number}", tenderer=tenderer, price=5_000_000 + number)
        for number in range(30)
    )
    client = client_for(user_factory(Role.OFFICE_HEAD))
    counts = []
    for project in (small, small, large):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("registry:dossier", args=[project.pk]))
        counts.append(len(captured))
    assert counts[1] == counts[2], counts
    assert counts[2] <= 60


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_a_fixed_number_of_queries(name, user_factory, client_for):
    enter(*demo_dossiers(30))
    client = client_for(user_factory(Role.OFFICE_HEAD))
    client.get(reverse(f"registry:{name}"))
    with assert_max_queries(12):
        assert client.get(reverse(f"registry:{name}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=水库", 1), ("q=黑屋", 1), ("q=地铁", 0), ("sector=water", 1), ("sector=housing", 0), ("region=421321", 1),
        ("region=421381", 0), ("stage=award", 0), ("owner=随县水利", 1), ("approved_on_after=2025-06-04", 0),
        ("total_investment_min=6800000&total_investment_max=6800000", 1),
    ],
)  # fmt: skip
def test_project_filters_find_what_they_say(
    query, found, user_factory, client_for, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        (project,) = enter(reservoir())
    page = client_for(user_factory(Role.OFFICE_HEAD)).get(f"{reverse('registry:projects')}?{query}")
    assert (project.name in page.content.decode()) is bool(found), query


def test_a_party_page_counts_bids_wins_and_who_was_met(user_factory, client_for):
    enter(reservoir())
    party = Party.objects.get(name="湖北涢水水利水电工程有限公司")
    page = (
        client_for(user_factory(Role.OFFICE_HEAD))
        .get(reverse("registry:party", args=[party.pk]))
        .content.decode()
    )
    assert "100%" in page
    assert "武汉长江水利水电工程有限公司" in page


def test_numbers_of_a_party_come_from_the_readers_own_dossiers_only(user_factory, client_for):
    enter(reservoir())
    party = Party.objects.get(name="湖北涢水水利水电工程有限公司")
    page = client_for(user_factory(Role.CASE_OFFICER, "housing")).get(
        reverse("registry:party", args=[party.pk])
    )
    assert "黑屋湾" not in page.content.decode()


def test_imports_are_for_the_coordinating_office(role_users):
    assert_only_roles(reverse("registry:imports"), role_users, IMPORTERS)
    assert_only_roles(reverse("registry:template", args=["empty"]), role_users, IMPORTERS)


@pytest.mark.parametrize("kind", ["empty", "example", "csv"])
def test_the_templates_can_be_downloaded(kind, user_factory, client_for):
    answer = client_for(user_factory(Role.DISPATCHER)).get(reverse("registry:template", args=[kind]))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_seven_lights_hold_all_eighteen_nodes_once():
    assert [node for stage in STAGES for node in stage.nodes] == list(NODE_TITLES)


def test_a_light_is_grey_before_blue_during_green_after_and_takes_the_worst_finding():
    colours = [light.colour for light in lights("N09", {"N03": "yellow", "N05": "red"})]
    assert colours == ["green", "red", "green", "blue", "grey", "grey", "grey"]
