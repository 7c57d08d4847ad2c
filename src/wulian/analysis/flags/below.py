"""What is counted or chosen below a lot and below a contract, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import ibis
import ibis.expr.types as ir

from wulian.analysis.flags.columns import prefixed
from wulian.analysis.flags.joins import left_joined, one_per, standing
from wulian.exchange.records import LIST_SEPARATOR


class Below:
    """The single rows and counts that the views of lots and contracts join."""

    tables: Mapping[str, ir.Table]

    def _documents(self, kind: str, prefix: str) -> ir.Table:
        """First issue, whole sale period, and the deadline that finally applies (latest version or clarification)."""
        rows = self.tables["documents"].filter(ibis._.kind.fill_null("tender") == kind)
        rows = rows.mutate(version=rows.version.fill_null(1))
        newest = rows.group_by("lot_id").agg(newest=rows.version.max())
        rows = cast(ir.Table, rows.inner_join(newest, "lot_id"))
        latest = rows.version == rows.newest
        found = rows.group_by("lot_id").agg(
            issued_at=rows.issued_at.min(),
            sale_starts_at=rows.sale_starts_at.min(),
            sale_ends_at=rows.sale_ends_at.max(),
            opening_at=ibis.coalesce(rows.opening_at.max(where=latest), rows.opening_at.max()),
            fee=rows.fee.max(),
            standard_text=rows.standard_text.all(),
            stated_deadline_at=ibis.coalesce(rows.deadline_at.max(where=latest), rows.deadline_at.max()),
            version=rows.newest.max(),
        )
        clarifications = self.tables["clarifications"].filter(ibis._.kind.fill_null("tender") == kind)
        moved = clarifications.group_by("lot_id").agg(moved_to=clarifications.new_deadline_at.max())
        found = left_joined(found, moved, "lot_id")
        stated, moved_to = found.stated_deadline_at, found.moved_to
        later = ibis.greatest(ibis.coalesce(stated, moved_to), ibis.coalesce(moved_to, stated))
        return prefixed(found.mutate(deadline_at=later).drop("moved_to"), prefix, "lot_id")

    def _notices(self, kinds: tuple[str, ...], prefix: str) -> ir.Table:
        rows = self.tables["notices"].filter(ibis._.kind.isin(kinds))
        # Copies of one notice on several media are judged together: what one of them states is stated.
        found = rows.group_by("lot_id").agg(
            published_at=rows.published_at.min(),
            platform_published_at=rows.platform_published_at.min(),
            ends_at=rows.ends_at.max(),
            media=rows.media.group_concat(LIST_SEPARATOR, order_by=rows.id),
            access_url=rows.access_url.max(),
            objection_contact=rows.objection_contact.max(),
            missing_items=rows.missing_items.max(),
            # Texts of the tender notice that differ; a change notice is a notice of another kind.
            content_count=rows.content_hash.nunique(where=rows.kind == "tender").nullif(0),
        )
        return prefixed(found, prefix, "lot_id")

    def _first(self, table: str, prefix: str) -> ir.Table:
        single = one_per(self.tables[table], "lot_id").mutate(held=True).drop("id")
        return prefixed(single, prefix, "lot_id")

    def _members(self) -> ir.Table:
        members = self.tables["members"]
        members = members.filter(members.replaced_at.isnull())
        expert = members.kind.fill_null("expert") == "expert"
        counted = members.group_by("evaluation_id").agg(
            members__count=members.count(),
            members__expert_count=members.count(where=expert),
            members__outside_pool_count=members.count(where=expert & ~members.pool_approved),
        )
        lots = one_per(self.tables["evaluations"], "lot_id").select("lot_id", evaluation_id="id")
        return cast(ir.Table, lots.inner_join(counted, "evaluation_id")).drop("evaluation_id")

    def _candidates(self) -> ir.Table:
        rows = self.tables["candidates"]
        return rows.group_by("lot_id").agg(
            candidates__count=rows.count(),
            candidates__unranked_count=rows.count(where=rows["rank"].isnull()),
            candidates__first_price=rows.price.min(where=rows["rank"] == 1),
            candidates__first_tenderer=rows.tenderer.min(where=rows["rank"] == 1),
        )

    def _awards(self) -> ir.Table:
        rows = self.tables["awards"]
        stands = standing(rows)
        decided = rows.supplier.notnull() | rows.decided_at.notnull() | rows.notice_at.notnull()
        return rows.group_by("lot_id").agg(
            awards__decided_count=rows.count(where=stands & decided),
            awards__first_decided_at=rows.decided_at.min(where=stands),
            awards__first_notice_at=rows.notice_at.min(where=stands),
            awards__invalid_at=rows.invalid_at.max(),
            awards__redetermined_at=rows.redetermined_at.max(),
        )

    def _pending_objections(self) -> ir.Table:
        rows = self.tables["objections"]
        open_ones = (rows.target == "evaluation") & rows.replied_at.isnull()
        return rows.group_by("lot_id").agg(objections__pending_count=rows.count(where=open_ones))

    def _signed(self) -> ir.Table:
        rows = self.tables["contracts"]
        return rows.group_by("lot_id").agg(
            contracts__first_signed_at=rows.signed_at.min(), contracts__count=rows.count()
        )

    def _bid_counts(self) -> ir.Table:
        """Bids that were in at the deadline: not refused, not late, not taken back before it (招标投标法 28)."""
        deadline = self._documents("tender", "documents").select("lot_id", "documents__deadline_at")
        bids = left_joined(self.tables["bids"], deadline, "lot_id")
        limit = bids.documents__deadline_at
        taken_back = ((bids.status == "withdrawn") & bids.withdrawn_at.isnull()) | (
            bids.withdrawn_at <= limit
        )
        submitted = (
            bids.accepted.fill_null(True)
            & ~taken_back.fill_null(False)
            & (bids.uploaded_at <= limit).fill_null(True)
        )
        judged = bids.status.isin(("valid", "disqualified"))
        counted = bids.group_by("lot_id").agg(
            bids__count=bids.count(),
            bids__submitted_count=bids.count(where=submitted),
            bids__judged_count=bids.count(where=judged),
            bids__valid_seen=bids.count(where=bids.status == "valid"),
            bids__undecrypted_count=bids.count(where=bids.status == "undecrypted"),
        )
        # Where no bid was judged, the number of valid bids is unknown, not zero.
        valid = (counted.bids__judged_count > 0).ifelse(counted.bids__valid_seen, ibis.null("int64"))
        return counted.mutate(bids__valid_count=valid).drop("bids__valid_seen")

    def _consortium_overlaps(self) -> ir.Table:
        """For each bid, how many bids of the lot a member of its side takes part in, when a consortium is among them."""
        bids = self.tables["bids"]
        alone = bids.select("lot_id", row_id=bids.id, party=bids.tenderer, partner=ibis.literal(False))
        partners = bids.filter(bids.consortium.notnull())
        joint = partners.select(
            "lot_id",
            row_id=partners.id,
            party=partners.consortium.split(LIST_SEPARATOR).unnest(),
            partner=ibis.literal(True),
        )
        sides = ibis.union(alone, joint)
        repeated = sides.group_by("lot_id", "party").agg(
            bids=sides.row_id.nunique(), joint=sides.partner.any()
        )
        repeated = repeated.filter((repeated.bids > 1) & repeated.joint)
        hit = cast(ir.Table, sides.inner_join(repeated, ["lot_id", "party"]))
        return hit.group_by("row_id").agg(
            bid__consortium_overlaps=hit.bids.max(), bid__consortium_party=hit.party.min()
        )

    def _per_contract(self, table: str, prefix: str) -> ir.Table:
        return prefixed(one_per(self.tables[table], "contract_id").drop("id"), prefix, "contract_id")

    def _amendments(self) -> ir.Table:
        rows = self.tables["amendments"]
        return rows.group_by("contract_id").agg(
            amendments__largest=rows.amount.abs().max(),
            amendments__total=rows.amount.sum().cast("decimal(18, 2)"),
            amendments__approved_total=rows.amount.sum(where=rows.approved_by.notnull()).cast(
                "decimal(18, 2)"
            ),
            amendments__unapproved_count=rows.count(where=rows.amount.notnull() & rows.approved_by.isnull()),
        )

    def _subcontracts(self) -> ir.Table:
        events = self.tables["implementation"]
        given = events.filter(events.kind == "subcontract")
        return given.group_by("contract_id").agg(
            subcontracts__total=given.amount.sum().cast("decimal(18, 2)"), subcontracts__count=given.count()
        )

    def _payments(self) -> ir.Table:
        events = self.tables["implementation"]
        paid = events.filter(events.kind == "payment").select("contract_id", "amount")
        contracts = self.tables["contracts"].select("lot_id", contract_id="id")
        lots = self.tables["lots"].select("tender_id", lot_id="id")
        tenders = self.tables["tenders"].select("project_id", tender_id="id")
        joined = (
            paid.inner_join(contracts, "contract_id")
            .inner_join(lots, "lot_id")
            .inner_join(tenders, "tender_id")
        )
        joined = cast(ir.Table, joined)
        return joined.group_by("project_id").agg(
            project__payments_total=joined.amount.sum().cast("decimal(18, 2)")
        )
