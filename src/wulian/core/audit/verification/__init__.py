"""Re-derive the audit chain from rows and checkpoint files, and name what does not agree."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from .. import services
from ..models import AuditEvent
from .chain import ChainWalk
from .checkpoints import check_checkpoints
from .report import Finding, Report

__all__ = ["Finding", "Report", "verify", "verify_for"]


def verify(*, limit: int = 20, progress: Callable[[int], None] | None = None) -> Report:
    """Check every link, event, seal and checkpoint; stops after `limit` findings. `progress` gets the links seen so far."""
    report = Report(started_at=timezone.now(), limit=limit)
    ChainWalk(report, progress).run()
    check_checkpoints(report)
    report.finished_at = timezone.now()
    return report


def verify_for(*, actor: Any) -> AuditEvent:
    """Verify on behalf of a user; returns the audit event that holds the outcome."""
    report = verify()
    return services.record_event(
        actor=actor, verb="audit.verified", summary=report.summary(), data=report.numbers()
    )
