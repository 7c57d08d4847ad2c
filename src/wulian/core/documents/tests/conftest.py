"""An authority, its people, and a project of its sector as the subject of documents."""

import pytest

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.documents.services import issue_document
from wulian.core.documents.tests.factories import OFFICERS, decision
from wulian.information.registry.models import Project


def department(code, name, prefix, kind=DepartmentKind.AUTHORITY, sector=""):
    return Department.objects.create(code=code, name=name, document_prefix=prefix, kind=kind, sector=sector)


def person(username, full_name, place, role):
    user = User.objects.create(username=username, full_name=full_name, department=place)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture
def authority(db):
    return department("zhugeng", "随州市住房和城市更新局", "随住更", sector="housing")


@pytest.fixture
def head(authority):
    return person("chenju", "陈局", authority, Role.AUTHORITY_HEAD)


@pytest.fixture
def stranger(db):
    water = department("shuili", "随州市水利和湖泊局", "随水", sector="water")
    return person("zhouhe", "周河", water, Role.CASE_OFFICER)


@pytest.fixture
def project(db):
    return Project.objects.create(
        source_system="test",
        source_key="P1",
        name="曾都区滨河路改造工程",
        sector="housing",
        region_code="421303",
    )


@pytest.fixture
def issue(authority, head, project, own_var):
    def run(**changes):
        given = {
            "template": "W29",
            "subject": project,
            "authority": authority,
            "actor": head,
            "context": decision(),
            "officers": OFFICERS,
        }
        return issue_document(**{**given, **changes})

    return run
