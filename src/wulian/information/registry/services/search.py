"""Keeps the full-text index in step with the dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from wulian.information.registry.choices import SearchKind
from wulian.information.registry.models import Bid, Lot, Party, Project, SearchEntry, Tender
from wulian.information.registry.tokens import index_tokens

BATCH = 500


def index_dossiers(project_ids: Sequence[int]) -> int:
    """Rebuild the entries of these projects and of the parties they name; returns how many were written."""
    ids = sorted(set(project_ids))
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    return sum(_index_projects(batch) + _index_parties(batch) for batch in batches)


@transaction.atomic
def _index_projects(ids: Iterable[int]) -> int:
    projects = Project.objects.filter(pk__in=ids).select_related("owner")
    words: dict[int, list[str]] = {project.pk: [] for project in projects}
    for model, fields in ((Tender, ("name", "tender_code")), (Lot, ("name", "lot_code"))):
        for project_id, *values in model.objects.filter(project_id__in=words).values_list(
            "project_id", *fields
        ):
            words[project_id] += values
    entries = [
        SearchEntry(
            kind=SearchKind.PROJECT,
            project=project,
            title=project.name,
            detail=" · ".join(
                filter(None, [project.project_code, project.owner.name if project.owner else ""])
            ),
            tokens=index_tokens(
                " ".join(
                    [
                        project.name,
                        project.project_code,
                        project.approval_no,
                        project.address,
                        *words[project.pk],
                    ]
                )
            ),
        )
        for project in projects
    ]
    return _write(entries, "project")


@transaction.atomic
def _index_parties(project_ids: Iterable[int]) -> int:
    ids = set(project_ids)
    tender_ids = Tender.objects.filter(project_id__in=ids)
    party_ids = {
        *Project.objects.filter(pk__in=ids).values_list("owner_id", flat=True),
        *tender_ids.values_list("procuring_entity_id", flat=True),
        *tender_ids.values_list("agency_id", flat=True),
        *Bid.objects.filter(project_id__in=ids).values_list("tenderer_id", flat=True),
    }
    entries = [
        SearchEntry(
            kind=SearchKind.PARTY,
            party=party,
            title=party.name,
            detail=party.uscc,
            tokens=index_tokens(f"{party.name} {party.uscc} {party.legal_representative}"),
        )
        for party in Party.objects.current().filter(pk__in=party_ids)
    ]
    return _write(entries, "party")


def _write(entries: list[SearchEntry], owner: str) -> int:
    SearchEntry.objects.filter(
        Q(**{f"{owner}__in": [getattr(entry, f"{owner}_id") for entry in entries]})
    ).delete()
    SearchEntry.objects.bulk_create(entries)
    return len(entries)
