"""The pages of watched objections, tried as every role."""

from datetime import date

import pytest
from django.urls import reverse

from wulian.casework.intake.tests import factories as make
from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.services import follow_objections
from wulian.casework.objections.tests.test_following import at, objection
from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed(people, lot):
    objection(lot, received_at=at("2026-09-21T10:00"), content="评分标准中的业绩要求与项目规模不相适应。")
    follow_objections()
    return WatchedObjection.objects.get()


def test_the_list_is_for_whoever_does_business(clock, role_users):
    allowed = [role for role in Role if not role.value.endswith("_admin")]
    assert_only_roles(reverse("objections:list"), role_users, allowed)


@pytest.mark.parametrize(
    ("who", "found"), [("officer", 1), ("clerk", 1), ("office_head", 1), ("stranger", 0)]
)
def test_a_department_sees_the_objections_of_its_projects(people, missed, client_for, who, found):
    client = client_for(getattr(people, who))
    assert client.get(reverse("objections:list")).context["table"].paginator.count == found
    assert client.get(missed.get_absolute_url()).status_code == (200 if found else 404)


@pytest.mark.parametrize(
    ("query", "found"),
    [("state=O99", 1), ("state=O02", 0), ("target=opening", 0), ("missed=not_answered", 1), ("overdue=on", 1),
     ("sector=housing", 1), ("sector=water", 0), ("q=府河", 1), ("q=不存在", 0), ("sort=state", 1),
     ("received_after=2026-09-22", 0)],
)  # fmt: skip
def test_conditions_narrow_the_list(people, missed, client_for, query, found):
    answer = client_for(people.dispatcher).get(f"{reverse('objections:list')}?{query}")
    assert answer.context["table"].paginator.count == found


def test_a_head_orders_the_answer_on_the_page(people, missed, client_for):
    client, address = client_for(people.section), reverse("objections:order", args=[missed.pk])
    page = client.get(missed.get_absolute_url()).content.decode()
    assert address in page and "逾期未答复" in page and "业绩要求" in page
    assert client.post(address, {"requirement": "立即书面答复。", "term": "2026-09-01"}).status_code == 422
    assert client.post(address, {"requirement": "立即书面答复。", "term": "2026-09-30"}).status_code == 302
    page = client.get(missed.get_absolute_url()).content.decode()
    assert address not in page and "责改" in page


@pytest.mark.parametrize("name", ["order", "set_aside", "resume"])
def test_a_page_that_is_not_this_roles_turn_is_refused(people, missed, client_for, name):
    assert client_for(people.clerk).get(reverse(f"objections:{name}", args=[missed.pk])).status_code == 403


def test_dossier_and_complaint_show_the_objections(people, missed, client_for):
    client = client_for(people.dispatcher)
    assert missed.get_absolute_url() in client.get(missed.project.get_absolute_url()).content.decode()
    matter = make.complaint(topic="documents", project=missed.project, objection_on=date(2026, 9, 21))
    assert missed.get_absolute_url() in client.get(matter.get_absolute_url()).content.decode()


def test_the_list_asks_the_same_number_of_queries_for_many_rows(people, lot, client_for):
    for n in range(4):
        objection(lot, source_key=f"A{n}")
    follow_objections()
    client = client_for(people.dispatcher)
    client.get(reverse("objections:list"))
    with assert_max_queries(16) as few:
        client.get(reverse("objections:list"))
    for n in range(10):
        objection(lot, source_key=f"B{n}")
    follow_objections()
    with assert_max_queries(len(few)):
        client.get(reverse("objections:list"))
