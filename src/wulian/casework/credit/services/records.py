"""Building the 双公示 record of a decision from what the file holds."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from pydantic import ValidationError

from wulian.casework.cases.models import Case, Decision
from wulian.casework.cases.services.papers import penalty_basis, penalty_lines
from wulian.casework.credit.choices import PUBLIC_YEARS, Gravity
from wulian.core.clocks.calendars import calendar
from wulian.core.config.errors import Refusal
from wulian.exchange.credit_record import COLUMNS, CreditRecord, PartyKind, PenaltyKind, to_wan
from wulian.law.periods import Unit, due_date

WORDS: tuple[tuple[str, PenaltyKind], ...] = (
    ("警告", "警告"),
    ("通报批评", "通报批评"),
    ("吊销", "吊销许可证件"),
    ("降低资质", "降低资质等级"),
    ("停业", "责令停产停业"),
)
PERSON_ID = "身份证"


def build_record(case: Case, gravity: str) -> CreditRecord:
    """Return the record of a penalty decision; raises Refusal naming the field that is missing or wrong."""
    decision = case.decision
    until = public_until(decision.decided_on, gravity)
    kind: PartyKind = "自然人" if case.party_is_person else "法人及非法人组织"
    fields = {
        "CF_XDR_MC": case.party.name,
        "CF_XDR_LB": kind,
        "CF_XDR_SHXYM": "" if case.party_is_person else case.party_identifier,
        "CF_FRDB": "" if case.party_is_person else case.party_representative,
        "CF_XDR_ZJLX": PERSON_ID if case.party_is_person else "",
        "CF_XDR_ZJHM": case.party_identifier if case.party_is_person else "",
        "CF_WSH": decision.document_no,
        "CF_WFXW": case.cause,
        "CF_SY": case.facts,
        "CF_YJ": "；".join(penalty_basis(case, decision)),
        "CF_CFLB": penalty_kinds(decision),
        "CF_NR": "".join(_without_persons(decision)),
        "CF_NR_FK": to_wan(decision.fine) if decision.fine is not None else None,
        "CF_NR_WFFF": to_wan(decision.confiscation) if decision.confiscation else None,
        "CF_JDRQ": decision.decided_on,
        "CF_YXQ": _valid_until(decision, until),
        "CF_GSJZQ": until,
        "CF_CFJG": case.authority.name,
        "CF_CFJGDM": case.authority.uscc,
        "CF_SJLY": case.authority.name,
        "CF_SJLYDM": case.authority.uscc,
    }
    try:
        return CreditRecord.model_validate(fields)
    except ValidationError as error:
        raise Refusal(
            _("Credit record: %(problem)s") % {"problem": _first(error)}, field="gravity"
        ) from error


def penalty_kinds(decision: Decision) -> tuple[PenaltyKind, ...]:
    """Return the kinds of penalty of a decision (行政处罚法 第九条)."""
    found = [kind for word, kind in WORDS if word in decision.other_penalties]
    if decision.fine is not None:
        found.append("罚款")
    if decision.confiscation:
        found.append("没收违法所得、没收非法财物")
    if decision.ban_months:
        found.append("限制从业")
    return tuple(found) or ("其他",)


def public_until(decided_on: date, gravity: str) -> date:
    """Return the last day of the longest publicity of a class (信用修复管理办法, 来源待核)."""
    years = PUBLIC_YEARS[Gravity(gravity)]
    return due_date(decided_on, years, Unit.YEAR, calendar(), roll_forward=False).due


def _valid_until(decision: Decision, until: date) -> date:
    if not decision.ban_months:
        return until
    return due_date(decision.decided_on, decision.ban_months, Unit.MONTH, calendar(), roll_forward=False).due


def _without_persons(decision: Decision) -> list[str]:
    """The operative part about the party itself: responsible persons are not published (个人信息保护法)."""
    lines = penalty_lines(decision)
    return lines[: len(lines) - len(decision.persons)] if decision.persons else lines


def _first(error: ValidationError) -> str:
    """The first problem in words, with the Chinese name of its field."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] in {"missing", "string_too_short", "too_short"}:
        message = "必填，但没有填写"
    return f"{COLUMNS[name]}（{name}）：{message}" if name in COLUMNS else message
