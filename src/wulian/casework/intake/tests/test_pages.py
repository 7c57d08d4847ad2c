"""The pages of the staff, tried as every role."""

import pytest
from django.urls import reverse

from wulian.casework.intake.choices import GROUNDS
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.office.jurisdiction.models import JurisdictionRule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["intake:complaints", "intake:tip_offs"])
def test_lists_are_for_whoever_does_business(clock, role_users, address):
    allowed = [role for role in Role if not role.value.endswith("_admin")]
    assert_only_roles(reverse(address), role_users, allowed)


def test_a_complaint_walks_through_the_pages_to_acceptance(people, complaint, client_for):
    clerk = client_for(people.clerk)
    page = clerk.get(complaint.get_absolute_url())
    assert reverse("intake:complaint_register", args=[complaint.pk]) in page.content.decode()
    data = {"topic": "collusion", "sector": "housing", "region_code": "421300", "violation_code": "WF-09"}
    clerk.post(reverse("intake:complaint_register", args=[complaint.pk]), data)
    dispatcher = client_for(people.dispatcher)
    address = reverse("intake:complaint_dispatch", args=[complaint.pk])
    assert people.housing.name in dispatcher.get(address).content.decode(), "who and why is shown first"
    dispatcher.post(address)
    officer = client_for(people.officer)
    assert "受理审查清单" in officer.get(complaint.get_absolute_url()).content.decode()
    points = {f"point_{ground}": "fine" for ground in GROUNDS}
    officer.post(
        reverse("intake:accept", args=[complaint.pk]),
        {"contact_person": "陈丽", "contact_phone": "0722-3590001", **points},
    )
    complaint.refresh_from_db()
    assert complaint.state == "C05"
    assert "随住更投受〔2026〕1号" in officer.get(complaint.get_absolute_url()).content.decode()


def test_the_dispatch_page_leads_to_a_consultation_when_the_list_is_silent(people, complaint, client_for):
    JurisdictionRule.objects.all().delete()
    make.registered(complaint, people.clerk)
    client = client_for(people.dispatcher)
    address = reverse("intake:complaint_dispatch", args=[complaint.pk])
    assert "/consultations/propose/?about=intake.complaint" in client.get(address).content.decode()
    assert client.post(address).status_code == 422


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_stranger_does_not_find_the_page(people, examined, client_for, who):
    for name in ("complaint", "accept", "refuse", "complaint_identity"):
        status = (
            client_for(getattr(people, who)).get(reverse(f"intake:{name}", args=[examined.pk])).status_code
        )
        assert status in (403, 404)


def test_a_page_that_is_not_this_roles_turn_is_refused(people, examined, client_for):
    for who, name in (("discipline", "accept"), ("clerk", "complaint_register"), ("section", "sign")):
        status = (
            client_for(getattr(people, who)).get(reverse(f"intake:{name}", args=[examined.pk])).status_code
        )
        assert status == 403, (who, name)


@pytest.mark.parametrize(
    "name", ["refuse", "accept", "completion", "dispute", "complaint_transfer", "complaint_link"]
)
def test_every_form_of_the_case_officer_opens(people, examined, client_for, name):
    assert client_for(people.officer).get(reverse(f"intake:{name}", args=[examined.pk])).status_code == 200


def test_the_list_asks_the_same_number_of_queries_for_many_rows(people, client_for):
    for _number in range(12):
        make.complaint()
    client = client_for(people.dispatcher)
    client.get(reverse("intake:complaints"))
    with assert_max_queries(16) as few:
        client.get(reverse("intake:complaints"))
    for _number in range(12):
        make.complaint()
    with assert_max_queries(len(few)):
        client.get(reverse("intake:complaints"))


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=楚源", 1), ("q=2026-1", 1), ("q=欧阳", 0), ("topic=fraud", 0), ("state=C01", 1), ("overdue=on", 0),
     ("received_via=online&sort=-number", 1), ("sort=state", 1), ("sort=authority", 1)],
)  # fmt: skip
def test_conditions_narrow_the_list(people, complaint, client_for, query, found):
    answer = client_for(people.dispatcher).get(f"{reverse('intake:complaints')}?{query}")
    assert answer.context["table"].paginator.count == found


def test_the_export_has_no_column_of_the_reporter(people, complaint, client_for):
    answer = client_for(people.dispatcher).get(f"{reverse('intake:complaints')}?_export=csv")
    text = b"".join(answer).decode("utf-8-sig") if answer.streaming else answer.content.decode("utf-8-sig")
    assert complaint.number in text
    assert make.NAME not in text and complaint.alias not in text


def test_the_dossier_shows_its_complaints_to_those_who_may_see_them(people, client_for):
    found = make.project()
    matter = make.complaint(project=found, project_text="")
    page = client_for(people.dispatcher).get(found.get_absolute_url()).content.decode()
    assert matter.number in page
    assert matter.number not in client_for(people.officer).get(found.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["tip_off_dispatch", "decline", "guide", "tip_off_transfer", "tip_off_link"])
def test_every_form_of_the_dispatcher_opens_for_a_tip_off(people, client_for, name):
    matter = make.registered(make.tip_off(), people.clerk)
    address = reverse(f"intake:{name}", args=[matter.pk])
    assert client_for(people.dispatcher).get(address).status_code == 200
    assert client_for(people.discipline).get(address).status_code == 403


def test_the_register_page_shows_what_looks_alike_and_whom_it_is_kept_from(people, client_for):
    first = make.complaint()
    matter = make.complaint(respondent_name="随州市住房和城市更新局")
    page = (
        client_for(people.clerk).get(reverse("intake:complaint_register", args=[matter.pk])).content.decode()
    )
    assert first.number in page and "同一项目" in page
    assert people.housing.name in page


def test_a_point_decided_otherwise_than_the_machine_without_a_reason_comes_back_marked(people, client_for):
    matter = make.dispatched(make.complaint(relation="public"), people.clerk, people.dispatcher)
    data = {f"point_{ground}": "fine" for ground in GROUNDS}
    data |= {"contact_person": "陈丽", "contact_phone": "0722-3590001"}
    client, address = client_for(people.officer), reverse("intake:accept", args=[matter.pk])
    answer = client.post(address, data)
    assert answer.status_code == 422 and "point_no_interest" in answer.context["form"].errors
    data["why_no_interest"] = "投诉人系合同分包单位，与本项目有直接利害关系"
    assert client.post(address, data).status_code == 302
    assert "直接利害关系" in client.get(matter.get_absolute_url()).content.decode()
