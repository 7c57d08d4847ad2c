"""Revisions: from a day of the conduct on a rule applies otherwise; the numbers of the law stay."""

from datetime import date

import pytest

from wulian.core.audit.models import AuditEvent
from wulian.core.audit.querysets import AppendOnlyError
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.rulebook import selectors, services
from wulian.information.rulebook.models import RuleRevision
from wulian.information.rulebook.signals import rules_changed

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


def revise(actor, *, rule_id="DB-05", day=JULY, enabled=True, reason="市级会商意见第3号", **parameters):
    return services.revise_rule(
        actor=actor, rule_id=rule_id, valid_from=day, enabled=enabled, parameters=parameters, reason=reason
    )


def days_of(rule):
    return rule.condition.days.text


def test_a_revision_applies_from_its_day_of_conduct_and_leaves_what_was_before(reviewer):
    revision = revise(reviewer, days="10")
    assert (revision.version, revision.base_version) == (101, 1)
    before, after = selectors.versions_of("DB-05")
    assert (before.version, before.valid_to, days_of(before)) == (1, date(2026, 6, 30), "5")
    assert (after.version, after.valid_from, days_of(after)) == (101, JULY, "10")
    in_force = [rule.key for rule in selectors.rules_in_force() if rule.id == "DB-05"]
    assert in_force == ["DB-05@1", "DB-05@101"]


def test_a_rule_switched_off_no_longer_judges_conduct_of_that_day(reviewer):
    revise(reviewer, rule_id="PB-14", enabled=False, reason="样本不足，暂停使用")
    (left,) = [rule for rule in selectors.rules_in_force() if rule.id == "PB-14"]
    assert left.valid_to == date(2026, 6, 30)
    assert not selectors.current_rules()[
        [rule.id for rule in selectors.current_rules()].index("PB-14")
    ].enabled


def test_a_later_revision_takes_the_place_of_those_that_start_with_it_or_after_it(reviewer):
    revise(reviewer, days="10")
    revise(reviewer, day=date(2026, 9, 1), days="12")
    assert [days_of(rule) for rule in selectors.versions_of("DB-05")] == ["5", "10", "12"]
    revise(reviewer, day=date(2026, 8, 1), days="8")
    assert [days_of(rule) for rule in selectors.versions_of("DB-05")] == ["5", "10", "8"]
    assert selectors.rule_version("DB-05", 102).parameters[0].value == 12, "the replaced one keeps its text"


def test_a_revision_from_the_first_day_leaves_nothing_of_the_version_before(reviewer):
    base = selectors.base_of("DB-05")
    revise(reviewer, day=base.valid_from, days="10")
    assert [rule.version for rule in selectors.versions_of("DB-05")] == [101]


def test_undoing_is_another_revision_that_brings_back_what_applied_before(reviewer):
    revise(reviewer, days="10")
    second = revise(reviewer, days="12", reason="误操作")
    undone = services.undo_revision(actor=reviewer, revision=second, reason="恢复")
    assert (undone.version, undone.parameters, undone.undoes) == (103, {"days": 10}, second)
    assert days_of(selectors.versions_of("DB-05")[-1]) == "10"
    with pytest.raises(Refusal, match="取代"):
        services.undo_revision(actor=reviewer, revision=second, reason="再撤")
    first_state = services.undo_revision(actor=reviewer, revision=undone, reason="全部恢复")
    assert first_state.parameters == {"days": 12}, "undoing an undo brings back what it undid"


def test_a_revision_is_written_once_and_audited_with_old_and_new_value(reviewer):
    revision = revise(reviewer, days="10")
    event = AuditEvent.objects.get(verb="rulebook.revised")
    assert event.changes == {"days": [5, 10]}
    assert event.actor == reviewer
    revision.reason = "改写"
    with pytest.raises(AppendOnlyError):
        revision.save()


def test_whoever_judges_with_the_rule_hears_of_it(reviewer, django_capture_on_commit_callbacks):
    heard = []
    rules_changed.connect(lambda **told: heard.append(told["rule_ids"]), weak=False, dispatch_uid="test")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            revise(reviewer, days="10")
    finally:
        rules_changed.disconnect(dispatch_uid="test")
    assert heard == [["DB-05"]]


def test_only_the_legal_reviewer_may_revise(officer):
    with pytest.raises(Forbidden, match="法制审核员"):
        revise(officer, days="10")
    assert not RuleRevision.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"days": "十"}, "parameter_days", "days.*应为.*整数.*“十”"),
        ({"days": "-3"}, "parameter_days", "整数"),
        ({"weeks": "2"}, "", "没有参数“weeks”"),
        ({"days": "5"}, "", "没有变化"),
        ({"days": "10", "reason": " "}, "reason", "理由"),
        ({"days": "10", "day": date(1999, 12, 31)}, "valid_from", "第1版"),
    ],
)
def test_a_wrong_revision_is_refused_by_name(reviewer, given, field, said):
    with pytest.raises(Refusal, match=said) as refused:
        revise(reviewer, **given)
    assert refused.value.field == field
    assert not RuleRevision.objects.exists()


@pytest.mark.parametrize(
    ("rule_id", "parameters", "said"),
    [
        ("LX-06", {"months": "0"}, "months.*应不小于 1"),
        ("LX-10", {"pattern": "["}, "正则表达式"),
        ("TB-06", {"cash": "现金' or 1"}, "逗号分隔"),
        ("ZZ-99", {}, "没有规则"),
    ],
)
def test_a_value_that_the_rule_cannot_take_is_refused(reviewer, rule_id, parameters, said):
    with pytest.raises(Refusal, match=said):
        revise(reviewer, rule_id=rule_id, **parameters)


def test_a_number_of_the_law_is_no_parameter(reviewer):
    with pytest.raises(Refusal, match="没有参数"):
        revise(reviewer, rule_id="WJ-01", days="15")


@pytest.mark.parametrize(("rule_id", "said"), [("LX-17", "暂估价"), ("LX-18", "U")])
def test_a_rule_without_data_or_source_is_not_switched_on(reviewer, rule_id, said):
    day = selectors.base_of(rule_id).valid_from
    with pytest.raises(Refusal, match=said):
        revise(reviewer, rule_id=rule_id, day=day)


def test_a_rule_from_memory_is_switched_on_by_whoever_confirmed_it(reviewer):
    revise(reviewer, rule_id="HT-12", reason="已核对建质〔2017〕138号原文")
    assert "HT-12@101" in {rule.key for rule in selectors.rules_in_force()}


def test_without_revisions_what_is_in_force_is_the_packaged_catalogue():
    from wulian.law.rules import all_rules

    packaged = {rule.key for rule in all_rules() if rule.enabled and rule.computed}
    assert {rule.key for rule in selectors.rules_in_force()} == packaged
    assert not any(rule.version >= 101 for rule in all_rules())
