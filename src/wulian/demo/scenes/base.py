"""What every scene has at hand: the people, the weeks, and what earlier acts left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise

from wulian.casework.cases.models import Case, Lead
from wulian.casework.intake.models import Complaint
from wulian.core.accounts.models import Department
from wulian.demo.people import Cast
from wulian.demo.stage import Timeline
from wulian.force.officers.models import Officer
from wulian.information.alerts.models import Alert


@dataclass
class Scene:
    """The stage: who plays, when it is, and the records that later acts go on with."""

    cast: Cast
    line: Timeline
    alerts: dict[str, Alert] = field(default_factory=dict)
    leads: dict[str, Lead] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    complaints: dict[str, Complaint] = field(default_factory=dict)

    def department(self, code: str) -> Department:
        """A department by its code."""
        return Department.objects.get(code=code)

    def officers(self, authority: Department) -> list[Officer]:
        """The two officers of an authority who play: officer1 and officer2."""
        return [Officer.objects.get(user=self.cast.of(authority, post)) for post in ("officer1", "officer2")]

    def today(self) -> dt.date:
        """The day of the act."""
        return timezone.localdate()


@dataclass(frozen=True)
class Act:
    """One act: how many working days ago and at what hour it is played."""

    title: str | Promise
    back: int
    hour: int
    play: Callable[[Scene], None]
