"""Steps, their audit events, and what pages show of them."""

import pytest
from django.db import transaction
from django.template import Context, Template

from wulian.core.audit.models import AuditEvent
from wulian.core.audit.querysets import AppendOnlyError
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.selectors import available_events, steps_of
from wulian.core.procedures.services import apply_event, apply_event_to_many
from wulian.core.procedures.tests.sample import MATTERS


@pytest.fixture
def case(db):
    return MATTERS["penalty"].objects.create()


def test_a_new_record_stands_at_the_start_of_its_procedure(case):
    assert (case.state, case.state_title, case.is_finished) == ("P00", "线索核查", False)


def test_a_step_keeps_who_when_from_where_to_where_and_why(case, people):
    apply_event(subject=case, event="propose_filing", actor=people["case_officer"], data={"officers": 2})
    step = apply_event(
        subject=case, event="reject_filing", actor=people["authority_head"], note="  已过追责时效 "
    )
    assert [s.event_title for s in steps_of(case)] == ["提请立案", "不予批准立案"]
    assert (step.actor, step.actor_role, step.note) == (
        people["authority_head"],
        "authority_head",
        "已过追责时效",
    )
    assert (step.from_title, step.to_title) == ("立案审批", "不予立案")
    assert case.is_finished and case.state_since == step.at


def test_a_step_is_also_an_audit_event_of_the_same_transaction(case, people):
    apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
    event = AuditEvent.objects.get(verb="procedures.step_taken")
    assert event.changes == {"state": ["P00", "P01"]}
    assert event.summary == "提请立案：线索核查 → 立案审批"


def test_when_the_caller_fails_neither_step_nor_state_nor_audit_event_remains(case, people):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
        1 / 0
    case.refresh_from_db()
    assert case.state == "P00"
    assert not ProcedureStep.objects.exists() and not AuditEvent.objects.exists()


def test_an_event_that_stays_keeps_the_day_the_state_began(case, people):
    apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
    since = case.state_since
    apply_event(subject=case, event="endorse_filing", actor=people["section_head"], note="同意立案")
    assert (case.state, case.state_since) == ("P01", since)


def test_of_two_people_who_act_on_the_same_state_the_second_is_told(case, people):
    stale = type(case).objects.get(pk=case.pk)
    apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
    with pytest.raises(Refusal, match="立案审批"):
        apply_event(subject=stale, event="decline_filing", actor=people["case_officer"], note="证据不足")


def test_a_role_that_has_ended_opens_nothing(case, people):
    officer = people["case_officer"]
    officer.role_grants.update(valid_from="2020-01-01", valid_to="2020-12-31")
    with pytest.raises(Forbidden):
        apply_event(subject=case, event="propose_filing", actor=officer)


def test_a_refusal_names_the_states_in_which_the_event_is_possible(case, people):
    with pytest.raises(Refusal) as refusal:
        apply_event(subject=case, event="decide_penalty", actor=people["authority_head"])
    assert "决定处罚" in refusal.value.message and "决定审批" in refusal.value.message


def test_available_events_are_those_of_the_role_in_the_state(case, people):
    case.state = "P06"
    assert [t.event for t in available_events(case, people["section_head"])] == [
        "return_investigation",
        "submit_legal_review",
        "waive_legal_review",
    ]
    assert available_events(case, people["discipline"]) == []


def test_steps_are_neither_changed_nor_deleted(case, people):
    step = apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
    step.note = "改写"
    with pytest.raises(AppendOnlyError):
        step.save()
    with pytest.raises(AppendOnlyError):
        step.delete()
    with pytest.raises(AppendOnlyError):
        ProcedureStep.objects.update(note="改写")


def test_the_timeline_shows_the_newest_step_first_without_a_query_per_step(
    case, people, django_assert_num_queries
):
    apply_event(subject=case, event="propose_filing", actor=people["case_officer"])
    apply_event(subject=case, event="endorse_filing", actor=people["section_head"], note="同意立案")
    page = Template("{% load procedures %}{% procedure_state m %}{% procedure_timeline m %}")
    with django_assert_num_queries(1):
        html = page.render(Context({"m": case}))
    assert html.index("承办机构审核立案") < html.index("提请立案")
    assert "同意立案" in html and 'data-state="P01"' in html


def test_many_records_move_together_with_a_handful_of_statements(people, django_assert_max_num_queries):
    cases = [MATTERS["penalty"].objects.create() for _n in range(30)]
    with django_assert_max_num_queries(12):
        steps = apply_event_to_many(subjects=cases, event="propose_filing", actor=people["case_officer"])
    assert {case.state for case in MATTERS["penalty"].objects.all()} == {"P01"}
    assert len(steps) == 30 and AuditEvent.objects.filter(verb="procedures.step_taken").count() == 30


def test_when_one_of_many_may_not_move_none_does(people):
    cases = [MATTERS["penalty"].objects.create(state=state) for state in ("P00", "P05")]
    with pytest.raises(Refusal):
        apply_event_to_many(subjects=cases, event="propose_filing", actor=people["case_officer"])
    assert {case.state for case in MATTERS["penalty"].objects.all()} == {"P00", "P05"}
    assert not ProcedureStep.objects.exists()
