"""The rows that rules judge: each view joins one table with what stands above and beside it, one column per field path.

All times in a view are Beijing wall-clock times without zone, so a calendar date is a plain cast on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import cast

import ibis
import ibis.expr.types as ir

from wulian.analysis.flags.below import Below
from wulian.analysis.flags.columns import SEPARATOR, prefixed
from wulian.analysis.flags.joins import left_joined, left_joined_each, one_per, only, standing

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
    "replacement": ("replacement", "lot", "lot_id", "inner"),
    "score": ("score", "lot", "lot_id", "inner"),
    "score_item": ("score_item", "lot", "lot_id", "inner"),
    "award": ("award", "lot", "lot_id", "inner"),
    "contract": ("contract", "lot", "lot_id", "inner"),
    "lot_contract": ("contract", "lot", "lot_id", "left"),
    "implementation": ("implementation", "lot", "lot_id", "inner"),
    "node": ("node", "project", "project_id", "inner"),
}


class Views(Below):
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
            return only(getattr(self, rows), wanted)
        own_name, parent_name, key, how = _PARENTED[rows]
        parent = getattr(self, parent_name)
        own = self._own_rows(own_name)
        own_columns = {name for name in own.columns if name in wanted} | {key}
        parent = only(parent, (set(wanted) - own_columns) | {key})
        own = own.select(sorted(own_columns))
        if how == "left":
            return left_joined(parent, own, key)
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
        return only(table, {*self._wanted, *_KEYS, *keys})

    # -- the levels above a lot ------------------------------------------------------------------------------------

    @cached_property
    def project(self) -> ir.Table:
        """One row a project, with its owner and what has been paid."""
        project = prefixed(self.tables["projects"].rename(project_id="id"), "project", "project_id")
        project = self._with_party(project, "project__owner", "owner")
        if "project__payments_total" in self._wanted:
            project = left_joined(project, self._payments(), "project_id")
        return self._keep("project", self._trimmed(project))

    @cached_property
    def tender(self) -> ir.Table:
        """One row a tender, with its project, the procuring entity and the agency."""
        tender = prefixed(self.tables["tenders"].rename(tender_id="id"), "tender", "tender_id", "project_id")
        tender = self._with_party(tender, "tender__procuring_entity", "entity")
        tender = self._with_party(tender, "tender__agency", "agency")
        return self._keep("tender", left_joined(self._trimmed(tender), self.project, "project_id"))

    @cached_property
    def lot(self) -> ir.Table:
        """One row a lot, with everything that is single or can be counted below it."""
        lot = prefixed(self.tables["lots"].rename(lot_id="id"), "lot", "lot_id", "tender_id")
        lot = left_joined(self._trimmed(lot), self.tender, "tender_id")
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
        lot = left_joined_each(lot, wanted, "lot_id")
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
            bid = left_joined(bid, self._consortium_overlaps(), "row_id")
        return bid.mutate(bid_id=bid.row_id)

    def _award_rows(self) -> ir.Table:
        """One row a standing award, with its supplier and when that supplier's contract was signed."""
        awards = self.tables["awards"]
        award = prefixed(awards.filter(standing(awards)).rename(row_id="id"), "award", "row_id", "lot_id")
        award = self._with_party(award, "award__supplier", "supplier")
        if "contract__signed_at" not in self._wanted:
            return award
        contracts = self.tables["contracts"]
        signed = contracts.group_by("lot_id", award__supplier=contracts.supplier).agg(
            contract__signed_at=contracts.signed_at.min(), contract__count=contracts.count()
        )
        return left_joined(award, signed, "lot_id", "award__supplier")

    def _contract_rows(self) -> ir.Table:
        """One row a contract, with acceptance, changes, the winning bid and the award."""
        contract = self._prefixed("contracts", "contract").mutate(contract_id=ibis._.row_id)
        contract = self._with_party(contract, "contract__supplier", "supplier")
        if self._wants("acceptance"):
            contract = left_joined(contract, self._per_contract("acceptances", "acceptance"), "contract_id")
        if self._wants("amendments"):
            contract = left_joined(contract, self._amendments(), "contract_id")
        if self._wants("subcontracts"):
            contract = left_joined(contract, self._subcontracts(), "contract_id")
        for table, person, prefix in (("bids", "tenderer", "winning_bid"), ("awards", "supplier", "award")):
            if not self._wants(prefix):
                continue
            rows = self.tables[table]
            rows = rows.filter(standing(rows)) if table == "awards" else rows
            single = one_per(rows, "lot_id", person).drop("id").rename(contract__supplier=person)
            single = self._trimmed(
                prefixed(single, prefix, "lot_id", "contract__supplier"), "contract__supplier"
            )
            contract = left_joined(contract, single, "lot_id", "contract__supplier")
        return contract

    def _member_rows(self) -> ir.Table:
        """One row a member of an evaluation committee that was not replaced."""
        members = self.tables["members"].filter(ibis._.replaced_at.isnull())
        rows = self._committee(members)
        if "member__employer_bids" not in self._wanted:
            return rows
        bids, parties = self.tables["bids"], self.tables["parties"].select("name", tenderer="id")
        named = bids.select("lot_id", "tenderer").inner_join(parties, "tenderer")
        counted = named.group_by("lot_id", member__employer=named.name).agg(found=named.count())
        rows = left_joined(rows, counted, "lot_id", "member__employer")
        found = rows.member__employer.notnull().ifelse(rows.found.fill_null(0), ibis.null("int64"))
        return rows.mutate(member__employer_bids=found).drop("found")

    def _replacement_rows(self) -> ir.Table:
        """One row a member who was replaced."""
        return self._committee(self.tables["members"].filter(ibis._.replaced_at.notnull()))

    def _committee(self, members: ir.Table) -> ir.Table:
        rows = prefixed(members.rename(row_id="id"), "member", "row_id", "evaluation_id")
        return cast(ir.Table, rows.inner_join(self._evaluations(), "evaluation_id"))

    def _score_rows(self) -> ir.Table:
        """One row a score, with how far it lies from the committee's median and how widely the others do."""
        scores = self.tables["scores"]
        group = ("evaluation_id", "bid", "item")
        middle = scores.group_by(*group).agg(median=scores.score.median(), members=scores.member.nunique())
        rows = scores.inner_join(middle, list(group))
        rows = rows.mutate(deviation=(rows.score.cast("float64") - rows["median"].cast("float64")).abs())
        spread = rows.group_by(*group).agg(mad=rows.deviation.median())
        rows = rows.inner_join(spread, list(group)).rename(row_id="id")
        named = prefixed(rows, "score", "row_id", "evaluation_id")
        return cast(ir.Table, named.inner_join(self._evaluations(), "evaluation_id"))

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
        party = self.tables["parties"].select("id", "name", "uscc", "kind", "is_sme", "legal_representative")
        return left_joined(rows, self._trimmed(prefixed(party.rename(**{key: "id"}), prefix, key), key), key)
