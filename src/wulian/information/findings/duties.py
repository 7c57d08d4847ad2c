"""What the clause scan asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wulian.core.ui.worklist import Duty
from wulian.information.findings.permissions import may_judge
from wulian.information.findings.selectors import counted_papers

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LIMIT = 50
_KIND = _("Clause scan")


def duties(user: User) -> Iterator[Duty]:
    """Papers whose candidate clauses wait for a verdict, one duty a paper."""
    if not may_judge(user):
        return
    for paper in counted_papers(user).filter(open_count__gt=0)[:LIMIT]:
        title = ngettext(
            "%(n)d candidate clause waits for a verdict",
            "%(n)d candidate clauses wait for a verdict",
            paper.open_count,
        )
        yield Duty(
            title=title % {"n": paper.open_count},
            subject_label=f"{paper.file_name} · {paper.lot}",
            url=paper.get_absolute_url(),
            due=timezone.localdate(),
            action=_("Judge the clauses"),
            kind=_KIND,
        )
