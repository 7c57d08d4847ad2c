"""What alerts become, how that ends, and what closing asks for (REFERENCE O)."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wulian.casework.cases.models import Evidence, Lead
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.services import apply_event
from wulian.information.alerts import services
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services.files import folder
from wulian.information.alerts.services.handling import missing_for_closing
from wulian.information.alerts.tests.factories import project, refresh
from wulian.information.registry.models import Party

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


def pdf(name="核查记录.pdf"):
    return SimpleUploadedFile(name, PDF)


def referred(alert, people, **kwargs):
    given = {"reason": "准备期17日，少于二十日。", "violation_code": "WF-07", **kwargs}
    return services.refer_alert(alert=alert, actor=people.officer, **given)


@pytest.fixture
def yellow(people):
    found = project(days=19)
    refresh()
    return services.accept_alert(alert=Alert.objects.get(project=found), actor=people.officer)


def finish(lead, people):
    """The dispatcher does not check the lead, the section head archives it."""
    apply_event(subject=lead, event="decline_check", actor=people.dispatcher, note="重复线索，已合并办理。")
    apply_event(subject=lead, event="archive_unchecked", actor=people.section)


def test_an_alert_shows_the_lead_it_became_and_the_lead_the_alert(client, judged, people):
    referred(judged, people)
    lead = Lead.objects.get()
    (outcome,) = judged.outcomes.all()
    assert (outcome.record, outcome.ended_at) == (lead, None)
    client.force_login(people.dispatcher)
    assert lead.get_absolute_url() in client.get(judged.get_absolute_url()).content.decode()
    assert judged.get_absolute_url() in client.get(lead.get_absolute_url()).content.decode()
    assert AuditEvent.objects.filter(verb="alerts.outcome_linked").count() == 1


def test_several_alerts_referred_together_become_one_lead_with_the_evidence_of_each(people):
    alerts = []
    found = project(days=17)
    project(days=18)
    refresh()
    for alert in Alert.objects.all():
        alerts.append(services.accept_alert(alert=alert, actor=people.officer))
    services.refer_alerts(
        alerts=alerts, actor=people.officer, reason="同一代理机构，一并核查。", violation_code="WF-07"
    )
    lead = Lead.objects.get()
    assert {alert.outcomes.get().record for alert in alerts} == {lead}
    assert Evidence.objects.filter(lead=lead).count() == 2
    assert "等2条预警" in lead.title and found.name in lead.facts
    assert AuditEvent.objects.filter(verb="alerts.referred").count() == 2


def test_alerts_may_join_an_open_lead_of_their_project_but_no_other(people):
    found, other = project(days=17), project(days=17)
    refresh()
    first = services.accept_alert(alert=Alert.objects.get(project=found), actor=people.officer)
    stranger = services.accept_alert(alert=Alert.objects.get(project=other), actor=people.officer)
    referred(first, people)
    lead = Lead.objects.get()
    with pytest.raises(Refusal) as refusal:
        referred(stranger, people, target=f"lead:{lead.pk}")
    assert refusal.value.field == "target"
    stranger.refresh_from_db()
    assert stranger.state == AlertState.JUDGING and not stranger.outcomes.exists()


def test_an_alert_of_a_yellow_kind_is_closed_when_its_lead_has_ended(yellow, people):
    referred(yellow, people)
    finish(Lead.objects.get(), people)
    yellow.refresh_from_db()
    assert yellow.state == AlertState.CLOSED
    assert (yellow.first_officer, yellow.second_officer) == (people.officer, people.section)
    assert yellow.facts_checked and yellow.basis and "归档" in yellow.outcome
    assert yellow.outcomes.get().ended_at and yellow.points == 0


def test_a_red_alert_is_never_closed_by_itself(judged, people):
    referred(judged, people)
    finish(Lead.objects.get(), people)
    judged.refresh_from_db()
    assert judged.state == AlertState.TO_LEAD and judged.outcome and judged.outcomes.get().ended_at
    assert people.head.notifications.filter(url=judged.get_absolute_url()).exists()
    with pytest.raises(Forbidden):
        services.close_alert(alert=judged, actor=people.officer, outcome="已办结")
    services.close_alert(alert=judged, actor=people.head, outcome="线索已归档，招标人已改正。")
    assert (judged.state, judged.second_officer) == (AlertState.CLOSED, people.head)


def test_who_judged_an_alert_does_not_close_it_by_ending_its_lead(yellow, people):
    services.refer_alert(alert=yellow, actor=people.officer, reason="少于二十日", violation_code="WF-07")
    Alert.objects.filter(pk=yellow.pk).update(first_officer=people.section)
    finish(Lead.objects.get(), people)
    yellow.refresh_from_db()
    assert yellow.state == AlertState.TO_LEAD and yellow.outcome


def test_an_alert_is_not_closed_while_its_lead_is_open(judged, people):
    referred(judged, people)
    with pytest.raises(Refusal, match="仍在办理"):
        services.close_alert(alert=judged, actor=people.section, outcome="已办结")


def test_closing_asks_for_facts_law_disposition_and_a_paper(judged, people):
    services.exclude_alert(alert=judged, actor=people.officer, opinion="澄清顺延二十一日", basis="平台日志")
    services.confirm_exclusion(alert=judged, actor=people.section)
    assert set(missing_for_closing(judged)) == {"facts_checked", "outcome", "files"}
    with pytest.raises(Refusal) as refusal:
        services.close_alert(
            alert=judged, actor=people.section, outcome="已更正数据", facts_checked="已核日志"
        )
    assert refusal.value.field == "files"
    judged.refresh_from_db()
    assert (judged.state, judged.facts_checked) == (AlertState.EXCLUDED, "")
    with pytest.raises(Refusal):
        services.close_alert(alert=judged, actor=people.section, outcome=" ", files=[pdf()])
    assert not list(folder().rglob("*.pdf"))
    judged.refresh_from_db()
    services.close_alert(
        alert=judged, actor=people.section, outcome="已更正数据", facts_checked="已核日志", files=[pdf()]
    )
    assert judged.state == AlertState.CLOSED and judged.feedback.get().attachments.get().sm3


def test_a_paper_of_the_dossier_is_as_good_as_a_file(judged, people):
    services.exclude_alert(alert=judged, actor=people.officer, opinion="已顺延", basis="平台日志")
    services.confirm_exclusion(alert=judged, actor=people.section)
    document = judged.lot.documents.get()
    given = {"outcome": "数据已更正", "facts_checked": "已核对招标文件"}
    with pytest.raises(Refusal) as refusal:
        services.close_alert(alert=judged, actor=people.section, papers=["biddingdocuments:999999"], **given)
    assert refusal.value.field == "papers"
    services.close_alert(
        alert=judged, actor=people.section, papers=[f"biddingdocuments:{document.pk}"], **given
    )
    (paper,) = judged.feedback.get().attachments.all()
    assert reverse("registry:dossier", args=[judged.project_id]) in paper.url and not paper.file_path


def test_an_alert_waits_for_an_inspection_and_joins_none_by_a_made_up_key(judged, people):
    services.refer_alert(alert=judged, actor=people.officer, reason="现场核实", destination="inspection")
    outcome = judged.outcomes.get()
    assert outcome.object_id is None
    with pytest.raises(Refusal) as refusal:
        services.join_record(alert=judged, actor=people.officer, target="task:1")
    assert refusal.value.field == "target"
    with pytest.raises(Forbidden):
        services.join_record(alert=judged, actor=people.stranger, target="task:1")


def test_a_complaint_must_be_named_when_an_alert_goes_to_complaint_handling(judged, people):
    with pytest.raises(Refusal) as refusal:
        services.refer_alert(alert=judged, actor=people.officer, reason="已有投诉", destination="complaint")
    assert refusal.value.field == "target"
    judged.refresh_from_db()
    assert judged.state == AlertState.JUDGING


def test_an_alert_of_one_party_keeps_whom_it_is_about(people):
    owner = Party.objects.create(source_key="O", name="曾都区城投公司")
    found = project(days=17)
    found.owner = owner
    found.save()
    refresh()
    assert Alert.objects.get(project=found).party == owner


def test_a_second_referral_after_the_first_lead_ended_opens_another_lead(yellow, people):
    referred(yellow, people)
    finish(Lead.objects.get(), people)
    yellow.refresh_from_db()
    with time_machine.travel("2026-07-03T09:00:00+08:00", tick=False):
        apply_event(subject=yellow, event="reopen", actor=None, note="规则再次成立")
        apply_event(subject=yellow, event="dispatch", actor=None)
        yellow.assignee = yellow.second_officer = None
        yellow.save()
        services.accept_alert(alert=yellow, actor=people.officer)
        referred(yellow, people)
    assert Lead.objects.count() == 2
    assert [row.record.lead_no for row in yellow.outcomes.all()] == ["线索〔2026〕1号", "线索〔2026〕2号"]
