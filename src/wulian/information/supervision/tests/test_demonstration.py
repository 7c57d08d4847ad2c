"""The day of the demonstration city, and the command that makes a token."""

from __future__ import annotations

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from wulian.core.accounts.choices import Role
from wulian.information.registry.models import Bid, RegistryChange
from wulian.information.supervision.demonstration import SYSTEM, seed_supervision
from wulian.information.supervision.models import QuarantinedEvent, RoomEntry
from wulian.information.supervision.selectors.board import board
from wulian.information.supervision.services.tokens import Issued, admit
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        "2026-07-01T15:00:00+08:00",
        "2026-07-01T08:31:00+08:00",
        "2026-07-01T00:20:00+08:00",
        "2026-07-01T23:40:00+08:00",
    ],
)
def test_one_opening_runs_one_is_over_and_one_is_to_come_at_any_hour(moment, user_factory):
    with time_machine.travel(moment, tick=False):
        seed_supervision()
        rows = board(user_factory(Role.OFFICE_HEAD), timezone.localdate())
        assert [str(row.state) for row in rows] == ["opening", "awaiting", "reported"]
        assert rows[1].deadline_at > timezone.now()
        assert rows[1].bidder_count is None
        assert not QuarantinedEvent.objects.exists()


def test_seeding_twice_plays_nothing_twice(department_tree):
    with time_machine.travel("2026-07-01T15:00:00+08:00", tick=False):
        first = seed_supervision(departments=[department_tree["housing"]])
        counts = (Bid.objects.count(), RoomEntry.objects.count(), RegistryChange.objects.count())
        assert seed_supervision() == first
        assert (Bid.objects.count(), RoomEntry.objects.count(), RegistryChange.objects.count()) == counts


def test_the_command_prints_a_token_that_works():
    make.lot()
    make.system(SYSTEM[0])
    out = StringIO()
    call_command("supervision_token", SYSTEM[0], stdout=out)
    token = admit(secret=out.getvalue().strip())
    assert make.post(Issued(token, out.getvalue().strip()), make.events()[0]).status_code == 201


def test_the_command_names_the_systems_there_are():
    make.system()
    with pytest.raises(CommandError, match="suizhou"):
        call_command("supervision_token", "nobody")
