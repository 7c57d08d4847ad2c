"""The tables that the red flags share: lots, bids, meetings of two firms, wins, seats on committees, scores.

Column names are field paths (``lot__ceiling_price``), so that what a flag computes can be shown as it is. Amounts are floating
point here: a hint compares ratios, no legal limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import ibis

from wulian.exchange.records import LIST_SEPARATOR

Table = Any
CROWD = 30
"""Above so many bidders of a lot, two of them having met says nothing."""
LOT = ("project_id", "tender_id", "lot_id", "project__name", "lot__name")


def left(one: Table, other: Table, *keys: str) -> Table:
    """Left join that keeps the key columns of the left side only."""
    joined = one.left_join(other, list(keys), lname="", rname="{name}_right")
    return joined.drop([name for name in joined.columns if name.endswith("_right")])


def number(value: Any) -> Any:
    """Return an amount as floating point."""
    return value.cast("float64")


def ratio(part: Any, whole: Any) -> Any:
    """Return part ÷ whole, null where the whole is not positive."""
    return (whole > 0).ifelse(part.cast("float64") / whole.cast("float64"), ibis.null("float64"))


def known(condition: Any, verdict: Any) -> Any:
    """Return the verdict where `condition` holds, else unknown."""
    return condition.fill_null(False).ifelse(verdict, ibis.null("boolean"))


class Market:
    """Builds the shared tables over the analysis tables; `keep` gives each a name of its own, so that it is made once."""

    def __init__(self, tables: Mapping[str, Table], keep: Callable[[str, Table], Table], as_of: Any) -> None:
        self.tables = tables
        self.as_of = as_of
        self._keep = keep

    # -- lots and bids ---------------------------------------------------------------------------------------------

    @cached_property
    def lots(self) -> Table:
        """One row a lot: who buys, through which agency, what, where, when opened, who won at what price."""
        lots = self.tables["lots"].select(
            "tender_id", lot_id="id", lot__name="name", lot__category="category", lot__classification="classification",
            lot__estimated_price=number(ibis._.estimated_price), lot__ceiling_price=number(ibis._.ceiling_price),
            lot__terminated_at="terminated_at",
        )  # fmt: skip
        lots = left(left(lots, self._tenders, "tender_id"), self._awarded, "lot_id")
        lots = left(left(lots, self._opened, "lot_id"), self._documents, "lot_id")
        lots = lots.mutate(
            lot__opened_at=ibis.coalesce(lots.opening__actual_at, lots.documents__deadline_at),
            # What is compared with its like: works of housing with works of housing, of the same class where one is given.
            market=ibis.coalesce(lots.project__sector, "")
            + "/"
            + ibis.coalesce(lots.lot__category, "")
            + "/"
            + ibis.coalesce(lots.lot__classification.left(2), ""),
        )
        day = ibis.coalesce(
            lots.lot__opened_at, lots.award__decided_at, lots.lot__published_at, lots.lot__signed_at
        )
        return self._keep("lots", lots.mutate(day=day.date()))

    @cached_property
    def _tenders(self) -> Table:
        projects = self.tables["projects"].select(
            "owner", project_id="id", project__name="name", project__sector="sector", project__region_code="region_code"
        )  # fmt: skip
        tenders = self.tables["tenders"].select(
            "project_id",
            "procuring_entity",
            "agency",
            tender_id="id",
            tender__name="name",
            tender__mode="mode",
        )
        tenders = left(tenders, projects, "project_id")
        tenders = tenders.mutate(buyer=ibis.coalesce(tenders.procuring_entity, tenders.owner))
        tenders = tenders.drop("procuring_entity", "owner")
        return self.named(self.named(tenders, "buyer", "entity"), "agency", "agency")

    @cached_property
    def _awarded(self) -> Table:
        """The winner where a lot has a single one."""
        wins = self._not_cancelled
        found = wins.group_by("lot_id").agg(
            winners=wins.supplier.nunique(), winner=wins.supplier.min(),
            award__price=number(wins.price.max()), award__decided_at=wins.decided_at.min(),
            award__notice_at=wins.notice_at.min(),
        )  # fmt: skip
        found = found.mutate(
            winner=(found.winners == 1).ifelse(found.winner, ibis.null("string")),
            award__price=(found.winners <= 1).ifelse(found.award__price, ibis.null("float64")),
        )
        return self.named(found, "winner", "supplier")

    @cached_property
    def standing(self) -> Table:
        """Awards with a supplier that were not cancelled."""
        return self._not_cancelled.filter(self._not_cancelled.supplier.notnull())

    @cached_property
    def _not_cancelled(self) -> Table:
        awards = self.tables["awards"]
        return awards.filter(~awards.status.isin(("cancelled", "unsuccessful")).fill_null(False))

    @cached_property
    def _opened(self) -> Table:
        rows = self.tables["openings"]
        opened = rows.group_by("lot_id").agg(
            opening__actual_at=rows.actual_at.min(), opening__bidder_count=rows.bidder_count.max()
        )
        signed = self.tables["contracts"]
        signed = signed.group_by("lot_id").agg(lot__signed_at=signed.signed_at.min())
        lots = self.tables["lots"].select(lot_id="id")
        return left(left(lots, opened, "lot_id"), signed, "lot_id")

    @cached_property
    def _documents(self) -> Table:
        """Issue, deadline that finally applies, first notice."""
        rows = self.tables["documents"].filter(ibis._.kind.fill_null("tender") == "tender")
        found = rows.group_by("lot_id").agg(
            documents__issued_at=rows.issued_at.min(), documents__deadline_at=rows.deadline_at.max(),
            documents__opening_at=rows.opening_at.max(),
        )  # fmt: skip
        notices = self.tables["notices"].filter(
            ibis._.kind.isin(("tender", "prequalification", "invitation"))
        )
        published = notices.group_by("lot_id").agg(lot__published_at=notices.published_at.min())
        lots = self.tables["lots"].select(lot_id="id")
        return left(left(lots, found, "lot_id"), published, "lot_id")

    @cached_property
    def bids(self) -> Table:
        """One row a bid that was not taken back, with its lot."""
        rows = self.tables["bids"]
        rows = rows.filter(rows.withdrawn_at.isnull(), (rows.status != "withdrawn").fill_null(True))
        return self._keep("bids", self._bids(rows))

    @cached_property
    def all_bids(self) -> Table:
        """One row a bid, those taken back included."""
        return self._keep("all_bids", self._bids(self.tables["bids"]))

    def _bids(self, rows: Table) -> Table:
        bids = rows.select(
            "lot_id", bid_id="id", row_id="id", tenderer="tenderer", consortium="consortium", bid__status="status",
            bid__price=number(rows.price), bid__uploaded_at="uploaded_at", bid__withdrawn_at="withdrawn_at",
            digit=rows.price.cast("string").substr(0, 1),
        )  # fmt: skip
        lots = self.lots.select(
            "project_id", "tender_id", "lot_id", "project__name", "lot__name", "buyer", "entity__name", "winner", "market",
            "day", "lot__ceiling_price", "tender__mode", "project__region_code", "lot__opened_at",
        )  # fmt: skip
        bids = bids.inner_join(lots, "lot_id")
        bids = bids.mutate(won=bids.tenderer == bids.winner)
        return self.named(bids, "tenderer", "tenderer")

    @cached_property
    def turnout(self) -> Table:
        """One row a lot with bidders: how many there are, how many bids have a price, and the order of prices."""
        bids = self.bids
        return self._keep("turnout", bids.group_by("lot_id").agg(
            bids__competing=bids.tenderer.nunique(),
            bids__priced=bids.count(where=bids.bid__price > 0),
            bids__lowest=bids.bid__price.min(where=bids.bid__price > 0),
            bids__highest=bids.bid__price.max(where=bids.bid__price > 0),
            bids__disqualified=bids.count(where=bids.bid__status == "disqualified"),
            bids__valid=bids.count(where=bids.bid__status == "valid"),
        ))  # fmt: skip

    @cached_property
    def contested(self) -> Table:
        """The lots with their turnout; lots without any bid row are left out."""
        return self._keep("contested", self.lots.inner_join(self.turnout, "lot_id"))

    @cached_property
    def ladder(self) -> Table:
        """The priced bids of each lot in rising order: `place` from 1, and the prices one and two places below."""
        bids = self.bids
        bids = bids.filter(bids.bid__price > 0)
        by: dict[str, Any] = {"group_by": "lot_id", "order_by": ["bid__price", "bid_id"]}
        return self._keep("ladder", bids.mutate(
            place=ibis.row_number().over(**by) + 1,
            below=bids.bid__price.lag().over(**by),
            two_below=bids.bid__price.lag(2).over(**by),
        ))  # fmt: skip

    # -- two firms -------------------------------------------------------------------------------------------------

    @cached_property
    def meetings(self) -> Table:
        """One row a lot and two of its bidders, `first` < `second`; lots with a crowd are left out."""
        bids = self.bids.inner_join(
            self.turnout.filter(self.turnout.bids__competing.between(2, CROWD)), "lot_id"
        )
        # A time on the full hour is mostly a date that somebody wrote as a time.
        exact = bids.bid__uploaded_at.epoch_seconds().cast("int64") % 3600 != 0
        bids = bids.mutate(exact_at=exact.ifelse(bids.bid__uploaded_at, ibis.null("timestamp")))
        one = bids.select(
            "project_id", "tender_id", "lot_id", "day", "market", "winner", first="tenderer", first_price="bid__price",
            first_at="exact_at", opened_at="lot__opened_at",
        )  # fmt: skip
        other = bids.select("lot_id", second="tenderer", second_price="bid__price", second_at="exact_at")
        met = one.inner_join(other, "lot_id")
        return self._keep("meetings", met.filter(met.first < met.second))

    @cached_property
    def couples(self) -> Table:
        """One row two firms of one market that met: how often, how often each bid, and how far above chance (lift)."""
        met, bids = self.meetings, self.bids
        alone = bids.group_by("market", "tenderer").agg(n=bids.lot_id.nunique())
        size = bids.group_by("market").agg(pair__market_lots=bids.lot_id.nunique())
        pairs = met.group_by("market", "first", "second").agg(
            pair__together=met.lot_id.nunique(),
            pair__first_won=met.lot_id.nunique(where=met.winner == met.first),
            pair__second_won=met.lot_id.nunique(where=met.winner == met.second),
            pair__decided=met.lot_id.nunique(where=met.winner.notnull()),
            day=met.day.max(),
        )
        pairs = left(pairs, size, "market")
        for side in ("first", "second"):
            counts = alone.rename({side: "tenderer", f"pair__{side}_lots": "n"})
            pairs = left(pairs, counts, "market", side)
        expected = number(pairs.pair__first_lots) * pairs.pair__second_lots / pairs.pair__market_lots
        pairs = pairs.mutate(pair__lift=pairs.pair__together / expected)
        return self._keep("couples", self.paired(pairs))

    def paired(self, rows: Table, first: str = "first", second: str = "second") -> Table:
        """Add the pair's id and both names, from the columns that hold the two parties."""
        rows = self.named(self.named(rows, first, "pair", "first_name"), second, "pair", "second_name")
        return rows.mutate(pair_id=rows[first] + "|" + rows[second])

    # -- wins ------------------------------------------------------------------------------------------------------

    @cached_property
    def wins(self) -> Table:
        """One row a lot and a supplier that won it."""
        awards = self.standing
        wins = awards.group_by("lot_id", "supplier").agg(award__price=number(awards.price.max()))
        lots = self.lots.select(
            *LOT,
            "buyer",
            "agency",
            "market",
            "day",
            "lot__classification",
            "lot__category",
            "project__region_code",
        )
        return self._keep("wins", wins.inner_join(lots, "lot_id"))

    @cached_property
    def records(self) -> Table:
        """One row a firm: lots bid for, lots won, with how many buyers, among the lots that were decided."""
        bids = self.bids
        decided = bids.winner.notnull()
        firms = bids.group_by("tenderer").agg(
            party__bids=bids.lot_id.nunique(where=decided), party__wins=bids.lot_id.nunique(where=decided & bids.won),
            party__undecided=bids.lot_id.nunique(where=~decided), party__buyers=bids.buyer.nunique(),
            buyerless=bids.count(where=bids.buyer.isnull()), day=bids.day.max(), market=bids.market.max(),
        )  # fmt: skip
        buyers = bids.group_by("market").agg(market__buyers=bids.buyer.nunique())
        firms = left(firms, buyers, "market").mutate(
            party_id=firms.tenderer, party__win_rate=ratio(firms.party__wins, firms.party__bids)
        )
        return self._keep("records", self.named(firms, "party_id", "party"))

    # -- committees ------------------------------------------------------------------------------------------------

    @cached_property
    def seats(self) -> Table:
        """One row an expert's seat on a committee; `expert_id` is null where nothing identifies the person."""
        members = self.tables["members"]
        members = members.filter(members.replaced_at.isnull(), members.kind.fill_null("expert") == "expert")
        seats = members.select(
            "evaluation_id", member_id="id", row_id="id", expert="id_hash", member__name="name", member__employer="employer"
        )  # fmt: skip
        evaluations = self.tables["evaluations"].select("lot_id", evaluation_id="id")
        lots = self.lots.select(
            *LOT,
            "buyer",
            "agency",
            "winner",
            "market",
            "day",
            "entity__name",
            "agency__name",
            "supplier__name",
        )
        seats = seats.inner_join(evaluations, "evaluation_id").inner_join(lots, "lot_id")
        # Without a digest of the identity number a person cannot be told from a namesake: each seat stands alone.
        return self._keep("seats", seats.mutate(expert_id=ibis.coalesce(seats.expert, seats.member_id)))

    @cached_property
    def opinions(self) -> Table:
        """One row a member, a bid and a subjective item: the score, what the other members gave, the item's weight."""
        scores = self.tables["scores"]
        scores = scores.filter(~scores.objective.fill_null(False), scores.score.notnull())
        given = scores.select(
            "evaluation_id", member_id="member", bid_id="bid", score__item="item", score__given=number(scores.score),
            score__weight=number(scores.weight),
        )  # fmt: skip
        group = ["evaluation_id", "bid_id", "score__item"]
        total = given.score__given.sum().over(ibis.window(group_by=group))
        count = given.count().over(ibis.window(group_by=group))
        given = given.mutate(score__members=count, total=total)
        others = ratio(given.total - given.score__given, given.score__members - 1)
        return self._keep("opinions", given.mutate(score__others=others).drop("total"))

    # -- contracts -------------------------------------------------------------------------------------------------

    @cached_property
    def contracts(self) -> Table:
        """One row a contract with its lot, its changes, payments, subcontracts and acceptance."""
        rows = self.tables["contracts"].select(
            "lot_id", "supplier", contract_id="id", contract__contract_no="contract_no", contract__signed_at="signed_at",
            contract__price=number(ibis._.price), contract__duration_days="duration_days",
            contract__started_at="started_at", contract__payment_term_days="payment_term_days",
            contract__manager_name="manager_name",
        )  # fmt: skip
        lots = self.lots.select(
            *LOT, "buyer", "winner", "lot__estimated_price", "lot__ceiling_price", "award__price", "award__notice_at",
            "tender__mode", "lot__category",
        )  # fmt: skip
        rows = rows.inner_join(lots, "lot_id")
        rows = left(left(rows, self._changes, "contract_id"), self._performed, "contract_id")
        done = self.tables["acceptances"]
        done = done.group_by("contract_id").agg(
            acceptance__accepted_at=ibis.coalesce(done.accepted_at, done.report_at).min(),
            acceptance__settlement_amount=number(done.settlement_amount.max()),
        )
        rows = left(rows, done, "contract_id").mutate(day=ibis._.contract__signed_at.date())
        return self._keep("contracts", self.named(rows, "supplier", "supplier"))

    @cached_property
    def changes(self) -> Table:
        """One row a change of a contract."""
        rows = self.tables["amendments"]
        return rows.select(
            "contract_id", amendment_id="id", amended_at="amended_at", amount=number(rows.amount)
        )

    @cached_property
    def _changes(self) -> Table:
        rows = self.changes
        return rows.group_by("contract_id").agg(
            amendments__count=rows.count(), amendments__sum=rows.amount.sum(),
            amendments__unpriced=rows.count(where=rows.amount.isnull()),
            amendments__undated=rows.count(where=rows.amended_at.isnull()),
            amendments__first_at=rows.amended_at.min(),
        )  # fmt: skip

    @cached_property
    def _performed(self) -> Table:
        rows = self.tables["implementation"]
        paid, passed_on = rows.kind == "payment", rows.kind == "subcontract"
        return rows.group_by("contract_id").agg(
            contract__paid=number(rows.amount.sum(where=paid)),
            payments=rows.count(where=paid), unpaid=rows.count(where=paid & rows.amount.isnull()),
            contract__subcontracted=number(rows.amount.sum(where=passed_on)),
            contract__subcontracts=rows.count(where=passed_on),
            unpriced=rows.count(where=passed_on & rows.amount.isnull()),
        )  # fmt: skip

    # -- names -----------------------------------------------------------------------------------------------------

    def named(self, rows: Table, key: str, prefix: str, name: str = "name") -> Table:
        """Add the name of the party that `key` holds as ``<prefix>__<name>``."""
        parties = self.tables["parties"].select(**{key: "id", f"{prefix}__{name}": "name"})
        return left(rows, parties, key)

    def partners(self) -> Table:
        """One row a bid of a consortium and a member of it."""
        bids = self.tables["bids"]
        joint = bids.filter(bids.consortium.notnull())
        return joint.select(bid_id="id", member=joint.consortium.split(LIST_SEPARATOR).unnest())
