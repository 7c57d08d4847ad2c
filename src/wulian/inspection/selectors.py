"""What a pool is made of."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from wulian.core.accounts.choices import CITY_REGION
from wulian.force.officers.models import Officer
from wulian.force.officers.parties import PartyReference
from wulian.force.officers.selectors import assess_officers, valid_certificate
from wulian.information.registry.models import Party, Project

from .choices import DrawState, ObjectKind
from .models import AnnualPlan, InspectionTask
from .weights import weights_of

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department


def parties_to_draw(*, object_kind: str, sector: str, region_code: str) -> list[Party]:
    """Return the parties that won (or ran) tenders of the sector and region, those merged away excepted, by id."""
    projects = Project.objects.filter(sector=sector)
    if region_code != CITY_REGION:
        projects = projects.filter(region_code__startswith=region_code)
    if object_kind == ObjectKind.AGENCY:
        scope = Q(tender_agency__project__in=projects)
    else:
        scope = Q(award_supplier__project__in=projects)
    ids = Party.objects.current().filter(scope).values("pk").distinct()
    return list(Party.objects.filter(pk__in=ids).order_by("pk"))


def inspections_this_year(year: int) -> dict[int, int]:
    """Return how many inspections each party has in `year`, withdrawn draws not counted."""
    rows = InspectionTask.objects.filter(year=year).exclude(draw__state=DrawState.WITHDRAWN)
    return dict(Counter(rows.values_list("party", flat=True)))


def build_pool(
    *,
    plan: AnnualPlan,
    authority: Department,
    object_kind: str,
    sector: str,
    region_code: str,
    as_of: dt.date,
    random_share: int,
    places: int | None,
    inspectors_per_object: int,
) -> dict[str, Any]:
    """Return the pool to freeze: objects with weights, inspectors with recusals, and who was left out and why.

    `places` None takes the ratio of the plan, rounded up. The pool holds whole numbers and texts only.
    """
    objects, excluded = _objects(plan, object_kind, sector, region_code, as_of)
    inspectors, kept_out = _inspectors(authority, sector, region_code, as_of, objects)
    if places is None:
        places = ceil(len(objects) * plan.ratio / 100)
    return {
        "schema": 1,
        "plan": str(plan),
        "authority": authority.name,
        "filter": {"object_kind": object_kind, "sector": sector, "region_code": region_code},
        "as_of": as_of.isoformat(),
        "places": places,
        "random_share": random_share,
        "inspectors_per_object": inspectors_per_object,
        "objects": objects,
        "inspectors": inspectors,
        "exclusions": excluded + kept_out,
    }


def _objects(
    plan: AnnualPlan, object_kind: str, sector: str, region_code: str, as_of: dt.date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    parties = parties_to_draw(object_kind=object_kind, sector=sector, region_code=region_code)
    done = inspections_this_year(plan.year)
    weights = weights_of([party.pk for party in parties], on=as_of)
    objects, excluded = [], []
    for party in parties:
        row = {"id": f"P{party.pk}", "name": party.name, "uscc": party.uscc}
        if done.get(party.pk, 0) >= plan.frequency_cap:
            reason = f"{plan.year}年已检查{done[party.pk]}次，达到年度频次上限{plan.frequency_cap}次"
            excluded.append({**row, "kind": "object", "reason": reason})
            continue
        weight = weights[party.pk]
        objects.append({**row, "weight": weight.value, "why": weight.explanation})
    return objects, excluded


def _inspectors(
    authority: Department, sector: str, region_code: str, as_of: dt.date, objects: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    references = {row["id"]: PartyReference(row["name"], row["uscc"]) for row in objects}
    officers = assess_officers(authority=authority, sector=sector, region_code=region_code, on=as_of)
    inspectors, excluded = [], []
    for officer in sorted(officers, key=lambda officer: officer.pk):
        row = {"id": f"O{officer.pk}", "name": officer.name}
        certificate = valid_certificate(officer, sector=sector, region_code=region_code, on=as_of)
        if certificate is None or not officer.is_eligible:
            excluded.append({**row, "kind": "inspector", "reason": "；".join(officer.reasons)})
            continue
        recused = _recused_objects(officer, references, as_of)
        inspectors.append({**row, "certificate": certificate.number, "recused": recused})
    return inspectors, excluded


def _recused_objects(officer: Officer, references: dict[str, PartyReference], as_of: dt.date) -> list[str]:
    declared = [recusal.party for recusal in officer.recusals.all() if recusal.covers(as_of)]
    return [key for key, party in references.items() if any(item.matches(party) for item in declared)]
