"""What the clause scan asks of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wulian.core.ui.worklist import Duty, Rest, pressing
from wulian.information.findings.models import Finding, Paper
from wulian.information.findings.permissions import may_judge

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

_KIND = _("Clause scan")


def duties(user: User) -> Iterator[Duty | Rest]:
    """Papers whose candidate clauses wait for a verdict, one duty a paper."""
    if not may_judge(user):
        return
    papers, rest = pressing(
        _open_papers(user),
        lambda paper: paper.open_count,
        kind=_KIND,
        url=reverse("findings:papers"),
    )
    for paper, count in papers:
        title = ngettext(
            "%(n)d candidate clause waits for a verdict",
            "%(n)d candidate clauses wait for a verdict",
            count,
        )
        yield Duty(
            title=title % {"n": count},
            subject_label=f"{paper.file_name} · {paper.lot}",
            url=paper.get_absolute_url(),
            due=timezone.localdate(),
            action=_("Judge the clauses"),
            kind=_KIND,
        )
    yield from rest


def _open_papers(user: User) -> QuerySet[Paper]:
    # Counted for the papers that are shown, not for all from which they are chosen.
    waiting = Finding.objects.filter(paper=OuterRef("pk"), verdict="").order_by()
    number = waiting.values("paper").annotate(n=Count("pk")).values("n")
    rows = Paper.objects.visible_to(user).filter(Exists(waiting)).select_related("lot")
    return rows.annotate(open_count=Subquery(number))
