"""The yearly plan: written and published."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event
from wulian.inspection.models import AnnualPlan
from wulian.inspection.permissions import KEEPERS

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def create_plan(
    *,
    actor: User,
    year: int,
    title: str,
    ratio: Decimal,
    frequency_cap: int,
    items: str,
    departments: Iterable[Department],
    basis: str = "",
) -> AnnualPlan:
    """Draft the plan of a year: `ratio` per cent of the objects, at most `frequency_cap` inspections of one object."""
    require_role(actor, *KEEPERS)
    taking_part = list(dict.fromkeys(departments))
    if not timezone.localdate().year - 1 <= year <= timezone.localdate().year + 1:
        raise Refusal(_("Year: expected last year, this year or the next."), field="year")
    if not title.strip():
        raise Refusal(_("Title: expected a few words."), field="title")
    if not 0 < ratio <= 100:
        raise Refusal(_("Ratio: expected more than 0 and at most 100 per cent."), field="ratio")
    if not 1 <= frequency_cap <= 12:
        raise Refusal(_("Inspections a year: expected 1 to 12."), field="frequency_cap")
    if not items.strip():
        raise Refusal(_("Inspection items: expected at least one, a line each."), field="items")
    if not taking_part:
        raise Refusal(_("Departments: expected at least one."), field="departments")
    if AnnualPlan.objects.filter(year=year, title=title.strip()).exists():
        raise Refusal(_("There is already a plan of this year with this title."), field="title")
    with transaction.atomic():
        plan = AnnualPlan.objects.create(
            year=year,
            title=title.strip(),
            ratio=ratio,
            frequency_cap=frequency_cap,
            items=items.strip(),
            basis=basis.strip(),
            created_by=actor,
        )
        plan.departments.set(taking_part)
        record_event(actor=actor, verb="inspection.plan_created", subject=plan)
    return plan


def publish_plan(*, actor: User, plan: AnnualPlan, url: str) -> AnnualPlan:
    """Publish the plan (优化营商环境条例 第五十四条); draws are made under a published plan only."""
    if not url.strip().startswith(("http://", "https://")):
        raise Refusal(_("Public address: expected the full address of the public page."), field="url")
    with transaction.atomic():
        apply_event(subject=plan, event="publish_plan", actor=actor, data={"url": url.strip()})
        plan.published_at, plan.published_url = timezone.now(), url.strip()
        plan.save(update_fields=["published_at", "published_url"])
    return plan
