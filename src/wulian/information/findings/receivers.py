"""A clause judged real becomes an alert of its rule; one that is no longer real takes it back."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from wulian.information.alerts.services import store_hits
from wulian.information.findings.models import Finding
from wulian.information.findings.selectors import Candidate, candidates
from wulian.information.registry.models import Lot
from wulian.information.rulebook.selectors import current_rules
from wulian.law.rules import Rule


def finding_was_judged(sender: Any, finding: Finding, **_kwargs: Any) -> None:
    """Bring the alerts of the finding's rule on this dossier in line with the verdicts.

    Only rules that texts alone decide: where data decide too, the verdict stays with the paper.
    """
    rule = next((one for one in current_rules() if one.id == finding.rule_id), None)
    if rule is None or not rule.clauses or not rule.enabled:
        return
    found = candidates(rule_id=rule.id, project_ids=[finding.project_id])
    hits = [_hit(rule, candidate) for candidate in found]
    store_hits(hits, scope=Q(rule_id=rule.id, project_id=finding.project_id))


def _hit(rule: Rule, candidate: Candidate) -> dict[str, Any]:
    """Return a candidate in the shape in which the engine gives what a rule found."""
    lot = Lot.objects.select_related("project").get(pk=candidate.lot_id)
    rows = [
        {"条款": fact["clause"], "文件": fact["file"], "页": fact["page"], "认定理由": fact["reason"]}
        for fact in candidate.facts
    ]
    evidence = {"project.name": lot.project.name, "lot.name": lot.name, "rows": rows, "row_count": len(rows)}
    return {
        "rule": rule.id,
        "rule_version": rule.version,
        "severity": rule.severity,
        "subject_kind": "lot",
        "subject_id": str(lot.pk),
        "project_id": str(lot.project_id),
        "lot_id": str(lot.pk),
        "value": None,
        "threshold": None,
        "evidence": evidence,
        "conduct_date": None,
    }
