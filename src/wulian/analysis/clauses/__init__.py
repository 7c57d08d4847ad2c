"""The clause scanner (REFERENCE A.4): what in a notice or tender document may restrict competition, for a person to judge."""

from wulian.analysis.clauses.catalogue import (
    ClauseClass,
    Pattern,
    PatternError,
    all_patterns,
    classes,
    load_patterns,
    pattern,
)
from wulian.analysis.clauses.provisions import Provision
from wulian.analysis.clauses.scanner import Hit, scan

__all__ = [
    "ClauseClass",
    "Hit",
    "Pattern",
    "PatternError",
    "Provision",
    "all_patterns",
    "classes",
    "load_patterns",
    "pattern",
    "scan",
]
