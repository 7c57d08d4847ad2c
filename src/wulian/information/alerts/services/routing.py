"""Which department judges an alert."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.config.errors import Refusal
from wulian.information.registry.models import Project
from wulian.office.jurisdiction.selectors import who_is_competent

Route = tuple[Department | None, str]


class Router:
    """Answers for many alerts; each combination of violation, sector and region is asked once."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._known: dict[tuple[str, str, str], Route] = {}

    def route(self, project: Project | None, violation_code: str) -> Route:
        """Return the department and why, or None and why nobody could be named; then the dispatcher decides."""
        if project is None:
            return None, _("The alert belongs to no single project.")
        key = (violation_code, project.sector, project.region_code or CITY_REGION)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, violation_code: str, sector: str, region_code: str) -> Route:
        try:
            answer = who_is_competent(
                violation_code=violation_code, sector=sector, region_code=region_code, on=self.on
            )
        except Refusal as refusal:
            return self._by_sector(sector, region_code, refusal.message)
        return answer.authority, answer.reason[:300]

    def _by_sector(self, sector: str, region_code: str, why_not: str) -> Route:
        """The authority of the sector in the county, or in the city: it judges, but the list says who may punish."""
        for region in dict.fromkeys((region_code, CITY_REGION)):
            found = Department.objects.filter(
                kind=DepartmentKind.AUTHORITY, is_active=True, sector=sector, region_code=region
            )
            if sector and len(found) == 1:
                return found[0], _("Supervises the sector; the jurisdiction list names nobody.")[:300]
        return None, why_not[:300]
