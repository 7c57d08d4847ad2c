"""What an officer suspects after the questions of a rule is an alert of that rule until a later answer says otherwise."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from wulian.information.alerts.services.refresh import Refreshed, store_hits
from wulian.information.registry.models import Project
from wulian.information.rulebook.models import CheckOutcome, RuleCheck
from wulian.information.rulebook.selectors import in_force_on, versions_of
from wulian.law.rules import Rule


def follow_check(check: RuleCheck) -> Refreshed | None:
    """Bring the alerts of a rule on a dossier in line with the latest answers; None where data or texts decide the rule."""
    versions = [rule for rule in versions_of(check.rule_id) if isinstance(rule, Rule)]
    rule = in_force_on(versions, timezone.localdate(check.at)) if versions else None
    if rule is None or rule.kind != "checklist" or not rule.enabled:
        return None
    latest: dict[int | None, RuleCheck] = {}
    checks = RuleCheck.objects.filter(rule_id=rule.id, project=check.project_id)
    for item in checks.select_related("project", "lot", "officer").order_by("-at", "-pk"):
        latest.setdefault(item.lot_id, item)
    hits = [_hit(rule, item) for item in latest.values() if item.outcome == CheckOutcome.SUSPECTED]
    return store_hits(hits, scope=Q(rule_id=rule.id, project_id=check.project_id))


def _hit(rule: Rule, check: RuleCheck) -> dict[str, Any]:
    """Return a check in the shape in which the engine gives what a rule found."""
    project: Project = check.project
    rows = [{"核查项": item["question"], "回答": item["answer"]} for item in check.answers]
    evidence: dict[str, Any] = {"project.name": project.name}
    if check.lot is not None:
        evidence["lot.name"] = check.lot.name
    evidence |= {
        "核查意见": check.opinion,
        "核查人": check.officer.full_name,
        "rows": rows,
        "row_count": len(rows),
    }
    return {
        "rule": rule.id,
        "rule_version": rule.version,
        "severity": rule.severity,
        "subject_kind": "lot" if check.lot_id else "project",
        "subject_id": str(check.lot_id or project.pk),
        "project_id": str(project.pk),
        "lot_id": str(check.lot_id) if check.lot_id else None,
        "value": None,
        "threshold": None,
        "evidence": evidence,
        "conduct_date": None,
    }
