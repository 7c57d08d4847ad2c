"""Reading documents."""

from __future__ import annotations

from django.db import models

from wulian.core.documents.models import DocumentQuerySet, EnforcementDocument


def documents_of(subject: models.Model) -> DocumentQuerySet:
    """Return the documents of one record, newest first, with authority and issuer."""
    return EnforcementDocument.objects.for_object(subject).select_related("authority", "issued_by")
