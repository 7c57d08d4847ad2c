"""What the pages of one alert share."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.views import Crumb, FormServiceView, PageMixin
from wulian.information.alerts import presentation
from wulian.information.alerts.models import Alert


class AlertMixin(PageMixin):
    """A page of one alert that the user may see."""

    wing = "information"

    @cached_property
    def alert(self) -> Alert:
        visible = Alert.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(
            visible.select_related(
                "project", "lot", "party", "department", "assignee", "first_officer", "second_officer"
            ),
            pk=self.kwargs["pk"],  # type: ignore[attr-defined]
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Alerts"), reverse("alerts:list")),
            Crumb(f"{self.alert.rule_id} {self.alert.rule_title}", self.alert.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.alert.get_absolute_url()


class AlertForm(AlertMixin, FormServiceView):
    """A form about one alert; `form_takes` names what its form is built with."""

    form_takes: tuple[str, ...] = ()

    def get_form_kwargs(self) -> dict[str, Any]:
        offered = {
            "alert": self.alert,
            "alerts": [self.alert],
            "user": self.request.user,
            "project": self.alert.project,
            "lot_id": self.alert.lot_id,
        }
        return {**super().get_form_kwargs(), **{name: offered[name] for name in self.form_takes}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "intro": self.intro or presentation.sentence(self.alert),
        }
