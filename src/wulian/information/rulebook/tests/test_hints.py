"""Red flags and public indicators are revised as rules are: from a day on, with a reason, by legal review."""

from datetime import date

import pytest

from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.rulebook import selectors, services

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


def revise(actor, rule_id, *, enabled=True, day=JULY, reason="市级会商意见第5号", **parameters):
    return services.revise_rule(
        actor=actor, rule_id=rule_id, valid_from=day, enabled=enabled, parameters=parameters, reason=reason
    )


@pytest.fixture
def parameter():
    """A whole number of a red flag: its flag, name and value."""
    flag = next(
        flag for flag in selectors.current_hints() if any(type(item.value) is int for item in flag.parameters)
    )
    item = next(item for item in flag.parameters if type(item.value) is int)
    return flag.id, item.name, item.value


def value_of(flag, name):
    return next(item.value for item in flag.parameters if item.name == name)


def test_a_red_flag_has_another_value_from_its_day_on(reviewer, parameter):
    code, name, value = parameter
    revision = revise(reviewer, code, **{name: str(value + 1)})
    before, after = selectors.versions_of(code)
    assert (value_of(before, name), before.valid_to) == (value, date(2026, 6, 30))
    assert (value_of(after, name), after.version, after.valid_from) == (value + 1, revision.version, JULY)
    assert [flag.version for flag in selectors.hints_in_force() if flag.id == code] == [1, 101]
    assert value_of(selectors.rule_version(code, 1), name) == value, "an old hint finds what raised it"


def test_a_public_indicator_is_delivered_with_the_public_defaults_and_revised_from_a_day_on(reviewer):
    revise(reviewer, "R003", threshold="20", procurement_method_details="邀请招标＝12、抽签: 7")
    before, after = selectors.versions_of("R003")
    assert before.options() == {"threshold": 15, "procurement_methods": "", "procurement_method_details": {}}
    assert after.options() == {
        "threshold": 20,
        "procurement_methods": "",
        "procurement_method_details": {"邀请招标": 12, "抽签": 7},
    }
    assert selectors.rule_version("R003", 1).options() == before.options(), "an old alert finds its version"


def test_the_fence_of_an_indicator_gives_way_to_a_set_threshold_and_back(reviewer):
    assert "threshold" not in selectors.versions_of("R058")[0].options()
    revise(reviewer, "R058", threshold="0.3")
    assert selectors.versions_of("R058")[-1].options() == {"threshold": 0.3}
    revise(reviewer, "R058", threshold="", day=date(2026, 8, 1))
    assert selectors.versions_of("R058")[-1].options() == {}


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [("R025", "percentile", "101"), ("R003", "procurement_method_details", "邀请招标=十天")],
)
def test_a_value_that_the_public_definition_does_not_take_is_refused(reviewer, code, name, text):
    with pytest.raises(Refusal, match=name):
        revise(reviewer, code, **{name: text})


def test_a_public_indicator_can_be_switched_off(reviewer):
    revise(reviewer, "R003", enabled=False, day=date(1999, 1, 1))
    assert "R003" not in {flag.id for flag in selectors.hints_in_force()}
    assert not next(flag for flag in selectors.current_hints() if flag.id == "R003").enabled


def test_a_value_that_does_not_fit_a_red_flag_is_refused_at_its_field(reviewer, parameter):
    code, name, _value = parameter
    with pytest.raises(Refusal) as refused:
        revise(reviewer, code, **{name: "很多"})
    assert refused.value.field == f"parameter_{name}"


def test_undoing_brings_back_the_red_flag_as_it_was_delivered(reviewer, parameter):
    code, name, value = parameter
    revision = revise(reviewer, code, **{name: str(value + 1)})
    services.undo_revision(actor=reviewer, revision=revision, reason="误操作")
    assert value_of(selectors.versions_of(code)[-1], name) == value


def test_an_officer_does_not_revise_a_red_flag(officer, parameter):
    code, name, value = parameter
    with pytest.raises(Forbidden):
        revise(officer, code, **{name: str(value + 1)})
