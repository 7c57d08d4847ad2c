from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "accounts.login": _("Logged in"),
    "accounts.logout": _("Logged out"),
    "accounts.login_failed": _("Login failed"),
    "accounts.locked_out": _("Locked out after failed logins"),
    "accounts.session_expired": _("Session ended after idleness"),
    "accounts.user_created": _("Created a user"),
    "accounts.user_changed": _("Changed a user"),
    "accounts.user_disabled": _("Disabled a user"),
    "accounts.user_enabled": _("Enabled a user"),
    "accounts.password_reset": _("Reset a password"),
    "accounts.password_changed": _("Changed one's own password"),
    "accounts.role_granted": _("Granted a role"),
    "accounts.role_ended": _("Ended a role"),
    "accounts.second_factor_enrolled": _("Set up the second factor"),
    "accounts.second_factor_removed": _("Removed a second factor"),
    "accounts.second_factor_failed": _("Second factor failed"),
    "accounts.department_created": _("Created a department"),
    "accounts.department_changed": _("Changed a department"),
    "accounts.list_exported": _("Exported a list"),
}


class AccountsConfig(AppConfig):
    name = "wulian.core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu

        from . import receivers  # noqa: F401 - connects itself
        from .choices import Role

        for code, label in VERBS.items():
            verbs.register(code, label)
        menu.register(
            menu.SYSTEM, _("Users and roles"), "accounts:users", "users",
            roles=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN], order=10,
        )  # fmt: skip
        menu.register(menu.SYSTEM, _("Departments"), "accounts:departments", "sitemap", order=20)
