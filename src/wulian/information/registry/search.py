"""What the global search finds in the registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.search import PER_GROUP, Hit
from wulian.information.registry.choices import SearchKind
from wulian.information.registry.models import SearchEntry


def find_dossiers_and_parties(user: Any, text: str) -> Iterator[Hit]:
    """Dossiers and parties whose words hold ``text``, of those that ``user`` may see."""
    found = SearchEntry.objects.visible_to(user).matching(text)
    for entry in found.filter(kind=SearchKind.PROJECT).order_by("-id")[:PER_GROUP]:
        yield Hit(
            entry.title,
            reverse("registry:dossier", args=[entry.project_id]),
            _("Dossiers"),
            entry.detail,
            "folder",
        )
    for entry in found.filter(kind=SearchKind.PARTY).order_by("-id")[:PER_GROUP]:
        yield Hit(
            entry.title,
            reverse("registry:party", args=[entry.party_id]),
            _("Parties"),
            entry.detail,
            "building",
        )
