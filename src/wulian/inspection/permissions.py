"""Who does what in inspections."""

from wulian.core.accounts.choices import Role

KEEPERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
"""Who keeps the plan and the draws."""
