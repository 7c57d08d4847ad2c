"""Reading what two bidders wrote: business secrets, so each reading is written down."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden
from wulian.information.comparison.models import EarlierBid, ExtractedText, Pair, SimilarityFinding
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


def read_earlier(*, use: EarlierBid, actor: User) -> dict[str, str]:
    """Return the texts of a bid and of the earlier one whose words it has, by name.

    Raises Forbidden by role, and for who does not see both dossiers; Refusal when one is missing or was altered.
    """
    require_role(actor, *TEXT_READERS)
    visible = SimilarityFinding.objects.visible_to(actor).filter(pk=use.finding_id).exists()
    if not visible or not EarlierBid.objects.visible_to(actor).filter(pk=use.pk).exists() or use.text is None:
        raise Forbidden(_("The earlier bid is of a dossier that your department does not supervise."))
    own = ExtractedText.objects.get(
        run=use.finding.run_id, name=use.own_file, bidder__in=use.finding.subjects
    )
    found = {
        name: read_text(one).decode("utf-8", errors="surrogatepass")
        for name, one in ((use.own_file, own), (use.label, use.text))
    }
    record_event(
        actor=actor,
        verb="comparison.earlier_read",
        subject=use.finding,
        summary=f"{use.own_file}、{use}"[:300],
        data={"earlier": use.pk, "lots": [use.finding.lot_id, use.lot_id]},
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
