"""Any order and any repetition of a day's events gives the same dossier."""

from __future__ import annotations

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wulian.information.supervision.models import Room
from wulian.information.supervision.tests import factories as make

pytestmark = pytest.mark.django_db
EXPECTED: dict[str, object] = {}


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T15:00:00+08:00", tick=False):
        yield


@st.composite
def tellings(draw):
    """The events of one day cut into calls: shuffled, some more than once."""
    told = make.events("late", bidders=3)
    repeated = draw(st.lists(st.sampled_from(range(len(told))), max_size=10))
    order = draw(st.permutations([*range(len(told)), *repeated]))
    size = draw(st.integers(1, 25))
    return [[told[index] for index in order[start : start + size]] for start in range(0, len(order), size)]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_permutation_and_repetition_gives_the_same_dossier(data):
    with time_machine.travel("2026-07-01T15:00:00+08:00", tick=False):
        from django.db import transaction

        calls = data.draw(tellings())
        with transaction.atomic():
            lot = make.lot()
            issued = make.token(make.system())
            for call in calls:
                assert all(answer.is_taken for answer in make.tell(issued, *call))
            room = Room.objects.get()
            picture = make.lot_picture(lot.project)
            lines = list(room.entries.order_by("position").values_list("kind", "event_kind", "text", "at"))
            found = (room.state, room.next_sequence, room.bidder_count, picture, lines)
            transaction.set_rollback(True)
        assert EXPECTED.setdefault("day", found) == found
