"""What the desk is offered while typing, its key, and the receipts its session may print again."""

import base64

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.tests import factories as intake
from wulian.casework.window import slips
from wulian.casework.window.tests import factories as make
from wulian.core.accounts.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(people, client_for):
    return client_for(people.clerk)


def key_of(client):
    answer = client.get(reverse("window:key"))
    assert "no-store" in answer.headers["Cache-Control"]
    return base64.b64decode(answer.json()["key"])


def enter(client, **changes):
    answer = client.post(
        reverse("window:entry"), make.entry(**changes), headers={"Accept": "application/json"}
    )
    return answer.json()["url"]


def test_the_page_that_a_browser_keeps_holds_an_empty_form_and_nothing_that_came_in(clerk):
    enter(clerk)
    number = Receipt.objects.get().number
    assert number in clerk.get(reverse("window:entry")).content.decode()
    kept = clerk.get(reverse("window:shell"))
    assert number not in kept.content.decode() and 'id="window-form"' in kept.content.decode()
    assert clerk.post(reverse("window:shell")).status_code == 405


def test_the_worker_governs_the_window_alone(clerk, people, client_for):
    worker = clerk.get(reverse("window:worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert reverse("window:worker").rsplit("/", 1)[0] + "/" == reverse("window:entry")
    assert "Service-Worker-Allowed" not in worker.headers, "its own folder is all it may govern"
    assert client_for(people.officer).get(reverse("window:shell")).status_code == 403


def test_the_key_of_the_desk_is_the_clerks_own_and_the_same_after_a_new_login(
    people, clerk, client_for, user_factory
):
    """What was sealed before the session ended can be opened after it, by this clerk alone."""
    mine = key_of(clerk)
    assert len(mine) == 32 and key_of(client_for(people.clerk)) == mine
    assert key_of(client_for(user_factory(Role.CLERK))) != mine


def test_the_page_itself_holds_no_key(clerk):
    mine = key_of(clerk)
    page = clerk.get(reverse("window:entry")).content
    assert base64.b64encode(mine) not in page and mine.hex().encode() not in page


def test_a_project_is_offered_by_words_and_number_and_then_links_the_dossier(clerk):
    found = intake.project()
    offers = clerk.get(reverse("window:projects"), {"q": "府河 道路"}).json()["found"]
    assert offers == [f"{found.project_code} {found.name}"]
    assert clerk.get(reverse("window:projects"), {"q": found.project_code}).json()["found"] == offers
    clerk.post(reverse("window:entry"), make.entry({"project": offers[0]}))
    assert Complaint.objects.get().project == found


def test_a_name_that_is_on_no_file_stays_as_it_was_written(clerk):
    clerk.post(reverse("window:entry"), make.entry({"project": "没有档案的 工程"}))
    matter = Complaint.objects.get()
    assert matter.project is None and matter.project_text == "没有档案的 工程"


def test_parties_and_departments_are_offered_departments_first(people, clerk):
    intake.party()
    offers = clerk.get(reverse("window:parties"), {"q": people.housing.name[:5]}).json()["found"]
    assert people.housing.name in offers


@pytest.mark.parametrize("text", ["", "府", "，。"])
def test_too_little_text_offers_nothing(clerk, text):
    intake.project()
    assert clerk.get(reverse("window:projects"), {"q": text}).json() == {"found": []}


def test_a_receipt_can_be_printed_again_in_this_session_only(people, clerk, client_for, user_factory):
    address = enter(clerk)
    assert clerk.get(address).status_code == clerk.get(address).status_code == 200
    assert client_for(people.clerk).get(address).status_code == 404, "another session of the same clerk"
    assert client_for(user_factory(Role.CLERK)).get(address).status_code == 404
    clerk.logout()
    assert clerk.get(address).status_code == 302


def test_the_page_lists_what_this_session_can_print_the_newest_first_and_not_without_end(clerk):
    for place in range(slips.KEPT + 1):
        enter(clerk, submission=f"{place:064x}")
    kept = clerk.get(reverse("window:entry")).context["receipts"]
    numbers = list(Receipt.objects.order_by("-pk").values_list("number", flat=True))
    assert [receipt.number for receipt in kept] == numbers[: slips.KEPT]
    first = Receipt.objects.order_by("pk").first()
    assert clerk.get(reverse("window:slip", args=[first.pk])).status_code == 404


def test_no_code_lies_in_the_session_table_in_the_clear(clerk):
    slip = clerk.get(enter(clerk)).context["slip"]
    for session in Session.objects.all():
        assert slip.code not in str(session.get_decoded())
    assert clerk.cookies[settings.SESSION_COOKIE_NAME]


def test_the_page_asks_the_database_no_more_for_twenty_receipts_than_for_one(
    clerk, django_assert_max_num_queries
):
    enter(clerk)
    clerk.get(reverse("window:entry"))
    for place in range(1, slips.KEPT):
        enter(clerk, submission=f"{place:064x}")
    with django_assert_max_num_queries(20):
        clerk.get(reverse("window:entry"))
