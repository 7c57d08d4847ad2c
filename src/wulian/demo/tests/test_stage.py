"""The clock of the demonstration: every part of the platform sees the moment of the act, and nothing afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from wulian.core.accounts.models import RoleGrant
from wulian.core.procedures.models import ProcedureStep
from wulian.demo import stage
from wulian.exchange.records import BEIJING

THEN = dt.datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)


def test_on_the_stage_the_platform_sees_the_moment_of_the_act():
    with stage.at(THEN):
        assert abs(timezone.now() - THEN) < dt.timedelta(seconds=5)
        assert timezone.localdate() == THEN.date()
        assert timezone.localdate(THEN) == THEN.date()


def test_defaults_of_fields_see_it_as_well():
    with stage.at(THEN):
        assert ProcedureStep().at.date() == THEN.date()
        assert RoleGrant().valid_from == THEN.date()


def test_the_clock_runs_on_during_an_act():
    with stage.at(THEN):
        first = timezone.now()
        assert timezone.now() >= first


def test_after_an_act_the_clock_is_the_real_one_again_even_when_the_act_failed():
    with pytest.raises(RuntimeError), stage.at(THEN):
        raise RuntimeError
    assert abs(timezone.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
    assert type(timezone.now()) is dt.datetime


def test_no_act_lies_in_the_future():
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    with pytest.raises(ValueError, match="future"), stage.at(later):
        pass


def test_days_of_the_timeline_are_working_days():
    # 2026-10-08 is the first working day after the National Day holiday, 2026-10-10 a worked Saturday.
    line = stage.Timeline(dt.date(2026, 10, 12))
    assert [line.day(back) for back in (1, 2, 3, 4)] == [
        dt.date(2026, 10, 10),
        dt.date(2026, 10, 9),
        dt.date(2026, 10, 8),
        dt.date(2026, 9, 30),
    ]
    assert line.moment(1, 9) == dt.datetime(2026, 10, 10, 9, tzinfo=BEIJING)
