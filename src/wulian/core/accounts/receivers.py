"""Traces of logins and exports."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from wulian.core.audit.services import record_event
from wulian.core.ui.signals import language_chosen, list_exported

from .middleware import LAST_SEEN
from .models import User
from .services import set_language


@receiver(user_logged_in, dispatch_uid="accounts_logged_in")
def trace_login(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    record_event(actor=user, verb="accounts.login", subject=user)
    if request is not None:
        request.session[LAST_SEEN] = int(timezone.now().timestamp())


@receiver(user_logged_out, dispatch_uid="accounts_logged_out")
def trace_logout(sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None and user.is_authenticated:
        expired = getattr(request, "session_expired", False)
        verb = "accounts.session_expired" if expired else "accounts.logout"
        record_event(actor=user, verb=verb, subject=user)


@receiver(user_login_failed, dispatch_uid="accounts_login_failed")
def trace_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    # A name that is not an account is not kept: people type passwords into the wrong field.
    user = User.objects.filter(username=credentials.get("username") or "").first()
    record_event(actor=None, verb="accounts.login_failed", subject=user, data={"known": user is not None})


@receiver(user_locked_out, dispatch_uid="accounts_locked_out")
def trace_lockout(sender: Any, request: Any, username: str | None = None, **kwargs: Any) -> None:
    user = User.objects.filter(username=username or "").first()
    record_event(actor=None, verb="accounts.locked_out", subject=user)


@receiver(list_exported, dispatch_uid="accounts_list_exported")
def trace_export(sender: Any, user: User, **details: Any) -> None:
    kept = {name: details[name] for name in ("list_key", "format", "count", "querystring")}
    record_event(actor=user, verb="accounts.list_exported", summary=details["title"], data=kept)


@receiver(language_chosen, dispatch_uid="accounts_language_chosen")
def keep_language(sender: Any, user: User, language: str, **kwargs: Any) -> None:
    set_language(user=user, language=language)
