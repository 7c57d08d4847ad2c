"""Departments: kept by the system administrator; the tree of the city to start with."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.core.audit.services import changes_between, record_event
from wulian.core.config.errors import Refusal

from ..choices import CITY_REGION, DepartmentKind, Role
from ..guards import require_role
from ..models import Department, User

FIELDS = (
    "name", "short_name", "kind", "parent", "region_code", "sector", "uscc", "document_prefix", "address", "phone",
    "is_active",
)  # fmt: skip


class Seed(NamedTuple):
    code: str
    name: str
    short_name: str
    kind: DepartmentKind
    prefix: str
    sector: str = ""
    region: str = CITY_REGION
    parent: str = "office"


CITY = [
    Seed("office", "随州市公共资源交易综合监管办公室", "监管办", DepartmentKind.COORDINATING_OFFICE, "随公监办", parent=""),
    Seed("housing", "随州市住房和城市更新局", "住更局", DepartmentKind.AUTHORITY, "随住更", "housing"),
    Seed("transport", "随州市交通运输局", "交通局", DepartmentKind.AUTHORITY, "随交", "transport"),
    Seed("water", "随州市水利和湖泊局", "水利局", DepartmentKind.AUTHORITY, "随水", "water"),
    Seed("land", "随州市自然资源和城乡建设局", "自然资源局", DepartmentKind.AUTHORITY, "随自然建", "land"),
    Seed("authority", "随州市公共资源交易监督管理局", "公管局", DepartmentKind.AUTHORITY, "随公管"),
    Seed("finance", "随州市财政局", "财政局", DepartmentKind.SUPPORT, "随财"),
    Seed("reform", "随州市发展和改革委员会", "发改委", DepartmentKind.SUPPORT, "随发改"),
    Seed("discipline", "中共随州市纪律检查委员会、随州市监察委员会", "市纪委监委", DepartmentKind.OVERSIGHT, "随纪"),
    Seed("zengdu", "曾都区", "曾都区", DepartmentKind.REGION, "", region="421303"),
    Seed("suixian", "随县", "随县", DepartmentKind.REGION, "", region="421321"),
    Seed("guangshui", "广水市", "广水市", DepartmentKind.REGION, "", region="421381"),
    Seed("zengdu-authority", "曾都区公共资源交易监督管理局", "曾都公管局", DepartmentKind.AUTHORITY, "曾公管",
         region="421303", parent="zengdu"),
    Seed("suixian-authority", "随县公共资源交易监督管理局", "随县公管局", DepartmentKind.AUTHORITY, "随县公管",
         region="421321", parent="suixian"),
    Seed("guangshui-authority", "广水市公共资源交易监督管理局", "广水公管局", DepartmentKind.AUTHORITY, "广公管",
         region="421381", parent="guangshui"),
]  # fmt: skip


@transaction.atomic
def seed_departments() -> dict[str, Department]:
    """Create the departments of Suizhou that are missing, by code; those that exist stay as they are.

    Their credit codes are made up with a right check digit; the system administrator enters the real ones.
    """
    known = {department.code: department for department in Department.objects.all()}
    for number, seed in enumerate(CITY, start=1):
        if seed.code in known:
            continue
        known[seed.code] = Department.objects.create(
            code=seed.code,
            name=seed.name,
            short_name=seed.short_name,
            kind=seed.kind,
            sector=seed.sector,
            region_code=seed.region,
            document_prefix=seed.prefix,
            parent=known.get(seed.parent),
            uscc="" if seed.kind == DepartmentKind.REGION else _made_up_code(seed.region, number),
        )
        record_event(actor=None, verb="accounts.department_created", subject=known[seed.code])
    return {seed.code: known[seed.code] for seed in CITY}


@transaction.atomic
def create_department(*, actor: User, code: str, name: str, kind: str, **values: Any) -> Department:
    """Add a node to the tree; raises Forbidden unless `actor` is the system administrator, Refusal for a taken code."""
    require_role(actor, Role.SYSTEM_ADMIN)
    if Department.objects.filter(code=code).exists():
        raise Refusal(_("The department code %(code)s is taken.") % {"code": code}, field="code")
    department = Department(code=code, name=name, kind=kind, **values)
    department.save()
    record_event(actor=actor, verb="accounts.department_created", subject=department)
    return department


@transaction.atomic
def update_department(*, actor: User, department: Department, **values: Any) -> Department:
    """Change a department; raises Refusal when it would become its own ancestor or is closed with active users."""
    require_role(actor, Role.SYSTEM_ADMIN)
    before = _snapshot(Department.objects.get(pk=department.pk))
    for name, value in values.items():
        setattr(department, name, value)
    _check_parent(department)
    if not department.is_active and department.users.filter(is_active=True).exists():
        raise Refusal(
            _("The department still has active users; move or disable them first."), field="is_active"
        )
    department.save()
    changes = changes_between(before, _snapshot(department))
    if changes:
        record_event(actor=actor, verb="accounts.department_changed", subject=department, changes=changes)
    return department


def _check_parent(department: Department) -> None:
    ancestor = department.parent
    while ancestor is not None:
        if ancestor.pk == department.pk:
            raise Refusal(_("A department cannot stand below itself."), field="parent")
        ancestor = ancestor.parent


def _snapshot(department: Department) -> dict[str, Any]:
    values = {name: getattr(department, name) for name in FIELDS}
    return {name: value if isinstance(value, bool) else str(value or "") for name, value in values.items()}


def _made_up_code(region: str, number: int) -> str:
    # 11 = 机构编制机关 → 机关; the last character is the check digit of GB 32100-2015.
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"11{region}00999{number:03d}X"
    total = sum(alphabet.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]
