"""`wulian import FILE…`: the importer at the prompt."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from wulian.exchange.refusals import Refusal
from wulian.exchange.workbook import write_refusals, write_refusals_csv
from wulian.information.registry.choices import ImportKind, ImportState
from wulian.information.registry.models import ImportRefusal, ImportRun
from wulian.information.registry.services.imports import counts_line, import_file

SHOWN = 5


class Command(BaseCommand):
    help = (
        "Bring tender data in: OCDS packages or JSON lines (plain or gzip), or the office's workbook or CSV."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--kind", choices=ImportKind.values, help="do not look at the content, take this format"
        )
        parser.add_argument(
            "--source", default=None, help="name of the source system, instead of the derived one"
        )
        parser.add_argument("--report", type=Path, help="write what was refused to this .xlsx or .csv file")
        parser.add_argument("--lang", choices=("zh", "en"), default=None, help="language of the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = [self._import(path, options) for path in options["files"]]
        if options["report"]:
            self._report(runs, options["report"])
        total = ImportRun()
        for run in runs:
            for name in ("created_count", "updated_count", "unchanged_count", "refused_count"):
                setattr(total, name, getattr(total, name) + getattr(run, name))
        language = options["lang"] or ("en" if os.environ.get("LANG", "").lower().startswith("en") else "zh")
        self.stdout.write(counts_line(total, english=language == "en"))
        taken = total.created_count + total.updated_count + total.unchanged_count
        if not taken or any(run.state == ImportState.FAILED for run in runs):
            sys.exit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> ImportRun:
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        run = ImportRun.objects.create(file_name=path.name[:300])
        with self._progress(run, path):
            import_file(path=path, kind=options["kind"], run=run, source_system=options["source"])
        self.stderr.write(f"{path.name}: {counts_line(run)}")
        for refusal in run.refusals.all()[:SHOWN]:
            where = " ".join(
                str(part)
                for part in (refusal.sheet, refusal.row_no, refusal.record_id, refusal.column)
                if part
            )
            self.stderr.write(f"  {where}: {refusal.message}")
        if (more := run.refusals.count() - SHOWN) > 0:
            self.stderr.write(f"  … +{more}")
        if run.message:
            self.stderr.write(run.message.splitlines()[0])
        return run

    @contextmanager
    def _progress(self, run: ImportRun, path: Path) -> Iterator[None]:
        """A line on a terminal that counts along; nothing when the output is a file or a pipe."""
        if not self.stderr.isatty():
            yield
            return
        done = Event()

        def watch() -> None:
            while not done.wait(0.5):
                share = 100 * run.bytes_read // run.size if run.size else 0
                self.stderr.write(f"\r{path.name} {share}% {counts_line(run)}", ending="")
                self.stderr.flush()

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.stderr.write("\r\033[K", ending="")
            connection.close_if_unusable_or_obsolete()

    def _report(self, runs: list[ImportRun], path: Path) -> None:
        rows = ImportRefusal.objects.filter(run__in=runs).order_by("pk")
        refusals = (
            Refusal(row.row_no, row.record_id, row.column, row.message, row.raw, row.sheet)
            for row in rows.iterator(chunk_size=1000)
        )
        write = write_refusals_csv if path.suffix.lower() == ".csv" else write_refusals
        with path.open("wb") as stream:
            write(refusals, stream)
