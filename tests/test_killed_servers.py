"""Promise: a receipt that was shown opens its report, though web server and database are killed while people send.

`benchmarks/intake.py --kill 20` does the same twenty times.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="kills a PostgreSQL of its own; once is enough",
)
def test_receipts_given_while_servers_die_open_their_reports(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    import killing

    outcome = killing.run(cycles=3, seed=7, visitors=3)
    assert outcome.is_kept, outcome.report()
    assert len(outcome.given) == 9
