"""What a verification found, in the active language."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Finding:
    """One disagreement: what happened (changed, deleted, inserted, reordered, rollback, file), in which row and field."""

    kind: str
    table: str
    row: int | str
    field: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass
class Report:
    """The outcome of one verification."""

    started_at: datetime
    limit: int
    finished_at: datetime | None = None
    links: int = 0
    last_position: int = 0
    unchained: int = 0
    checkpoints: int = 0
    last_checkpoint: int = 0
    file_lines: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first thing found, in the order of the chain."""
        return self.findings[0] if self.findings else None

    @property
    def full(self) -> bool:
        """Whether there are as many findings as wanted."""
        return len(self.findings) >= self.limit

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else 0.0

    def add(self, kind: str, table: str, row: int | str, field_name: str, message: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, table, row, field_name, message))

    def summary(self) -> str:
        """Return one sentence."""
        if self.first is None:
            return _(
                "The chain is whole: %(links)d links, %(checkpoints)d checkpoints, %(unchained)d events not yet chained."
            ) % {"links": self.links, "checkpoints": self.checkpoints, "unchained": self.unchained}
        found = ngettext("%(count)d disagreement.", "%(count)d disagreements.", len(self.findings))
        return found % {"count": len(self.findings)} + " " + _("The first: %(first)s") % {"first": self.first}

    def numbers(self) -> dict[str, Any]:
        """Return the figures for the audit event."""
        return {
            "ok": self.ok,
            "links": self.links,
            "unchained": self.unchained,
            "checkpoints": self.checkpoints,
            "findings": [[item.kind, item.table, item.row, item.field] for item in self.findings],
            "seconds": f"{self.seconds:.1f}",
        }
