"""Believable complaints and tip-offs of Suizhou."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

from wulian.casework.intake.services import (
    MatterContent,
    ReporterDetails,
    dispatch_matter,
    receive_complaint,
    receive_tip_off,
    register_matter,
)
from wulian.casework.intake.services.registering import Classification
from wulian.information.registry.models import Lot, Notice, Party, Project, Tender
from wulian.information.registry.services.search import index_dossiers
from wulian.office.consultations import services as consultations

BEIJING = ZoneInfo("Asia/Shanghai")
RECEIVED = datetime(2026, 9, 29, 10, 30, tzinfo=BEIJING)
NAME, PHONE, ADDRESS = "欧阳听雨", "13986412075", "随州市曾都区汉东路77号3单元"
RESPONDENT = "湖北楚源建设工程有限公司"
_numbers = count(1)


def project(*, name="曾都区府河南岸道路改造工程", sector="housing", region="421303", is_secret=False):
    """A dossier with one published notice, found by the public search."""
    n = next(_numbers)
    found = Project.objects.create(
        source_system="test",
        source_key=f"P{n}",
        project_code=f"2609-421303-04-01-{n:06}",
        name=name,
        sector=sector,
        region_code=region,
        stage="N07",
    )
    tender = Tender.objects.create(
        project=found, source_key="T", name=f"{name}施工招标", mode="open", is_secret=is_secret
    )
    lot = Lot.objects.create(project=found, tender=tender, source_key="L", name=f"{name}一标段")
    Notice.objects.create(
        project=found,
        lot=lot,
        source_key="N",
        kind="tender",
        title=f"{name}招标公告",
        published_at=datetime(2026, 9, 1, 9, tzinfo=BEIJING),
    )
    index_dossiers([found.pk])
    return found


def party(name=RESPONDENT, uscc="91421300MA48XK3P1X"):
    return Party.objects.create(source_key=uscc, name=name, uscc=uscc, kind="enterprise")


def reporter(**changes):
    values = {"kind": "person", "name": NAME, "phone": PHONE, "address": ADDRESS}
    return ReporterDetails(**{**values, **changes})


def content(**changes):
    values = {
        "topic": "collusion",
        "relation": "bidder",
        "project_text": "府河南岸道路改造工程",
        "respondent_name": RESPONDENT,
        "facts": "开标时三家投标文件由同一台电脑编制，报价呈规律性差异，错误之处完全相同。",
        "request": "请依法查处串通投标行为，认定中标无效。",
        "evidence": "开标记录照片三张，投标报价对比表一份。",
        "knew_on": date(2026, 9, 24),
    }
    return MatterContent(**{**values, **changes})


def complaint(**changes):
    """A complaint that came in online, in C01."""
    given = {"actor": None, "content": content(**changes), "reporter": reporter()}
    return receive_complaint(**given).matter


def tip_off(*, who=None, **changes):
    """A tip-off that came in online, anonymous without `who`."""
    changes = {"knew_on": None, "relation": "insider", **changes}
    return receive_tip_off(actor=None, content=content(**changes), reporter=who).matter


def registered(matter, clerk, **changes):
    """The matter after the clerk, in C02 or L02."""
    values = {"topic": matter.topic, "sector": "housing", "region_code": "421300", "project": matter.project}
    return register_matter(actor=clerk, matter=matter, classification=Classification(**{**values, **changes}))


def dispatched(matter, clerk, dispatcher, **changes):
    """The matter at the competent authority, in C03 or L05."""
    return dispatch_matter(actor=dispatcher, matter=registered(matter, clerk, **changes))


def held(people, consultation, *, speakers):
    """Hold a consultation; each of `speakers` gives the opinion of the own department."""
    given = {"actor": people.office_head, "consultation": consultation}
    consultations.approve_consultation(
        **given,
        host=people.office_head,
        recorder=people.dispatcher,
        place="市政务服务中心三楼会议室",
        held_at=timezone.now() + timedelta(hours=4),
    )
    consultations.send_materials(**given)
    consultations.confirm_recusals(**given)
    for user in speakers:
        consultations.give_opinion(
            actor=user, consultation=consultation, position="agrees", opinion="同意会商意见。"
        )


def minutes(people, consultation, *, competent=None):
    """Conclude a consultation that was held, and sign its minutes."""
    given = {"actor": people.office_head, "consultation": consultation}
    consultations.conclude_consultation(
        **given, kind="一致", conclusion="各部门意见一致。", competent=competent
    )
    consultations.add_task(
        **given, department=people.housing, content="依法办理", due=timezone.localdate() + timedelta(days=7)
    )
    consultations.draft_minutes(**given)
    return consultations.sign_minutes(**given)
