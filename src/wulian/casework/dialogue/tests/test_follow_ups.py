"""Reporters who gave a name are asked 30, 90 and 180 days after the feedback whether they suffered for it (REFERENCE D.9)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from wulian.casework.dialogue.duties import duties
from wulian.casework.dialogue.selectors import follow_ups_for
from wulian.casework.dialogue.services import send_message
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.tests import factories as make

pytestmark = pytest.mark.django_db


def told(people, *, who):
    """A tip-off whose reporter was told today, 29 September 2026."""
    matter = make.dispatched(make.tip_off(who=who), people.clerk, people.dispatcher)
    TipOff.objects.filter(pk=matter.pk).update(
        state="L90", feedback="已依法处理。", feedback_at=timezone.now()
    )
    return TipOff.objects.get(pk=matter.pk)


def after(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def due(user):
    return [(item.days, item.until) for item in follow_ups_for(user, 10)]


@pytest.fixture
def named(people):
    return told(people, who=make.reporter())


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (29, []),
        (30, [(30, date(2026, 11, 5))]),
        (89, [(30, date(2026, 11, 5))]),
        (90, [(90, date(2027, 1, 4))]),
        (180, [(180, date(2027, 4, 4))]),
        (208, [(180, date(2027, 4, 4))]),
        (209, []),
    ],
)
def test_it_is_asked_on_each_of_three_days(people, named, days, expected):
    with after(days):
        assert due(people.officer) == expected


def test_a_message_since_that_day_is_the_question_and_the_next_one_comes_later(people, named):
    with after(31):
        (duty,) = duties(people.officer)
        assert "30" in str(duty.title) and named.number in duty.subject_label
        send_message(actor=people.officer, matter=named, text="回访：您是否因此受到打击、报复？")
        assert due(people.officer) == [] and list(duties(people.officer)) == []
    with after(90):
        assert [days for days, _until in due(people.officer)] == [90]


def test_nobody_asks_an_anonymous_reporter(people):
    told(people, who=None)
    with after(30):
        assert due(people.officer) == []


@pytest.mark.parametrize("who", ["stranger", "clerk", "dispatcher", "admin"])
def test_only_who_handled_it_asks(people, named, who):
    with after(30):
        assert due(getattr(people, who)) == []
