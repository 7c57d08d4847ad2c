"""The example file of the walk: it is what the code says, comes in whole, and breaks one rule only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wulian.analysis.flags import arrow_from_dossiers, iterate_hits, run_flags
from wulian.core.accounts.services import seed_departments
from wulian.demo.walk import walk_dossier
from wulian.exchange.records import DossierRecord
from wulian.exchange.workbook import read_workbook
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import refresh_alerts
from wulian.information.registry.services.imports import import_file
from wulian.office.jurisdiction.services import seed_jurisdiction

FILE = Path(__file__).resolve().parents[4] / "docs" / "examples" / "short-period.xlsx"
AGAIN = "write it again: python -m wulian.demo.walk docs/examples/short-period.xlsx"


def test_the_file_holds_the_dossier_of_the_code():
    (found,) = read_workbook(FILE)
    assert isinstance(found, DossierRecord), found
    wanted = walk_dossier()
    assert found.project == wanted.project, AGAIN
    assert {p.uscc for p in found.parties} == {p.uscc for p in wanted.parties}, AGAIN


def test_only_the_short_period_is_wrong_with_it():
    hits = list(iterate_hits(run_flags(arrow_from_dossiers([walk_dossier()]), as_of=date(2026, 11, 23))))
    assert [(hit["rule"], hit["severity"], hit["value"]) for hit in hits] == [("WJ-01", "红", 17)]


@pytest.mark.django_db
def test_imported_it_raises_one_red_alert_for_the_housing_authority():
    departments = seed_departments()
    seed_jurisdiction()
    run = import_file(path=FILE)
    assert (run.created_count, run.refused_count) == (1, 0), list(run.refusals.all())
    refresh_alerts()
    alert = Alert.objects.get()
    assert (alert.rule_id, alert.severity, alert.department) == ("WJ-01", "红", departments["housing"])
