"""Words of the dialogue: states and scores."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

ENDED: Final = {
    "complaint": frozenset({"C14", "C15", "C90", "C91", "C92", "L01"}),
    "lead": frozenset({"L03", "L10", "L90", "L92"}),
}
"""States in which a matter is over for its reporter, by procedure: served, closed, ended or transferred."""
DECIDED: Final = frozenset({"C10", "C13", "C14", "C15", "C90", "C91", "C92", "L01", "作废"})
"""States of a complaint in which nothing is left to withdraw (投诉处理办法 第十九条: before the decision)."""


class WithdrawalState(models.TextChoices):
    """What became of a wish to withdraw."""

    ASKED = "asked", _("Being examined")
    PERMITTED = "permitted", _("Permitted, the procedure ends")
    REFUSED = "refused", _("Not permitted, the examination goes on")


class Score(models.IntegerChoices):
    """How content a reporter is."""

    VERY_BAD = 1, _("Very discontent")
    BAD = 2, _("Discontent")
    FAIR = 3, _("So-so")
    GOOD = 4, _("Content")
    VERY_GOOD = 5, _("Very content")
