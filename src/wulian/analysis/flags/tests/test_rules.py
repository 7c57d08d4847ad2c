"""Every enabled rule has a case that meets it, one that does not and one on the limit (its article is in the table)."""

from __future__ import annotations

from collections import defaultdict

import pytest

from wulian.analysis.flags.engine import FlagRun
from wulian.analysis.flags.examples import AS_OF, case_fields, case_names, cases
from wulian.analysis.flags.examples.building import dossier
from wulian.analysis.flags.tables import arrow_from_dossiers
from wulian.law.rules import SEVERITIES, Rule, all_rules

REQUIRED = ("positive", "negative", "boundary")
CASES = cases()
RULES = {key: rule for rule in all_rules() for key in (rule.id, rule.key)}
NAMES = [(key, name) for key in CASES for name in case_names(key)]
Verdicts = dict[str, list[tuple[bool | None, str]]]


@pytest.fixture(scope="module")
def judged() -> dict[str, Verdicts]:
    """Judge each rule once over the dossiers of all its cases: rule → case → verdicts of its rows."""
    dossiers = [dossier(f"{key}/{name}", case_fields(key, name)) for key, name in NAMES]
    run = FlagRun(arrow_from_dossiers(dossiers), [RULES[key] for key in CASES], as_of=AS_OF)
    found: dict[str, Verdicts] = {}
    for key in CASES:
        verdicts: Verdicts = defaultdict(list)
        table = run.judged(RULES[key]).select(["project_id", "verdict", "_severity"])
        for row in table.to_pylist():
            verdicts[row["project_id"]].append((row["verdict"], row["_severity"]))
        found[key] = verdicts
    run.close()
    return found


@pytest.mark.parametrize(("key", "name"), NAMES, ids=[f"{key}-{name}" for key, name in NAMES])
def test_the_rule_judges_the_case_as_its_article_says(judged, key, name):
    verdicts = judged[key][f"{key}/{name}/P"]
    expected = CASES[key][name]["expect"]
    assert verdicts, "the case has no row that this rule judges"
    hits = [severity for verdict, severity in verdicts if verdict]
    if expected == "none":
        assert [verdict for verdict, _severity in verdicts] == [False] * len(verdicts)
    else:
        assert hits and min(hits, key=SEVERITIES.index) == expected


def _key(rule: Rule) -> str:
    return rule.key if rule.key in CASES else rule.id


@pytest.mark.parametrize(
    "rule", [rule for rule in all_rules() if rule.enabled and rule.computed], ids=lambda rule: rule.key
)
def test_every_enabled_rule_has_its_three_cases_and_cites_its_article(rule):
    entry = CASES[_key(rule)]
    assert entry["article"]
    assert entry["positive"]["expect"] != "none"
    assert entry["negative"]["expect"] == "none"
    assert set(REQUIRED) <= set(entry)


def test_no_case_belongs_to_a_rule_that_is_gone():
    assert set(CASES) <= set(RULES)
