"""One consultation with opinions, conclusion and signed minutes, and one that is proposed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from wulian.demo.scenes.base import Scene
from wulian.office.consultations.choices import Conclusion, ConsultationType, Outcome, Position
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import (
    add_task,
    approve_consultation,
    conclude_consultation,
    confirm_recusals,
    draft_minutes,
    give_opinion,
    give_receipt,
    propose_consultation,
    send_materials,
    sign_minutes,
)

DAYS = 2


def prepare(scene: Scene) -> None:
    """The authority of the first case proposes, the director approves for two working days later."""
    case = scene.cases.get("bond")
    authority = case.authority if case else scene.department("housing")
    others = [
        item for item in (scene.department("authority"), scene.department("finance")) if item != authority
    ]
    consultation = propose_consultation(
        actor=scene.cast.of(authority, "section"),
        type=ConsultationType.CASE,
        title="关于投标保证金出自同一账户案件的证据采信和裁量",
        facts="两家投标人的投标保证金由同一账户支付，当事人称系财务代办。承办机构拟认定属于视为串通投标的情形。",
        departments=[authority, *others],
        observers=[scene.department("discipline")],
        subject=case,
        disputes="代办代缴能否排除视为串通的认定；是否属于从轻情形。",
        law="《中华人民共和国招标投标法实施条例》第四十条、第六十七条；《中华人民共和国行政处罚法》第三十二条。",
        parties=[case.party.name] if case and case.party else [],
    )  # fmt: skip
    held = scene.line.calendar.nth_working_day_after(scene.today(), DAYS)
    approve_consultation(
        actor=scene.cast["director"],
        consultation=consultation,
        host=scene.cast["director"],
        recorder=scene.cast["dispatcher"],
        place="市监管办三楼会议室",
        held_at=timezone.make_aware(dt.datetime.combine(held, dt.time(9))),
    )
    send_materials(actor=scene.cast["dispatcher"], consultation=consultation)


def hold(scene: Scene) -> None:
    """Recusals checked, opinions given, concluded, minutes drafted and signed."""
    consultation = Consultation.objects.order_by("pk").first()
    if consultation is None:
        return
    director, dispatcher = scene.cast["director"], scene.cast["dispatcher"]
    confirm_recusals(actor=director, consultation=consultation, note="各成员单位均无需回避的情形。")
    for number, member in enumerate(
        consultation.members.filter(is_observer=False).select_related("department")
    ):
        department = member.department
        speaker = scene.cast["finance"] if department.code == "finance" else scene.cast.of(department, "head")
        give_opinion(
            actor=speaker,
            consultation=consultation,
            position=Position.RESERVES if number == 2 else Position.AGREES,
            opinion=_OPINIONS[number % len(_OPINIONS)],
        )  # fmt: skip
    conclude_consultation(
        actor=director,
        consultation=consultation,
        kind=Conclusion.MAJORITY,
        conclusion="建议认定属于视为串通投标的情形；当事人主动整改、初次违法，可在法定幅度内从轻。会商意见供执法主体参考，由其负责人依法决定。",
        dissent="财政部门对代办行为的性质持保留意见，建议补充核实付款人与投标人的关系。",
    )
    add_task(
        actor=dispatcher,
        consultation=consultation,
        department=consultation.members.filter(is_observer=False).order_by("pk")[0].department,
        content="补充核实付款账户开户人与投标人的关系，依法作出决定。",
        due=scene.today() + dt.timedelta(days=14),
    )
    draft_minutes(actor=dispatcher, consultation=consultation)
    sign_minutes(actor=director, consultation=consultation)


def report_back(scene: Scene) -> None:
    """The authority says what came of its task."""
    consultation = Consultation.objects.order_by("pk").first()
    task = consultation.tasks.select_related("department").first() if consultation else None
    if task is not None:
        give_receipt(
            actor=scene.cast.of(task.department, "section"),
            task=task,
            outcome=Outcome.ADOPTED,
            receipt="已调取开户资料补充核实，采纳会商意见，已依法作出处罚决定。",
        )


def propose_next(scene: Scene) -> None:
    """The land authority proposes a meeting about a question the jurisdiction list leaves open."""
    propose_consultation(
        actor=scene.cast["land-section"],
        type=ConsultationType.REGULAR,
        title="关于水土保持项目施工许可监管职责划分",
        facts="水土保持、土地整治项目的施工许可由谁监管，事权清单未列明，两局意见不一。",
        departments=[scene.department("land"), scene.department("water"), scene.department("authority")],
        observers=[scene.department("reform")],
        disputes="职责划分以行业还是以资金来源为准。",
        law="《中华人民共和国建筑法》第七条。",
    )


_OPINIONS = (
    "同意承办机构意见，银行回单和账户资料能够相互印证。",
    "同意。建议决定书中写明对代办情节的考虑。",
    "对代办行为的性质持保留意见，建议补充核实付款人与投标人的关系。",
)
