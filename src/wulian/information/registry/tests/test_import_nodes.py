from __future__ import annotations

from datetime import datetime

from wulian.exchange.records import BEIJING, LotDossier
from wulian.exchange.workbook import example_dossiers
from wulian.information.registry.services.nodes import deadline_of, lot_nodes, project_nodes, stage_of
from wulian.law.calendar import LegalCalendar, packaged_calendar

CALENDAR = packaged_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def lot(**fields) -> LotDossier:
    return LotDossier.model_validate({"id": "1", "name": "一标段", **fields})


def test_the_example_reaches_acceptance_and_every_node_on_the_way_has_its_moment():
    project = example_dossiers()[0].project
    nodes = project_nodes(project, CALENDAR) | lot_nodes(project.tenders[0].lots[0], CALENDAR)
    reached = [code for code, fact in sorted(nodes.items()) if fact.actual_at]
    assert reached == [
        "N01",
        "N03",
        "N05",
        "N06",
        "N07",
        "N08",
        "N09",
        "N10",
        "N11",
        "N13",
        "N14",
        "N15",
        "N16",
    ]
    assert stage_of(nodes.values()) == "N16"


def test_the_contract_is_due_thirty_days_after_the_notice_rolled_over_the_holiday():
    """招标投标法 第四十六条; REFERENCE 0.5: notice 2026-09-01, raw 2026-10-01, rolled 2026-10-08."""
    nodes = lot_nodes(lot(awards=[{"id": "1", "notice_at": "2026-09-01 10:00"}]), CALENDAR)
    assert nodes["N13"].planned_at == at("2026-10-08T23:59:59")
    assert nodes["N13"].actual_at is None


def test_the_written_report_is_due_fifteen_days_after_the_decision():
    """招标投标法 第四十七条."""
    nodes = lot_nodes(lot(awards=[{"id": "1", "decided_at": "2026-03-02"}]), CALENDAR)
    assert nodes["N12"].planned_at == at("2026-03-17T23:59:59")


def test_the_candidates_are_to_be_published_three_days_after_the_report():
    """招标投标法实施条例 第五十四条."""
    nodes = lot_nodes(lot(evaluation={"id": "1", "report_received_at": "2026-04-03"}), CALENDAR)
    assert nodes["N10"].planned_at == at("2026-04-07T23:59:59")


def test_a_year_without_a_calendar_has_no_guessed_due_date():
    late = lot(awards=[{"id": "1", "notice_at": "2026-12-20 10:00"}])
    early = lot(awards=[{"id": "1", "notice_at": "2026-09-01 10:00"}])
    assert "N13" not in lot_nodes(late, CALENDAR), "2027 is not published"
    assert "N13" in lot_nodes(early, CALENDAR)
    assert "N13" not in lot_nodes(early, LegalCalendar.of([]))


def test_a_clarification_that_extends_the_deadline_moves_the_opening():
    documents = [{"id": "1", "deadline_at": "2026-03-20 09:30"}]
    later = [{"id": "1", "new_deadline_at": "2026-04-01 09:30"}]
    assert deadline_of(lot(documents=documents)) == at("2026-03-20T09:30:00")
    extended = lot(documents=documents, clarifications=later)
    assert lot_nodes(extended, CALENDAR)["N08"].planned_at == at("2026-04-01T09:30:00")


def test_what_the_source_says_of_a_node_stands_above_what_follows_from_facts():
    facts = lot(
        opening={"id": "1", "actual_at": "2026-04-01 09:30"},
        nodes=[{"id": "x", "code": "N08", "actual_at": "2026-04-01 09:45", "operator": "王某"}],
    )
    node = lot_nodes(facts, CALENDAR)["N08"]
    assert (node.actual_at, node.operator) == (at("2026-04-01T09:45:00"), "王某")


def test_a_lot_without_facts_has_no_nodes():
    assert lot_nodes(lot(), CALENDAR) == {}
    assert stage_of([]) == ""
