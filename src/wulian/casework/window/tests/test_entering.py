"""Entering at the window: every matter classified, times kept, transfers dated, scans sealed, sent twice stored once."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wulian.casework.intake.choices import MatterKind
from wulian.casework.intake.models import Complaint, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.selectors import matters_of
from wulian.casework.intake.services import clocks
from wulian.casework.intake.tests import factories as intake
from wulian.casework.window.models import WindowEntry
from wulian.casework.window.search import find_entries
from wulian.casework.window.services import LONGEST_DELAY, Delay, enter_submission
from wulian.casework.window.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.models import StoredFile
from wulian.core.ui.testing import assert_only_roles

pytestmark = pytest.mark.django_db
ENTRY = "window:entry"
JSON = {"Accept": "application/json"}


@pytest.fixture
def clerk(people, client_for):
    return client_for(people.clerk)


def send(client, data, **headers):
    return client.post(reverse(ENTRY), data, headers={**JSON, **headers})


def errors(answer):
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"]


def stored_slip(client, answer):
    assert answer.status_code == 201, answer.content
    return client.get(answer.json()["url"])


def note(name="投诉书.txt", text="投诉书扫描件"):
    return SimpleUploadedFile(name, text.encode(), "text/plain")


@pytest.mark.parametrize("address", [ENTRY, "window:key", "window:projects", "window:parties"])
def test_the_window_is_for_clerks(clock, role_users, address):
    assert_only_roles(reverse(address), role_users, [Role.CLERK])


def test_a_form_sent_without_script_leads_to_the_receipt_in_two_copies(people, clerk):
    answer = clerk.post(reverse(ENTRY), make.entry(), follow=True)
    page, receipt = answer.content.decode(), Receipt.objects.get()
    assert page.count(receipt.number) >= 2 and page.count("收件回执") >= 2
    assert page.count("slip-code") == 1, "only the person's copy carries the code"
    assert page.count("<svg") >= 2, "both copies carry a QR"
    assert "营业执照 1份 复印件" in page and people.clerk.full_name in page
    assert intake.NAME not in page


def test_the_same_submission_sent_again_shows_the_same_receipt_and_stores_nothing(clerk):
    first, again = (send(clerk, make.entry(files=[note()])) for _time in range(2))
    assert first.json() == again.json()
    assert Receipt.objects.count() == Complaint.objects.count() == WindowEntry.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_a_refused_entry_without_script_keeps_what_was_typed(clerk):
    answer = clerk.post(reverse(ENTRY), make.entry({"request": ""}))
    assert answer.status_code == 422 and not Receipt.objects.exists()
    matter = answer.context["matters"].forms[0]
    assert "request" in matter.errors and matter["facts"].value() == make.FACTS


def test_errors_name_the_field_of_their_matter(clerk):
    assert list(errors(send(clerk, make.entry({}, {"request": ""})))) == ["matters-1-request"]
    assert list(errors(send(clerk, make.entry({"project": ""})))) == ["matters-0-project"]
    assert set(errors(send(clerk, make.entry({"topic": "", "facts": ""})))) == {
        "matters-0-topic",
        "matters-0-facts",
    }
    assert list(errors(send(clerk, make.entry(phone="")))) == ["phone"]
    assert not Receipt.objects.exists()


def test_several_matters_of_one_letter_share_a_receipt_and_keep_their_kinds(clerk):
    """REFERENCE D.0: one parent number, each matter classified separately, a complaint never made a report."""
    other = {"kind": "tip_off", "topic": "performance", "project": "均川镇水库除险加固工程"}
    send(clerk, make.entry({}, other, {"topic": "fraud"}))
    receipt = Receipt.objects.get()
    first, third, second = sorted(matters_of(receipt), key=lambda row: (row.is_complaint is False, row.pk))
    assert [type(row) for row in (first, second, third)] == [Complaint, TipOff, Complaint]
    assert second.topic == "performance" and third.topic == "fraud"
    assert [row.number for row in (first, third)] == ["随招投诉〔2026〕1号", "随招投诉〔2026〕2号"]
    assert ReporterIdentity.objects.count() == 1
    assert Clock.objects.of(third).filter(kind=clocks.DECISION).exists()
    assert not Clock.objects.of(second).filter(kind=clocks.DECISION).exists(), "no 30 days for a tip-off"


def test_every_matter_gets_the_scans_since_each_may_go_to_another_authority(clerk):
    send(clerk, make.entry({}, {"kind": "tip_off"}, files=[note(), note("开标记录.txt", "开标记录")]))
    for matter in (Complaint.objects.get(), TipOff.objects.get()):
        assert [file.title for file in StoredFile.objects.for_object(matter)] == [
            "投诉书.txt",
            "开标记录.txt",
        ]


def test_a_refused_scan_is_named_and_nothing_is_stored(clerk):
    found = errors(send(clerk, make.entry(files=[note(), note("病毒.exe", "MZ")])))
    assert "病毒.exe" in found["files"][0]
    assert not Receipt.objects.exists() and not StoredFile.objects.exists()


def test_scans_of_a_refused_entry_do_not_stay_behind(clerk, settings):
    from wulian.core.files.store import COPIES, HOLDING, ORIGINALS

    before = [folder.names() for folder in (HOLDING, ORIGINALS, COPIES)]
    errors(send(clerk, make.entry(phone="", files=[note()])))
    assert [folder.names() for folder in (HOLDING, ORIGINALS, COPIES)] == before


def test_an_anonymous_tip_off_keeps_no_name_though_one_was_typed(clerk):
    send(clerk, make.entry({"kind": "tip_off"}, anonymous="on"))
    assert TipOff.objects.get().receipt.is_anonymous and not ReporterIdentity.objects.exists()


def test_a_complaint_is_never_anonymous_and_a_submission_with_one_is_not_either(clerk):
    """招标投标法实施条例 第六十条; REFERENCE D.0: identity real for a complaint."""
    assert "name" in errors(send(clerk, make.entry({}, {"kind": "tip_off"}, anonymous="on", name="")))


def test_a_telephone_call_is_a_tip_off_only(clerk):
    """REFERENCE D.1: registered as a report, and the caller is told how to make it a complaint."""
    assert "received_via" in errors(send(clerk, make.entry(received_via="phone")))
    assert send(clerk, make.entry({"kind": "tip_off"}, received_via="phone", address="")).status_code == 201


def test_a_letter_counts_from_the_day_it_came_and_needs_that_day(clerk):
    assert "received_at" in errors(send(clerk, make.entry(received_via="letter", received_at="")))
    send(clerk, make.entry(received_via="letter", received_at="20260925"))
    matter = Complaint.objects.get()
    assert Clock.objects.of(matter).get(kind=clocks.ADMISSION).started_on.isoformat() == "2026-09-25"
    assert matter.receipt.entered_at == intake.RECEIVED


def test_without_a_time_the_moment_of_saving_counts(clerk):
    send(clerk, make.entry(received_at=""))
    assert Receipt.objects.get().received_at == intake.RECEIVED


def test_what_a_department_hands_on_keeps_the_day_it_came_in_there(people, clerk):
    """REFERENCE D.4: CM-2 最先收到 (实施条例 第六十一条第一款), CM-3 keep the original receipt date."""
    data = make.transferred(transferred_by=people.housing.name)
    page = stored_slip(clerk, send(clerk, data)).content.decode()
    matter, entry = Complaint.objects.get(), WindowEntry.objects.get()
    assert Clock.objects.of(matter).get(kind=clocks.ADMISSION).started_on.isoformat() == "2026-09-25"
    assert entry.transferring_department == people.housing
    assert "随住更函〔2026〕31号" in page and "2026年9月25日" in page


def test_what_a_body_outside_hands_on_counts_from_the_window(clerk):
    """REFERENCE D.4: only inside the joint mechanism is the first day kept; the window's is the start otherwise."""
    send(clerk, make.transferred(transferred_by="随州市信访局"))
    entry = WindowEntry.objects.get()
    assert entry.transferring_department is None and entry.first_received_on.isoformat() == "2026-09-25"
    assert entry.receipt.received_at == intake.RECEIVED - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("field", "value"),
    [("transferred_by", " "), ("document_number", ""), ("first_received_on", ""), ("first_received_on", "2026-09-30")],
)  # fmt: skip
def test_a_transfer_names_its_body_its_letter_and_a_day_that_has_come(clerk, field, value):
    assert list(errors(send(clerk, make.transferred(**{field: value})))) == [field]
    assert not Receipt.objects.exists()


def test_the_page_of_the_matter_tells_who_handed_it_on(people, clerk, client_for):
    send(clerk, make.transferred(transferred_by="随州市信访局"))
    page = client_for(people.dispatcher).get(Complaint.objects.get().get_absolute_url()).content.decode()
    assert "随州市信访局" in page and "最先收到" in page


def test_an_entry_made_while_the_line_was_down_keeps_its_moment_and_its_provisional_number(clerk, clock):
    """The desk's clock is two hours wrong: only the 40 minutes between entry and sending count."""
    sent = intake.RECEIVED + timedelta(hours=2)
    header = entry_header(sent - timedelta(minutes=40), sent)
    page = stored_slip(clerk, send(clerk, make.entry(received_at=""), **header)).content.decode()
    entry = WindowEntry.objects.get()
    assert entry.receipt.entered_at == entry.receipt.received_at == intake.RECEIVED - timedelta(minutes=40)
    assert entry.stored_at == intake.RECEIVED
    assert entry.was_sent_later and "LS20260929-0950-A1B2C3" in page
    assert AuditEvent.objects.filter(verb="window.entered").count() == 1


def test_the_provisional_number_finds_the_matter_for_those_who_may_see_it(people, clerk):
    send(clerk, make.entry(), **entry_header(intake.RECEIVED, intake.RECEIVED))
    matter = Complaint.objects.get()
    for text in ("LS20260929-0950-A1B2C3", " ls20260929-0950"):
        assert [hit.label for hit in find_entries(people.dispatcher, text)] == [matter.number]
    assert not list(find_entries(people.dispatcher, "LS20"))
    assert not list(find_entries(people.stranger, "LS20260929-0950-A1B2C3"))


def test_a_slip_handed_out_because_only_the_answer_was_lost_leads_to_the_receipt(clerk):
    send(clerk, make.entry())
    answer = send(
        clerk, make.entry(), **entry_header(intake.RECEIVED, intake.RECEIVED + timedelta(minutes=3))
    )
    assert answer.status_code == 201 and Receipt.objects.count() == 1
    assert WindowEntry.objects.get().provisional_number == "LS20260929-0950-A1B2C3"


@pytest.mark.parametrize("waited", [LONGEST_DELAY + timedelta(seconds=1), -timedelta(seconds=1)])
def test_an_entry_of_a_wrong_clock_is_refused_and_stays_at_the_desk(clerk, waited):
    header = entry_header(intake.RECEIVED - waited, intake.RECEIVED)
    assert "登记时间" in errors(send(clerk, make.entry(received_at=""), **header))[""][0]
    assert not Receipt.objects.exists()


def test_the_longest_delay_is_still_taken(clerk):
    header = entry_header(intake.RECEIVED - LONGEST_DELAY, intake.RECEIVED)
    assert send(clerk, make.entry({"knew_on": "20260910"}, received_at=""), **header).status_code == 201


@pytest.mark.parametrize("header", ["", "x", "LS20260929-0950-A1B2C3 1 2", "<b> 1790000000000 1790000000000"])
def test_a_header_that_says_nothing_is_an_entry_of_now(clerk, header):
    send(clerk, make.entry(), **{"X-Desk-Entry": header})
    assert not WindowEntry.objects.get().was_sent_later


def test_only_a_clerk_may_enter(people):
    content = [(MatterKind.TIP_OFF, intake.content(knew_on=None))]
    with pytest.raises(Forbidden):
        enter_submission(actor=people.officer, contents=content, reporter=None, received_via="window")
    assert not WindowEntry.objects.exists()


def test_nobody_enters_the_future(people):
    content = [(MatterKind.TIP_OFF, intake.content(knew_on=None))]
    delay = Delay("LS20260929-0950-A1B2C3", intake.RECEIVED, intake.RECEIVED + timedelta(hours=1))
    given = {
        "actor": people.clerk,
        "contents": content,
        "reporter": None,
        "received_via": "window",
        "delay": delay,
    }
    with pytest.raises(Refusal) as refused:
        enter_submission(**given, received_at=intake.RECEIVED - timedelta(minutes=59))
    assert refused.value.field == "received_at", "it cannot have come after it was entered"
    assert enter_submission(**given, received_at=intake.RECEIVED - timedelta(hours=1)).receipt


def entry_header(entered: datetime, sent: datetime) -> dict[str, str]:
    moments = [str(int(moment.timestamp() * 1000)) for moment in (entered, sent)]
    return {"X-Desk-Entry": " ".join(["LS20260929-0950-A1B2C3", *moments])}


def test_a_page_opened_by_another_clerk_does_not_enter_under_this_clerks_name(people, clerk, user_factory):
    other = user_factory(Role.CLERK)
    assert send(clerk, make.entry(), **{"X-Desk-Clerk": str(other.pk)}).status_code == 403
    assert not Receipt.objects.exists()
    assert send(clerk, make.entry(), **{"X-Desk-Clerk": str(people.clerk.pk)}).status_code == 201


AGENT = {"by_agent": "on", "agent_name": "梁成蹊", "agent_phone": "13997803356"}


def test_agent_parties_truth_and_service_are_entered_with_a_complaint(people, clerk):
    data = make.entry({"other_respondents": "周文斌；13700001122"}, **AGENT, agent_mandate="授权委托书1份", agent_matters="代为投诉", agent_from="20260901", agent_to="20270831", truth_stated="on", electronic_service="on", email="ting@example.cn")  # fmt: skip
    assert send(clerk, data).status_code == 201
    complaint = Complaint.objects.get()
    assert (complaint.has_agent, complaint.truth_stated, complaint.electronic_service) == (True, True, True)
    assert complaint.agent_to.isoformat() == "2027-08-31"
    assert [one.name for one in complaint.others.all()] == ["周文斌"]


@pytest.mark.parametrize(
    ("own", "changes", "field"),
    [
        ({"other_respondents": "周文斌；91421300"}, {}, None),
        ({"other_respondents": "周文斌\n周文斌"}, {}, "matters-0-other_respondents"),
        ({}, {"agent_mandate": "授权委托书1份"}, "agent_name"),
        ({}, {"agent_name": "梁成蹊"}, "agent_phone"),
        ({}, {"electronic_service": "on"}, "email"),
    ],
)
def test_what_is_missing_of_them_is_said_at_its_field(people, clerk, own, changes, field):
    answer = send(clerk, make.entry(own, **changes))
    assert list(errors(answer)) == [field] if field else answer.status_code == 201


def test_a_tip_off_keeps_nothing_of_what_only_a_complaint_says(people, clerk):
    own = {"kind": "tip_off", "other_respondents": "周文斌\n周文斌"}
    assert send(clerk, make.entry(own, truth_stated="on")).status_code == 201
    assert TipOff.objects.get().respondent_names == intake.RESPONDENT
