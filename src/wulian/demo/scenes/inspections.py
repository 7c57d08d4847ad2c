"""The year's plan, one draw by commitment and public seed, and what came of the inspections so far."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from wulian.demo.scenes.base import Scene
from wulian.inspection.choices import ObjectKind
from wulian.inspection.models import AnnualPlan, Draw
from wulian.inspection.services import (
    create_plan,
    enter_seed,
    freeze_draw,
    publish_plan,
    run_draw,
    take_step,
)

PLACES = 4


def plan_the_year(scene: Scene) -> None:
    """The dispatcher drafts and publishes the plan."""
    codes = ("housing", "transport", "water", "land", "authority")
    plan = create_plan(
        actor=scene.cast["dispatcher"],
        year=scene.today().year,
        title="工程建设招标投标领域联合检查计划",
        ratio=Decimal("5"),
        frequency_cap=2,
        items="中标人项目负责人到岗履职情况\n合同订立与招标投标文件一致性\n转包、违法分包情况\n农民工工资专用账户和工资支付",
        departments=[scene.department(code) for code in codes],
        basis="《优化营商环境条例》第五十四条；《中华人民共和国招标投标法实施条例》第四条。",
    )
    publish_plan(actor=scene.cast["dispatcher"], plan=plan, url="https://www.suizhou.example/gongshi/jiancha")


def freeze(scene: Scene) -> None:
    """The pool of the city's housing works is frozen and committed to."""
    plan = AnnualPlan.objects.order_by("-pk").first()
    if plan is not None:
        freeze_draw(
            actor=scene.cast["dispatcher"],
            plan=plan,
            title="房屋建筑和市政工程施工单位联合检查",
            authority=scene.department("housing"),
            object_kind=ObjectKind.SUPPLIER,
            sector="housing",
            region_code="421300",
            places=PLACES,
        )


def draw(scene: Scene) -> None:
    """Another person enters the public seed; the draw is run and its inspections put before the head."""
    frozen = Draw.objects.order_by("-pk").first()
    if frozen is None:
        return
    dispatcher = scene.cast["dispatcher"]
    frozen = enter_seed(
        actor=scene.cast["director"],
        draw=frozen,
        public_seed="03 09 12 17 21 28 06",
        seed_source="当日公开发布的双色球开奖号码（演示）",
        seed_published_at=timezone.now(),
        witnesses=["郑国平（市纪委监委）", "杜文杰（市发改委）"],
    )
    run_draw(actor=dispatcher, draw=frozen)
    for task in frozen.tasks.order_by("position"):
        take_step(actor=dispatcher, task=task, event="submit_for_approval")


def visit(scene: Scene) -> None:
    """The head approves all but one; the first is found in order, the second has to correct something."""
    drawn = Draw.objects.order_by("-pk").first()
    if drawn is None:
        return
    tasks = list(drawn.tasks.order_by("position"))
    for task in tasks[:-1]:
        take_step(actor=scene.cast["housing-head"], task=task, event="approve")
    for task, found in zip(tasks, ("find_nothing", "order_correction"), strict=False):
        inspectors = task.inspectors.select_related("officer__user").order_by("-is_lead", "pk")
        inspector = scene.cast[inspectors[0].officer.user.username]
        take_step(actor=inspector, task=task, event="give_notice")
        take_step(actor=inspector, task=task, event="finish_visit")
        take_step(actor=inspector, task=task, event=found, note=_NOTES[found])


_NOTES = {
    "find_nothing": "",
    "order_correction": "现场公示的农民工维权信息告示牌缺少工资专用账户信息，责令五个工作日内整改。",
}
