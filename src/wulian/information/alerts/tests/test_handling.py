"""What people may do with an alert: owner, colleague, stranger, heads, administrator."""

import pytest
import time_machine

from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.selectors import steps_of
from wulian.information.alerts import services
from wulian.information.alerts.choices import AlertState, Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.permissions import abilities
from wulian.information.alerts.signals import alert_referred
from wulian.information.alerts.tests.factories import project, refresh

OPINION = {
    "opinion": "招标人补发澄清并顺延截止时间，实际准备期为二十一日。",
    "basis": "已核对平台日志，属规则排除情形",
}


@pytest.fixture
def yellow(people):
    found = project(days=19)
    refresh()
    return services.accept_alert(alert=Alert.objects.get(project=found), actor=people.officer)


@pytest.fixture
def proposed(judged, people):
    return services.exclude_alert(alert=judged, actor=people.officer, **OPINION)


@pytest.fixture
def referred():
    """Who listens, as the casework does."""
    heard = []

    def listen(sender, alerts, actor, reason, **kwargs):
        heard.append((*alerts, actor, reason))

    alert_referred.connect(listen)
    yield heard
    alert_referred.disconnect(listen)


def test_an_officer_of_the_department_accepts_and_the_clock_stops(alert, people):
    services.accept_alert(alert=alert, actor=people.officer)
    assert (alert.state, alert.assignee) == (AlertState.JUDGING, people.officer)
    assert [c.kind for c in Clock.objects.of(alert).running()] == ["alert.opinion"]
    assert AuditEvent.objects.filter(verb="alerts.accepted").count() == 1


@pytest.mark.parametrize("who", ["stranger", "dispatcher", "head", "discipline", "admin"])
def test_nobody_else_accepts(alert, people, who):
    with pytest.raises(Forbidden):
        services.accept_alert(alert=alert, actor=getattr(people, who))
    alert.refresh_from_db()
    assert alert.state == AlertState.DISPATCHED


def test_an_alert_given_to_one_person_is_not_taken_by_a_colleague(alert, people):
    services.dispatch_alert(
        alert=alert, actor=people.dispatcher, department=people.housing, assignee=people.colleague
    )
    with pytest.raises(Forbidden, match="赵强"):
        services.accept_alert(alert=alert, actor=people.officer)
    services.accept_alert(alert=alert, actor=people.colleague)


def test_an_exclusion_needs_opinion_and_basis(judged, people):
    for missing in ("opinion", "basis"):
        with pytest.raises(Refusal):
            services.exclude_alert(alert=judged, actor=people.officer, **{**OPINION, missing: " "})
    judged.refresh_from_db()
    assert judged.state == AlertState.JUDGING


def test_an_exclusion_needs_two_people(proposed, people):
    assert proposed.state == AlertState.REVIEW
    services.confirm_exclusion(alert=proposed, actor=people.section)
    assert proposed.state == AlertState.EXCLUDED
    assert (proposed.first_officer, proposed.second_officer) == (people.officer, people.section)
    assert [s.event for s in steps_of(proposed)] == [
        "dispatch",
        "accept",
        "propose_exclusion",
        "confirm_exclusion",
    ]


def test_nobody_confirms_an_exclusion_of_his_own(yellow, people):
    services.exclude_alert(alert=yellow, actor=people.officer, **OPINION)
    with pytest.raises(Forbidden, match="陈丽"):
        services.confirm_exclusion(alert=yellow, actor=people.officer)


def test_the_database_too_refuses_one_person_twice(proposed, people):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=proposed.pk).update(second_officer=people.officer)


def test_a_red_alert_cannot_be_closed_by_one_person_nor_without_a_head(proposed, people):
    """REFERENCE O."""
    for who in (people.officer, people.colleague):
        with pytest.raises(Forbidden):
            services.confirm_exclusion(alert=proposed, actor=who)
    proposed.refresh_from_db()
    assert proposed.state == AlertState.REVIEW


def test_a_yellow_alert_may_be_reviewed_by_a_colleague(yellow, people):
    services.exclude_alert(alert=yellow, actor=people.officer, **OPINION)
    services.confirm_exclusion(alert=yellow, actor=people.colleague)
    assert yellow.state == AlertState.EXCLUDED


def test_the_head_of_the_office_may_review_for_every_department(proposed, people):
    services.confirm_exclusion(alert=proposed, actor=people.office_head)
    assert proposed.second_officer == people.office_head


def test_a_returned_exclusion_is_judged_again(proposed, people):
    services.return_exclusion(alert=proposed, actor=people.section, reason="未附平台日志")
    assert proposed.state == AlertState.JUDGING
    step = steps_of(proposed).last()
    assert step.note == "未附平台日志" and step.data["opinion"] == OPINION["opinion"]
    assert people.officer.notifications.filter(url=proposed.get_absolute_url()).exists()


def test_a_referral_tells_whoever_listens_inside_the_transaction(judged, people, referred):
    services.refer_alert(
        alert=judged, actor=people.officer, reason="准备期仅十七日，涉嫌违法", violation_code="WF-07"
    )
    assert judged.state == AlertState.TO_LEAD and judged.destination == Destination.LEAD
    assert referred == [(judged, people.officer, "准备期仅十七日，涉嫌违法")]
    assert not Clock.objects.of(judged).running().exists()


def test_a_listener_that_refuses_stops_the_referral(judged, people):
    def refuse(sender, **kwargs):
        raise Refusal("事权清单中没有对应事项")

    alert_referred.connect(refuse)
    try:
        with pytest.raises(Refusal, match="事权清单"):
            services.refer_alert(
                alert=judged, actor=people.officer, reason="涉嫌违法", violation_code="WF-07"
            )
    finally:
        alert_referred.disconnect(refuse)
    assert Alert.objects.get(pk=judged.pk).state == AlertState.JUDGING


@pytest.mark.parametrize(
    ("reason", "code", "field"), [("", "WF-07", "note"), ("涉嫌违法", "WF-99", "violation_code")]
)
def test_a_lead_needs_a_reason_and_a_violation_of_the_catalogue(
    judged, people, referred, reason, code, field
):
    with pytest.raises(Refusal) as refusal:
        services.refer_alert(alert=judged, actor=people.officer, reason=reason, violation_code=code)
    assert refusal.value.field == field and not referred


@pytest.mark.parametrize("who", ["stranger", "dispatcher", "discipline", "admin"])
def test_nobody_outside_the_department_judges(judged, people, who):
    person = getattr(people, who)
    with pytest.raises(Forbidden):
        services.exclude_alert(alert=judged, actor=person, **OPINION)
    with pytest.raises(Forbidden):
        services.refer_alert(alert=judged, actor=person, reason="x", violation_code="WF-07")


def test_the_dispatcher_gives_an_alert_to_an_authority_never_to_the_office_itself(people):
    found = project(days=17, sector="transport")
    refresh()
    alert = Alert.objects.get(project=found)
    with pytest.raises(Refusal) as refusal:
        services.dispatch_alert(alert=alert, actor=people.dispatcher, department=people.office)
    assert refusal.value.field == "department"
    with pytest.raises(Refusal):
        services.dispatch_alert(
            alert=alert, actor=people.dispatcher, department=people.housing, assignee=people.stranger
        )
    services.dispatch_alert(alert=alert, actor=people.dispatcher, department=people.housing, note="会商确定")
    assert (alert.state, alert.department) == (AlertState.DISPATCHED, people.housing)
    assert Alert.objects.visible_to(people.officer).filter(pk=alert.pk).exists()


def test_the_page_offers_exactly_what_the_services_allow(alert, people):
    assert abilities(alert, people.officer)["accept"]
    assert not any(abilities(alert, people.discipline).values())
    assert abilities(alert, people.dispatcher) == {
        "accept": False, "exclude": False, "confirm": False, "return": False, "refer": False, "close": False, "dispatch": True,
        "feedback": False, "join": False, "order": True,
    }  # fmt: skip
    services.accept_alert(alert=alert, actor=people.officer)
    services.exclude_alert(alert=alert, actor=people.officer, **OPINION)
    assert (
        not abilities(alert, people.officer)["confirm"] and not abilities(alert, people.colleague)["confirm"]
    )
    assert abilities(alert, people.section)["confirm"] and abilities(alert, people.office_head)["confirm"]


def test_an_alert_nobody_judges_reaches_the_head_of_the_office_once_a_step(alert, people):
    """REFERENCE O: at 100 % and 150 %; a red alert is accepted within 4 hours."""
    assert services.escalate_alerts() == 0
    for moment, told in [
        ("2026-07-01T13:30:00+08:00", 1),
        ("2026-07-01T13:40:00+08:00", 0),
        ("2026-07-01T15:30:00+08:00", 1),
    ]:
        with time_machine.travel(moment, tick=False):
            assert services.escalate_alerts() == told
    assert people.office_head.notifications.filter(url=alert.get_absolute_url()).count() == 2
