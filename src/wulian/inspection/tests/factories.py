"""Firms that won tenders, inspectors, and a plan, for tests of draws."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.force.officers.models import Certificate, Officer
from wulian.information.registry.models import Award, Lot, Party, Project, Tender
from wulian.inspection import services
from wulian.inspection.models import AnnualPlan, Draw

SURNAMES = ["张", "李", "王", "陈", "刘", "杨", "黄", "周"]


def department(code: str = "housing", **values) -> Department:
    defaults = {
        "name": "随州市住房和城市更新局",
        "kind": DepartmentKind.AUTHORITY,
        "sector": "housing",
        "document_prefix": "随住更",
    } | values
    return Department.objects.get_or_create(code=code, defaults=defaults)[0]


def coordinating_office() -> Department:
    return department(
        "office",
        name="随州市公共资源交易综合监管办公室",
        kind=DepartmentKind.COORDINATING_OFFICE,
        sector="",
        document_prefix="随公监办",
    )


def person(*roles: Role, at: Department | None = None, name: str = "赵敏") -> User:
    number = User.objects.count()
    user = User.objects.create(
        username=f"check{number}", full_name=name, department=at or coordinating_office()
    )
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, valid_from=dt.date(2020, 1, 1))
    return user


def inspector(number: int = 0, authority: Department | None = None) -> Officer:
    """An officer with a certificate for housing in the whole city."""
    authority = authority or department()
    user = person(Role.CASE_OFFICER, at=authority, name=f"{SURNAMES[number % 8]}卫{number}")
    officer = Officer.objects.create(user=user, authority=authority)
    Certificate.objects.create(
        officer=officer,
        number=f"1706130{officer.pk:05}",
        issuer="湖北省人民政府",
        sectors=["housing"],
        region_code="421300",
        valid_from=dt.date(2023, 1, 1),
        valid_to=dt.date(2029, 12, 31),
        confirmed_at=timezone.now(),
    )
    return officer


def winner(number: int, *, sector: str = "housing", region: str = "421303") -> Party:
    """A firm with one award in a project of its own."""
    party = Party.objects.create(source_key=f"firm{number}", name=f"随州市第{number}建筑工程有限公司")
    name = f"曾都区滨河路{number}号地块安置房"
    project = Project.objects.create(
        source_system="test", source_key=f"P{sector}{number}", name=name, sector=sector, region_code=region
    )
    tender = Tender.objects.create(project=project, source_key="T", name=f"{name}施工招标", mode="open")
    lot = Lot.objects.create(project=project, tender=tender, source_key="L", name=f"{name}施工")
    Award.objects.create(
        project=project, lot=lot, source_key="A", supplier=party, price=Decimal("12000000"), status="active"
    )
    return party


class City:
    """People, twelve firms, five inspectors and a published plan."""

    def __init__(self, firms: int = 12, inspectors: int = 5) -> None:
        self.dispatcher = person(Role.DISPATCHER, name="何静")
        self.head = person(Role.OFFICE_HEAD, name="刘志远")
        self.authority = department()
        self.chief = person(Role.AUTHORITY_HEAD, at=self.authority, name="吴国强")
        self.inspectors = [inspector(number) for number in range(inspectors)]
        self.firms = [winner(number) for number in range(1, firms + 1)]
        self.plan = self.make_plan()
        services.publish_plan(actor=self.head, plan=self.plan, url="https://example.suizhou.gov.cn/jihua")

    def make_plan(self, **changes) -> AnnualPlan:
        values = {
            "actor": self.dispatcher,
            "year": 2026,
            "title": "房屋建筑和市政工程标后履约双随机检查",
            "ratio": Decimal("33.00"),
            "frequency_cap": 1,
            "items": "项目负责人在岗情况\n工程款支付情况\n农民工工资专用账户",
            "departments": [self.authority],
        }
        return services.create_plan(**(values | changes))

    def freeze(self, **changes) -> Draw:
        values = {
            "actor": self.dispatcher,
            "plan": self.plan,
            "title": "第一批抽取",
            "authority": self.authority,
            "object_kind": "supplier",
            "sector": "housing",
            "region_code": "421300",
        }
        return services.freeze_draw(**(values | changes))

    def seed(self, draw: Draw, **changes) -> Draw:
        values = {
            "actor": self.head,
            "public_seed": "3310.46 10123.87",
            "seed_source": "2026年3月2日上证指数、深证成指收盘点位",
            "seed_published_at": timezone.now(),
            "witnesses": ["孙立新（市公证处）"],
        }
        return services.enter_seed(draw=draw, **(values | changes))
