"""A record for the tests that follows any procedure; it belongs to no installed app."""

from __future__ import annotations

from django.apps.registry import Apps

from wulian.core.procedures.models import Staged
from wulian.law.procedures import PROCEDURE_CODES


def _matter(code: str) -> type[Staged]:
    # Its own registry, so that neither migrations nor content types of the platform learn of it.
    meta = type("Meta", (), {"app_label": "procedures", "apps": Apps()})
    attributes = {
        "__module__": __name__,
        "Meta": meta,
        "procedure_code": code,
        "__str__": lambda self: f"{code} {self.pk}",
    }
    return type(f"{code.title()}Matter", (Staged,), attributes)


MATTERS = {code: _matter(code) for code in PROCEDURE_CODES}
