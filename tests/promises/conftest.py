"""The promises stand on the people and the own state folder of the house's tests, on the day of REFERENCE's examples."""

import pytest
import time_machine

from wulian.casework.intake.tests.factories import RECEIVED
from wulian.conftest import client_for, department_tree, own_state, user_factory  # noqa: F401


@pytest.fixture(autouse=True)
def clock():
    """Within the days to complain; the clock runs on."""
    with time_machine.travel(RECEIVED, tick=True) as traveller:
        yield traveller
