"""Writes of the jurisdiction list: items are added, ended and published, never changed or deleted."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian import crypto
from wulian.core.accounts.choices import CITY_REGION, DepartmentKind, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.law.regions import region_chain
from wulian.law.violations import violations

from .choices import Level, OfficeRole, Reach, RuleType, Sector
from .models import JurisdictionRule, ListPublication
from .selectors import competent_authority, describe_matter

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

__all__ = ["add_rule", "competent_authority", "end_rule", "publish_list", "seed_jurisdiction"]

logger = logging.getLogger(__name__)
KEEPERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
SEED_NOTE = "演示数据：随州市事权清单原文待市监管办提供"
SEED_FROM = dt.date(2024, 1, 1)
SEED_CODES = tuple(f"WF-{number:02}" for number in range(1, 21))
SEED_SECTIONS = {
    Sector.HOUSING: "建设工程招投标监督管理科",
    Sector.TRANSPORT: "建设管理科",
    Sector.WATER: "规划建设科",
    Sector.LAND: "耕地保护监督科",
    Sector.OTHER: "监督执法科",
}
_COMPLAINT_LIMITS = ["3个工作日内决定是否受理", "受理之日（收到投诉书之日）起30个工作日内作出书面处理决定"]


def add_rule(
    *,
    actor: User,
    item_no: str,
    item_name: str,
    type: str,
    sector: str,
    region_code: str,
    authority: Department,
    legal_basis: list[dict[str, str]],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    violation_code: str = "",
    **details: Any,
) -> JurisdictionRule:
    """Add a dated item. `details` are further fields of JurisdictionRule.

    Raises Forbidden, or Refusal when the office that coordinates is named as the authority, when the violation is not in the
    catalogue, or when another item of the same key applies on one of the days.
    """
    require_role(actor, *KEEPERS)
    _check_item(item_no, type, sector, region_code, violation_code, authority, legal_basis)
    if valid_to is not None and valid_to < valid_from:
        raise Refusal(_("Valid to: expected a day on or after “valid from”."), field="valid_to")
    with transaction.atomic():
        key = {"type": type, "violation_code": violation_code, "sector": sector, "region_code": region_code}
        _refuse_overlap(key, valid_from, valid_to)
        rule = JurisdictionRule(
            **key,
            item_no=item_no.strip(),
            item_name=item_name.strip(),
            level=_level(region_code),
            competent_authority=authority,
            legal_basis=legal_basis,
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_by=actor,
            **details,
        )
        _save(rule)
        record_event(
            actor=actor,
            verb="jurisdiction.rule_added",
            subject=rule,
            summary=describe_matter(**key),
            data={"authority": authority.name, "valid_from": valid_from, "valid_to": valid_to},
        )
    return rule


def end_rule(*, actor: User, rule: JurisdictionRule, valid_to: dt.date, reason: str) -> JurisdictionRule:
    """Set the last day of an item, with the reason; what applied before stays readable."""
    require_role(actor, *KEEPERS)
    if not reason.strip():
        raise Refusal(
            _("Reason: expected why the item ends, such as the number of the new document."), field="reason"
        )
    with transaction.atomic():
        rule = JurisdictionRule.objects.select_for_update().get(pk=rule.pk)
        if rule.valid_to is not None and rule.valid_to <= timezone.localdate():
            raise Refusal(_("The item has already ended on %(day)s.") % {"day": rule.valid_to.isoformat()})
        if valid_to < rule.valid_from:
            raise Refusal(
                _("Last day: expected a day on or after %(day)s.") % {"day": rule.valid_from.isoformat()},
                field="valid_to",
            )
        if rule.valid_to is not None and valid_to > rule.valid_to:
            raise Refusal(_("An item can be ended earlier, not later; add a new one."), field="valid_to")
        before = rule.valid_to
        rule.valid_to, rule.end_reason = valid_to, reason.strip()
        rule.save(update_fields=["valid_to", "end_reason"])
        record_event(
            actor=actor,
            verb="jurisdiction.rule_ended",
            subject=rule,
            summary=rule.end_reason,
            changes={"valid_to": [before, valid_to]},
        )
    return rule


def publish_list(*, actor: User, url: str, as_of: dt.date | None = None) -> ListPublication:
    """Freeze the items in force on `as_of` (default today) with their SM3 digest, and mark them as published at `url`."""
    require_role(actor, Role.OFFICE_HEAD)
    if not url.strip().startswith(("http://", "https://")):
        raise Refusal(_("Public address: expected the full address of the public page."), field="url")
    day = as_of or timezone.localdate()
    with transaction.atomic():
        rules = list(JurisdictionRule.objects.in_force(day).select_related("competent_authority"))
        if not rules:
            raise Refusal(_("The jurisdiction list has no item in force on that day."), field="as_of")
        items = [public_item(rule) for rule in rules]
        last = ListPublication.objects.aggregate(last=Max("number"))["last"] or 0
        publication = ListPublication.objects.create(
            number=last + 1,
            as_of=day,
            published_by=actor,
            url=url.strip(),
            items=items,
            item_count=len(items),
            digest=crypto.hexdigest(canonical_json(items)),
        )
        JurisdictionRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(published_url=url.strip())
        record_event(
            actor=actor,
            verb="jurisdiction.list_published",
            subject=publication,
            summary=url.strip(),
            data={"items": len(items), "digest": publication.digest},
        )
    return publication


def public_item(rule: JurisdictionRule) -> dict[str, Any]:
    """What of an item is made public."""
    return {
        "item_no": rule.item_no,
        "item_name": rule.item_name,
        "type": rule.type,
        "sector": rule.sector,
        "violation_code": rule.violation_code,
        "region_code": rule.region_code,
        "reach": rule.reach,
        "authority": rule.competent_authority.name,
        "handling_section": rule.handling_section,
        "legal_basis": rule.legal_basis,
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "demonstration": rule.is_demonstration,
    }


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the bytes that are hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seed_jurisdiction() -> int:
    """Fill a believable list for demonstration from the departments present; returns how many items are new.

    Each sector's city authority is competent for penalties WF-01…WF-20 and for complaints, the county's public-resource
    supervision for its own region. Suizhou's own list is an open question (REFERENCE L-1, L-5), so every item is marked
    as demonstration.
    """
    with transaction.atomic():
        known = set(
            JurisdictionRule.objects.values_list("type", "violation_code", "sector", "region_code")
        )  # an item that was ended is not seeded again
        rules = [
            rule
            for rule in _seed_rules()
            if (rule.type, rule.violation_code, rule.sector, rule.region_code) not in known
        ]
        JurisdictionRule.objects.bulk_create(rules, batch_size=200)
        if rules:
            record_event(
                actor=None, verb="jurisdiction.list_seeded", summary=SEED_NOTE, data={"items": len(rules)}
            )
    return len(rules)


def _seed_rules() -> Iterable[JurisdictionRule]:
    for region, authorities in _seed_authorities().items():
        for sector, authority in authorities.items():
            for code in SEED_CODES:
                item = violations()[code]
                yield _seed_rule(
                    RuleType.PENALTY, sector, region, authority,
                    violation_code=code,
                    item_name=f"对{item.title}的处罚"[:300],
                    object=item.offender,
                    legal_basis=[
                        {"instrument": p.instrument, "article": str(p.article), "text": str(p)} for p in item.provisions
                    ],
                    documents=["W03", "W22", "W29"],
                    time_limits=["自立案之日起90日内作出行政处罚决定"],
                    needs_legal_review=True,
                )  # fmt: skip
            yield _seed_rule(
                RuleType.COMPLAINT, sector, region, authority,
                item_name="工程建设项目招标投标活动投诉处理",
                object="投标人和其他利害关系人",
                legal_basis=[
                    {"instrument": "TL", "article": "60", "text": "《招标投标法实施条例》第六十条"},
                    {"instrument": "TL", "article": "61", "text": "《招标投标法实施条例》第六十一条"},
                ],
                time_limits=_COMPLAINT_LIMITS,
                office_role=OfficeRole.RECEIVES,
            )  # fmt: skip


def _seed_rule(
    type: RuleType,
    sector: Sector,
    region: str,
    authority: Department,
    *,
    violation_code: str = "",
    **details: Any,
) -> JurisdictionRule:
    kind = {RuleType.PENALTY: "CF", RuleType.COMPLAINT: "TS"}[type]
    number = f"{kind}-{region}-{sector.value[:2].upper()}" + (
        f"-{violation_code[3:]}" if violation_code else ""
    )
    city = region == CITY_REGION
    return JurisdictionRule(
        item_no=number,
        type=type,
        sector=sector,
        region_code=region,
        violation_code=violation_code,
        level=Level.CITY if city else Level.COUNTY,
        reach=Reach.BELOW if city else Reach.OWN,
        competent_authority=authority,
        handling_section=SEED_SECTIONS[sector] if city else "综合监管股",
        valid_from=SEED_FROM,
        is_demonstration=True,
        **details,
    )  # fmt: skip


def _seed_authorities() -> dict[str, dict[Sector, Department]]:
    """Region → sector → authority, from the departments present; a sector without its own goes to public resources."""
    authorities = list(
        Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True).order_by("id")
    )
    found: dict[str, dict[Sector, Department]] = {}
    for region in sorted({item.region_code for item in authorities}):
        local = [item for item in authorities if item.region_code == region]
        by_sector = {item.sector: item for item in reversed(local) if item.sector}
        general = next((item for item in local if not item.sector and "公共资源" in item.name), None)
        general = general or next((item for item in local if not item.sector), None)
        pairs: Mapping[Sector, Department | None] = {
            sector: by_sector.get(sector.value) or general for sector in Sector
        }
        found[region] = {sector: item for sector, item in pairs.items() if item is not None}
    return found


def _level(region_code: str) -> Level:
    return Level.COUNTY if region_code[:6] != CITY_REGION else Level.CITY


def _check_item(
    item_no: str,
    type: str,
    sector: str,
    region_code: str,
    violation_code: str,
    authority: Department,
    legal_basis: list[dict[str, str]],
) -> None:
    if not item_no.strip():
        raise Refusal(_("Item number: expected the number in the published list."), field="item_no")
    if type not in RuleType.values:
        raise Refusal(_("Type: expected one of the types of the list."), field="type")
    if sector not in Sector.values:
        raise Refusal(_("Sector: expected one of the sectors of the list."), field="sector")
    try:
        region_chain(region_code)
    except ValueError:
        raise Refusal(
            _("Administrative region: expected six digits such as 421303."), field="region_code"
        ) from None
    if violation_code and violation_code not in violations():
        raise Refusal(
            _("Violation type: %(code)s is not in the penalty catalogue.") % {"code": violation_code},
            field="violation_code",
        )
    if type == RuleType.PENALTY and not violation_code:
        raise Refusal(_("Violation type: a penalty item names one violation."), field="violation_code")
    if authority.kind != DepartmentKind.AUTHORITY:
        raise Refusal(
            _("Authority in charge: %(name)s only coordinates or supports and cannot act in its own name.")
            % {"name": authority.name},
            field="authority",
        )
    if not legal_basis or not all(row.get("instrument") and row.get("article") for row in legal_basis):
        raise Refusal(
            _("Legal basis: expected at least one instrument with its article."), field="legal_basis"
        )


def _refuse_overlap(key: Mapping[str, str], valid_from: dt.date, valid_to: dt.date | None) -> None:
    # The lock makes two writers of one key wait for each other once there is a row; the constraints catch the rest.
    same_key = JurisdictionRule.objects.select_for_update().filter(**key)
    other = same_key.overlapping(valid_from, valid_to).order_by("valid_from").first()
    if other is not None:
        raise Refusal(
            _("Item %(item)s already names %(authority)s for the same matter from %(start)s to %(end)s; end it first.")
            % {
                "item": other.item_no,
                "authority": other.competent_authority.name,
                "start": other.valid_from.isoformat(),
                "end": other.valid_to.isoformat() if other.valid_to else "—",
            },
            field="valid_from",
        )  # fmt: skip


def _save(rule: JurisdictionRule) -> None:
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            _("Another item of the same matter was added at the same moment; look at the list again.")
        ) from None
