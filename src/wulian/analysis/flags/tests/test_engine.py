"""A run over the tables: dates by the Beijing calendar, versions by the date of the conduct, evidence one can check."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from wulian.analysis.flags import (
    HIT_SCHEMA,
    UnknownRule,
    arrow_from_dossiers,
    field_title,
    iterate_hits,
    run_flags,
    write_parquet,
)
from wulian.analysis.flags.calendar import calendar_table
from wulian.analysis.flags.examples.building import dossier
from wulian.law.calendar import packaged_calendar
from wulian.law.rules import rule

AS_OF = date(2026, 11, 30)


def _run(cases, *codes, as_of=AS_OF):
    tables = arrow_from_dossiers(dossier(name, fields) for name, fields in cases.items())
    return run_flags(tables, rules=codes, as_of=as_of)


def _severities(result):
    return {hit["project_id"].split("/")[0]: hit["severity"] for hit in iterate_hits(result)}


TENDER_PERIOD = {
    day: {
        "tender.must_tender": True,
        "documents.issued_at": "2026-06-01 09:00",
        "documents.deadline_at": f"2026-06-{day} 09:30",
    }
    for day in ("19", "20", "21")
}


def test_the_tender_period_vectors_of_the_two_threshold_practice():
    result = _run(TENDER_PERIOD, "WJ-01")
    assert _severities(result) == {"19": "红", "20": "黄"}
    assert result.insufficient == {"WJ-01": 0}


@pytest.mark.parametrize(
    ("as_of", "severity"),
    [("2026-10-01", None), ("2026-10-02", "橙"), ("2026-10-08", "橙"), ("2026-10-09", "红")],
)
def test_an_unsigned_contract_turns_orange_past_the_raw_day_and_red_past_the_rolled_one(as_of, severity):
    cases = {"c": {"award.notice_at": "2026-09-01 09:00"}}
    result = _run(cases, "HT-01", as_of=date.fromisoformat(as_of))
    assert _severities(result).get("c") == severity


def test_an_alert_carries_the_dates_names_and_ids_that_explain_it():
    (hit,) = iterate_hits(_run({"c": {"award.notice_at": "2026-09-01 09:00"}}, "HT-01"))
    evidence = hit["evidence"]
    assert evidence["award.notice_at"] == "2026-09-01T09:00:00+08:00"
    assert (evidence["due"], evidence["due_rolled"]) == ("2026-10-01", "2026-10-08")
    assert evidence["supplier.name"] == "随州市曾都建筑工程有限公司"
    assert (evidence["lot.name"], evidence["lot_id"], hit["lot_id"]) == ("施工一标段", "c/L", "c/L")
    assert (hit["subject_kind"], hit["subject_id"], hit["value"], hit["threshold"]) == ("lot", "c/L", 90, 30)
    assert (hit["rule_version"], hit["conduct_date"]) == (1, date(2026, 9, 1))
    assert "provisional" not in evidence


def test_a_due_date_in_a_year_without_a_published_calendar_is_marked_provisional():
    (hit,) = iterate_hits(_run({"c": {"award.notice_at": "2023-02-01"}}, "HT-01"))
    assert hit["evidence"]["provisional"] is True


def test_midnight_in_beijing_decides_the_date_not_midnight_in_london():
    late_evening_utc = {"c": {**TENDER_PERIOD["19"], "documents.deadline_at": "2026-06-20T17:00:00+00:00"}}
    assert _severities(_run(late_evening_utc, "WJ-01")) == {}


def test_a_time_without_zone_is_beijing_time():
    case = {"c": {**TENDER_PERIOD["19"], "documents.deadline_at": "2026-06-21 00:10"}}
    assert _severities(_run(case, "WJ-01")) == {}


def test_missing_data_give_no_alert_and_are_counted():
    cases = {
        "unknown": {"documents.issued_at": "2026-06-01", "documents.deadline_at": "2026-06-05"},
        "no deadline": {"tender.must_tender": True, "documents.issued_at": "2026-06-01"},
        "not compulsory": {"tender.must_tender": False, "documents.issued_at": "2026-06-01"},
    }
    result = _run(cases, "WJ-01")
    assert result.hits.num_rows == 0
    assert result.insufficient == {"WJ-01": 2}


def test_the_version_in_force_on_the_date_of_the_conduct_applies():
    contract = {
        "entity.kind": "institution",
        "supplier.is_sme": True,
        "contract.supplier": "A",
        "contract.payment_term_days": 90,
    }
    cases = {
        "before any": {**contract, "contract.signed_at": "2020-08-31"},
        "old": {**contract, "contract.signed_at": "2025-05-31"},
        "new": {**contract, "contract.signed_at": "2025-06-01"},
    }
    hits = list(iterate_hits(_run(cases, "HT-09")))
    assert [(hit["subject_id"], hit["rule_version"]) for hit in hits] == [
        ("new/contract", 2),
        ("old/contract", 1),
    ]


def test_several_rows_of_one_lot_make_one_alert_that_lists_them():
    bids = {f"bid{number}.security_account": "18120201" for number in (1, 2, 3)}
    (hit,) = iterate_hits(_run({"ring": bids}, "TB-07"))
    assert (hit["severity"], hit["value"]) == ("红", 3)
    assert [row["tenderer.name"][:4] for row in hit["evidence"]["rows"]] == [
        "随州市曾",
        "湖北楚天",
        "广水市宏",
    ]


def test_the_same_tables_give_the_same_result_in_the_same_order():
    first, second = (
        _run(TENDER_PERIOD) if codes is None else _run(TENDER_PERIOD, *codes)
        for codes in (("WJ-01", "WJ-06"),) * 2
    )
    assert first.hits.equals(second.hits)
    assert first.hits.column("rule").to_pylist() == ["WJ-01", "WJ-01", "WJ-06", "WJ-06", "WJ-06"]
    assert first.hits.schema == HIT_SCHEMA


def test_a_rule_changed_by_the_platform_is_run_as_changed():
    longer = rule("WJ-01").model_copy(
        update={"condition": rule("WJ-01").condition.model_copy(update={"days": 40}), "version": 7}
    )
    tables = arrow_from_dossiers([dossier("c", TENDER_PERIOD["21"])])
    (hit,) = iterate_hits(run_flags(tables, rules=[longer], as_of=AS_OF))
    assert (hit["rule_version"], hit["threshold"]) == (7, 40)


def test_unknown_and_disabled_rules_are_refused():
    with pytest.raises(UnknownRule, match="XX-99"):
        run_flags({}, rules=["XX-99"])
    with pytest.raises(UnknownRule, match="LX-18 未启用"):
        run_flags({}, rules=["LX-18"])


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="引擎"):
        run_flags({}, rules=["WJ-01"], engine="abacus")


def test_tables_may_be_given_as_parquet_paths_and_missing_ones_are_empty(tmp_path):
    tables = arrow_from_dossiers([dossier("c", TENDER_PERIOD["19"])])
    paths = {path.stem: path for path in write_parquet(tables, tmp_path)}
    wanted = {name: paths[name] for name in ("projects", "tenders", "lots", "documents")}
    assert run_flags(wanted, rules=["WJ-01"], as_of=AS_OF).hits.num_rows == 1


def test_no_tables_at_all_give_no_alerts():
    result = run_flags({}, rules=["WJ-01", "TB-07", "DA-01"], as_of=AS_OF)
    assert (result.hits.num_rows, result.insufficient) == (0, {"DA-01": 0, "TB-07": 0, "WJ-01": 0})


def test_the_calendar_table_rolls_and_counts_as_the_notices_say():
    table = calendar_table(packaged_calendar(), AS_OF)
    rows = {row["day"]: row for row in table.to_pylist()}
    assert rows[date(2026, 10, 1)]["rolled"] == date(2026, 10, 8)
    assert rows[date(2026, 9, 27)]["rolled"] == date(2026, 9, 28)
    # 2026-09-29 → 2026-10-09 is three working days (REFERENCE 0.5).
    assert rows[date(2026, 10, 9)]["worked"] - rows[date(2026, 9, 29)]["worked"] == 3
    assert rows[date(2026, 10, 1)]["provisional"] is False
    assert rows[date(2027, 1, 4)]["provisional"] is True


def test_an_amount_one_cent_above_two_per_cent_is_found_and_the_exact_share_is_not():
    """招标投标法实施条例 第二十六条: on the estimate, exact to the cent, also for very large sums (trap T-09)."""
    cases = {
        "exact": {"lot.estimated_price": "999999999999.50", "lot.bid_security_amount": "19999999999.99"},
        "above": {"lot.estimated_price": "999999999999.50", "lot.bid_security_amount": "20000000000.00"},
    }
    assert _severities(_run(cases, "WJ-02")) == {"above": "红"}


def test_every_field_a_rule_shows_has_a_chinese_title():
    from wulian.law.rules import all_rules

    untitled = {path for item in all_rules() for path in item.fields() if field_title(path) == path}
    assert untitled == set()


def test_a_result_counts_by_severity():
    assert _run(TENDER_PERIOD, "WJ-01").count_by("severity") == {"红": 1, "黄": 1}
    assert isinstance(_run({}, "WJ-01").hits, pa.Table)
