"""From the registry to alerts: raised once, changed, cleared, back."""

import time_machine
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.procedures.selectors import steps_of
from wulian.information.alerts.choices import AlertState, ChangeKind
from wulian.information.alerts.models import Alert, AlertChange
from wulian.information.alerts.services import accept_alert, confirm_exclusion, exclude_alert
from wulian.information.alerts.tests.factories import change_deadline, project, refresh
from wulian.information.registry.models import BiddingDocuments, Project
from wulian.information.registry.signals import dossiers_changed


def wj01(found):
    return Alert.objects.get(rule_id="WJ-01", project=found)


def kinds(alert):
    return list(alert.changes.values_list("kind", flat=True))


def test_a_tender_period_of_seventeen_days_raises_a_red_alert(people):
    """招标投标法 第二十四条."""
    found = project(days=17)
    refresh()
    alert = wj01(found)
    assert (alert.severity, alert.value, alert.threshold) == ("红", 17, 20)
    assert alert.subject_kind == "lot" and alert.lot.project == found
    assert alert.evidence["documents.issued_at"].startswith("2026-06-01T09:00")
    assert kinds(alert) == [ChangeKind.RAISED]


def test_a_tender_period_of_twenty_days_raises_nothing(people):
    found = project(days=20)
    refresh()
    assert not Alert.objects.filter(rule_id="WJ-01", project=found).exists()


def test_a_period_that_fails_only_under_strict_counting_is_yellow(people):
    """REFERENCE 0.5, two-threshold practice: 06-01 to 06-20 is 19 days, 20 with both ends."""
    found = project(days=19)
    refresh()
    assert wj01(found).severity == "黄"


def test_the_same_fact_does_not_alert_twice(people):
    project(days=17)
    first = refresh()
    second = refresh()
    assert first.raised >= 1 and (second.raised, second.changed, second.unchanged) == (0, 0, first.raised)
    assert AlertChange.objects.filter(kind=ChangeKind.RAISED).count() == first.raised


def test_an_alert_goes_to_the_authority_of_the_sector_and_both_clocks_run(alert, people):
    """REFERENCE O: 红 accept 4 hours, opinion 1 working day."""
    assert (alert.state, alert.department) == (AlertState.DISPATCHED, people.housing)
    due = {clock.kind: clock.due_at or clock.due for clock in Clock.objects.of(alert)}
    assert f"{due['alert.accept']:%Y-%m-%d %H:%M}" == "2026-07-01 05:00"  # 13:00 in Suizhou
    assert f"{due['alert.opinion']}" == "2026-07-02"


def test_without_an_authority_the_alert_waits_for_the_dispatcher(people):
    found = project(days=17, sector="transport")
    refresh()
    alert = wj01(found)
    assert (alert.state, alert.department) == (AlertState.NEW, None) and alert.department_reason


def test_a_changed_fact_updates_the_evidence_and_keeps_the_old_one(alert):
    change_deadline(alert.project, 15)
    assert refresh(Q(project=alert.project)).changed == 1
    alert.refresh_from_db()
    change = alert.changes.get(kind=ChangeKind.CHANGED)
    assert (alert.value, change.before["value"], change.after["value"]) == (15, "17", "15")
    assert AuditEvent.objects.filter(verb="alerts.changed").count() == 1


def test_an_untouched_yellow_alert_ends_when_the_rule_no_longer_holds(people):
    found = project(days=19)
    refresh()
    change_deadline(found, 25)
    assert refresh().cleared >= 1
    alert = wj01(found)
    assert alert.state == AlertState.CLEARED and alert.cleared_at and alert.closed_at
    assert not Clock.objects.of(alert).running().exists()


def test_a_red_alert_never_ends_by_itself(alert):
    """REFERENCE O: auto-close is not allowed for 红."""
    change_deadline(alert.project, 25)
    refresh()
    alert.refresh_from_db()
    assert alert.state == AlertState.DISPATCHED and alert.no_longer_holds


def test_an_alert_under_judgement_is_marked_and_its_officer_told(judged, people):
    change_deadline(judged.project, 25)
    refresh()
    judged.refresh_from_db()
    assert judged.state == AlertState.JUDGING and judged.no_longer_holds
    assert people.officer.notifications.filter(url=judged.get_absolute_url()).exists()


def test_a_rule_that_holds_again_reopens_the_cleared_alert_with_its_history(people):
    found = project(days=19)
    refresh()
    change_deadline(found, 25)
    refresh()
    change_deadline(found, 18)
    with time_machine.travel("2026-07-10T09:00:00+08:00", tick=False):
        assert refresh().returned >= 1
    alert = wj01(found)
    assert alert.state == AlertState.DISPATCHED and alert.cleared_at is None and alert.severity == "红"
    assert kinds(alert) == [ChangeKind.RAISED, ChangeKind.CLEARED, ChangeKind.RETURNED]
    assert Clock.objects.of(alert).running().count() == 2


def test_an_excluded_fact_that_still_holds_stays_excluded(judged, people):
    exclude_alert(
        alert=judged, actor=people.officer, opinion="补发澄清，期限已依法延长", basis="规则排除情形"
    )
    confirm_exclusion(alert=judged, actor=people.section)
    refresh()
    judged.refresh_from_db()
    assert judged.state == AlertState.EXCLUDED


def test_an_excluded_fact_that_became_graver_is_opened_anew_and_the_old_judgement_kept(people):
    found = project(days=19)
    refresh()
    alert = wj01(found)
    accept_alert(alert=alert, actor=people.officer)
    exclude_alert(alert=alert, actor=people.officer, opinion="临界，未违反", basis="二十日首尾计入")
    confirm_exclusion(alert=alert, actor=people.section)
    change_deadline(found, 10)
    refresh()
    alert = wj01(found)
    assert alert.state == AlertState.DISPATCHED and alert.severity == "红" and alert.opinion == ""
    reopened = steps_of(alert).get(event="reopen")
    assert reopened.data["disposition"]["opinion"] == "临界，未违反"


def test_an_ended_row_is_no_longer_a_fact(alert):
    BiddingDocuments.objects.filter(project=alert.project).update(ended_at="2026-06-30T00:00:00Z")
    refresh()
    alert.refresh_from_db()
    assert alert.no_longer_holds


def test_a_refresh_of_some_projects_leaves_the_others_alone(alert):
    other = project(days=17)
    change_deadline(alert.project, 25)
    refresh(Q(project=other))
    alert.refresh_from_db()
    assert wj01(other) and alert.cleared_at is None


def test_changed_dossiers_are_looked_at_by_the_worker(people):
    dossiers_changed.send(sender=Project, project_ids=[7, 7, 3])
    task = DBTaskResult.objects.get(task_path="wulian.information.alerts.tasks.refresh")
    assert task.args_kwargs["args"] == [[3, 7]]


def test_many_alerts_are_raised_with_few_statements(people, django_assert_max_num_queries):
    for _n in range(20):
        project(days=19)
    refresh()
    for found in Project.objects.all():
        change_deadline(found, 18)
    with django_assert_max_num_queries(30):
        assert refresh().changed >= 20
