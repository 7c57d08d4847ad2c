"""Deciding on a finding; no comparison decides anything (REFERENCE C.5)."""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.information.comparison.choices import DECISIONS
from wulian.information.comparison.models import SimilarityFinding
from wulian.information.comparison.permissions import DECIDERS
from wulian.information.comparison.selectors import is_awarded, may_be_acted_on, opinions_now
from wulian.information.comparison.services.letters import TEMPLATES, issue_letter
from wulian.information.comparison.signals import similarity_filed

AGAINST_BIDDERS = ("to_committee", "file", "to_police")


def decide_finding(*, finding: SimilarityFinding, event: str, note: str, actor: User) -> SimilarityFinding:
    """Decide: `exclude`, `continue`, `to_committee` and `to_police` (each issues its letter) or `file` (opens a lead), with reasons.

    Raises Forbidden by role or scope, or for an officer whose own opinion it rests on; Refusal when an exclusion applies or an
    opinion does not support acting on it, without a bundle for the police, and for the committee after the award.
    """
    require_role(actor, *DECIDERS)
    if event not in DECISIONS:
        raise Refusal(_("Decision: choose one of the list."), field="event")
    with transaction.atomic():
        rows = SimilarityFinding.objects.select_for_update(of=("self",)).select_related(
            "project", "lot__tender__procuring_entity"
        )
        locked = rows.visible_to(actor).filter(pk=finding.pk).first()
        if locked is None:
            raise Forbidden(_("This finding between bidders is not your department's."))
        check_event(subject=locked, event=event, actor=actor, note=note)
        _check_decision(locked, event, actor)
        step = apply_event(
            subject=locked,
            event=event,
            actor=actor,
            note=note,
            data={"round": locked.round},
            verb="comparison.decided",
        )
        if event == "continue":
            locked.round += 1
        else:
            locked.decided_by, locked.decided_at = actor, step.at
        locked.decision_note = note.strip()
        locked.save(update_fields=["round", "decided_by", "decided_at", "decision_note"])
        if event == "file":
            similarity_filed.send(sender=SimilarityFinding, finding=locked, actor=actor, reason=note.strip())
        elif event in TEMPLATES:
            letter = issue_letter(finding=locked, event=event, note=note, actor=actor)
            link_outcome(finding=locked, record=letter)
    return locked


def link_outcome(*, finding: SimilarityFinding, record: models.Model) -> None:
    """Remember which record a finding became."""
    finding.outcome = record
    finding.save(update_fields=["outcome_type", "outcome_id"])


def _check_decision(finding: SimilarityFinding, event: str, actor: User) -> None:
    if any(one.officer.user_id == actor.pk for one in opinions_now(finding)):
        raise Forbidden(_("You gave an opinion on this finding, so another person has to decide."))
    if event in AGAINST_BIDDERS and not may_be_acted_on(finding):
        raise Refusal(
            _(
                "An exclusion applies, or an officer's opinion does not support it: the finding can be ruled out or checked further."
            ),
            field="event",
        )
    if event == "to_committee" and is_awarded(finding.lot):
        raise Refusal(
            _(
                "The lot has been awarded: what is found after the award goes to a case, not to the committee."
            ),
            field="event",
        )
    if event == "to_police" and not finding.bundles.exists():
        raise Refusal(
            _("Make the evidence bundle first: it goes to the police with the finding."), field="event"
        )
