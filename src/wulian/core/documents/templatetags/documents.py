"""The documents of a record as a list with their files."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models

from wulian.core.documents.selectors import documents_of

register = template.Library()


@register.inclusion_tag("documents/_list.html")
def document_list(subject: models.Model) -> dict[str, Any]:
    """Render the documents of `subject`, newest first; the page must already have checked that the reader may see it."""
    return {"documents": documents_of(subject)}
