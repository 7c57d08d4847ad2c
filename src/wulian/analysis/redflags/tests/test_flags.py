"""Every red flag has a case that it meets, one that it does not, one on each limit, and one whose data do not suffice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from wulian.analysis.flags.engine import FlagRun
from wulian.analysis.flags.examples import AS_OF
from wulian.analysis.flags.tables import arrow_from_dossiers
from wulian.analysis.redflags import all_red_flags
from wulian.analysis.redflags.tests.building import dossiers
from wulian.law.calendar import packaged_calendar

FLAGS = {flag.id: flag for flag in all_red_flags()}
CASES: dict[str, dict[str, Any]] = {}
for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
    CASES.update(yaml.safe_load(path.read_text(encoding="utf-8")))
NAMES = [(code, name) for code, entry in CASES.items() for name in entry if name != "base"]
OUTCOMES = {"hit", "none", "unknown"}


class _ShortCalendar:
    """Red flags count no working days; the calendar of the law takes long to write out for each case."""

    def is_working_day(self, day: Any) -> bool:
        return bool(day.weekday() < 5)

    def is_loaded(self, year: int) -> bool:
        return packaged_calendar().is_loaded(year)


def _case(code: str, name: str) -> dict[str, Any]:
    given = CASES[code][name]
    base = CASES[code].get("base", {})
    if "dossiers" in given:
        return {**given, "dossiers": [{**base, **entry} for entry in given["dossiers"]]}
    return {**base, **given}


@cache
def _judged(codes: tuple[str, ...], names: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Judge flags over the dossiers of their cases, those of `names` or all: flag → rows."""
    wanted = [(code, name) for code, name in NAMES if code in codes and (not names or name in names)]
    made = [dossier for code, name in wanted for dossier in dossiers(f"{code}/{name}", _case(code, name))]
    flags = [FLAGS[code] for code in codes]
    run = FlagRun(arrow_from_dossiers(made), flags, as_of=AS_OF, calendar=_ShortCalendar())
    rows = {flag.id: run.judged(flag).to_pylist() for flag in flags}
    run.close()
    return rows


def _verdicts(code: str, name: str) -> list[bool | None]:
    flag, prefix, of = FLAGS[code], f"{code}/{name}", CASES[code][name].get("of")
    if flag.across:
        rows = _judged((code,), (name,))[code]
    else:
        # What looks at one project only does not mind the projects of other cases.
        rows = _judged(tuple(item.id for item in FLAGS.values() if not item.across))[code]
        rows = [row for row in rows if row["subject_id"].startswith(f"{prefix}/")]
    if of is not None and flag.subject != "expert":
        of = "|".join(f"{prefix}/{part}" for part in of.split("|"))
    return [row["verdict"] for row in rows if of in (None, row["subject_id"])]


@pytest.mark.parametrize(("code", "name"), NAMES, ids=[f"{code}-{name}" for code, name in NAMES])
def test_the_flag_answers_the_case(code, name):
    verdicts = _verdicts(code, name)
    assert verdicts, "the case has no row that this flag judges"
    expected = CASES[code][name]["expect"]
    if expected == "hit":
        assert True in verdicts
    elif expected == "none":
        assert set(verdicts) == {False}
    else:
        assert True not in verdicts and None in verdicts


@pytest.mark.parametrize("code", FLAGS)
def test_every_flag_has_a_case_of_each_outcome_and_one_on_its_limit(code):
    entry = CASES[code]
    assert {given["expect"] for name, given in entry.items() if name != "base"} == OUTCOMES
    numbers = [item for item in FLAGS[code].parameters if isinstance(item.value, (int, float))]
    assert not numbers or any(name.startswith("boundary") for name in entry)


def test_no_case_belongs_to_a_flag_that_is_gone():
    assert set(CASES) == set(FLAGS)
