"""`wulian demo_logins`: the address and one login for each role."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wulian.demo.people import PASSWORD, logins
from wulian.demo.scenes.complaints import receipt_to_show


class Command(BaseCommand):
    help = "Show the address and one login for each role of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        language = "en" if os.environ.get("LANG", "").lower().startswith("en") else "zh-hans"
        with translation.override(language):
            self._show()

    def _show(self) -> None:
        found = logins(timezone.now())
        if not found:
            self.stdout.write(_("There are no demonstration accounts in this database: run `wulian demo`."))
            return
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        shown = "127.0.0.1" if host == "0.0.0.0" else host
        self.stdout.write(f"{_('Address')}: http://{shown}:{port}/")
        self.stdout.write(f"{_('Password of every demonstration account')}: {PASSWORD}\n")
        head = [_("Role"), _("Login name"), _("Full name"), _("Department")]
        rows = [[item.role, item.username, item.full_name, item.department] for item in found]
        self._table(head, rows)
        administrators = [[item.username, item.secret, item.code] for item in found if item.secret]
        self.stdout.write("")
        self._table(
            [_("Administrator"), _("Secret of the second factor (TOTP)"), _("Code now")], administrators
        )
        if receipt := receipt_to_show():
            self.stdout.write("")
            self.stdout.write(
                _("A receipt to look up on the public page: %(number)s, code %(code)s")
                % {"number": receipt[0], "code": receipt[1]}
            )

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(_width(row[column]) for row in (head, *rows)) for column in range(len(head))]
        for row in (head, ["-" * width for width in widths], *rows):
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
