"""The hint that others may have reported the same project, given so that it tells nobody whether they did.

It appears for every project reported within the last two months, and in some months, drawn with a secret of this server, for
projects nobody reported: from the hint alone the accused cannot tell one from the other. It has one wording, no number, and is the
same for complaints and tip-offs, and for whoever asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from wulian import crypto
from wulian.casework.intake.keys import secret
from wulian.casework.intake.models import Complaint, TipOff

RECENT: Final = timedelta(days=60)


def may_be_known(project: str) -> bool:
    """Say whether to show the hint for a project (its key as text; empty for one named in free words: never)."""
    if not project.isdecimal():
        return False
    since = timezone.now() - RECENT
    # Both are always asked and the lot always drawn: the work is the same whatever the answer.
    found = [
        model._default_manager.filter(project_id=int(project), received_at__gte=since).exists()
        for model in (Complaint, TipOff)
    ]
    return any([*found, _drawn(project)])


def _drawn(project: str) -> bool:
    """Half of the projects, others every month."""
    month = timezone.localdate().strftime("%Y-%m")
    return bool(crypto.hmac(secret("same-project"), f"{project}\n{month}".encode())[0] & 1)
