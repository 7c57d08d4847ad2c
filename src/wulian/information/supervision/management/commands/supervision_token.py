"""`wulian supervision_token SYSTEM`: issue an access token at the machine's own prompt."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wulian.core.config.errors import Refusal
from wulian.information.supervision.models import TradingSystem
from wulian.information.supervision.services import issue_token


class Command(BaseCommand):
    help = "Issue an access token of a trading system and print it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("system", help="code of the trading system")
        parser.add_argument("--label", default="console", help="what the token is for")
        parser.add_argument("--days", type=int, default=30, help="days until it expires (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        system = TradingSystem.objects.filter(code=options["system"]).first()
        if system is None:
            codes = ", ".join(TradingSystem.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"no trading system {options['system']!r}; there are: {codes}")
        try:
            issued = issue_token(actor=None, system=system, label=options["label"], days=options["days"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(issued.secret)
