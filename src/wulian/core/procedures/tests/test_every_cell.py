"""Every state × event × role of every procedure, refused cells included.

What is allowed is read here from the YAML itself, not through the code under test.
"""

from importlib.resources import files

import pytest
import yaml

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.procedures.tests.sample import MATTERS
from wulian.law.procedures import PROCEDURE_CODES

SYSTEM = "system"
EVERYBODY = [*Role.values, SYSTEM]


def raw(code):
    return yaml.safe_load((files("wulian.law.procedures") / f"{code}.yaml").read_text(encoding="utf-8"))


def allowed(code):
    """(state, event) → (roles, target, whether a note is needed)."""
    return {
        (source, item["event"]): (
            set(item["roles"]),
            source if item.get("stays") else item["target"],
            item.get("note_required", False),
        )
        for item in raw(code)["transitions"]
        for source in item["sources"]
    }


def person(role):
    if role == SYSTEM:
        return None
    user = User(username=role, full_name=role)
    user.__dict__["role_set"] = frozenset({Role(role)})
    return user


def outcome(subject, event, actor, note):
    try:
        return check_event(subject=subject, event=event, actor=actor, note=note).leads_to(subject.state)
    except Forbidden:
        return "forbidden"
    except Refusal as refusal:
        return f"refused: {refusal.field}"


def expected(cells, state, event, role, note):
    if (state, event) not in cells:
        return "refused: state"
    roles, target, note_required = cells[state, event]
    if role not in roles:
        return "forbidden"
    return "refused: note" if note_required and not note else target


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("code", PROCEDURE_CODES)
def test_each_event_happens_in_its_states_for_its_roles_and_nowhere_else(code, role):
    table, cells, actor = raw(code), allowed(code), person(role)
    events = {item["event"] for item in table["transitions"]}
    wrong = []
    for state in table["states"]:
        subject = MATTERS[code](state=state)
        for event in events:
            for note in ("", "事实清楚"):
                got, want = outcome(subject, event, actor, note), expected(cells, state, event, role, note)
                if got != want:
                    wrong.append((state, event, note, got, want))
    assert not wrong


@pytest.mark.parametrize("code", PROCEDURE_CODES)
def test_each_allowed_event_really_moves_the_record_and_leaves_a_step(code, people):
    for (state, event), (roles, target, _note) in allowed(code).items():
        matter = MATTERS[code].objects.create(state=state)
        role = sorted(roles)[0]
        apply_event(subject=matter, event=event, actor=people.get(role), note="经研判，理由充分")
        matter.refresh_from_db()
        assert matter.state == target, (state, event)
        step = ProcedureStep.objects.latest("id")
        assert (step.event, step.from_state, step.to_state, step.object_id) == (
            event,
            state,
            target,
            matter.pk,
        )


@pytest.mark.parametrize("code", PROCEDURE_CODES)
def test_a_refused_event_changes_nothing_in_the_database(code, people):
    """One forbidden role for each cell, through the real service."""
    cells = allowed(code)
    for (state, event), (roles, _target, _note) in cells.items():
        matter = MATTERS[code].objects.create(state=state)
        stranger = next(role for role in Role.values if role not in roles)
        with pytest.raises(Forbidden):
            apply_event(subject=matter, event=event, actor=people[stranger], note="越权")
        matter.refresh_from_db()
        assert matter.state == state
    assert not ProcedureStep.objects.exists()
