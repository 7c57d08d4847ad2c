"""The store: what is read from lines, whole or not at all, and what a changed line changes."""

from __future__ import annotations

import gzip
import json

import duckdb
import pytest

from wulian.analysis.indicators import (
    BY_CODE,
    Judgement,
    RefusedLine,
    Store,
    UnreadableFile,
    parse_settings,
    run_indicators,
)
from wulian.analysis.indicators.judging import engine_for, judge, results
from wulian.analysis.indicators.reading import batches, read_lines
from wulian.analysis.indicators.tests.releases import award, bid, messy, release, to_lines
from wulian.analysis.indicators.times import instant

EVERY = {code: {} for code in BY_CODE}
TUNED = {
    **EVERY,
    "R024": {"threshold": 0.3},
    "R025": {"threshold": 0.4, "percentile": 30},
    "R048": {"minimum_contracting_processes": 1},
}


def _full(lines, settings):
    with Store() as store:
        store.fill(lines)
        return results(store, judge(store, settings, engine_for(store)))


def test_bad_lines_are_refused_by_number_and_the_others_are_read():
    good = to_lines([release("a"), release("b")])
    with Store() as store:
        intake = store.fill(
            [b"{broken\n", good[0], b"\n", b"[1]\n", b'{"ocid": 7}\n', b'\xff\xfe{"ocid"\n', good[1]]
        )
    assert intake.added == 2
    assert [item.line for item in intake.refused] == [1, 4, 5, 6]
    assert intake.refused[1] == RefusedLine(4, "应为一个 JSON 对象（compiled release）")
    assert intake.refused[2].reason == "缺少 ocid，或 ocid 不是文本"


def test_a_mark_of_byte_order_before_the_first_line_is_no_part_of_it():
    with Store() as store:
        assert store.fill([b"\xef\xbb\xbf" + to_lines([release("a")])[0]]).added == 1


def test_plain_and_gzip_files_are_read_whatever_their_names(tmp_path):
    lines = b"".join(to_lines(messy(40, 3)))
    (tmp_path / "plain.gz").write_bytes(lines)
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(lines))
    settings = parse_settings(EVERY)
    assert (
        run_indicators(tmp_path / "plain.gz", settings)[0]
        == run_indicators(tmp_path / "packed.jsonl", settings)[0]
    )


def test_a_damaged_file_is_named(tmp_path):
    packed = gzip.compress(b"".join(to_lines(messy(400, 3))))
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    for name in ("cut.gz", "missing.jsonl", "."):
        with pytest.raises(UnreadableFile, match="无法读取"):
            list(read_lines(tmp_path / name))


def test_the_result_does_not_depend_on_threads_or_on_the_size_of_batches(tmp_path, monkeypatch):
    path = tmp_path / "lots.jsonl"
    path.write_bytes(b"".join(to_lines(messy(300, 11))))
    settings = parse_settings(TUNED)
    once = json.dumps(run_indicators(path, settings, threads=1)[0])
    assert [json.dumps(run_indicators(path, settings, threads=count)[0]) for count in (2, 8)] == [once] * 2
    monkeypatch.setattr(batches, "__defaults__", (7,))
    assert json.dumps(run_indicators(path, settings)[0]) == once


def test_of_two_lines_of_a_process_the_later_one_counts():
    early = release("p", [bid("A", 100), bid("B", 100)], [award("A")])
    late = release("p", [bid("A", 100), bid("B", 101)], [award("A")])
    other = release("q", [bid("A", 100), bid("C", 150)], [award("A")])
    settings = parse_settings(TUNED)
    expected = _full(to_lines([late, other]), settings)
    assert _full(to_lines([early, other, late]), settings) == expected
    # In two readings as in one.
    with Store() as store:
        assert store.fill(to_lines([early, other])).added == 2
        intake = store.fill(to_lines([late]))
        assert (intake.added, intake.replaced) == (0, 1)
        assert results(store, judge(store, settings, engine_for(store))) == expected


def test_a_store_in_a_file_is_the_same_when_it_is_opened_again(tmp_path):
    lines, settings = to_lines(messy(80, 5)), parse_settings(TUNED)
    with Store(tmp_path / "store.duckdb") as store:
        store.fill(lines)
    with Store(tmp_path / "store.duckdb") as store:
        assert results(store, judge(store, settings, engine_for(store))) == _full(lines, settings)


def test_a_reading_that_fails_leaves_nothing_behind():
    def lines():
        yield from to_lines(messy(5000, 2))
        raise OSError("the disk is gone")

    with Store() as store:
        with pytest.raises(OSError, match="disk"):
            store.fill(lines())
        assert store.arrow("processes").num_rows == store.arrow("organisations").num_rows == 0
        assert store.fill(to_lines(messy(3, 2))).added == 3


def test_no_lines_at_all_give_no_findings():
    rows = _full([], parse_settings(EVERY))
    assert set(rows) == {"Meta"}
    assert rows["Meta"]["R024"] == {"q1": None, "q3": None, "lower_fence": None}


@pytest.mark.parametrize("settings", [EVERY, TUNED, {**TUNED, "currency": "CNY"}, {"R028": {}, "R003": {}}])
def test_after_each_change_the_findings_are_those_of_a_full_run(settings):
    settings = parse_settings(settings)
    current = {item["ocid"]: item for item in messy(120, 21)}
    replacements = messy(8, 22)
    with Store() as store:
        store.fill(to_lines(current.values()))
        judgement = Judgement(store, settings)
        for number, changed in enumerate(replacements):
            # Every fourth one is new; the first ones move the first currency met.
            if number % 4 != 3:
                changed["ocid"] = list(current)[number * 5]
            current[changed["ocid"]] = changed
            before = judgement.findings
            change = judgement.update(to_lines([changed]))
            assert change.intake.replaced == (number % 4 != 3)
            assert judgement.results() == _full(to_lines(current.values()), settings)
            assert len(before) + len(change.raised) - len(change.withdrawn) == len(judgement.findings)
        judgement.close()


def test_several_changes_at_once_may_name_a_process_twice_and_be_partly_broken():
    settings = parse_settings(TUNED)
    first, second = messy(2, 31)
    again = {**messy(1, 32)[0], "ocid": first["ocid"]}
    with Store() as store:
        store.fill(to_lines(messy(60, 30)))
        judgement = Judgement(store, settings)
        change = judgement.update([*to_lines([first, second, again]), b"broken"])
        assert (change.intake.added, [item.line for item in change.intake.refused]) == (2, [4])
        assert judgement.results() == _full(to_lines([*messy(60, 30), again, second]), settings)
        nothing = judgement.update([b"\n"])
        assert (len(nothing.raised), len(nothing.withdrawn)) == (0, 0)
        judgement.close()


def test_a_change_says_what_came_and_what_went():
    settings = parse_settings({"R028": {}})
    with Store() as store:
        store.fill(to_lines([release("p", [bid("A", 100), bid("B", 100)]), release("q", [bid("A", 1)])]))
        judgement = Judgement(store, settings)
        change = judgement.update(to_lines([release("p", [bid("A", 100), bid("B", 99), bid("C", 99)])]))
        names = store.names("organisations", change.raised.key[change.raised.group == 3])
        gone = store.names("organisations", change.withdrawn.key[change.withdrawn.group == 3])
        judgement.close()
    # The process stays flagged, and B too.
    assert (names, gone) == (["C"], ["A"])


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("2026-03-01T09:00:00Z", True),
        ("2026-03-01T23:59:60Z", True),
        ("2026-03-01T09:00:00−08:00", True),
        ("2026-03-01T24:00:00Z", False),
        ("2026-03-01T09:00:00+24:00", False),
        ("2026-03-01T09:00:00+08", False),
        ("2026-03-01T09:00Z", False),
        ("2026-03-01T09:00:00.Z", False),
        ("٢٠٢٦-03-01T09:00:00Z", False),
    ],
)
def test_times_are_read_as_rfc_3339(text, readable):
    assert (instant(text) is not None) == readable


def test_a_file_that_another_version_wrote_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE processes (process INTEGER, cancelled BOOLEAN)")
    with pytest.raises(UnreadableFile, match="不是本版本的指标库"):
        Store(path)
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("processes",)]
