"""Consultations of Suizhou's departments for tests."""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.office.consultations import services
from wulian.office.consultations.models import Consultation

CITY = {
    "szjgb": ("随州市公共资源交易综合监管办公室", DepartmentKind.COORDINATING_OFFICE, "随公监办"),
    "szzjj": ("随州市住房和城市更新局", DepartmentKind.AUTHORITY, "随住更"),
    "szslj": ("随州市水利和湖泊局", DepartmentKind.AUTHORITY, "随水"),
    "szczj": ("随州市财政局", DepartmentKind.SUPPORT, "随财"),
    "szjw": ("随州市纪委监委", DepartmentKind.OVERSIGHT, "随纪"),
}


def department(code: str) -> Department:
    name, kind, prefix = CITY[code]
    found, _created = Department.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind, "document_prefix": prefix}
    )
    return found


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"huishang{n}")
    full_name = factory.Iterator(["刘志远", "何静", "陈丽", "周河", "赵敏", "孙立新", "吴桂芳"])

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role, valid_from=dt.date(2020, 1, 1))


def person(code: str, *roles: Role) -> User:
    """Somebody of a department with roles."""
    return UserFactory(department=department(code), roles=roles)


class Meeting:
    """A consultation on its way, with the people it needs."""

    def __init__(self) -> None:
        self.head = person("szjgb", Role.OFFICE_HEAD)
        self.dispatcher = person("szjgb", Role.DISPATCHER)
        self.housing = person("szzjj", Role.LIAISON)
        self.water = person("szslj", Role.SECTION_HEAD)
        self.observer = person("szjw", Role.LIAISON)
        self.item = self.propose()

    def propose(self, **changes) -> Consultation:
        values = {
            "actor": self.housing,
            "type": "case",
            "title": "曾都区防洪工程附属道路项目监管职责划分",
            "facts": "项目含防洪堤和附属道路两个标段。\n住更局与水利局均收到投诉材料。",
            "departments": [department("szzjj"), department("szslj")],
            "observers": [department("szjw")],
            "law": "《招标投标法实施条例》第四条",
            "materials": "投诉材料摘要（已隐去投诉人信息）",
            "parties": ["随州市汉东水利建设有限公司"],
        }
        return services.propose_consultation(**(values | changes))

    def approve(self) -> None:
        services.approve_consultation(
            actor=self.head,
            consultation=self.item,
            host=self.head,
            recorder=self.dispatcher,
            place="市政务服务中心三楼会议室",
            held_at=timezone.now() + dt.timedelta(days=3),
        )

    def hold(self) -> None:
        self.approve()
        services.send_materials(actor=self.dispatcher, consultation=self.item)
        services.confirm_recusals(actor=self.head, consultation=self.item)

    def speak(self, housing: str = "agrees", water: str = "agrees") -> None:
        services.give_opinion(
            actor=self.housing, consultation=self.item, position=housing, opinion="道路标段由我局监管。"
        )
        services.give_opinion(
            actor=self.water, consultation=self.item, position=water, opinion="堤防标段由我局监管。"
        )

    def conclude(self, **changes) -> None:
        values = {
            "kind": "一致",
            "conclusion": "堤防标段由市水利和湖泊局监管，道路标段由市住房和城市更新局监管。",
        }
        services.conclude_consultation(actor=self.head, consultation=self.item, **(values | changes))

    def add_task(self, **changes):
        values = {
            "department": department("szslj"),
            "content": "十日内对堤防标段投诉作出是否受理决定",
            "due": timezone.localdate() + dt.timedelta(days=10),
        } | changes
        return services.add_task(actor=self.dispatcher, consultation=self.item, **values)

    def sign(self):
        task = self.add_task()
        services.draft_minutes(actor=self.dispatcher, consultation=self.item)
        document = services.sign_minutes(actor=self.head, consultation=self.item)
        return task, document
