"""The officer library: certificates, one that runs out, one leave, one recusal, training."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from wulian.core.accounts.choices import CITY_REGION, DepartmentKind, Role
from wulian.core.accounts.models import Department, User
from wulian.demo.scenes.base import Scene
from wulian.force.officers.choices import Relation, Sector
from wulian.force.officers.models import Officer
from wulian.force.officers.services import (
    add_certificate,
    declare_recusal,
    record_leave,
    record_training,
    register_officer,
)
from wulian.information.registry.models import Party

YEAR = dt.timedelta(days=365)


def enter_officers(scene: Scene) -> None:
    """Every case officer of every authority with a certificate; the library is kept by the dispatcher."""
    keeper = scene.cast["dispatcher"]
    authorities = Department.objects.filter(kind=DepartmentKind.AUTHORITY)
    people = User.objects.with_role(Role.CASE_OFFICER).filter(department__in=authorities).order_by("pk")
    for number, person in enumerate(people.select_related("department"), 1):
        _enter(scene, keeper, person, number)
    _leave_and_recusal(scene)


def _enter(scene: Scene, keeper: User, person: User, number: int) -> None:
    authority, today = person.department, scene.today()
    assert authority is not None
    officer = register_officer(actor=keeper, user=person, authority=authority, rank=person.post)
    # One certificate runs out some weeks from now: the page of the library warns of it.
    ends = today + dt.timedelta(days=75) if person.username == "housing-officer3" else today + 3 * YEAR
    add_certificate(
        actor=keeper,
        officer=officer,
        number=f"鄂S{17000 + number * 13}",
        issuer="湖北省人民政府",
        sectors=[authority.sector] if authority.sector else Sector.values,
        region_code=authority.region_code or CITY_REGION,
        valid_from=today - 2 * YEAR,
        valid_to=ends,
    )
    record_training(
        actor=keeper,
        officer=officer,
        title="工程建设招标投标行政执法业务培训",
        held_on=today - dt.timedelta(days=40 + number),
        hours=Decimal(24 + 4 * (number % 6)),
        organiser="随州市公共资源交易综合监管办公室",
        score=Decimal(80 + number % 17),
    )


def _leave_and_recusal(scene: Scene) -> None:
    today = scene.line.today
    away = Officer.objects.get(user=scene.cast["housing-officer4"])
    record_leave(
        actor=scene.cast["dispatcher"],
        officer=away,
        starts_on=today - dt.timedelta(days=3),
        ends_on=today + dt.timedelta(days=25),
        reason="年休假、疗养",
    )
    party = Party.objects.filter(name__contains="路桥工程有限公司").order_by("pk").first()
    if party is not None:
        declare_recusal(
            actor=scene.cast["transport-officer2"],
            officer=Officer.objects.get(user=scene.cast["transport-officer2"]),
            party_name=party.name,
            party_uscc=party.uscc,
            relation=Relation.RELATIVE,
            explanation="配偶在该公司财务部工作。",
        )
