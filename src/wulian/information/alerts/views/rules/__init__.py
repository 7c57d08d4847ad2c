"""Pages of the rules: the list, a rule, its revisions and checks, thresholds, local rules."""

from .checking import CheckRule, PolicyChecklist
from .editing import ImportRules, RefusedFileAction, ReviseRule, UndoRevision
from .hints import HintList, HintPage
from .lists import RuleList, ThresholdList
from .page import RulePage

__all__ = [
    "CheckRule",
    "HintList",
    "HintPage",
    "ImportRules",
    "PolicyChecklist",
    "RefusedFileAction",
    "ReviseRule",
    "RuleList",
    "RulePage",
    "ThresholdList",
    "UndoRevision",
]
