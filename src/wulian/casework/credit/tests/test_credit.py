"""Points and the outbox: once per fact, two persons, and everything falls with the decision."""

import datetime as dt

import pytest
from django.urls import reverse

from wulian.casework.cases import services as cases
from wulian.casework.cases.tests.factories import decided_case, party, served_case
from wulian.casework.credit import services
from wulian.casework.credit.choices import OutboxState, PointState
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.selectors import account_of, accounts_of, public_records
from wulian.casework.credit.services.files import folder, write_file
from wulian.casework.credit.tasks import retry_unwritten
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.testing import assert_max_queries
from wulian.core.ui.worklist import duties_for


@pytest.fixture
def case(at, clock):
    return served_case(at, clock)


@pytest.fixture
def event(at, case):
    [found] = services.propose_points(actor=at.officer, case=case)
    return services.notify_points(actor=at.officer, event=found)


@pytest.fixture
def record(case):
    return OutboxRecord.objects.get(case=case)


@pytest.fixture
def pushed(at, record, work):
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    work()
    return services.record_receipt(actor=at.dispatcher, record=record, accepted=True, receipt_no="HB-1")


def test_points_are_proposed_on_a_served_decision_by_who_worked_on_it(at, clock):
    decided = decided_case(at, clock)
    with pytest.raises(Refusal):
        services.propose_points(actor=at.officer, case=decided)
    cases.seal_decision(actor=at.head, case=decided)
    with pytest.raises(Forbidden):
        services.propose_points(actor=at.idle, case=decided)


def test_the_same_fact_is_scored_once_for_each_subject_of_joint_conduct(at, case):
    other = party("湖北汉东建设有限公司", "91421300MA4900001Q")
    found = services.propose_points(actor=at.officer, case=case, parties=[other, case.party])
    assert {event.party for event in found} == {case.party, other}
    with pytest.raises(Refusal):
        services.propose_points(actor=at.dispatcher, case=case)
    assert PointEvent.objects.count() == 2


def test_dismissed_points_may_be_proposed_again(at, event, case):
    services.dismiss_points(actor=at.dispatcher, event=event, reason="当事人申辩成立。")
    [again] = services.propose_points(actor=at.officer, case=case)
    assert again.state == PointState.PROPOSED


def test_points_are_confirmed_by_another_person_after_five_working_days(at, event, clock):
    # notified on Wednesday 15 July 2026: the fifth working day is 22 July
    assert Clock.objects.of(event).get().due == dt.date(2026, 7, 22)
    clock.move_to(dt.datetime(2026, 7, 22, 9, tzinfo=dt.UTC))
    with pytest.raises(Refusal):
        services.confirm_points(actor=at.dispatcher, event=event)
    clock.move_to(dt.datetime(2026, 7, 23, 1, tzinfo=dt.UTC))
    with pytest.raises(Forbidden):
        services.confirm_points(actor=at.officer, event=event)
    services.confirm_points(actor=at.dispatcher, event=event)
    assert (event.effective_on, event.expires_on) == (dt.date(2026, 7, 24), dt.date(2027, 7, 23))


def test_an_account_counts_from_the_next_day_for_twelve_months(at, event, clock):
    clock.move_to(dt.datetime(2026, 7, 23, 1, tzinfo=dt.UTC))
    services.confirm_points(actor=at.dispatcher, event=event)
    days = {
        dt.date(2026, 7, 23): 0,
        dt.date(2026, 7, 24): event.points,
        dt.date(2027, 7, 23): event.points,
        dt.date(2027, 7, 24): 0,
    }
    for day, total in days.items():
        assert account_of(event.party, day).total == total, day
    with assert_max_queries(1):
        found = accounts_of([event.party_id, 0], dt.date(2026, 7, 24))
    assert (found[event.party_id].level.code, found[0].level.code) == ("B", "A")


def test_an_unanswered_statement_stands_against_confirmation(at, event, clock):
    services.record_objection(actor=at.officer, event=event, content="分值过高。")
    clock.shift(dt.timedelta(days=20))
    with pytest.raises(Refusal):
        services.confirm_points(actor=at.dispatcher, event=event)
    services.answer_objection(actor=at.dispatcher, event=event, answer="分值符合规定。")
    services.confirm_points(actor=at.dispatcher, event=event)
    assert event.state == PointState.CONFIRMED


def test_every_event_says_that_it_is_a_trial_and_creates_no_ban(at, event, client_for):
    # REFERENCE G.1: the rule of Hubei was not found; a score cannot ban (行政处罚法 第十六条)
    page = client_for(at.officer).get(event.get_absolute_url()).content.decode()
    assert "来源待核" in page and "不作为限制投标" in page


def test_points_and_publication_fall_with_the_decision(at, event, pushed, clock, case, work):
    # 行政处罚法 第四十八条第二款: withdrawn within three working days
    cases.revoke_decision(actor=at.head, decision=case.decision, reason="随政复决〔2026〕3号撤销。")
    event.refresh_from_db()
    pushed.refresh_from_db()
    assert (event.state, pushed.state) == (PointState.REVOKED, OutboxState.WITHDRAWING)
    assert public_records() == []
    three = Clock.objects.of(pushed).get(kind="PC-21")
    assert three.due == dt.date(2026, 7, 20)
    work()
    assert pushed.files.first().action == "withdraw"
    services.record_receipt(actor=at.dispatcher, record=pushed, accepted=True, receipt_no="HB-2")
    three.refresh_from_db()
    assert (pushed.state, three.outcome) == (OutboxState.WITHDRAWN, "met")


def test_a_withdrawal_that_the_platform_returns_is_tried_again(at, pushed, case, work):
    cases.revoke_decision(actor=at.head, decision=case.decision, reason="复议撤销。")
    pushed.refresh_from_db()
    work()
    services.record_receipt(actor=at.dispatcher, record=pushed, accepted=False, reason="系统维护")
    assert pushed.state == OutboxState.WITHDRAWING
    work()
    assert [file.version for file in pushed.files.all()] == [3, 2, 1]


def test_a_decision_that_was_not_published_yet_is_withdrawn_at_once(at, record, case):
    cases.revoke_decision(actor=at.head, decision=case.decision, reason="复议撤销。")
    record.refresh_from_db()
    assert record.state == OutboxState.WITHDRAWN and not record.files.exists()
    with pytest.raises(Refusal):
        services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")


def test_minor_information_is_not_publicised_but_its_publication_duty_is_noted(at, record, case):
    # 信用修复管理办法 (来源待核): 轻微 is in principle not publicised
    services.approve_publication(actor=at.dispatcher, record=record, gravity="minor")
    assert record.state == OutboxState.NOT_PUBLISHED and not record.files.exists()
    assert Clock.objects.of(case).get(kind="PC-20").outcome == "met"
    assert public_records() == []


def test_a_decision_enters_the_outbox_once(at, record, case):
    again = services.prepare_record(actor=at.dispatcher, case=case, decision=case.decision)
    assert again == record and OutboxRecord.objects.count() == 1


def test_only_the_dispatcher_approves_and_only_once(at, record):
    for user in (at.officer, at.section, at.head, at.office_head, at.discipline):
        with pytest.raises(Forbidden):
            services.approve_publication(actor=user, record=record, gravity="ordinary")
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    with pytest.raises(Refusal):
        services.approve_publication(actor=at.dispatcher_two, record=record, gravity="ordinary")


def test_a_record_with_a_wrong_field_is_not_approved_and_the_field_is_named(at, record, case):
    case.party_representative = ""
    case.save()
    record.refresh_from_db()
    with pytest.raises(Refusal, match="法定代表人"):
        services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    record.refresh_from_db()
    assert (record.state, record.version) == (OutboxState.DRAFT, 0)
    assert not record.files.exists()


def test_a_returned_record_is_mended_and_pushed_again(at, record, work):
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    with pytest.raises(Refusal):
        services.record_receipt(actor=at.dispatcher, record=record, accepted=True, receipt_no="HB-1")
    work()
    with pytest.raises(Refusal):
        services.record_receipt(actor=at.dispatcher, record=record, accepted=False)
    services.record_receipt(actor=at.dispatcher, record=record, accepted=False, reason="违法事实过长")
    assert record.state == OutboxState.RETURNED
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    work()
    names = sorted(path.name for path in folder().glob("*.csv"))
    assert [name[-7:] for name in names] == ["001.csv", "002.csv"]


def test_a_correction_is_a_new_version_and_needs_a_change(at, pushed, case, work):
    with pytest.raises(Refusal):
        services.correct_record(actor=at.dispatcher, record=pushed, reason="更正地址")
    case.party_representative = "王建国"
    case.save()
    pushed.refresh_from_db()
    services.correct_record(actor=at.dispatcher, record=pushed, reason="法定代表人变更")
    work()
    assert (pushed.state, pushed.version, pushed.files.first().action) == (
        OutboxState.CORRECTING,
        2,
        "correct",
    )


def test_writing_a_file_twice_changes_nothing(at, record, work):
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    file = write_file(file=record.files.get())
    before = {path: path.read_bytes() for path in folder().iterdir()}
    assert write_file(file=file).name == file.name
    work()
    assert {path: path.read_bytes() for path in folder().iterdir()} == before


def test_a_file_that_was_not_written_is_tried_again_later(at, record, clock, monkeypatch, work):
    monkeypatch.setattr(
        "wulian.casework.credit.services.files._put", lambda *_: (_ for _ in ()).throw(OSError("full"))
    )
    services.approve_publication(actor=at.dispatcher, record=record, gravity="ordinary")
    work()
    file = record.files.get()
    assert file.written_at is None
    monkeypatch.undo()
    clock.shift(dt.timedelta(minutes=16))
    assert retry_unwritten() == 1
    assert record.files.get().attempts == 2


def test_the_outbox_file_is_downloaded_by_those_of_the_case_only(at, pushed, client_for):
    file = pushed.files.get()
    url = reverse("credit:file", args=[pushed.pk, file.pk, "csv"])
    answer = client_for(at.dispatcher).get(url)
    assert answer.status_code == 200 and file.name in answer.headers["Content-Disposition"]
    for user in (at.idle, at.stranger, at.clerk, at.admin):
        assert client_for(user).get(url).status_code in (403, 404)
    (folder() / f"{file.name}.csv").write_bytes(b"forged")
    assert client_for(at.dispatcher).get(url).status_code in (302, 409, 422)


def test_pages_show_points_and_publication_where_they_belong(at, event, record, case, client_for):
    browser = client_for(at.dispatcher)
    for url in (
        reverse("credit:events"), reverse("credit:outbox"), reverse("credit:rules"), event.get_absolute_url(),
        record.get_absolute_url(), reverse("credit:party", args=[case.party_id]),
        reverse("credit:notify", args=[event.pk]), reverse("credit:approve", args=[record.pk]),
    ):  # fmt: skip
        assert browser.get(url).status_code == 200, url
    page = browser.get(case.get_absolute_url()).content.decode()
    assert event.rule_code in page and record.get_absolute_url() in page
    for url in (case.project.get_absolute_url(), reverse("registry:party", args=[case.party_id])):
        assert event.get_absolute_url() in browser.get(url).content.decode(), url


def test_points_that_are_not_in_force_are_seen_by_those_of_the_case_only(at, event, client_for):
    assert client_for(at.stranger).get(event.get_absolute_url()).status_code == 404
    assert (
        event.get_absolute_url() not in client_for(at.stranger).get(reverse("credit:events")).content.decode()
    )
    assert not PointEvent.objects.visible_to(at.admin).exists()


def test_the_worklist_names_publication_and_confirmation(at, event, record):
    titles = [str(duty.title) for duty in duties_for(at.dispatcher)]
    assert "审批处罚决定公示" in titles and "确认记分" in titles
    [duty] = [duty for duty in duties_for(at.dispatcher) if str(duty.title) == "审批处罚决定公示"]
    assert duty.due == dt.date(2026, 7, 24)  # PC-20: seven working days from the decision on 15 July


def test_lists_cost_the_same_however_long_they_are(at, event, clock, client_for):
    browser = client_for(at.dispatcher)
    for name in ("credit:events", "credit:outbox"):
        browser.get(reverse(name))
        with assert_max_queries(22) as few:
            browser.get(reverse(name))
        number = len(few.captured_queries)
        served_case(at, clock)
        with assert_max_queries(number):
            browser.get(reverse(name))
