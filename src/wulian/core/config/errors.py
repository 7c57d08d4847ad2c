"""What a service raises when it will not do a thing."""

from __future__ import annotations


class Refusal(Exception):
    """A refusal in the user's language: ``message`` names the field and what was expected.

    ``field`` is the form field the sentence belongs to, or empty.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.field = field


class Forbidden(Refusal):
    """The user's role or department may not do this."""
