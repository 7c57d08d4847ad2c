"""What people and the worker do with papers, findings and patterns."""

from wulian.information.findings.services.findings import judge_finding
from wulian.information.findings.services.papers import attach_paper, read_paper, rescan_paper, scan_paper
from wulian.information.findings.services.patterns import switch_pattern

__all__ = ["attach_paper", "judge_finding", "read_paper", "rescan_paper", "scan_paper", "switch_pattern"]
