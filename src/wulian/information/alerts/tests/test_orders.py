"""Supervision orders and feedback: who orders, who answers, which files are kept, and what happens when nobody answers."""

import datetime as dt
import io
import zipfile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.ui.models import Notification
from wulian.information.alerts import services
from wulian.information.alerts.choices import OrderState
from wulian.information.alerts.duties import order_duties
from wulian.information.alerts.models import Attachment, SupervisionOrder
from wulian.information.alerts.permissions import order_abilities
from wulian.information.alerts.services.files import folder

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
WORDS = {"demand": "核对保证金来源并书面反馈", "reason": "预警超期未研判", "due_on": dt.date(2026, 7, 8)}


def upload(name="反馈.pdf", data=PDF):
    return SimpleUploadedFile(name, data)


def archive(member):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(member, "<x/>")
    return buffer.getvalue()


def issued(alert, people, **changes):
    given = {"department": people.housing, **WORDS, **changes}
    return services.issue_order(alert=alert, actor=people.office_head, **given)


@pytest.fixture
def order(alert, people):
    return issued(alert, people)


@pytest.fixture
def answered(order, people):
    services.answer_order(order=order, actor=people.officer, text="已核对银行回单。", files=[upload()])
    order.refresh_from_db()
    return order


def test_orders_are_numbered_and_have_a_clock_that_ends_on_the_day_set(order, people):
    assert order.number == f"{people.office.document_prefix}督〔2026〕1号"
    clock = Clock.objects.of(order).running().get()
    assert (clock.due, clock.kind) == (dt.date(2026, 7, 8), "alert.order")
    assert people.officer.notifications.filter(url=order.get_absolute_url()).count() == 1


@pytest.mark.parametrize("who", ["officer", "section", "head", "discipline", "admin"])
def test_only_the_coordinating_office_orders(alert, people, who):
    with pytest.raises(Forbidden):
        services.issue_order(alert=alert, actor=getattr(people, who), department=people.housing, **WORDS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"demand": " "}, "demand"),
        ({"reason": ""}, "reason"),
        ({"due_on": dt.date(2026, 7, 1)}, "due_on"),
        ({"department": "office"}, "department"),
        ({"person": "stranger"}, "person"),
    ],
)
def test_an_order_says_to_whom_what_why_and_until_when(alert, people, changes, field):
    given = {name: getattr(people, value) if isinstance(value, str) and value.strip() and name in ("department", "person") else value for name, value in changes.items()}  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        issued(alert, people, **given)
    assert refusal.value.field == field and not SupervisionOrder.objects.exists()


def test_a_department_has_one_open_order_about_an_alert(order, alert, people):
    with pytest.raises(Refusal) as refusal:
        issued(alert, people)
    assert refusal.value.field == "department"


def test_the_answer_stands_in_the_file_of_the_alert_and_stops_the_clock(answered, alert, people):
    answer = alert.feedback.get()
    attachment = answer.attachments.get()
    assert (answered.state, answer.order, attachment.title) == (OrderState.ANSWERED, answered, "反馈.pdf")
    assert (folder() / attachment.file_path).read_bytes() == PDF
    assert not Clock.objects.of(answered).running().exists()
    assert [str(duty.action) for duty in order_duties(people.dispatcher)] and not list(
        order_duties(people.officer)
    )


@pytest.mark.parametrize("who", ["stranger", "dispatcher", "head", "admin"])
def test_only_the_department_ordered_answers(order, people, who):
    with pytest.raises(Forbidden):
        services.answer_order(order=order, actor=getattr(people, who), text="已办")


def test_an_order_to_one_person_is_not_answered_by_a_colleague(alert, people):
    order = issued(alert, people, person=people.colleague)
    with pytest.raises(Forbidden, match="赵强"):
        services.answer_order(order=order, actor=people.officer, text="已办")
    assert not order_abilities(order, people.officer)["answer"]
    services.answer_order(order=order, actor=people.colleague, text="已办")


def test_the_office_sends_an_answer_back_with_a_new_day_and_then_agrees(answered, people):
    services.return_answer(
        order=answered, actor=people.dispatcher, reason="缺少银行回单", due_on=dt.date(2026, 7, 10)
    )
    assert Clock.objects.of(answered).running().get().due == dt.date(2026, 7, 10)
    services.answer_order(order=answered, actor=people.officer, text="补充回单", files=[upload()])
    services.accept_answer(order=answered, actor=people.dispatcher)
    assert (answered.state, answered.ended_by) == (OrderState.DONE, people.dispatcher)
    assert AuditEvent.objects.filter(verb__startswith="alerts.order_").count() == 5


def test_the_department_does_not_judge_its_own_answer(answered, people):
    for who in (people.officer, people.section, people.head):
        with pytest.raises(Forbidden):
            services.accept_answer(order=answered, actor=who)


def test_an_overdue_order_is_told_once_to_both_sides(order, people):
    with time_machine.travel("2026-07-09T08:00:00+08:00", tick=False):
        assert services.tell_overdue() == 1
        assert services.tell_overdue() == 0
    told = Notification.objects.filter(url=order.get_absolute_url(), title__contains=order.number)
    people_told = set(
        told.filter(created_at__date=dt.date(2026, 7, 9)).values_list("user__username", flat=True)
    )
    assert {"chenli", "zhaoqiang", "liufang", "liuzhuren"} <= people_told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("病毒.exe", b"MZ\x90\x00"),
        ("伪装.pdf", b"MZ\x90\x00\x03"),
        ("伪装.docx", archive("xl/workbook.xml")),
        ("压缩.docx", b"PK\x03\x04broken"),
        ("空.pdf", b""),
        ("二进制.txt", b"abc\x00def"),
        ("网页.html", b"<script>alert(1)</script>"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(judged, people, name, data):
    with pytest.raises(Refusal) as refusal:
        services.add_feedback(
            alert=judged, actor=people.officer, text="附件", files=[upload(), upload(name, data)]
        )
    assert refusal.value.field == "files" and name in refusal.value.message
    assert not judged.feedback.exists() and not list(folder().rglob("*.*"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("记录.docx", archive("word/document.xml")),
        ("清单.XLSX", archive("xl/workbook.xml")),
        ("公文.ofd", archive("OFD.xml")),
        ("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("说明.txt", "保证金回单已核对".encode("gb18030")),
    ],
)
def test_files_of_the_office_are_accepted(judged, people, name, data):
    services.add_feedback(alert=judged, actor=people.officer, text="附件", files=[upload(name, data)])
    assert Attachment.objects.get().title == name


def test_a_failed_answer_leaves_no_file_behind(judged, people, monkeypatch):
    monkeypatch.setattr("wulian.information.alerts.services.feedback.record_event", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.add_feedback(alert=judged, actor=people.officer, text="附件", files=[upload()])
    assert not judged.feedback.exists() and not list(folder().rglob("*.pdf"))


def test_an_attachment_is_a_download_for_those_who_see_the_alert_and_nobody_else(client, answered, people):
    url = reverse("alerts:attachment", args=[Attachment.objects.get().pk])
    for who, status in [("officer", 200), ("office_head", 200), ("stranger", 404), ("admin", 403)]:
        client.force_login(getattr(people, who))
        answer = client.get(url)
        assert answer.status_code in (status, 302) if who == "admin" else answer.status_code == status, who
        if status == 200:
            assert answer["Content-Disposition"].startswith("attachment")
            assert answer["Content-Type"] == "application/octet-stream" and answer.content == PDF
    assert AuditEvent.objects.filter(verb="alerts.attachment_read").count() == 2


def test_an_altered_file_is_not_handed_out(client, answered, people):
    attachment = Attachment.objects.get()
    (folder() / attachment.file_path).write_bytes(b"%PDF-1.7 altered")
    with pytest.raises(Refusal):
        services.read_attachment(attachment=attachment, actor=people.officer)


def test_the_order_walks_through_its_pages(client, alert, people):
    client.force_login(people.dispatcher)
    form = {"department": people.housing.pk, "person": "", **WORDS}
    assert client.get(reverse("alerts:issue_order", args=[alert.pk])).status_code == 200
    client.post(reverse("alerts:issue_order", args=[alert.pk]), form)
    order = SupervisionOrder.objects.get()
    sheet = client.get(order.get_absolute_url()).content.decode()
    assert "督 办 通 知" in sheet and order.demand in sheet
    assert order.number in client.get(reverse("alerts:orders")).content.decode()
    client.force_login(people.officer)
    client.post(reverse("alerts:order_answer", args=[order.pk]), {"text": "已核对。", "files": [upload()]})
    order.refresh_from_db()
    assert order.state == OrderState.ANSWERED and order.answers.get().attachments.count() == 1
    client.force_login(people.dispatcher)
    client.post(reverse("alerts:order_accept", args=[order.pk]), {"note": ""})
    order.refresh_from_db()
    assert order.state == OrderState.DONE


def test_a_stranger_sees_no_order(client, order, people):
    client.force_login(people.stranger)
    assert client.get(order.get_absolute_url()).status_code == 404
    assert not SupervisionOrder.objects.visible_to(people.admin).exists()


def test_an_order_is_a_notice_in_word_and_pdf_under_the_number_of_the_office(order, people, client):
    (notice,) = EnforcementDocument.objects.for_object(order)
    assert (notice.template, notice.document_no, notice.authority) == ("W40", order.number, people.office)
    assert (
        notice.context["demand"] == ["核对保证金来源并书面反馈"]
        and notice.context["to"] == people.housing.name
    )
    for who, status in ((people.officer, 200), (people.office_head, 200), (people.stranger, 404)):
        client.force_login(who)
        assert client.get(reverse("documents:pdf", args=[notice.pk])).status_code == status
    client.force_login(people.officer)
    assert notice.document_no in client.get(order.get_absolute_url()).content.decode()


def test_an_order_that_cannot_be_printed_is_not_issued(alert, people):
    with pytest.raises(Refusal):
        issued(alert, people, demand="核对\x07来源")
    assert not SupervisionOrder.objects.exists() and not EnforcementDocument.objects.exists()


def test_the_next_order_has_the_next_number(alert, people):
    numbers = [issued(alert, people, department=place).number for place in (people.housing, people.water)]
    assert [number.rpartition("〕")[2] for number in numbers] == ["1号", "2号"]
