"""A visitor with a browser, on the day of REFERENCE's vectors; the office behind the portal."""

import pytest
from django.test import Client

from wulian.casework.intake.tests.conftest import clock, people  # noqa: F401
from wulian.portal.tests.walking import Visitor


@pytest.fixture
def visitor(clock, db):  # noqa: F811
    """A citizen without an account."""
    return Visitor(Client())
