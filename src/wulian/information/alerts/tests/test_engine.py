"""The whole way once: registry → Parquet → rules → alerts, with the real engine."""

import pyarrow.parquet as pq
import pytest

from wulian.analysis.flags import FolderSource, iterate_hits, run_flags
from wulian.exchange.records import TABLES
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import read_snapshot, refresh_alerts, snapshot, write_snapshot
from wulian.information.alerts.tests.factories import change_deadline, hit, project
from wulian.information.registry.models import Bid, BiddingDocuments, Party


@pytest.fixture
def small_buckets(monkeypatch):
    """Two projects a file."""
    monkeypatch.setattr(snapshot, "BUCKET", 2)


def test_the_engine_finds_in_the_snapshot_what_the_registry_holds(people, small_buckets):
    """招标投标法 第二十四条: 17 days red, 19 yellow, 20 nothing; only the changed project is judged again."""
    _short, _near, good = [project(days=days) for days in (17, 19, 20)]
    write_snapshot()
    found = list(iterate_hits(run_flags(read_snapshot(), rules=["WJ-01"])))
    wanted = {h["subject_id"]: h for h in map(hit, BiddingDocuments.objects.all()) if h}
    assert {h["subject_id"] for h in found} == set(wanted)
    for h in found:
        expected = wanted[h["subject_id"]]
        assert expected["evidence"].items() <= h["evidence"].items()
        assert {name: h[name] for name in expected if name != "evidence"} == {
            name: value for name, value in expected.items() if name != "evidence"
        }

    change_deadline(good, 10)
    result = refresh_alerts(project_ids=[good.pk], rules=["WJ-01"])
    judged = set(Alert.objects.values_list("project_id", flat=True))
    assert (result.raised, judged) == (1, {good.pk})


def test_the_snapshot_has_every_table_in_the_schema_of_the_analysis(people):
    found = project()
    firm = Party.objects.create(source_key="a", name="湖北汉东建设有限公司")
    partner = Party.objects.create(source_key="b", name="随州建工有限公司")
    bid = Bid.objects.create(
        project=found, lot=found.alerts.model.lot.field.related_model.objects.get(project=found), source_key="B",
        tenderer=firm, price="1234567.89",
    )  # fmt: skip
    bid.consortium.set([firm, partner])
    write_snapshot()
    tables = read_snapshot()
    assert set(tables) == set(TABLES)
    (row,) = tables["bids"].to_pylist()
    assert (row["id"], row["tenderer"], row["consortium"]) == (
        str(bid.pk),
        str(firm.pk),
        f"{firm.pk};{partner.pk}",
    )
    assert str(row["price"]) == "1234567.89"
    assert {party["name"] for party in tables["parties"].to_pylist()} == {firm.name, partner.name}
    # `wulian flags` reads the folder as it is.
    assert FolderSource(snapshot.folder()).tables()["lots"].num_rows == 1


def test_only_the_files_of_changed_projects_are_written_again(people, small_buckets):
    projects = [project() for _n in range(6)]
    write_snapshot()
    folder = snapshot.folder() / "documents.parquet"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    change_deadline(projects[-1], 30)
    write_snapshot(project_ids=[projects[-1].pk])
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    assert len(before) >= 3
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == [f"{projects[-1].pk // 2:06d}.parquet"]
    assert not list(folder.glob("*.tmp"))


def test_rows_that_ended_and_projects_that_went_leave_the_snapshot(people, small_buckets):
    kept, gone = project(), project()
    write_snapshot()
    BiddingDocuments.objects.filter(project=kept).update(ended_at="2026-06-30T00:00:00Z")
    BiddingDocuments.objects.filter(project=gone).delete()
    write_snapshot()
    assert read_snapshot()["documents"].num_rows == 0
    assert not list((snapshot.folder() / "documents.parquet").glob("*.parquet"))
    assert sum(pq.read_table(p).num_rows for p in (snapshot.folder() / "lots.parquet").glob("*")) == 2
