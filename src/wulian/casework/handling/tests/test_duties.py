"""The worklist: each complaint is with the one whose turn it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wulian.casework.dialogue.services import request_withdrawal
from wulian.casework.handling import services
from wulian.casework.handling.duties import duties
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake

pytestmark = pytest.mark.django_db


def turn(people):
    """Who of these people has something to do."""
    everybody = (
        "officer",
        "colleague",
        "section",
        "lawyer",
        "head",
        "dispatcher",
        "stranger",
        "clerk",
        "admin",
    )
    return {name for name in everybody if any(not duty.waits_for for duty in duties(getattr(people, name)))}


def awaited(people):
    """For whom the officers wait, one word a complaint."""
    return [str(duty.waits_for) for duty in duties(people.officer) if duty.waits_for]


def test_the_duty_goes_from_hand_to_hand(people, complaint):
    assert turn(people) == {"officer", "colleague"}
    make.proposed(people, complaint)
    assert turn(people) == {"section"} and awaited(people) == ["承办机构负责人"]
    services.endorse_opinion(actor=people.section, complaint=complaint, note=make.NOTE)
    assert turn(people) == {"lawyer"} and awaited(people) == ["法制审核员"]
    services.review_legality(actor=people.lawyer, complaint=complaint, note=make.NOTE)
    assert turn(people) == {"head"} and awaited(people) == ["机关负责人"]
    services.decide(actor=people.head, complaint=complaint, note="同意。", review_authority="随州市人民政府", court="随州市曾都区人民法院")  # fmt: skip
    assert turn(people) == {"officer", "colleague"}
    make.served(people, complaint)
    services.draft_publication(actor=people.officer, complaint=complaint, title="关于投诉的处理结果", text=make.TEXT)  # fmt: skip
    assert turn(people) == {"section"}
    services.approve_publication(actor=people.section, complaint=complaint, note="同意。")
    assert turn(people) == {"dispatcher"} and awaited(people) == ["监管办"]
    services.publish(actor=people.dispatcher, complaint=complaint)
    assert turn(people) == {"officer", "colleague"}
    services.archive_complaint(actor=people.officer, complaint=complaint)
    assert turn(people) == set() and awaited(people) == []


def test_a_wish_to_withdraw_goes_to_the_officers_and_then_to_the_head(people, complaint):
    request_withdrawal(matter=complaint, reason="已与招标人澄清，无异议。")
    assert "撤回" in str(next(iter(duties(people.officer))).title)
    services.examine_withdrawal(
        actor=people.officer, complaint=complaint, illegality_found=False, harms_others=False, opinion="建议准予撤回。"
    )  # fmt: skip
    assert turn(people) == {"head"}


def test_a_wish_before_acceptance_goes_to_the_head(people):
    matter = intake.dispatched(intake.complaint(), people.clerk, people.dispatcher)
    assert turn(people) == set()
    request_withdrawal(matter=matter, reason="已与招标人澄清，无异议。")
    assert turn(people) == {"head"}


def test_more_complaints_ask_no_more_questions(people, complaint, officers):
    list(duties(people.officer))
    with CaptureQueriesContext(connection) as one:
        assert len(list(duties(people.officer))) == 1
    make.investigated(people, officers)
    with CaptureQueriesContext(connection) as two:
        assert len(list(duties(people.officer))) == 2
    assert len(two) <= len(one)
