"""The city's memory: added and removed without a rebuild, asked by look-up and by join with one result."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import ibis
import numpy as np
import pyarrow.parquet as pq
import pytest

from wulian.analysis.flags.backends import EngineMissing, connect
from wulian.analysis.similarity.library import Library, LibraryError, is_library, segments
from wulian.analysis.similarity.library.cli import main
from wulian.analysis.similarity.library.fingerprints import GRAM, HASH_BITS, NUMBER_BITS, WINDOW, fingerprints
from wulian.analysis.similarity.library.index import FEW, fingerprints_of
from wulian.analysis.similarity.normalising import normalise
from wulian.analysis.similarity.tests.texts import COPIED, own_text


def document(seed: int, *parts: str) -> str:
    own = own_text(seed, 30)
    own[15:15] = parts
    return "".join(own)


def row(name: str, text: str) -> tuple[dict[str, str], str]:
    return {"name": f"{name}.txt", "bidder": name, "tender": "某项目", "sha256": name}, text


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library", create=True)
    made.add(
        [row("甲", document(1, COPIED)), row("乙", document(2)), row("丙", document(3))], at="2026-01-01"
    )
    return made


def found(library: Library, text: str) -> list[str]:
    return [one.bidder for one, _ in library.candidates(text)]


def test_an_earlier_bid_that_has_a_passage_is_found_and_others_are_not(library):
    assert found(library, document(9, COPIED)) == ["甲"]
    assert found(library, document(10)) == []


def test_signs_spaces_and_width_hide_nothing(library):
    assert found(library, document(9, COPIED.replace("，", " ").replace("。", "\n"))) == ["甲"]


def test_every_shared_run_of_fifty_one_letters_shares_a_fingerprint():
    chance = np.random.default_rng(3)
    letters = normalise("".join(own_text(5, 60))).codes
    for _ in range(200):
        at = int(chance.integers(0, len(letters) - 51))
        run = letters[at : at + GRAM + WINDOW - 1]
        around = [normalise("".join(own_text(int(seed), 2))).codes for seed in chance.integers(100, 10**6, 2)]
        other = np.concatenate([around[0], run, around[1]])
        assert len(np.intersect1d(fingerprints(letters), fingerprints(other)))


def test_a_removed_document_is_not_found_and_its_text_is_gone(library):
    [one] = [one for one in library.documents().values() if one.bidder == "甲"]
    assert library.text(one.number) == document(1, COPIED)
    assert [gone.bidder for gone in library.remove([one.number])] == ["甲"]
    assert found(library, document(9, COPIED)) == []
    assert found(Library(library.path), document(9, COPIED)) == []
    assert library.text(one.number) == ""
    assert library.remove([one.number]) == []


def test_adding_writes_one_new_file_and_leaves_the_old_ones(library):
    before = {path: path.stat().st_mtime_ns for path in (library.path / "segments").iterdir()}
    library.add([row("丁", document(4, COPIED))], at="2026-01-02")
    after = {path: path.stat().st_mtime_ns for path in (library.path / "segments").iterdir()}
    assert before.items() < after.items()
    assert set(found(library, document(9, COPIED))) == {"甲", "丁"}


def test_the_same_file_is_taken_once(library):
    assert library.add([row("甲", document(1, COPIED))], at="2026-01-02") == []


def test_many_small_files_become_one_and_nothing_is_lost(library):
    for seed in range(20, 20 + 2 * FEW):
        library.add([row(str(seed), document(seed))], at="2026-01-02")
    assert len(list((library.path / "segments").iterdir())) < FEW
    for seed in range(20, 20 + 2 * FEW):
        assert found(library, document(seed))[0] == str(seed)


def test_merging_drops_the_postings_of_removed_documents(library):
    library.remove([one.number for one in library.documents().values() if one.bidder != "甲"])
    library.compact()
    [path] = (library.path / "segments").glob("*.parquet")
    assert len(segments.Segment(path)) == len(fingerprints_of(document(1, COPIED)))
    assert found(library, document(9, COPIED)) == ["甲"]


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.cluster)])
def engine(request):
    """A connection that Ibis knows; skipped, and why said, for an engine that is not installed."""
    if request.param == "duckdb":
        return ibis.duckdb.connect()
    try:
        spark = connect("spark", 0, 1)
    except EngineMissing as missing:
        pytest.skip(str(missing))
    request.addfinalizer(spark.stop)
    return ibis.pyspark.connect(spark._session)


def test_look_up_and_join_find_the_same(library, monkeypatch, engine):
    monkeypatch.setattr(segments, "GROUP", 50)
    for seed in range(30, 42):
        library.add([row(str(seed), document(seed, COPIED if seed % 3 == 0 else ""))], at="2026-01-02")
    library.compact()
    library.add([row("50", document(50, COPIED))], at="2026-01-03")
    assert pq.ParquetFile(min((library.path / "segments").glob("*.parquet"))).num_row_groups > 5
    asked = {
        name: fingerprints_of(text)
        for name, text in (("一", document(9, COPIED)), ("二", document(31)), ("三", document(77)))
    }
    joined = {(name, one.bidder, shared) for name, one, shared in library.joined(asked, engine)}
    looked_up = {
        (name, one.bidder, shared) for name, own in asked.items() for one, shared in library.sharing(own)
    }
    assert joined == looked_up
    assert {bidder for name, bidder, _ in joined if name == "一"} == {"甲", "30", "33", "36", "39", "50"}


@pytest.mark.parametrize("alike", [0, 300])
def test_every_posting_is_found_where_hashes_crowd_and_where_they_do_not(tmp_path, alike):
    chance = np.random.default_rng(7)
    crowd = np.arange(1 << 20, (1 << 20) + alike)
    hashes = np.unique(np.concatenate([chance.integers(0, 1 << HASH_BITS, 5000), crowd, [0, 1]]))
    segments.write_segment(tmp_path / "a.parquet", [(hashes << NUMBER_BITS) | np.arange(len(hashes))])
    segment = segments.Segment(tmp_path / "a.parquet")
    which, numbers = segment.hits(hashes, 200)
    assert (which == numbers).all() and len(which) == len(hashes)
    others = np.setdiff1d(chance.integers(0, 1 << HASH_BITS, 1000), hashes)
    assert segment.hits(others, 200)[0].size == 0


def test_a_hash_that_runs_over_the_end_of_a_row_group_is_found_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(segments, "GROUP", 7)
    hashes = np.array([5] * 4 + [9] * 12 + [11] * 3 + [1 << 38] * 2, dtype=np.int64)
    postings = (hashes << NUMBER_BITS) | np.arange(1, len(hashes) + 1)
    segments.write_segment(tmp_path / "a.parquet", [postings])
    segment = segments.Segment(tmp_path / "a.parquet")
    for value in (5, 11, 1 << 38):
        expected = np.flatnonzero(hashes == value) + 1
        assert sorted(segment.hits(np.array([value]), 200)[1].tolist()) == expected.tolist()
    which, numbers = segment.hits(np.array([5, 9, 11]), 200)
    assert np.bincount(which).tolist() == [4, 12, 3] and len(set(numbers.tolist())) == 19
    assert segment.hits(np.array([0, 6, 10, (1 << HASH_BITS) - 2]), 200)[0].size == 0


def test_what_everybody_has_leads_nowhere(library):
    library.add([row(str(seed), document(seed, COPIED)) for seed in range(1000, 1202)], at="2026-01-02")
    assert found(library, COPIED) == []


def test_the_tender_documents_text_leaves_no_fingerprint(tmp_path):
    library = Library(tmp_path / "library", create=True)
    library.add([row("甲", document(1, COPIED))], at="2026-01-01", masked=["".join(own_text(8, 5)) + COPIED])
    assert found(library, COPIED) == []
    assert found(library, document(1)) == ["甲"]


def test_a_change_that_broke_off_is_not_seen(library):
    with (library.path / "documents.jsonl").open("a") as lines:
        lines.write(
            json.dumps(
                {
                    "number": 4,
                    "name": "x",
                    "bidder": "x",
                    "tender": "",
                    "sha256": "x",
                    "letters": 1,
                    "added_at": "",
                }
            )
            + "\n"
        )
    assert 4 not in library.documents()
    [added] = library.add([row("丁", document(4))], at="2026-01-02")
    assert (added.number, library.documents()[4].bidder) == (4, "丁")


def test_the_same_file_in_another_tender_is_another_document(library):
    again = {"name": "甲.txt", "bidder": "乙", "tender": "另一项目", "sha256": "甲", "origin": "lot/7"}
    [added] = library.add([(again, document(1, COPIED))], at="2026-01-02")
    assert library.add([(again, document(1, COPIED))], at="2026-01-02") == []
    assert (added.origin, library.documents()[1].origin) == ("lot/7", "")
    assert {one.tender for one, _ in library.candidates(document(9, COPIED))} == {"某项目", "另一项目"}


def test_a_line_that_broke_off_is_cut_away_and_the_rest_is_kept(library):
    with (library.path / "documents.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"number": 4, "name": "断')
    other = Library(library.path)
    assert len(other.documents()) == 3
    other.add([row("丁", document(4, COPIED))], at="2026-01-02")
    assert set(found(library, document(9, COPIED))) == {"甲", "丁"}
    assert set(found(Library(library.path), document(9, COPIED))) == {"甲", "丁"}


def test_who_reads_sees_what_another_process_writes(library):
    reader = Library(library.path)
    assert found(reader, document(31)) == []
    for seed in range(30, 30 + 2 * FEW):
        library.add([row(str(seed), document(seed))], at="2026-01-02")
    assert found(reader, document(31)) == ["31"]
    library.remove([one.number for one in library.documents().values() if one.bidder == "31"])
    assert found(reader, document(31)) == []
    library.compact()
    assert found(reader, document(32)) == ["32"]


def test_several_processes_write_one_library_and_lose_nothing(tmp_path):
    place = tmp_path / "library"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_add_some, [(place, start) for start in (100, 200)]))
    library = Library(place)
    assert {one.bidder for one in library.documents().values()} == {
        str(seed) for start in (100, 200) for seed in range(start, start + 5)
    }
    assert len(library.documents()) == 10
    for seed in (100, 104, 200, 204):
        assert found(library, document(seed)) == [str(seed)]


def _add_some(given: tuple[Path, int]) -> None:
    place, start = given
    for seed in range(start, start + 5):
        Library(place, create=True).add([row(str(seed), document(seed))], at="2026-01-02")


def test_a_segment_that_went_while_a_reader_looked_is_looked_for_again(library, monkeypatch):
    stale, heads = json.loads((library.path / "library.json").read_text()), []
    library.add([row("丁", document(4))], at="2026-01-02")
    library.compact()
    reader = Library(library.path)
    true = reader._head
    monkeypatch.setattr(reader, "_head", lambda: heads.pop() if heads else true())
    heads += [stale]
    reader._refresh()
    heads += [stale]
    assert [one.bidder for one, _ in reader.sharing(fingerprints_of(document(2)))] == ["乙"]


def test_a_folder_that_is_no_library_is_refused(tmp_path):
    (tmp_path / "texts.txt").write_text("法规", encoding="utf-8")
    assert not is_library(tmp_path)
    with pytest.raises(LibraryError, match="不是历史投标文件库"):
        Library(tmp_path)
    with pytest.raises(LibraryError, match="不是空的"):
        Library(tmp_path, create=True)


def test_the_command_adds_asks_and_removes(tmp_path, capsys):
    bids = tmp_path / "bids"
    bids.mkdir()
    (bids / "甲公司.txt").write_text(document(1, COPIED), encoding="utf-8")
    (bids / "乙公司.txt").write_text(document(2), encoding="utf-8")
    (tmp_path / "新投标.txt").write_text(document(9, COPIED), encoding="utf-8")
    place = str(tmp_path / "library")
    assert main(["add", place, "--bids", str(bids), "--name", "黑屋湾水库"]) == 0
    for way in ([], ["--join"]):
        capsys.readouterr()
        assert main(["query", place, str(tmp_path / "新投标.txt"), "--json", *way]) == 0
        [hit] = map(json.loads, capsys.readouterr().out.splitlines())
        assert (hit["name"], hit["tender"]) == ("甲公司.txt", "黑屋湾水库")
    assert main(["remove", place, str(hit["number"])]) == 0
    capsys.readouterr()
    assert main(["query", place, str(tmp_path / "新投标.txt"), "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["remove", place, "99"]) == 2
    assert main(["query", str(tmp_path / "nothing"), str(bids / "甲公司.txt")]) == 2
