"""Two bids side by side in real Chromium: both sides go to a passage together, on a wide screen and on a phone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.core.ui.testing import sign_in
from wulian.information.comparison.models import Pair
from wulian.information.comparison.tests.conftest import B, C, attach_all, compare
from wulian.information.registry.models import Lot
from wulian.information.registry.tests.factories import enter, reservoir

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(transactional_db, own_var):
    user = User.objects.create(username="zhouhe", full_name="周河", department=seed_departments()["water"])
    RoleGrant.objects.create(user=user, role=Role.CASE_OFFICER)
    return user


def enter_as(page: Page, live_server, user: User) -> None:
    cookie = sign_in(Client(), user).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def in_view(page: Page, side: int) -> bool:
    """Whether the chosen passage stands inside its pane."""
    return page.evaluate(
        """side => {
          const pane = document.querySelectorAll('.cp-pane')[side], mark = pane.querySelector('mark.cp-on');
          if (!mark) return false;
          const box = pane.getBoundingClientRect(), place = mark.getBoundingClientRect();
          return place.top >= box.top - 1 && place.top <= box.bottom;
        }""",
        side,
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_both_sides_go_to_a_passage_together(page, live_server, officer, width):
    [project] = enter(reservoir(awards=[]))
    lot = Lot.objects.get(project=project)
    attach_all(lot, officer)
    run = compare(lot, officer)
    pair = Pair.objects.get(run=run, a=B, b=C)
    enter_as(page, live_server, officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(reverse("comparison:run", args=[run.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(pair.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator(".cp-pane")).to_have_count(2)
    last = pair.passages.last().number
    page.locator(f'[data-go="{last}"]').click()
    page.wait_for_function("document.querySelectorAll('mark.cp-on').length >= 2")
    assert in_view(page, 0) and in_view(page, 1)
    page.locator('[data-step="-1"]').click()
    assert in_view(page, 0) and in_view(page, 1)
    # Scrolling one side brings the other along.
    page.evaluate("window.before = document.querySelectorAll('.cp-pane')[1].scrollTop")
    page.wait_for_function(
        """() => {
          const [one, other] = document.querySelectorAll('.cp-pane');
          one.scrollTop = one.scrollTop ? 0 : one.scrollHeight;
          return other.scrollTop !== window.before;
        }""",
        polling=200,
    )
