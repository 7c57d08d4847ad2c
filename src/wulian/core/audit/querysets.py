"""Reading the audit trail: by record and by what a user may see."""

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models

from . import permissions

if TYPE_CHECKING:
    from .models import AuditEvent


class AppendOnlyError(TypeError):
    """Code tried to change or delete a row of the audit trail."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} is append-only: rows are neither changed nor deleted")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that only reads and inserts."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise AppendOnlyError(self.model._meta.label)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self.model._meta.label)


class AuditEventQuerySet(AppendOnlyQuerySet):
    """Audit events."""

    def for_object(self, subject: models.Model) -> "AuditEventQuerySet":
        """Return the events of one record, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def visible_to(self, user: Any) -> "AuditEventQuerySet":
        """Return all events for audit administrator and discipline inspection, their own for everyone else.

        Without those of records that a screen keeps from the user. Rows, not words: a page that shows content passes each event through `masked`.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        rows = self if permissions.may_read_trail(user) else self.filter(actor_id=user.pk)
        for label, numbers in permissions.kept_from(user):
            rows = rows.exclude(subject_type=label, subject_id__in=list(map(str, numbers)))
        return rows

    def unchained(self) -> "AuditEventQuerySet":
        """Return the events that no link holds yet.

        Never "id greater than the last chained one": a transaction that took its id early may commit late.
        """
        return self.filter(link__isnull=True)


def masked(event: "AuditEvent", user: Any) -> "AuditEvent":
    """Blank, in memory, what this reader may not know about the event; marks it with `is_masked`."""
    event.is_masked = permissions.sees_masked(user, event)
    if event.is_masked:
        event.subject_label = ""
        event.summary = ""
        event.changes = {}
        event.data = {}
    return event
