"""A lot of 市水利和湖泊局 with three bidders, and everybody who works with their bids."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.force.officers.tests.factories import CertificateFactory, OfficerFactory
from wulian.information.comparison import services
from wulian.information.comparison.choices import FileRole
from wulian.information.comparison.example.files import bid_word, tender_word
from wulian.information.comparison.models import Run, SimilarityFinding
from wulian.information.registry.models import Lot
from wulian.information.registry.tests.factories import enter, reservoir

A, B, C = "湖北涢水水利水电工程有限公司", "武汉长江水利水电工程有限公司", "随州神农水利建设有限公司"


@pytest.fixture(autouse=True)
def _own_state(own_var):
    """Each test keeps its files in a folder of its own."""


def department(code, name, *, sector="", kind=DepartmentKind.AUTHORITY):
    return Department.objects.create(
        code=code, name=name, sector=sector, region_code="421300", kind=kind, document_prefix=code
    )


def person(username, full_name, place, *roles):
    user = User.objects.create(username=username, full_name=full_name, department=place)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role)
    return user


def certified(user, **values):
    officer = OfficerFactory(user=user, authority=user.department)
    CertificateFactory(officer=officer, sectors=["water"], valid_to=dt.date(2035, 1, 1), **values)
    return officer


@pytest.fixture
def people(db):
    water = department("shuili", "随州市水利和湖泊局", sector="water")
    housing = department("zhugeng", "随州市住房和城市更新局", sector="housing")
    office = department("jgb", "随州市公共资源交易综合监管办公室", kind=DepartmentKind.COORDINATING_OFFICE)
    found = SimpleNamespace(
        officer=person("zhouhe", "周河", water, Role.CASE_OFFICER),
        second=person("linjing", "林静", water, Role.CASE_OFFICER),
        clerk=person("wuping", "吴平", water, Role.LIAISON),
        section=person("liufang", "刘芳", water, Role.SECTION_HEAD),
        head=person("songping", "宋平", water, Role.AUTHORITY_HEAD),
        stranger=person("chenli", "陈丽", housing, Role.CASE_OFFICER),
        dispatcher=person("hejing", "何静", office, Role.DISPATCHER),
        discipline=person("jijian", "纪明", office, Role.DISCIPLINE),
        admin=person("sysadmin", "系统管理员", None, Role.SYSTEM_ADMIN),
    )
    certified(found.officer)
    certified(found.second)
    return found


@pytest.fixture
def lot(db) -> Lot:
    # Nothing of the dossier itself is alike, so that only the files speak.
    [project] = enter(reservoir(awards=[]))
    return Lot.objects.get(project=project)


def word(name, data):
    return SimpleUploadedFile(name, data)


def attach(lot, actor, bidder="", name="技术标.docx", data=b"", role=FileRole.BID):
    return services.attach_files(
        lot=lot, role=role, bidder=bidder, uploads=[word(name, data)], actor=actor
    ).submissions


def attach_all(lot, actor):
    """The tender document and three bids, of which B and C share what honest bids do not."""
    attach(lot, actor, name="招标文件.docx", data=tender_word(lot=lot.name), role=FileRole.TENDER)
    for number, bidder in enumerate((A, B, C)):
        attach(lot, actor, bidder, data=bid_word(number, lot=lot.name, bidder=bidder))


def compare(lot, actor) -> Run:
    run = services.order_comparison(lot=lot, actor=actor)
    services.run_comparison(run_id=run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def run(people, lot) -> Run:
    attach_all(lot, people.officer)
    return compare(lot, people.officer)


@pytest.fixture
def finding(people, lot) -> SimilarityFinding:
    """A candidate of 第四十条第（六）项, entered without the work of a comparison."""
    run = Run.objects.create(
        project_id=lot.project_id, lot=lot, ordered_by=people.officer, state="done", bidders=[B, C]
    )
    return SimilarityFinding.objects.create(
        project_id=lot.project_id,
        lot=lot,
        run=run,
        key="k",
        check_code="B-1",
        title="投标保证金从同一账户转出",
        article="《招标投标法实施条例》第四十条第（六）项",
        confidence="V",
        level="deemed",
        subjects=[B, C],
        value="付款账户相同",
        evidence=[{"bidder": B, "source": "bonds.json", "value": "4200…5301", "page": None, "place": "第1条",
                   "sha256": "", "start": None, "end": None}],
        exclusions=[{"reason": "付款人是出具保函、保单的机构", "state": "open", "remark": ""},
                    {"reason": "双方是同一联合体的成员", "state": "ruled_out", "remark": "登记信息"}],
    )  # fmt: skip
