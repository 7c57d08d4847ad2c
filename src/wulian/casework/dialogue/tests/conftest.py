"""A complaint at its authority, and the people around it."""

from wulian.casework.intake.tests.conftest import clock, complaint, examined, people  # noqa: F401
