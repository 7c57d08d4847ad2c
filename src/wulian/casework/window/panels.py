"""How a matter came in, on its page."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string

from wulian.casework.intake.models import Matter
from wulian.casework.window.selectors import entry_of


def render_entry(request: HttpRequest, matter: Model) -> str:
    """Return what a transfer or a later sending has to say about a matter that the reader may see, or nothing."""
    assert isinstance(matter, Matter)
    entry = entry_of(matter)
    if entry is None or not (entry.was_sent_later or entry.transferred_by):
        return ""
    return render_to_string("window/_entry.html", {"entry": entry, "matter": matter}, request=request)
