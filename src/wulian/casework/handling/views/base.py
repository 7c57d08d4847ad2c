"""What the pages about one complaint share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.casework.handling.forms import NoteForm
from wulian.casework.handling.permissions import abilities
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.views.matters import MatterMixin
from wulian.core.config.errors import Forbidden
from wulian.core.ui.views import Crumb, FormServiceView


class ComplaintPage(MatterMixin):
    """A page about a complaint the user may see; `keys` are the abilities that open it, any of them."""

    model = Complaint
    keys: tuple[str, ...] = ()
    anchor = ""

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        if self.keys and not set(self.keys) & set(abilities(self.matter, user)):
            raise Forbidden(
                _("You cannot do this now: the complaint stands at “%(state)s”, or it is for somebody else.")
                % {"state": self.matter.state_title}
            )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(self.matter.number, self.matter.get_absolute_url())]

    def get_success_url(self) -> str:
        return f"{self.matter.get_absolute_url()}{self.anchor}"


class StepView(ComplaintPage, FormServiceView):
    """A form about a complaint and one service."""

    template_name = "handling/step.html"
    form_class: type = NoteForm
    submit_label = gettext_lazy("Confirm")
    form_takes_complaint = False

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "complaint": self.matter} if self.form_takes_complaint else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "complaint": self.matter}
