"""The real files of foreign publishers, which stay outside the project; skipped where they are not."""

from __future__ import annotations

import io

import pytest

from wulian.exchange.ocds import iterate_dossiers
from wulian.exchange.records import DossierRecord, iterate_rows
from wulian.exchange.refusals import Refusal
from wulian.exchange.tests.builders import shared_folder
from wulian.exchange.workbook import read_workbook, write_workbook

FOLDER = shared_folder() / "data" / "ocds"
needs_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"real data not there: {FOLDER} (set WULIAN_SHARED)"
)


@needs_data
def test_twelve_publishers_are_read_and_only_negative_budgets_are_refused():
    results = list(iterate_dossiers(FOLDER / "real_ocds.jsonl.gz"))
    refusals = [item for item in results if isinstance(item, Refusal)]
    assert len(results) == 610
    assert {(r.column, r.message) for r in refusals} == {("/planning/budget/amount/amount", "金额不能为负数")}
    assert len(refusals) == 4


@needs_data
def test_the_auctions_of_one_city_come_in_whole():
    dossiers = list(iterate_dossiers(FOLDER / "tsuchiura.jsonl.gz"))
    assert all(isinstance(item, DossierRecord) for item in dossiers)
    tables = [table for item in dossiers for table, _row, _above in iterate_rows(item)]
    assert len(dossiers) == 1565
    assert tables.count("bids") == 6013
    assert tables.count("awards") == 1561
    assert len({party.id for item in dossiers for party in item.parties}) == 270


@needs_data
@pytest.mark.slow
def test_the_workbook_carries_real_dossiers_there_and_back():
    dossiers = [d for d in iterate_dossiers(FOLDER / "tsuchiura.jsonl.gz") if isinstance(d, DossierRecord)][
        :300
    ]
    stream = io.BytesIO()
    write_workbook(dossiers, stream)
    stream.seek(0)
    back = {item.source_id: item for item in read_workbook(stream)}
    assert all(back[item.source_id].project == item.project for item in dossiers)
