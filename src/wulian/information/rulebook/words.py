"""What a parameter takes, in the user's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wulian.law.rules.parameters import Shape


def expected(shape: Shape) -> str:
    """Return what was expected of a parameter of this shape."""
    return {
        "whole": _("a whole number, 0 or more"),
        "number": _("a number, 0 or more"),
        "words": _("words separated by commas, without quotation marks"),
        "pattern": _("a regular expression without quotation marks"),
        "flag": _("yes or no"),
    }[shape]
