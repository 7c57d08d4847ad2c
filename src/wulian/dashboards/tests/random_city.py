"""A city of random records, written straight into the tables: every odd value a column may hold, at every edge of a month."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType

from wulian.casework.cases.models import Case, Lead
from wulian.casework.intake.models import Complaint, Receipt, TipOff
from wulian.core.accounts.models import Department, User
from wulian.core.clocks.models import Clock
from wulian.information.alerts.choices import RANKS, AlertState
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Award, Bid, Contract, Lot, Notice, Party, Project, Tender
from wulian.law.procedures import procedure

BEIJING = ZoneInfo("Asia/Shanghai")
SECTORS = ("housing", "transport", "water", "land", "other", "")
REGIONS = ("421300", "421303", "421321", "421381", "420100", "")
EDGES = ((1, 0, 0), (1, 7, 59), (28, 23, 59), (15, 12, 0))
_numbers = itertools.count(1)


class RandomCity:
    """Fills the tables from one seed; the same seed gives the same city."""

    def __init__(self, seed: int, departments: dict[str, Department], clerk: User) -> None:
        self.random = Random(seed)
        self.departments = [item for item in departments.values() if item.kind == "authority"]
        self.clerk = clerk
        self.parties = [
            Party.objects.create(source_key=f"R{n}", name=f"随州{'甲乙丙丁戊己'[n]}建设工程有限公司")
            for n in range(6)
        ]

    def fill(self, projects: int = 30) -> None:
        for _turn in range(projects):
            self.project()
        for _turn in range(projects):
            self.alert()
            self.matter(Complaint)
            self.matter(TipOff)
            self.case()

    def moment(self) -> dt.datetime:
        """A moment at or near an edge of a month in local time, which is another day in UTC."""
        day, hour, minute = self.random.choice(EDGES)
        return dt.datetime(
            self.random.choice((2025, 2026)),
            self.random.randint(1, 12),
            day,
            hour,
            minute,
            30,
            tzinfo=BEIJING,
        )

    def maybe(self, value: Any, empty: Any = None) -> Any:
        return value if self.random.random() < 0.8 else empty

    def price(self) -> Decimal | None:
        # Whole amounts too: SQLite keeps them as integers, and divides those without remainder.
        return self.maybe(
            Decimal(self.random.choice((1000000, 2500000, 3333333)))
            + self.random.choice((0, Decimal("0.37")))
        )

    def party(self) -> Party | None:
        return self.maybe(self.random.choice(self.parties))

    def project(self) -> Project:
        pick, n = self.random.choice, next(_numbers)
        ended = {"ended_at": self.maybe(None, self.moment())}
        project = Project.objects.create(
            source_system="random", source_key=f"P{n}", name=f"随机项目{n}", sector=pick(SECTORS),
            region_code=pick(REGIONS), owner=self.party(), stage=pick(("N01", "N05", "N09", "N13", "")),
            approval_type=pick(("approval", "filing", "")), approved_on=self.maybe(self.moment().date()),
            total_investment=self.price(), **ended,
        )  # fmt: skip
        tender = Tender.objects.create(
            project=project, source_key="T", name=project.name, mode=pick(("open", "selective", "direct", "")),
            org_form=pick(("entrusted", "")), procuring_entity=self.party(), agency=self.party(),
            currency=pick(("CNY", "CNY", "JPY")),
        )  # fmt: skip
        for number in range(self.random.randint(1, 2)):
            self.lot(project, tender, number)
        return project

    def lot(self, project: Project, tender: Tender, number: int) -> None:
        pick = self.random.choice
        lot = Lot.objects.create(
            project=project, tender=tender, source_key=str(number), name=f"{project.name}{number + 1}标段",
            category=pick(("works", "design", "supervision", "")), ceiling_price=self.price(),
            ended_at=self.maybe(None, self.moment()),
        )  # fmt: skip
        for key, kind in enumerate(("tender", "tender", "candidates")):
            Notice.objects.create(
                project=project,
                lot=lot,
                source_key=str(key),
                kind=kind,
                title="公告",
                published_at=self.maybe(self.moment()),
            )
        for key in range(self.random.randint(0, 4)):
            Bid.objects.create(
                project=project, lot=lot, source_key=str(key), tenderer=pick(self.parties), price=self.price(),
                status=pick(("valid", "disqualified", "withdrawn")), uploaded_at=self.maybe(self.moment()),
                currency=pick(("CNY", "CNY", "JPY", "")),
            )  # fmt: skip
        Award.objects.create(
            project=project, lot=lot, source_key="A", supplier=self.party(), price=self.price(),
            status=pick(("active", "cancelled", "")), decided_at=self.maybe(self.moment()),
        )  # fmt: skip
        Contract.objects.create(
            project=project, lot=lot, source_key="C", supplier=self.party(), price=self.price(),
            signed_at=self.maybe(self.moment()), currency=pick(("CNY", "JPY")),
        )  # fmt: skip

    def alert(self) -> None:
        pick, n, severity = self.random.choice, next(_numbers), self.random.choice("红橙黄蓝")
        lot = pick(list(Lot.objects.select_related("project")))
        alert = Alert(
            rule_id=pick(("WJ-01", "ZB-01", "XX-99")), rule_version=1, rule_title="投标准备期不足", node=pick(("N05", "N08")),
            severity=severity, rank=RANKS[severity], subject_kind="lot", subject_id=f"{n}", subject_label=lot.name,
            project=self.maybe(lot.project), party=self.party(), raised_at=self.moment(), state=pick(AlertState.values),
            state_since=self.moment(), department=self.maybe(pick(self.departments)),
            destination=pick(("lead", "inspection", "", "")),
        )  # fmt: skip
        alert.save()
        self.clocks(alert)

    def clocks(self, subject: Any) -> None:
        for kind in range(self.random.randint(0, 2)):
            running = self.random.random() < 0.5
            Clock.objects.create(
                content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk, kind=str(kind),
                label="期限", basis="依据", started_on=dt.date(2026, 1, 1), n=3, unit="working_day",
                state="running" if running else "stopped", outcome="" if running else self.random.choice(("met", "overdue")),
                due=self.random.choice((dt.date(2026, 1, 6), dt.date(2031, 1, 6))),
            )  # fmt: skip

    def matter(self, model: Any) -> None:
        pick, n, at = self.random.choice, next(_numbers), self.moment()
        receipt = Receipt.objects.create(
            number=f"收{n}", year=2026, sequence=n, received_at=at, entered_at=at, received_via=pick(("online", "window")),
            entered_by=self.maybe(self.clerk), alias=f"来信人{n}", digest="0", signature="0", key_id="0",
            code_hash=f"c{n}", submission_hash=f"s{n}",
        )  # fmt: skip
        extra = {"admission": "accepted"} if model is Complaint else {}
        matter = model(
            receipt=receipt, number=f"{model.__name__}{n}", year=2026, sequence=n, received_at=at, facts="随机",
            topic=pick(("collusion", "documents")), sector=pick(SECTORS), region_code=pick(REGIONS),
            respondent=self.party(), authority=self.maybe(pick(self.departments)), state_since=self.moment(),
            accused_department=self.maybe(None, pick(self.departments)),
            state=pick(list(procedure(model.procedure_code).states)), **extra,
        )  # fmt: skip
        matter.save()
        self.clocks(matter)

    def case(self) -> None:
        pick, n = self.random.choice, next(_numbers)
        shared = {
            "sector": pick(SECTORS), "region_code": pick(REGIONS), "violation_code": pick(("WF-07", "WF-01")),
            "state_since": self.moment(),
        }  # fmt: skip
        lead = Lead.objects.create(
            lead_no=f"线{n}", source=pick(("alert", "manual")), title="线索", facts="随机", party=self.party(),
            severity=pick(("红", "黄", "")), authority=self.maybe(pick(self.departments)), received_at=self.moment(),
            state=pick(list(procedure("lead").states)), created_by=self.clerk, **shared,
        )  # fmt: skip
        self.clocks(lead)
        filed = self.maybe(self.moment().date())
        case = Case.objects.create(
            lead=lead, authority=pick(self.departments), party=pick(self.parties), party_identifier="x", party_address="x",
            cause="串通投标", facts="随机", provisions="x", penalty_basis="x", conduct_date=dt.date(2025, 1, 1),
            conduct_place="x", proposed_by=self.clerk, proposal_note="x", filed_on=filed,
            closed_on=self.maybe(filed + dt.timedelta(days=self.random.randint(0, 90)) if filed else None),
            state=pick(list(procedure("penalty").states)), **shared,
        )  # fmt: skip
        self.clocks(case)
