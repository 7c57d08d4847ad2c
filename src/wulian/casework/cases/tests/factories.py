"""A believable matter of Suizhou: an authority with its people and officers, a project, an alert, and how far it has come."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import time_machine

from wulian.casework.cases import services
from wulian.casework.cases.choices import DecisionKind, ServiceMode, Tier
from wulian.casework.cases.services.decision import Remedies
from wulian.casework.cases.services.sanctions import Plan
from wulian.casework.cases.services.serving import Service
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, RoleGrant, User
from wulian.core.accounts.services import seed_departments
from wulian.force.officers.models import Officer
from wulian.force.officers.tests.factories import CertificateFactory
from wulian.information.registry.models import (
    Award,
    Bid,
    BiddingDocuments,
    Contract,
    Lot,
    Party,
    Project,
    Tender,
)
from wulian.office.jurisdiction.choices import Reach
from wulian.office.jurisdiction.models import JurisdictionRule

BEIJING = ZoneInfo("Asia/Shanghai")
START = dt.datetime(2026, 7, 1, 9, tzinfo=BEIJING)
_numbers = count(1)
REMEDIES = Remedies(
    review_authority="随州市人民政府",
    court="随州市曾都区人民法院",
    payment_bank="中国农业银行随州分行",
    payment_account_name="随州市财政局",
    payment_account="17780101040012345",
)


def person(full_name: str, department: Department | None, *roles: Role) -> User:
    """A user who holds these roles."""
    user = User.objects.create(
        username=f"case{next(_numbers)}", full_name=full_name, department=department, phone="0722-3590001"
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, valid_from=dt.date(2020, 1, 1)) for role in roles
    )
    return user


def officer(full_name: str, department: Department, **certificate: object) -> Officer:
    """A case officer of the library with a confirmed certificate for housing in the whole city."""
    user = person(full_name, department, Role.CASE_OFFICER)
    found = Officer.objects.create(user=user, authority=department)
    CertificateFactory(officer=found, **certificate)
    return found


def party(
    name: str = "随州市城市建设投资有限公司", uscc: str = "91421300741767836N", **values: object
) -> Party:
    """A firm of the registry with what a document needs to know of it."""
    return Party.objects.create(
        source_key=f"party{next(_numbers)}",
        name=name,
        uscc=uscc,
        kind="enterprise",
        address="随州市曾都区交通大道100号",
        legal_representative="李国强",
        **values,
    )


def project(owner: Party, *, days: int = 17, sector: str = "housing", region: str = "421303") -> Project:
    """A project whose documents were issued `days` before the deadline (招标投标法 第二十四条: at least 20)."""
    n = next(_numbers)
    name = f"曾都区滨河路改造工程（{n}）"
    found = Project.objects.create(
        source_system="test", source_key=f"P{n}", name=name, sector=sector, region_code=region, stage="N05",
        owner=owner, project_code=f"2604-421303-04-01-{n:06}", address="曾都区滨河路",
    )  # fmt: skip
    tender = Tender.objects.create(
        project=found,
        source_key="T",
        name=f"{name}施工招标",
        mode="open",
        must_tender=True,
        procuring_entity=owner,
    )
    lot = Lot.objects.create(project=found, tender=tender, source_key="L", name=f"{name}施工一标段")
    issued = dt.datetime(2026, 6, 1, 9, tzinfo=BEIJING)
    BiddingDocuments.objects.create(
        project=found, lot=lot, source_key="D", issued_at=issued, deadline_at=issued + dt.timedelta(days=days)
    )
    return found


def bid(lot: Lot, tenderer: Party, *, won: bool = False, price: str = "12000000") -> Bid:
    """A bid for a lot; the winner also has its award and contract."""
    n = next(_numbers)
    found = Bid.objects.create(
        project=lot.project, lot=lot, source_key=f"B{n}", tenderer=tenderer, price=Decimal(price)
    )
    if won:
        Award.objects.create(
            project=lot.project, lot=lot, source_key=f"A{n}", supplier=tenderer, price=Decimal(price)
        )
        Contract.objects.create(
            project=lot.project, lot=lot, source_key=f"C{n}", supplier=tenderer, price=Decimal(price)
        )
    return found


def power(authority: Department, violation_code: str = "WF-07", **values: object) -> JurisdictionRule:
    """An item of the jurisdiction list: the authority is competent for the violation in the city and its counties."""
    row = {
        "item_no": f"ZJ-{next(_numbers):03}",
        "item_name": "对违反招标投标法行为的处罚",
        "type": "penalty",
        "sector": "housing",
        "violation_code": violation_code,
        "region_code": "421300",
        "level": "city",
        "reach": Reach.BELOW,
        "competent_authority": authority,
        "legal_basis": [{"instrument": "TL", "article": "64", "text": "《招标投标法实施条例》第六十四条"}],
        "valid_from": dt.date(2024, 1, 1),
    }
    return JurisdictionRule.objects.create(**{**row, **values})


def world() -> SimpleNamespace:
    """The city: 市住更局 with two officers, section head, head and legal reviewer; the office; strangers; one procuring entity."""
    places = seed_departments()
    housing, transport, office = places["housing"], places["transport"], places["office"]
    owner = party()
    first, second = officer("陈丽", housing), officer("赵强", housing)
    return SimpleNamespace(
        places=places,
        housing=housing,
        office=office,
        owner=owner,
        first=first,
        second=second,
        third=officer("吴敏", housing),
        officer=first.user,
        colleague=second.user,
        section=person("刘芳", housing, Role.SECTION_HEAD),
        head=person("陈明远", housing, Role.AUTHORITY_HEAD),
        reviewer=person("孙法", housing, Role.LEGAL_REVIEWER),
        idle=person("周闲", housing, Role.CASE_OFFICER),
        stranger=officer("周河", transport, sectors=["transport"]).user,
        other_head=person("何局", transport, Role.AUTHORITY_HEAD),
        dispatcher=person("何静", office, Role.DISPATCHER),
        dispatcher_two=person("钱进", office, Role.DISPATCHER),
        office_head=person("刘主任", office, Role.OFFICE_HEAD),
        clerk=person("窗口", office, Role.CLERK),
        discipline=person("纪明", places["discipline"], Role.DISCIPLINE),
        admin=person("系统管理员", None, Role.SYSTEM_ADMIN),
        rule=power(housing),
    )


def lead(at: SimpleNamespace, **values: object):
    """A lead on a tender period of 17 days, in its preliminary examination."""
    found = values.pop("project", None) or project(at.owner)
    lot = Lot.objects.get(project=found)
    given = {
        "actor": at.dispatcher,
        "source": "manual",
        "title": "投标准备期不足",
        "facts": "招标文件6月1日发出，6月18日截止投标，准备期17日。",
        "project": found,
        "lot": lot,
        "party": at.owner,
        "violation_code": "WF-07",
        "conduct_date": dt.date(2026, 6, 1),
    }
    return services.create_lead(**{**given, **values})


def checked_lead(at: SimpleNamespace, **values: object):
    """The same lead, given to two officers, with one item of evidence."""
    found = lead(at, **values)
    services.assign_lead(actor=at.dispatcher, lead=found, officers=[at.first, at.second])
    evidence(at, found)
    return found


def evidence(at: SimpleNamespace, found, **values: object):
    """An item of evidence."""
    given = {
        "kind": "electronic",
        "title": "招标文件发布日志",
        "proves": "招标文件6月1日发出、6月18日截止投标",
        "origin": "随州市公共资源电子交易平台",
        "obtained_on": dt.date(2026, 7, 1),
        "content": "2026-06-01 09:00 发布；2026-06-18 09:00 截止",
    }
    return services.add_evidence(actor=at.officer, lead=found, **{**given, **values})


def proposed_case(at: SimpleNamespace, found=None, **values: object):
    """A case in 立案审批."""
    given = {
        "opinion": "事实基本清楚，建议立案。",
        "cause": "投标准备期不足",
        "facts": "招标文件6月1日发出，6月18日截止投标，准备期17日，不足二十日。",
        "conduct_place": "随州市公共资源交易中心",
        "party_identifier": at.owner.uscc,
        "party_address": at.owner.address,
        "party_representative": at.owner.legal_representative,
    }
    return services.request_filing(actor=at.officer, lead=found or checked_lead(at), **{**given, **values})


def filed_case(at: SimpleNamespace, found=None):
    """A case under investigation."""
    case = proposed_case(at, found)
    services.endorse_filing(
        actor=at.section, case=case, opinion="拟同意立案。", officers=[at.first, at.second]
    )
    return services.approve_filing(actor=at.head, case=case, opinion="同意立案。")


def plan(**values: object) -> Plan:
    """A fine of 50,000 元 within 招标投标法实施条例 第六十四条."""
    given = {
        "kind": DecisionKind.PENALTY,
        "reasons": "初次违法，立案后主动改正。",
        "tier": Tier.ORDINARY,
        "amount": Decimal("50000"),
        "correction": "限七日内改正。",
    }
    return Plan(**{**given, **values})


def reported_case(at: SimpleNamespace, found=None, chosen: Plan | None = None):
    """A case whose investigation is finished."""
    case = filed_case(at, found)
    for item in case.lead.evidence.all():
        services.verify_evidence(actor=at.officer, evidence=item, how="与平台原始日志核对一致")
    services.finish_investigation(
        actor=at.officer,
        case=case,
        report="当事人违反规定，建议处罚。",
        facts=case.facts,
        plan=chosen or plan(),
    )
    return case


def noticed_case(at: SimpleNamespace, found=None, chosen: Plan | None = None, *, serve: bool = True):
    """A case whose advance notice was issued and served."""
    case = reported_case(at, found, chosen)
    services.take_step(actor=at.officer, case=case, event="submit_report")
    services.take_step(actor=at.section, case=case, event="submit_legal_review", note="审核通过。")
    services.take_step(
        actor=at.reviewer, case=case, event="pass_legal_review", note="程序合法，适用法律正确。"
    )
    services.take_step(actor=at.head, case=case, event="waive_discussion", note="案情简单。")
    services.issue_notice(
        actor=at.officer,
        case=case,
        contact_address="随州市烈山大道",
        contact_person="陈丽",
        contact_phone="0722-3590001",
    )
    if serve:
        services.serve_notice(actor=at.officer, case=case, service=handed_over())
    return case


def handed_over(day: dt.date | None = None) -> Service:
    """A document handed over to the legal representative, today unless another day is given."""
    from django.utils import timezone

    return Service(
        mode=ServiceMode.DIRECT, receiver="李国强", place="随州市曾都区交通大道100号",
        served_on=day or timezone.localdate(),
    )  # fmt: skip


def decided_case(
    at: SimpleNamespace, clock: time_machine.Coordinates, found=None, chosen: Plan | None = None
):
    """A case decided after the party let its days pass; `clock` is moved on."""
    case = noticed_case(at, found, chosen)
    clock.shift(dt.timedelta(days=14))
    services.close_statement_term(actor=at.officer, case=case)
    services.decide_penalty(actor=at.head, case=case, remedies=REMEDIES)
    return case


def served_case(at: SimpleNamespace, clock: time_machine.Coordinates, found=None, chosen: Plan | None = None):
    """A case whose decision was served."""
    case = decided_case(at, clock, found, chosen)
    services.seal_decision(actor=at.head, case=case)
    services.record_service(actor=at.officer, case=case, service=handed_over())
    return case
