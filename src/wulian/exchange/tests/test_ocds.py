from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wulian.exchange.ocds import Limits, iterate_dossiers
from wulian.exchange.records import BEIJING, DossierRecord
from wulian.exchange.refusals import Refusal
from wulian.exchange.tests.builders import (
    OWNER,
    RELEASE,
    lines,
    make_release,
    put,
    read,
    read_one,
    refused,
    write_gzip,
)


def only_lot(dossier):
    (lot,) = dossier.project.tenders[0].lots
    return lot


def test_a_release_becomes_a_dossier_with_every_stage():
    dossier = read_one(RELEASE)
    lot = only_lot(dossier)
    assert dossier.source_system == "ocds-sz0001"
    assert dossier.source_id == "ocds-sz0001-2025-018"
    assert dossier.project.budget_funds == Decimal("52000000.00")
    assert dossier.project.tenders[0].mode == "open"
    assert lot.category == "works"
    assert lot.estimated_price == Decimal("43500000.00")
    assert lot.documents[0].deadline_at == datetime(2025, 4, 8, 9, 30, tzinfo=BEIJING)
    assert [notice.kind for notice in lot.notices] == ["tender"]
    assert lot.clarifications[0].content == "图纸缺页\n已补发"
    assert [(bid.id, bid.tenderer, bid.status) for bid in lot.bids] == [
        ("T1", "B1", "valid"),
        ("T2", "B2", "disqualified"),
    ]
    assert lot.bids[1].rejection_basis == "未提交保证金"
    assert lot.opening.bidder_count == 2
    assert lot.awards[0].supplier == "B1"
    assert lot.contracts[0].supplier == "B1"
    assert lot.contracts[0].duration_days == 300
    assert lot.contracts[0].implementation[0].kind == "payment"


def test_a_valid_credit_code_is_taken_as_one_and_an_invalid_one_stays_an_identifier():
    owner = next(party for party in read_one(RELEASE).parties if party.name.startswith("随州市城市"))
    assert owner.uscc == OWNER
    wrong = put(RELEASE, "parties/0/identifier/id", OWNER[:-1] + "0")
    wrong = put(wrong, "parties/0/id", "X")
    owner = next(party for party in read_one(wrong).parties if party.id == "X")
    assert (owner.uscc, owner.scheme, owner.scheme_id) == ("", "CN-USCC", OWNER[:-1] + "0")


def test_rounding_an_amount_is_noted():
    dossier = read_one(RELEASE)
    assert only_lot(dossier).bids[1].price == Decimal("42310000.01")
    assert any("bids" in note and "42310000.005" in note for note in dossier.notes)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("awards/0/date", "0000-00-00", "没有这一天"),
        ("date", "yesterday", "应为日期"),
        ("tender/value/amount", -5, "负数"),
        ("contracts/0/value/amount", 10**17, "过大"),
        ("bids/details/0/value/amount", "四千万", "金额"),
    ],
)
def test_a_malformed_value_that_matters_refuses_the_record_and_names_its_path(path, value, words):
    refusal = refused(put(RELEASE, path, value))
    assert refusal.column.replace("[", "/").replace("]", "") == f"/{path}"
    assert words in refusal.message
    assert refusal.record_id == "ocds-sz0001-2025-018"
    assert refusal.row_no == 1


@pytest.mark.parametrize("value", ["", None, "  "])
def test_an_empty_value_is_absent_not_malformed(value):
    dossier = read_one(put(put(RELEASE, "awards/0/date", value), "tender/value/amount", value))
    assert only_lot(dossier).awards[0].decided_at is None
    assert only_lot(dossier).estimated_price is None


def test_unknown_extras_and_odd_shapes_of_optional_things_are_not_fatal():
    release = make_release(x_extra=[{"deep": [1, 2, {}]}], language=7)
    release["tender"]["documents"] = "none"
    release["tender"]["enquiries"] = [None, 3, {}]
    release["planning"] = [release["planning"], release["planning"]]
    dossier = read_one(release)
    assert dossier.project.budget_funds == Decimal("104000000.00")


def test_a_missing_ocid_is_refused():
    assert refused(make_release(ocid=None)).column == "/ocid"


def test_lots_keep_their_own_bids_awards_and_contracts():
    release = put(RELEASE, "tender/lots", [{"id": "L1", "title": "一标段"}, {"id": "L2", "title": "二标段"}])
    release = put(release, "bids/details/0/relatedLots", ["L1"])
    release = put(release, "bids/details/1/relatedLots", ["L2"])
    release = put(release, "awards/0/relatedLots", ["L1"])
    lots = {lot.id: lot for lot in read_one(release).project.tenders[0].lots}
    assert set(lots) == {"L1", "L2"}
    assert [bid.id for bid in lots["L1"].bids] == ["T1"]
    assert [bid.id for bid in lots["L2"].bids] == ["T2"]
    assert lots["L1"].awards
    assert lots["L1"].contracts
    assert not lots["L2"].awards


def test_what_names_none_of_several_lots_goes_to_a_lot_for_the_whole_tender():
    release = put(RELEASE, "tender/lots", [{"id": "L1"}, {"id": "L2"}])
    lots = {lot.id: lot for lot in read_one(release).project.tenders[0].lots}
    assert not lots["L1"].awards
    assert [award.id for award in lots["ocds-sz0001-2025-018"].awards] == ["A1"]


def test_a_price_for_several_lots_together_is_the_price_of_none_of_them():
    release = put(RELEASE, "tender/lots", [{"id": "L1"}, {"id": "L2"}])
    release = put(release, "bids/details", [release["bids"]["details"][0] | {"relatedLots": ["L1", "L2"]}])
    lots = {lot.id: lot for lot in read_one(release).project.tenders[0].lots}
    assert [lots[name].bids[0].price for name in ("L1", "L2")] == [None, None]


def test_doubled_ids_of_the_publisher_are_made_unique():
    award = RELEASE["awards"][0]
    dossier = read_one(make_release(awards=[award, award]))
    assert [row.id for row in only_lot(dossier).awards] == ["A1", "A1#2"]


def test_every_winner_of_a_shared_award_is_kept_and_the_amount_stands_once():
    release = put(RELEASE, "awards/0/suppliers", [{"id": "B1"}, {"id": "B2"}])
    rows = only_lot(read_one(release)).awards
    assert [(row.supplier, row.price) for row in rows] == [("B1", Decimal("41860000.00")), ("B2", None)]


def test_parties_without_an_id_are_one_when_their_names_are():
    release = make_release(parties=None)
    release["buyer"] = release["tender"]["procuringEntity"] = {"name": "随州市水利和湖泊局"}
    names = [party.name for party in read_one(release).parties]
    assert names.count("随州市水利和湖泊局") == 1


def test_the_hash_does_not_depend_on_the_order_of_keys():
    shuffled = dict(reversed(list(RELEASE.items())))
    assert read_one(RELEASE).raw_hash == read_one(shuffled).raw_hash
    assert read_one(RELEASE).raw_hash != read_one(put(RELEASE, "awards/0/status", "cancelled")).raw_hash


def test_a_release_that_is_not_compiled_says_which_tables_it_tells_about():
    part = make_release(tag=["award"], tender=None, bids=None, contracts=None, planning=None)
    told = read_one(part).told
    assert "awards" in told
    assert not told & {"bids", "tenders", "contracts"}
    assert read_one(RELEASE).told is None


def test_release_packages_take_the_newest_release_of_a_process():
    old = make_release(date="2025-01-01T00:00:00Z")
    other = make_release(ocid="ocds-sz0001-2025-019")
    package = {"uri": "x", "publisher": {"name": "交易中心"}, "releases": [RELEASE, old, other]}
    dossiers = read(package)
    assert [d.source_id for d in dossiers] == ["ocds-sz0001-2025-018", "ocds-sz0001-2025-019"]
    assert dossiers[0].released_at.year == 2025
    assert dossiers[0].released_at.month == 5


def test_record_packages_prefer_the_compiled_release_and_refuse_links_alone():
    records = [
        {"ocid": RELEASE["ocid"], "compiledRelease": RELEASE, "releases": [{"url": "https://example.org/1"}]},
        {"ocid": "ocds-sz0001-2", "releases": [make_release(ocid="ocds-sz0001-2", tag=["tender"])]},
        {"ocid": "ocds-sz0001-3", "releases": [{"url": "https://example.org/3"}]},
    ]
    first, second, third = read({"records": records})
    assert first.told is None
    assert second.source_id == "ocds-sz0001-2"
    assert isinstance(third, Refusal)
    assert third.record_id == "ocds-sz0001-3"


@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_and_pretty_printed_packages_are_read_alike(indent):
    import json

    for value in ([RELEASE], {"releases": [RELEASE]}, RELEASE):
        (dossier,) = read(json.dumps(value, indent=indent).encode())
        assert isinstance(dossier, DossierRecord)


def test_json_lines_report_the_bad_line_and_read_the_others():
    data = lines([RELEASE]) + b"{broken\n\n" + lines([make_release(ocid="ocds-sz0001-2"), [], 3])
    results = read(data)
    kinds = [type(item).__name__ for item in results]
    assert kinds == ["DossierRecord", "Refusal", "DossierRecord", "Refusal"]
    assert results[1].row_no == 2
    assert "JSON" in results[1].message
    assert results[3].row_no == 6


def test_json_lines_whose_first_line_is_bad_are_still_lines():
    first, second = read(b"{broken\n" + lines([RELEASE]))
    assert isinstance(first, Refusal)
    assert isinstance(second, DossierRecord)


def test_gzip_is_detected_by_content_and_the_newest_release_in_the_file_wins(tmp_path):
    old = make_release(date="2025-01-01T00:00:00Z")
    newest = put(RELEASE, "awards/0/status", "cancelled") | {"date": "2025-06-01T00:00:00Z"}
    path = write_gzip(tmp_path / "data.bin", [RELEASE, newest, old, make_release(ocid="ocds-sz0001-2")])
    dossiers = list(iterate_dossiers(path))
    assert [d.source_id for d in dossiers] == ["ocds-sz0001-2025-018", "ocds-sz0001-2"]
    assert only_lot(dossiers[0]).awards[0].status == "cancelled"


def test_a_damaged_gzip_keeps_what_was_read_and_says_where_it_ended(tmp_path):
    releases = [make_release(ocid=f"ocds-sz0001-{n}") for n in range(2000)]
    path = write_gzip(tmp_path / "cut.gz", releases)
    path.write_bytes(path.read_bytes()[:-20])
    *dossiers, last = iterate_dossiers(path)
    assert dossiers
    assert isinstance(last, Refusal)
    assert "损坏" in last.message


def test_a_gzip_bomb_is_stopped_early(tmp_path):
    import gzip

    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(lines([RELEASE, make_release(ocid="ocds-sz0001-2")]))
        stream.write(b" " * 4_000_000)
    limits = Limits(ratio_from=2_000_000)
    *entered, last = iterate_dossiers(path, limits=limits)
    assert all(isinstance(item, DossierRecord) for item in entered)
    assert len(entered) == 2
    assert "压缩炸弹" in last.message


def test_a_line_or_package_beyond_the_limit_is_refused_and_reading_goes_on():
    import io
    import json

    long = make_release(x="长" * 5000)
    limits = Limits(line=10_000, package=40_000)
    data = lines([RELEASE]) + lines([long]) + lines([make_release(ocid="ocds-sz0001-2")])
    results = list(iterate_dossiers(io.BytesIO(data), limits=limits))
    assert [type(item).__name__ for item in results] == ["DossierRecord", "Refusal", "DossierRecord"]
    assert "过长" in results[1].message
    package = json.dumps({"releases": [RELEASE] * 30}, indent=1).encode()
    (refusal,) = iterate_dossiers(io.BytesIO(package), limits=limits)
    assert "过大" in refusal.message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"ocid,title\n1,x\n",
        b"\x89PNG\r\n\x1a\n",
        b'{"ocid": "x", "a": ' + b"[" * 100_000,
        b'{"ocid": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"ocid": "x", "tender": {"value": {"amount": ' + b"9" * 5000 + b"}}}",
        b'{"ocid": "x", "tender": {"value": {"amount": NaN}}}',
        '{"ocid": "随州"}'.encode("utf-16"),
        b'{"ocid": "\xff\xfe"}',
        b"\x1f\x8b\x08\x00broken",
    ],
)
def test_hostile_or_foreign_content_ends_in_one_clear_refusal(data):
    (refusal,) = read(data)
    assert isinstance(refusal, Refusal)
    assert refusal.message


def _paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just([{"id": {"id": []}}]),
    st.just({"amount": [], "id": {}, "name": 3, "date": []}),
    st.just("\ud800\x00" * 100),
)


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(_paths(RELEASE), key=str)[1:]), JUNK), min_size=1, max_size=4)
)
def test_junk_anywhere_in_a_release_is_read_or_refused_but_never_raises(changes):
    release = RELEASE
    for path, value in changes:
        try:
            release = put(release, "/".join(map(str, path)), value)
        except (KeyError, IndexError, TypeError):
            continue
    (result,) = read(release)
    assert isinstance(result, DossierRecord | Refusal)
