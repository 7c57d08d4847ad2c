"""Pages of alerts and rules: owner, stranger, discipline, administrator."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wulian.information.alerts import presentation, services
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.duties import duties
from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import node_colours
from wulian.information.alerts.tests.factories import project, refresh


def page(client, user, name, *args, query="", **kwargs):
    client.force_login(user)
    return client.get(reverse(f"alerts:{name}", args=args) + query, **kwargs)


def test_the_list_shows_the_gravest_first_with_counts(client, people):
    project(days=19)
    project(days=17)
    refresh()
    answer = page(client, people.officer, "list")
    assert answer.status_code == 200
    assert answer.context["severity_counts"] == {"红": 1, "橙": 0, "黄": 1, "蓝": 0}
    assert [row.record.severity for row in answer.context["table"].page.object_list] == ["红", "黄"]


def test_the_list_asks_the_same_number_of_queries_however_long_it_is(
    client, people, django_assert_num_queries
):
    from django.db import connection

    project(days=17)
    refresh()
    page(client, people.officer, "list")
    with CaptureQueriesContext(connection) as first:
        page(client, people.officer, "list")
    for _n in range(12):
        project(days=17)
    refresh()
    with CaptureQueriesContext(connection) as second:
        page(client, people.officer, "list")
    assert len(second) == len(first) <= 25


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?severity=红", 1),
        ("?severity=黄", 1),
        ("?severity=蓝", 0),
        ("?state=已分办", 2),
        ("?scope=open", 2),
        ("?scope=mine", 0),
        ("?scope=done", 0),
        ("?scope=gone", 0),
        ("?rule=WJ-01", 2),
        ("?sector=housing&region=421303", 2),
        ("?sector=water", 0),
        ("?raised_after=2026-07-01&raised_before=2026-07-01", 2),
        ("?raised_after=2026-07-02", 0),
        ("?q=一标段", 2),
        ("?q=没有这样的项目", 0),
    ],
)
def test_each_filter_narrows_the_list(client, people, query, expected):
    project(days=19)
    project(days=17)
    refresh()
    assert page(client, people.officer, "list", query=query).context["table"].paginator.count == expected


def test_a_stranger_sees_no_alert_of_another_sector(client, alert, people):
    assert not Alert.objects.visible_to(people.stranger).exists()
    assert page(client, people.stranger, "detail", alert.pk).status_code == 404


def test_oversight_reads_and_may_do_nothing(client, alert, people):
    answer = page(client, people.discipline, "detail", alert.pk)
    assert answer.status_code == 200 and not any(answer.context["may"].values())
    assert reverse("alerts:accept", args=[alert.pk]) not in answer.content.decode()


def test_administrators_see_nothing(client, alert, people):
    assert not Alert.objects.visible_to(people.admin).exists()
    assert page(client, people.admin, "detail", alert.pk).status_code in (302, 403, 404)


def test_the_page_says_what_was_found_on_which_article_and_what_to_do(client, alert, people):
    answer = page(client, people.officer, "detail", alert.pk)
    html = answer.content.decode()
    rule = presentation.rule_of(alert)
    assert presentation.sentence(alert) in html
    assert "实际为17日，规则界限为20日" in html
    assert "2026-06-01 09:00" in html and "2026-06-18 09:00" in html
    assert "《中华人民共和国招标投标法》第二十四条" in html
    assert rule.duty[0].text[:20] in html
    for text in [*rule.exclusions, *rule.next_steps]:
        assert text in html
    assert reverse("registry:dossier", args=[alert.project_id]) in html


def test_the_officer_walks_from_accepting_to_referring_in_the_pages(client, alert, people):
    client.force_login(people.officer)
    client.post(reverse("alerts:accept", args=[alert.pk]))
    form = client.get(reverse("alerts:refer", args=[alert.pk]))
    assert form.status_code == 200
    answer = client.post(
        reverse("alerts:refer", args=[alert.pk]),
        {"destination": "inspection", "target": "", "violation_code": "", "reason": "需现场核实保证金凭证"},
    )
    assert answer.status_code == 302
    alert.refresh_from_db()
    assert alert.state == AlertState.TO_INSPECTION


def test_an_exclusion_may_name_one_of_the_rules_exclusions_as_its_basis(client, judged, people):
    exclusion = presentation.rule_of(judged).exclusions[0]
    client.force_login(people.officer)
    client.post(
        reverse("alerts:exclude", args=[judged.pk]),
        {"exclusion": exclusion, "basis": "", "opinion": "经核实属实"},
    )
    judged.refresh_from_db()
    assert (judged.state, judged.basis) == (AlertState.REVIEW, exclusion)
    client.force_login(people.section)
    assert client.get(reverse("alerts:confirm", args=[judged.pk])).status_code == 200
    client.post(reverse("alerts:confirm", args=[judged.pk]), {"note": ""})
    judged.refresh_from_db()
    assert judged.state == AlertState.EXCLUDED


def test_a_refusal_is_shown_at_the_form_and_changes_nothing(client, judged, people):
    client.force_login(people.officer)
    answer = client.post(
        reverse("alerts:exclude", args=[judged.pk]), {"exclusion": "", "basis": "", "opinion": "没有问题"}
    )
    assert answer.status_code == 422 and answer.context["form"].errors["basis"]
    judged.refresh_from_db()
    assert judged.state == AlertState.JUDGING


@pytest.mark.parametrize("name", ["dispatch", "exclude", "confirm", "return", "refer", "close"])
def test_each_form_opens_for_whoever_sees_the_alert_and_writes_nothing_by_itself(client, alert, people, name):
    assert page(client, people.officer, name, alert.pk).status_code == 200
    alert.refresh_from_db()
    assert alert.state == AlertState.DISPATCHED


def test_the_worklist_names_the_duty_of_each_person(alert, people):
    def mine(user):
        return [(str(duty.action), duty.url) for duty in duties(user) if duty.url == alert.get_absolute_url()]

    assert len(mine(people.officer)) == 1 and mine(people.stranger) == [] and mine(people.dispatcher) == []
    duty = next(d for d in duties(people.officer) if d.url == alert.get_absolute_url())
    assert duty.severity == "red" and duty.badge.text
    services.accept_alert(alert=alert, actor=people.officer)
    assert mine(people.colleague) == []
    services.exclude_alert(alert=alert, actor=people.officer, opinion="核实无误", basis="平台日志")
    assert len(mine(people.section)) == 1 and mine(people.officer) == []


def test_the_dossier_shows_its_alerts_and_their_light(client, alert, people):
    assert node_colours([alert.project_id]) == {alert.project_id: {"N05": "red"}}
    client.force_login(people.officer)
    html = client.get(reverse("registry:dossier", args=[alert.project_id])).content.decode()
    assert alert.get_absolute_url() in html
