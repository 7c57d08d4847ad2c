"""Tables from folders and OCDS lines: what is missing is null, what is wrong is named by file, column and row."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wulian.analysis.flags import (
    arrow_from_dossiers,
    arrow_schema,
    open_source,
    rows_from_dossiers,
    run_flags,
)
from wulian.analysis.flags.examples.building import dossier
from wulian.analysis.flags.sources import SourceError, conform, read_table
from wulian.exchange.records import TABLES, DossierRecord, own_fields

BEIJING = ZoneInfo("Asia/Shanghai")


def _csv(folder, name, text):
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_schema_has_every_field_of_its_record_and_the_parent():
    for table in TABLES:
        names = arrow_schema(table).names
        assert set(own_fields(table)) <= set(names)
    assert arrow_schema("bids").field("lot_id").type == pa.string()
    assert arrow_schema("lots").field("estimated_price").type == pa.decimal128(18, 2)
    assert arrow_schema("lots").field("performance_security_ratio").type == pa.decimal128(7, 6)
    assert arrow_schema("bids").field("uploaded_at").type == pa.timestamp("us", tz="UTC")
    assert arrow_schema("nodes").names[:3] == ["id", "project_id", "lot_id"]


def test_ids_are_unique_across_dossiers_and_references_follow():
    fields = {
        "bid.status": "valid",
        "award.decided_at": "2026-07-01",
        "contract.supplier": "A",
        "acceptance.accepted_at": "2026-10-01",
    }
    rows = rows_from_dossiers([dossier("one", fields), dossier("two", fields)])
    assert [row["id"] for row in rows["bids"]] == ["one/bid", "two/bid"]
    assert [row["lot_id"] for row in rows["bids"]] == ["one/L", "two/L"]
    assert rows["acceptances"][1]["contract_id"] == "two/contract"
    assert rows["bids"][0]["tenderer"] == "one/A"
    assert rows["bids"][0]["quality"] is None


def test_a_party_is_its_uscc_wherever_it_appears():
    def with_code(source):
        record = dossier(source, {"bid.status": "valid"})
        data = record.model_dump()
        data["parties"][0]["uscc"] = "91350100M000100Y43"
        return DossierRecord.model_validate(data)

    rows = rows_from_dossiers([with_code("one"), with_code("two")])
    assert {row["tenderer"] for row in rows["bids"]} == {"91350100M000100Y43"}
    assert [row["id"] for row in rows["parties"]].count("91350100M000100Y43") == 1


def test_scores_name_members_and_bids_of_their_own_dossier():
    fields = {
        "member.kind": "expert",
        "bid.status": "valid",
        "score.member": "member",
        "score.bid": "bid",
        "score.score": 5,
    }
    rows = rows_from_dossiers([dossier("one", fields), dossier("two", fields)])
    assert (rows["scores"][1]["member"], rows["scores"][1]["bid"]) == ("two/member", "two/bid")


def test_a_repeated_row_id_inside_a_dossier_stays_apart():
    record = dossier("one", {"bid.status": "valid", "bid2.status": "valid"})
    record.project.tenders[0].lots[0].bids[1].id = "bid"
    assert [row["id"] for row in rows_from_dossiers([record])["bids"]] == ["one/bid", "one/bid~2"]


def test_csv_columns_are_read_with_their_types_and_missing_ones_are_null(tmp_path):
    path = _csv(
        tmp_path,
        "lots",
        "id,tender_id,name,estimated_price,prequalification,bid_valid_days,terminated_at\n"
        "L1,T1,一标段,4350000.05,是,90,2026-06-01 09:00\n"
        "L2,T1,二标段,,false,,2026-06-01T01:00:00Z\n",
    )
    first, second = read_table("lots", path).to_pylist()
    assert (first["estimated_price"], first["prequalification"], first["bid_valid_days"]) == (
        Decimal("4350000.05"),
        True,
        90,
    )
    assert first["terminated_at"] == second["terminated_at"] == datetime(2026, 6, 1, 9, tzinfo=BEIJING)
    assert (second["estimated_price"], second["prequalification"], second["floor_price"]) == (
        None,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("estimated_price", "四百万", "数"),
        ("estimated_price", "1.005", "2 位小数"),
        ("prequalification", "maybe", "是否值"),
        ("bid_valid_days", "9.5", "整数"),
        ("terminated_at", "昨天", "时间"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_by_file_column_and_row(tmp_path, column, value, expected):
    path = _csv(tmp_path, "lots", f"id,name,{column}\nL1,一标段,\nL2,二标段,{value}\n")
    with pytest.raises(SourceError, match=rf"lots\.csv: 列 {column}: 第 3 行的 '{value}' 不是.*{expected}"):
        read_table("lots", path)


def test_an_id_must_be_there_and_appear_once(tmp_path):
    with pytest.raises(SourceError, match=r"bids\.csv: 列 id: 第 3 行的 B1 与第 2 行重复"):
        read_table("bids", _csv(tmp_path, "bids", "id,lot_id\nB1,L1\nB1,L1\n"))
    with pytest.raises(SourceError, match="列 id: 第 2 行为空"):
        read_table("bids", _csv(tmp_path, "bids", "id,lot_id\n,L1\n"))


def test_parquet_numbers_and_naive_times_are_brought_to_the_schema():
    given = pa.table(
        {
            "id": ["L1"],
            "estimated_price": pa.array([4350000.05], pa.float64()),
            "bid_valid_days": pa.array([90], pa.int32()),
            "terminated_at": pa.array([datetime(2026, 6, 1, 9)], pa.timestamp("ms")),
            "name": pa.array(["  "]),
        }
    )
    (row,) = conform("lots", given, origin="lots").to_pylist()
    assert row["estimated_price"] == Decimal("4350000.05")
    assert row["terminated_at"] == datetime(2026, 6, 1, 9, tzinfo=BEIJING)
    assert row["name"] is None


def test_a_folder_of_files_is_a_source_and_unknown_columns_are_reported(tmp_path):
    tables = arrow_from_dossiers(
        [
            dossier(
                "c",
                {
                    "tender.must_tender": True,
                    "documents.issued_at": "2026-06-01 09:00",
                    "documents.deadline_at": "2026-06-19 09:30",
                },
            )
        ]
    )
    for name in ("projects", "tenders", "documents"):
        pq.write_table(tables[name], tmp_path / f"{name}.parquet")
    _csv(tmp_path, "lots", "id,tender_id,name,colour\nc/L,c/T,一标段,blue\n")
    source = open_source(tmp_path)
    assert run_flags(source, rules=["WJ-01"], as_of=date(2026, 11, 30)).hits.num_rows == 1
    assert source.warnings == ["lots.csv: 忽略未知列 colour"]


def test_a_table_in_two_files_an_empty_folder_and_a_missing_path_are_refused(tmp_path):
    with pytest.raises(SourceError, match="没有可用的数据表"):
        open_source(tmp_path).tables()
    _csv(tmp_path, "lots", "id\nL1\n")
    pq.write_table(pa.table({"id": ["L1"]}), tmp_path / "lots.parquet")
    with pytest.raises(SourceError, match="只能有一个"):
        open_source(tmp_path).tables()
    with pytest.raises(SourceError, match="不存在"):
        open_source(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="OCDS"):
        open_source(tmp_path / "notes.txt")


def test_a_broken_parquet_file_is_named(tmp_path):
    (tmp_path / "lots.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(SourceError, match=r"lots\.parquet"):
        open_source(tmp_path).tables()


RELEASE = {
    "ocid": "ocds-test-001",
    "id": "ocds-test-001-1",
    "date": "2026-07-01T00:00:00+08:00",
    "tag": ["award"],
    "buyer": {"id": "b", "name": "随州市交通运输局"},
    "parties": [
        {"id": "b", "name": "随州市交通运输局", "roles": ["buyer"]},
        {"id": "s", "name": "湖北楚天路桥建设有限公司", "roles": ["supplier"]},
    ],
    "tender": {"id": "t", "title": "国道改造", "procurementMethod": "open"},
    "awards": [
        {"id": "a", "status": "active", "suppliers": [{"id": "s", "name": "湖北楚天路桥建设有限公司"}]}
    ],
}


def test_ocds_lines_plain_or_gzip_are_a_source(tmp_path):
    line = json.dumps(RELEASE, ensure_ascii=False)
    plain, packed = tmp_path / "releases.jsonl", tmp_path / "releases.jsonl.gz"
    plain.write_text(line + "\n", encoding="utf-8")
    packed.write_bytes(gzip.compress(line.encode()))
    for path in (plain, packed):
        tables = open_source(path).tables()
        assert tables["tenders"].num_rows == tables["awards"].num_rows == 1


def test_a_file_without_one_readable_record_is_refused(tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text("{not json\n", encoding="utf-8")
    with pytest.raises(SourceError, match="没有可读入的记录"):
        open_source(path).tables()
