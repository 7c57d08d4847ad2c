"""Two cases: one goes all the way to the penalty and its service, the other stands where the party may speak."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from wulian.casework.cases.choices import DecisionKind, PositionInTender, ServiceMode, Tier
from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.services import (
    answer_statement,
    approve_filing,
    decide_penalty,
    endorse_filing,
    finish_investigation,
    issue_notice,
    record_payment,
    record_service,
    record_statement,
    request_filing,
    seal_decision,
    serve_notice,
    take_step,
)
from wulian.casework.cases.services.decision import Remedies
from wulian.casework.cases.services.sanctions import Plan
from wulian.casework.cases.services.serving import Service
from wulian.core.accounts.models import User
from wulian.demo.scenes.base import Scene
from wulian.law.violations import violation

CAUSES = {
    "bond": "涉嫌相互串通投标（投标保证金出自同一账户）",
    "period": "涉嫌招标文件确定的时限不符合规定",
    "security": "涉嫌超过规定比例收取投标保证金",
}
FACTS = {
    "bond": "经查，{party}在{lot}投标中，其投标保证金由另一投标人的账户支付。银行电子回单、账户开户资料和交易平台记录相互印证。",
    "period": "经查，{party}组织的{lot}招标，自招标文件开始发出之日起至投标人提交投标文件截止之日止不足法定期限，且未依法顺延。",
    "security": "经查，{party}组织的{lot}招标，招标文件规定的投标保证金超过招标项目估算价的百分之二。",
}
RATE = Decimal("0.006")
SHARE_OF_MAXIMUM = Decimal("0.3")


def propose(scene: Scene, story: str) -> None:
    """The officers propose to file a case on a checked lead."""
    lead = scene.leads.get(story)
    if lead is None or lead.party is None:
        return
    party = lead.party
    scene.cases[story] = request_filing(
        actor=_who(scene, lead, "officer1"),
        lead=lead,
        opinion="经核查，有证据证明存在违法事实，属于本机关管辖，建议立案调查。",
        facts=FACTS[story].format(party=party.name, lot=lead.lot or lead.project),
        cause=f"{party.name}{CAUSES[story]}",
        conduct_place="随州市公共资源交易中心",
        party_identifier=party.uscc,
        party_address=party.address or "湖北省随州市",
        party_representative=party.legal_representative,
        party_contact=party.phone,
    )


def file_case(scene: Scene, story: str) -> None:
    """Section head and head file it."""
    case = scene.cases.get(story)
    if case is None:
        return
    lead = case.lead
    assert lead.authority is not None
    endorse_filing(
        actor=_who(scene, lead, "section"),
        case=case,
        opinion="同意提请立案，由二人承办。",
        officers=scene.officers(lead.authority),
    )
    approve_filing(actor=_who(scene, lead, "head"), case=case, opinion="同意立案。")


def file_second(scene: Scene) -> None:
    """The second case is proposed and filed in one day."""
    propose(scene, "period")
    file_case(scene, "period")


def investigate(scene: Scene, story: str) -> None:
    """调查终结: the report with its proposal."""
    case = scene.cases.get(story)
    if case is None:
        return
    finish_investigation(
        actor=_who(scene, case.lead, "officer1"),
        case=case,
        report="本案事实清楚，证据确凿，程序合法，建议依法给予行政处罚。",
        facts=case.facts,
        plan=_plan(case),
    )


def review(scene: Scene, story: str) -> None:
    """承办机构审核、法制审核、集体讨论."""
    case = scene.cases.get(story)
    if case is None:
        return
    lead = case.lead
    take_step(actor=_who(scene, lead, "officer1"), case=case, event="submit_report", note="报请审核。")
    take_step(
        actor=_who(scene, lead, "section"), case=case, event="submit_legal_review", note="事实清楚，同意送法制审核。"
    )  # fmt: skip
    take_step(
        actor=_who(scene, lead, "legal"),
        case=case,
        event="pass_legal_review",
        note="主体适格、事实清楚、证据充分、适用依据准确、程序合法、裁量适当，审核通过。",
    )
    take_step(
        actor=_who(scene, lead, "head"),
        case=case,
        event="conclude_discussion",
        note="经局长办公会集体讨论，同意承办机构意见，履行事先告知程序。",
    )


def notify_party(scene: Scene, story: str) -> None:
    """事先告知书 issued and served the same day."""
    case = scene.cases.get(story)
    if case is None:
        return
    officer = _who(scene, case.lead, "officer1")
    issue_notice(
        actor=officer,
        case=case,
        contact_address="随州市曾都区政务服务中心四楼",
        contact_person=officer.full_name,
        contact_phone=officer.phone,
    )
    serve_notice(actor=officer, case=case, service=_service(scene, case))


def work_on_second(scene: Scene) -> None:
    """The second case in one day: report, reviews, notice; the party's five working days run."""
    investigate(scene, "period")
    review(scene, "period")
    notify_party(scene, "period")


def hear_party(scene: Scene) -> None:
    """The party speaks and waives the hearing; the answer keeps the facts."""
    case = scene.cases.get("bond")
    if case is None:
        return
    record_statement(
        actor=_who(scene, case.lead, "officer1"),
        case=case,
        content="我单位因财务人员疏忽委托他人代缴保证金，已完成内部整改，请求从轻处理。我单位自愿放弃听证。",
        received_on=scene.today(),
        waives_hearing=True,
    )


def answer_party(scene: Scene) -> None:
    """The legal reviewer answers."""
    case = scene.cases.get("bond")
    if case is None:
        return
    answer_statement(
        actor=_who(scene, case.lead, "legal"),
        case=case,
        answer="当事人陈述的整改情况属实，已在裁量时考虑；代缴不影响违法事实的认定，维持拟处罚意见。",
        accepted=False,
    )


def decide(scene: Scene) -> None:
    """The head decides and seals; the officers serve."""
    case = scene.cases.get("bond")
    if case is None:
        return
    head = _who(scene, case.lead, "head")
    decide_penalty(
        actor=head,
        case=case,
        remedies=Remedies(
            review_authority="随州市人民政府",
            court="随州市曾都区人民法院",
            payment_bank="湖北银行随州分行营业部",
            payment_account_name="随州市财政局非税收入专户",
            payment_account="4210 0000 2026 1122",
        ),
    )
    seal_decision(actor=head, case=case)


def serve(scene: Scene) -> None:
    """The decision is handed over."""
    case = scene.cases.get("bond")
    if case is not None:
        record_service(actor=_who(scene, case.lead, "officer1"), case=case, service=_service(scene, case))


def take_payment(scene: Scene) -> None:
    """The fine is paid, the case closed."""
    case = scene.cases.get("bond")
    if case is None:
        return
    record_payment(
        actor=_who(scene, case.lead, "officer1"), case=case, paid_on=scene.today(), receipt_no="42139900261101"
    )  # fmt: skip
    take_step(
        actor=_who(scene, case.lead, "head"),
        case=case,
        event="approve_closing",
        note="罚款已缴清，同意结案。",
    )


def _plan(case: Case) -> Plan:
    """A lighter fine: a share of the range where amounts are fixed, else six thousandths of the award."""
    fine = violation(case.violation_code).unit_fines[0]
    plan = Plan(
        kind=DecisionKind.PENALTY,
        tier=Tier.LIGHTER,
        correction="责令立即改正违法行为",
        reasons="初次违法，主动配合调查并完成整改，依据行政处罚法第三十二条从轻处罚。",
    )
    if fine.kind == "amount":
        amount = (fine.minimum + (fine.maximum - fine.minimum) * SHARE_OF_MAXIMUM).quantize(Decimal("0.01"))
        return replace(plan, amount=amount)
    assert case.lot is not None
    award = case.lot.awards.filter(ended_at=None).order_by("pk").first()
    won = award is not None and award.supplier_id == case.party_id
    return replace(
        plan,
        base_amount=award.price if award else case.lot.ceiling_price,
        rate=RATE,
        position=PositionInTender.WON if won else PositionInTender.LOST,
    )


def _service(scene: Scene, case: Case) -> Service:
    return Service(
        mode=ServiceMode.DIRECT,
        receiver=case.party_representative or "单位收发室",
        place=case.party_address,
        served_on=scene.today(),
    )


def _who(scene: Scene, lead: Lead, post: str) -> User:
    assert lead.authority is not None
    return scene.cast.of(lead.authority, post)
