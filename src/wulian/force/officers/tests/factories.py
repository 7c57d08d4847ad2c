"""Officers of Suizhou's authorities for tests."""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.force.officers.models import Certificate, Leave, Officer, RecusalDeclaration, TrainingRecord

NAMES = ["张卫东", "李红梅", "王建军", "陈思远", "刘海涛", "杨晓琴", "黄志勇", "周玉兰"]


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "szzjj"
    name = "随州市住房和城市更新局"
    kind = DepartmentKind.AUTHORITY
    region_code = "421300"
    sector = "housing"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"force{n}")
    full_name = factory.Iterator(NAMES)
    department = factory.SubFactory(DepartmentFactory)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role, valid_from=dt.date(2020, 1, 1))


class OfficerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Officer

    authority = factory.SubFactory(DepartmentFactory)
    user = factory.SubFactory(
        UserFactory, department=factory.SelfAttribute("..authority"), roles=[Role.CASE_OFFICER]
    )


class CertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Certificate

    officer = factory.SubFactory(OfficerFactory)
    number = factory.Sequence(lambda n: f"170613{n:06}")
    issuer = "湖北省人民政府"
    sectors = factory.LazyFunction(lambda: ["housing"])
    region_code = "421300"
    valid_from = dt.date(2023, 6, 1)
    valid_to = dt.date(2028, 5, 31)
    confirmed_at = factory.LazyFunction(timezone.now)


class LeaveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Leave

    officer = factory.SubFactory(OfficerFactory)
    starts_on = dt.date(2026, 3, 2)
    ends_on = dt.date(2026, 3, 6)
    reason = "年休假"
    recorded_by = factory.SelfAttribute("officer.user")


class RecusalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RecusalDeclaration

    officer = factory.SubFactory(OfficerFactory)
    party_name = "随州市宏达建筑工程有限公司"
    party_uscc = "91421300MA48XY123T"
    relation = "relative"
    valid_from = dt.date(2026, 1, 1)
    declared_by = factory.SelfAttribute("officer.user")


class TrainingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingRecord

    officer = factory.SubFactory(OfficerFactory)
    title = "行政处罚法与招标投标执法实务"
    held_on = dt.date(2026, 1, 20)
    hours = 16
    recorded_by = factory.SelfAttribute("officer.user")


def certified_officer(**changes) -> Officer:
    """An officer with a confirmed certificate for housing in the whole city."""
    certificate = {key[13:]: changes.pop(key) for key in list(changes) if key.startswith("certificate__")}
    officer = OfficerFactory(**changes)
    CertificateFactory(officer=officer, **certificate)
    return officer


def coordinating_office() -> Department:
    return DepartmentFactory(
        code="szjgb",
        name="随州市公共资源交易综合监管办公室",
        kind=DepartmentKind.COORDINATING_OFFICE,
        sector="",
    )


def keeper(role: Role = Role.DISPATCHER) -> User:
    """A person of the coordinating office who keeps the library."""
    return UserFactory(department=coordinating_office(), full_name="赵敏", roles=[role])
