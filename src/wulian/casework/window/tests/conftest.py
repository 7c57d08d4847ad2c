"""The office on 29 September 2026, as the intake's tests know it."""

from wulian.casework.intake.tests.conftest import clock, people  # noqa: F401
