"""Reading alerts: who judges, what counts, what a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.information.alerts.choices import FINAL, HINTS, AlertState, Severity
from wulian.information.alerts.models import Alert, AlertQuerySet

_COLOURS = {Severity.RED.value: "red", Severity.ORANGE.value: "orange", Severity.YELLOW.value: "yellow"}


def judges_of(department_id: int) -> list[User]:
    """Return the case officers and section heads of a department."""
    return _people(Q(department_id=department_id), Role.CASE_OFFICER, Role.SECTION_HEAD)


def reviewers_of(alert: Alert) -> list[User]:
    """Return who may be the second person of an exclusion, the first person included."""
    return _people(Q(department_id=alert.department_id), Role.SECTION_HEAD, Role.AUTHORITY_HEAD)


def _people(scope: Q, *roles: Role) -> list[User]:
    found = User.objects.filter(scope, is_active=True, role_grants__role__in=roles).distinct()
    return [person for person in found.prefetch_related("role_grants") if person.has_role(*roles)]


def severity_counts(alerts: AlertQuerySet) -> dict[str, int]:
    """Return how many open alerts there are of each severity, gravest first."""
    counted = dict(alerts.open().order_by().values_list("severity").annotate(n=Count("pk")))
    return {severity.value: counted.get(severity.value, 0) for severity in Severity}


RESULTS: dict[str, Q] = {
    "open": Q(destination="") & ~Q(state__in=FINAL),
    "confirmed": ~Q(destination=""),
    "excluded": Q(destination="", state__in=(AlertState.EXCLUDED, AlertState.CLOSED)),
    "cleared": Q(destination="", state=AlertState.CLEARED),
}
"""What became of an alert: each alert has one result. Confirmed is what went on as lead, inspection or complaint."""


@dataclass(frozen=True)
class RuleResults:
    """How many alerts of a rule have which result."""

    open: int = 0
    confirmed: int = 0
    excluded: int = 0
    cleared: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.confirmed + self.excluded + self.cleared

    @property
    def precision(self) -> int | None:
        """Percent confirmed of those judged, None while none is."""
        judged = self.confirmed + self.excluded
        return round(100 * self.confirmed / judged) if judged else None


def rule_results(alerts: AlertQuerySet) -> dict[str, RuleResults]:
    """Return the results by rule."""
    counts = {name: Count("pk", filter=condition) for name, condition in RESULTS.items()}
    rows = alerts.order_by().values("rule_id").annotate(**counts).values_list("rule_id", *counts)
    return {rule_id: RuleResults(**dict(zip(counts, found, strict=True))) for rule_id, *found in rows}


def alerts_of_project(project_id: int, user: User) -> AlertQuerySet:
    """Return the alerts of one dossier that the user may see, gravest first."""
    return (
        Alert.objects.visible_to(user)
        .filter(project_id=project_id)
        .select_related("department", "assignee", "lot")
    )


def node_colours(project_ids: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    """Return the gravest open alert at each node of each project, for the lights of the dossiers.

    A hint nobody has picked colours nothing: it is no finding of a rule.
    """
    found: dict[int, dict[str, str]] = {}
    rows = Alert.objects.open().filter(project_id__in=list(project_ids)).order_by("-rank")
    rows = rows.exclude(HINTS & Q(state=AlertState.NEW))
    for project_id, node, severity in rows.values_list("project_id", "node", "severity"):
        if colour := _COLOURS.get(severity):
            found.setdefault(project_id, {})[node] = colour
    return found
