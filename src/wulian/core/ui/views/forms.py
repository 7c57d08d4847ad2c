"""Pages that write: a form or a button, one service, and on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, View

from wulian.core.config.errors import Forbidden, Refusal

from ..filters import decorate
from .page import PageMixin, Words, safe_next, show_refusal


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show a refusal at the field it names, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


class FormServiceView(PageMixin, FormView):
    """A form whose valid data goes to ONE service, called in `perform`; a Refusal becomes a form error (422).

    `perform(form)` returns what the service returned; `get_success_url` may use it as `self.result`.
    """

    template_name = "ui/form.html"
    submit_label: Words = _("Save")
    success_message: Words = ""
    intro: Words = ""

    def perform(self, form: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    def get_success_message(self) -> Words:
        return self.success_message

    def get_cancel_url(self) -> str:
        crumbs = [crumb for crumb in self.get_breadcrumbs() if crumb.url]
        return crumbs[-1].url if crumbs else ""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for field in form.fields.values():
            decorate(field)
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.result = self.perform(form)
        except Refusal as refusal:
            add_refusal(form, refusal)
            status = 403 if isinstance(refusal, Forbidden) else 422
            return self.render_to_response(self.get_context_data(form=form), status=status)
        message = self.get_success_message()
        if message:
            messages.success(self.request, str(message))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.setdefault("submit_label", self.submit_label)
        context.setdefault("intro", self.intro)
        context.setdefault("cancel_url", self.get_cancel_url())
        form = context["form"]
        context.setdefault("multipart", form.is_multipart())
        # Files cannot be kept by the browser; everything else typed is.
        context.setdefault("keep_key", self.request.path)
        return context


class ActionView(PageMixin, View):
    """A button: POST calls ONE service in `perform`, then goes to `next` or `get_success_url`; a Refusal is a message."""

    success_message: Words = ""
    http_method_names = ["post"]

    def perform(self, request: HttpRequest) -> Any:
        """Call the service."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def get_success_message(self) -> Words:
        return self.success_message

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.result = None
        try:
            self.result = self.perform(request)
        except Refusal as refusal:
            show_refusal(request, refusal)
        else:
            if message := self.get_success_message():
                messages.success(request, str(message))
        return HttpResponseRedirect(safe_next(request, self.get_success_url()))
