"""Pages of the officers: write to the reporter, ask for a supplement, settle, take a file's place."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue import services
from wulian.casework.dialogue.forms import MessageForm, SupplementForm
from wulian.casework.dialogue.models import SupplementRequest
from wulian.casework.dialogue.permissions import require_writer
from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.core.ui import menu
from wulian.core.ui.views import ActionView, Crumb, FormServiceView

MODELS: dict[str, type[Matter]] = {"complaint": Complaint, "tip-off": TipOff}


class AboutMatter:
    """A page about one matter that the reader may see; anything else is not found."""

    wing = menu.CASEWORK

    @cached_property
    def matter(self) -> Any:
        rows = MODELS[self.kwargs["kind"]]._default_manager.visible_to(self.request.user)
        return get_object_or_404(rows.select_related("authority", "receipt"), pk=self.kwargs["pk"])

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        require_writer(user, self.matter)

    def get_breadcrumbs(self) -> list[Crumb]:
        complaint = self.matter.is_complaint
        label = _("Complaints") if complaint else _("Tip-offs")
        address = reverse("intake:complaints" if complaint else "intake:tip_offs")
        return [Crumb(label, address), Crumb(self.matter.number, self.matter.get_absolute_url())]

    def get_success_url(self) -> str:
        return f"{self.matter.get_absolute_url()}#dialogue"


class MessageView(AboutMatter, FormServiceView):
    """A message, also when the form of the panel came back with an error."""

    form_class = MessageForm
    title = _("Write to the reporter")
    submit_label = _("Send")
    success_message = _("Sent; the reporter reads it with number and code.")

    def perform(self, form: MessageForm) -> Any:
        return services.send_message(
            actor=self.request.user, matter=self.matter, text=form.cleaned_data["text"]
        )


class SupplementView(AboutMatter, FormServiceView):
    form_class = SupplementForm
    title = _("Ask for a supplement")
    submit_label = _("Ask the reporter")
    success_message = _("Asked; the reporter sees it with number and code.")
    intro = _("It stops no legal period: the 3 working days of the admission go on.")

    def perform(self, form: SupplementForm) -> SupplementRequest:
        return services.ask_supplement(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class SettleView(AboutMatter, ActionView):
    success_message = _("Noted: no answer is needed.")

    def perform(self, request: HttpRequest) -> int:
        return services.settle_messages(actor=request.user, matter=self.matter)


class WithdrawSupplementView(AboutMatter, ActionView):
    success_message = _("The request is withdrawn.")

    def perform(self, request: HttpRequest) -> SupplementRequest:
        asked = get_object_or_404(SupplementRequest.objects.of(self.matter), pk=self.kwargs["asked"])
        return services.withdraw_supplement(actor=request.user, request=asked)
