"""An alert is handled in a complaint about the same project, and ends with it."""

import datetime as dt

import pytest

from wulian.casework.cases.receivers import offer_complaints
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.tests import factories as intake
from wulian.core.config.errors import Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import accept_alert, refer_alert
from wulian.information.alerts.tests.conftest import _working_day, people  # noqa: F401  the office of the alerts
from wulian.information.alerts.tests.factories import project, refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(people):  # noqa: F811
    found = project(days=19)
    refresh()
    return accept_alert(alert=Alert.objects.get(project=found), actor=people.officer)


@pytest.fixture
def complaint(alert):
    matter = intake.complaint(knew_on=dt.date(2026, 6, 28))
    Complaint.objects.filter(pk=matter.pk).update(
        project=alert.project,
        authority=alert.department,
        state="C05",
        received_at="2026-06-20T09:00:00+08:00",
    )
    matter.refresh_from_db()
    return matter


def test_an_alert_goes_with_the_complaint_and_closes_when_that_ends(client, alert, complaint, people):  # noqa: F811
    assert offer_complaints([alert], people.officer) == [
        (f"complaint:{complaint.pk}", f"{complaint.number} {complaint.get_topic_display()}")
    ]
    refer_alert(
        alert=alert,
        actor=people.officer,
        reason="已有投诉",
        destination="complaint",
        target=f"complaint:{complaint.pk}",
    )
    assert alert.outcomes.get().record == complaint
    client.force_login(people.section)
    assert alert.get_absolute_url() in client.get(complaint.get_absolute_url()).content.decode()
    table = Complaint.get_procedure()
    last = next(
        t
        for t in table.transitions
        if t.leads_to(t.sources[0]) in table.final_states and t.roles != ("system",)
    )
    ProcedureStep.objects.create(
        content_type=alert.outcomes.get().content_type, object_id=complaint.pk, procedure="complaint", event=last.event,
        from_state=last.sources[0], to_state=last.target, actor=people.section, actor_role="section_head", note="投诉已处理。",
    )  # fmt: skip
    alert.refresh_from_db()
    assert alert.state == AlertState.CLOSED and "投诉已处理" in alert.outcome


def test_a_complaint_of_another_project_is_not_offered(alert, complaint, people):  # noqa: F811
    Complaint.objects.filter(pk=complaint.pk).update(project=None)
    with pytest.raises(Refusal) as refusal:
        refer_alert(
            alert=alert, actor=people.officer, reason="已有投诉", destination="complaint",
            target=f"complaint:{complaint.pk}",
        )  # fmt: skip
    assert refusal.value.field == "target"
