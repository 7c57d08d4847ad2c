"""Global search: each app registers a provider for what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

PER_GROUP: Final = 10


@dataclass(frozen=True)
class Hit:
    """One result: `label` is the link, `detail` a line below, `kind` the group it is shown under."""

    label: str
    url: str
    kind: str | Promise
    detail: str = ""
    icon: str = "file"


Provider = Callable[[Any, str], Iterable[Hit]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider `provider(user, text) -> Iterable[Hit]`, which gives only what `user` may see."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def find(user: Any, text: str) -> dict[str, list[Hit]]:
    """Hits by kind, at most PER_GROUP of each; nothing for an empty text."""
    text = " ".join(text.split())[:100]
    groups: dict[str, list[Hit]] = {}
    if not text:
        return groups
    for provider in _PROVIDERS:
        for hit in provider(user, text):
            group = groups.setdefault(str(hit.kind), [])
            if len(group) < PER_GROUP:
                group.append(hit)
    return groups
