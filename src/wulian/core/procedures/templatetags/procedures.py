"""The state of a record as a badge, and its steps as a timeline."""

from __future__ import annotations

from typing import Any

from django import template

from wulian.core.procedures.models import Staged
from wulian.core.procedures.selectors import steps_of

register = template.Library()


@register.inclusion_tag("procedures/_timeline.html")
def procedure_timeline(subject: Staged) -> dict[str, Any]:
    """Render the steps of `subject`, newest first."""
    return {"steps": steps_of(subject).reverse(), "subject": subject}


@register.inclusion_tag("procedures/_state.html")
def procedure_state(subject: Staged) -> dict[str, Any]:
    """Render the state as a badge; a final state is grey."""
    state = subject.get_procedure().states.get(subject.state)
    return {"title": subject.state_title, "final": bool(state and state.final), "code": subject.state}
