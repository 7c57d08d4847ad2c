"""What everybody reads never names who complained (REFERENCE CH-14, D.9; 实施条例 第七十八条)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from wulian.casework.handling import services
from wulian.casework.handling.models import Publication
from wulian.casework.handling.services.publishing import DRAFTS, proposed_text
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.tests import factories as intake
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(people, complaint):
    """A complaint in C15."""
    return make.served(people, make.decided(people, complaint))


def draft(people, complaint, text, title="关于投诉的处理结果"):
    return services.draft_publication(actor=people.officer, complaint=complaint, title=title, text=text)


@pytest.mark.parametrize("leak", [intake.NAME, "欧阳　听雨", "汉东路77号"])
def test_a_text_that_would_name_the_complainant_is_refused(people, done, leak):
    with pytest.raises(Refusal) as refused:
        draft(people, done, f"{make.TEXT}\n投诉人为{leak}。")
    assert refused.value.field == "text" and leak not in refused.value.message
    assert not Publication.objects.exists()


@pytest.mark.parametrize("leak", [intake.PHONE, "0722-3590001", "R-2026-00001"])
def test_no_number_and_no_alias_is_published_whosever_it_is(people, done, leak):
    with pytest.raises(Refusal, match="第2行第5字"):
        draft(people, done, f"{make.TEXT}\n投诉人为{leak}。")


def test_a_title_is_looked_at_like_the_text(people, done):
    with pytest.raises(Refusal) as refused:
        draft(people, done, make.TEXT, title=f"{intake.NAME}投诉的处理结果")
    assert refused.value.field == "title"


def test_names_are_not_tried_one_after_the_other_until_one_is_refused(people, done):
    """What passes tells too: whoever it names is not the complainant."""
    for number in range(DRAFTS):
        draft(people, done, f"{make.TEXT}投诉人为第{number}名候选人。")
    with pytest.raises(Refusal, match="今日"):
        draft(people, done, make.TEXT)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        draft(people, done, make.TEXT)


def test_the_proposed_text_names_nobody_and_passes(people, done):
    title, text = proposed_text(done)
    draft(people, done, text, title)
    assert Publication.objects.get().text == text


def test_who_wrote_the_text_does_not_approve_it_and_the_office_publishes(people, done):
    draft(people, done, make.TEXT)
    for user in (people.officer, people.colleague, people.dispatcher, people.stranger):
        with pytest.raises((Forbidden, Refusal)):
            services.approve_publication(actor=user, complaint=done, note="同意。")
    with pytest.raises(Refusal, match="审批"):
        services.publish(actor=people.dispatcher, complaint=done)
    services.approve_publication(actor=people.section, complaint=done, note="同意。")
    for user in (people.officer, people.section, people.head, people.clerk):
        with pytest.raises(Forbidden):
            services.publish(actor=user, complaint=done)
    services.publish(actor=people.dispatcher, complaint=done)
    assert Publication.objects.get().document.title == "投诉处理结果公开审批单"


def test_a_text_changed_behind_the_approval_is_checked_again_before_it_is_public(people, done):
    draft(people, done, make.TEXT)
    services.approve_publication(actor=people.section, complaint=done, note="同意。")
    Publication.objects.update(text=f"{make.TEXT}{intake.NAME}")
    with pytest.raises(Refusal):
        services.publish(actor=people.dispatcher, complaint=done)
    assert not Publication.objects.public().exists()


def test_nothing_is_published_before_the_decision_was_served(people, complaint):
    make.decided(people, complaint)
    with pytest.raises(Refusal):
        draft(people, complaint, make.TEXT)


def test_a_result_taken_down_is_written_and_approved_anew(people, done):
    make.published(people, done)
    with pytest.raises(Refusal, match="撤下"):
        draft(people, done, make.TEXT)
    services.withdraw_publication(actor=people.section, complaint=done, note="文字有误。")
    with pytest.raises(Refusal):
        services.publish(actor=people.dispatcher, complaint=done)
    make.published(people, done)
    assert Publication.objects.public().count() == 1


def test_the_file_stays_open_until_the_result_is_public(people, done):
    with pytest.raises(Refusal, match="公开"):
        services.archive_complaint(actor=people.officer, complaint=done)


def test_what_a_complainant_wrote_about_oneself_is_hidden_in_the_documents_the_other_side_reads(
    people, officers
):
    words = f"本人{intake.NAME}（电话{intake.PHONE}，住汉东路77号）参加了开标，三家报价呈规律性差异。"
    matter = make.investigated(people, officers, facts=words, request=f"请依法查处，并答复{intake.NAME}。")
    make.decided(people, matter)
    texts = "".join(str(document.context) for document in EnforcementDocument.objects.for_object(matter) if document.template in ("调查报告", "投诉处理决定书"))  # fmt: skip
    assert "三家报价呈规律性差异" in texts
    for secret in (intake.NAME, intake.PHONE, "汉东路"):
        assert secret not in texts
