"""Who is competent, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.law.regions import region_chain
from wulian.law.violations import violations

from .choices import Reach, RuleType, Sector
from .models import JurisdictionRule

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department

REGION_NAMES = {
    "421300": "随州市",
    "421303": "曾都区",
    "421321": "随县",
    "421381": "广水市",
    "420000": "湖北省",
}


@dataclass(frozen=True)
class Answer:
    """The item that decides, and the sentence that says why."""

    rule: JurisdictionRule
    reason: str

    @property
    def authority(self) -> Department:
        return self.rule.competent_authority


def competent_authority(
    *, violation_code: str = "", sector: str, region_code: str, on: dt.date, type: str = RuleType.PENALTY
) -> Department:
    """Return the one authority that the list names for this matter on `on`.

    `type` is "penalty" or "complaint" (or another RuleType). Raises Refusal naming the entry that is missing, or the
    entries that contradict each other; both go to a consultation (REFERENCE I.5).
    """
    return who_is_competent(
        violation_code=violation_code, sector=sector, region_code=region_code, on=on, type=type
    ).authority


def who_is_competent(
    *, violation_code: str = "", sector: str, region_code: str, on: dt.date, type: str = RuleType.PENALTY
) -> Answer:
    """Return the deciding item with its reason; raises Refusal as `competent_authority` does.

    The region's own items go before the city's, and in a region an item of the violation before one of every violation.
    """
    chain = _chain(region_code)
    rows = list(
        JurisdictionRule.objects.in_force(on)
        .filter(
            type=type, sector=sector, region_code__in=chain, violation_code__in={violation_code, ""}
        )
        .select_related("competent_authority")
    )  # fmt: skip
    for region in chain:
        for code in dict.fromkeys((violation_code, "")):
            found = [row for row in rows if row.region_code == region and row.violation_code == code]
            found = [row for row in found if region == region_code or row.reach == Reach.BELOW]
            if len(found) > 1:
                items = "、".join(row.item_no for row in found)
                raise Refusal(
                    _("The jurisdiction list names more than one item for this matter (%(items)s); take it to a consultation.")
                    % {"items": items},
                    field="violation_code",
                )  # fmt: skip
            if found:
                return Answer(found[0], _reason(found[0], region_code, violation_code))
    raise Refusal(
        _(
            "The jurisdiction list has no item for %(matter)s on %(day)s. Without it no authority may act; "
            "take the matter to a consultation to decide who is competent."
        )
        % {
            "matter": describe_matter(type=type, violation_code=violation_code, sector=sector, region_code=region_code),
            "day": on.isoformat(),
        },
        field="violation_code",
    )  # fmt: skip


def describe_matter(*, type: str, violation_code: str, sector: str, region_code: str) -> str:
    """Name type, violation, sector and region in words."""
    parts = [
        str(RuleType(type).label),
        violation_code or _("every violation"),
        str(Sector(sector).label) if sector in Sector.values else sector,
        region_name(region_code),
    ]
    return "·".join(parts)


def region_name(region_code: str) -> str:
    """Name of a region with its code."""
    name = REGION_NAMES.get(region_code, "")
    return f"{name} {region_code}".strip()


def history_of(rule: JurisdictionRule) -> list[JurisdictionRule]:
    """All items of the same key, the newest first."""
    return list(
        JurisdictionRule.objects.filter(
            type=rule.type,
            violation_code=rule.violation_code,
            sector=rule.sector,
            region_code=rule.region_code,
        )
        .select_related("competent_authority", "recorded_by")
        .order_by("-valid_from", "-id")
    )


def violation_choices() -> list[tuple[str, str]]:
    """Codes of the penalty catalogue with their titles, for forms."""
    return [(code, f"{code} {item.title}") for code, item in violations().items()]


def _chain(region_code: str) -> tuple[str, ...]:
    try:
        return region_chain(region_code)
    except ValueError:
        raise Refusal(
            _("Administrative region: expected six digits such as 421303, not “%(code)s”.")
            % {"code": region_code},
            field="region_code",
        ) from None


def _reason(rule: JurisdictionRule, region_code: str, violation_code: str) -> str:
    parts = [
        _("Item %(item)s, in force since %(day)s.")
        % {"item": rule.item_no, "day": rule.valid_from.isoformat()}
    ]
    if violation_code and not rule.violation_code:
        parts.append(_("No item names this violation, so the item for every violation applies."))
    if rule.region_code != region_code:
        parts.append(
            _("%(region)s has no item of its own; the item of %(outer)s also covers it.")
            % {"region": region_name(region_code), "outer": region_name(rule.region_code)}
        )
    return " ".join(parts)
