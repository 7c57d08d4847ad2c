"""What the window and the dispatcher do with tip-offs, and the objections the supervisors watch."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import LinkKind, NotCheckedGround, Relation, ReporterKind, Topic
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.services import (
    MatterContent,
    ReporterDetails,
    archive_unchecked,
    decline_check,
    guide_to_complaint,
    link_matters,
    open_complaint,
    receive_tip_off,
    register_matter,
    remind_of_clocks,
)
from wulian.casework.intake.services.registering import Classification
from wulian.casework.objections.services import follow_objections
from wulian.demo.scenes.base import Act, Scene
from wulian.demo.scenes.complaints import projects
from wulian.information.registry.models import Project

SAME_LETTER = (
    "同一家公司的项目经理同时在三个工地签到，中标后一直没有到岗，现场由分包队伍自行管理，监理单位也没有制止，"
    "建设单位多次收到反映都没有处理。"
)


def refuse_without_facts(scene: Scene) -> None:
    """Two letters without a name: one says nothing that could be checked, the other comes twice."""
    project = projects("water").first()
    if project is None:
        return
    first = _register(
        scene, project, "听说这个项目的招标有问题，你们应该去查一查，具体情况我也不清楚。", Topic.OTHER
    )
    decline_check(
        actor=scene.cast["dispatcher"],
        tip_off=first,
        ground=NotCheckedGround.NO_FACT,
        reason="来件没有可供核查的具体事实，也没有可以查证的线索。",
    )
    archive_unchecked(actor=scene.cast["director"], tip_off=first, note="同意存档。")


def receive_the_same_twice(scene: Scene) -> None:
    """The same letter a second time: the window links it, the dispatcher proposes not to check it again."""
    project = projects("transport").first()
    if project is None:
        return
    earlier = _register(scene, project, SAME_LETTER, Topic.PERFORMANCE)
    again = _register(scene, project, SAME_LETTER.replace("多次收到反映", "收到反映"), Topic.PERFORMANCE)
    link_matters(
        actor=scene.cast["window"],
        matter=again,
        other=earlier,
        kind=LinkKind.REPEAT,
        reason="来信内容基本一致，系同一事项再次反映。",
    )
    decline_check(
        actor=scene.cast["dispatcher"],
        tip_off=again,
        ground=NotCheckedGround.REPEATED,
        reason=f"与{earlier.number}为同一事项，并案核查。",
    )


def guide_a_bidder(scene: Scene) -> None:
    """A bidder reported by name what a complaint could decide: guided, and completed at the window."""
    project = projects("land").first() or projects("housing").first()
    if project is None or project.owner is None:
        return
    reporter = ReporterDetails(
        kind=ReporterKind.UNIT, name="武汉恒达市政工程有限公司", phone="13500008642",
        address="湖北省武汉市江岸区解放大道2020号", representative="高志远",
    )  # fmt: skip
    facts = "招标公告要求投标人近三年在本市有两项同类工程业绩，并要求项目经理为本市户籍，明显排斥外地投标人。"
    matter = _register(scene, project, facts, Topic.INTERFERENCE, reporter=reporter, party=project.owner.name)
    guide_to_complaint(actor=scene.cast["dispatcher"], tip_off=matter)
    open_complaint(
        actor=scene.cast["window"],
        tip_off=matter,
        request="请求责令招标人修改招标公告，重新发布。",
        evidence="招标公告网页打印件一份。",
        knew_on=scene.today() - dt.timedelta(days=3),
    )


def watch_objections(scene: Scene) -> None:
    """Every objection of the dossiers gets its place; periods that run out are reminded of."""
    follow_objections()
    remind_of_clocks()


def _register(
    scene: Scene,
    project: Project,
    facts: str,
    topic: str,
    *,
    reporter: ReporterDetails | None = None,
    party: str = "",
) -> TipOff:
    content = MatterContent(
        topic=topic,
        relation=Relation.BIDDER if reporter else Relation.PUBLIC,
        project=project,
        respondent_name=party,
        facts=facts,
    )
    matter = receive_tip_off(actor=None, content=content, reporter=reporter).matter
    assert isinstance(matter, TipOff)
    register_matter(
        actor=scene.cast["window"],
        matter=matter,
        classification=Classification(
            topic=topic, sector=project.sector, region_code=project.region_code, project=project
        ),
    )
    return matter


ACTS = (
    Act(_("A tip-off without facts"), 10, 15, refuse_without_facts),
    Act(_("A tip-off is guided to a complaint"), 4, 10, guide_a_bidder),
    Act(_("The same letter twice"), 1, 15, receive_the_same_twice),
)
