"""Messages: the reporter is nobody, the officer in charge answers, the accused department learns nothing."""

import pytest
from django.db import IntegrityError, transaction

from wulian.casework.dialogue import services
from wulian.casework.dialogue.models import Message
from wulian.casework.dialogue.selectors import dialogue_of
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.models import Notification
from wulian.core.ui.testing import assert_max_queries
from wulian.core.ui.worklist import duties_for

pytestmark = pytest.mark.django_db
WORDS = "开标当天的录像我有拷贝，需要的话可以提供。"


def written(matter, text=WORDS):
    return services.send_message(actor=None, matter=matter, text=text)


def test_a_message_and_its_answer_stand_in_order_and_settle_the_duty(people, examined):
    written(examined)
    (duty,) = [duty for duty in duties_for(people.officer) if duty.url.endswith("#dialogue")]
    assert "1" in str(duty.title) and examined.number in duty.subject_label
    services.send_message(actor=people.officer, matter=examined, text="请在本页面上传录像截图。")
    said = dialogue_of(examined)
    assert [message.from_reporter for message in said.messages] == [True, False]
    assert (said.unanswered, said.unread) == (0, 1)
    assert not [duty for duty in duties_for(people.officer) if duty.url.endswith("#dialogue")]
    assert services.mark_read(matter=examined) == 1
    assert dialogue_of(examined).unread == 0


def test_no_address_and_no_account_stand_beside_a_reporters_words(people, examined):
    message = written(examined)
    event = AuditEvent.objects.get(verb="dialogue.message_received")
    assert (event.actor_id, event.remote_address, event.actor_name) == (None, "", "")
    assert WORDS not in str(list(AuditEvent.objects.values())), "the trail says that, not what"
    assert message.author is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(author=people.officer)


def test_the_window_answers_until_the_matter_has_an_authority(people, complaint):
    written(complaint)
    assert [duty for duty in duties_for(people.clerk) if duty.url.endswith("#dialogue")]
    with pytest.raises(Forbidden):
        services.send_message(actor=people.officer, matter=complaint, text="请问？")
    services.send_message(actor=people.clerk, matter=complaint, text="已登记，将转主管部门。")
    given = make.dispatched(complaint, people.clerk, people.dispatcher)
    with pytest.raises(Forbidden):
        services.send_message(actor=people.dispatcher, matter=given, text="补充说明。")


@pytest.mark.parametrize("who", ["stranger", "admin", "discipline", "clerk", "dispatcher"])
def test_only_who_handles_the_matter_writes(people, examined, who):
    with pytest.raises(Forbidden):
        services.send_message(actor=getattr(people, who), matter=examined, text="您好。")
    with pytest.raises(Forbidden):
        services.settle_messages(actor=getattr(people, who), matter=examined)


@pytest.mark.parametrize("text", ["", "  ", "一", "长" * 5001])
def test_a_message_is_neither_empty_nor_endless(examined, text):
    with pytest.raises(Refusal) as refused:
        written(examined, text)
    assert refused.value.field == "text"


def test_twenty_messages_may_wait_and_an_answer_opens_the_way_again(people, examined):
    for number in range(20):
        written(examined, f"第{number}条留言")
    with pytest.raises(Refusal, match="答复"):
        written(examined)
    services.settle_messages(actor=people.officer, matter=examined)
    written(examined)


def test_the_accused_department_is_told_nothing_and_has_no_duty(people, user_factory):
    """D.9: shut out of list, count, search and notification, here too."""
    accused = make.complaint(respondent_name="住更局")  # by its short name
    assert accused.accused_department == people.housing
    make.dispatched(
        accused, people.clerk, people.dispatcher, sector="transport", accused_department=people.housing
    )
    Notification.objects.all().delete()
    accused.refresh_from_db()
    written(accused)
    told = {note.user for note in Notification.objects.select_related("user")}
    assert not [user for user in told if user.department == people.housing]
    for user in (people.officer, people.colleague, people.section, people.head):
        assert not [duty for duty in duties_for(user) if duty.url.endswith("#dialogue")]
        with pytest.raises(Forbidden):
            services.send_message(actor=user, matter=accused, text="您是谁？")
        assert not Message.objects.visible_to(user).exists()


def test_who_handles_the_matter_is_told_and_nobody_else(people, examined):
    Notification.objects.all().delete()
    written(examined)
    told = set(Notification.objects.values_list("user", flat=True))
    assert told == {people.officer.pk, people.colleague.pk, people.other.pk}


def test_the_worklist_asks_no_more_queries_for_more_matters(people, examined):
    def waiting(count):
        for _number in range(count):
            written(make.dispatched(make.complaint(), people.clerk, people.dispatcher))
        from wulian.casework.dialogue.selectors import waiting_for

        with assert_max_queries(10) as asked:
            found = waiting_for(people.officer, 100)
        return len(asked), len(found)

    waiting(0)
    first, second = waiting(1), waiting(3)
    assert first[0] == second[0] and (first[1], second[1]) == (1, 4)


def test_the_panel_shows_the_dialogue_and_takes_an_answer(people, examined, client_for):
    written(examined, "<b>很急</b>，请尽快。")
    client = client_for(people.officer)
    page = client.get(examined.get_absolute_url()).content.decode()
    assert "&lt;b&gt;很急&lt;/b&gt;" in page and 'id="dialogue"' in page and "1条留言待答复" in page
    address = f"/dialogue/complaint/{examined.pk}/message/"
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "收到，正在核实。"}).status_code == 302
    assert client_for(people.stranger).post(address, {"text": "收到。"}).status_code == 404
    assert client_for(people.discipline).post(address, {"text": "收到。"}).status_code == 403
    assert client_for(people.admin).get(address).status_code in (403, 404)
    assert Message.objects.filter(from_reporter=False).count() == 1


def test_who_only_watches_reads_without_a_form(people, examined, client_for):
    written(examined)
    page = client_for(people.discipline).get(examined.get_absolute_url()).content.decode()
    assert WORDS in page and "/message/" not in page


def test_messages_without_need_of_an_answer_are_settled_by_a_button(people, examined, client_for):
    written(examined, "谢谢。")
    client = client_for(people.officer)
    assert client.post(f"/dialogue/complaint/{examined.pk}/settle/").status_code == 302
    assert dialogue_of(examined).unanswered == 0
