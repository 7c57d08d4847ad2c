"""Saying that two matters are about the same; neither is merged or deleted (C02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import LinkKind
from wulian.casework.intake.likeness import marks_of
from wulian.casework.intake.models import Matter, MatterLink, TextMark
from wulian.casework.intake.services.guards import require_sight
from wulian.casework.intake.similar import likeness_between
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LINKERS = (Role.CLERK, Role.DISPATCHER, Role.CASE_OFFICER, Role.SECTION_HEAD)


def link_matters(*, actor: User, matter: Matter, other: Matter, kind: str, reason: str) -> MatterLink:
    """Link a matter to one that came in earlier, with the reason and what the machine saw.

    Raises Forbidden for who may not see the matter or stands too near to the other, Refusal for the same matter, a pair that
    is linked already, or without a reason.
    """
    require_role(actor, *LINKERS)
    require_sight(actor, matter)
    if not type(other)._default_manager.filter(pk=other.pk).without_conflict(actor).exists():  # type: ignore[attr-defined]
        raise Forbidden(_("You may not see this matter."))
    if kind not in (LinkKind.REPEAT, LinkKind.RELATED):
        raise Refusal(_("Kind: the same matter again, or a related one."), field="kind")
    if not reason.strip():
        raise Refusal(_("Reason: say why they belong together."), field="reason")
    if (type(matter), matter.pk) == (type(other), other.pk):
        raise Refusal(_("A matter cannot be linked to itself."), field="other")
    later, earlier = sorted((matter, other), key=lambda row: (row.received_at, row.receipt_id), reverse=True)
    grounds = likeness_between(matter, other).words()
    return write_link(
        actor=actor, later=later, earlier=earlier, kind=kind, reason=reason.strip(), grounds=grounds
    )


def write_link(
    *, actor: User, later: Matter, earlier: Matter, kind: str, reason: str, grounds: list[str] | None = None
) -> MatterLink:
    """Write a link once the right to do so has been checked; raises Refusal when the two are linked already."""
    with transaction.atomic():
        if MatterLink.objects.of(later).filter(pk__in=MatterLink.objects.of(earlier).values("pk")).exists():
            raise Refusal(_("These two have been linked before."), field="other")
        link = MatterLink.objects.create(
            content_type=ContentType.objects.get_for_model(later),
            object_id=later.pk,
            other_type=ContentType.objects.get_for_model(earlier),
            other_id=earlier.pk,
            kind=kind,
            reason=reason[:300],
            grounds=grounds or [],
            linked_by=actor,
        )
        for end, far in ((later, earlier), (earlier, later)):
            record_event(
                actor=actor,
                verb="intake.linked",
                subject=end,
                summary=f"{far.number}：{link.get_kind_display()}",
                data={"other": far.number, "reason": link.reason},
            )
    return link


def remember_text(matter: Matter) -> None:
    """Write the marks by which near copies of the facts are found."""
    kind = ContentType.objects.get_for_model(matter)
    TextMark.objects.bulk_create(
        [TextMark(content_type=kind, object_id=matter.pk, mark=mark) for mark in marks_of(matter.facts)],
        ignore_conflicts=True,
    )
