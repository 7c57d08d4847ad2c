"""Believable records that clocks belong to, and people of the roles."""

from __future__ import annotations

from datetime import date

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock
from wulian.law.periods import Unit


def make_user(username: str, full_name: str, *roles: Role) -> User:
    """An official of the coordinating office with these roles."""
    office, _created = Department.objects.get_or_create(
        code="test-jianguanban",
        defaults={"name": "随州市公共资源交易综合监管办公室", "short_name": "市监管办"},
    )
    user = User.objects.create_user(username=username, full_name=full_name, department=office)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, valid_from=date(2020, 1, 1)) for role in roles
    )
    return user


def make_subject(code: str = "zhugeng") -> Department:
    """A department stands in for any record a clock may belong to."""
    return Department.objects.create(
        code=f"test-{code}", name="随州市住房和城市更新局", short_name="市住更局", sector="housing"
    )


def make_clock(subject: Department | None = None, **kwargs: object) -> Clock:
    """The 30 working days for a complaint (条例 第六十一条), received on 2026-09-29."""
    values = {
        "actor": None,
        "kind": "complaint.decide",
        "label": "投诉处理决定",
        "basis": "招标投标法实施条例 第六十一条",
        "started_on": date(2026, 9, 29),
        "n": 30,
        "unit": Unit.WORKING_DAY,
    }
    return start_clock(subject=subject or make_subject(), **(values | kwargs))
