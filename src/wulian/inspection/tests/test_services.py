"""From the plan to the inspection: who may, in which order, and what nobody may do again."""

from __future__ import annotations

import copy
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from wulian import crypto
from wulian.casework.cases.models import Lead
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.tests import factories as intake
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.force.officers.models import Leave, RecusalDeclaration
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Lot
from wulian.inspection import services
from wulian.inspection.choices import DrawState, TaskState
from wulian.inspection.draw import canonical_json
from wulian.inspection.duties import inspection_duties
from wulian.inspection.models import AnnualPlan, Draw, InspectionTask
from wulian.inspection.weights import red_alerts_of, weigh, weights_of

from .factories import City, coordinating_office, department, person, winner

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).resolve().parents[4] / "tools" / "verify_draw.py"


@pytest.fixture(autouse=True)
def english(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    with translation.override("en"):
        yield time_machine


@pytest.fixture
def city():
    return City()


@pytest.fixture
def drawn(city, english):
    frozen = city.freeze()
    english.move_to("2026-03-02 16:00:00+08:00", tick=False)
    seeded = city.seed(frozen)
    return services.run_draw(actor=city.dispatcher, draw=seeded)


def verify(record, folder):
    path = folder / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    # Isolated: neither the platform nor anything installed can help.
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_verifier_re_computes_a_real_record_and_says_they_agree(drawn, tmp_path):
    done = verify(drawn.record, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("一致\n") and "检查对象 12 个" in done.stdout


def _swap_result(record):
    record["result"][0]["object"], record["result"][1]["object"] = (
        record["result"][1]["object"],
        record["result"][0]["object"],
    )


def _spare(record):
    chosen = {row["object"] for row in record["result"]}
    record["result"][2]["object"] = next(
        row["id"] for row in record["pool"]["objects"] if row["id"] not in chosen
    )


def _other_inspector(record):
    team = record["result"][1]["inspectors"]
    team[0] = next(row["id"] for row in record["pool"]["inspectors"] if row["id"] not in team)


def _lighter(record):
    record["pool"]["objects"][0]["weight"] -= 1


def _fewer(record):
    record["result"].pop()


TAMPERING = {
    "swapped places": (_swap_result, "第1个名额的检查对象"),
    "an object spared": (_spare, "第3个名额的检查对象"),
    "another inspector": (_other_inspector, "第2个名额的检查人员"),
    "a place less": (_fewer, "名额：重新计算为 4 个，记录为 3 个"),
    "a weight lowered": (_lighter, "名单摘要"),
    "another way": (lambda record: record["result"][0].update(how="weighted"), "第1个名额的抽取方式"),
    "another secret": (lambda record: record.update(secret="00" * 32), "承诺值"),
    "another seed": (lambda record: record.update(public_seed="1"), "第1个名额"),
    "seed before freezing": (
        lambda record: record.update(seed_published_at="2026-03-01T00:00:00.000000Z"),
        "时间",
    ),
    "another algorithm": (lambda record: record.update(algorithm="wulian-draw-2"), "算法"),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_the_verifier_names_the_first_difference_of_a_tampered_record(drawn, tmp_path, name):
    tamper, words = TAMPERING[name]
    record = copy.deepcopy(drawn.record)
    tamper(record)
    done = verify(record, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("不一致\n") and words in done.stdout


def test_the_verifier_says_when_it_cannot_read_a_record(tmp_path):
    assert verify({"algorithm": "wulian-draw-1"}, tmp_path).returncode == 2
    assert verify([], tmp_path).returncode == 2


def test_the_record_says_nothing_but_what_was_frozen_promised_and_drawn(drawn, city):
    record = drawn.record
    assert drawn.record_digest == crypto.hexdigest(canonical_json(record))
    assert record["pool_hash"] == drawn.pool_hash and record["commitment"] == drawn.commitment
    assert len(record["result"]) == record["pool"]["places"] == 4  # 33 % of 12, rounded up
    signature = record["signature"]
    verifier = crypto.load_verifier(signature["public_key"], signature["algorithm"])
    assert verifier.verify(signature["signed_text"].encode(), bytes.fromhex(signature["value"]))
    assert drawn.commitment in signature["signed_text"] and drawn.pool_hash in signature["signed_text"]


def test_the_draw_opens_one_inspection_for_each_object_with_two_inspectors(drawn, city):
    tasks = list(InspectionTask.objects.all())
    assert len(tasks) == 4 and {task.state for task in tasks} == {TaskState.DRAWN}
    for task, row in zip(sorted(tasks, key=lambda task: task.position), drawn.record["result"], strict=True):
        assert f"P{task.party_id}" == row["object"] and task.how == row["how"]
        assert [f"O{item.officer_id}" for item in task.inspectors.all()] == row["inspectors"]
        assert [item.is_lead for item in task.inspectors.all()] == [True, False]


def test_the_secret_is_nowhere_before_the_draw(city):
    draw = city.freeze()
    events = AuditEvent.objects.filter(verb="inspection.pool_frozen")
    assert draw.record is None and bytes(draw.sealed_secret)
    assert events.get().data["commitment"] == draw.commitment
    assert "secret" not in json.dumps(events.get().data) + json.dumps(draw.pool) + json.dumps(draw.signature)


def test_two_pools_of_the_same_firms_have_different_secrets(city):
    first, second = city.freeze(), city.freeze(title="第二批抽取")
    assert first.pool_hash == second.pool_hash and first.commitment != second.commitment


def test_the_steps_of_a_draw_are_audited_in_order(drawn):
    verbs = AuditEvent.objects.filter(subject_id=str(drawn.pk), subject_type="inspection.draw")
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "inspection.pool_frozen",
        "inspection.seed_entered",
        "inspection.drawn",
    ]


def test_a_draw_is_never_repeated_in_place(drawn, city):
    before = (drawn.record_digest, InspectionTask.objects.count())
    for again in (
        lambda: services.run_draw(actor=city.dispatcher, draw=drawn),
        lambda: city.seed(drawn),
    ):
        with pytest.raises(Refusal, match="never repeated"):
            again()
    drawn.refresh_from_db()
    assert (drawn.record_digest, InspectionTask.objects.count()) == before


def test_there_is_no_draw_before_the_public_seed(city):
    with pytest.raises(Refusal):
        services.run_draw(actor=city.dispatcher, draw=city.freeze())


def test_the_database_refuses_a_drawn_state_without_its_record(city):
    draw = city.freeze()
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(state=DrawState.DRAWN)


def test_who_froze_the_pool_does_not_enter_the_seed(city):
    draw = city.freeze()
    with pytest.raises(Forbidden):
        city.seed(draw, actor=city.dispatcher)
    draw.refresh_from_db()
    assert draw.state == DrawState.FROZEN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"public_seed": " "}, "public_seed"),
        ({"seed_source": ""}, "public_seed"),
        ({"witnesses": ["", " "]}, "witnesses"),
        ({"seed_published_at": "2026-03-02T10:00:00+08:00"}, "seed_published_at"),
        ({"seed_published_at": "2026-03-02T09:59:59+08:00"}, "seed_published_at"),
        ({"seed_published_at": "2026-03-02T15:00:01+08:00"}, "seed_published_at"),
    ],
)
def test_a_seed_known_before_the_freezing_or_not_yet_or_without_witness_is_refused(
    city, english, changes, field
):
    draw = city.freeze()
    english.move_to("2026-03-02 15:00:00+08:00", tick=False)
    if "seed_published_at" in changes:
        changes = {"seed_published_at": dt.datetime.fromisoformat(changes["seed_published_at"])}
    with pytest.raises(Refusal) as refused:
        city.seed(draw, **changes)
    assert refused.value.field == field


def test_a_pool_altered_after_freezing_is_not_drawn_from(city, english):
    draw = city.freeze()
    english.move_to("2026-03-02 16:00:00+08:00", tick=False)
    draw = city.seed(draw)
    draw.pool["objects"][0]["weight"] = 1
    Draw.objects.filter(pk=draw.pk).update(pool=draw.pool)
    with pytest.raises(Refusal, match="altered"):
        services.run_draw(actor=city.dispatcher, draw=draw)
    assert not InspectionTask.objects.exists()


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.CASE_OFFICER, Role.AUTHORITY_HEAD, Role.DISCIPLINE, Role.SYSTEM_ADMIN]
)
def test_only_the_coordinating_office_plans_freezes_seeds_and_draws(city, role):
    user = person(role, at=city.authority)
    draw = city.freeze()
    for act in (
        lambda: city.make_plan(actor=user, title="另一计划"),
        lambda: city.freeze(actor=user),
        lambda: city.seed(draw, actor=user),
        lambda: services.run_draw(actor=user, draw=draw),
        lambda: services.withdraw_draw(actor=user, draw=draw, reason="recusal", note="x"),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": 2028}, "year"),
        ({"title": ""}, "title"),
        ({"ratio": 0}, "ratio"),
        ({"ratio": 101}, "ratio"),
        ({"frequency_cap": 0}, "frequency_cap"),
        ({"items": " "}, "items"),
        ({"departments": []}, "departments"),
        ({}, "title"),
    ],
)
def test_an_incomplete_or_second_plan_is_refused_with_its_field(city, changes, field):
    with pytest.raises(Refusal) as refused:
        city.make_plan(**changes)
    assert refused.value.field == field
    assert AnnualPlan.objects.count() == 1


def test_there_is_no_draw_under_a_plan_that_is_not_published(city):
    with pytest.raises(Refusal, match="not published"):
        city.freeze(plan=city.make_plan(title="未公布的计划"))


def test_a_plan_is_published_once_with_its_address(city):
    plan = city.make_plan(title="代理机构检查")
    with pytest.raises(Refusal) as refused:
        services.publish_plan(actor=city.head, plan=plan, url="市政府网站")
    assert refused.value.field == "url"
    services.publish_plan(actor=city.head, plan=plan, url="https://example.suizhou.gov.cn/p")
    with pytest.raises(Refusal):
        services.publish_plan(actor=city.head, plan=plan, url="https://example.suizhou.gov.cn/p")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"object_kind": "expert"}, "object_kind"),
        ({"region_code": "随州"}, "region_code"),
        ({"sector": "water"}, "object_kind"),
        ({"places": 13}, "places"),
        ({"random_share": 49}, "random_share"),
        ({"inspectors_per_object": 1}, "inspectors_per_object"),
        ({"inspectors_per_object": 6}, "authority"),
    ],
)
def test_conditions_that_make_no_draw_are_refused_with_their_field(city, changes, field):
    with pytest.raises(Refusal) as refused:
        city.freeze(**changes)
    assert refused.value.field == field
    assert not Draw.objects.exists()


def test_the_coordinating_office_does_not_inspect(city):
    """国办发〔2024〕54号: 议事协调机构 must not inspect enterprises."""
    city.plan.departments.add(coordinating_office())
    with pytest.raises(Refusal) as refused:
        city.freeze(authority=coordinating_office())
    assert refused.value.field == "authority"


def test_an_authority_outside_the_plan_does_not_inspect_under_it(city):
    water = department("water", name="随州市水利和湖泊局", sector="water")
    with pytest.raises(Refusal, match="not among the departments"):
        city.freeze(authority=water)


def test_officers_who_may_not_act_are_left_out_with_the_reason_in_chinese(city):
    away = city.inspectors[0]
    Leave.objects.create(
        officer=away,
        starts_on=dt.date(2026, 3, 1),
        ends_on=dt.date(2026, 3, 5),
        reason="休假",
        recorded_by=away.user,
    )
    draw = city.freeze()
    assert f"O{away.pk}" not in {row["id"] for row in draw.pool["inspectors"]}
    [left_out] = draw.pool["exclusions"]
    assert left_out["id"] == f"O{away.pk}" and "请假" in left_out["reason"]


def test_a_recusal_keeps_the_inspector_from_that_object_only(city, english):
    firm, related = city.firms[0], city.inspectors[0]
    RecusalDeclaration.objects.create(
        officer=related,
        party_name=firm.name,
        relation="relative",
        valid_from=dt.date(2026, 1, 1),
        declared_by=related.user,
    )
    draw = city.freeze(places=12)
    english.move_to("2026-03-02 16:00:00+08:00", tick=False)
    services.run_draw(actor=city.head, draw=city.seed(draw))
    task = InspectionTask.objects.get(party=firm)
    assert related.pk not in {item.officer_id for item in task.inspectors.all()}
    assert InspectionTask.objects.filter(inspectors__officer=related).exists()


def test_an_object_at_its_yearly_cap_is_left_out_of_the_next_pool(drawn, city):
    done = set(InspectionTask.objects.values_list("party", flat=True))
    again = city.freeze(title="第二批抽取")
    assert {row["id"] for row in again.pool["objects"]} == {
        f"P{f.pk}" for f in city.firms if f.pk not in done
    }
    assert {row["id"] for row in again.pool["exclusions"]} == {f"P{pk}" for pk in done}
    assert "达到年度频次上限1次" in again.pool["exclusions"][0]["reason"]


def test_a_withdrawn_draw_keeps_its_record_and_frees_its_objects(drawn, city):
    digest = drawn.record_digest
    with pytest.raises(Refusal, match="withdrawn"):
        city.freeze(replaces=drawn)
    withdrawn = services.withdraw_draw(
        actor=city.head, draw=drawn, reason="dissolved", note="两家企业已注销，名单应剔除"
    )
    assert withdrawn.record_digest == digest and withdrawn.tasks.count() == 4
    with pytest.raises(Refusal, match="already withdrawn"):
        services.withdraw_draw(actor=city.head, draw=drawn, reason="dissolved", note="x")
    replacing = city.freeze(title="第一批重抽", replaces=withdrawn)
    assert len(replacing.pool["objects"]) == 12 and replacing.number == 2
    with pytest.raises(Refusal, match="withdrawn"):
        services.take_step(actor=city.dispatcher, task=withdrawn.tasks.first(), event="submit_for_approval")


def test_the_dispatcher_does_not_withdraw_and_a_reason_is_needed(drawn, city):
    with pytest.raises(Forbidden):
        services.withdraw_draw(actor=city.dispatcher, draw=drawn, reason="dissolved", note="注销")
    for reason, note, field in (("no_luck", "重抽", "reason"), ("dissolved", " ", "note")):
        with pytest.raises(Refusal) as refused:
            services.withdraw_draw(actor=city.head, draw=drawn, reason=reason, note=note)
        assert refused.value.field == field


def walk_to(task, city, state):
    """Take an inspection to a state by its own people."""
    lead = task.inspectors.get(is_lead=True).officer.user
    path = {
        TaskState.DRAWN: (city.dispatcher, "submit_for_approval"),
        TaskState.APPROVAL: (city.chief, "approve"),
        TaskState.NOTICE: (lead, "give_notice"),
        TaskState.VISIT: (lead, "finish_visit"),
        TaskState.FINDING: (lead, "find_nothing"),
        TaskState.NOTHING: (lead, "give_result"),
    }
    while task.state != state:
        actor, event = path[task.state]
        services.take_step(actor=actor, task=task, event=event)
    return lead


def test_an_inspection_is_carried_through_to_its_publication(drawn, city):
    task = drawn.tasks.first()
    walk_to(task, city, TaskState.PUBLISHED)
    task.refresh_from_db()
    assert task.state == TaskState.PUBLISHED and task.is_finished


def test_only_the_head_of_its_own_authority_approves(drawn, city):
    task = drawn.tasks.first()
    services.take_step(actor=city.dispatcher, task=task, event="submit_for_approval")
    water = department("water", name="随州市水利和湖泊局", sector="water")
    for stranger in (
        person(Role.AUTHORITY_HEAD, at=water),
        person(Role.CASE_OFFICER, at=city.authority),
        city.head,
    ):
        with pytest.raises(Forbidden):
            services.take_step(actor=stranger, task=task, event="approve")
    assert task.state == TaskState.APPROVAL


def test_only_the_inspectors_of_the_task_act_on_it(drawn, city):
    task = drawn.tasks.first()
    walk_to(task, city, TaskState.NOTICE)
    own = {item.officer_id for item in task.inspectors.all()}
    colleague = next(officer for officer in city.inspectors if officer.pk not in own)
    with pytest.raises(Forbidden, match="inspectors of this task"):
        services.take_step(actor=colleague.user, task=task, event="give_notice")


def test_an_inspector_who_is_on_leave_that_day_stops_the_visit(drawn, city):
    """行政处罚法 第四十二条、第五十五条: two officers."""
    task = drawn.tasks.first()
    lead = walk_to(task, city, TaskState.VISIT)
    member = task.inspectors.get(is_lead=False).officer
    Leave.objects.create(
        officer=member,
        starts_on=dt.date(2026, 3, 1),
        ends_on=dt.date(2026, 3, 5),
        reason="休假",
        recorded_by=member.user,
    )
    with pytest.raises(Refusal, match=member.name) as refused:
        services.take_step(actor=lead, task=task, event="finish_visit")
    assert refused.value.field == "officers" and task.state == TaskState.VISIT


def test_a_step_out_of_turn_is_refused(drawn, city):
    task = drawn.tasks.first()
    with pytest.raises(Refusal):
        services.take_step(actor=city.chief, task=task, event="approve")
    assert task.state == TaskState.DRAWN


def test_an_inspection_above_the_cap_is_not_approved(drawn, city):
    task = drawn.tasks.first()
    second = city.freeze(title="第二批抽取")
    InspectionTask.objects.create(
        draw=second, position=1, how="random", party=task.party, authority=city.authority, year=2026
    )
    services.take_step(actor=city.dispatcher, task=task, event="submit_for_approval")
    with pytest.raises(Refusal, match="already has 2 inspections"):
        services.take_step(actor=city.chief, task=task, event="approve")


def test_a_draw_whose_inspections_have_begun_is_carried_through(drawn, city):
    walk_to(drawn.tasks.first(), city, TaskState.VISIT)
    with pytest.raises(Refusal, match="have begun"):
        services.withdraw_draw(actor=city.head, draw=drawn, reason="force_majeure", note="暴雪")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({}, 1000),
        ({"grade": "A"}, 500),
        ({"grade": "B"}, 1000),
        ({"grade": "C"}, 2000),
        ({"grade": "D"}, 4000),
        ({"open_complaints": 2}, 1400),
        ({"red_alerts": 3}, 1900),
        ({"grade": "A", "open_complaints": 1, "red_alerts": 1}, 750),
        ({"grade": "D", "open_complaints": 5, "red_alerts": 10}, 20000),
    ],
)
def test_a_weight_follows_grade_complaints_and_alerts_and_says_so(given, value):
    """REFERENCE H.2, 2."""
    weight = weigh(**given)
    assert weight.value == value and f"={value / 1000:g}" in weight.explanation


@pytest.mark.parametrize("given", [{"grade": "E"}, {"open_complaints": -1}, {"red_alerts": -1}])
def test_a_weight_of_nonsense_is_refused(given):
    with pytest.raises(ValueError, match=r"grade|counts"):
        weigh(**given)


def alert_on(party, day, **changes):
    lot = Lot.objects.get(awards__supplier=party)
    n = Alert.objects.count()
    values = {
        "rule_id": f"WJ-{n:02}", "rule_version": 1, "rule_title": "投标准备期不足", "node": "N05", "severity": "红",
        "rank": 1, "subject_kind": "lot", "subject_id": str(lot.pk), "subject_label": lot.name, "project": lot.project,
        "lot": lot, "raised_at": timezone.make_aware(dt.datetime.combine(day, dt.time(9))),
    }  # fmt: skip
    return Alert.objects.create(**(values | changes))


@pytest.mark.parametrize(
    ("day", "counts"),
    [(dt.date(2025, 3, 1), False), (dt.date(2025, 3, 2), True), (dt.date(2026, 3, 2), True), (dt.date(2026, 3, 3), False)],
)  # fmt: skip
def test_red_alerts_count_for_twelve_months(day, counts):
    firm = winner(1)
    alert_on(firm, day)
    assert red_alerts_of([firm.pk], on=dt.date(2026, 3, 2)) == ({firm.pk: 1} if counts else {})


def test_only_red_alerts_that_were_not_excluded_weigh(city):
    firm, other = city.firms[:2]
    alert_on(firm, dt.date(2026, 2, 1))
    alert_on(firm, dt.date(2026, 2, 2))
    alert_on(firm, dt.date(2026, 2, 3), severity="橙")
    alert_on(other, dt.date(2026, 2, 3), state="已排除")
    rows = {row["id"]: row for row in city.freeze().pool["objects"]}
    assert rows[f"P{firm.pk}"]["weight"] == 800 and "红色预警2条" in rows[f"P{firm.pk}"]["why"]
    assert rows[f"P{other.pk}"]["weight"] == 500


def test_points_and_open_complaints_weigh(city):
    firm, other = city.firms[:2]
    weights = weights_of([firm.pk, other.pk], on=dt.date(2026, 3, 2))
    assert weights[firm.pk].value == weights[other.pk].value == 500
    for facts in ("中标人申报的类似业绩与备案合同不符。", "中标项目负责人的资格证书系伪造取得。"):
        intake.complaint(facts=facts, knew_on=dt.date(2026, 2, 24))
    Complaint.objects.update(respondent=firm)
    weights = weights_of([firm.pk, other.pk], on=dt.date(2026, 3, 2))
    assert (weights[firm.pk].value, weights[other.pk].value) == (700, 500)
    assert "未结投诉2件" in weights[firm.pk].explanation and "等级A" in weights[firm.pk].explanation


def test_what_an_inspection_found_becomes_a_lead_once(drawn, city):
    task = drawn.tasks.first()
    lead_inspector = walk_to(task, city, TaskState.FINDING)
    with pytest.raises(Refusal):
        services.take_step(actor=lead_inspector, task=task, event="refer_to_lead")
    assert not Lead.objects.exists()
    note = "项目负责人长期不在岗，劳务费由他人支付。"
    services.take_step(actor=lead_inspector, task=task, event="refer_to_lead", note=note)
    [lead] = Lead.objects.all()
    assert (lead.source, lead.party, lead.facts, lead.sector) == ("inspection", task.party, note, "housing")
    assert lead.origin == task and task.is_finished


def test_a_county_pool_holds_only_winners_of_that_county(city):
    elsewhere = winner(99, region="421381")
    ids = {row["id"] for row in city.freeze(region_code="421303").pool["objects"]}
    assert f"P{elsewhere.pk}" not in ids and len(ids) == 12
    assert f"P{elsewhere.pk}" in {row["id"] for row in city.freeze(title="全市").pool["objects"]}


def test_who_sees_plans_draws_and_inspections(drawn, city):
    draft = city.make_plan(title="草案")
    frozen = city.freeze(title="第二批抽取")
    water = department("water", name="随州市水利和湖泊局", sector="water")
    stranger = person(Role.LIAISON, at=water)
    member = person(Role.LIAISON, at=city.authority)
    administrator = person(Role.SYSTEM_ADMIN)
    assert set(AnnualPlan.objects.visible_to(stranger)) == {city.plan}
    assert set(AnnualPlan.objects.visible_to(member)) == {city.plan, draft}
    assert set(Draw.objects.visible_to(stranger)) == {drawn}
    assert set(Draw.objects.visible_to(member)) == {drawn, frozen}
    assert InspectionTask.objects.visible_to(member).count() == 4
    assert not InspectionTask.objects.visible_to(stranger).exists()
    for model in (AnnualPlan, Draw, InspectionTask):
        assert not model.objects.visible_to(administrator).exists()
        assert model.objects.visible_to(person(Role.DISCIPLINE)).exists()


def test_each_step_is_a_duty_of_the_person_who_must_take_it(drawn, city):
    assert len(list(inspection_duties(city.dispatcher))) == 4
    assert not list(inspection_duties(city.chief))
    task = drawn.tasks.first()
    services.take_step(actor=city.dispatcher, task=task, event="submit_for_approval")
    assert [duty.url for duty in inspection_duties(city.chief)] == [task.get_absolute_url()]
    lead = walk_to(task, city, TaskState.NOTICE)
    assert [duty.url for duty in inspection_duties(lead)] == [task.get_absolute_url()]
    assert not list(inspection_duties(city.chief))
