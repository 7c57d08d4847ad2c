"""Alerts that wait for an inspection go with it, and learn how it ended."""

import pytest

from wulian.core.accounts.choices import Role
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import join_record, refer_alert
from wulian.information.registry.models import Lot
from wulian.inspection import services
from wulian.inspection.models import InspectionTask
from wulian.inspection.receivers import offer_inspections
from wulian.inspection.tests.factories import City, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    return City()


def draw(city, time_machine, **changes):
    frozen = city.freeze(**changes)
    time_machine.move_to("2026-03-02 16:00:00+08:00", tick=False)
    return services.run_draw(actor=city.dispatcher, draw=city.seed(frozen))


def referred_alert(city, firm, severity="黄"):
    """An alert about a lot that the firm has won, which an officer wants to be looked at on the spot."""
    lot = Lot.objects.get(awards__supplier=firm)
    officer = person(Role.CASE_OFFICER, at=city.authority, name="陈丽")
    alert = Alert.objects.create(
        rule_id="LY-01", rule_version=1, rule_title="项目负责人未到岗", node="N15", severity=severity,
        subject_kind="lot", subject_id=str(lot.pk), subject_label=lot.name, project=lot.project, lot=lot,
        state=AlertState.JUDGING, department=city.authority, assignee=officer, basis="标后履约检查清单",
    )  # fmt: skip
    return refer_alert(alert=alert, actor=officer, reason="需现场核实", destination="inspection")


def test_a_draw_takes_along_the_alerts_that_wait_for_a_party_drawn(city, time_machine):
    alerts = {firm.pk: referred_alert(city, firm) for firm in city.firms[:3]}
    drawn = draw(city, time_machine, places=12)
    for firm, alert in alerts.items():
        assert alert.outcomes.get().record == InspectionTask.objects.get(draw=drawn, party=firm)


def test_an_alert_of_a_party_that_was_not_drawn_goes_on_waiting(city, time_machine):
    drawn = draw(city, time_machine, places=1)
    spared = next(firm for firm in city.firms if not drawn.tasks.filter(party=firm).exists())
    assert referred_alert(city, spared).outcomes.get().object_id is None


def test_an_alert_joins_an_inspection_under_way_of_a_party_concerned_only(city, time_machine):
    task = draw(city, time_machine, places=1).tasks.get()
    alert = referred_alert(city, task.party)
    assert offer_inspections([alert], city.dispatcher) == [(f"task:{task.pk}", str(task))]
    join_record(alert=alert, actor=city.dispatcher, target=f"task:{task.pk}")
    assert alert.outcomes.get().record == task


@pytest.mark.parametrize(("severity", "state"), [("黄", AlertState.CLOSED), ("红", AlertState.TO_INSPECTION)])
def test_the_end_of_the_inspection_closes_the_alert_unless_it_is_red(
    client, city, time_machine, severity, state
):
    task = draw(city, time_machine, places=1).tasks.get()
    alert = referred_alert(city, task.party, severity)
    join_record(alert=alert, actor=city.dispatcher, target=f"task:{task.pk}")
    lead = task.inspectors.get(is_lead=True).officer.user
    InspectionTask.objects.filter(pk=task.pk).update(state="J07")
    task.refresh_from_db()
    services.take_step(actor=lead, task=task, event="give_result", note="未发现问题，已告知。")
    alert.refresh_from_db()
    assert alert.state == state and "未发现问题" in alert.outcome
    client.force_login(lead)
    assert alert.get_absolute_url() in client.get(task.get_absolute_url()).content.decode()
