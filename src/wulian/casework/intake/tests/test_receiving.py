"""Receiving: stored once, numbered without gaps, clocks from receipt, identity in the vault only."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from wulian.casework.intake import codes
from wulian.casework.intake.models import Complaint, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.selectors import (
    filing_limit,
    filing_limit_of,
    receipt_for,
    verify_receipt,
)
from wulian.casework.intake.services import clocks, receive_complaint, receive_tip_off
from wulian.casework.intake.services.receiving import receipt_text
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.models import Notification

pytestmark = pytest.mark.django_db
KEY = b"a browser's own random bytes 123"


def receive(**changes):
    given = {"actor": None, "content": make.content(), "reporter": make.reporter()}
    return receive_complaint(**{**given, **changes})


def clock_of(matter, kind):
    return Clock.objects.of(matter).get(kind=kind)


@pytest.mark.parametrize(
    ("day", "admission", "decision", "provisional"),
    [
        ("2026-09-29", date(2026, 10, 9), date(2026, 11, 16), False),
        ("2025-09-30", date(2025, 10, 11), date(2025, 11, 18), False),
    ],
)
def test_3_and_30_working_days_both_run_from_receipt(db, day, admission, decision, provisional):
    """招标投标法实施条例 第六十一条第二款; REFERENCE 0.5, T-02."""
    with time_machine.travel(f"{day}T16:59:00+08:00", tick=False):
        matter = receive(content=make.content(knew_on=date.fromisoformat(day))).matter
    first, second = clock_of(matter, clocks.ADMISSION), clock_of(matter, clocks.DECISION)
    assert (first.due, first.provisional) == (admission, False)
    assert (second.due, second.provisional) == (decision, provisional)
    assert first.started_on == second.started_on == date.fromisoformat(day)


def test_a_decision_that_falls_into_a_year_without_calendar_is_provisional(db):
    with time_machine.travel("2026-11-20T10:00:00+08:00", tick=False):
        matter = receive(content=make.content(knew_on=date(2026, 11, 18))).matter
    assert clock_of(matter, clocks.ADMISSION).due == date(2026, 11, 25)
    assert clock_of(matter, clocks.DECISION).provisional


def test_what_came_in_just_before_midnight_counts_for_that_day_in_suizhou(db):
    with time_machine.travel("2026-09-29T23:59:59+08:00", tick=False):
        matter = receive().matter
    assert clock_of(matter, clocks.ADMISSION).started_on == date(2026, 9, 29)


def test_a_letter_entered_later_keeps_the_day_it_came(people):
    came = make.RECEIVED - timedelta(days=4)
    issued = receive(actor=people.clerk, received_via="letter", received_at=came)
    assert issued.receipt.received_at == came
    assert issued.receipt.entered_at == make.RECEIVED
    assert clock_of(issued.matter, clocks.ADMISSION).started_on == date(2026, 9, 25)


def test_numbers_have_no_gaps_when_a_submission_is_rolled_back(clock, db):
    first = receive()
    with pytest.raises(RuntimeError), transaction.atomic():
        receive()
        raise RuntimeError("the machine stops")
    second = receive()
    assert [first.matter.number, second.matter.number] == [
        "随招投诉〔2026〕1号",
        "随招投诉〔2026〕2号",
    ]
    assert second.receipt.number == "随招收〔2026〕2号"


def test_the_same_submission_sent_twice_is_stored_once_with_the_same_code(clock, db):
    first, again = receive(submission=KEY), receive(submission=KEY)
    assert again.is_repeat and not first.is_repeat
    assert (again.receipt, again.code) == (first.receipt, first.code)
    assert Receipt.objects.count() == Complaint.objects.count() == ReporterIdentity.objects.count() == 1


def test_the_code_and_the_number_lead_back_and_are_not_stored(clock, db):
    issued = receive()
    assert receipt_for(number=issued.receipt.number, code=issued.code.lower()) == issued.receipt
    assert receipt_for(number=issued.matter.number, code=issued.code) == issued.receipt
    assert receipt_for(number="2026-7", code=issued.code) is None
    assert receipt_for(number="2026-1", code=codes.code_for(KEY)) is None
    assert issued.code not in str(list(Receipt.objects.values()))


def test_a_receipt_is_signed_and_a_changed_one_is_not_ours(clock, db):
    receipt = Receipt.objects.get(pk=receive().receipt.pk)
    text = receipt_text(receipt)
    given = {"signature": receipt.signature, "key_id": receipt.key_id}
    assert verify_receipt(text=text, **given)
    assert not verify_receipt(text=text.replace("〔2026〕1号", "〔2026〕2号"), **given)
    assert not verify_receipt(text=text, signature="AAAA", key_id=receipt.key_id)
    assert not verify_receipt(text=text, signature=receipt.signature, key_id="../../x")


def test_the_digest_changes_with_every_word_of_the_content(clock, db):
    one, same, other = receive(), receive(), receive(content=make.content(request="请认定中标无效。"))
    assert one.receipt.digest == same.receipt.digest != other.receipt.digest


def test_the_identity_is_in_no_row_but_the_sealed_one(clock, db):
    issued = receive()
    rows = [str(list(model.objects.values())) for model in (Complaint, Receipt, AuditEvent, Notification)]
    for secret in (make.NAME, make.PHONE, make.ADDRESS):
        assert not any(secret in row for row in rows)
    assert bytes(issued.receipt.identity.sealed).find(make.NAME.encode()) == -1
    assert issued.matter.alias == "R-2026-00001"


def test_an_anonymous_tip_off_has_no_identity_row(clock, db):
    issued = receive_tip_off(actor=None, content=make.content(knew_on=None))
    assert issued.receipt.is_anonymous
    assert not ReporterIdentity.objects.exists()
    assert issued.matter.state == "L01"
    assert not Clock.objects.of(issued.matter).exists(), "a tip-off has no right to a decision in 30 days"


@pytest.mark.parametrize(
    ("changes", "who", "field"),
    [
        ({"facts": "太短"}, {}, "facts"),
        ({"project_text": " "}, {}, "project_text"),
        ({"respondent_name": ""}, {}, "respondent_name"),
        ({"request": ""}, {}, "request"),
        ({"knew_on": None}, {}, "knew_on"),
        ({"knew_on": date(2026, 9, 30)}, {}, "knew_on"),
        (
            {"objection_on": date(2026, 9, 20), "objection_replied_on": date(2026, 9, 19)},
            {},
            "objection_replied_on",
        ),
        ({"objection_replied_on": date(2026, 9, 19)}, {}, "objection_on"),
        ({"happened_on": date(2027, 1, 1)}, {}, "happened_on"),
        ({"topic": "nonsense"}, {}, "topic"),
        ({"facts": "很" * 20_001}, {}, "facts"),
        ({}, {"name": ""}, "name"),
        ({}, {"phone": " "}, "phone"),
        ({}, {"address": ""}, "address"),
    ],
)
def test_a_complaint_that_lacks_something_is_refused_at_the_field_and_leaves_nothing(
    clock, db, changes, who, field
):
    with pytest.raises(Refusal) as refused:
        receive(content=make.content(**changes), reporter=make.reporter(**who))
    assert refused.value.field == field
    assert not Receipt.objects.exists()


def test_a_telephone_call_is_not_a_complaint(people):
    with pytest.raises(Refusal, match="举报"):
        receive(actor=people.clerk, received_via="phone", received_at=make.RECEIVED)
    matter = receive_tip_off(
        actor=people.clerk,
        content=make.content(knew_on=None),
        received_via="phone",
        received_at=make.RECEIVED,
    ).matter
    assert isinstance(matter, TipOff)


def test_only_a_clerk_enters_at_the_window_and_nobody_in_the_future(people):
    with pytest.raises(Forbidden):
        receive(actor=people.officer, received_via="window")
    with pytest.raises(Refusal, match="收到时间"):
        receive(actor=people.clerk, received_via="window", received_at=make.RECEIVED + timedelta(minutes=1))
    with pytest.raises(Refusal):
        receive(received_via="window")


def test_the_10_days_roll_over_the_holiday_and_leave_the_objection_time_out(clock, db):
    """实施条例 第六十条; REFERENCE 0.5: knew on 2026-09-24 → 2026-10-08."""
    plain = receive().matter
    assert filing_limit(plain).due == date(2026, 10, 8)
    reply = (date(2026, 6, 2), date(2026, 6, 5))
    assert filing_limit_of("evaluation", date(2026, 6, 1), *reply).due == date(2026, 6, 15)
    assert filing_limit_of("collusion", date(2026, 6, 1), *reply).due == date(2026, 6, 11)


def test_a_department_that_is_named_is_marked_as_complained_of(people):
    matter = receive(content=make.content(respondent_name="住更局")).matter
    assert matter.accused_department == people.housing


def test_clerks_are_told_and_nobody_else(people, complaint):
    told = set(Notification.objects.values_list("user", flat=True))
    assert told == {people.clerk.pk}
