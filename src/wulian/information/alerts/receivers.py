"""What this room hears: dossiers, rules or facts of alerts changed, questions were answered, a matter that an alert became ended."""

from __future__ import annotations

from typing import Any, Final

from django.db.models.signals import post_save
from django.dispatch import receiver

from wulian.core.procedures.models import ProcedureStep
from wulian.information.alerts.signals import facts_changed
from wulian.information.registry.signals import dossiers_changed
from wulian.information.rulebook.signals import rule_checked, rules_changed
from wulian.law.procedures import procedure

ENDINGS: Final = frozenset({"lead", "inspection", "complaint"})
"""Procedures of what an alert may become."""


@receiver(dossiers_changed)
def refresh_alerts_later(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    from wulian.information.alerts.tasks import refresh

    refresh.enqueue(sorted(set(project_ids)))


@receiver(rules_changed, dispatch_uid="alerts.rules_changed")
def judge_again_later(sender: Any, rule_ids: list[str], **kwargs: Any) -> None:
    """A rule applies otherwise now: judge it again over all dossiers."""
    from wulian.information.alerts.tasks import refresh

    refresh.enqueue(None, sorted(rule_ids))


@receiver(rule_checked, dispatch_uid="alerts.rule_checked")
def follow_answers(sender: Any, check: Any, **kwargs: Any) -> None:
    """What an officer suspects after the questions of a rule becomes its alert, in the same transaction."""
    from wulian.information.alerts.services.checks import follow_check

    follow_check(check)


@receiver(facts_changed, dispatch_uid="alerts.recount")
def recount_points(sender: Any, alerts: list[int], **kwargs: Any) -> None:
    """Parties and points follow what a refresh did, in its transaction."""
    from wulian.information.alerts.services.points import recount

    recount(alerts)


@receiver(post_save, sender=ProcedureStep, dispatch_uid="alerts.matter_ended")
def hear_of_endings(sender: Any, instance: ProcedureStep, created: bool, **kwargs: Any) -> None:
    """The rooms above take their steps in the procedures below; a last step there ends what alerts became."""
    if created and instance.procedure in ENDINGS and _is_last(instance):
        from wulian.information.alerts.services.referring import end_outcomes

        end_outcomes(step=instance)


def _is_last(step: ProcedureStep) -> bool:
    return step.to_state != step.from_state and step.to_state in procedure(step.procedure).final_states
