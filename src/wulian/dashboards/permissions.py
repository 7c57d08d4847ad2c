"""Who prepares a data-analysis meeting, and who reads what is prepared for it."""

from __future__ import annotations

from wulian.core.accounts.choices import Role

PREPARERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
READERS = (Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE)
"""Who reads every report; the members of the consultation about a report read that one too."""
