"""Supervision orders: the list, the order that prints on one sheet, and its steps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import Crumb, FormServiceView, ListView, PageMixin
from wulian.information.alerts import forms, oversight_forms, presentation, services
from wulian.information.alerts.filters import OrderFilter
from wulian.information.alerts.models import Alert, Feedback, SupervisionOrder
from wulian.information.alerts.permissions import order_abilities
from wulian.information.alerts.services.orders import ISSUERS
from wulian.information.alerts.tables import OrderTable
from wulian.information.alerts.views.base import AlertForm


class OrderList(ListView):
    """All orders one may see, what falls due first."""

    model = SupervisionOrder
    table_class = OrderTable
    filter_class = OrderFilter
    title = _("Supervision orders")
    subtitle = _("The coordinating office orders, the department answers, the office judges the answer.")
    wing = "information"
    empty_title = _("No supervision order")

    def get_queryset(self) -> QuerySet[SupervisionOrder]:
        visible = SupervisionOrder.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.select_related("alert", "department", "person")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Alerts"), reverse("alerts:list"))]


class IssueOrder(AlertForm):
    """Order a department to act on an alert."""

    roles = ISSUERS
    title = _("Issue a supervision order")
    form_class = oversight_forms.OrderForm
    form_takes = ("alert",)
    submit_label = _("Issue the order")
    success_message = _("The order was issued; the department has been told.")

    def perform(self, form: Any) -> SupervisionOrder:
        return services.issue_order(alert=self.alert, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class OrderMixin(PageMixin):
    """A page of one order that the user may see."""

    wing = "information"

    @cached_property
    def order(self) -> SupervisionOrder:
        visible = SupervisionOrder.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        rows = visible.select_related(
            "alert__project",
            "alert__lot",
            "department",
            "person",
            "issued_by__department",
            "answered_by",
            "ended_by",
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Supervision orders"), reverse("alerts:orders")),
            Crumb(self.order.number, self.order.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.order.get_absolute_url()


class OrderPage(OrderMixin, TemplateView):
    """The order on one sheet, its clock, the answers with their papers."""

    template_name = "alerts/order.html"

    def get_title(self) -> str:
        return self.order.number

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = self.order.answers.select_related("author__department")
        return {
            **super().get_context_data(**kwargs),
            "order": self.order,
            "alert": self.order.alert,
            "sentence": presentation.sentence(self.order.alert),
            "answers": answers.prefetch_related("attachments"),
            "may": order_abilities(self.order, self.request.user),  # type: ignore[arg-type]
            "sees_alert": Alert.objects.visible_to(self.request.user).filter(pk=self.order.alert_id).exists(),  # type: ignore[arg-type]
        }


class OrderForm(OrderMixin, FormServiceView):
    """A form about one order."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "intro": self.order.demand}


class AnswerOrder(OrderForm):
    title = _("Answer the order")
    form_class = oversight_forms.AnswerForm
    submit_label = _("Hand in")
    success_message = _("Answered; the coordinating office judges it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        alert = self.order.alert
        return {**super().get_form_kwargs(), "project": alert.project, "lot_id": alert.lot_id}

    def perform(self, form: Any) -> Feedback:
        return services.answer_order(
            order=self.order, actor=self.request.user, text=form.cleaned_data["text"], **form.papers_given()
        )


class AcceptAnswer(OrderForm):
    title = _("Agree to the answer")
    form_class = forms.ConfirmForm
    submit_label = _("The order is done")
    success_message = _("The order is done.")

    def perform(self, form: Any) -> SupervisionOrder:
        return services.accept_answer(
            order=self.order, actor=self.request.user, note=form.cleaned_data["note"]
        )


class ReturnAnswer(OrderForm):
    title = _("Send the answer back")
    form_class = oversight_forms.ReturnForm
    submit_label = _("Send the answer back")
    success_message = _("Sent back; a new clock runs.")

    def perform(self, form: Any) -> SupervisionOrder:
        return services.return_answer(order=self.order, actor=self.request.user, **form.cleaned_data)


class WithdrawOrder(OrderForm):
    title = _("Withdraw the order")
    form_class = forms.ReasonForm
    submit_label = _("Withdraw the order")
    success_message = _("The order is withdrawn.")

    def perform(self, form: Any) -> SupervisionOrder:
        return services.withdraw_order(order=self.order, actor=self.request.user, **form.cleaned_data)
