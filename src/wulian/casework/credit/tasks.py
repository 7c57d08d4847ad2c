"""What the worker and the scheduler do for the credit record."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from wulian.casework.credit.models import OutboxFile

RETRY_AFTER = timedelta(minutes=15)
MAX_ATTEMPTS = 20


@task()
def write_outbox_file(file_id: int) -> str:
    """Write one version of a record; returns the name of its file."""
    from wulian.casework.credit.services.files import write_file

    return write_file(file=OutboxFile.objects.get(pk=file_id)).name


def retry_unwritten() -> int:
    """Enqueue again what was not written within a quarter of an hour; returns how many."""
    from wulian.casework.credit.services.outbox import retry_file

    late = OutboxFile.objects.filter(
        written_at=None, attempts__lt=MAX_ATTEMPTS, record__approved_at__lt=timezone.now() - RETRY_AFTER
    )
    files = list(late.select_related("record")[:100])
    for file in files:
        retry_file(actor=None, file=file)
    return len(files)


SCHEDULE = [("credit.retry_unwritten", retry_unwritten, {"trigger": "interval", "minutes": 15})]
