"""Alerts go on to a lead, an inspection or a complaint, one or several together; what they became, and how that ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event
from wulian.information.alerts.choices import AlertState, Destination
from wulian.information.alerts.models import Alert, Outcome
from wulian.information.alerts.presentation import article_name, rule_of
from wulian.information.alerts.selectors import reviewers_of
from wulian.information.alerts.services import clocks
from wulian.information.alerts.services.guards import check_refer, require_department
from wulian.information.alerts.services.handling import finish, missing_for_closing, tell
from wulian.information.alerts.services.points import touch
from wulian.information.alerts.signals import alert_referred

REFERRED = (AlertState.TO_LEAD, AlertState.TO_INSPECTION, AlertState.TO_COMPLAINT)


def refer_alert(
    *,
    alert: Alert,
    actor: User,
    reason: str,
    destination: str = Destination.LEAD,
    violation_code: str = "",
    target: str = "",
) -> Alert:
    """Send one alert on; see `refer_alerts`."""
    refer_alerts(
        alerts=[alert],
        actor=actor,
        reason=reason,
        destination=destination,
        violation_code=violation_code,
        target=target,
    )
    return alert


def refer_alerts(
    *,
    alerts: Sequence[Alert],
    actor: User,
    reason: str,
    destination: str = Destination.LEAD,
    violation_code: str = "",
    target: str = "",
) -> list[Alert]:
    """Send alerts on together, to one lead (with the violation suspected), one inspection or one complaint.

    `target` names one of the records the destination offers; empty opens a new one. Sends `signals.alert_referred` once inside the
    transaction, so that the record exists or nothing happened. Raises Refusal without a reason, or without a violation of the
    catalogue when they become a lead; Forbidden for another department.
    """
    together = sorted(alerts, key=lambda alert: (alert.rank, alert.pk))
    if not together:
        raise Refusal(_("Choose at least one alert."), field="selected")
    codes = [check_refer(alert, actor, destination, reason, violation_code) for alert in together]
    with transaction.atomic():
        for alert, code in zip(together, codes, strict=True):
            _refer(alert, actor, reason, destination, code)
        alert_referred.send(
            sender=Alert, alerts=together, actor=actor, reason=reason.strip(), target=target.strip()
        )
        touch(together)
    return together


def _refer(alert: Alert, actor: User, reason: str, destination: str, code: str) -> None:
    apply_event(
        subject=alert,
        event=f"refer_to_{Destination(destination).value}",
        actor=actor,
        note=reason,
        data={"violation_code": code},
        verb="alerts.referred",
    )
    alert.opinion, alert.violation_code, alert.destination = reason.strip(), code, destination
    alert.first_officer = actor
    alert.save(update_fields=["opinion", "violation_code", "destination", "first_officer"])
    clocks.stop(alert, clocks.OPINION, actor)
    Outcome.objects.create(alert=alert, destination=destination, started_by=actor)


def link_outcome(*, alerts: Iterable[Alert], record: models.Model, actor: User | None) -> list[Outcome]:
    """Say which record referred alerts became; called by the room of the record, in its transaction.

    Alerts that are not waiting for a record (not referred, or linked already) are left alone.
    """
    waiting = Outcome.objects.filter(
        alert__in=[alert.pk for alert in alerts], ended_at=None, object_id=None
    ).select_related("alert")
    linked = list(waiting)
    kind = ContentType.objects.get_for_model(record)
    with transaction.atomic():
        for outcome in linked:
            outcome.content_type, outcome.object_id, outcome.label = kind, record.pk, str(record)[:300]
            outcome.save(update_fields=["content_type", "object_id", "label"])
            record_event(
                actor=actor,
                verb="alerts.outcome_linked",
                subject=outcome.alert,
                summary=outcome.label,
                data={"record": f"{record._meta.label_lower} {record.pk}"},
            )
    return linked


def join_record(*, alert: Alert, actor: User, target: str) -> Alert:
    """Let an alert that waits for a record join one of those the destination offers, such as the next inspection.

    Raises Forbidden for others than its department and the dispatcher, Refusal when it waits for none.
    """
    if not actor.has_role(Role.DISPATCHER):
        require_department(alert, actor)
        if not actor.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD):
            raise Forbidden(_("This is for the officers of the department."))
    if not alert.outcomes.filter(ended_at=None, object_id=None).exists():
        raise Refusal(_("This alert does not wait for a record."), field="state")
    if not target.strip():
        raise Refusal(_("Record: choose the one the alert joins."), field="target")
    with transaction.atomic():
        alert_referred.send(
            sender=Alert, alerts=[alert], actor=actor, reason=alert.opinion, target=target.strip()
        )
    return alert


def end_outcomes(*, step: ProcedureStep) -> list[Alert]:
    """The matter that alerts became has ended by `step`: write the result, and close the alerts that may be closed so.

    A red alert, one that lacks something, and one whose matter was ended by the person who judged it wait for somebody to close
    them (REFERENCE O: second person; never automatic for 红).
    """
    outcomes = Outcome.objects.filter(
        content_type=step.content_type_id, object_id=step.object_id, ended_at=None
    ).select_related("alert__first_officer", "alert__department")
    found = list(outcomes)
    result = _result_of(step) if found else ""
    with transaction.atomic():
        for outcome in found:
            outcome.ended_at, outcome.ended_by, outcome.result = timezone.now(), step.actor, result
            outcome.save(update_fields=["ended_at", "ended_by", "result"])
            _close_or_ask(outcome, step)
    return [outcome.alert for outcome in found]


def _result_of(step: ProcedureStep) -> str:
    """The title of the final state, and the conclusion of the record or the words of the step."""
    words = str(getattr(step.subject, "conclusion", "") or step.note).strip()
    return f"{step.to_title}：{words}" if words else step.to_title


def _close_or_ask(outcome: Outcome, step: ProcedureStep) -> None:
    alert = outcome.alert
    alert.outcome = outcome.result
    alert.facts_checked = alert.facts_checked or f"经{outcome}办理查明：{outcome.result}"
    alert.basis = alert.basis or law_of(alert)
    by_itself = not alert.is_red and alert.state in REFERRED and not missing_for_closing(alert)
    if by_itself and step.actor is not None and step.actor_id != alert.first_officer_id:
        apply_event(
            subject=alert,
            event="close_with_outcome",
            actor=None,
            note=outcome.result,
            data={"ended_by": step.actor_id, "record": str(outcome)},
            verb="alerts.closed",
        )
        finish(alert, step.actor)
        return
    alert.save(update_fields=["outcome", "facts_checked", "basis"])
    tell(reviewers_of(alert), _("What the alert became has ended; close it: %(alert)s"), alert)


def law_of(alert: Alert) -> str:
    """Return the provisions an alert rests on, as the page shows them."""
    rule = rule_of(alert)
    names = [article_name(item) for item in (*rule.duty, *rule.liability)] if rule else []
    return "、".join(dict.fromkeys(names))[:300]
