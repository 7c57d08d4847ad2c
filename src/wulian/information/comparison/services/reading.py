"""Reading what two bidders wrote: business secrets, so each reading is written down."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.information.comparison.models import ExtractedText, Pair, SimilarityFinding
from wulian.information.comparison.permissions import TEXT_READERS, may_read_texts
from wulian.information.comparison.services.bundles import read_text


def read_pair(*, pair: Pair, names: Collection[str], actor: User) -> dict[str, str]:
    """Return the texts of a pair's files by name; raises Forbidden by role, Refusal when one is missing or was altered."""
    require_role(actor, *TEXT_READERS)
    rows = ExtractedText.objects.filter(run=pair.run_id, bidder__in=(pair.a, pair.b, ""), name__in=names)
    found = {one.name: read_text(one).decode("utf-8", errors="surrogatepass") for one in rows}
    record_event(
        actor=actor,
        verb="comparison.text_read",
        subject=pair.run,
        summary=f"{pair.a}、{pair.b}",
        data={"pair": pair.pk, "files": sorted(found)},
    )
    return found


def read_evidence(*, finding: SimilarityFinding, actor: User) -> list[dict[str, Any]]:
    """Return where something stands, with the words for who reads what bidders wrote; for others the places alone."""
    if not may_read_texts(actor):
        return [{**one, "value": ""} for one in finding.evidence]
    if finding.evidence:
        record_event(
            actor=actor, verb="comparison.evidence_read", subject=finding, summary=str(finding)[:300], data={"run": finding.run_id}
        )  # fmt: skip
    return list(finding.evidence)
