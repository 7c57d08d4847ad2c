"""Departments of Suizhou and items of the jurisdiction list for tests."""

from __future__ import annotations

import datetime as dt

import factory

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.office.jurisdiction.choices import Reach
from wulian.office.jurisdiction.models import JurisdictionRule

SUIZHOU = [
    ("szjgb", "随州市公共资源交易综合监管办公室", DepartmentKind.COORDINATING_OFFICE, "421300", ""),
    ("szzjj", "随州市住房和城市更新局", DepartmentKind.AUTHORITY, "421300", "housing"),
    ("szjtj", "随州市交通运输局", DepartmentKind.AUTHORITY, "421300", "transport"),
    ("szslj", "随州市水利和湖泊局", DepartmentKind.AUTHORITY, "421300", "water"),
    ("szzrj", "随州市自然资源和城乡建设局", DepartmentKind.AUTHORITY, "421300", "land"),
    ("szggj", "随州市公共资源交易监督管理局", DepartmentKind.AUTHORITY, "421300", ""),
    ("zdggj", "曾都区公共资源交易监督管理局", DepartmentKind.AUTHORITY, "421303", ""),
    ("sxggj", "随县公共资源交易监督管理局", DepartmentKind.AUTHORITY, "421321", ""),
    ("gsggj", "广水市公共资源交易监督管理局", DepartmentKind.AUTHORITY, "421381", ""),
]


def make_departments() -> dict[str, Department]:
    """The departments of a small Suizhou, by code."""
    for code, name, kind, region, sector in SUIZHOU:
        Department.objects.get_or_create(
            code=code, defaults={"name": name, "kind": kind, "region_code": region, "sector": sector}
        )
    return {department.code: department for department in Department.objects.all()}


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"office{n}")
    full_name = factory.Iterator(["周建国", "李秀英", "陈晓东", "王丽华", "刘志强", "赵敏"])
    password = factory.django.Password("Suizhou-2026!")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role, valid_from=dt.date(2020, 1, 1))


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JurisdictionRule

    item_no = factory.Sequence(lambda n: f"ZJ-{n + 1:03}")
    item_name = "对投标人相互串通投标的处罚"
    type = "penalty"
    sector = "housing"
    violation_code = "WF-09"
    region_code = "421300"
    level = "city"
    reach = Reach.OWN
    legal_basis = factory.LazyFunction(
        lambda: [{"instrument": "ZBF", "article": "53", "text": "《招标投标法》第五十三条"}]
    )
    valid_from = dt.date(2024, 1, 1)

    @factory.lazy_attribute
    def competent_authority(self):
        return make_departments()["szzjj"]


def keeper(role: Role = Role.DISPATCHER) -> User:
    """A person of the coordinating office."""
    return UserFactory(department=make_departments()["szjgb"], roles=[role])
