"""Supplements, withdrawals and the opinion at the end."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wulian.casework.dialogue import services
from wulian.casework.dialogue.models import Satisfaction, Supplement, SupplementRequest, WithdrawalRequest
from wulian.casework.dialogue.signals import supplement_received, withdrawal_requested
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.admission import ask_completion
from wulian.casework.intake.services.clocks import ADMISSION
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.models import StoredFile

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 29)


TEXT = "开标记录摘要".encode()


def paper(name="证据.txt", content=TEXT):
    return SimpleUploadedFile(name, content)


def ask(people, matter, days=7):
    return services.ask_supplement(
        actor=people.officer,
        matter=matter,
        what="请提供异议书及招标人的答复。",
        due_on=TODAY + timedelta(days=days),
    )


def test_a_supplement_has_its_own_clock_and_stops_no_other(people, examined):
    """REFERENCE D.2: the law knows no 补正 that stops the 3 working days."""
    before = Clock.objects.of(examined).get(kind=ADMISSION).due
    request = ask(people, examined)
    (clock,) = Clock.objects.of(request)
    # 6 October lies in the holiday: the day that was given stays the day.
    assert (clock.due, clock.state) == (date(2026, 10, 6), "running")
    admission = Clock.objects.of(examined).get(kind=ADMISSION)
    assert (admission.due, admission.state) == (before, "running") and not admission.suspensions.exists()
    services.receive_supplement(matter=examined, text="异议书见附件。", uploads=[paper()])
    clock.refresh_from_db()
    request.refresh_from_db()
    assert clock.state == "stopped" and not request.is_open


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_day_lies_between_today_and_60_days_ahead(people, examined, days, good):
    if good:
        request = ask(people, examined, days)
        assert request.is_open and Clock.objects.of(request).get().due == TODAY + timedelta(days=days)
    else:
        with pytest.raises(Refusal) as refused:
            ask(people, examined, days)
        assert refused.value.field == "due_on"


def test_one_request_at_a_time_and_it_can_be_withdrawn(people, examined):
    request = ask(people, examined)
    with pytest.raises(Refusal):
        ask(people, examined)
    services.withdraw_supplement(actor=people.officer, request=request)
    assert Clock.objects.of(request).get().outcome == "void"
    with pytest.raises(Refusal):
        services.withdraw_supplement(actor=people.officer, request=request)
    assert ask(people, examined).is_open


def test_only_who_handles_the_matter_asks(people, examined):
    for who in (people.stranger, people.clerk, people.admin):
        with pytest.raises(Forbidden):
            services.ask_supplement(
                actor=who, matter=examined, what="请补充材料。", due_on=TODAY + timedelta(days=3)
            )


def test_a_notice_of_completion_asks_on_the_public_page_too_and_replaces_an_earlier_request(people, examined):
    earlier = ask(people, examined)
    ask_completion(
        actor=people.officer, complaint=examined, what=["异议书", "招标人的答复"], due_on=date(2026, 10, 9)
    )
    earlier.refresh_from_db()
    (request,) = SupplementRequest.objects.of(examined).filter(received_at=None, withdrawn_at=None)
    assert earlier.withdrawn_at and (request.what, request.due_on) == (
        "异议书\n招标人的答复",
        date(2026, 10, 9),
    )


def test_what_comes_late_is_taken_in_and_the_clock_says_so(people, examined, clock):
    request = ask(people, examined, days=1)
    clock.shift(timedelta(days=2))
    services.receive_supplement(matter=examined, text="路上耽搁了。")
    assert Clock.objects.of(request).get().outcome == "overdue"


def test_a_supplement_keeps_its_files_with_digests_and_no_name(people, examined):
    heard = []
    supplement_received.connect(
        lambda supplement, **_: heard.append(supplement), weak=False, dispatch_uid="t"
    )
    try:
        supplement = services.receive_supplement(
            matter=examined,
            text="",
            uploads=[paper("欧阳听雨的手机.txt"), paper("乙.txt", "别的内容".encode())],
        )
    finally:
        supplement_received.disconnect(dispatch_uid="t")
    files = list(StoredFile.objects.for_object(supplement))
    assert heard == [supplement] and len(files) == 2 and len(supplement.digest) == 64
    assert "欧阳" not in str([file.title for file in files]), "the name of a file may name its sender"
    event = AuditEvent.objects.get(verb="dialogue.supplement_received")
    assert (event.actor_id, event.remote_address) == (None, "")


def test_a_refused_file_leaves_no_supplement(examined):
    with pytest.raises(Refusal) as refused:
        services.receive_supplement(matter=examined, text="见附件。", uploads=[paper("a.exe", b"MZ")])
    assert refused.value.field == "files" and "a.exe" in refused.value.message
    assert not Supplement.objects.exists()


def test_neither_text_nor_file_is_nothing(examined):
    with pytest.raises(Refusal) as refused:
        services.receive_supplement(matter=examined, text="  ")
    assert refused.value.field == "text"


def test_the_files_of_a_supplement_are_seen_by_who_sees_the_matter(people, examined):
    supplement = services.receive_supplement(matter=examined, text="", uploads=[paper()])
    assert Supplement.objects.visible_to(people.officer).filter(pk=supplement.pk).exists()
    for who in (people.stranger, people.admin):
        assert not Supplement.objects.visible_to(who).exists()


def test_a_withdrawal_is_in_writing_and_announced(examined):
    """投诉处理办法 第十九条 (CH-10)."""
    heard = []
    withdrawal_requested.connect(lambda request, **_: heard.append(request), weak=False, dispatch_uid="t")
    try:
        request = services.request_withdrawal(matter=examined, reason="已与招标人沟通，问题已经更正。")
    finally:
        withdrawal_requested.disconnect(dispatch_uid="t")
    assert heard == [request] and request.state == "asked" and request.about == examined
    with pytest.raises(Refusal, match="正在审查"):
        services.request_withdrawal(matter=examined, reason="再次申请撤回投诉。")


def test_a_withdrawal_needs_a_reason(examined):
    with pytest.raises(Refusal) as refused:
        services.request_withdrawal(matter=examined, reason="撤")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("state", "possible"),
    [("C01", True), ("C06", True), ("C12", True), ("C13", False), ("C90", False), ("C92", False)],
)
def test_a_withdrawal_comes_before_the_decision(complaint, state, possible):
    Complaint.objects.update(state=state)
    complaint.refresh_from_db()
    if possible:
        assert services.request_withdrawal(matter=complaint, reason="问题已经解决。").pk
    else:
        with pytest.raises(Refusal):
            services.request_withdrawal(matter=complaint, reason="问题已经解决。")


def test_a_tip_off_is_not_withdrawn(people):
    with pytest.raises(Refusal):
        services.request_withdrawal(matter=make.tip_off(), reason="不想继续了，谢谢。")


def test_the_head_of_the_authority_decides_on_a_withdrawal_once_and_with_reasons(people, examined):
    request = services.request_withdrawal(matter=examined, reason="问题已经解决。")
    for who in (people.officer, people.stranger):
        with pytest.raises(Forbidden):
            services.decide_withdrawal(actor=who, request=request, permitted=True, note="同意撤回。")
    with pytest.raises(Refusal):
        services.decide_withdrawal(actor=people.head, request=request, permitted=True, note="")
    decided = services.decide_withdrawal(
        actor=people.head, request=request, permitted=False, note="已查实有明显违法行为，不准予撤回。"
    )
    assert decided.state == "refused"
    with pytest.raises(Refusal):
        services.decide_withdrawal(actor=people.head, request=request, permitted=True, note="同意。")
    assert WithdrawalRequest.objects.get().decided_by == people.head


@pytest.mark.parametrize(("state", "ended"), [("C13", False), ("C14", True), ("C90", True), ("C91", True)])
def test_the_opinion_is_asked_after_the_end_and_given_once(complaint, state, ended):
    Complaint.objects.update(state=state)
    complaint.refresh_from_db()
    if not ended:
        with pytest.raises(Refusal):
            services.rate_matter(matter=complaint, score=4)
        return
    services.rate_matter(matter=complaint, score=4, text="很快。")
    with pytest.raises(Refusal, match="已经评价"):
        services.rate_matter(matter=complaint, score=1)
    assert Satisfaction.objects.get().score == 4


@pytest.mark.parametrize("score", [0, 6])
def test_the_opinion_is_one_of_five(complaint, score):
    Complaint.objects.update(state="C90")
    complaint.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        services.rate_matter(matter=complaint, score=score)
    assert refused.value.field == "score"


def test_an_officer_asks_for_a_supplement_on_a_page(people, examined, client_for):
    client = client_for(people.officer)
    address = f"/dialogue/complaint/{examined.pk}/supplement/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"what": "请提供异议书。", "due_on": "2026-09-28"}).status_code == 422
    assert client.post(address, {"what": "请提供异议书。", "due_on": "2026-10-12"}).status_code == 302
    page = client.get(examined.get_absolute_url()).content.decode()
    assert "请提供异议书。" in page
    asked = SupplementRequest.objects.get()
    assert client.post(f"{address}{asked.pk}/withdraw/").status_code == 302
    asked.refresh_from_db()
    assert not asked.is_open
