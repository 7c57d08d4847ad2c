"""Building and checking what is proposed or decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import DecisionKind, LeniencyGround, PositionInTender, Tier
from wulian.casework.cases.fines import check_person_fine, count_fine
from wulian.casework.cases.models import Case, Decision, Sanctions
from wulian.casework.cases.parameters import FIRST_TIME_YEARS, HEARING_PERSON_FINE, HEARING_UNIT_FINE
from wulian.core.config.errors import Refusal

NO_LENIENCY_WHEN_WON = frozenset({"WF-09", "WF-10"})
"""Collusion and fraud by which an award was obtained are not minor (REFERENCE F.3)."""

T = TypeVar("T", bound=Sanctions)


@dataclass(frozen=True)
class Plan:
    """What an officer enters: the fine by base and rate, or by amount; amounts in 元, ban in months.

    `persons` are mappings of name, post and fine.
    """

    kind: str
    reasons: str
    tier: str = ""
    position: str = PositionInTender.WON
    fined: bool = True
    base_amount: Decimal | None = None
    rate: Decimal | None = None
    amount: Decimal | None = None
    fine_kind: int = 0
    confiscation: Decimal | None = None
    ban_months: int | None = None
    other_penalties: str = ""
    correction: str = ""
    persons: Sequence[Mapping[str, str]] = field(default_factory=list)
    mitigation_ground: str = ""
    leniency_ground: str = ""
    education: str = ""


def apply_plan(record: T, case: Case, plan: Plan) -> T:
    """Put a checked plan into an unsaved proposal or decision.

    Raises Refusal when the fine is outside the range of the catalogue, a ban is longer than the provision allows, a person's fine
    is outside its range, or a ground or reason is missing (行政处罚法 第三十二条、第三十三条).
    """
    if not plan.reasons.strip():
        raise Refusal(_("Reasons: expected the reasons of the discretion."), field="reasons")
    record.kind, record.reasons = DecisionKind(plan.kind), plan.reasons.strip()
    record.correction = plan.correction.strip()
    if plan.kind == DecisionKind.NO_PENALTY:
        _check_leniency(case, plan)
        record.leniency_ground, record.education = plan.leniency_ground, plan.education.strip()
        return record
    if plan.tier not in Tier.values:
        raise Refusal(_("Tier: choose the discretion tier."), field="tier")
    record.tier, record.position = plan.tier, plan.position
    record.mitigation_ground = plan.mitigation_ground.strip()
    _set_fine(record, case, plan)
    _set_ban(record, case, plan)
    record.confiscation = plan.confiscation
    record.other_penalties = plan.other_penalties.strip()
    record.persons = _persons(case, plan, record.fine)
    if not (
        record.fine or record.confiscation or record.ban_months or record.other_penalties or record.persons
    ):
        raise Refusal(_("Penalty: expected at least one sanction."), field="fined")
    return record


def hearing_reason(case: Case, sanctions: Sanctions) -> str:
    """Say why a hearing is to be offered (行政处罚法 第六十三条), or return an empty text.

    The threshold of a large fine is a parameter of the house and errs on the side of the party.
    """
    if not sanctions.is_penalty:
        return ""
    if sanctions.ban_months:
        return "限制从业（取消资格）"
    if any(word in sanctions.other_penalties for word in ("吊销", "停业", "降低资质")):
        return "吊销、降低资质或者责令停业"
    limit = HEARING_PERSON_FINE if case.party_is_person else HEARING_UNIT_FINE
    large = max(sanctions.fine or Decimal(0), sanctions.confiscation or Decimal(0))
    return f"较大数额（{limit:,.0f}元以上，本系统参数）" if large >= limit else ""


def plan_of(sanctions: Sanctions, **changes: Any) -> Plan:
    """Return the plan that a proposal was made of, with changes: what the head decides on."""
    values = asdict(
        Plan(
            kind=sanctions.kind,
            reasons=sanctions.reasons,
            tier=sanctions.tier,
            position=sanctions.position,
            fined=sanctions.fine is not None,
            base_amount=sanctions.base_amount,
            rate=sanctions.rate,
            amount=sanctions.fine,
            confiscation=sanctions.confiscation,
            ban_months=sanctions.ban_months,
            other_penalties=sanctions.other_penalties,
            correction=sanctions.correction,
            persons=sanctions.persons,
            mitigation_ground=sanctions.mitigation_ground,
            leniency_ground=sanctions.leniency_ground,
            education=sanctions.education,
        )
    )
    return Plan(**{**values, **changes})


def check_not_heavier(decided: Sanctions, noticed: Sanctions) -> None:
    """What is decided is not heavier than what was notified (行政处罚法 第四十四条、第四十五条第二款)."""
    pairs = [
        (decided.fine, noticed.fine, _("fine")),
        (decided.confiscation, noticed.confiscation, _("confiscated gain")),
        (decided.ban_months, noticed.ban_months, _("ban")),
    ]
    for now, before, word in pairs:
        if (now or 0) > (before or 0):
            raise Refusal(
                _(
                    "The %(word)s is heavier than what the party was notified of; a new notice is needed first."
                )
                % {"word": word},
                field="rate",
            )


def _set_fine(record: Sanctions, case: Case, plan: Plan) -> None:
    rules = case.violation.unit_fines
    if not plan.fined or not rules:
        if rules and not rules[0].optional and not plan.mitigation_ground.strip():
            raise Refusal(_("Fine: the provision says that a fine is imposed."), field="fined")
        return
    found = count_fine(
        case.violation,
        base_amount=plan.base_amount,
        rate=plan.rate,
        amount=plan.amount,
        won=plan.position != PositionInTender.LOST,
        mitigation_ground=plan.mitigation_ground,
        kind_index=plan.fine_kind,
    )
    if found.amount < found.minimum and plan.tier != Tier.MITIGATED:
        raise Refusal(_("Tier: a fine below the range is mitigated."), field="tier")
    record.fine, record.fine_formula = found.amount, found.formula
    if rules[plan.fine_kind].kind != "amount":
        record.base_amount, record.rate = plan.base_amount, plan.rate


def _set_ban(record: Sanctions, case: Case, plan: Plan) -> None:
    if not plan.ban_months:
        return
    years = case.violation.ban_years
    if years is None:
        raise Refusal(
            _("Ban: no provision of %(code)s allows one; points never create a ban either.")
            % {"code": case.violation_code},
            field="ban_months",
        )
    if not years[0] * 12 <= plan.ban_months <= years[1] * 12:
        raise Refusal(
            _("Ban: expected from %(low)d to %(high)d months.")
            % {"low": years[0] * 12, "high": years[1] * 12},
            field="ban_months",
        )
    record.ban_months = plan.ban_months


def _persons(case: Case, plan: Plan, unit_fine: Decimal | None) -> list[dict[str, str]]:
    found = []
    for person in plan.persons:
        fine = Decimal(str(person["fine"]))
        check_person_fine(case.violation, unit_fine, fine, str(person["name"]))
        found.append(
            {"name": str(person["name"]), "post": str(person.get("post", "")), "fine": f"{fine:.2f}"}
        )
    return found


def _check_leniency(case: Case, plan: Plan) -> None:
    if plan.leniency_ground not in LeniencyGround.values:
        raise Refusal(
            _("Ground: no penalty needs one of the grounds of article 33 of the penalty law."),
            field="leniency_ground",
        )
    if not plan.education.strip():
        raise Refusal(_("Education: the party is educated in every case without penalty."), field="education")
    grave = case.violation_code in NO_LENIENCY_WHEN_WON and plan.position == PositionInTender.WON
    if grave and plan.leniency_ground != LeniencyGround.NO_FAULT:
        raise Refusal(
            _("Ground: collusion or fraud that obtained the award is not minor."), field="leniency_ground"
        )
    if plan.leniency_ground == LeniencyGround.FIRST and (earlier := earlier_decision(case)):
        raise Refusal(
            _("Ground: not the first time, see %(number)s.") % {"number": earlier.document_no},
            field="leniency_ground",
        )


def earlier_decision(case: Case) -> Decision | None:
    """Return the latest decision on the same party for the same violation within the years that 初次违法 looks back."""
    today = timezone.localdate()
    since = date(today.year - FIRST_TIME_YEARS, today.month, min(today.day, 28))
    return (
        Decision.objects.filter(
            case__party_id=case.party_id,
            case__violation_code=case.violation_code,
            decided_on__gte=since,
            revoked_on=None,
        )
        .exclude(case=case)
        .select_related("document")
        .order_by("-decided_on")
        .first()
    )
