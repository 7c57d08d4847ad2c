"""The city of `lists.py`: everything that its lists show, in believable numbers, entered in bulk.

Dossiers come through the import service and alerts from the rules; what people add afterwards is repeated in bulk. Every step
enters only what is missing, so that a kept city is filled up when a new list is added.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

ALERTS, CASES, COMPLAINTS, TIP_OFFS = 50_000, 10_000, 10_000, 5_000
FACTS = (
    "评标委员会对投标文件中明显的业绩造假未予核实，第一中标候选人所附竣工验收备案表编号与住建部门公示不一致，请求依法核查并重新评审。",
    "招标文件将本地纳税证明作为加分条件，排斥外地潜在投标人，与公平竞争的要求不符，请求责令修改招标文件。",
    "两家投标人的项目管理机构人员重复，投标保证金由同一账户转出，报价呈规律性差异，涉嫌串通投标。",
    "中标公示期内收到的异议至今未作答复，招标人已发出中标通知书，请求暂停招标投标活动并依法处理。",
    "中标后将主体结构交由他人施工，现场管理人员与投标文件所列人员不符，涉嫌违法转包。",
)


class Filling:
    """One run of the filling: the numbers wanted, and the people and departments that everything hangs from."""

    def __init__(self, scale: float) -> None:
        from django.utils import timezone

        from wulian.core.accounts.models import Department, User

        self.scale, self.now = scale, timezone.now()
        self.person, self.other = User.objects.get(username="bench"), User.objects.get(username="bench2")
        found = Department.objects.filter(kind="authority").order_by("-pk")
        self.departments = {item.sector: item for item in found}
        self.office = Department.objects.get(code="office")

    def missing(self, model: Any, wanted: int) -> range:
        """The numbers of the rows of ``model`` that are not there yet."""
        return range(model._default_manager.count(), int(wanted * self.scale))

    def projects(self, numbers: range) -> Iterator[tuple[int, Any, Any]]:
        """For each number a project with a lot and the lot, from the newest on."""
        from wulian.information.registry.models import Lot

        lots = Lot.objects.filter(ended_at=None).select_related("project").order_by("-pk")
        chosen = list(lots[: max(len(numbers), 1)])
        for number, lot in zip(numbers, cycle(chosen), strict=False):
            yield number, lot.project, lot

    def authority(self, sector: str) -> Any:
        return self.departments.get(sector) or self.departments["housing"]


def fill_dossiers(projects: int) -> None:
    """Enter ``projects`` dossiers through the import service."""
    from wulian.demo.city import city
    from wulian.information.registry.services.search import index_dossiers
    from wulian.information.registry.services.upsert import upsert_dossiers

    dossiers = city(projects=projects, until=date(2026, 11, 20), bidders=(9, 10, 11, 12, 13), scores=False)
    started, entered = time.perf_counter(), 0
    while chunk := list(islice(dossiers, 200)):
        outcomes = upsert_dossiers(dossiers=chunk, run=None, actor=None)
        index_dossiers([outcome.project_id for outcome in outcomes if outcome.project_id])
        entered += len(chunk)
        rate = entered / (time.perf_counter() - started)
        print(f"\r{entered} / {projects} ({rate:.0f} a second)", end="", flush=True)
    print()


def fill(scale: float) -> None:
    """Enter everything else for a city of ``scale`` × 20,000 projects."""
    city = Filling(scale)
    steps: tuple[Callable[[Filling], None], ...] = (
        fill_alerts, fill_cases, fill_matters, fill_clocks, fill_messages, fill_objections, fill_publications,
        fill_oversight, fill_papers, fill_comparisons, fill_credit, fill_officers, fill_inspections,
        fill_consultations, fill_supervision, fill_notices,
    )  # fmt: skip
    for step in steps:
        step(city)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut rows into lists of ``size``."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def copies(model: Any, rows: Iterable[Any]) -> None:
    """Enter rows, a thousand at a time."""
    for chunk in batched(rows, 1000):
        model._default_manager.bulk_create(chunk)


def fill_alerts(city: Filling) -> None:
    """Repeat what the rules found for other lots of the city until there are so many alerts."""
    from django.db.models import F

    from wulian.information.alerts.models import Alert
    from wulian.information.registry.models import Lot

    missing, models = city.missing(Alert, ALERTS), list(Alert.objects.order_by("pk").defer("evidence")[:2000])
    lots = Lot.objects.annotate(entity=F("tender__procuring_entity")).order_by("-pk")[: len(missing)]
    names = [field.attname for field in Alert._meta.fields if field.attname not in ("id", "evidence")]

    def rows() -> Iterator[Any]:
        for number, lot, model in zip(missing, cycle(list(lots)), cycle(models), strict=False):
            alert = Alert(**{name: getattr(model, name) for name in names}, evidence={})
            alert.subject_id, alert.subject_label = f"fill-{number}", f"{lot.name}"[:300]
            alert.project_id, alert.lot_id, alert.party_id = lot.project_id, lot.pk, lot.entity
            yield alert

    copies(Alert, rows())


def fill_cases(city: Filling) -> None:
    """Enter leads and cases of the city's projects, one each."""
    from wulian.casework.cases.models import Case, Lead
    from wulian.law.procedures import procedure

    missing = city.missing(Case, CASES)
    states = {name: list(procedure(name).states) for name in ("lead", "penalty")}
    owned = ((number, item) for number, item, _lot in city.projects(missing) if item.owner_id)
    leads = [
        Lead(
            lead_no=f"量〔2026〕{number}号", source="manual", title="涉嫌串通投标", facts=FACTS[2], project=project,
            party_id=project.owner_id, severity="红", authority=city.departments.get(project.sector),
            received_at=city.now - timedelta(hours=number), state=states["lead"][number % len(states["lead"])],
            created_by=city.person, state_since=city.now, sector=project.sector, region_code=project.region_code,
            violation_code="WF-07",
        )
        for number, project in owned
    ]  # fmt: skip
    copies(Lead, leads)
    cases = (
        Case(
            lead=lead, project_id=lead.project_id, authority=lead.authority or city.departments["housing"],
            party_id=lead.party_id, party_identifier="91421300", party_address="随州市", cause="串通投标", facts=FACTS[2],
            provisions="", penalty_basis="", conduct_date=date(2026, 1, 1), conduct_place="随州", sector=lead.sector,
            proposed_by=city.person, proposal_note="建议立案", filed_on=date(2026, 1 + number % 11, 1 + number % 28),
            region_code=lead.region_code, state_since=city.now, violation_code="WF-07",
            state=states["penalty"][number % len(states["penalty"])],
        )
        for number, lead in enumerate(leads)
    )  # fmt: skip
    copies(Case, cases)


def fill_matters(city: Filling) -> None:
    """Enter complaints and tip-offs: half of them finished, the others in every state, received over two years."""
    from wulian.casework.intake.choices import ReceivedVia, Topic
    from wulian.casework.intake.models import Complaint, Receipt, TipOff
    from wulian.force.officers.parties import plain_name
    from wulian.law.procedures import procedure

    for model, wanted, word, end in (
        (Complaint, COMPLAINTS, "投", "C90"), (TipOff, TIP_OFFS, "举", "L90"),
    ):  # fmt: skip
        table = procedure(model.procedure_code)
        open_states = [state for state in table.open_states if state != "C00"]
        first, matters = int(wanted * city.scale), []
        for number, project, lot in city.projects(city.missing(model, wanted)):
            finished = number % 2 == 1
            received = city.now - timedelta(hours=number * 1.7 if finished else number * 0.25)
            shared = {"year": received.year, "sequence": 100_000 + first - number, "received_at": received}
            receipt = Receipt(
                number=f"随招收〔{received.year}〕{word}{number}号", entered_at=received, alias=f"量{word}{number}",
                received_via=ReceivedVia.values[number % len(ReceivedVia.values)], digest=secrets.token_hex(32),
                is_anonymous=number % 3 == 0, code_hash=secrets.token_hex(32), submission_hash=secrets.token_hex(32),
                year=received.year, sequence=(200_000 if word == "投" else 300_000) + number, received_at=received,
                entered_by=city.person if number % 4 else None, key_id="0", signature="0",
            )  # fmt: skip
            state = end if finished else open_states[number // 2 % len(open_states)]
            early = state in ("C01", "C02", "L01", "L02")
            matters.append(
                model(
                    receipt=receipt, number=f"随{word}〔{received.year}〕{number}号", topic=Topic.values[number % len(Topic.values)],
                    project=project, lot=lot, sector=project.sector, region_code=project.region_code, state=state,
                    respondent_name=f"湖北{lot.name[:4]}建设有限公司", respondent_key=plain_name(f"湖北{lot.name[:4]}建设有限公司"),
                    facts=f"{project.name}：{FACTS[number % len(FACTS)]}", state_since=received, **shared,
                    authority=None if early else city.authority(project.sector),
                    registered_by=None if state in ("C01", "L01") else city.person,
                )
            )  # fmt: skip
        copies(Receipt, [matter.receipt for matter in matters])
        copies(model, matters)


def fill_clocks(city: Filling) -> None:
    """Start the clocks of what was entered: alerts, complaints, tip-offs, leads and cases that are not finished."""
    from wulian.casework.cases.models import Case, Lead
    from wulian.casework.intake.models import Complaint, TipOff
    from wulian.casework.intake.services.clocks import ADMISSION, BASIS, DECISION, STEP
    from wulian.information.alerts.models import Alert

    for model, kinds in (
        (Complaint, ((ADMISSION, "决定是否受理", 3), (DECISION, "作出处理决定", 30))),
        (TipOff, ((STEP, "核查", 15),)),
        (Lead, (("lead.step", "核查", 15),)),
        (Case, (("PC-03", "作出处罚决定", 90),)),
        (Alert, (("alert.opinion", "提出研判意见", 5),)),
    ):
        start_clocks_of(model, kinds, BASIS, city)


def start_clocks_of(model: Any, kinds: Any, basis: str, city: Filling) -> None:
    """Start these periods for the open rows of a model that have no clock; of a matter past its first days only the last."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from wulian.core.clocks.models import Clock
    from wulian.core.clocks.services import Start, start_clocks
    from wulian.law.periods import Unit

    known = Clock.objects.filter(content_type=ContentType.objects.get_for_model(model)).values("object_id")
    rows = model._default_manager.filter(state__in=model.get_procedure().open_states).exclude(pk__in=known)
    for chunk in batched(rows.only("pk", "state").order_by("pk"), 500):
        starts = [
            Start(
                subject=row, kind=kind, label=label, basis=basis, n=days, unit=Unit.WORKING_DAY,
                started_on=timezone.localdate(city.now) - timedelta(days=row.pk % 60),
            )
            for row in chunk
            for kind, label, days in (kinds if row.state in ("C01", "C02", "C03") else kinds[-1:])
        ]  # fmt: skip
        start_clocks(actor=None, starts=starts)


def fill_messages(city: Filling) -> None:
    """Let reporters write about every third matter; half of them wait for an answer."""
    from django.contrib.contenttypes.models import ContentType

    from wulian.casework.dialogue.models import Message
    from wulian.casework.intake.models import Complaint, TipOff

    if Message.objects.exists():
        return
    for model in (Complaint, TipOff):
        kind = ContentType.objects.get_for_model(model)
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)[::3]
        rows = (
            Message(
                content_type=kind, object_id=key, from_reporter=True, text="请问何时可以收到处理结果？",
                sent_at=city.now - timedelta(hours=place), answered_at=city.now if place % 2 else None,
            )
            for place, key in enumerate(keys)
        )  # fmt: skip
        copies(Message, rows)


def fill_objections(city: Filling) -> None:
    """Watch the objections of the dossiers as the platform does."""
    from wulian.casework.objections.models import WatchedObjection
    from wulian.casework.objections.services import follow_objections

    if not WatchedObjection.objects.exists():
        follow_objections()


def fill_publications(city: Filling) -> None:
    """Publish results of finished complaints."""
    from wulian.casework.handling.models import Publication
    from wulian.casework.intake.models import Complaint

    missing = city.missing(Publication, 2_000)
    finished = Complaint.objects.filter(state="C90", publication=None).select_related("project", "authority")
    rows = (
        Publication(
            complaint=complaint, title=f"关于{complaint.project_name}投诉处理结果的公告"[:200], text=FACTS[0],
            authority_name=complaint.authority.name, document_no=f"随投处〔2026〕{number}号", decided_on=city.now.date(),
            drafted_by=city.person, drafted_at=city.now, approved_by=city.other, approved_at=city.now,
            published_by=city.person, published_at=city.now - timedelta(hours=number),
        )
        for number, complaint in zip(missing, finished, strict=False)
    )  # fmt: skip
    copies(Publication, rows)


def fill_oversight(city: Filling) -> None:
    """Order answers about alerts, and put projects under control."""
    from wulian.information.alerts.choices import ControlLevel, OrderState
    from wulian.information.alerts.models import Alert, ControlledProject, SupervisionOrder

    missing = city.missing(SupervisionOrder, 2_000)
    alerts = Alert.objects.select_related("project").defer("evidence").order_by("-pk")
    orders = (
        SupervisionOrder(
            number=f"随招督〔2026〕量{number}号", alert=alert, department=city.authority(alert.project.sector), reason="逾期未研判",
            demand="请于期限内核查并反馈。", due_on=city.now.date() + timedelta(days=number % 40 - 20), issued_by=city.person,
            state=OrderState.values[number % 3], answered_by=city.other, ended_by=city.person,
        )
        for number, alert in zip(missing, alerts[: len(missing)].iterator(), strict=False)
    )  # fmt: skip
    copies(SupervisionOrder, orders)
    controls = (
        ControlledProject(
            project=project, level=ControlLevel.values[number % len(ControlLevel.values)], reason=FACTS[2],
            department=city.authority(project.sector), placed_by=city.person, placed_at=city.now - timedelta(hours=number),
        )
        for number, project, _lot in city.projects(city.missing(ControlledProject, 1_000))
    )  # fmt: skip
    copies(ControlledProject, controls)


def fill_papers(city: Filling) -> None:
    """Scan papers of lots, with five clauses each."""
    from wulian.analysis.clauses import all_patterns
    from wulian.information.findings.choices import PaperKind, ScanState
    from wulian.information.findings.models import Finding, Paper

    patterns, papers = list(all_patterns()), []
    for number, project, lot in city.projects(city.missing(Paper, 4_000)):
        papers.append(
            Paper(
                project=project, lot=lot, kind=PaperKind.values[number % 4], file_name=f"{project.name}招标文件.docx"[:200],
                format="docx", size=300_000, sm3=secrets.token_hex(32), state=ScanState.DONE, page_count=80, pages_read=80,
                uploaded_by=city.person, uploaded_at=city.now - timedelta(hours=number), scanned_at=city.now,
            )
        )  # fmt: skip
    copies(Paper, papers)
    findings = (
        Finding(
            paper=paper, project=paper.project, lot=paper.lot, pattern_id=patterns[(place + index) % len(patterns)],
            class_code="local", weight=1, clause_text=FACTS[1], page=index, paragraph=3, verdict="real" if index == 1 else "",
        )
        for place, paper in enumerate(papers)
        for index in range(5)
    )  # fmt: skip
    copies(Finding, findings)


def fill_comparisons(city: Filling) -> None:
    """Compare the bids of lots, with five findings each."""
    from wulian.information.comparison.choices import OPEN_STATES, Level, RunState
    from wulian.information.comparison.models import Run, SimilarityFinding

    runs = [
        Run(
            project=project, lot=lot, state=RunState.DONE, file_count=24, files_read=24, bidder_count=8, finding_count=5,
            ordered_by=city.person, ordered_at=city.now - timedelta(hours=number), finished_at=city.now,
        )
        for number, project, lot in city.projects(city.missing(Run, 2_000))
    ]  # fmt: skip
    copies(Run, runs)
    findings = (
        SimilarityFinding(
            project=run.project, lot=run.lot, run=run, key=f"{place}-{index}", check_code=f"H-{index + 1:02}",
            title="投标文件异常一致", article="《中华人民共和国招标投标法实施条例》第四十条", confidence="V", strong=index == 0,
            level=Level.values[index % 2], rank=index, subjects=["甲建设有限公司", "乙建设有限公司"], value="相同段落 12 处",
            state=OPEN_STATES[index % 3], state_since=city.now, found_at=city.now - timedelta(hours=place), explained=index == 4,
        )
        for place, run in enumerate(runs)
        for index in range(5)
    )  # fmt: skip
    copies(SimilarityFinding, findings)


def fill_credit(city: Filling) -> None:
    """Score the parties of cases, and prepare their records."""
    from wulian.casework.cases.models import Case
    from wulian.casework.credit.choices import OutboxState, PointState
    from wulian.casework.credit.models import OutboxRecord, PointEvent

    missing = city.missing(PointEvent, 5_000)
    cases = list(
        Case.objects.order_by("pk").only("pk", "party_id", "project_id")[missing.start : missing.stop]
    )
    events = (
        PointEvent(
            case=case, party_id=case.party_id, subject_type="supplier", project_id=case.project_id, violation_code="WF-07",
            rule_code="1", points=6, basis="试行", fact=FACTS[2], fact_key=f"{case.pk}", decision_no=f"随罚〔2026〕{case.pk}号",
            state=PointState.values[case.pk % 3], proposed_by=city.person, effective_on=date(2026, 1 + case.pk % 11, 1),
        )
        for case in cases
    )  # fmt: skip
    copies(PointEvent, events)
    records = (
        OutboxRecord(
            case=case, authority_code="91421300", decision_no=f"随罚〔2026〕{case.pk}号", prepared_by=city.person,
            state=OutboxState.values[case.pk % len(OutboxState.values)], prepared_at=city.now - timedelta(hours=case.pk),
        )
        for case in (cases if not OutboxRecord.objects.exists() else ())
    )  # fmt: skip
    copies(OutboxRecord, records)


def fill_officers(city: Filling) -> None:
    """Enter the officers of the authorities with their certificates."""
    from wulian.core.accounts.models import User
    from wulian.force.officers.models import Certificate, Officer

    authorities = list(city.departments.values())
    users = [
        User(username=f"officer{number}", full_name=f"执法{number}", department=authorities[number % len(authorities)])
        for number in city.missing(Officer, 400)
    ]  # fmt: skip
    copies(User, users)
    officers = [Officer(user=user, authority=user.department) for user in users]
    copies(Officer, officers)
    certificates = (
        Certificate(
            officer=officer, number=f"鄂S{officer.user.username}", issuer="随州市人民政府", sectors=[officer.authority.sector],
            region_code="421300", valid_from=date(2024, 1, 1), valid_to=date(2026, 6, 1) + timedelta(days=place * 3),
            confirmed_at=city.now, confirmed_by=city.person,
        )
        for place, officer in enumerate(officers)
    )  # fmt: skip
    copies(Certificate, certificates)


def fill_inspections(city: Filling) -> None:
    """Draw twenty times a hundred objects."""
    from wulian.information.registry.models import Party
    from wulian.inspection.choices import DrawState, How, ObjectKind
    from wulian.inspection.models import AnnualPlan, Draw, InspectionTask

    if InspectionTask.objects.exists():
        return
    plan = AnnualPlan.objects.create(
        year=2026, title="招标投标年度检查计划", ratio=5, frequency_cap=2, items="投标真实性", created_by=city.person,
        published_at=city.now,
    )  # fmt: skip
    parties = list(Party.objects.order_by("pk")[:100])
    for number in range(int(20 * city.scale)):
        authority = list(city.departments.values())[number % len(city.departments)]
        draw = Draw.objects.create(
            plan=plan, number=number, title="中标人", authority=authority, sector=authority.sector, region_code="421300",
            object_kind=ObjectKind.SUPPLIER, as_of=date(2026, 6, 1), state=DrawState.DRAWN, pool={"objects": []},
            pool_hash="0", commitment="0", sealed_secret=b"", frozen_at=city.now, frozen_by=city.person, record={},
            drawn_at=city.now,
        )  # fmt: skip
        states = [state for state in InspectionTask.get_procedure().states if state != "J01"]
        tasks = (
            InspectionTask(
                draw=draw, position=place, how=How.RANDOM, party=party, authority=authority, year=2026,
                state=states[place % len(states)], state_since=city.now,
            )
            for place, party in enumerate(parties)
        )  # fmt: skip
        copies(InspectionTask, tasks)


def fill_consultations(city: Filling) -> None:
    """Hold consultations with two invited departments each."""
    from wulian.office.consultations.choices import ConsultationType
    from wulian.office.consultations.models import Consultation, Member

    states = list(Consultation.get_procedure().states)
    held = [
        Consultation(
            year=2026, number=100_000 + number, type=ConsultationType.values[number % 4], title=f"{project.name}研判"[:200],
            facts=FACTS[2], proposed_by=city.person, proposed_at=city.now, state=states[number % len(states)],
            state_since=city.now, held_at=city.now - timedelta(hours=number),
        )
        for number, project, _lot in city.projects(city.missing(Consultation, 1_000))
    ]  # fmt: skip
    copies(Consultation, held)
    invited = [city.office, city.departments["water"]]
    copies(Member, (Member(consultation=item, department=who) for item in held for who in invited))


def fill_supervision(city: Filling) -> None:
    """Refuse events of one trading system."""
    from wulian.information.supervision.choices import QuarantineState, RefusalCode
    from wulian.information.supervision.models import QuarantinedEvent, TradingSystem

    system, _new = TradingSystem.objects.get_or_create(code="bench", defaults={"name": "随州市电子交易系统"})
    events = (
        QuarantinedEvent(
            system=system, event_id=f"e{number}", lot_code=lot.lot_code, kind="bid_received", message="时间早于截止时间",
            code=RefusalCode.values[number % len(RefusalCode.values)], digest=secrets.token_hex(32), sealed=b"",
            last_at=city.now - timedelta(minutes=number), state=QuarantineState.values[number % 3],
        )
        for number, _project, lot in city.projects(city.missing(QuarantinedEvent, 3_000))
    )  # fmt: skip
    copies(QuarantinedEvent, events)


def fill_notices(city: Filling) -> None:
    """Tell every reader a hundred things."""
    from wulian.core.accounts.models import User
    from wulian.core.ui.models import Notification

    if Notification.objects.exists():
        return
    rows = (
        Notification(user=user, title="投诉临近期限", body=json.dumps(number), url="/", created_at=city.now)
        for user in User.objects.filter(username__startswith="bench")
        for number in range(100)
    )
    copies(Notification, rows)
