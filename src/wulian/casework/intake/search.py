"""What the global search finds in the intake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from wulian.casework.intake.codes import read_number
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.ui.search import PER_GROUP, Hit


def find_matters(user: Any, text: str) -> Iterator[Hit]:
    """Matters by number, project or who is complained of, of those that `user` may see; never by the reporter."""
    condition = Q(number__icontains=text) | Q(respondent_name__icontains=text)
    condition |= Q(project__name__icontains=text) | Q(project_text__icontains=text)
    if (number := read_number(text)) is not None:
        condition |= Q(year=number[0], sequence=number[1])
    for model in (Complaint, TipOff):
        rows = model.objects.visible_to(user).filter(condition).select_related("project")
        for matter in rows[:PER_GROUP]:
            yield Hit(
                matter.number,
                matter.get_absolute_url(),
                model._meta.verbose_name_plural or "",
                f"{matter.state_title} · {matter.project_name}",
                "message-report",
            )
