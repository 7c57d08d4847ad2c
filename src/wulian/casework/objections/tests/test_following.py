"""异议 O01 to O99 (REFERENCE D.8): the data of the platform move them, the clock is 3 日, people order."""

from datetime import date, datetime

import pytest
import time_machine

from wulian.casework.intake.services import remind_of_clocks
from wulian.casework.intake.tests import factories as make
from wulian.casework.objections import services
from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.services import follow_objections
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.selectors import steps_of
from wulian.core.ui.models import Notification
from wulian.core.ui.worklist import duties_for
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Objection

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(f"{text}+08:00")


def objection(lot, **changes):
    values = {"target": "bidding_documents", "received_at": at("2026-09-28T10:00"), "source_key": "O1"}
    return Objection.objects.create(project=lot.project, lot=lot, **{**values, **changes})


def watched():
    return WatchedObjection.objects.get()


def events():
    return [step.event for step in steps_of(watched())]


def follow_on(day):
    with time_machine.travel(at(f"{day}T09:00"), tick=False):
        return follow_objections()


def test_a_new_objection_gets_three_calendar_days(people, lot):
    """实施条例 第二十二条: 3 日, calendar days (DT-4); 28 September + 3 is a holiday and rolls to 8 October."""
    objection(lot)
    assert follow_objections() == 1 and follow_objections() == 0
    clock = Clock.objects.of(watched()).get()
    assert (clock.n, clock.unit, clock.due_raw, clock.due) == (
        3,
        "calendar_day",
        date(2026, 10, 1),
        date(2026, 10, 8),
    )
    assert watched().state == "O02"


def test_one_at_the_opening_is_answered_on_the_spot(people, lot):
    """实施条例 第四十四条: no days to wait for."""
    objection(lot, target="opening", received_at=at("2026-09-28T10:00"))
    objection(
        lot,
        target="opening",
        received_at=at("2026-09-28T10:00"),
        replied_at=at("2026-09-28T10:20"),
        source_key="O2",
    )
    follow_objections()
    assert not Clock.objects.filter(label="答复异议").exists()
    assert sorted(WatchedObjection.objects.values_list("state", flat=True)) == ["O05", "O99"]


@pytest.mark.parametrize(
    ("replied", "events_expected"),
    [
        ("2026-09-24T17:00", ["sign_for", "answer", "resume"]),
        ("2026-09-25T09:00", ["sign_for", "miss", "answer", "resume"]),
    ],
)
def test_an_answer_on_the_third_day_is_in_time_and_on_the_fourth_is_not(
    people, lot, replied, events_expected
):
    with time_machine.travel(at("2026-09-23T09:00"), tick=False):
        objection(lot, received_at=at("2026-09-21T10:00"), replied_at=None)
        follow_objections()
    Objection.objects.update(replied_at=at(replied))
    follow_objections()
    assert events() == events_expected
    assert Clock.objects.of(watched()).get().outcome == (
        "met" if "miss" not in events_expected else "overdue"
    )


def test_an_objection_older_than_its_row_keeps_the_times_that_the_platform_states(people, lot):
    """Brought in on 29 September: received on the 21st, due on the 24th, answered on the 25th, resumed on the 26th."""
    objection(
        lot,
        received_at=at("2026-09-21T10:00"),
        replied_at=at("2026-09-25T09:00"),
        suspended_from=at("2026-09-21T10:30"),
        suspended_to=at("2026-09-26T08:00"),
    )
    follow_objections()
    assert [(step.event, step.at) for step in steps_of(watched())] == [
        ("sign_for", at("2026-09-21T10:00")),
        ("miss", at("2026-09-25T00:00")),
        ("answer", at("2026-09-25T09:00")),
        ("resume", at("2026-09-26T08:00")),
    ]
    assert watched().state_since == at("2026-09-26T08:00")


def test_times_that_contradict_each_other_never_run_backwards(people, lot):
    """Resumed before it was answered, and answered before it was raised: the order of the steps stands."""
    objection(
        lot,
        received_at=at("2026-09-21T10:00"),
        replied_at=at("2026-09-21T09:00"),
        suspended_from=at("2026-09-20T09:00"),
        suspended_to=at("2026-09-20T10:00"),
    )
    follow_objections()
    times = [step.at for step in steps_of(watched())]
    assert times == sorted(times) and times[0] == at("2026-09-21T10:00")


def test_while_the_tender_stands_still_it_is_not_resumed(people, lot):
    objection(lot, suspended_from=at("2026-09-28T10:00"), replied_at=at("2026-09-29T09:00"))
    follow_objections()
    assert watched().state == "O04" and watched().is_suspended
    Objection.objects.update(suspended_to=at("2026-09-29T10:00"))
    follow_objections()
    assert watched().state == "O05"


def test_one_that_is_not_answered_is_missed_the_day_after(people, lot):
    objection(lot, received_at=at("2026-09-21T10:00"))
    assert follow_on("2026-09-24") == 1 and watched().state == "O02"
    assert follow_on("2026-09-25") == 1 and watched().state == "O99"


def test_a_tender_that_went_on_is_seen_by_the_rule_and_only_linked_here(people, lot):
    """CQ-04 of the catalogue finds it; nothing is judged a second time."""
    objection(lot)
    follow_objections()
    Alert.objects.create(
        rule_id="CQ-04", rule_version=1, rule_title="异议答复前未暂停招标活动", node="N06", severity="红", subject_kind="lot",
        subject_id=str(lot.pk), subject_label=lot.name, project=lot.project, lot=lot,
    )  # fmt: skip
    follow_objections()
    assert (watched().state, watched().missed) == ("O99", "not_suspended")


def test_a_complaint_after_the_objection_takes_it_on(people, lot):
    objection(lot, received_at=at("2026-09-21T10:00"), replied_at=at("2026-09-22T10:00"))
    follow_objections()
    assert watched().state == "O05"
    matter = make.complaint(topic="documents", project=lot.project, objection_on=date(2026, 9, 21))
    assert follow_objections() == 1
    assert (watched().state, watched().complaint) == ("O06", matter)


def test_a_complaint_about_something_else_does_not(people, lot):
    objection(lot, received_at=at("2026-09-21T10:00"), replied_at=at("2026-09-22T10:00"))
    make.complaint(topic="collusion", project=lot.project, objection_on=date(2026, 9, 21))
    make.complaint(topic="documents", project=lot.project)
    follow_objections()
    assert watched().state == "O05"


@pytest.fixture
def missed(people, lot):
    """One that was not answered."""
    objection(lot, received_at=at("2026-09-21T10:00"))
    follow_objections()
    return watched()


class TestOrder:
    def order(self, people, missed, **changes):
        given = {"actor": people.section, "watch": missed, "requirement": "立即对异议作出书面答复。"}
        return services.order_answer(**{**given, "term": date(2026, 9, 30), **changes})

    def test_the_competent_authority_orders_the_procuring_entity_to_answer(self, people, missed):
        document = self.order(people, missed)
        assert (document.template, document.authority) == ("W16", people.housing)
        text = str(document.context)
        assert (
            "随州市城市建设投资开发有限公司" in text and "第七十七条第二款" in text and "第二十二条" in text
        )
        assert missed.state == "O99" and missed.order_term == date(2026, 9, 30)

    def test_it_is_ordered_once_for_a_day_that_comes(self, people, missed):
        with pytest.raises(Refusal) as refused:
            self.order(people, missed, term=date(2026, 9, 28))
        assert refused.value.field == "term"
        self.order(people, missed)
        with pytest.raises(Refusal):
            self.order(people, missed)
        assert EnforcementDocument.objects.count() == 1

    @pytest.mark.parametrize("who", ["officer", "stranger", "dispatcher", "office_head", "admin"])
    def test_nobody_but_a_head_of_the_competent_authority_orders(self, people, missed, who):
        """REFERENCE 0.6: the coordinating office never issues it."""
        with pytest.raises(Forbidden):
            self.order(people, missed, actor=getattr(people, who))

    def test_without_an_item_in_the_list_nobody_orders(self, people, missed):
        from wulian.office.jurisdiction.models import JurisdictionRule

        JurisdictionRule.objects.all().delete()
        with pytest.raises(Forbidden):
            self.order(people, missed)

    def test_a_late_answer_after_the_order_ends_it(self, people, missed):
        self.order(people, missed)
        Objection.objects.update(replied_at=at("2026-09-29T16:00"))
        follow_objections()
        assert watched().state == "O05"


def test_one_that_was_taken_back_needs_no_answer(people, missed):
    with pytest.raises(Refusal):
        services.set_aside(actor=people.officer, watch=missed, note=" ")
    with pytest.raises(Forbidden):
        services.set_aside(actor=people.dispatcher, watch=missed, note="异议人已撤回")
    services.set_aside(actor=people.officer, watch=missed, note="异议人于9月22日书面撤回，招标人已告知。")
    assert missed.state == "O03" and not Clock.objects.of(missed).running().exists()
    services.resume_tender(actor=people.officer, watch=missed)
    assert missed.state == "O05" and follow_objections() == 0


def test_the_heads_have_the_duty_until_it_is_ordered(people, missed):
    def duties(user):
        return [str(duty.action) for duty in duties_for(user) if "异议" in str(duty.kind)]

    assert duties(people.section) == duties(people.head) == ["责令改正"]
    assert duties(people.stranger) == duties(people.officer) == duties(people.clerk) == []
    services.order_answer(actor=people.head, watch=missed, requirement="立即答复。", term=date(2026, 9, 30))
    assert duties(people.section) == []


def test_the_competent_authority_is_reminded_once(people, missed):
    assert remind_of_clocks() == 1 and remind_of_clocks() == 0
    told = set(Notification.objects.filter(title__contains="答复异议").values_list("user", flat=True))
    assert {people.officer.pk, people.section.pk, people.office_head.pk} <= told
    assert people.stranger.pk not in told
