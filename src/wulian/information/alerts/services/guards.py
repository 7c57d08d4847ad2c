"""Guards that stand before what people do with alerts, each a sentence; a preview asks them without writing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, User
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.services import check_event
from wulian.information.alerts.choices import Destination
from wulian.information.alerts.models import Alert
from wulian.law.violations import violations

REVIEWERS_OF_RED = (Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.OFFICE_HEAD)
"""A red alert is excluded only with the word of a head."""


def require_department(alert: Alert, actor: User) -> None:
    """Only people of the department that judges the alert: raises Forbidden for anybody else."""
    if alert.department_id is None or actor.department_id != alert.department_id:
        raise Forbidden(
            _("This alert is judged by %(department)s.")
            % {"department": alert.department or _("the department it has yet to be given to")}
        )


def require_second_person(alert: Alert, actor: User) -> None:
    """Somebody else than who judged it, of the department or head of the office; a red alert needs a head (REFERENCE O)."""
    if actor.pk == alert.first_officer_id:
        raise Forbidden(_("The second person is another one than %(person)s.") % {"person": actor})
    if not actor.has_role(Role.OFFICE_HEAD):
        require_department(alert, actor)
    if alert.is_red and not actor.has_role(*REVIEWERS_OF_RED):
        raise Forbidden(_("The exclusion of a red alert is reviewed by a head."))


def check_dispatch(
    alert: Alert, actor: User, department: Department, assignee: User | None, note: str = ""
) -> None:
    """An alert is given to a competent authority, perhaps to one of its people who judge."""
    check_event(subject=alert, event="dispatch", actor=actor, note=note)
    if department.kind in (DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT):
        raise Refusal(_("Department: an alert is judged by a competent authority."), field="department")
    if assignee is not None and not may_judge(assignee, department):
        raise Refusal(
            _("Assignee: %(person)s is not a case officer of %(department)s.")
            % {"person": assignee, "department": department},
            field="assignee",
        )


def check_accept(alert: Alert, actor: User) -> None:
    """An alert is taken by the department's people, and by nobody but its assignee when it was given to one."""
    check_event(subject=alert, event="accept", actor=actor)
    require_department(alert, actor)
    if alert.assignee_id not in (None, actor.pk) and not actor.has_role(Role.SECTION_HEAD):
        raise Forbidden(_("This alert was given to %(person)s.") % {"person": alert.assignee})


def check_exclude(alert: Alert, actor: User, opinion: str, basis: str) -> None:
    """An exclusion is proposed by the department, with an opinion and what it rests on."""
    check_event(subject=alert, event="propose_exclusion", actor=actor, note=opinion)
    require_department(alert, actor)
    if not basis.strip():
        raise Refusal(
            _("Basis: name the fact checked or the exclusion of the rule that applies."), field="basis"
        )


def check_refer(alert: Alert, actor: User, destination: str, reason: str, violation_code: str) -> str:
    """An alert is referred by the department with a reason; returns the violation, which a lead needs."""
    check_event(subject=alert, event=f"refer_to_{Destination(destination).value}", actor=actor, note=reason)
    require_department(alert, actor)
    code = violation_code or alert.violation_code
    if destination == Destination.LEAD and code not in violations():
        raise Refusal(
            _("Violation: choose the violation of the catalogue that is suspected."), field="violation_code"
        )
    return code


def may_judge(person: User, department: Department) -> bool:
    """Whether a person may be given an alert of the department."""
    return person.department_id == department.pk and person.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD)
