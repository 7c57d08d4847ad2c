"""The procedure tables of REFERENCE D.6, D.7, E.2, H.3, I.4 and O."""

import pytest
import yaml

from wulian.law.periods import Unit
from wulian.law.procedures import PROCEDURE_CODES, ProcedureError, load_procedure, procedure

SMALL = {
    "code": "sample",
    "title": "样例",
    "source": "test",
    "start": "A",
    "states": {"A": {"title": "起"}, "B": {"title": "止", "final": True}},
    "transitions": [{"event": "go", "title": "走", "sources": ["A"], "target": "B", "roles": ["clerk"]}],
}


def small(**changes):
    return yaml.safe_dump({**SMALL, **changes}, allow_unicode=True)


@pytest.mark.parametrize("code", PROCEDURE_CODES)
def test_every_packaged_table_can_be_followed_from_its_start(code):
    table = procedure(code)
    assert table.code == code
    assert table.start in table.states
    assert table.final_states


@pytest.mark.parametrize("code", PROCEDURE_CODES)
def test_a_matter_that_goes_on_elsewhere_names_a_state_that_exists_there(code):
    table = procedure(code)
    for state in table.states.values():
        if state.procedure:
            assert state.final
            assert state.code in procedure(state.procedure).states
    for transition in table.transitions:
        if transition.spawns:
            other, _, entry = transition.spawns.partition(":")
            target = procedure(other)
            assert entry == target.start or entry in target.entries


def test_the_states_of_each_table_are_those_of_the_reference():
    assert set(procedure("penalty").states) == {
        *(f"P{n:02d}" for n in range(21)), "PX1", "PX2", "PX3", "PT", "PT1", "PT2",
    }  # fmt: skip
    # C07, the suspension of the tender, is a measure beside the states (parallel flag).
    assert set(procedure("complaint").states) == {
        *(f"C{n:02d}" for n in range(16) if n != 7), "C90", "C91", "C92", "L01", "作废",
    }  # fmt: skip
    assert set(procedure("lead").states) == {*(f"L{n:02d}" for n in range(1, 11)), "L90", "L92", "C01", "P01"}
    assert set(procedure("objection").states) == {*(f"O{n:02d}" for n in range(1, 7)), "O99"}
    assert set(procedure("inspection").states) == {*(f"J{n:02d}" for n in range(1, 11)), "L01", "P00"}
    assert set(procedure("alert").states) == {
        "新预警", "已分办", "研判中", "待复核", "已排除", "转线索", "转检查", "转投诉处理", "已消除", "已闭环",
    }  # fmt: skip


def test_an_accepted_complaint_can_only_leave_by_a_decision_or_a_permitted_withdrawal():
    """REFERENCE D.6, invariants: C13 or C91."""
    table = procedure("complaint")
    inside = {"C05", "C06", "C08", "C09", "C11", "C12"}
    exits = {t.leads_to(s) for t in table.transitions for s in t.sources if s in inside} - inside
    assert exits == {"C13", "C91"}


def test_both_complaint_terms_run_from_receipt():
    """实施条例 第六十一条; the 30 working days are not counted from admission (T-02)."""
    table = procedure("complaint")
    accept, decide = table.transition("accept", "C03").deadline, table.transition("decide", "C12").deadline
    assert (accept.n, accept.unit, accept.since) == (3, Unit.WORKING_DAY, "C01")
    assert (decide.n, decide.unit, decide.since) == (30, Unit.WORKING_DAY, "C01")


def test_a_penalty_is_decided_within_ninety_calendar_days_of_filing():
    """行政处罚法 第六十条."""
    deadline = procedure("penalty").transition("decide_penalty", "P12").deadline
    assert (deadline.n, deadline.unit, deadline.since, deadline.is_verified) == (
        90,
        Unit.CALENDAR_DAY,
        "P02",
        True,
    )


def test_no_penalty_is_decided_without_advance_notice():
    """行政处罚法 第六十二条: every way from investigation to the decision passes P09."""
    table = procedure("penalty")
    reached, queue = set(), ["P02"]
    while queue:
        state = queue.pop()
        for transition in table.transitions_from(state):
            follower = transition.leads_to(state)
            if follower not in reached | {"P09", "PT"}:
                reached.add(follower)
                queue.append(follower)
    assert not reached & {"P12", "P13"}


def test_only_the_head_of_the_authority_decides_a_penalty():
    """行政处罚法 第五十七条; the coordinating office never decides (REFERENCE 0.6)."""
    for event, state in [("approve_filing", "P01"), ("decide_penalty", "P12"), ("seal_decision", "P13")]:
        assert procedure("penalty").transition(event, state).roles == ("authority_head",)


@pytest.mark.parametrize(
    ("level", "n", "unit"), [("红", 4, Unit.HOUR), ("橙", 1, Unit.WORKING_DAY), ("黄", 3, Unit.WORKING_DAY)]
)
def test_the_more_serious_the_alert_the_sooner_it_is_accepted(level, n, unit):
    deadline = procedure("alert").transition("accept", "已分办").deadline_for(level)
    assert (deadline.n, deadline.unit, deadline.since) == (n, unit, "新预警")


def test_a_blue_alert_has_no_time_limit():
    assert procedure("alert").transition("accept", "已分办").deadline_for("蓝") is None


def test_no_alert_is_excluded_by_the_system_and_closed_by_it_only_with_its_outcome():
    closing = [t for t in procedure("alert").transitions if t.target in {"已排除", "已闭环"}]
    by_system = [t for t in closing if "system" in t.roles]
    assert [t.event for t in by_system] == ["close_with_outcome"] and by_system[0].roles == ("system",)
    assert "已排除" not in by_system[0].sources


def test_a_small_table_is_accepted():
    assert load_procedure(small()).transition("go", "A").leads_to("A") == "B"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"start": "Z"}, "start state Z does not exist"),
        ({"states": {**SMALL["states"], "D": {"title": "孤", "final": True}}}, "state D cannot be reached"),
        ({"states": {**SMALL["states"], "B": {"title": "止"}}}, "state B has no way out"),
        ({"transitions": [{**SMALL["transitions"][0], "target": "Z"}]}, "go: state Z does not exist"),
        ({"transitions": [{**SMALL["transitions"][0], "stays": True}]}, "needs either a target or stays"),
        ({"transitions": SMALL["transitions"] * 2}, "go is defined twice in A"),
        (
            {"transitions": [{**SMALL["transitions"][0], "rolls": ["clerk"]}]},
            "Extra inputs are not permitted",
        ),
        ({"transitions": [{**SMALL["transitions"][0], "roles": ["mayor"]}]}, "mayor"),
        (
            {
                "transitions": [
                    {
                        **SMALL["transitions"][0],
                        "deadline": {
                            "n": 1,
                            "unit": "working_day",
                            "basis": "x",
                            "confidence": "E",
                            "since": "Z",
                        },
                    }
                ]
            },
            "state Z does not exist",
        ),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused_with_the_fault(changes, fault):
    with pytest.raises(ProcedureError, match=fault):
        load_procedure(small(**changes))


def test_an_unknown_procedure_is_named():
    with pytest.raises(KeyError, match="no procedure"):
        procedure("arbitration")
