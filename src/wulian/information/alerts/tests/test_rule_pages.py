"""The pages of the rules: every number opens its list, every text comes from the record, changes show their effect first."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.information.alerts import presentation, services
from wulian.information.alerts.choices import AlertState, Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import RESULTS
from wulian.information.alerts.tests.factories import person, project
from wulian.information.alerts.views.rules.lists import alerts_url
from wulian.information.alerts.views.rules.page import meaning
from wulian.information.registry.models import Award, Lot
from wulian.information.rulebook.models import (
    CheckOutcome,
    LocalRule,
    RefusedRuleFile,
    RuleCheck,
    RuleRevision,
)
from wulian.information.rulebook.selectors import current_rules
from wulian.information.rulebook.services import answer_checklist, revise_rule
from wulian.law.rules import all_rules, rule

CODES = sorted({item.id for item in all_rules()})


@pytest.fixture
def reviewer(people):
    return person("fazhi", "方正", people.housing, Role.LEGAL_REVIEWER)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"alerts:{name}", args=args), query)


def text_of(answer):
    return unescape(answer.content.decode())


def test_the_list_shows_every_rule_with_its_state(client, people):
    codes = set()
    for number in (1, 2):
        answer = get(client, people.officer, "rules", per_page=100, page=number)
        codes |= {row.record["code"] for row in answer.context["table"].page}
    assert codes == set(CODES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "wj-01"}, {"WJ-01"}),
        ({"q": "化整为零"}, {"LX-06"}),
        ({"kind": "clauses"}, {"ZB-06", "ZB-07", "ZB-09", "WJ-05", "WJ-10", "HT-10", "HT-11"}),
        ({"node": "N04", "kind": "missing"}, {"YS-07", "YS-09"}),
        ({"confidence": "U"}, {"LX-18"}),
        ({"automation": "ST", "state": "off"}, {"PB-15"}),
        ({"severity": "蓝"}, {"CQ-05"}),
    ],
)
def test_the_list_is_narrowed(client, people, query, expected):
    answer = get(client, people.officer, "rules", **query)
    assert {row.record["code"] for row in answer.context["table"].page} == expected


def test_the_list_is_exported_with_its_numbers(client, alert, people):
    answer = get(client, people.officer, "rules", q="WJ-01", _export="csv")
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[:2]
    assert head.startswith("规则,") and row.startswith("WJ-01 投标准备期不足,")


@pytest.mark.parametrize("code", CODES)
def test_every_rule_says_what_it_means_under_its_article(code):
    item = rule(code)
    said = meaning(item)
    assert item.title in said
    assert presentation.article_name(item.duty[0]) in said
    assert "第未核实条" not in said


@pytest.mark.parametrize("code", ["WJ-01", "LX-06", "ZB-07", "LY-06", "WJ-11", "HT-09", "LX-18"])
def test_a_rule_has_a_page_with_its_articles_questions_and_examples(client, people, code):
    item = rule(code)
    html = text_of(get(client, people.officer, "rule", code))
    assert item.title in html and presentation.article_name(item.duty[0]) in html
    for citation in [*item.duty, *item.liability]:
        assert all(line in html for line in citation.text.split("\n"))
    assert all(question in html for question in item.checklist)
    assert item.needs in html
    assert ("引擎判断的例子" in html) == item.computed


def test_an_unknown_rule_has_no_page(client, people):
    assert get(client, people.officer, "rule", "XX-99").status_code == 404


def test_the_results_part_all_alerts_and_each_number_opens_exactly_its_list(client, people):
    made = [
        ("新预警", ""), ("研判中", ""), ("转线索", Destination.LEAD), ("已闭环", Destination.INSPECTION),
        ("已排除", ""), ("已闭环", ""), ("已消除", ""),
    ]  # fmt: skip
    for place, (state, destination) in enumerate(made):
        Alert.objects.create(
            state=state, state_since=dt.datetime.now(dt.UTC), destination=destination, rule_id="WJ-01",
            rule_version=1, rule_title="投标准备期不足", node="N05", severity="红", subject_kind="lot",
            subject_id=str(place), subject_label="标段", department=people.housing,
        )  # fmt: skip
    context = get(client, people.officer, "rule", "WJ-01").context
    shown = {name: getattr(context["results"], name) for name in (*RESULTS, "total")}
    assert shown == {"open": 2, "confirmed": 2, "excluded": 2, "cleared": 1, "total": 7}
    assert context["results"].precision == 50
    for name, number in shown.items():
        answer = client.get(alerts_url("WJ-01", name))
        assert answer.context["table"].paginator.count == number, name
    assert {state for state, _destination in made} <= set(AlertState.values)


def test_the_rule_page_counts_only_what_the_reader_sees(client, alert, people):
    assert get(client, people.officer, "rule", "WJ-01").context["open"] == 1
    assert get(client, people.stranger, "rule", "WJ-01").context["open"] == 0


def test_all_thresholds_stand_on_one_page_with_the_rules_that_use_them(client, people):
    answer = get(client, people.officer, "thresholds")
    rows = {item["row"].code: item for item in answer.context["rows"]}
    assert len(rows) == 38
    assert rows["B-15"]["rules"] == ["WJ-01"] and rows["B-15"]["limits"][0]["shown"] == "20 日"
    assert rows["B-19"]["limits"][0]["shown"] == "2%"
    assert "未核实" in text_of(answer)


def test_the_checklist_for_policy_documents_says_that_its_source_is_open(client, people):
    html = text_of(get(client, people.officer, "policy"))
    assert "来源待核" in html and "取代招标人的定标权" in html


# -- revisions ---------------------------------------------------------------------------------------------------


@pytest.fixture
def unnoticed(people):
    """A publicity that ended on 15 June 2026 without notice of award: eight working days before 1 July is 19 June (holiday)."""
    from wulian.information.registry.models import Notice

    found = project(days=30)
    lot = Lot.objects.get(project=found)
    Notice.objects.create(
        project=found, lot=lot, source_key="C", kind="candidates", title="中标候选人公示",
        published_at=dt.datetime(2026, 6, 11, tzinfo=dt.UTC), ends_at=dt.datetime(2026, 6, 15, tzinfo=dt.UTC),
    )  # fmt: skip
    return lot


def revision(**changes):
    return {
        "valid_from": "2012-02-01",
        "enabled": "on",
        "parameter_days": "5",
        "reason": "会商意见",
        **changes,
    }


def test_the_effect_of_a_revision_is_shown_before_it_is_saved(client, unnoticed, reviewer):
    client.force_login(reviewer)
    url = reverse("alerts:rule_revise", args=["DB-05"])
    answer = client.post(url, revision(parameter_days="20", reason="", _preview="1"))
    preview = answer.context["preview"]
    assert (preview.before, preview.after, preview.gone) == (1, 0, 1)
    assert "预警将由 1 条变为 0 条" in text_of(answer)
    assert not RuleRevision.objects.exists()


def test_a_saved_revision_judges_and_stands_in_the_history(client, unnoticed, reviewer, people):
    client.force_login(reviewer)
    answer = client.post(
        reverse("alerts:rule_revise", args=["DB-05"]), revision(parameter_days="20"), follow=True
    )
    html = text_of(answer)
    assert "第1次修订" in html and "会商意见" in html and "方正" in html
    services.refresh_alerts(rules=["DB-05"])
    assert not Alert.objects.filter(rule_id="DB-05").exists()


def test_a_value_that_does_not_fit_is_refused_at_its_field(client, reviewer):
    client.force_login(reviewer)
    answer = client.post(reverse("alerts:rule_revise", args=["DB-05"]), revision(parameter_days="一周"))
    assert answer.status_code == 422
    assert "应为" in "".join(answer.context["form"].errors["parameter_days"])


def test_only_legal_review_finds_the_way_to_revise(client, people, reviewer):
    assert get(client, people.officer, "rule_revise", "DB-05").status_code == 403
    assert reverse("alerts:rule_revise", args=["DB-05"]) not in text_of(
        get(client, people.officer, "rule", "DB-05")
    )
    assert reverse("alerts:rule_revise", args=["DB-05"]) in text_of(get(client, reviewer, "rule", "DB-05"))
    assert "parameter_" not in text_of(get(client, reviewer, "rule_revise", "WJ-01")), (
        "the law's number is no field"
    )


def test_an_alert_keeps_the_version_that_raised_it(client, unnoticed, reviewer, people):
    services.refresh_alerts(rules=["DB-05"])
    raised = Alert.objects.get(rule_id="DB-05")
    assert raised.rule_version == 1 and raised.threshold == 5
    made = revise_rule(
        actor=reviewer, rule_id="DB-05", valid_from=dt.date(2012, 2, 1), enabled=True,
        parameters={"days": "2"}, reason="从严",
    )  # fmt: skip
    result = services.refresh_alerts(rules=["DB-05"])
    raised.refresh_from_db()
    assert (raised.rule_version, raised.threshold, result.unchanged) == (1, 5, 1)
    assert presentation.rule_of(raised).parameters[0].value == 5
    Alert.objects.all().delete()
    services.refresh_alerts(rules=["DB-05"])
    anew = Alert.objects.get(rule_id="DB-05")
    assert (anew.rule_version, anew.threshold) == (made.version, 2)
    assert presentation.rule_of(anew).parameters[0].value == 2


def test_a_rule_switched_off_lets_its_alerts_go(unnoticed, reviewer):
    services.refresh_alerts(rules=["DB-05"])
    revise_rule(
        actor=reviewer,
        rule_id="DB-05",
        valid_from=dt.date(2012, 2, 1),
        enabled=False,
        parameters={},
        reason="停用",
    )
    assert services.refresh_alerts(rules=["DB-05"]).cleared == 1


def test_undoing_brings_the_catalogue_back(client, reviewer):
    made = revise_rule(
        actor=reviewer,
        rule_id="DB-05",
        valid_from=dt.date(2026, 7, 1),
        enabled=False,
        parameters={},
        reason="停用",
    )
    client.force_login(reviewer)
    url = reverse("alerts:rule_undo", args=["DB-05", made.version])
    html = text_of(client.post(url, {"reason": "恢复使用"}, follow=True))
    assert "恢复使用" in html and "已被取代" in html


def test_what_compares_projects_waits_until_all_are_judged(people):
    found = project(days=30)
    lot = Lot.objects.get(project=found)
    Alert.objects.create(
        state="新预警", state_since=dt.datetime.now(dt.UTC), rule_id="LX-06", rule_version=1, rule_title="化整为零",
        node="N02", severity="橙", subject_kind="contract", subject_id="1", subject_label="合同", project=found,
    )  # fmt: skip
    assert services.refresh_alerts(project_ids=[found.pk]).cleared == 0
    assert services.refresh_alerts(rules=["LX-06"]).cleared == 1
    assert lot.project_id == found.pk and not Award.objects.exists()


def test_what_people_found_in_texts_stays_until_people_end_it(people):
    found = project(days=30)
    Alert.objects.create(
        state="新预警", state_since=dt.datetime.now(dt.UTC), rule_id="ZB-07", rule_version=1, rule_title="不合理条件",
        node="N03", severity="橙", subject_kind="lot", subject_id="1", subject_label="标段", project=found,
    )  # fmt: skip
    assert services.refresh_alerts(rules=["ZB-07", "WJ-01"]).cleared == 0


# -- local rules and checks --------------------------------------------------------------------------------------

LOCAL = """
- id: SZ-01
  title: 随州市招标计划未提前三十日公开
  node: N03
  severity: 黄
  automation: A
  confidence: S
  source: 随州市招标计划公开办法（示例）
  subject: tender
  rows: lot
  condition: {fn: min_days, from: tender.plan_published_at, to: announcement.published_at, days: 30}
  duty: [{instrument: LOCAL, article: 第三条}]
  exclusions: [应急项目]
  next_steps: [核对招标计划发布时间]
  valid_from: 2026-01-01
"""


def upload(client, text, name="local.yaml"):
    return client.post(
        reverse("alerts:rule_import"), {"file": SimpleUploadedFile(name, text.encode())}, follow=True
    )


def test_a_local_rule_is_imported_listed_and_judged(client, reviewer, people):
    client.force_login(reviewer)
    assert "SZ-01@1" in text_of(upload(client, LOCAL))
    html = text_of(get(client, people.officer, "rule", "SZ-01"))
    assert "随州市招标计划未提前三十日公开" in html and "来源待核" in html
    services.refresh_alerts(rules=["SZ-01"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("severity: 黄", "severity: 黄\n  colour: 黄"), "local.yaml: rule SZ-01: field colour"),
        (("days: 30", "dais: 30"), "local.yaml: rule SZ-01: field condition.min_days"),
        (("id: SZ-01", "id: WJ-01"), "local.yaml: rule WJ-01: field id"),
        (("tender.plan_published_at", "tender.no_such"), "tender.no_such"),
        (("valid_from", "version: 101\n  valid_from"), "field version"),
    ],
)
def test_a_wrong_local_file_is_refused_whole_by_file_rule_and_field(client, reviewer, change, said):
    client.force_login(reviewer)
    second = (
        LOCAL.replace("SZ-01", "SZ-02").replace(*change)
        if change[0] != "id: SZ-01"
        else LOCAL.replace(*change)
    )
    answer = upload(client, LOCAL + second.replace("SZ-01", "SZ-02") if "WJ-01" not in second else second)
    assert answer.status_code == 422
    assert said.replace("SZ-01", "SZ-02") in text_of(answer)
    assert not LocalRule.objects.exists()
    kept = RefusedRuleFile.objects.get()
    assert said.replace("SZ-01", "SZ-02") in kept.reason and kept.file_name == "local.yaml"


def test_a_refused_rule_file_waits_and_is_tried_again_or_dropped(client, reviewer, people):
    """SZ-02 as its own neighbour is refused; once the other file is gone from the way, the same file is taken in."""
    client.force_login(reviewer)
    upload(client, LOCAL)
    assert upload(client, LOCAL).status_code == 422
    kept = RefusedRuleFile.objects.get()
    take = reverse("alerts:rule_file_take", args=[kept.pk])
    assert "SZ-01" in text_of(client.post(take, follow=True))
    kept.refresh_from_db()
    assert (kept.state, LocalRule.objects.count()) == (kept.State.OPEN, 1)

    LocalRule.objects.all()._raw_delete("default")
    client.post(take)
    kept.refresh_from_db()
    assert (kept.state, kept.handled_by, LocalRule.objects.count()) == (kept.State.TAKEN, reviewer, 1)

    client.post(reverse("alerts:rule_file_drop", args=[kept.pk]))
    kept.refresh_from_db()
    assert kept.state == kept.State.TAKEN
    upload(client, LOCAL)
    other = RefusedRuleFile.objects.get(state="open")
    client.force_login(people.officer)
    assert client.post(reverse("alerts:rule_file_drop", args=[other.pk])).status_code == 403
    client.force_login(reviewer)
    client.post(reverse("alerts:rule_file_drop", args=[other.pk]))
    other.refresh_from_db()
    assert other.state == other.State.DROPPED


def test_the_questions_of_a_rule_are_answered_in_the_dossier(client, people):
    found = project(days=30)
    client.force_login(people.officer)
    url = reverse("alerts:rule_check", args=["LX-12", found.pk])
    assert rule("LX-12").checklist[0] in text_of(client.get(url))
    answers = {"answer_0": "是", "answer_1": "否", "outcome": CheckOutcome.SUSPECTED}
    assert client.post(url, {**answers, "opinion": ""}).status_code == 422
    html = text_of(client.post(url, {**answers, "opinion": "会议纪要点名指定"}, follow=True))
    assert "会议纪要点名指定" in html
    check = RuleCheck.objects.get()
    assert (check.rule_id, check.officer, check.answers[0]["answer"]) == ("LX-12", people.officer, "是")
    assert found.name in text_of(get(client, people.officer, "rule", "LX-12"))
    assert found.name not in text_of(get(client, people.stranger, "rule", "LX-12"))


def test_a_dossier_of_another_department_is_not_checked(client, people):
    found = project(days=30)
    assert get(client, people.stranger, "rule_check", "LX-12", found.pk).status_code == 404
    assert get(client, people.officer, "rule_check", "RF-11", found.pk).status_code == 404, (
        "a hint has no questions"
    )


def test_what_an_officer_suspects_is_an_alert_of_its_rule_until_a_later_answer_says_otherwise(client, people):
    found = project(days=30)
    item = rule("LX-12")
    given = {"actor": people.officer, "rule_id": "LX-12", "project": found}
    answers = dict.fromkeys(range(len(item.checklist)), "是")
    answer_checklist(**given, answers=answers, outcome=CheckOutcome.SUSPECTED, opinion="会议纪要点名指定")
    alert = Alert.objects.get(rule_id="LX-12")
    assert (alert.project, alert.subject_kind, alert.severity) == (found, "project", item.severity)
    assert alert.department == people.housing, "it is dispatched as any alert"
    client.force_login(people.officer)
    page = text_of(client.get(alert.get_absolute_url()))
    assert "会议纪要点名指定" in page and item.checklist[0] in page
    answer_checklist(**given, answers=answers, outcome=CheckOutcome.SUSPECTED, opinion="会议纪要点名指定")
    assert Alert.objects.filter(rule_id="LX-12").count() == 1
    answer_checklist(**given, answers=answers, outcome=CheckOutcome.CLEAR)
    alert.refresh_from_db()
    assert alert.cleared_at is not None
    assert (alert.state == AlertState.CLEARED) is not alert.is_red, "a red one waits for a person"


def test_answers_to_a_rule_that_data_decide_raise_nothing(people):
    computed = next(
        one for one in current_rules() if one.kind == "computed" and one.checklist and one.enabled
    )
    answer_checklist(
        actor=people.officer,
        rule_id=computed.id,
        project=project(days=30),
        answers=dict.fromkeys(range(len(computed.checklist)), "是"),
        outcome=CheckOutcome.SUSPECTED,
        opinion="可疑",
    )
    assert not Alert.objects.filter(rule_id=computed.id).exists()
