"""Departments, people and tenders of Suizhou for the alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db.models import Q

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.information.alerts.services.refresh import store_hits
from wulian.information.registry.models import BiddingDocuments, Lot, Project, Tender

BEIJING = ZoneInfo("Asia/Shanghai")
_numbers = count(1)
STREETS = ("滨河路", "解放路", "交通大道", "烈山大道", "编钟大道")


def department(code, name, *, sector="", region="421300", kind=DepartmentKind.AUTHORITY):
    return Department.objects.create(
        code=code, name=name, sector=sector, region_code=region, kind=kind, document_prefix=code
    )


def person(username, full_name, place, *roles):
    user = User.objects.create(username=username, full_name=full_name, department=place)
    for role in roles:
        RoleGrant.objects.create(user=user, role=Role(role))
    return user


def project(*, days=17, sector="housing", region="421303", issued=datetime(2026, 6, 1, 9, tzinfo=BEIJING)):
    """A project whose documents were issued `days` before the submission deadline (招标投标法 第二十四条: at least 20)."""
    n = next(_numbers)
    name = f"曾都区{STREETS[n % len(STREETS)]}改造工程（{n}）"
    found = Project.objects.create(
        source_system="test", source_key=f"P{n}", name=name, sector=sector, region_code=region, stage="N05"
    )
    tender = Tender.objects.create(
        project=found, source_key="T", name=f"{name}施工招标", mode="open", must_tender=True
    )
    lot = Lot.objects.create(project=found, tender=tender, source_key="L", name=f"{name}施工一标段")
    BiddingDocuments.objects.create(
        project=found, lot=lot, source_key="D", issued_at=issued, deadline_at=issued + timedelta(days=days)
    )
    return found


def change_deadline(found, days):
    """The same tender with another submission deadline."""
    documents = BiddingDocuments.objects.get(project=found)
    documents.deadline_at = documents.issued_at + timedelta(days=days)
    documents.save()


def hit(documents):
    """What the engine finds for WJ-01 on these documents, or None; `test_engine` holds it against the engine."""
    days = (
        documents.deadline_at.astimezone(BEIJING).date() - documents.issued_at.astimezone(BEIJING).date()
    ).days
    if documents.ended_at or days >= 20:
        return None
    lot, found = documents.lot, documents.project
    return {
        "rule": "WJ-01",
        "rule_version": 1,
        "subject_kind": "lot",
        "subject_id": str(lot.pk),
        "severity": "红" if days + 1 < 20 else "黄",
        "value": float(days),
        "threshold": 20.0,
        "conduct_date": documents.issued_at.astimezone(BEIJING).date(),
        "project_id": str(found.pk),
        "tender_id": str(lot.tender_id),
        "lot_id": str(lot.pk),
        "title": "投标准备期不足",
        "evidence": {
            "documents.issued_at": documents.issued_at.astimezone(BEIJING).isoformat(),
            "documents.deadline_at": documents.deadline_at.astimezone(BEIJING).isoformat(),
            "project.name": found.name,
            "lot.name": lot.name,
            "project_id": str(found.pk),
            "lot_id": str(lot.pk),
        },
    }


def refresh(scope=None):
    """Store what WJ-01 finds in the registry now; the engine itself is tried in `test_engine`."""
    rows = BiddingDocuments.objects.select_related("lot", "project").filter(scope or Q())
    return store_hits(filter(None, map(hit, rows)), scope=scope)
