"""量化记分: the table, its comparators, and that nothing in it claims to be a rule of Hubei."""

import pytest

from wulian.law.points import comparators, point_rule, point_rules, scheme
from wulian.law.violations import violations


def test_every_default_belongs_to_a_violation_and_costs_what_its_comparator_costs():
    for code, rule in point_rules().items():
        assert code in violations()
        assert rule.points == comparators()[rule.like].points


def test_no_row_is_taken_for_a_rule_of_hubei():
    assert {rule.confidence for rule in comparators().values()} == {"S"}
    assert {rule.confidence for rule in point_rules().values()} == {"E"}
    assert all("来源待核" in rule.basis for rule in (*comparators().values(), *point_rules().values()))


def test_a_comparator_of_agencies_is_never_the_item_of_a_case():
    assert not any(rule.is_comparator for rule in point_rules().values())


@pytest.mark.parametrize(
    ("points", "level"), [(0, "A"), (1, "B"), (5, "B"), (6, "C"), (11, "C"), (12, "D"), (99, "D")]
)
def test_a_level_holds_from_its_first_point(points, level):
    assert scheme().level_of(points).code == level


def test_a_violation_without_item_has_no_points():
    assert point_rule("WF-34") is None
