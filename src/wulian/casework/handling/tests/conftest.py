"""The authority with two certified officers, a section head, a legal reviewer and a head, on 29 September 2026."""

import pytest
import time_machine

from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake
from wulian.core.accounts.choices import Role
from wulian.force.officers.tests.factories import CertificateFactory, OfficerFactory
from wulian.office.jurisdiction.services import seed_jurisdiction


@pytest.fixture
def clock():
    with time_machine.travel(intake.RECEIVED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(clock, user_factory, department_tree):
    from types import SimpleNamespace

    seed_jurisdiction()
    return SimpleNamespace(
        housing=department_tree["housing"],
        transport=department_tree["transport"],
        clerk=user_factory(Role.CLERK),
        dispatcher=user_factory(Role.DISPATCHER),
        office_head=user_factory(Role.OFFICE_HEAD),
        discipline=user_factory(Role.DISCIPLINE),
        officer=user_factory(Role.CASE_OFFICER, "housing", phone="0722-3590001"),
        colleague=user_factory(Role.CASE_OFFICER, "housing"),
        other=user_factory(Role.CASE_OFFICER, "housing"),
        section=user_factory(Role.SECTION_HEAD, "housing"),
        lawyer=user_factory(Role.LEGAL_REVIEWER, "housing"),
        head=user_factory(Role.AUTHORITY_HEAD, "housing"),
        stranger=user_factory((Role.CASE_OFFICER, Role.SECTION_HEAD, Role.AUTHORITY_HEAD), "transport"),
        admin=user_factory(Role.SYSTEM_ADMIN),
    )


@pytest.fixture
def officers(people):
    """Two certified officers of 市住更局."""
    made = [OfficerFactory(user=user, authority=people.housing) for user in (people.officer, people.colleague)]  # fmt: skip
    for officer in made:
        CertificateFactory(officer=officer)
    return made


@pytest.fixture
def project():
    return intake.project()


@pytest.fixture
def complaint(people, officers, project):
    """A complaint in C06 about a project on file."""
    return make.investigated(people, officers, project=project)
