"""Login, second factor, one's own account."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView as DjangoLoginView
from django.contrib.auth.views import LogoutView as DjangoLogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from wulian.core.config.errors import Refusal
from wulian.core.ui.views import FormServiceView
from wulian.core.ui.views.frame import remember_language
from wulian.core.ui.views.page import safe_next

from .. import services
from ..choices import Role
from ..forms import LoginForm, PasswordForm, TokenForm
from ..middleware import HAS_DEVICE


class LoginView(DjangoLoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[HAS_DEVICE] = services.has_second_factor(form.get_user())
        if language := form.get_user().language:
            remember_language(response, language)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        return {**super().get_context_data(**kwargs), "idle": "idle" in query, "left": "out" in query}


class LogoutView(DjangoLogoutView):
    def get_success_url(self) -> str:
        return f"{reverse('accounts:login')}?out=1"


class SecondFactorMixin:
    """Both pages show no menu: before the second factor nothing else is open."""

    form_class = TokenForm
    business = False

    def get_success_url(self) -> str:
        return safe_next(self.request, reverse("ui:home"))  # type: ignore[attr-defined]

    def finish(self, device: TOTPDevice) -> None:
        otp_login(self.request, device)  # type: ignore[attr-defined]
        self.request.session[HAS_DEVICE] = True  # type: ignore[attr-defined]


class VerifyView(SecondFactorMixin, FormServiceView):
    """The code after the password."""

    template_name = "accounts/verify.html"
    title = _("Second factor")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not services.has_second_factor(request.user):
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: TokenForm) -> None:
        device = TOTPDevice.objects.filter(user_id=self.request.user.pk, confirmed=True).first()
        if device is None:
            raise Refusal(str(_("No second factor is set up for this account.")))
        services.check_token(device=device, user=self.request.user, token=form.cleaned_data["token"])
        self.finish(device)


class SecondFactorView(SecondFactorMixin, FormServiceView):
    """Set up the second factor with a QR code."""

    template_name = "accounts/second_factor.html"
    title = _("Set up the second factor")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if services.has_second_factor(request.user):
            return HttpResponseRedirect(reverse("accounts:profile"))
        return super().get(request, *args, **kwargs)

    def perform(self, form: TokenForm) -> None:
        self.finish(services.confirm_totp(user=self.request.user, token=form.cleaned_data["token"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = services.start_totp(user=self.request.user)
        drawing = segno.make(device.config_url, error="m").svg_inline(scale=4, border=2, omitsize=True)
        return {
            **super().get_context_data(**kwargs),
            "qr": mark_safe(drawing),
            "secret": _base32(device),
        }


class ProfileView(LoginRequiredMixin, TemplateView):
    template_name = "accounts/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "page_title": _("My account"),
            "roles": [role for role in Role if role in self.request.user.role_set],
            "has_second_factor": services.has_second_factor(self.request.user),
        }


class PasswordView(FormServiceView):
    """Change one's own password; the session stays."""

    form_class = PasswordForm
    template_name = "accounts/password.html"
    business = False
    title = _("Change the password")
    success_message = _("The password has been changed.")

    def perform(self, form: PasswordForm) -> None:
        data = form.cleaned_data
        user = services.change_password(
            user=self.request.user, old_password=data["old_password"], new_password=data["new_password"]
        )
        update_session_auth_hash(self.request, user)

    def get_success_url(self) -> str:
        return safe_next(self.request, reverse("accounts:profile"))


def _base32(device: TOTPDevice) -> str:
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
