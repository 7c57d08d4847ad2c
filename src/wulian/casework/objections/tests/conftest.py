"""A lot of 随州市住房和城市更新局's city on 29 September 2026, with its procuring entity and people."""

from types import SimpleNamespace

import pytest
import time_machine

from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.information.registry.models import Lot, Party
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
        clerk=user_factory(Role.CLERK),
        dispatcher=user_factory(Role.DISPATCHER),
        office_head=user_factory(Role.OFFICE_HEAD),
        officer=user_factory(Role.CASE_OFFICER, "housing"),
        section=user_factory(Role.SECTION_HEAD, "housing"),
        head=user_factory(Role.AUTHORITY_HEAD, "housing"),
        stranger=user_factory(Role.SECTION_HEAD, "transport"),
        admin=user_factory(Role.SYSTEM_ADMIN),
    )


@pytest.fixture
def lot(clock):
    found = make.project(region="421300")
    found.owner = Party.objects.create(
        source_key="owner",
        name="随州市城市建设投资开发有限公司",
        uscc="91421300MA49QQ1P8X",
        kind="enterprise",
    )
    found.save()
    return Lot.objects.get(project=found)
