"""问题项目管控: put a project on the control list, order and judge measures, release it with a second person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.accounts.scopes import sees_whole_city
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.uploads import Upload
from wulian.core.ui.notifications import notify
from wulian.information.alerts.choices import ControlLevel, ControlState, ControlStep, MeasureState
from wulian.information.alerts.models import (
    Alert,
    ControlEvent,
    ControlGround,
    ControlledProject,
    ControlMeasure,
    Outcome,
)
from wulian.information.alerts.selectors import judges_of
from wulian.information.alerts.services import clocks
from wulian.information.alerts.services.feedback import gather
from wulian.information.alerts.services.files import attach, stored
from wulian.information.registry.models import Project

KEEPERS = (Role.DISPATCHER, Role.OFFICE_HEAD, Role.SECTION_HEAD, Role.AUTHORITY_HEAD)
"""Who places projects and orders measures; people of an authority for the projects of their own department."""
OWNERS = (Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LIAISON)
MEASURE_CLOCK = "control.measure"
BASIS = "管控措施时限（本系统参数，逐项确定）"


def place_project(
    *,
    project: Project,
    actor: User,
    level: int,
    reason: str,
    department: Department,
    alerts: Iterable[Alert] = (),
    outcomes: Iterable[Outcome] = (),
) -> ControlledProject:
    """Put a project on the control list with a level and what justifies it: alerts, or what alerts became.

    Raises Forbidden for others than the office and the department of the project, Refusal without a reason, without any ground, with
    a ground of another project, or when the project is controlled already.
    """
    require_role(actor, *KEEPERS)
    _check_scope(actor, project)
    grounds: list[Alert | Outcome] = [*alerts]
    grounds += [outcome for outcome in outcomes if outcome.object_id]
    _check_placing(project, level, reason, department, grounds)
    with transaction.atomic():
        control = ControlledProject.objects.create(
            project=project, level=level, reason=reason.strip(), department=department, placed_by=actor
        )
        for ground in grounds:
            _add_ground(control, ground)
        _note(control, actor, ControlStep.PLACED, reason, {"level": level, "grounds": len(grounds)})
        _tell(judges_of(department.pk), _("A project was put under control: %(project)s"), control)
    return control


def add_measure(
    *,
    control: ControlledProject,
    actor: User,
    demand: str,
    department: Department,
    due_on: date,
    person: User | None = None,
) -> ControlMeasure:
    """Order a measure from a department, perhaps one of its people, until a day; its clock runs from today."""
    _check_keeper(control, actor)
    _check_open(control)
    _check_measure(demand, department, person, due_on)
    with transaction.atomic():
        measure = ControlMeasure.objects.create(
            control=control,
            demand=demand.strip(),
            department=department,
            person=person,
            due_on=due_on,
            added_by=actor,
        )
        clocks.start_until(measure, MEASURE_CLOCK, "落实管控措施", BASIS, due_on, actor)
        _note(control, actor, ControlStep.MEASURE_ADDED, demand, {"due_on": str(due_on)}, measure)
        people = [person] if person else judges_of(department.pk)
        _tell(people, _("A control measure is for you: %(project)s"), control)
    return measure


def report_measure(
    *,
    measure: ControlMeasure,
    actor: User,
    report: str,
    files: Iterable[Upload] = (),
    papers: Iterable[str] = (),
) -> ControlMeasure:
    """Report that a measure was carried out, with at least one file or paper of the dossier as evidence."""
    _check_owner(measure, actor)
    _check_measure_state(measure, MeasureState.OPEN)
    if not report.strip():
        raise Refusal(_("Report: say how the measure was carried out."), field="report")
    proof = gather(measure.control.project, files, papers)
    if not proof:
        raise Refusal(
            _("Evidence: attach a file, or name a paper of the dossier, that shows it."), field="files"
        )
    with stored(proof.files) as kept, transaction.atomic():
        _move_measure(
            measure,
            MeasureState.REPORTED,
            report=report.strip(),
            reported_by=actor,
            reported_at=timezone.now(),
        )
        rows = attach(subject=measure, actor=actor, kept=kept, papers=proof.papers)
        clocks.stop_of(measure, MEASURE_CLOCK, actor)
        evidence = [{"title": row.title, "sm3": row.sm3} for row in rows]
        _note(measure.control, actor, ControlStep.MEASURE_REPORTED, report, {"evidence": evidence}, measure)
        _tell([measure.added_by], _("A control measure was reported; judge it: %(project)s"), measure.control)
    return measure


def confirm_measure(*, measure: ControlMeasure, actor: User, note: str = "") -> ControlMeasure:
    """Agree as second person that a measure was carried out."""
    _check_measure_judge(measure, actor)
    with transaction.atomic():
        _move_measure(measure, MeasureState.DONE, ended_by=actor, ended_at=timezone.now())
        _note(measure.control, actor, ControlStep.MEASURE_CONFIRMED, note, {}, measure)
    return measure


def return_measure(*, measure: ControlMeasure, actor: User, reason: str, due_on: date) -> ControlMeasure:
    """Send a reported measure back with a reason; a new clock runs until the new day."""
    _check_measure_judge(measure, actor)
    if not reason.strip():
        raise Refusal(_("Reason: say what is missing."), field="reason")
    _check_day(due_on)
    with transaction.atomic():
        _move_measure(measure, MeasureState.OPEN, due_on=due_on, overdue_told_at=None)
        clocks.start_until(measure, MEASURE_CLOCK, "落实管控措施", BASIS, due_on, actor)
        _note(measure.control, actor, ControlStep.MEASURE_RETURNED, reason, {"due_on": str(due_on)}, measure)
        _tell([measure.reported_by], _("A control measure came back to you: %(project)s"), measure.control)
    return measure


def drop_measure(*, measure: ControlMeasure, actor: User, reason: str) -> ControlMeasure:
    """Say that a measure is no longer needed, and why."""
    _check_keeper(measure.control, actor)
    _check_measure_state(measure, MeasureState.OPEN, MeasureState.REPORTED)
    if not reason.strip():
        raise Refusal(_("Reason: say why the measure is no longer needed."), field="reason")
    with transaction.atomic():
        _move_measure(measure, MeasureState.DROPPED, ended_by=actor, ended_at=timezone.now())
        clocks.void_of(measure, reason.strip())
        _note(measure.control, actor, ControlStep.MEASURE_DROPPED, reason, {}, measure)
    return measure


def change_level(*, control: ControlledProject, actor: User, level: int, reason: str) -> ControlledProject:
    """Control a project more or less strictly, with a reason."""
    _check_keeper(control, actor)
    _check_open(control)
    if level not in ControlLevel.values or level == control.level:
        raise Refusal(_("Level: expected another level of the list."), field="level")
    if not reason.strip():
        raise Refusal(_("Reason: say why the level changes."), field="reason")
    with transaction.atomic():
        before = control.level
        _move(control, control.state, level=level)
        _note(control, actor, ControlStep.LEVEL_CHANGED, reason, {"level": [before, level]})
    return control


def propose_release(*, control: ControlledProject, actor: User, reason: str) -> ControlledProject:
    """Propose to release a project; raises Refusal while a measure is open or without a reason."""
    _check_keeper(control, actor)
    _check_open(control)
    if not reason.strip():
        raise Refusal(_("Reason: say why the project may be released."), field="reason")
    waiting = control.measures.open().count()  # type: ignore[attr-defined]
    if waiting:
        raise Refusal(_("%(n)d measures are not carried out and judged yet.") % {"n": waiting}, field="state")
    with transaction.atomic():
        _move(
            control,
            ControlState.PROPOSED,
            release_reason=reason.strip(),
            proposed_by=actor,
            proposed_at=timezone.now(),
        )
        _note(control, actor, ControlStep.RELEASE_PROPOSED, reason, {})
        heads = User.objects.with_role(Role.OFFICE_HEAD)
        _tell(heads, _("A release from control waits for your review: %(project)s"), control)
    return control


def confirm_release(*, control: ControlledProject, actor: User, note: str = "") -> ControlledProject:
    """Release a project as second person: the head of the office, or of the department in charge."""
    _check_releaser(control, actor)
    with transaction.atomic():
        _move(control, ControlState.RELEASED, released_by=actor, released_at=timezone.now())
        _note(control, actor, ControlStep.RELEASED, note, {})
        _tell([control.proposed_by, control.placed_by], _("Released from control: %(project)s"), control)
    return control


def return_release(*, control: ControlledProject, actor: User, reason: str) -> ControlledProject:
    """Keep a project under control, as second person and with a reason."""
    _check_releaser(control, actor)
    if not reason.strip():
        raise Refusal(_("Reason: say why the project stays under control."), field="reason")
    with transaction.atomic():
        proposer = control.proposed_by
        _move(control, ControlState.OPEN, release_reason="", proposed_by=None, proposed_at=None)
        _note(control, actor, ControlStep.RELEASE_RETURNED, reason, {})
        _tell([proposer], _("The release from control was refused: %(project)s"), control)
    return control


def _check_scope(actor: User, project: Project) -> None:
    if not Project.objects.visible_to(actor).filter(pk=project.pk).exists():
        raise Forbidden(_("This project is not supervised by your department."))


def _check_placing(
    project: Project, level: int, reason: str, department: Department, grounds: list[Alert | Outcome]
) -> None:
    if level not in ControlLevel.values:
        raise Refusal(_("Level: expected one of the list."), field="level")
    if not reason.strip():
        raise Refusal(_("Reason: say why the project is put under control."), field="reason")
    if department.kind == DepartmentKind.OVERSIGHT:
        raise Refusal(_("Department: oversight does not carry out measures."), field="department")
    if not grounds:
        raise Refusal(_("Grounds: name at least one alert, or what an alert became."), field="grounds")
    for ground in grounds:
        owner = ground.alert.project_id if isinstance(ground, Outcome) else ground.project_id
        if owner != project.pk:
            raise Refusal(
                _("Grounds: “%(ground)s” is of another project.") % {"ground": ground}, field="grounds"
            )
    if ControlledProject.objects.open().filter(project=project).exists():
        raise Refusal(_("The project is under control already."), field="project")


def _add_ground(control: ControlledProject, ground: Alert | Outcome) -> None:
    kind, number = ContentType.objects.get_for_model(Alert), ground.pk
    if isinstance(ground, Outcome):
        assert ground.content_type is not None and ground.object_id is not None  # place_project sees to it
        kind, number = ground.content_type, ground.object_id
    label = f"{ground.rule_id} {ground}" if isinstance(ground, Alert) else str(ground)
    ControlGround.objects.get_or_create(
        control=control, content_type=kind, object_id=number, defaults={"label": label[:300]}
    )


def _check_measure(demand: str, department: Department, person: User | None, due_on: date) -> None:
    if not demand.strip():
        raise Refusal(_("Measure: say what is to be done."), field="demand")
    if person is not None and person.department_id != department.pk:
        raise Refusal(
            _("Person: %(person)s does not belong to %(department)s.")
            % {"person": person, "department": department},
            field="person",
        )
    _check_day(due_on)


def _check_day(due_on: date) -> None:
    if due_on <= timezone.localdate():
        raise Refusal(_("Until: expected a day after today."), field="due_on")


def _check_keeper(control: ControlledProject, actor: User) -> None:
    """The office for every project, the heads of the department in charge for theirs."""
    require_role(actor, *KEEPERS)
    if not sees_whole_city(actor) and actor.department_id != control.department_id:
        raise Forbidden(
            _("This project is controlled by %(department)s.") % {"department": control.department}
        )


def _check_owner(measure: ControlMeasure, actor: User) -> None:
    require_role(actor, *OWNERS)
    if actor.department_id != measure.department_id:
        raise Forbidden(
            _("This measure is carried out by %(department)s.") % {"department": measure.department}
        )
    if measure.person_id not in (None, actor.pk) and not actor.has_role(Role.SECTION_HEAD):
        raise Forbidden(_("This measure was given to %(person)s.") % {"person": measure.person})


def _check_measure_judge(measure: ControlMeasure, actor: User) -> None:
    _check_keeper(measure.control, actor)
    _check_measure_state(measure, MeasureState.REPORTED)
    if actor.pk == measure.reported_by_id:
        raise Forbidden(_("A measure is judged by another person than who reported it."))


def _check_releaser(control: ControlledProject, actor: User) -> None:
    require_role(actor, Role.OFFICE_HEAD, Role.AUTHORITY_HEAD)
    if not actor.has_role(Role.OFFICE_HEAD) and actor.department_id != control.department_id:
        raise Forbidden(
            _("This project is controlled by %(department)s.") % {"department": control.department}
        )
    if control.state != ControlState.PROPOSED:
        raise Refusal(_("No release of this project is proposed."), field="state")
    if actor.pk == control.proposed_by_id:
        raise Forbidden(_("A release is agreed to by another person than who proposed it."))


def _check_open(control: ControlledProject) -> None:
    if control.state != ControlState.OPEN:
        raise Refusal(
            _("This is not possible while the control is “%(state)s”.")
            % {"state": control.get_state_display()},
            field="state",
        )


def _check_measure_state(measure: ControlMeasure, *expected: MeasureState) -> None:
    if measure.state not in expected:
        raise Refusal(
            _("This is not possible while the measure is “%(state)s”.")
            % {"state": measure.get_state_display()},
            field="state",
        )


def _move(control: ControlledProject, state: str, **values: object) -> None:
    _update(control, state, values)


def _move_measure(measure: ControlMeasure, state: MeasureState, **values: object) -> None:
    _update(measure, state, values)


def _update(record: models.Model, state: str, values: dict[str, object]) -> None:
    """Set state and values; somebody who moved the record meanwhile is found out, not overwritten."""
    rows = type(record)._base_manager.filter(pk=record.pk, state=record.state)  # type: ignore[attr-defined]
    if not rows.update(state=state, **values):
        raise Refusal(_("Somebody else has handled this in the meantime; reload the page."), field="state")
    for name, value in {"state": state, **values}.items():
        setattr(record, name, value)


def _note(
    control: ControlledProject,
    actor: User,
    step: ControlStep,
    words: str,
    data: dict[str, object],
    measure: ControlMeasure | None = None,
) -> None:
    """Write the history of the control and the audit event of the same step."""
    ControlEvent.objects.create(control=control, step=step, actor=actor, note=words.strip(), measure=measure)
    record_event(
        actor=actor,
        verb=f"alerts.control_{step.value}",
        subject=control,
        summary=words.strip()[:300],
        data={**data, **({"measure": measure.pk} if measure else {})},
    )


def _tell(people: Iterable[User | None], title: str, control: ControlledProject) -> None:
    users = [person for person in people if person is not None]
    notify(users=users, title=title % {"project": control.project.name}, url=control.get_absolute_url())
