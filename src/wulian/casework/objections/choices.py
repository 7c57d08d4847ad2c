"""Words of the watching of objections (REFERENCE D.8)."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry.choices import ObjectionTarget


class WatchState(models.TextChoices):
    """States that code asks for; the table with its Chinese titles is law/procedures/objection.yaml."""

    RAISED = "O01", "提出"
    SIGNED_FOR = "O02", "签收"
    SET_ASIDE = "O03", "不属异议或逾期，告知"
    ANSWERED = "O04", "答复"
    RESUMED = "O05", "恢复"
    COMPLAINED = "O06", "转投诉"
    MISSED = "O99", "逾期未复或未暂停"


class Missed(models.TextChoices):
    """What the procuring entity failed to do."""

    NOT_ANSWERED = "not_answered", _("Not answered in time")
    NOT_SUSPENDED = "not_suspended", _("Not suspended before the answer")


VIOLATION: Final = "WF-32"
"""The violation of the penalty catalogue (招标投标法实施条例 第七十七条第二款)."""
LATE_RULES: Final = ("CQ-03", "GS-04")
UNSUSPENDED_RULES: Final = ("CQ-04", "GS-05")
RULES: Final = (*LATE_RULES, *UNSUSPENDED_RULES)
"""Rules of the catalogue that raise the red alerts; they are linked here, not written again."""

TERMS: Final[dict[str, tuple[int, str]]] = {
    ObjectionTarget.PREQUALIFICATION_DOCUMENTS: (3, "《中华人民共和国招标投标法实施条例》第二十二条"),
    ObjectionTarget.BIDDING_DOCUMENTS: (3, "《中华人民共和国招标投标法实施条例》第二十二条"),
    ObjectionTarget.OPENING: (0, "《中华人民共和国招标投标法实施条例》第四十四条"),
    ObjectionTarget.EVALUATION: (3, "《中华人民共和国招标投标法实施条例》第五十四条"),
}
"""Calendar days for the answer and the article; an objection at the opening is answered on the spot."""
