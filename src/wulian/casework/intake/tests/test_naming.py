"""What goes out never names the reporter, and the test of it is no way to find out (REFERENCE D.9; 信访工作条例 第三十条)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from wulian.casework.intake import services
from wulian.casework.intake.masking import MASK
from wulian.casework.intake.naming import contacts_in, masked, names_in
from wulian.casework.intake.services.minimising import GUESSES, check_texts
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Refusal
from wulian.core.ui.models import Notification

pytestmark = pytest.mark.django_db


def found(receipt, text):
    return [text[start:end] for start, end in names_in(receipt, text)]


@pytest.fixture
def receipt(people):
    return make.complaint().receipt


@pytest.fixture
def firm(people):
    reporter = make.reporter(
        kind="unit", name="随州恒信建筑工程有限公司", representative="刘明远", address="东关街8号"
    )
    return services.receive_complaint(actor=None, content=make.content(), reporter=reporter).matter.receipt


@pytest.mark.parametrize("written", [make.NAME, "欧 阳 听 雨", "欧阳　听雨", "欧-阳、听雨"])
def test_a_name_is_found_however_it_is_spaced(receipt, written):
    assert found(receipt, f"据{written}反映") == [written]


@pytest.mark.parametrize(
    ("written", "is_found"),
    [("汉东路77号", True), ("汉东路７７号3单元", True), ("汉东路", False), ("77号3单", True), ("随州市曾都区", False)],
)  # fmt: skip
def test_five_signs_of_an_address_in_a_row_name_it_and_the_district_does_not(receipt, written, is_found):
    assert bool(found(receipt, f"现场位于{written}。")) is is_found


def test_a_firm_is_known_by_the_core_of_its_name_and_by_its_representative(firm):
    assert "恒信建筑工程" in found(firm, "恒信建筑工程公司反映，评标有误。")
    assert found(firm, "其法定代表人刘明远。") == ["刘明远"]
    assert found(firm, "随州市某建筑工程有限公司反映，评标有误。") == []


def test_details_too_short_to_be_a_name_are_not_looked_for(people):
    """Two signs of a name count, one does not; three of a village."""
    reporter = make.reporter(name="李四", address="李家湾", identifier="4213")
    short = services.receive_complaint(actor=None, content=make.content(), reporter=reporter).matter.receipt
    assert found(short, "李四住李家湾。") == ["李四", "李家湾"]
    assert found(short, "证件尾号4213，李某。") == []


def test_an_anonymous_reporter_has_no_word_to_be_found(people):
    assert found(make.tip_off().receipt, f"{make.NAME}，{make.ADDRESS}") == []


@pytest.mark.parametrize(
    ("text", "is_public"),
    [
        ("139 8641 2075", False),
        ("１３９８６４１２０７５", False),
        ("42130219800101123X", False),
        ("someone@example.com", False),
        ("0722-3590001", True),
        ("R-2026-00012", True),
    ],
)
def test_numbers_and_accounts_need_no_vault_to_be_seen(text, is_public):
    assert contacts_in(f"联系{text}。", public=True)
    assert bool(contacts_in(f"联系{text}。")) is not is_public


def test_what_reporters_wrote_of_themselves_is_hidden_once_where_marks_overlap(receipt):
    words = f"我叫{make.NAME}，电话{make.PHONE}，住{make.ADDRESS}，参加了开标。"
    assert masked(receipt, words) == f"我叫{MASK}，电话{MASK}，住{MASK}，参加了开标。"


class TestAnswer:
    """A refusal could confirm a guess (who complained?), so it says little, is told to oversight, and there are few of them."""

    def refuse(self, user, matter, text):
        with pytest.raises(Refusal) as refused:
            check_texts(actor=user, matter=matter, texts={"plan": "一、调取资料。", "text": text})
        return refused.value

    def test_it_names_the_field_but_neither_the_word_nor_the_place(self, people, examined):
        answer = self.refuse(people.officer, examined, f"投标人张三、李四、{make.NAME}。")
        assert answer.field == "text"
        assert make.NAME not in answer.message and "行" not in answer.message

    def test_numbers_that_everybody_sees_are_shown_with_their_place_and_ask_no_vault(self, people, examined):
        assert "第1行第3字" in self.refuse(people.officer, examined, "请打13900001111。").message
        assert not AuditEvent.objects.filter(verb="intake.leak_stopped").exists()

    def test_it_is_written_down_without_the_word_and_discipline_is_told(self, people, examined):
        self.refuse(people.officer, examined, make.NAME)
        event = AuditEvent.objects.get(verb="intake.leak_stopped")
        assert event.actor == people.officer and make.NAME not in f"{event.summary}{event.data}"
        assert Notification.objects.filter(user=people.discipline, title__contains=examined.number).exists()

    def test_after_some_of_them_no_text_of_the_matter_is_tried_until_the_next_day(self, people, examined):
        for user in (people.officer, people.colleague) * GUESSES:
            self.refuse(user, examined, make.NAME)
        assert AuditEvent.objects.filter(verb="intake.leak_stopped").count() == GUESSES
        assert self.refuse(people.officer, examined, "没有任何身份信息。").field == "plan"
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
            check_texts(actor=people.officer, matter=examined, texts={"text": "没有任何身份信息。"})

    def test_who_was_allowed_to_know_the_reporter_sees_the_place_and_is_not_held_up(self, people, examined):
        opening = services.request_opening(
            actor=people.officer, matter=examined, reason="需要当面核对投诉人身份。", hours=4
        )
        services.approve_opening(actor=people.discipline, opening=opening)
        for _again in range(GUESSES + 1):
            assert "第1行第2字" in self.refuse(people.officer, examined, f"向{make.NAME}核实。").message
        assert "行" not in self.refuse(people.colleague, examined, make.NAME).message
