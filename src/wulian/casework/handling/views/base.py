"""What the pages about one complaint share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wulian.casework.handling.permissions import abilities
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.views import base


class ComplaintPage(base.MatterPage):
    """A page about a complaint the user may see."""

    model = Complaint

    def offered(self, user: Any) -> Collection[str]:
        return abilities(self.matter, user)


class StepView(ComplaintPage, base.StepView):
    """The page of a step of the handling."""

    template_name = "handling/step.html"
