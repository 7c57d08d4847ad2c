"""The pages of the staff, tried as every role."""

import pytest
from django.urls import reverse

from wulian.casework.intake.models import Complaint, Receipt, TipOff
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.office.jurisdiction.models import JurisdictionRule

pytestmark = pytest.mark.django_db


def window_data(**changes):
    values = {
        "kind": "complaint",
        "received_via": "window",
        "received_at": "2026-09-29T10:00",
        "topic": "collusion",
        "relation": "bidder",
        "project_text": "府河南岸道路改造工程",
        "respondent_name": make.RESPONDENT,
        "facts": "开标时三家投标文件由同一台电脑编制，报价呈规律性差异。",
        "request": "请依法查处串通投标行为。",
        "materials": "投诉书一份\n营业执照复印件一份",
        "knew_on": "2026-09-24",
        "reporter_kind": "unit",
        "name": make.NAME,
        "phone": make.PHONE,
        "address": make.ADDRESS,
        "submission": "ab" * 32,
    }
    return {**values, **changes}


@pytest.mark.parametrize("address", ["intake:complaints", "intake:tip_offs"])
def test_lists_are_for_whoever_does_business(clock, role_users, address):
    allowed = [role for role in Role if not role.value.endswith("_admin")]
    assert_only_roles(reverse(address), role_users, allowed)


def test_the_window_is_for_clerks(clock, role_users):
    assert_only_roles(reverse("intake:window"), role_users, [Role.CLERK])


def test_a_clerk_enters_a_complaint_and_prints_the_receipt_in_two_copies(people, client_for):
    client = client_for(people.clerk)
    answer = client.post(reverse("intake:window"), window_data(), follow=True)
    page = answer.content.decode()
    receipt = Receipt.objects.get()
    assert page.count(receipt.number) >= 2 and page.count("收件回执") >= 2
    assert page.count("slip-code") == 1, "only the person's copy carries the code"
    assert "投诉书一份" in page and "<svg" in page
    assert make.NAME not in page
    again = client.post(reverse("intake:window"), window_data())
    assert again.status_code == 302 and Complaint.objects.count() == 1


def test_the_slip_of_one_clerk_is_nobody_elses(people, client_for, user_factory):
    client_for(people.clerk).post(reverse("intake:window"), window_data())
    assert client_for(user_factory(Role.CLERK)).get(reverse("intake:slip")).status_code == 404


def test_a_refused_entry_keeps_what_was_typed_and_marks_the_field(people, client_for):
    answer = client_for(people.clerk).post(reverse("intake:window"), window_data(request=""))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert "request" in form.errors
    assert form["facts"].value() == window_data()["facts"]
    assert not Receipt.objects.exists()


def test_an_anonymous_tip_off_at_the_window_keeps_no_name(people, client_for):
    data = window_data(kind="tip_off", anonymous="on", name="", phone="", address="")
    client_for(people.clerk).post(reverse("intake:window"), data)
    assert TipOff.objects.get().receipt.is_anonymous


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
    officer.post(
        reverse("intake:accept", args=[complaint.pk]),
        {"contact_person": "陈丽", "contact_phone": "0722-3590001"},
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


@pytest.mark.parametrize("name", ["refuse", "accept"])
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
