"""Every date explains itself, in Chinese and in English, and its steps survive JSON."""

import json
from datetime import date, datetime

import pytest

from wulian.law.calendar import packaged_calendar
from wulian.law.periods import (
    DATE_RULES,
    Pause,
    Step,
    Unit,
    due_date,
    due_moment,
    render_explanation,
    unit_name,
)

CALENDAR = packaged_calendar()


def explain(*args, lang="zh", **kwargs):
    return render_explanation(due_date(*args, **kwargs).explanation, lang)


def test_a_rolled_date_names_the_holiday_and_the_article():
    text = explain(date(2026, 9, 24), 10, Unit.CALENDAR_DAY, CALENDAR, rule="DT-4")
    assert text[0].startswith("期限为10日。依据：招标投标法及其实施条例所称“日”为自然日")
    assert text[1].startswith("起算事由发生于2026-09-24，当日不计入")
    assert "民法典 第二百零一条" in text[1]
    assert text[-1].startswith("2026-10-04是休假日（国庆节），顺延至2026-10-08")
    assert "民法典 第二百零三条" in text[-1]


def test_working_days_name_the_skipped_holiday_and_the_worked_saturday():
    text = "\n".join(explain(date(2026, 9, 29), 30, Unit.WORKING_DAY, CALENDAR))
    assert "国庆节 2026-10-01至2026-10-07" in text
    assert "调休上班日计入：2026-10-10" in text
    assert "第30个工作日为2026-11-16" in text


def test_pauses_are_listed_with_their_days():
    pause = Pause(date(2026, 6, 5), date(2026, 6, 9))
    text = explain(date(2026, 6, 1), 10, Unit.CALENDAR_DAY, CALENDAR, [pause])
    assert any(line.startswith("不计入期限的时间共4日：2026-06-06至2026-06-09") for line in text)


def test_a_pause_after_the_end_is_not_mentioned():
    pause = Pause(date(2026, 8, 5), date(2026, 8, 9))
    result = due_date(date(2026, 6, 1), 10, Unit.CALENDAR_DAY, CALENDAR, [pause])
    assert "pause" not in {step.code for step in result.explanation}


def test_a_provisional_date_says_which_year_is_missing():
    assert "2027年节假日安排尚未公布" in explain(date(2026, 11, 20), 30, Unit.WORKING_DAY, CALENDAR)[-1]
    assert "provisional" in explain(date(2026, 11, 20), 30, Unit.WORKING_DAY, CALENDAR, lang="en")[-1]


ALL_KINDS = [
    due_date(date(2026, 9, 24), 10, Unit.CALENDAR_DAY, CALENDAR, rule="DT-4").explanation,
    due_date(date(2026, 6, 1), 3, Unit.CALENDAR_DAY, CALENDAR, roll_forward=False, rule="DT-8").explanation,
    due_date(date(2026, 6, 1), 3, Unit.CALENDAR_DAY, CALENDAR).explanation,
    due_date(
        date(2026, 9, 20), 60, Unit.WORKING_DAY, CALENDAR, [Pause(date(2026, 9, 25))], as_of=date(2026, 9, 28)
    ).explanation,
    due_date(date(2026, 8, 31), 6, Unit.MONTH, CALENDAR).explanation,
    due_moment(datetime(2026, 3, 1, 9), 24).explanation,
]


@pytest.mark.parametrize("steps", ALL_KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_has_words_and_survives_json(steps, lang):
    again = [Step.from_json(json.loads(json.dumps(step.to_json()))) for step in steps]
    assert render_explanation(again, lang) == render_explanation(steps, lang)
    assert all(len(sentence) > 5 for sentence in render_explanation(steps, lang))


def test_the_kinds_above_use_every_wording():
    from wulian.law.periods.wording import CHINESE, ENGLISH

    pause = due_date(date(2026, 6, 1), 9, Unit.YEAR, CALENDAR, [Pause(date(2026, 6, 2), date(2026, 6, 5))])
    used = {step.code for steps in [*ALL_KINDS, pause.explanation] for step in steps}
    assert used == set(CHINESE) == set(ENGLISH)


def test_every_counting_rule_of_the_reference_has_text_article_and_confidence():
    assert {f"DT-{n}" for n in range(1, 10)} <= set(DATE_RULES)
    for rule in DATE_RULES.values():
        assert rule.zh and rule.en and rule.citation
        assert rule.confidence in "VSMUE"


def test_quantities_read_naturally_in_both_languages():
    assert unit_name(3, Unit.WORKING_DAY) == "3个工作日"
    assert unit_name(1, "working_day", "en") == "1 working day"
    assert unit_name(6, Unit.MONTH, "en") == "6 months"
