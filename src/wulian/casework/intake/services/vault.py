"""Opening a reporter's identity: a reason, a second person, an expiry, and every look in the audit trail (REFERENCE D.9)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.blind import details_of
from wulian.casework.intake.choices import OpeningState
from wulian.casework.intake.models import IdentityOpening, Matter, ReporterIdentity
from wulian.casework.intake.services.contents import ReporterDetails
from wulian.casework.intake.services.guards import require_authority, require_sight
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.notifications import notify

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

REQUESTERS: Final = (Role.CASE_OFFICER, Role.SECTION_HEAD, Role.AUTHORITY_HEAD)
APPROVERS: Final = (Role.DISCIPLINE, Role.OFFICE_HEAD)
LONGEST_HOURS: Final = 72


def request_opening(*, actor: User, matter: Matter, reason: str, hours: int) -> IdentityOpening:
    """Ask to see who the reporter is, for `hours` (1 to 72) once a second person agrees.

    Raises Forbidden for others than the competent authority, Refusal for an anonymous reporter, a missing reason, or a request
    that already waits.
    """
    require_authority(actor, matter)
    require_role(actor, *REQUESTERS)
    identity = ReporterIdentity.objects.filter(receipt=matter.receipt_id).first()
    if identity is None:
        raise Refusal(_("The reporter is anonymous; there is no identity to open."))
    if len(reason.strip()) < 10:
        raise Refusal(
            _("Reason: say in at least ten characters why the case cannot go on without it."), field="reason"
        )
    if not 1 <= hours <= LONGEST_HOURS:
        raise Refusal(_("Hours: expected 1 to %(n)s.") % {"n": LONGEST_HOURS}, field="hours")
    open_requests = IdentityOpening.objects.filter(identity=identity, requested_by=actor)
    with transaction.atomic():
        ReporterIdentity.objects.select_for_update().get(pk=identity.pk)
        if open_requests.filter(state=OpeningState.REQUESTED).exists() or open_requests.in_force().exists():
            raise Refusal(_("Your earlier request still waits or is still open."))
        opening = IdentityOpening.objects.create(
            content_type=ContentType.objects.get_for_model(matter),
            object_id=matter.pk,
            identity=identity,
            requested_by=actor,
            reason=reason.strip()[:500],
            hours=hours,
        )
        _record(actor, "intake.opening_requested", matter, opening, opening.reason)
        tell(
            matter,
            roles=APPROVERS,
            title=_("An identity is asked for: %(number)s") % {"number": matter.number},
        )
    return opening


def approve_opening(*, actor: User, opening: IdentityOpening, note: str = "") -> IdentityOpening:
    """Allow it as the second person; the hours run from now. Raises Forbidden for who asked or has not the role."""
    return _decide(actor, opening, OpeningState.APPROVED, note)


def refuse_opening(*, actor: User, opening: IdentityOpening, note: str) -> IdentityOpening:
    """Do not allow it, with the reason."""
    if not note.strip():
        raise Refusal(_("Reason: say why it is not allowed."), field="note")
    return _decide(actor, opening, OpeningState.REFUSED, note)


def open_identity(*, actor: User, opening: IdentityOpening) -> ReporterDetails:
    """Return who the reporter is; each call is an audit event. Raises Forbidden unless it is approved, unexpired and one's own."""
    matter = opening.about
    require_authority(actor, matter)
    with transaction.atomic():
        opening = IdentityOpening.objects.select_for_update().get(pk=opening.pk)
        if not opening.may_be_used_by(actor):
            raise Forbidden(_("This opening is not approved, has expired, or is somebody else's."))
        found = details_of(opening.identity.receipt)
        opening.opened_count += 1
        opening.last_opened_at = timezone.now()
        opening.save(update_fields=["opened_count", "last_opened_at"])
        _record(actor, "intake.identity_opened", matter, opening, opening.reason)
    return ReporterDetails(**found)


def _decide(actor: User, opening: IdentityOpening, state: OpeningState, note: str) -> IdentityOpening:
    require_role(actor, *APPROVERS)
    matter = opening.about
    require_sight(actor, matter)
    if opening.requested_by_id == actor.pk:
        raise Forbidden(_("Who asked for an opening cannot allow it; a second person must."))
    with transaction.atomic():
        opening = IdentityOpening.objects.select_for_update().get(pk=opening.pk)
        if opening.state != OpeningState.REQUESTED:
            raise Refusal(_("This request has been decided already."))
        opening.state, opening.decided_by, opening.decided_at = state, actor, timezone.now()
        opening.decision_note = note.strip()[:500]
        if state == OpeningState.APPROVED:
            opening.expires_at = opening.decided_at + timedelta(hours=opening.hours)
        opening.save()
        _record(actor, f"intake.opening_{state.value}", matter, opening, opening.decision_note)
        notify(
            users=[opening.requested_by],
            title=f"{matter.number}：{opening.get_state_display()}",
            url=matter.get_absolute_url(),
        )
    return opening


def _record(actor: User, verb: str, matter: Matter, opening: IdentityOpening, summary: str) -> None:
    record_event(
        actor=actor,
        verb=verb,
        subject=matter,
        summary=summary,
        data={"opening": opening.pk, "alias": matter.alias, "hours": opening.hours},
    )
