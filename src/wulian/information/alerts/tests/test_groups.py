"""Groups, the index with its reasons, and bulk actions with a result for each row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Refusal
from wulian.information.alerts import services
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert, AlertChange
from wulian.information.alerts.services.points import recount, recount_all, weigh
from wulian.information.alerts.smoke import colour_of, index_of
from wulian.information.alerts.tests.factories import change_deadline, project, refresh
from wulian.information.registry.models import Party
from wulian.law.rules import all_rules


def add(found, rule_id, severity="红", violation="", **changes):
    """Another alert of the same lot, raised as a refresh does."""
    lot = Alert.objects.filter(project=found).first().lot
    given = {
        "rule_id": rule_id, "rule_version": 1, "rule_title": rule_id, "node": "N05", "severity": severity,
        "subject_kind": "lot", "subject_id": str(lot.pk), "subject_label": lot.name, "project": found, "lot": lot,
        "violation_code": violation, "state": AlertState.DISPATCHED, **changes,
    }  # fmt: skip
    alert = Alert.objects.create(**given)
    AlertChange.objects.create(alert=alert, kind="raised")
    alert.refresh_from_db()
    return alert


@pytest.fixture
def dossier(people):
    found = project(days=17)
    refresh()
    return found


def rule_by(automation, exclude=("WJ-01",)):
    return next(rule.id for rule in all_rules() if rule.automation == automation and rule.id not in exclude)


@pytest.mark.parametrize(("severity", "points"), [("红", 100), ("橙", 60), ("黄", 30), ("蓝", 10)])
def test_a_finding_read_from_data_adds_by_its_severity(dossier, severity, points):
    alert = Alert(rule_id="WJ-01", severity=severity, state=AlertState.DISPATCHED)
    assert weigh(alert).points == points


@pytest.mark.parametrize(("automation", "points"), [("A", 100), ("A/H", 80), ("H", 60), ("ST", 40)])
def test_the_weaker_the_kind_of_evidence_the_less_a_red_finding_adds(automation, points):
    alert = Alert(rule_id="X", severity="红", state=AlertState.NEW)
    assert weigh(alert, {"X": automation}).points == points


def test_a_rule_that_no_longer_holds_counts_half_until_somebody_judges(dossier, people):
    alert = Alert.objects.get(project=dossier)
    services.accept_alert(alert=alert, actor=people.officer)
    change_deadline(dossier, 30)
    refresh()
    alert.refresh_from_db()
    assert alert.no_longer_holds and alert.points == 50


def test_one_fact_counts_once(dossier):
    first = Alert.objects.get(project=dossier)
    same = add(dossier, rule_by("A"), "橙", first.violation_code)
    other = add(dossier, rule_by("A"), "黄", "WF-99x"[:5], subject_id="999")
    first.refresh_from_db()
    assert (first.points, same.points, other.points) == (100, 0, 30)
    index = index_of(Alert.objects.filter(project=dossier))
    assert index.points == 130 == sum(reason.adds for reason in index.reasons)
    assert {reason.alert: reason.same_as for reason in index.reasons}[same] == first


def test_when_the_alert_that_counted_is_excluded_the_next_of_the_same_fact_counts(dossier, people):
    first = Alert.objects.get(project=dossier)
    same = add(dossier, rule_by("A"), "橙", first.violation_code, department=people.housing)
    services.accept_alert(alert=first, actor=people.officer)
    services.exclude_alert(alert=first, actor=people.officer, opinion="已顺延", basis="平台日志")
    services.confirm_exclusion(alert=first, actor=people.section)
    same.refresh_from_db()
    assert (first.points, same.points) == (0, 60)
    assert index_of(Alert.objects.filter(project=dossier)).left_out == 1


def test_the_index_of_another_lot_is_not_touched(people):
    one, two = project(days=17), project(days=17)
    refresh()
    Alert.objects.filter(project=two).update(points=7)
    recount([Alert.objects.get(project=one).pk])
    assert Alert.objects.get(project=two).points == 7
    assert recount_all() == 1 and Alert.objects.get(project=two).points == 100


@pytest.mark.parametrize(
    ("points", "colour"), [(0, ""), (1, "blue"), (29, "blue"), (30, "yellow"), (99, "yellow"), (100, "orange"), (199, "orange"), (200, "red")]
)  # fmt: skip
def test_an_index_has_a_colour(points, colour):
    assert colour_of(points) == colour


def test_the_dossier_shows_the_index_only_with_its_reasons(client, dossier, people):
    add(dossier, rule_by("ST"), "红", "WF-01")
    client.force_login(people.officer)
    html = client.get(reverse("registry:dossier", args=[dossier.pk])).content.decode()
    assert "data-reasons" in html and "140" in html
    for alert in Alert.objects.filter(project=dossier):
        assert alert.get_absolute_url() in html


@pytest.mark.parametrize("name", ["groups", "groups_lot"])
def test_groups_are_sorted_and_filtered_by_their_index(client, people, name):
    light, heavy = project(days=19), project(days=17)
    refresh()
    client.force_login(people.officer)
    answer = client.get(reverse(f"alerts:{name}"))
    assert [row.record["index"] for row in answer.context["table"].page.object_list] == [100, 30]
    answer = client.get(reverse(f"alerts:{name}") + "?sort=index")
    assert [row.record["index"] for row in answer.context["table"].page.object_list] == [30, 100]
    answer = client.get(reverse(f"alerts:{name}") + "?index=100")
    assert answer.context["table"].paginator.count == 1
    client.force_login(people.stranger)
    assert client.get(reverse(f"alerts:{name}")).context["table"].paginator.count == 0
    assert light != heavy


def test_the_group_of_a_party_adds_only_what_the_reader_sees(client, people):
    owner = Party.objects.create(source_key="O", name="随州市城投公司")
    for sector in ("housing", "water"):
        found = project(days=17, sector=sector)
        found.owner = owner
        found.save()
    refresh()
    for who, index in [(people.office_head, 200), (people.officer, 100), (people.stranger, 100)]:
        client.force_login(who)
        answer = client.get(reverse("alerts:groups_party"))
        (row,) = answer.context["table"].page.object_list
        assert row.record["index"] == index, who
        page = client.get(reverse("alerts:group_party", args=[owner.pk]))
        assert page.context["index"].points == index


def test_a_group_nobody_may_see_is_not_there(client, dossier, people):
    lot = Alert.objects.get(project=dossier).lot
    client.force_login(people.stranger)
    assert client.get(reverse("alerts:group_lot", args=[lot.pk])).status_code == 404


def test_lists_of_groups_ask_the_same_number_of_queries_however_long(client, people):
    project(days=17)
    refresh()
    client.force_login(people.officer)
    for name in ("groups", "groups_lot", "groups_party"):
        client.get(reverse(f"alerts:{name}"))
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("alerts:groups_lot"))
        counts.append(len(asked))
        for _n in range(8):
            project(days=17)
        refresh()
    assert counts[0] == counts[1] <= 20


def tick(client, action, alerts, **data):
    return client.post(
        reverse("alerts:bulk", args=[action]), {"selected": [alert.pk for alert in alerts], **data}
    )


@pytest.fixture
def three(people):
    for _n in range(3):
        project(days=17)
    refresh()
    return list(Alert.objects.order_by("pk"))


def test_a_bulk_action_shows_first_what_it_would_do(client, three, people):
    services.accept_alert(alert=three[0], actor=people.officer)
    client.force_login(people.officer)
    answer = tick(client, "accept", three)
    assert answer.status_code == 200
    assert [row.ok for row in answer.context["rows"]] == [False, True, True]
    assert Alert.objects.filter(state=AlertState.DISPATCHED).count() == 2


def test_each_row_says_what_came_of_it_and_has_its_own_audit_event(client, three, people):
    services.accept_alert(alert=three[0], actor=people.officer)
    client.force_login(people.officer)
    answer = tick(client, "accept", three, confirm="1")
    assert answer.context["finished"] and [row.ok for row in answer.context["rows"]] == [False, True, True]
    assert Alert.objects.filter(state=AlertState.JUDGING).count() == 3
    assert AuditEvent.objects.filter(verb="alerts.accepted").count() == 3


def test_alerts_are_excluded_together_with_one_opinion_and_confirmed_together(client, three, people):
    client.force_login(people.officer)
    tick(client, "accept", three, confirm="1")
    words = {"confirm": "1", "opinion": "同一次数据补录造成", "basis": "平台操作日志", "exclusion": ""}
    assert tick(client, "exclude", three, **{**words, "basis": ""}).status_code == 422
    tick(client, "exclude", three, **words)
    client.force_login(people.section)
    tick(client, "confirm", three, confirm="1", note="同意")
    for alert in three:
        alert.refresh_from_db()
        assert (alert.state, alert.opinion) == (AlertState.EXCLUDED, "同一次数据补录造成")


def test_alerts_referred_in_bulk_become_one_lead(client, three, people):
    from wulian.casework.cases.models import Lead

    client.force_login(people.officer)
    tick(client, "accept", three, confirm="1")
    form = tick(client, "refer", three)
    assert form.status_code == 200 and form.context["possible"] == 3
    words = {"destination": "lead", "target": "", "violation_code": "WF-07", "reason": "一并核查"}
    tick(client, "refer", three, confirm="1", **words)
    assert Lead.objects.count() == 1 and Alert.objects.filter(state=AlertState.TO_LEAD).count() == 3


def test_the_dispatcher_gives_several_alerts_to_one_department(client, three, people):
    client.force_login(people.dispatcher)
    tick(client, "dispatch", three, confirm="1", department=people.water.pk, assignee="", note="会商确定")
    assert set(Alert.objects.values_list("department", flat=True)) == {people.water.pk}


def test_nothing_happens_when_no_row_allows_it(three, people):
    with pytest.raises(Refusal):
        services.handle_alerts(action="accept", alerts=three, actor=people.stranger)
    assert Alert.objects.filter(state=AlertState.DISPATCHED).count() == 3


def test_alerts_of_others_cannot_be_ticked(client, three, people):
    client.force_login(people.stranger)
    answer = tick(client, "accept", three, confirm="1", next=reverse("alerts:groups"))
    assert answer.status_code == 302 and answer["Location"] == reverse("alerts:groups")
    assert not Alert.objects.filter(state=AlertState.JUDGING).exists()


@pytest.mark.parametrize("selected", [[], ["x"], ["-1"], ["9" * 30]])
def test_odd_ticks_are_refused(client, three, people, selected):
    client.force_login(people.officer)
    answer = client.post(reverse("alerts:bulk", args=["accept"]), {"selected": selected})
    assert answer.status_code == 302


def test_an_unknown_bulk_action_is_not_there(client, people):
    client.force_login(people.officer)
    assert client.post(reverse("alerts:bulk", args=["delete"])).status_code == 404


def test_the_arithmetic_is_explained_on_a_page(client, people):
    client.force_login(people.officer)
    html = client.get(reverse("alerts:index")).content.decode()
    assert "100" in html and "40%" in html
