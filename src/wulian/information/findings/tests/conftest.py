"""Two departments with their people, and a lot of one of them."""

from types import SimpleNamespace

import pytest

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.information.registry.models import Lot, Project
from wulian.information.registry.tests.factories import enter, reservoir


@pytest.fixture(autouse=True)
def _own_state(own_var):
    """Each test keeps its files in a folder of its own."""


def department(code, name, *, sector="", kind=DepartmentKind.AUTHORITY):
    return Department.objects.create(
        code=code, name=name, sector=sector, region_code="421300", kind=kind, document_prefix=code
    )


def person(username, full_name, place, role):
    user = User.objects.create(username=username, full_name=full_name, department=place)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture
def people(db):
    water = department("shuili", "随州市水利和湖泊局", sector="water")
    housing = department("zhugeng", "随州市住房和城市更新局", sector="housing")
    office = department("jgb", "随州市公共资源交易综合监管办公室", kind=DepartmentKind.COORDINATING_OFFICE)
    return SimpleNamespace(
        officer=person("zhouhe", "周河", water, Role.CASE_OFFICER),
        section=person("liufang", "刘芳", water, Role.SECTION_HEAD),
        liaison=person("wuping", "吴平", water, Role.LIAISON),
        stranger=person("chenli", "陈丽", housing, Role.CASE_OFFICER),
        reviewer=person("fazhi", "方志", water, Role.LEGAL_REVIEWER),
        dispatcher=person("hejing", "何静", office, Role.DISPATCHER),
        discipline=person("jijian", "纪明", office, Role.DISCIPLINE),
        admin=person("sysadmin", "系统管理员", None, Role.SYSTEM_ADMIN),
    )


@pytest.fixture
def project(db) -> Project:
    [found] = enter(reservoir())
    return found


@pytest.fixture
def lot(project) -> Lot:
    return Lot.objects.get(project=project)
