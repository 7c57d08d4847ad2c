"""Pages of the rules: the list, a rule, its revisions and checks, thresholds, local rules."""

from .checking import CheckRule, PolicyChecklist
from .editing import DropRefusedFile, ImportRules, ReviseRule, TakeRefusedFile, UndoRevision
from .hints import HintList, HintPage
from .lists import RuleList, ThresholdList
from .page import RulePage

__all__ = [
    "CheckRule",
    "DropRefusedFile",
    "HintList",
    "HintPage",
    "ImportRules",
    "PolicyChecklist",
    "ReviseRule",
    "RuleList",
    "RulePage",
    "TakeRefusedFile",
    "ThresholdList",
    "UndoRevision",
]
