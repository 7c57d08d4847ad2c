"""Problem projects: placed with grounds, measures with owner, day and evidence, released by a second person."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.testing import assert_max_queries
from wulian.information.alerts import services
from wulian.information.alerts.choices import ControlLevel, ControlState, MeasureState
from wulian.information.alerts.duties import control_duties
from wulian.information.alerts.models import Alert, ControlledProject, ControlMeasure
from wulian.information.alerts.permissions import control_abilities, measure_abilities
from wulian.information.alerts.tests.factories import project, refresh

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
DUE = dt.date(2026, 7, 20)


def pdf():
    return SimpleUploadedFile("整改报告.pdf", PDF)


def place(people, alert, actor=None, **changes):
    given = {
        "project": alert.project,
        "level": ControlLevel.KEY,
        "reason": "多条红色预警未消除，拟重点管控。",
        "department": people.housing,
        "alerts": [alert],
        **changes,
    }
    return services.place_project(actor=actor or people.dispatcher, **given)


@pytest.fixture
def control(alert, people):
    return place(people, alert)


@pytest.fixture
def measure(control, people):
    return services.add_measure(
        control=control, actor=people.dispatcher, demand="重新核定投标截止时间并公告", department=people.housing,
        due_on=DUE,
    )  # fmt: skip


@pytest.fixture
def reported(measure, people):
    return services.report_measure(measure=measure, actor=people.officer, report="已公告。", files=[pdf()])


def test_a_project_is_placed_with_its_grounds_and_its_history_begins(control, alert, people):
    assert control.grounds.get().record == alert
    assert [step.step for step in control.history.all()] == ["placed"]
    assert AuditEvent.objects.filter(verb="alerts.control_placed").count() == 1
    assert people.officer.notifications.filter(url=control.get_absolute_url()).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": " "}, "reason"), ({"alerts": []}, "grounds"), ({"level": 9}, "level")],
)
def test_placing_needs_a_level_a_reason_and_a_ground(alert, people, changes, field):
    with pytest.raises(Refusal) as refusal:
        place(people, alert, **changes)
    assert refusal.value.field == field and not ControlledProject.objects.exists()


def test_an_alert_of_another_project_is_no_ground(alert, people):
    other = project(days=17)
    refresh()
    with pytest.raises(Refusal) as refusal:
        place(people, alert, alerts=[Alert.objects.get(project=other)])
    assert refusal.value.field == "grounds"


def test_what_an_alert_became_is_a_ground_too(judged, people):
    services.refer_alert(alert=judged, actor=people.officer, reason="核查", violation_code="WF-07")
    outcome = judged.outcomes.get()
    control = place(people, judged, alerts=[], outcomes=[outcome])
    assert control.grounds.get().record == outcome.record


def test_a_project_is_under_control_once(control, alert, people):
    with pytest.raises(Refusal) as refusal:
        place(people, alert)
    assert refusal.value.field == "project"


@pytest.mark.parametrize("who", ["officer", "discipline", "admin"])
def test_others_keep_no_list(alert, people, who):
    with pytest.raises(Forbidden):
        place(people, alert, actor=getattr(people, who))


def test_the_head_of_another_department_places_no_project_it_does_not_supervise(alert, people):
    from wulian.core.accounts.choices import Role
    from wulian.information.alerts.tests.factories import person

    stranger = person("shuiliju", "水利局长", people.water, Role.AUTHORITY_HEAD)
    with pytest.raises(Forbidden):
        place(people, alert, actor=stranger)
    place(people, alert, actor=people.head)


def test_a_measure_has_an_owner_a_day_and_a_clock(measure, people):
    assert Clock.objects.of(measure).running().get().due == DUE
    assert [duty.due for duty in control_duties(people.officer)] == [DUE]
    assert not list(control_duties(people.stranger))


def test_a_measure_is_reported_with_evidence(measure, people):
    with pytest.raises(Refusal) as refusal:
        services.report_measure(measure=measure, actor=people.officer, report="已公告。")
    assert refusal.value.field == "files"
    with pytest.raises(Forbidden):
        services.report_measure(measure=measure, actor=people.stranger, report="已公告。", files=[pdf()])
    services.report_measure(measure=measure, actor=people.officer, report="已公告。", files=[pdf()])
    assert (measure.state, measure.attachments.get().title) == (MeasureState.REPORTED, "整改报告.pdf")
    assert not Clock.objects.of(measure).running().exists()


def test_a_measure_is_judged_by_another_person_of_those_who_keep_the_list(reported, people):
    assert not measure_abilities(reported, people.officer)["judge"]
    with pytest.raises(Forbidden):
        services.confirm_measure(measure=reported, actor=people.officer)
    services.confirm_measure(measure=reported, actor=people.section)
    assert (reported.state, reported.ended_by) == (MeasureState.DONE, people.section)


def test_the_database_refuses_one_person_twice(reported, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlMeasure.objects.filter(pk=reported.pk).update(state="done", ended_by=people.officer)


def test_a_measure_comes_back_with_a_reason_and_a_new_day(reported, people):
    services.return_measure(
        measure=reported, actor=people.dispatcher, reason="公告未见原文", due_on=dt.date(2026, 7, 25)
    )
    assert reported.state == MeasureState.OPEN
    assert Clock.objects.of(reported).running().get().due == dt.date(2026, 7, 25)


def test_a_project_is_not_released_while_a_measure_is_open(measure, control, people):
    with pytest.raises(Refusal):
        services.propose_release(control=control, actor=people.dispatcher, reason="已整改")
    services.drop_measure(measure=measure, actor=people.dispatcher, reason="项目重新招标")
    services.propose_release(control=control, actor=people.dispatcher, reason="已整改")
    assert control.state == ControlState.PROPOSED


def test_a_release_needs_a_second_person_and_a_reason(control, people):
    with pytest.raises(Refusal) as refusal:
        services.propose_release(control=control, actor=people.office_head, reason=" ")
    assert refusal.value.field == "reason"
    services.propose_release(control=control, actor=people.office_head, reason="预警均已办结")
    with pytest.raises(Forbidden):
        services.confirm_release(control=control, actor=people.office_head)
    with pytest.raises(Forbidden):
        services.confirm_release(control=control, actor=people.dispatcher)
    assert control_abilities(control, people.head)["release"]
    services.confirm_release(control=control, actor=people.head)
    assert (control.state, control.released_by) == (ControlState.RELEASED, people.head)
    assert [step.step for step in control.history.all()] == ["placed", "release_proposed", "released"]


def test_a_released_project_may_be_placed_again(control, alert, people):
    services.propose_release(control=control, actor=people.dispatcher, reason="预警均已办结")
    services.confirm_release(control=control, actor=people.office_head)
    assert place(people, alert).pk != control.pk


def test_a_refused_release_keeps_the_project_under_control(control, people):
    services.propose_release(control=control, actor=people.dispatcher, reason="预警均已办结")
    services.return_release(control=control, actor=people.office_head, reason="线索尚未办结")
    assert (control.state, control.proposed_by) == (ControlState.OPEN, None)


def test_another_level_has_a_reason(control, people):
    with pytest.raises(Refusal):
        services.change_level(control=control, actor=people.dispatcher, level=ControlLevel.KEY, reason="x")
    services.change_level(control=control, actor=people.dispatcher, level=ControlLevel.WATCH, reason="已整改")
    control.refresh_from_db()
    assert control.level == ControlLevel.WATCH


def test_an_overdue_measure_is_told_once(measure, people):
    with time_machine.travel("2026-07-21T08:00:00+08:00", tick=False):
        assert services.tell_overdue() == 1
        assert services.tell_overdue() == 0
    assert people.officer.notifications.filter(url=measure.get_absolute_url()).count() == 1


def test_two_people_at_once_do_not_overwrite_each_other(measure, people):
    stale = ControlMeasure.objects.get(pk=measure.pk)
    services.drop_measure(measure=measure, actor=people.dispatcher, reason="不再需要")
    with pytest.raises(Refusal):
        services.report_measure(measure=stale, actor=people.officer, report="已办", files=[pdf()])
    stale.refresh_from_db()
    assert stale.state == MeasureState.DROPPED


def test_the_list_shows_to_each_what_concerns_the_department(client, measure, control, people):
    url = reverse("alerts:controls")
    for who, n in [("officer", 1), ("office_head", 1), ("discipline", 1), ("stranger", 0)]:
        client.force_login(getattr(people, who))
        assert client.get(url).context["table"].paginator.count == n, who
    assert client.get(control.get_absolute_url()).status_code == 404
    services.add_measure(
        control=control,
        actor=people.dispatcher,
        demand="提供水利部分资料",
        department=people.water,
        due_on=DUE,
    )
    assert client.get(control.get_absolute_url()).status_code == 200
    assert not ControlledProject.objects.visible_to(people.admin).exists()


def test_the_control_walks_through_its_pages(client, alert, people):
    client.force_login(people.dispatcher)
    url = reverse("alerts:control_place", args=[alert.project_id])
    assert client.get(url).status_code == 200
    form = {
        "level": "1",
        "department": people.housing.pk,
        "grounds": [f"alert:{alert.pk}"],
        "reason": "多条红色预警",
    }
    client.post(url, form)
    control = ControlledProject.objects.get()
    client.post(
        reverse("alerts:control_measure", args=[control.pk]),
        {"demand": "限期改正", "department": people.housing.pk, "person": "", "due_on": "2026-07-20"},
    )
    measure = control.measures.get()
    client.force_login(people.officer)
    client.post(
        reverse("alerts:measure_report", args=[control.pk, measure.pk]),
        {"report": "已改正", "files": [pdf()]},
    )
    client.force_login(people.dispatcher)
    for name in ("measure_confirm", "measure_return", "measure_drop"):
        assert client.get(reverse(f"alerts:{name}", args=[control.pk, measure.pk])).status_code == 200
    client.post(reverse("alerts:measure_confirm", args=[control.pk, measure.pk]), {"note": ""})
    for name in ("control_level", "control_propose"):
        assert client.get(reverse(f"alerts:{name}", args=[control.pk])).status_code == 200
    client.post(reverse("alerts:control_propose", args=[control.pk]), {"reason": "已改正"})
    client.force_login(people.office_head)
    client.post(reverse("alerts:control_release", args=[control.pk]), {"note": "同意"})
    control.refresh_from_db()
    assert control.state == ControlState.RELEASED
    page = client.get(control.get_absolute_url()).content.decode()
    assert "整改报告.pdf" in page and "限期改正" in page
    dossier = client.get(reverse("registry:dossier", args=[alert.project_id])).content.decode()
    assert control.get_absolute_url() in dossier


def test_the_list_is_filtered_exported_and_asks_few_queries(client, control, measure, people):
    client.force_login(people.office_head)
    url = reverse("alerts:controls")
    client.get(url)
    with assert_max_queries(20):
        assert client.get(url + "?level=1&state=open&sector=housing").context["table"].paginator.count == 1
    assert client.get(url + "?level=3").context["table"].paginator.count == 0
    text = b"".join(client.get(url + "?_export=csv").streaming_content).decode()
    assert control.project.name in text and "1 / 1" in text
