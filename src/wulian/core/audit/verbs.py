"""The registered verbs of audit events; each app registers its own in `AppConfig.ready`."""

import logging
import re
from typing import Final

from django.conf import settings
from django.core import mail
from django.utils.functional import Promise

logger = logging.getLogger(__name__)

_CODE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_LABELS: dict[str, "str | Promise"] = {}


class UnknownVerb(LookupError):
    """An event was recorded under a verb that no app registered."""


def register(code: str, label: "str | Promise") -> None:
    """Register a verb `<app>.<past participle>` with its translatable label; raises ValueError for a bad or taken code."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"audit verb {code!r}: expected <app>.<verb> in lower-case letters, digits and _")
    if code in _LABELS and repr(_LABELS[code]) != repr(label):
        raise ValueError(f"audit verb {code!r} is already registered")
    _LABELS[code] = label


def label(code: str) -> str:
    """Return the label in the active language, or the code itself when its app is gone."""
    return str(_LABELS.get(code, code))


def choices() -> list[tuple[str, str]]:
    """Return code and label of all verbs, sorted by code."""
    return [(code, str(_LABELS[code])) for code in sorted(_LABELS)]


def require(code: str) -> None:
    """Raise UnknownVerb in tests and under DEBUG; in service, log it and let the business go on."""
    if code in _LABELS:
        return
    under_test = hasattr(mail, "outbox")  # Django puts it there for the length of a test run only
    if settings.DEBUG or under_test:
        raise UnknownVerb(
            f"audit verb {code!r} is not registered; call audit.verbs.register in AppConfig.ready"
        )
    logger.error("audit verb %s is not registered", code)
