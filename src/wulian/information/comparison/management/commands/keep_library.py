"""`wulian keep_library [--anew]`: bring the city's memory of earlier bids up to date with every lot that was compared."""

from __future__ import annotations

import shutil
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wulian.information.comparison.choices import RunState
from wulian.information.comparison.models import Run
from wulian.information.comparison.services import keep_bids
from wulian.information.comparison.services.library import forget_open_library
from wulian.information.comparison.store import library_folder


class Command(BaseCommand):
    help = "Take the bids of every compared lot into the library of earlier bids; run it after an upgrade that says so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anew",
            action="store_true",
            help="remove the library first; bids that came by `wulian library add` have to be added again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            shutil.rmtree(library_folder(), ignore_errors=True)
            forget_open_library()
        lots = (
            Run.objects.filter(state=RunState.DONE).order_by("lot").values_list("lot", flat=True).distinct()
        )
        moved = sum(keep_bids(lot_id=lot) for lot in lots)
        self.stdout.write(f"历史投标文件库：{len(lots)}个标段，新增或者移出{moved}份")
