"""`wulian verify_bundle FILE…`: whether evidence bundles, wherever they have been, are unaltered and of this platform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wulian.information.comparison import bundling


class Command(BaseCommand):
    help = (
        "Verify evidence bundles: every part's digests and the signatures; exit code 1 when one was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, help="evidence bundle (.zip)")

    def handle(self, *args: Any, **options: Any) -> None:
        altered = [path.name for path in options["file"] if not self._verify(path)]
        if altered:
            raise CommandError("、".join(altered), returncode=1)

    def _verify(self, path: Path) -> bool:
        if not path.is_file():
            raise CommandError(f"{path}: 没有这个文件")
        found = bundling.verify(path.read_bytes())
        if found.is_unaltered:
            about = found.manifest
            parts = len(about["files"])
            self.stdout.write(
                f"{path.name}：未被改动，{parts}个文件与签名时一致；雷同疑点{about['finding']}，{about['made_at']} {about['made_by']}"
            )
        for problem in found.problems:
            self.stderr.write(f"{path.name}：{problem}")
        return found.is_unaltered
