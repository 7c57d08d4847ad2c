"""The public pages: open to all, in two languages, and silent about matters."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from wulian.casework.intake import services
from wulian.casework.intake.choices import OpeningState
from wulian.casework.intake.models import IdentityOpening
from wulian.casework.intake.slips import verify_query
from wulian.casework.intake.tests import factories as make
from wulian.law.procedures import procedure
from wulian.portal.progress import COMPLAINT, TIP_OFF

pytestmark = pytest.mark.django_db
PAGES = ("", "report/topic/", "status/", "verify/", "objection/", "published/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_login_in_both_languages(clock, page):
    chinese = Client().get(f"/portal/{page}")
    client = Client()
    client.post(reverse("ui:language"), {"language": "en", "next": "/portal/"})
    english = client.get(f"/portal/{page}")
    assert chinese.status_code == english.status_code == 200
    assert 'lang="zh-CN"' in chinese.content.decode()
    assert '<html lang="en"' in english.content.decode()


def test_every_state_of_the_tables_has_plain_words():
    """So that nobody reads “being handled” for want of a sentence."""
    assert set(procedure("complaint").states) - {"C00", "作废"} == set(COMPLAINT)
    assert set(procedure("lead").states) == set(TIP_OFF)


def test_what_names_somebody_is_not_cached(visitor):
    for address in ("/portal/report/topic/", "/portal/status/"):
        assert "no-store" in visitor.client.get(address).headers["Cache-Control"]
    visitor.submit()
    assert "no-store" in visitor.client.get("/portal/receipt/").headers["Cache-Control"]


def test_a_receipt_page_without_a_receipt_leads_to_the_status_page(clock):
    assert Client().get("/portal/receipt/").headers["Location"] == "/portal/status/"
    assert Client().get("/portal/status/progress/").headers["Location"] == "/portal/status/"


def test_the_qr_code_carries_the_code_where_no_server_sees_it(visitor):
    slip = visitor.submit()
    address, _mark, fragment = slip.status_url.partition("#")
    assert slip.code in fragment and slip.code not in address
    assert slip.code not in slip.verify_url


def test_a_receipt_is_verified_from_its_lines_alone(visitor, django_assert_num_queries):
    slip = visitor.submit()
    query = verify_query(slip.receipt)
    with django_assert_num_queries(0):
        page = Client().get(f"/portal/verify/?{query}")
    assert "真实。" in page.content.decode()
    spoken = {
        **QueryDict(query).dict(),
        "t": f"{slip.receipt.received_at.astimezone(make.BEIJING):%Y-%m-%d %H:%M:%S}",
    }
    assert "真实。" in Client().get("/portal/verify/", spoken).content.decode(), "as it is printed"
    for changed in (
        query.replace("t=2026", "t=2025"),
        query.replace("h=", "h=0"),
        query.replace("k=", "k=x"),
    ):
        assert "未通过核验" in Client().get(f"/portal/verify/?{changed}").content.decode()


def test_the_public_key_can_be_taken_away(visitor):
    slip = visitor.submit()
    assert b"BEGIN PUBLIC KEY" in Client().get(f"/portal/verify/key/{slip.receipt.key_id}/").content
    assert Client().get("/portal/verify/key/unknown/").status_code == 404


def test_the_published_list_names_the_authorities_that_handle_complaints(people):
    page = Client().get("/portal/published/").content.decode()
    assert people.housing.name in page and "曾都区公共资源交易监督管理局" in page and "第六十一条" in page


def test_the_reporter_sees_who_opened_the_identity_and_why(visitor, people):
    slip = visitor.submit()
    (matter,) = slip.matters
    make.dispatched(matter, people.clerk, people.dispatcher)
    client = visitor.client
    client.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code})
    assert "没有人查看过您的身份" in client.get("/portal/status/progress/").content.decode()
    opening = services.request_opening(
        actor=people.officer, matter=matter, reason="送达受理通知书需核实地址。", hours=2
    )
    opening = services.approve_opening(actor=people.discipline, opening=opening)
    services.open_identity(actor=people.officer, opening=opening)
    page = client.get("/portal/status/progress/").content.decode()
    assert "送达受理通知书需核实地址。" in page and people.housing.name in page
    assert IdentityOpening.objects.get().state == OpeningState.APPROVED


def test_throwing_away_closes_the_progress_page_but_not_an_officials_session(visitor, people, client_for):
    client = client_for(people.clerk)
    client.post("/portal/report/topic/", {"topic": "fraud"})
    client.post("/portal/report/forget/")
    assert client.get("/intake/").status_code == 200
