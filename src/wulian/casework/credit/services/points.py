"""Points: proposed on a served decision, notified, confirmed by a second person, in force the day after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case
from wulian.casework.cases.services.guards import is_assigned
from wulian.casework.credit.choices import LIVE, PointSource, PointState
from wulian.casework.credit.models import PointEvent
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock, void_clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.services import issue_document
from wulian.core.ui.notifications import notify
from wulian.information.registry.models import Party
from wulian.law.periods import Unit, due_date
from wulian.law.points import PointRule, point_rule, scheme

STATEMENT = "points.statement"
CONFIRMERS = (Role.DISPATCHER, Role.OFFICE_HEAD)


def propose_points(*, actor: User, case: Case, parties: Iterable[Party] = ()) -> list[PointEvent]:
    """Propose points on a penalty decision that was served: one event for the party, and one for each of `parties` (joint conduct).

    Raises Forbidden unless an officer of the case or the dispatcher proposes; Refusal when the decision was not served or was
    revoked, no item exists for the violation, or the fact was scored for the subject already.
    """
    if not (actor.has_role(Role.DISPATCHER) or is_assigned(case.lead, actor)):
        raise Forbidden(_("Points are proposed by an officer of the case or by the dispatcher."))
    rule = _rule_for(case)
    subjects = list({party.pk: party for party in (case.party, *parties)}.values())
    with transaction.atomic():
        found = [_propose(actor, case, party, rule) for party in subjects]
    return found


@transaction.atomic
def notify_points(*, actor: User, event: PointEvent, notified_on: date | None = None) -> PointEvent:
    """Notify the party of the intended points; it has five working days for a statement."""
    if not (actor.has_role(*CONFIRMERS) or is_assigned(event.case.lead, actor)):
        raise Forbidden(_("The notice is given by an officer of the case or by the dispatcher."))
    _require_state(event, PointState.PROPOSED)
    day = notified_on or timezone.localdate()
    if day > timezone.localdate() or day < timezone.localdate(event.proposed_at):
        raise Refusal(_("Notified on: expected a day from the proposal until today."), field="notified_on")
    event.state, event.notified_on = PointState.NOTIFIED, day
    event.save(update_fields=["state", "notified_on"])
    start_clock(
        actor=actor, subject=event, kind=STATEMENT, label="记分陈述申辩期限",
        basis=f"{scheme().statement_basis}（来源待核）", started_on=day, n=scheme().statement_days,
        unit=Unit.WORKING_DAY,
    )  # fmt: skip
    _issue_notice(actor, event)
    record_event(
        actor=actor, verb="credit.points_notified", subject=event, summary=str(event),
        changes={"state": [PointState.PROPOSED, PointState.NOTIFIED]},
    )  # fmt: skip
    _tell(event, _("Points wait for confirmation: %(event)s"))
    return event


@transaction.atomic
def record_objection(*, actor: User, event: PointEvent, content: str) -> PointEvent:
    """Record what the party says against the points."""
    if not (actor.has_role(*CONFIRMERS) or is_assigned(event.case.lead, actor)):
        raise Forbidden(_("A statement is recorded by an officer of the case or by the dispatcher."))
    _require_state(event, PointState.NOTIFIED)
    if not content.strip():
        raise Refusal(_("Statement: expected what the party says."), field="content")
    event.objection = content.strip()
    event.objection_result = ""
    event.save(update_fields=["objection", "objection_result"])
    record_event(actor=actor, verb="credit.objection_recorded", subject=event)
    return event


@transaction.atomic
def answer_objection(*, actor: User, event: PointEvent, answer: str) -> PointEvent:
    """Answer the statement of the party; it may still be dismissed or confirmed afterwards."""
    require_role(actor, *CONFIRMERS)
    _require_state(event, PointState.NOTIFIED)
    if not event.objection:
        raise Refusal(_("The party has made no statement."), field="answer")
    if not answer.strip():
        raise Refusal(_("Answer: expected the answer with its reasons."), field="answer")
    event.objection_result = answer.strip()
    event.save(update_fields=["objection_result"])
    record_event(actor=actor, verb="credit.objection_answered", subject=event, summary=answer.strip())
    return event


@transaction.atomic
def confirm_points(*, actor: User, event: PointEvent) -> PointEvent:
    """Confirm points as the second person; they count from the next day, for the months of the scheme.

    Raises Forbidden for the person who proposed them; Refusal before the party was notified and its days are over, or while its
    statement is unanswered, or when the decision was revoked.
    """
    require_role(actor, *CONFIRMERS)
    if actor.pk == event.proposed_by_id:
        raise Forbidden(_("Points are confirmed by another person than the one who proposed them."))
    _require_state(event, PointState.NOTIFIED)
    _check_decision(event.case)
    if event.objection and not event.objection_result:
        raise Refusal(_("The statement of the party has not been answered."), field="state")
    clock = _running(event)
    if clock is not None and not event.objection and not _is_over(clock):
        raise Refusal(
            _("The party may make a statement until the end of %(day)s.") % {"day": clock.due}, field="state"
        )
    today = timezone.localdate()
    event.state, event.confirmed_by, event.confirmed_at = PointState.CONFIRMED, actor, timezone.now()
    event.effective_on = today + timedelta(days=1)
    event.expires_on = _after(event.effective_on, scheme().months)
    event.public_until = _public_until(event)
    event.save()
    if clock is not None:
        stop_clock(actor=actor, clock=clock, stopped_on=max(min(today, clock.due or today), clock.started_on))
    record_event(
        actor=actor, verb="credit.points_confirmed", subject=event, summary=str(event),
        changes={"state": [PointState.NOTIFIED, PointState.CONFIRMED]},
        data={"effective_on": event.effective_on, "expires_on": event.expires_on},
    )  # fmt: skip
    return event


def dismiss_points(*, actor: User, event: PointEvent, reason: str) -> PointEvent:
    """Let intended points fall, such as after a statement that was right."""
    require_role(actor, *CONFIRMERS)
    if event.state not in {PointState.PROPOSED, PointState.NOTIFIED}:
        raise Refusal(_("Only points that are not in force yet can be dismissed."), field="state")
    _end(actor, event, PointState.DISMISSED, reason, "credit.points_dismissed")
    return event


def revoke_points(*, actor: User, event: PointEvent, reason: str) -> PointEvent:
    """Revoke points because the decision they rest on has lost its effect (REFERENCE G.2)."""
    if event.state not in LIVE:
        raise Refusal(_("The points have ended already."), field="state")
    if event.case.decision.revoked_on is None:
        raise Refusal(_("The decision is in force; points are revoked with it."), field="state")
    _end(actor, event, PointState.REVOKED, reason, "credit.points_revoked")
    return event


def _rule_for(case: Case) -> PointRule:
    _check_decision(case)
    if not case.decision.is_penalty:
        raise Refusal(_("No penalty was imposed, so no points follow."), field="state")
    if case.decision.served_on is None:
        raise Refusal(_("The decision has not been served yet."), field="state")
    rule = point_rule(case.violation_code)
    if rule is None:
        raise Refusal(
            _("Points: the scheme has no item for %(code)s.") % {"code": case.violation_code}, field="state"
        )
    return rule


def _propose(actor: User, case: Case, party: Party, rule: PointRule) -> PointEvent:
    event = PointEvent(
        case=case,
        party=party,
        subject_type=rule.subject,
        project=case.project,
        lot=case.lot,
        violation_code=case.violation_code,
        rule_code=rule.code,
        points=min(rule.points, scheme().cap_per_event),
        basis=rule.basis,
        is_trial=True,
        fact=case.facts,
        fact_key=fact_key(case),
        source=PointSource.PENALTY,
        decision_no=case.decision.document_no,
        proposed_by=actor,
    )
    if PointEvent.objects.filter(
        party=party, violation_code=case.violation_code, fact_key=event.fact_key, state__in=LIVE
    ).exists():
        raise Refusal(
            _("This fact has been scored for %(party)s already.") % {"party": party}, field="parties"
        )
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError:
        raise Refusal(
            _("This fact has been scored for %(party)s already.") % {"party": party}, field="parties"
        ) from None
    record_event(
        actor=actor, verb="credit.points_proposed", subject=event, summary=str(event),
        data={"case": case.pk, "decision": event.decision_no},
    )  # fmt: skip
    return event


def fact_key(case: Case) -> str:
    """Name the fact: the same lot (or project, or case) and day of conduct is the same fact."""
    place = f"lot:{case.lot_id}" if case.lot_id else f"project:{case.project_id}" if case.project_id else ""
    return f"{place or f'case:{case.pk}'}:{case.conduct_date.isoformat()}"


def _issue_notice(actor: User, event: PointEvent) -> None:
    """告知书: what is intended, why, and until when the party may speak."""
    issue_document(
        template="告知书",
        title="量化记分告知书",
        subject=event,
        authority=event.case.authority,
        actor=actor,
        context={
            "to": event.party.name,
            "fields": {
                "行政处罚决定书": event.decision_no,
                "记分项": f"{event.rule_code} {point_rule_title(event)}",
                "拟记分值": f"{event.points}分",
                "记分依据": event.basis,
            },
            "body": [
                f"因{event.case.cause}，拟对你（单位）记{event.points}分。",
                f"你（单位）可以自收到本告知书之日起{scheme().statement_days}个工作日内提出陈述、申辩。",
                event.note or "记分自确认之次日起生效。",
            ],
        },
    )


def point_rule_title(event: PointEvent) -> str:
    """Return the conduct of the item, or the violation when the item is gone."""
    rule = point_rule(event.violation_code)
    return rule.conduct if rule else event.violation_code


def _end(actor: User, event: PointEvent, state: PointState, reason: str, verb: str) -> None:
    if not reason.strip():
        raise Refusal(_("Reason: expected why the points end."), field="reason")
    before = event.state
    with transaction.atomic():
        event.state, event.ended_on, event.end_reason = state, timezone.localdate(), reason.strip()[:300]
        event.save(update_fields=["state", "ended_on", "end_reason"])
        if (clock := _running(event)) is not None:
            void_clock(actor=actor, clock=clock, reason=reason)
        record_event(
            actor=actor,
            verb=verb,
            subject=event,
            summary=event.end_reason,
            changes={"state": [before, state]},
        )


def _check_decision(case: Case) -> None:
    decision = getattr(case, "decision", None)
    if decision is None:
        raise Refusal(_("Nothing has been decided yet."), field="state")
    if decision.revoked_on is not None:
        raise Refusal(_("The decision has been revoked."), field="state")


def _require_state(event: PointEvent, state: PointState) -> None:
    """Hold the row, and refuse when it stands in another state."""
    stored = PointEvent.objects.select_for_update().values_list("state", flat=True).get(pk=event.pk)
    if stored != state:
        raise Refusal(
            _("The points are in the state “%(state)s”; expected “%(expected)s”.")
            % {"state": PointState(stored).label, "expected": state.label},
            field="state",
        )


def _running(event: PointEvent) -> Clock | None:
    return Clock.objects.of(event).running().filter(kind=STATEMENT).first()


def _is_over(clock: Clock) -> bool:
    return clock.due is not None and timezone.localdate() > clock.due


def _after(start: date, months: int) -> date:
    """The last day of a span of months that begins on `start` and includes it."""
    return due_date(start, months, Unit.MONTH, calendar(), roll_forward=False).due - timedelta(days=1)


def _public_until(event: PointEvent) -> date | None:
    rule = point_rule(event.violation_code)
    assert event.effective_on is not None
    return _after(event.effective_on, rule.public_months) if rule and rule.public_months else event.expires_on


def _tell(event: PointEvent, title: str) -> None:
    people = User.objects.with_role(*CONFIRMERS).exclude(pk=event.proposed_by_id)
    notify(users=people, title=title % {"event": event}, url=event.get_absolute_url())
