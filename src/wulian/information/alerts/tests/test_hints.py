"""Red flags on the platform: they become alerts that nobody is pressed about (docs/adr/0005)."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from wulian.analysis.flags.catalogue import all_hints
from wulian.core.accounts.choices import Role
from wulian.core.clocks.models import Clock
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.duties import duties
from wulian.information.alerts.models import Alert, RuleRun
from wulian.information.alerts.presentation import evidence_rows, rule_of, sentence
from wulian.information.alerts.selectors import node_colours
from wulian.information.alerts.services import dispatch_alert, refresh_alerts
from wulian.information.alerts.tests.factories import BEIJING, person, project
from wulian.information.registry.models import Bid, BiddingDocuments, BidOpening, Lot, Party
from wulian.information.rulebook.services import revise_rule

FLAGS = ["RF-11", "RF-50"]


@pytest.fixture
def opened(people):
    """A tender opened with one bid."""
    found = project(days=25)
    lot = Lot.objects.get(project=found)
    lot.tender.mode = "open"
    lot.tender.save()
    BidOpening.objects.create(
        project=found, lot=lot, source_key="O", actual_at=datetime(2026, 6, 26, 9, 30, tzinfo=BEIJING)
    )
    bid(lot, "湖北汉东建设有限公司", "陈国栋")
    return lot


def bid(lot, name, person):
    firm = Party.objects.create(source_key=name, name=name, legal_representative=person)
    return Bid.objects.create(project=lot.project, lot=lot, source_key=name, tenderer=firm, price="1200000")


def hint(code):
    return Alert.objects.get(rule_id=code)


def test_a_hint_arrives_without_department_clock_or_duty(opened, people):
    result = refresh_alerts(rules=FLAGS)
    alert = hint("RF-11")
    assert (result.raised, alert.state, alert.department, alert.severity) == (1, AlertState.NEW, None, "黄")
    assert alert.lot == opened and alert.value == 1
    assert not Clock.objects.of(alert).exists()
    assert [duty.subject_label for duty in duties(people.dispatcher)] == []
    assert str(alert.department_reason)


def test_a_rule_of_law_beside_it_is_still_a_duty_of_the_dispatcher(opened, people):
    refresh_alerts(rules=["TB-01", *FLAGS])
    assert Alert.objects.get(rule_id="TB-01").department == people.housing
    assert hint("RF-11").department is None


def test_the_dispatcher_may_give_a_hint_to_a_department(opened, people):
    refresh_alerts(rules=FLAGS)
    alert = dispatch_alert(alert=hint("RF-11"), actor=people.dispatcher, department=people.housing)
    assert alert.state == AlertState.DISPATCHED
    assert len(list(duties(people.officer))) == 1
    assert not Clock.objects.of(alert).running().exists()


def test_a_hint_colours_a_light_only_once_somebody_picked_it(opened, people):
    refresh_alerts(rules=FLAGS)
    alert = hint("RF-11")
    assert node_colours([opened.project_id]) == {}
    dispatch_alert(alert=alert, actor=people.dispatcher, department=people.housing)
    assert node_colours([opened.project_id]) == {opened.project_id: {alert.node: "yellow"}}


def test_a_hint_clears_itself_when_it_no_longer_holds(opened):
    refresh_alerts(rules=FLAGS)
    bid(opened, "随州建工有限公司", "刘卫东")
    refresh_alerts(project_ids=[opened.project_id], rules=FLAGS)
    assert hint("RF-11").state == AlertState.CLEARED


def test_a_pair_of_firms_is_named_and_both_link_to_their_pages(opened):
    other = bid(opened, "随州建工有限公司", "陈国栋").tenderer
    refresh_alerts(rules=FLAGS)
    alert, first = hint("RF-50"), opened.bids.first().tenderer
    assert set(alert.subject_id.split("|")) == {str(first.pk), str(other.pk)}
    assert set(alert.subject_label.split(" × ")) == {first.name, other.name}
    assert alert.project is None
    links = {row.value: row.url for row in evidence_rows(alert) if row.url}
    assert links == {firm.name: reverse("registry:party", args=[firm.pk]) for firm in (first, other)}


def test_a_changed_dossier_leaves_alone_what_only_a_look_at_all_projects_can_judge(opened):
    bid(opened, "随州建工有限公司", "陈国栋")
    refresh_alerts(rules=FLAGS)
    Bid.objects.filter(tenderer__name="随州建工有限公司").update(ended_at="2026-06-30T00:00:00Z")
    refresh_alerts(project_ids=[opened.project_id])
    assert hint("RF-50").cleared_at is None
    refresh_alerts(rules=FLAGS)
    assert hint("RF-50").state == AlertState.CLEARED


def test_the_insufficient_subjects_of_a_hint_are_counted(opened):
    opened.bids.update(ended_at="2026-06-30T00:00:00Z")
    result = refresh_alerts(rules=FLAGS)
    assert (result.raised, result.insufficient) == (0, {"RF-11": 1})


def test_the_page_of_a_hint_shows_what_it_is_and_how_it_may_be_explained(opened, people, client):
    refresh_alerts(rules=FLAGS)
    alert = hint("RF-11")
    flag = rule_of(alert)
    assert flag is not None and flag.sources[0] == "OCP R018"
    assert "只有一家投标" in sentence(alert)
    client.force_login(people.dispatcher)
    page = client.get(alert.get_absolute_url())
    assert page.status_code == 200
    assert flag.exclusions[0] in page.content.decode()
    assert reverse("alerts:rule", args=["RF-11"]) in page.content.decode()


def test_the_page_of_a_red_flag_shows_its_sources_in_place_of_articles(opened, people, client):
    refresh_alerts(rules=FLAGS)
    client.force_login(people.dispatcher)
    page = client.get(reverse("alerts:rule", args=["RF-11"])).content.decode()
    assert "OCP R018" in page and "开放合同伙伴关系" in page and "只有一家投标" in page
    assert "数据不足的情形" in page and "《" in page
    assert client.get(reverse("alerts:rule", args=["RF-00"])).status_code == 404
    listed = client.get(reverse("alerts:hints")).content.decode()
    assert all(flag.title in listed for flag in all_hints())


def test_the_list_tells_rules_from_hints(opened, people, client):
    refresh_alerts(rules=["TB-01", *FLAGS])
    client.force_login(people.dispatcher)

    def shown(kind):
        page = client.get(reverse("alerts:list"), {"kind": kind}).content.decode()
        return [title in page for title in ("TB-01 投标人少于三个仍开标</span>", "RF-11 只有一家投标</span>")]

    assert (shown("rule"), shown("hint")) == ([True, False], [False, True])


# -- public indicators and revisions ---------------------------------------------------------------------------


@pytest.fixture
def reviewer(people):
    return person("fazhi", "方正", people.housing, Role.LEGAL_REVIEWER)


def test_a_public_indicator_becomes_a_hint_of_the_dossier_under_its_code(opened, people, client):
    result = refresh_alerts(rules=["R018", "R003"])
    alert = hint("R018")
    assert (alert.lot, alert.department, alert.severity, alert.value) == (opened, None, "蓝", 1)
    assert not Clock.objects.of(alert).exists()
    assert not Alert.objects.filter(rule_id="R003").exists(), "25 days are no short period"
    assert result.insufficient == {}
    client.force_login(people.dispatcher)
    page = client.get(alert.get_absolute_url()).content.decode()
    assert "R018" in page and "只有一家投标" in page
    listed = client.get(reverse("alerts:list"), {"kind": "hint"}).content.decode()
    assert "R018 只有一家投标</span>" in listed


def test_an_indicator_and_the_red_flag_that_states_the_same_count_once(opened):
    refresh_alerts(rules=["R018", "RF-11"])
    assert sorted(Alert.objects.values_list("rule_id", "points")) == [("R018", 0), ("RF-11", 12)]


def test_a_changed_dossier_leaves_public_indicators_to_the_next_look_at_all(opened):
    refresh_alerts(rules=["R018"])
    bid(opened, "随州建工有限公司", "刘卫东")
    refresh_alerts(project_ids=[opened.project_id])
    assert hint("R018").cleared_at is None
    refresh_alerts(rules=["R018"])
    assert hint("R018").state == AlertState.CLEARED


def test_what_the_last_run_could_not_judge_is_kept_and_shown(opened, people, client):
    BiddingDocuments.objects.update(deadline_at=None)
    refresh_alerts(rules=["R003", "R018"])
    runs = {run.rule_id: (run.met, run.insufficient) for run in RuleRun.objects.all()}
    assert runs == {"R003": (0, 1), "R018": (1, 0)}
    client.force_login(people.dispatcher)
    page = client.get(reverse("alerts:rule", args=["R003"])).content.decode()
    assert "数据不足、无法判断的对象</span><strong>1</strong>" in page
    assert "tender.tenderPeriod.endDate" in page and "The submission period is too short." in page
    assert client.get(reverse("alerts:rule", args=["R999"])).status_code == 404


def test_legal_review_changes_a_red_flag_and_old_hints_keep_the_version_that_raised_them(
    opened, reviewer, client
):
    refresh_alerts(rules=FLAGS)
    client.force_login(reviewer)
    page = client.get(reverse("alerts:rule", args=["RF-11"])).content.decode()
    assert reverse("alerts:rule_revise", args=["RF-11"]) in page
    flag = rule_of(hint("RF-11"))
    form = {
        f"parameter_{item.name}": "、".join(item.value) if isinstance(item.value, list) else item.value
        for item in flag.parameters
    }
    form |= {"valid_from": "2020-01-01", "enabled": "", "reason": "样本不足，暂停使用"}
    answer = client.post(reverse("alerts:rule_revise", args=["RF-11"]), form, follow=True)
    assert "样本不足，暂停使用" in answer.content.decode()
    assert rule_of(hint("RF-11")).version == 1
    refresh_alerts(rules=FLAGS)
    assert hint("RF-11").state == AlertState.CLEARED, "a flag that is off finds nothing"


def test_a_hint_that_still_holds_keeps_its_version_when_its_number_changes(opened, reviewer):
    bid(opened, "随州建工有限公司", "陈国栋")
    refresh_alerts(rules=["RF-50"])
    before = hint("RF-50")
    item = next((item for item in rule_of(before).parameters if type(item.value) is int), None)
    given = {item.name: str(item.value + 1)} if item else {}
    if not given:
        pytest.skip("this flag has no whole number")
    revise_rule(
        actor=reviewer, rule_id="RF-50", valid_from=date(2020, 1, 1), enabled=True, parameters=given, reason="从宽"
    )  # fmt: skip
    refresh_alerts(rules=["RF-50"])
    assert hint("RF-50").rule_version == before.rule_version == 1
