"""The office and 市住更局 with their people, and the jurisdiction list, on 29 September 2026 (the day of REFERENCE's vectors)."""

from types import SimpleNamespace

import pytest
import time_machine

from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.office.jurisdiction.services import seed_jurisdiction


@pytest.fixture
def clock():
    with time_machine.travel(make.RECEIVED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(clock, user_factory, department_tree):
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
def complaint(people):
    """A complaint in C01."""
    return make.complaint()


@pytest.fixture
def examined(people, complaint):
    """The same complaint in C03, at 市住更局."""
    return make.dispatched(complaint, people.clerk, people.dispatcher)
