"""The public indicators over the tables of a city: same codes and defaults, one process a lot, what lacks data is counted."""

from __future__ import annotations

import json
from datetime import date

import pytest

from wulian.analysis.flags import arrow_from_dossiers, field_title, run_flags
from wulian.analysis.flags.catalogue import all_hints, catalogue
from wulian.analysis.indicators import BY_CODE, parse_settings
from wulian.analysis.indicators.dossiers import releases
from wulian.analysis.indicators.hints import public_indicators, twins
from wulian.analysis.indicators.tests.single_pass import judge_lines
from wulian.exchange.records import DossierRecord
from wulian.law.rules import all_rules

DAY = date(2026, 6, 30)


def dossier(number, prices, *, winner=0, days=25, states=None, **lot):
    """A lot whose documents were issued `days` before the deadline, with a bid a price; `winner` is the place of the winning bid."""
    bids = [
        {
            "id": f"{place}",
            "tenderer": f"F{place}",
            "price": price,
            "status": (states or {}).get(place, "valid"),
            "uploaded_at": "2026-03-20T09:00:00+08:00",
        }
        for place, price in enumerate(prices)
    ]
    awards = [] if winner is None else [{"id": "1", "supplier": f"F{winner}", "status": "active"}]
    return DossierRecord.model_validate(
        {
            "source_system": "随州",
            "source_id": f"P{number}",
            "parties": [
                {"id": "own", "name": "随州市城投公司"},
                *({"id": f"F{place}", "name": f"随州第{place}建设公司"} for place in range(10)),
            ],
            "project": {
                "id": f"P{number}",
                "name": f"解放路改造工程（{number}）",
                "owner": "own",
                "tenders": [
                    {
                        "id": "1",
                        "name": "施工招标",
                        "mode": "open",
                        "procuring_entity": "own",
                        "lots": [
                            {
                                "id": "1",
                                "name": f"解放路改造工程（{number}）施工",
                                "classification": "A01",
                                "documents": [
                                    {
                                        "id": "1",
                                        "issued_at": f"2026-03-{25 - days:02d}T09:00:00+08:00"
                                        if days < 25
                                        else "2026-02-20T09:00:00+08:00",
                                        "deadline_at": "2026-03-25T09:00:00+08:00",
                                    }
                                ],
                                "opening": {"id": "1", "actual_at": "2026-03-25T09:30:00+08:00"}
                                if prices
                                else None,
                                "bids": bids,
                                "awards": awards,
                                **lot,
                            }
                        ],
                    }
                ],
            },
        }
    )


def judged(dossiers, code):
    result = run_flags(arrow_from_dossiers(dossiers), rules=[code], as_of=DAY)
    return {hit["subject_id"]: hit for hit in result.hits.to_pylist()}, result.insufficient[code]


def test_every_indicator_has_an_entry_with_titles_and_none_has_the_code_of_a_rule():
    entries = public_indicators()
    assert [entry.id for entry in entries] == list(BY_CODE)
    assert {entry.severity for entry in entries} == {"蓝"}
    assert not {entry.id for entry in entries} & {rule.id for rule in all_rules()}
    assert all(field_title(path) != path for entry in entries for path in entry.fields())
    assert all(entry.definition == BY_CODE[entry.id].definition_en for entry in entries)
    assert all(entry in all_hints() for entry in entries)
    assert not any(entry in catalogue() for entry in entries), "they run only when they are asked for"


def test_an_indicator_has_at_most_one_twin_among_the_red_flags():
    assert twins()["R018"] == "RF-11" and "R058" not in twins()


@pytest.mark.parametrize(("days", "found"), [(14, True), (15, False)])
def test_r003_has_the_public_limit_of_fifteen_days(days, found):
    hits, insufficient = judged([dossier(1, [100, 101, 102], days=days)], "R003")
    assert bool(hits) is found and insufficient == 0
    for hit in hits.values():
        assert (hit["value"], hit["threshold"], hit["subject_kind"]) == (1, 15, "lot")
        evidence = json.loads(hit["evidence"])
        assert evidence["lot.name"] == "解放路改造工程（1）施工"
        assert evidence["documents.deadline_at"].startswith("2026-03-25T01:00")


def test_a_revised_limit_holds_from_its_day_on_and_is_the_one_a_hit_shows():
    (entry,) = (entry for entry in public_indicators() if entry.id == "R003")
    versions = [
        entry.model_copy(update={"valid_to": date(2026, 6, 29)}),
        entry.revised({"threshold": 26}, version=101, valid_from=DAY),
    ]
    tables = arrow_from_dossiers([dossier(1, [100, 101, 102], days=20)])
    assert run_flags(tables, rules=versions, as_of=date(2026, 6, 29)).hits.num_rows == 0
    (hit,) = run_flags(tables, rules=versions, as_of=DAY).hits.to_pylist()
    assert (hit["threshold"], hit["rule_version"]) == (26, 101)


def test_a_set_threshold_judges_where_the_data_give_no_fence():
    (entry,) = (entry for entry in public_indicators() if entry.id == "R024")
    tables = arrow_from_dossiers([dossier(n, [100, 100, 100]) for n in range(5)])
    result = run_flags(tables, rules=[entry.revised({"threshold": 0.01}, version=101)], as_of=DAY)
    assert [hit["threshold"] for hit in result.hits.to_pylist()] == [0.01] * 5
    assert result.insufficient["R024"] == 0


def test_a_lot_that_lacks_the_data_is_counted_and_one_that_was_terminated_is_not():
    undated = dossier(1, [100, 101], documents=[])
    ended = dossier(2, [100, 101], documents=[], terminated_at="2026-03-26T09:00:00+08:00")
    assert judged([undated, ended, dossier(3, [100, 101])], "R003") == ({}, 1)


def test_r018_tells_one_bid_from_not_yet_opened():
    hits, insufficient = judged(
        [dossier(1, [100]), dossier(2, [100, 101]), dossier(3, [], winner=None)], "R018"
    )
    assert [json.loads(hit["evidence"])["project.name"] for hit in hits.values()] == ["解放路改造工程（1）"]
    assert insufficient == 1


def test_r028_finds_the_same_price_of_two_tenderers():
    hits, _lacking = judged([dossier(1, [100, 100, 90]), dossier(2, [100, 101])], "R028")
    assert len(hits) == 1


def test_r058_is_beyond_the_fence_of_the_city_and_says_which():
    usual = [dossier(n, [100, 101 + n % 3, 110]) for n in range(30)]
    hits, insufficient = judged([*usual, dossier(99, [50, 100, 110])], "R058")
    (hit,) = hits.values()
    assert hit["value"] == pytest.approx(1.0)
    assert hit["threshold"] == json.loads(hit["evidence"])["indicator.upper_fence"]
    assert insufficient == 0


def test_r038_is_a_hint_of_the_party_with_the_part_it_played():
    good = [dossier(n, [100, 101, 102, 103]) for n in range(12)]
    bad = [dossier(90 + n, [100, 101, 102, 103, 104], states={4: "disqualified"}) for n in range(2)]
    hits, _lacking = judged([*good, *bad], "R038")
    kinds = {(hit["subject_kind"], hit["project_id"]) for hit in hits.values()}
    assert kinds <= {("party", None)}


def test_without_a_fence_nobody_can_be_judged_by_it():
    same = [dossier(n, [100, 100, 100]) for n in range(5)]
    assert judged(same, "R024") == ({}, 5)


def test_the_city_gives_what_a_plain_program_gives_on_the_same_releases():
    tables = arrow_from_dossiers(
        [
            *(dossier(n, [100 + n % 5, 100 + n % 3, 130], winner=n % 2) for n in range(40)),
            dossier(50, [100], states={0: "disqualified"}, winner=None),
            dossier(51, [90, 100], states={0: "disqualified"}, winner=1),
        ]
    )
    lines = [json.dumps(release).encode() for release in releases(tables)]
    settings = parse_settings({"currency": "CNY", **{code: {} for code in BY_CODE}})
    expected = judge_lines(lines, settings)["OCID"]
    hits = run_flags(tables, rules=public_indicators(), as_of=DAY).hits.to_pylist()
    found = {}
    for hit in hits:
        if hit["subject_kind"] == "lot":
            found.setdefault(hit["subject_id"], {})[hit["rule"]] = hit["value"]
    assert found == {key: pytest.approx(values, abs=1e-4) for key, values in expected.items()}
    assert found
