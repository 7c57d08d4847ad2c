"""What the global search finds among leads and cases, of those that the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case, Lead
from wulian.core.ui.search import PER_GROUP, Hit


def find_leads_and_cases(user: Any, text: str) -> Iterator[Hit]:
    """Leads and cases by number, words or party."""
    cases = Case.objects.visible_to(user).select_related("authority")
    words = Q(case_no__icontains=text) | Q(cause__icontains=text) | Q(party__name__icontains=text)
    for case in cases.filter(words)[:PER_GROUP]:
        yield Hit(
            str(case), case.get_absolute_url(), _("Cases"), f"{case.authority} · {case.state_title}", "gavel"
        )
    leads = Lead.objects.visible_to(user).filter(Q(lead_no__icontains=text) | Q(title__icontains=text))
    for lead in leads[:PER_GROUP]:
        yield Hit(str(lead), lead.get_absolute_url(), _("Leads"), lead.state_title, "flag")
