"""Cubes over what people do about the dossiers: alerts, complaints, tip-offs, leads, cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import DecisionKind, Source
from wulian.casework.cases.models import Case as PenaltyCase
from wulian.casework.cases.models import Lead
from wulian.casework.intake.choices import Admission, ReceivedVia, Topic
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.clocks.choices import ClockState, Outcome
from wulian.core.clocks.models import Clock
from wulian.dashboards.cubes.cube import Cube
from wulian.dashboards.cubes.dimensions import Computed, Dimension, Link, choose
from wulian.dashboards.cubes.dossiers import COUNT
from wulian.dashboards.cubes.measures import Measure
from wulian.information.alerts.choices import AlertState, Destination, Severity, SubjectKind
from wulian.information.alerts.models import Alert
from wulian.information.registry.choices import Sector
from wulian.information.registry.filters import REGIONS
from wulian.information.registry.stages import NODE_TITLES
from wulian.law.procedures import procedure
from wulian.law.rules import all_rules
from wulian.office.jurisdiction.selectors import violation_choices

OPEN, FINISHED = "open", "finished"
LATE, OVERDUE, RUNNING, IN_TIME = "late", "overdue", "running", "in_time"
EXCLUDED, CLEARED, CLOSED, PENDING = "excluded", "cleared", "closed", "pending"


def _rules() -> list[tuple[str, str]]:
    return sorted({rule.id: f"{rule.id} {rule.title}" for rule in all_rules()}.items())


def _progress(code: str) -> Computed:
    words = [(OPEN, _("Unfinished")), (FINISHED, _("Finished"))]
    return Computed(
        "progress", _("Progress"), "state", lambda: words,
        lambda: choose((Q(state__in=procedure(code).open_states), OPEN), default=FINISHED),
    )  # fmt: skip


def _state(code: str) -> Dimension:
    return Dimension("state", _("State"), "state", lambda: procedure(code).choices())


def _with_clock(model: Any, **conditions: Any) -> Q:
    """Records that have such a clock: the clocks are asked for once, not for each record."""
    clocks = Clock.objects.filter(content_type=ContentType.objects.get_for_model(model), **conditions)
    return Q(pk__in=clocks.order_by().values("object_id"))


def _timeliness(code: str, model: Callable[[], Any]) -> Computed:
    """Whether the statutory periods were kept: a period that ended late weighs more than one that is running."""
    words = [
        (OVERDUE, _("Overdue now")),
        (LATE, _("Done late")),
        (RUNNING, _("Running in time")),
        (IN_TIME, _("Done in time")),
    ]

    def expression() -> Any:
        today = timezone.localdate()
        return choose(
            (_with_clock(model(), state=ClockState.RUNNING, due__lt=today), OVERDUE),
            (_with_clock(model(), outcome=Outcome.OVERDUE), LATE),
            (Q(state__in=procedure(code).open_states), RUNNING),
            default=IN_TIME,
        )

    return Computed("timeliness", _("Periods"), "state", lambda: words, expression)


def _ended(code: str) -> Callable[[], Any]:
    return lambda: Case(When(state__in=procedure(code).final_states, then=F("state_since")))


def _days(label: Any, start: str, end: str = "ended") -> Measure:
    return Measure("days", label, "median", "days", start=start, end=end)


def _sector(path: str = "sector") -> Dimension:
    return Dimension("sector", _("Sector"), path, lambda: Sector.choices)


def _region(path: str = "region_code") -> Dimension:
    return Dimension("region", _("Area"), path, lambda: REGIONS)


def _authority() -> Link:
    return Link("authority", _("Handling authority"), "authority", name="name")


VIOLATION = Dimension("violation", _("Kind of violation"), "violation_code", violation_choices)


def _outcome() -> Any:
    states, sent = AlertState, Destination
    return choose(
        (Q(state=states.EXCLUDED), EXCLUDED),
        (Q(state=states.CLEARED), CLEARED),
        *((Q(destination=kind), kind.value) for kind in sent),
        (Q(state=states.CLOSED), CLOSED),
        default=PENDING,
    )


OUTCOMES: list[tuple[str, Any]] = [
    (PENDING, _("Not judged yet")),
    (Destination.LEAD.value, _("Became a lead")),
    (Destination.INSPECTION.value, _("Sent to inspection")),
    (Destination.COMPLAINT.value, _("Sent to complaint handling")),
    (CLOSED, _("Closed")),
    (EXCLUDED, _("Excluded")),
    (CLEARED, _("No longer holds")),
]

ALERTS = Cube(
    "alerts", _("Alerts"), lambda: Alert, "alerts:list", "raised_at", _("Raised between"),
    (
        Dimension("severity", _("Severity"), "severity", lambda: Severity.choices),
        Dimension("rule", _("Rule"), "rule_id", _rules),
        _progress("alert"),
        _state("alert"),
        Computed("outcome", _("Outcome"), "state", lambda: OUTCOMES, _outcome),
        _timeliness("alert", lambda: Alert),
        _sector("project__sector"),
        _region("project__region_code"),
        Link("department", _("Department"), "department", name="name"),
        Dimension("node", _("Node"), "node", NODE_TITLES.items),
        Dimension("subject", _("Kind of subject"), "subject_kind", lambda: SubjectKind.choices),
        Link("party", _("Party concerned"), "party", name="name"),
        Link("owner", _("Owner"), "project__owner", name="name"),
    ),
    (COUNT, _days(_("Median days until finished"), "raised_at")),
    derived={"ended": _ended("alert")},
)  # fmt: skip


def _matter(code: str, label: Any, model: Callable[[], Any], page: str, *more: Dimension) -> Cube:
    """What complaints and tip-offs share; who sent them is no dimension (REFERENCE D.9)."""
    table = model().procedure_code
    return Cube(
        code, label, model, page, "received_at", _("Received between"),
        (
            Dimension("topic", _("What it concerns"), "topic", lambda: Topic.choices),
            _progress(table),
            _state(table),
            _timeliness(table, model),
            *more,
            _sector(),
            _region(),
            _authority(),
            Dimension("via", _("Received via"), "receipt__received_via", lambda: ReceivedVia.choices),
            Link("respondent", _("Party complained of"), "respondent", name="name"),
        ),
        (COUNT, _days(_("Median days until finished"), "received_at")),
        derived={"ended": _ended(table)},
    )  # fmt: skip


COMPLAINTS = _matter(
    "complaints", _("Complaints"), lambda: Complaint, "intake:complaints",
    Dimension("admission", _("Admission"), "admission", lambda: Admission.choices),
)  # fmt: skip
TIP_OFFS = _matter("tip_offs", _("Tip-offs"), lambda: TipOff, "intake:tip_offs")

LEADS = Cube(
    "leads", _("Leads"), lambda: Lead, "cases:leads", "received_at", _("Received between"),
    (
        Dimension("source", _("Source"), "source", lambda: Source.choices),
        _progress("lead"),
        _state("lead"),
        _timeliness("lead", lambda: Lead),
        VIOLATION,
        _sector(),
        _region(),
        _authority(),
        Dimension("severity", _("Severity"), "severity", lambda: Severity.choices),
        Link("party", _("Party concerned"), "party", name="name"),
    ),
    (COUNT, _days(_("Median days until finished"), "received_at")),
    derived={"ended": _ended("lead")},
)  # fmt: skip

FINES = Measure(
    "fines", _("Fines decided"), "sum", "money", lambda: Case(
        When(decision__kind=DecisionKind.PENALTY, decision__revoked_on=None, then=F("decision__fine"))
    ),
    only=frozenset({"violation", "month", "quarter", "year"}),
    note=_("Fines are not a performance figure: they are shown by kind of violation and time only."),
)  # fmt: skip
"""罚款不与考核挂钩 (行政处罚法 第七十四条; REFERENCE T-15): never by authority, area, sector or person."""

CASES = Cube(
    "cases", _("Cases"), lambda: PenaltyCase, "cases:cases", "filed_on", _("Filed between"),
    (
        _progress("penalty"),
        _state("penalty"),
        _timeliness("penalty", lambda: PenaltyCase),
        VIOLATION,
        Dimension("decision", _("Decision"), "decision__kind", lambda: DecisionKind.choices),
        _sector(),
        _region(),
        _authority(),
        Link("party", _("Party to the case"), "party", name="name"),
    ),
    (COUNT, _days(_("Median days from filing to closing"), "filed_on", "closed_on"), FINES),
    is_date=True,
)  # fmt: skip

HANDLING_CUBES = (ALERTS, COMPLAINTS, TIP_OFFS, LEADS, CASES)
