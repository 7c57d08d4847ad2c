"""Rows a second of the import service as a ratio to a bare ``bulk_create`` of the same rows, on PostgreSQL.

    .venv/bin/python benchmarks/import.py [--projects 1000] [--sqlite]

Three runs over the same dossiers in one database: entered new (validated, matched, history written), entered again
(unchanged), and the peer: the rows that resulted, inserted by ``bulk_create`` alone into the emptied tables.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def run(projects: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from wulian.demo.city import city
    from wulian.exchange.records import DossierRecord
    from wulian.information.registry.models import TABLE_MODELS, Bid, PartyIdentifier, RegistryChange
    from wulian.information.registry.services.upsert import upsert_dossiers

    call_command("migrate", verbosity=0)
    texts = [dossier.model_dump_json() for dossier in city(projects=projects, until=date(2026, 11, 20))]
    dossiers: list[DossierRecord] = []
    reading = timed(lambda: dossiers.extend(DossierRecord.model_validate_json(text) for text in texts))

    def enter() -> None:
        for start in range(0, len(dossiers), 100):
            upsert_dossiers(dossiers=dossiers[start : start + 100], run=None, actor=None)

    entering, again = timed(enter), timed(enter)
    models = [PartyIdentifier, *TABLE_MODELS.values()]
    rows = {
        model: list(model.objects.all()) for model in [TABLE_MODELS["parties"], *models[2:], PartyIdentifier]
    }
    consortium = list(Bid.consortium.through.objects.all())
    count = sum(map(len, rows.values()))
    with transaction.atomic():
        RegistryChange.objects.all().delete()
        TABLE_MODELS["projects"].objects.all().delete()
        PartyIdentifier.objects.all().delete()
        TABLE_MODELS["parties"].objects.all().delete()

    def insert() -> None:
        with transaction.atomic():
            for model, instances in rows.items():
                model.objects.bulk_create(instances, batch_size=500)
            Bid.consortium.through.objects.bulk_create(consortium)

    bare = timed(insert)
    print(f"{connection.vendor}: {projects:,} dossiers, {count:,} rows")
    print(f"validate        {count / reading:10,.0f} rows/s")
    print(f"enter new       {count / entering:10,.0f} rows/s   {bare / entering:5.2f} of bulk_create")
    print(f"enter again     {count / again:10,.0f} rows/s   {bare / again:5.2f} of bulk_create")
    print(f"bulk_create     {count / bare:10,.0f} rows/s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    import postgres

    with tempfile.TemporaryDirectory() as state, contextlib.ExitStack() as stack:
        address = (
            f"sqlite:///{state}/bench.sqlite3" if options.sqlite else stack.enter_context(postgres.server())
        )
        os.environ.update(
            DATABASE_URL=address, WULIAN_VAR=state, DJANGO_SETTINGS_MODULE="wulian.core.config.settings",
            SECRET_KEY="a key for measuring only, long enough for the start-up check of settings", LOG_LEVEL="ERROR",
        )  # fmt: skip
        run(options.projects)


if __name__ == "__main__":
    main()
