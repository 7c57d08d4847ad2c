"""The legal reviewer and an officer of the same city."""

import pytest
import time_machine

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T09:00:00+08:00", tick=False):
        yield


def _person(username, name, department, role):
    user = User.objects.create(username=username, full_name=name, department=department)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture
def housing(db):
    return Department.objects.create(
        code="zhugeng", name="随州市住房和城市更新局", sector="housing", region_code="421300"
    )


@pytest.fixture
def reviewer(housing):
    return _person("fazhi", "方正", housing, Role.LEGAL_REVIEWER)


@pytest.fixture
def officer(housing):
    return _person("chenli", "陈丽", housing, Role.CASE_OFFICER)
