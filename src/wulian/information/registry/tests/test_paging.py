"""Pages of long tables hold the same rows in the same order as the list, first to last."""

import pytest
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.information.registry.models import Bid, Lot, Party, Project, Tender
from wulian.information.registry.tables import BidTable

pytestmark = pytest.mark.django_db
BIDS = 57


@pytest.fixture
def bids():
    project = Project.objects.create(
        source_system="t", source_key="P", name="漂水河整治工程", sector="water", region_code="421321"
    )
    tender = Tender.objects.create(project=project, source_key="T", name="施工招标")
    lot = Lot.objects.create(project=project, tender=tender, source_key="L", name="一标段")
    firm = Party.objects.create(source_key="F", name="随州建工有限公司")
    return [
        Bid.objects.create(project=project, lot=lot, source_key=f"B{n}", tenderer=firm, price=1000 + n % 5)
        for n in range(BIDS)
    ]


@pytest.fixture
def reader():
    department = Department.objects.create(
        code="shuili", name="随州市水利和湖泊局", sector="water", region_code="421300"
    )
    user = User.objects.create(username="zhouhe", full_name="周河", department=department)
    RoleGrant.objects.create(user=user, role=Role.CASE_OFFICER)
    return user


@pytest.mark.parametrize("order", [("price", "id"), ("-price", "-id"), ("-id",)])
def test_the_pages_together_are_the_list(bids, order):
    rows = Bid.objects.order_by(*order)
    seen = []
    for number in range(1, 7):
        table = BidTable(rows)
        table.paginate(page=number, per_page=10)
        seen += [row.record.pk for row in table.page.object_list]
    assert seen == list(rows.values_list("pk", flat=True)) and len(seen) == BIDS


def test_a_page_of_the_list_shows_its_rows_with_a_fixed_number_of_queries(
    bids, reader, client, django_assert_max_num_queries
):
    client.force_login(reader)
    for page in (1, 2, 3):
        with django_assert_max_num_queries(14):
            answer = client.get(reverse("registry:bids"), {"page": page, "sort": "-price", "sector": "water"})
        assert len(answer.context["table"].page.object_list) == (7 if page == 3 else 25)


def test_an_empty_list_asks_for_no_rows(reader, client):
    client.force_login(reader)
    assert not list(client.get(reverse("registry:bids")).context["table"].page.object_list)
