"""The rows that rules judge: each view joins one table with what stands above and beside it, one column per field path.

All times in a view are Beijing wall-clock times without zone, so a calendar date is a plain cast on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import cast

import ibis
import ibis.expr.types as ir

from wulian.analysis.flags.columns import SEPARATOR, prefixed
from wulian.exchange.records import LIST_SEPARATOR

ANNOUNCEMENTS = ("tender", "prequalification", "invitation")
_KEYS = frozenset({"project_id", "tender_id", "lot_id", "bid_id", "contract_id", "row_id"})
_WITHOUT_PARENT = ("project", "tender", "lot")
# Row kind → own rows, what they hang from, by which key, and whether parents without rows stay.
_PARENTED = {
    "clarification": ("clarification", "lot", "lot_id", "inner"),
    "objection": ("objection", "lot", "lot_id", "inner"),
    "lot_objection": ("objection", "lot", "lot_id", "left"),
    "bid": ("bid", "lot", "lot_id", "inner"),
    "member": ("member", "lot", "lot_id", "inner"),
    "score_item": ("score_item", "lot", "lot_id", "inner"),
    "award": ("award", "lot", "lot_id", "inner"),
    "contract": ("contract", "lot", "lot_id", "inner"),
    "lot_contract": ("contract", "lot", "lot_id", "left"),
    "implementation": ("implementation", "lot", "lot_id", "inner"),
    "node": ("node", "project", "project_id", "inner"),
}


class Views:
    """Builds the views over the tables; `keep` gives a table that many rules share a name of its own.

    `wanted` are the columns any rule of the run reads: of the some three hundred there are, only these are built.
    """

    def __init__(
        self,
        tables: Mapping[str, ir.Table],
        wanted: Collection[str],
        keep: Callable[[str, ir.Table], ir.Table],
    ) -> None:
        self.tables = tables
        self._wanted = frozenset(wanted)
        self._keep = keep
        self._own: dict[str, ir.Table] = {}

    def view(self, rows: str, wanted: Collection[str]) -> ir.Table:
        """Return the rows of one kind with those of the `wanted` columns that exist; KeyError for an unknown kind."""
        if rows in _WITHOUT_PARENT:
            return _only(getattr(self, rows), wanted)
        own_name, parent_name, key, how = _PARENTED[rows]
        parent = getattr(self, parent_name)
        own = self._own_rows(own_name)
        own_columns = {name for name in own.columns if name in wanted} | {key}
        parent = _only(parent, (set(wanted) - own_columns) | {key})
        own = own.select(sorted(own_columns))
        if how == "left":
            return _left(parent, own, key)
        return cast(ir.Table, own.inner_join(parent, key))

    def columns(self, rows: str) -> set[str]:
        """Return every column that rows of this kind have, of those the run wants."""
        if rows in _WITHOUT_PARENT:
            return set(getattr(self, rows).columns)
        own_name, parent_name, _key, _how = _PARENTED[rows]
        return {*self._own_rows(own_name).columns, *getattr(self, parent_name).columns}

    def _own_rows(self, name: str) -> ir.Table:
        if name not in self._own:
            self._own[name] = self._keep(f"{name}_rows", self._trimmed(getattr(self, f"_{name}_rows")()))
        return self._own[name]

    def _wants(self, prefix: str) -> bool:
        return any(name.startswith(prefix + SEPARATOR) for name in self._wanted)

    def _trimmed(self, table: ir.Table, *keys: str) -> ir.Table:
        return _only(table, {*self._wanted, *_KEYS, *keys})

    # -- the levels above a lot ------------------------------------------------------------------------------------

    @cached_property
    def project(self) -> ir.Table:
        """One row a project, with its owner and what has been paid."""
        project = prefixed(self.tables["projects"].rename(project_id="id"), "project", "project_id")
        project = self._with_party(project, "project__owner", "owner")
        if "project__payments_total" in self._wanted:
            project = _left(project, self._payments(), "project_id")
        return self._keep("project", self._trimmed(project))

    @cached_property
    def tender(self) -> ir.Table:
        """One row a tender, with its project, the procuring entity and the agency."""
        tender = prefixed(self.tables["tenders"].rename(tender_id="id"), "tender", "tender_id", "project_id")
        tender = self._with_party(tender, "tender__procuring_entity", "entity")
        tender = self._with_party(tender, "tender__agency", "agency")
        return self._keep("tender", _left(self._trimmed(tender), self.project, "project_id"))

    @cached_property
    def lot(self) -> ir.Table:
        """One row a lot, with everything that is single or can be counted below it."""
        lot = prefixed(self.tables["lots"].rename(lot_id="id"), "lot", "lot_id", "tender_id")
        lot = _left(self._trimmed(lot), self.tender, "tender_id")
        parts: dict[str, Callable[[], ir.Table]] = {
            "documents": lambda: self._documents("tender", "documents"),
            "prequalification": lambda: self._documents("prequalification", "prequalification"),
            "announcement": lambda: self._notices(ANNOUNCEMENTS, "announcement"),
            "publicity": lambda: self._notices(("candidates",), "publicity"),
            "result": lambda: self._notices(("award",), "result"),
            "termination": lambda: self._notices(("termination",), "termination"),
            "contract_notice": lambda: self._notices(("contract",), "contract_notice"),
            "opening": lambda: self._first("openings", "opening"),
            "evaluation": lambda: self._first("evaluations", "evaluation"),
            "members": self._members,
            "candidates": self._candidates,
            "awards": self._awards,
            "objections": self._pending_objections,
            "contracts": self._signed,
            "bids": self._bid_counts,
        }
        wanted = [self._trimmed(build()) for prefix, build in parts.items() if self._wants(prefix)]
        lot = _left_each(lot, wanted, "lot_id")
        if "evaluation__held" in lot.columns:
            lot = lot.mutate(evaluation__held=lot.evaluation__held.fill_null(False))
        return self._keep("lot", lot)

    # -- the rows of a lot -----------------------------------------------------------------------------------------

    def _clarification_rows(self) -> ir.Table:
        return self._prefixed("clarifications", "clarification")

    def _objection_rows(self) -> ir.Table:
        return self._prefixed("objections", "objection")

    def _bid_rows(self) -> ir.Table:
        """One row a bid, with its tenderer and how often its side bids in the lot."""
        bid = self._with_party(self._prefixed("bids", "bid"), "bid__tenderer", "tenderer")
        if "bid__consortium_overlaps" in self._wanted:
            bid = _left(bid, self._consortium_overlaps(), "row_id")
        return bid.mutate(bid_id=bid.row_id)

    def _award_rows(self) -> ir.Table:
        """One row a standing award, with its supplier and when that supplier's contract was signed."""
        awards = self.tables["awards"]
        award = prefixed(awards.filter(_standing(awards)).rename(row_id="id"), "award", "row_id", "lot_id")
        award = self._with_party(award, "award__supplier", "supplier")
        if "contract__signed_at" not in self._wanted:
            return award
        contracts = self.tables["contracts"]
        signed = contracts.group_by("lot_id", award__supplier=contracts.supplier).agg(
            contract__signed_at=contracts.signed_at.min(), contract__count=contracts.count()
        )
        return _left(award, signed, "lot_id", "award__supplier")

    def _contract_rows(self) -> ir.Table:
        """One row a contract, with acceptance, changes, the winning bid and the award."""
        contract = self._prefixed("contracts", "contract").mutate(contract_id=ibis._.row_id)
        contract = self._with_party(contract, "contract__supplier", "supplier")
        if self._wants("acceptance"):
            contract = _left(contract, self._per_contract("acceptances", "acceptance"), "contract_id")
        if self._wants("amendments"):
            contract = _left(contract, self._amendments(), "contract_id")
        for table, person, prefix in (("bids", "tenderer", "winning_bid"), ("awards", "supplier", "award")):
            if not self._wants(prefix):
                continue
            rows = self.tables[table]
            rows = rows.filter(_standing(rows)) if table == "awards" else rows
            single = _one_per(rows, "lot_id", person).drop("id").rename(contract__supplier=person)
            single = self._trimmed(
                prefixed(single, prefix, "lot_id", "contract__supplier"), "contract__supplier"
            )
            contract = _left(contract, single, "lot_id", "contract__supplier")
        return contract

    def _member_rows(self) -> ir.Table:
        """One row a member of an evaluation committee that was not replaced."""
        members = self.tables["members"].filter(ibis._.replaced_at.isnull())
        rows = prefixed(members.rename(row_id="id"), "member", "row_id", "evaluation_id")
        return cast(ir.Table, rows.inner_join(self._evaluations(), "evaluation_id"))

    def _score_item_rows(self) -> ir.Table:
        """One row for the scores all members gave one bid for one item."""
        scores = self.tables["scores"]
        items = scores.group_by("evaluation_id", "bid", "item").agg(
            row_id=scores.id.min(),
            score_item__lowest=scores.score.min(),
            score_item__highest=scores.score.max(),
            score_item__members=scores.member.nunique(),
            score_item__objective=scores.objective.any(),
            score_item__in_documents=scores.in_documents.all(),
        )
        items = items.rename(score_item__item="item", score_item__bid="bid")
        return cast(ir.Table, items.inner_join(self._evaluations(), "evaluation_id"))

    def _implementation_rows(self) -> ir.Table:
        """One row an event of performance, with its contract and the other party."""
        events = prefixed(
            self.tables["implementation"].rename(row_id="id"), "implementation", "row_id", "contract_id"
        )
        contract = self._own_rows("contract").drop("row_id")
        events = cast(ir.Table, events.inner_join(contract, "contract_id"))
        return self._with_party(events, "implementation__party", "partner")

    def _node_rows(self) -> ir.Table:
        return prefixed(self.tables["nodes"].rename(row_id="id"), "node", "row_id", "project_id", "lot_id")

    def _evaluations(self) -> ir.Table:
        return self.tables["evaluations"].select("lot_id", evaluation_id="id")

    def _prefixed(self, table: str, prefix: str) -> ir.Table:
        return prefixed(self.tables[table].rename(row_id="id"), prefix, "row_id", "lot_id")

    def _with_party(self, rows: ir.Table, key: str, prefix: str) -> ir.Table:
        if not self._wants(prefix):
            return rows
        party = self.tables["parties"].select("id", "name", "uscc", "kind", "is_sme")
        return _left(rows, self._trimmed(prefixed(party.rename(**{key: "id"}), prefix, key), key), key)

    # -- what is counted or chosen below a lot ---------------------------------------------------------------------

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
            stated_deadline_at=ibis.coalesce(rows.deadline_at.max(where=latest), rows.deadline_at.max()),
            version=rows.newest.max(),
        )
        clarifications = self.tables["clarifications"].filter(ibis._.kind.fill_null("tender") == kind)
        moved = clarifications.group_by("lot_id").agg(moved_to=clarifications.new_deadline_at.max())
        found = _left(found, moved, "lot_id")
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
        )
        return prefixed(found, prefix, "lot_id")

    def _first(self, table: str, prefix: str) -> ir.Table:
        single = _one_per(self.tables[table], "lot_id").mutate(held=True).drop("id")
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
        lots = _one_per(self.tables["evaluations"], "lot_id").select("lot_id", evaluation_id="id")
        return cast(ir.Table, lots.inner_join(counted, "evaluation_id")).drop("evaluation_id")

    def _candidates(self) -> ir.Table:
        rows = self.tables["candidates"]
        return rows.group_by("lot_id").agg(
            candidates__count=rows.count(),
            candidates__unranked_count=rows.count(where=rows["rank"].isnull()),
            candidates__first_tenderer=rows.tenderer.min(where=rows["rank"] == 1),
        )

    def _awards(self) -> ir.Table:
        rows = self.tables["awards"]
        stands = _standing(rows)
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
        bids = _left(self.tables["bids"], deadline, "lot_id")
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
        return prefixed(_one_per(self.tables[table], "contract_id").drop("id"), prefix, "contract_id")

    def _amendments(self) -> ir.Table:
        rows = self.tables["amendments"]
        return rows.group_by("contract_id").agg(
            amendments__largest=rows.amount.abs().max(),
            amendments__total=rows.amount.sum().cast("decimal(18, 2)"),
            amendments__unapproved_count=rows.count(where=rows.amount.notnull() & rows.approved_by.isnull()),
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


def _standing(awards: ir.Table) -> ir.BooleanValue:
    """Awards that were not cancelled."""
    return cast(ir.BooleanValue, ~awards.status.isin(("cancelled", "unsuccessful")).fill_null(False))


def _only(table: ir.Table, wanted: Collection[str]) -> ir.Table:
    return table.select([name for name in table.columns if name in wanted])


def _one_per(rows: ir.Table, *keys: str) -> ir.Table:
    """Keep one row a key: the one with the smallest id, so that the choice is the same on every engine."""
    order = ibis.row_number().over(group_by=list(keys), order_by="id")
    return cast(ir.Table, rows.mutate(_order=order).filter(ibis._._order == 0).drop("_order"))


def _left_each(left: ir.Table, parts: Sequence[ir.Table], key: str) -> ir.Table:
    """Left join many tables by one key, in one step: a step each would repeat every column in the query."""
    joined: ir.Table = left
    names = list(left.columns)
    for place, part in enumerate(parts):
        if clash := set(names) & set(part.columns) - {key}:
            raise ValueError(f"both sides of a join have {sorted(clash)}")
        names += [name for name in part.columns if name != key]
        part = part.rename(**{f"{key}_{place}": key})
        joined = cast(ir.Table, joined.left_join(part, left[key] == part[f"{key}_{place}"]))
    return joined.select(names)


def _left(left: ir.Table, right: ir.Table, *keys: str) -> ir.Table:
    """Left join that keeps the key columns of the left side only and refuses any other clash of names."""
    clash = (set(left.columns) & set(right.columns)) - set(keys)
    if clash:
        raise ValueError(f"both sides of a join have {sorted(clash)}")
    joined = left.left_join(right, list(keys), lname="", rname="{name}_right")
    return cast(ir.Table, joined.drop([f"{key}_right" for key in keys if f"{key}_right" in joined.columns]))
