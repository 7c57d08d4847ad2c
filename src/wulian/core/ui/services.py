"""Writes of the interface itself: saved filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from wulian.core.config.errors import Forbidden, Refusal

from .models import SavedFilter

PLUMBING = frozenset({"page", "csrfmiddlewaretoken"})


def save_filter(
    *, user: Any, list_key: str, name: str, querystring: str, shared: bool = False
) -> SavedFilter:
    """Keep the conditions of a list under a name; the same name again replaces it. Raises Refusal for an empty name."""
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise Refusal(_("Filter name: expected 1 to 40 characters."), field="name")
    department_id = getattr(user, "department_id", None)
    if shared and department_id is None:
        raise Refusal(_("Only a user with a department can share a filter with it."), field="shared")
    kept, _created = SavedFilter.objects.update_or_create(
        user=user,
        list_key=list_key,
        name=name,
        defaults={
            "querystring": cleaned_querystring(querystring),
            "is_shared": shared,
            "department_id": department_id,
        },
    )
    return kept


def delete_filter(*, user: Any, filter_id: int) -> None:
    """Forget one's own saved filter; raises Forbidden for another user's."""
    if not SavedFilter.objects.filter(pk=filter_id, user=user).delete()[0]:
        raise Forbidden(_("Only the person who saved a filter can delete it."))


def cleaned_querystring(querystring: str) -> str:
    """The conditions without page number, empty values and the page's own switches."""
    pairs = parse_qsl(querystring.lstrip("?"))
    return urlencode(
        [(key, value) for key, value in pairs if key not in PLUMBING and not key.startswith("_")]
    )
