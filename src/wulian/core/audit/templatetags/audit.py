"""`{% audit_trail object %}`: the events of a record as a compact timeline (留痕)."""

from typing import Any

from django import template
from django.db import models

from .. import permissions, selectors
from ..models import AuditEvent

register = template.Library()


@register.inclusion_tag("audit/partials/trail.html", takes_context=True)
def audit_trail(context: template.Context, subject: models.Model, limit: int = 50) -> dict[str, Any]:
    """Show the newest `limit` events of a record on the page of that record.

    The page has decided that the user may see the record; the three administrators see nothing even so.
    """
    user = context["request"].user
    if not user.is_authenticated or permissions.has_role(user, *permissions.ADMINISTRATORS):
        return {"events": [], "more": 0, "hidden": True}
    found = AuditEvent.objects.for_object(subject).select_related("link").order_by("-id")
    events = list(found[: limit + 1])
    return {
        "events": [(event, selectors.changes_in_words(event)) for event in events[:limit]],
        "more": len(events) > limit,
        "limit": limit,
        "reader": permissions.may_read_trail(user),
    }
