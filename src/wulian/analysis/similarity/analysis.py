"""Everything that bids of one tender are compared for, and what comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wulian.analysis.similarity.bills import Bill
from wulian.analysis.similarity.comparison import Comparison, Text, compare
from wulian.analysis.similarity.errors import compare_errors
from wulian.analysis.similarity.facts import Fact, Facts
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Finding, Outcome, gravest_first
from wulian.analysis.similarity.memory import compare_with_memory
from wulian.analysis.similarity.pairs import Pair, text_findings, text_pairs, with_findings
from wulian.analysis.similarity.traces.identity import compare_identities
from wulian.analysis.similarity.traces.machines import compare_machines
from wulian.analysis.similarity.traces.people import compare_bonds, compare_people
from wulian.analysis.similarity.traces.properties import compare_properties


@dataclass(frozen=True)
class Analysis:
    """The comparison of the texts, the pairs of bidders, all findings gravest first, what was not tested, and the price tests."""

    comparison: Comparison
    pairs: list[Pair]
    findings: list[Finding]
    notes: list[str]
    tests: list[Mapping[str, Any]]


def analyse(
    bids: Sequence[ReadFile],
    *,
    tender: Sequence[ReadFile] = (),
    library: Sequence[ReadFile] = (),
    facts: Facts | None = None,
    memory: Any = None,
) -> Analysis:
    """Compare texts, errors, properties, pictures, machines, people, bonds, identities, prices and the city's memory.

    `memory` is a `Library` of earlier bids. What `tender` and `library` hold is subtracted everywhere.
    """
    facts = facts or Facts()
    sources = [*tender, *library]
    bidders = list(dict.fromkeys(file.bidder for file in bids))
    comparison = compare(_texts(bids), tender=_texts(tender), library=_texts(library))
    pairs = text_pairs(comparison, bids)
    files = {file.name: file for file in bids}
    outcomes = [
        Outcome(tuple(text_findings(pairs, files, subtracted=bool(sources)))),
        compare_errors(bids, sources, comparison),
        compare_properties(bids, sources),
        _pictures(bids, sources),
        compare_machines(_with_makers(facts, bids, tender), bidders),
        compare_people(facts),
        compare_bonds(facts),
        compare_identities(bids, sources, facts),
        _prices(bids, tender),
        compare_with_memory(bids, memory, tender=_texts(tender), library=_texts(library)),
    ]
    findings = gravest_first(one for outcome in outcomes for one in outcome.findings)
    return Analysis(
        comparison,
        with_findings(pairs, findings),
        findings,
        [note for outcome in outcomes for note in outcome.notes],
        [test for outcome in outcomes for test in outcome.tests],
    )


def _texts(files: Sequence[ReadFile]) -> list[Text]:
    return [file.text for file in files if file.content]


def _pictures(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Outcome:
    if not any(file.traces.pictures for file in bids):
        return Outcome(notes=("文件中没有可比对的图片",))
    from wulian.analysis.similarity.traces.pictures import compare_pictures

    return compare_pictures(bids, sources)


def _prices(bids: Sequence[ReadFile], tender: Sequence[ReadFile]) -> Outcome:
    bills: dict[str, list[Bill]] = defaultdict(list)
    for file in bids:
        bills[file.bidder] += file.bills
    if sum(map(bool, bills.values())) < 2:
        return Outcome(notes=("可读取的工程量清单不足两份，未比对报价",))
    # Loaded only where there are prices: its statistics take a while to load.
    from wulian.analysis.similarity.prices import compare_prices

    return compare_prices(bills, [bill for file in tender for bill in file.bills])


def _with_makers(facts: Facts, bids: Sequence[ReadFile], tender: Sequence[ReadFile]) -> Facts:
    """Add the codes that the pricing software wrote into the bills to those that the trading system exported."""
    rows = [
        Fact(bidder, {**bill.makers, "stage": "authoring", "file": file.name}, file.name, 0)
        for files, of_tender in ((bids, False), (tender, True))
        for file in files
        for bill in file.bills
        if bill.makers
        for bidder in (("" if of_tender else file.bidder),)
    ]
    return replace(facts, machine=(*facts.machine, *rows)) if rows else facts
