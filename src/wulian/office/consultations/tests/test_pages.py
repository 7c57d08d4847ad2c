"""The pages of consultations, as the head, the dispatcher, a member and a stranger see them."""

from __future__ import annotations

import pytest

from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.office.consultations import services
from wulian.office.consultations.choices import State
from wulian.office.consultations.models import Consultation

from .factories import Meeting, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march(time_machine, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)


@pytest.fixture
def meeting():
    return Meeting()


def test_the_whole_consultation_is_walked_on_the_pages(client, meeting):
    item = meeting.item
    base = item.get_absolute_url()

    def go(user, path, data=None):
        answer = sign_in(client, user).post(f"{base}{path}/", data or {})
        assert answer.status_code == 302, answer.content.decode()
        item.refresh_from_db()
        return item.state

    approval = {
        "host": meeting.head.pk, "recorder": meeting.dispatcher.pk, "place": "三楼会议室", "held_at": "2026-03-05T15:00",
    }  # fmt: skip
    assert go(meeting.head, "approve", approval) == State.APPROVED
    assert go(meeting.dispatcher, "materials") == State.RECUSAL
    assert go(meeting.head, "recusals") == State.HELD
    opinion = {"position": "agrees", "opinion": "同意按标段分别监管。"}
    go(meeting.housing, "opinion", opinion)
    go(meeting.water, "opinion", opinion)
    conclusion = {"kind": "一致", "conclusion": "按标段分别监管。"}
    assert go(meeting.head, "conclude", conclusion) == State.CONCLUDED
    go(
        meeting.dispatcher,
        "task",
        {"department": department("szslj").pk, "content": "受理投诉", "due": "2026-03-12"},
    )
    assert go(meeting.dispatcher, "draft") == State.MINUTED
    assert go(meeting.head, "sign") == State.FOLLOWED
    task = item.tasks.get()
    go(meeting.water, f"tasks/{task.pk}/receipt", {"outcome": "adopted", "receipt": "已受理。"})
    assert go(meeting.dispatcher, "close", {"note": "任务已落实"}) == State.CLOSED
    page = client.get(base).content.decode()
    assert "按标段分别监管" in page and "随公监办会纪〔2026〕1号" in page and "已受理。" in page
    assert "按标段分别监管" in client.get(f"{base}minutes/").content.decode()


def test_the_page_says_that_a_consultation_only_advises(client, meeting):
    page = sign_in(client, meeting.housing).get(meeting.item.get_absolute_url()).content.decode()
    assert "会商意见仅供参考，决定由主管机关负责人作出" in page


def test_a_department_that_is_not_invited_finds_nothing(client, meeting):
    sign_in(client, person("szczj", Role.LIAISON))
    assert client.get(meeting.item.get_absolute_url()).status_code == 404
    assert meeting.item.title not in client.get("/consultations/").content.decode()
    assert client.post(f"{meeting.item.get_absolute_url()}opinion/", {}).status_code == 404


def test_who_may_open_which_form(meeting):
    users = {None: None} | {
        role: person("szjgb", role)
        for role in (Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE, Role.SYSTEM_ADMIN)
    }
    base = meeting.item.get_absolute_url()
    assert_only_roles(
        "/consultations/", users, [Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE]
    )
    assert_only_roles("/consultations/propose/", users, [Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD])
    assert_only_roles(f"{base}approve/", users, [Role.OFFICE_HEAD])
    assert_only_roles(f"{base}conclude/", users, [Role.OFFICE_HEAD])
    assert_only_roles(f"{base}close/", users, [Role.DISPATCHER, Role.OFFICE_HEAD])


def test_a_step_out_of_turn_is_refused_with_a_sentence(client, meeting):
    answer = sign_in(client, meeting.dispatcher).post(f"{meeting.item.get_absolute_url()}draft/", follow=True)
    meeting.item.refresh_from_db()
    assert meeting.item.state == State.PROPOSED
    assert "起草纪要" in answer.content.decode()


def test_a_consultation_is_proposed_from_a_record(client, meeting):
    sign_in(client, meeting.water)
    url = services.propose_url(meeting.item)
    page = client.get(url)
    assert page.status_code == 200 and meeting.item.title in page.content.decode()
    answer = client.post(
        url,
        {
            "type": "urgent",
            "title": "是否责令暂停招标",
            "facts": "开标前发现资格条件疑似量身定做。",
            "departments": [department("szzjj").pk, department("szslj").pk],
            "parties": "随州市汉东水利建设有限公司\n",
        },
    )
    made = Consultation.objects.get(title="是否责令暂停招标")
    assert answer.url == made.get_absolute_url()
    assert made.subject == meeting.item and made.parties == ["随州市汉东水利建设有限公司"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("about=nothing.here&id=1", 404),
        ("about=consultations.consultation&id=999999", 404),
        ("about=consultations.consultation&id=x", 400),
        ("about=auth.permission&id=1", 400),
        ("about=audit", 404),
    ],
)
def test_a_record_that_does_not_exist_or_cannot_be_seen_is_no_subject(client, meeting, query, status):
    assert sign_in(client, meeting.water).get(f"/consultations/propose/?{query}").status_code == status


def test_the_subject_is_not_named_to_a_member_who_may_not_see_it(client, meeting):
    about = meeting.item
    second = meeting.propose(
        title="经费保障",
        subject=about,
        departments=[department("szzjj"), department("szczj")],
        observers=[],
    )
    finance = person("szczj", Role.LIAISON)
    page = sign_in(client, finance).get(second.get_absolute_url()).content.decode()
    assert "经费保障" in page and about.title not in page
    page = sign_in(client, meeting.housing).get(second.get_absolute_url()).content.decode()
    assert about.title in page


def test_a_department_that_recuses_itself_is_sent_back_to_the_list(client, meeting):
    meeting.approve()
    member = meeting.item.members.get(department=department("szslj"))
    answer = sign_in(client, meeting.water).post(
        f"{meeting.item.get_absolute_url()}members/{member.pk}/recuse/", {"reason": "当事人系下属企业"}
    )
    assert answer.url == "/consultations/"
    assert client.get(meeting.item.get_absolute_url()).status_code == 404


def test_a_refused_conclusion_keeps_what_was_typed(client, meeting):
    meeting.hold()
    meeting.speak(water="disagrees")
    answer = sign_in(client, meeting.head).post(
        f"{meeting.item.get_absolute_url()}conclude/", {"kind": "一致", "conclusion": "按标段分别监管。"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["kind"] and "按标段分别监管。" in answer.content.decode()


def test_there_are_no_minutes_before_the_conclusion(client, meeting):
    assert sign_in(client, meeting.head).get(f"{meeting.item.get_absolute_url()}minutes/").status_code == 404


def test_the_list_is_filtered_by_type_state_and_words(client, meeting):
    urgent = meeting.propose(type="urgent", title="大额罚款应急会商")
    sign_in(client, meeting.head)

    def shown(**conditions):
        return {row.record for row in client.get("/consultations/", conditions).context["table"].rows}

    assert shown() == {meeting.item, urgent}
    assert shown(type="urgent") == {urgent}
    assert shown(q="大额") == {urgent}
    meeting.approve()
    assert shown(state="K02") == {meeting.item}


def test_a_page_of_the_list_costs_the_same_queries_for_one_and_for_twenty(client, meeting):
    sign_in(client, meeting.head)
    client.get("/consultations/")
    with assert_max_queries(12) as few:
        client.get("/consultations/")
    for _number in range(19):
        meeting.propose()
    with assert_max_queries(len(few.captured_queries)):
        client.get("/consultations/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(client, meeting, language):
    meeting.hold()
    meeting.speak()
    base = meeting.item.get_absolute_url()
    member = meeting.item.members.first()
    sign_in(client, meeting.head)
    paths = ["/consultations/", "/consultations/propose/", base]
    paths += [
        f"{base}{name}/" for name in ("approve", "reject", "conclude", "task", "return", "close", "opinion")
    ]
    paths.append(f"{base}members/{member.pk}/recuse/")
    for path in paths:
        assert client.get(path, headers={"accept-language": language}).status_code == 200, path
    meeting.conclude()
    assert client.get(f"{base}minutes/", headers={"accept-language": language}).status_code == 200
    meeting.add_task()
    assert client.get(f"{base}minutes/", headers={"accept-language": language}).status_code == 200
