"""Writes of accounts: departments, users, roles, second factor."""

from .departments import create_department, seed_departments, update_department
from .roles import end_role, grant_role
from .second_factor import check_token, confirm_totp, enrol_totp, has_second_factor, remove_totp, start_totp
from .users import (
    change_password,
    create_user,
    disable_user,
    enable_user,
    reset_password,
    set_language,
    update_user,
)

__all__ = [
    "change_password", "check_token", "confirm_totp", "create_department", "create_user", "disable_user", "enable_user", "end_role",
    "enrol_totp", "grant_role", "has_second_factor", "remove_totp", "reset_password", "seed_departments",
    "set_language", "start_totp", "update_department", "update_user",
]  # fmt: skip
