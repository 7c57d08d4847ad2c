"""The merge page: who may, what it shows before anything happens, what it refuses, and undoing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.information.registry.models import Bid, Party, PartyMerge
from wulian.information.registry.services.merges import MERGERS
from wulian.information.registry.tests.factories import enter, reservoir

pytestmark = pytest.mark.django_db
PAGE = "registry:merge_parties"


@pytest.fixture
def pair():
    """A firm with a bid and an award, and a second entry of it under a mistyped name."""
    enter(reservoir())
    double = Party.objects.get(name="湖北涢水水利水电工程有限公司")
    keep = Party.objects.create(
        source_key="hand", name="湖北涢水水利水电工程有限责任公司", uscc="91421300MA4KLXXX0P"
    )
    Party.objects.filter(pk=double.pk).update(phone="0722-3456789")
    return keep, double


@pytest.fixture
def dispatcher(user_factory, client_for):
    return client_for(user_factory(Role.DISPATCHER))


def address(keep, duplicate=None, **more):
    query = {"keep": keep.pk} | ({"duplicate": duplicate.pk} if duplicate else {}) | more
    return f"{reverse(PAGE)}?" + "&".join(f"{key}={value}" for key, value in query.items())


def merge(client, keep, duplicate, reason="营业执照变更：同一企业"):
    return client.post(
        address(keep, duplicate), {"keep": keep.pk, "duplicate": duplicate.pk, "reason": reason}
    )


def test_only_the_coordinating_office_opens_the_merge_page(pair, role_users):
    assert_only_roles(reverse(PAGE), role_users, MERGERS)
    assert_only_roles(address(*pair), role_users, MERGERS)


def test_only_the_coordinating_office_merges(pair, user_factory, client_for):
    keep, double = pair
    answer = merge(client_for(user_factory(Role.CASE_OFFICER, "water")), keep, double)
    assert answer.status_code == 403
    assert not PartyMerge.objects.exists()


def test_the_page_shows_both_and_what_would_move_and_changes_nothing(pair, dispatcher):
    keep, double = pair
    page = dispatcher.get(address(keep, double))
    text = page.content.decode()
    assert keep.name in text
    assert double.name in text
    assert dict(page.context["preview"].rows) == {"bids.tenderer": 1, "awards.supplier": 1}
    relation = {str(row["label"]): row["relation"] for row in page.context["compared"]}
    assert sorted(relation.values()) == ["differs", "filled", "kept"]
    double.refresh_from_db()
    assert double.merged_into is None


def test_merging_on_the_page_moves_the_rows_and_leads_to_the_kept_party(pair, dispatcher):
    keep, double = pair
    answer = merge(dispatcher, keep, double)
    assert answer.headers["Location"] == reverse("registry:party", args=[keep.pk])
    assert Bid.objects.filter(tenderer=keep).count() == 1
    keep.refresh_from_db()
    assert keep.phone == "0722-3456789"
    assert keep.name in dispatcher.get(reverse("registry:party", args=[double.pk])).content.decode()


def test_a_merge_without_a_reason_is_refused_at_the_field(pair, dispatcher):
    answer = merge(dispatcher, *pair, reason=" ")
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    assert not PartyMerge.objects.exists()


def test_two_credit_codes_show_the_obstacle_and_no_form(pair, dispatcher):
    keep, double = pair
    Party.objects.filter(pk=double.pk).update(uscc="91420000MA4KLYYY1Q")
    page = dispatcher.get(address(keep, double)).content.decode()
    assert "91421300MA4KLXXX0P" in page
    assert 'name="reason"' not in page
    assert merge(dispatcher, keep, double).status_code == 422
    assert not PartyMerge.objects.exists()


def test_a_likely_double_is_proposed_and_one_with_another_code_is_not(pair, dispatcher):
    keep, double = pair
    other = Party.objects.create(
        source_key="x", name="湖北涢水水利水电工程集团有限公司", uscc="91420000MA4KLYYY1Q"
    )
    proposed = dispatcher.get(address(keep)).context["candidates"]
    assert double in proposed
    assert other not in proposed


def test_search_finds_by_a_part_of_the_name_or_the_credit_code(pair, dispatcher):
    keep, double = pair
    found = dispatcher.get(f"{reverse(PAGE)}?q={keep.uscc}").context["candidates"]
    assert found == [keep]
    assert dispatcher.get(address(keep, q="涢水")).context["candidates"] == [double]


@pytest.mark.parametrize("number", ["0", "999999", "abc", "-1", "9" * 30, "²"])
def test_an_address_that_names_no_party_asks_for_one(number, pair, dispatcher):
    page = dispatcher.get(f"{reverse(PAGE)}?keep={number}")
    assert page.status_code == 200
    assert page.context["keep"] is None


def test_a_merge_is_undone_with_a_reason_and_only_once(pair, dispatcher):
    keep, double = pair
    merge(dispatcher, keep, double)
    undo = reverse("registry:undo_merge", args=[PartyMerge.objects.get().pk])
    assert undo in dispatcher.get(reverse(PAGE)).content.decode()
    assert dispatcher.post(undo, {"reason": ""}).status_code == 422
    assert dispatcher.post(undo, {"reason": "查实为两家企业"}).status_code == 302
    assert Bid.objects.filter(tenderer=double).count() == 1
    assert undo not in dispatcher.get(reverse(PAGE)).content.decode()
    assert dispatcher.post(undo, {"reason": "再次"}).status_code == 422


def test_undoing_is_for_the_coordinating_office(pair, dispatcher, role_users):
    merge(dispatcher, *pair)
    url = reverse("registry:undo_merge", args=[PartyMerge.objects.get().pk])
    assert_only_roles(url, role_users, MERGERS)


def test_the_list_of_merges_takes_a_fixed_number_of_queries(pair, dispatcher):
    keep, double = pair
    merge(dispatcher, keep, double)
    for number in range(8):
        other = Party.objects.create(source_key=f"n{number}", name=f"湖北涢水水利{number}公司")
        merge(dispatcher, keep, other)
    with assert_max_queries(14):
        assert dispatcher.get(reverse(PAGE)).status_code == 200


def test_the_button_is_on_the_party_page_of_those_who_may(pair, dispatcher, user_factory, client_for):
    keep, _double = pair
    url = reverse("registry:party", args=[keep.pk])
    assert address(keep) in dispatcher.get(url).content.decode()
    assert address(keep) not in client_for(user_factory(Role.DISCIPLINE)).get(url).content.decode()
