"""What came in under a receipt, rebuilt from the stored matters as the text over which the digest was taken."""

from __future__ import annotations

from wulian import crypto
from wulian.casework.intake.models import Complaint, Matter, Receipt
from wulian.casework.intake.selectors import matters_of
from wulian.casework.intake.services.contents import COMPLAINT_FIELDS, MatterContent
from wulian.core.audit.models import AuditEvent

SAME: tuple[str, ...] = (
    "topic", "facts", "relation", "project_text", "respondent_name", "happened_on", "request", "evidence",
)  # fmt: skip


def contents_of(receipt: Receipt) -> list[str]:
    """Return the canonical text of each matter; joined by line ends their SM3 is the digest of the receipt.

    Empty when it can no longer be rebuilt: the dossier that was chosen has another number by now, or the clerk moved the matter
    to another one.
    """
    found = []
    for place, matter in enumerate(_as_entered(receipt)):
        content = _content_of(matter, receipt.materials if place == 0 else "")
        found.append(content.canonical(kind=matter.kind).decode())
    return found if crypto.hexdigest("\n".join(found).encode()) == receipt.digest else []


def _as_entered(receipt: Receipt) -> list[Matter]:
    """The matters in the order in which they were stored, which their numbers do not tell across kinds."""
    matters = matters_of(receipt)
    if len(matters) < 2:
        return matters
    events = AuditEvent.objects.filter(
        verb="intake.received", subject_id__in=[str(row.pk) for row in matters]
    )
    order = {(kind, pk): place for place, kind, pk in events.values_list("id", "subject_type", "subject_id")}
    return sorted(matters, key=lambda row: order.get((row._meta.label_lower, str(row.pk)), 0))


def _content_of(matter: Matter, materials: str) -> MatterContent:
    own = {name: getattr(matter, name) for name in SAME}
    if isinstance(matter, Complaint):
        own |= {name: getattr(matter, name) for name in COMPLAINT_FIELDS}
    if not matter.project_text:
        # Where the project came in one's own words, a dossier was linked to it only later.
        own |= {"project": matter.project, "lot": matter.lot}
    return MatterContent(materials=materials, **own)
