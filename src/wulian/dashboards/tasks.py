"""What the worker does for the meetings."""

from __future__ import annotations

import logging

from django_tasks import task

from wulian.core.config.errors import Refusal
from wulian.dashboards.models import BriefingReport

logger = logging.getLogger(__name__)


@task()
def generate_report(report_id: int) -> str:
    """Compute the report that waits; returns its state. A report that cannot be computed says why."""
    from wulian.dashboards.services import fail_report, write_report

    report = BriefingReport.objects.select_related("requested_by__department").get(pk=report_id)
    try:
        return write_report(report=report).state
    except Refusal as refusal:
        fail_report(report=report, reason=refusal.message)
        return "failed"
    except Exception as error:
        fail_report(report=report, reason=type(error).__name__)
        logger.exception("report %s", report_id)
        raise
