"""Releases and people for the tests of the importer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.exchange.records import DossierRecord
from wulian.exchange.tests.builders import lines, make_release, read_one
from wulian.information.registry.models import ImportRun
from wulian.information.registry.services.imports import import_file
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.information.registry.services.work import Outcome


def make_official(username: str, *roles: Role) -> User:
    """An official of the coordinating office with these roles."""
    office, _created = Department.objects.get_or_create(
        code="test-office", defaults={"name": "随州市公共资源交易综合监管办公室", "short_name": "市监管办"}
    )
    user = User.objects.create_user(username=username, full_name=f"官员{username}", department=office)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, valid_from=date(2020, 1, 1)) for role in roles
    )
    return user


def import_releases(folder: Path, *releases: Any, name: str = "data.jsonl", **options: Any) -> ImportRun:
    """Write releases to a file and import it."""
    path = folder / name
    path.write_bytes(lines(releases))
    return import_file(path=path, **options)


def enter(*releases: dict[str, Any]) -> list[Outcome]:
    """Upsert releases as one batch."""
    return upsert_dossiers(dossiers=[read_one(release) for release in releases])


def dossier(**changes: Any) -> DossierRecord:
    return read_one(make_release(**changes))


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, updated, unchanged, refused."""
    return run.created_count, run.updated_count, run.unchanged_count, run.refused_count
