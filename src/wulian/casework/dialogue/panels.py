"""The dialogue on the page of a complaint or tip-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.forms import MessageForm
from wulian.casework.dialogue.permissions import has_ended, may_write
from wulian.casework.dialogue.selectors import dialogue_of
from wulian.core.ui import panels

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


def render_matter_panel(request: HttpRequest, row: Model) -> str:
    """Messages, supplements and withdrawals, with the form to answer for who may."""
    matter, user = cast("Matter", row), cast("User", request.user)
    context = {
        "matter": matter,
        "kind": "complaint" if matter.is_complaint else "tip-off",
        "dialogue": dialogue_of(matter),
        "form": MessageForm(prefix="") if may_write(user, matter) else None,
        "may_ask": may_write(user, matter) and not has_ended(matter),
    }
    return render_to_string("dialogue/_for_matter.html", context, request=request)


def register_panels() -> None:
    """Put the dialogue on the page of a matter."""
    panels.register("matter", "dialogue", _("Messages with the reporter"), render_matter_panel, icon="messages", order=20)  # fmt: skip
