"""An office with its people, on a working day of 2026."""

from types import SimpleNamespace

import pytest
import time_machine

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import accept_alert
from wulian.information.alerts.tests.factories import department, person, project, refresh


@pytest.fixture(autouse=True)
def _working_day():
    with time_machine.travel("2026-07-01T09:00:00+08:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_state(own_var):
    """Each test has its own snapshot folder."""


@pytest.fixture
def people(db):
    housing = department("zhugeng", "随州市住房和城市更新局", sector="housing")
    water = department("shuili", "随州市水利和湖泊局", sector="water")
    office = department(
        "jianguanban", "随州市公共资源交易综合监管办公室", kind=DepartmentKind.COORDINATING_OFFICE
    )
    return SimpleNamespace(
        housing=housing,
        water=water,
        office=office,
        officer=person("chenli", "陈丽", housing, Role.CASE_OFFICER),
        colleague=person("zhaoqiang", "赵强", housing, Role.CASE_OFFICER),
        section=person("liufang", "刘芳", housing, Role.SECTION_HEAD),
        head=person("chenju", "陈局", housing, Role.AUTHORITY_HEAD),
        stranger=person("zhouhe", "周河", water, Role.CASE_OFFICER),
        dispatcher=person("hejing", "何静", office, Role.DISPATCHER),
        office_head=person("liuzhuren", "刘主任", office, Role.OFFICE_HEAD),
        discipline=person("jijian", "纪明", office, Role.DISCIPLINE),
        admin=person("sysadmin", "系统管理员", None, Role.SYSTEM_ADMIN),
    )


@pytest.fixture
def alert(people):
    """WJ-01, red: 17 days instead of 20."""
    found = project(days=17)
    refresh()
    return Alert.objects.get(rule_id="WJ-01", project=found)


@pytest.fixture
def judged(alert, people):
    """The same alert, accepted by 陈丽."""
    return accept_alert(alert=alert, actor=people.officer)
