"""The intake's people, two of them certified officers, and a complaint they investigate."""

import pytest

from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake
from wulian.casework.intake.tests.conftest import clock, people  # noqa: F401
from wulian.force.officers.tests.factories import CertificateFactory, OfficerFactory


@pytest.fixture
def officers(people):  # noqa: F811
    """Two certified officers of 市住更局."""
    made = [OfficerFactory(user=user, authority=people.housing) for user in (people.officer, people.colleague)]  # fmt: skip
    for officer in made:
        CertificateFactory(officer=officer)
    return made


@pytest.fixture
def project():
    return intake.project()


@pytest.fixture
def complaint(people, officers, project):  # noqa: F811
    """A complaint in C06 about a project on file."""
    return make.investigated(people, officers, project=project)
