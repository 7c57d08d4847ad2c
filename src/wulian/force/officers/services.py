"""Writes of the officer library, and the check that every act against a party passes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.law.regions import region_chain

from .choices import Relation, Sector
from .models import (
    Certificate,
    CertificateSuspension,
    Leave,
    Officer,
    RecusalDeclaration,
    TrainingRecord,
)
from .parties import party_references
from .permissions import KEEPERS, keeps_library, require_edit
from .selectors import reasons_against, valid_certificate, with_records

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

MINIMUM_OFFICERS = 2
"""行政处罚法 第四十二条: 执法人员不得少于两人."""


@dataclass(frozen=True)
class CheckedOfficer:
    """An officer who may act, with the certificate that carries the act."""

    officer: Officer
    certificate: Certificate

    @property
    def name(self) -> str:
        """Full name, as a document prints it."""
        return self.officer.name

    @property
    def certificate_no(self) -> str:
        """Number of the certificate that carries the act, as a document prints it."""
        return self.certificate.number


def check_officers(
    *,
    officers: Iterable[Officer],
    authority: Department,
    sector: str,
    region_code: str,
    on: dt.date,
    parties: Iterable[Any] = (),
) -> list[CheckedOfficer]:
    """Return the officers with their certificates, or raise Refusal naming each officer and each reason.

    At least two different enforcement officers of `authority` are needed, each with a certificate valid on `on` for sector
    and region, not on leave, without a recusal against one of `parties`, and not auxiliary (行政处罚法 第四十二条、第四十三条).
    """
    ids = list(dict.fromkeys(officer.pk for officer in officers))
    found = {officer.pk: officer for officer in with_records(Officer.objects.filter(pk__in=ids))}
    references = party_references(parties)
    problems, checked = [], []
    for pk in ids:
        officer = found[pk]
        reasons = reasons_against(
            officer, authority=authority, sector=sector, region_code=region_code, on=on, parties=references
        )
        certificate = valid_certificate(officer, sector=sector, region_code=region_code, on=on)
        if reasons or certificate is None:
            problems.append(f"{officer.name}（{'；'.join(reasons)}）")
        else:
            checked.append(CheckedOfficer(officer, certificate))
    if problems:
        raise Refusal(
            _("Officers: %(problems)s. The act needs officers who may act on %(day)s.")
            % {"problems": "、".join(problems), "day": on.isoformat()},
            field="officers",
        )
    if len(checked) < MINIMUM_OFFICERS:
        raise Refusal(
            _("Officers: expected at least two enforcement officers, found %(count)d.")
            % {"count": len(checked)},
            field="officers",
        )
    return checked


def register_officer(
    *,
    actor: User,
    user: User,
    authority: Department,
    rank: str = "",
    seconded_to: Department | None = None,
    secondment_from: dt.date | None = None,
    secondment_to: dt.date | None = None,
    secondment_document: str = "",
    legal_qualification_no: str = "",
    legal_qualification_date: dt.date | None = None,
    is_hearing_host: bool = False,
    is_auxiliary: bool = False,
) -> Officer:
    """Enter a person into the library; a seconded officer still acts in the name of `authority` only."""
    require_role(actor, *KEEPERS)
    if authority.kind != DepartmentKind.AUTHORITY:
        raise Refusal(
            _("Authority: %(name)s is not a competent authority; officers act in the name of one.")
            % {"name": authority.name},
            field="authority",
        )
    if Officer.objects.filter(user=user).exists():
        raise Refusal(_("%(name)s is already in the library.") % {"name": user.full_name}, field="user")
    if seconded_to is not None and not (secondment_from and secondment_document.strip()):
        raise Refusal(
            _("Secondment: expected its first day and the number of its document."),
            field="secondment_document",
        )
    with transaction.atomic():
        officer = Officer.objects.create(
            user=user,
            authority=authority,
            rank=rank,
            seconded_to=seconded_to,
            secondment_from=secondment_from,
            secondment_to=secondment_to,
            secondment_document=secondment_document.strip(),
            legal_qualification_no=legal_qualification_no,
            legal_qualification_date=legal_qualification_date,
            is_hearing_host=is_hearing_host,
            is_auxiliary=is_auxiliary,
        )
        record_event(
            actor=actor,
            verb="officers.officer_registered",
            subject=officer,
            data={"authority": authority.name},
        )
    return officer


def add_certificate(
    *,
    actor: User,
    officer: Officer,
    number: str,
    issuer: str,
    sectors: Iterable[str],
    region_code: str,
    valid_from: dt.date,
    valid_to: dt.date,
) -> Certificate:
    """Add a 行政执法证 (both days inclusive); one that an officer enters waits until the library's keeper confirms it."""
    require_edit(actor, officer)
    chosen = sorted({str(sector) for sector in sectors})
    if officer.is_auxiliary:
        raise Refusal(_("Auxiliary staff hold no enforcement certificate."), field="number")
    if not number.strip() or not issuer.strip():
        raise Refusal(_("Certificate: expected its number and its issuer."), field="number")
    if not chosen or not set(chosen) <= set(Sector.values):
        raise Refusal(_("Sectors: expected at least one sector of the list."), field="sectors")
    _require_region(region_code)
    if valid_to < valid_from:
        raise Refusal(_("Valid to: expected a day on or after “valid from”."), field="valid_to")
    confirmed = keeps_library(actor) and officer.user_id != actor.pk
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(
                officer=officer,
                number=number.strip(),
                issuer=issuer.strip(),
                sectors=chosen,
                region_code=region_code,
                valid_from=valid_from,
                valid_to=valid_to,
                confirmed_at=timezone.now() if confirmed else None,
                confirmed_by=actor if confirmed else None,
            )
            record_event(
                actor=actor,
                verb="officers.certificate_added",
                subject=officer,
                summary=certificate.number,
                data={
                    "sectors": chosen,
                    "region": region_code,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                },
            )
    except IntegrityError:
        raise Refusal(
            _("Certificate number %(number)s is already in the library.") % {"number": number.strip()},
            field="number",
        ) from None
    return certificate


def confirm_certificate(*, actor: User, certificate: Certificate) -> Certificate:
    """Confirm what an officer entered against the paper; nobody confirms the own certificate."""
    require_role(actor, *KEEPERS)
    if certificate.officer.user_id == actor.pk:
        raise Refusal(_("Nobody confirms the own certificate; ask a colleague."))
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if certificate.confirmed_at is not None:
            raise Refusal(_("The certificate is already confirmed."))
        certificate.confirmed_at, certificate.confirmed_by = timezone.now(), actor
        certificate.save(update_fields=["confirmed_at", "confirmed_by"])
        record_event(
            actor=actor,
            verb="officers.certificate_confirmed",
            subject=certificate.officer,
            summary=certificate.number,
        )
    return certificate


def suspend_certificate(
    *, actor: User, certificate: Certificate, starts_on: dt.date, ends_on: dt.date | None = None, reason: str
) -> CertificateSuspension:
    """暂扣: take a certificate out of use from a day, open or to a last day."""
    require_role(actor, *KEEPERS)
    _require_reason(reason)
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(_("Last day: expected a day on or after the first."), field="ends_on")
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
        suspension = CertificateSuspension.objects.create(
            certificate=certificate, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()
        )
        record_event(
            actor=actor,
            verb="officers.certificate_suspended",
            subject=certificate.officer,
            summary=reason.strip(),
            data={"number": certificate.number, "from": starts_on, "to": ends_on},
        )
    return suspension


def end_suspension(
    *, actor: User, suspension: CertificateSuspension, ends_on: dt.date
) -> CertificateSuspension:
    """Give the last day of an open suspension."""
    require_role(actor, *KEEPERS)
    with transaction.atomic():
        suspension = CertificateSuspension.objects.select_for_update().get(pk=suspension.pk)
        if suspension.ends_on is not None:
            raise Refusal(_("The suspension already has a last day."))
        if ends_on < suspension.starts_on:
            raise Refusal(_("Last day: expected a day on or after the first."), field="ends_on")
        suspension.ends_on = ends_on
        suspension.save(update_fields=["ends_on"])
        record_event(
            actor=actor,
            verb="officers.suspension_ended",
            subject=suspension.certificate.officer,
            summary=suspension.certificate.number,
            changes={"ends_on": [None, ends_on]},
        )
    return suspension


def revoke_certificate(
    *, actor: User, certificate: Certificate, revoked_on: dt.date, reason: str
) -> Certificate:
    """吊销: the certificate is worth nothing from `revoked_on`; acts before that day keep their certificate."""
    require_role(actor, *KEEPERS)
    _require_reason(reason)
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if certificate.revoked_on is not None:
            raise Refusal(_("The certificate is already revoked."))
        certificate.revoked_on, certificate.revocation_reason = revoked_on, reason.strip()
        certificate.save(update_fields=["revoked_on", "revocation_reason"])
        record_event(
            actor=actor,
            verb="officers.certificate_revoked",
            subject=certificate.officer,
            summary=reason.strip(),
            data={"number": certificate.number, "on": revoked_on},
        )
    return certificate


def record_leave(
    *, actor: User, officer: Officer, starts_on: dt.date, ends_on: dt.date, reason: str
) -> Leave:
    """Record an absence, both days inclusive."""
    require_edit(actor, officer)
    _require_reason(reason)
    if ends_on < starts_on:
        raise Refusal(_("Last day: expected a day on or after the first."), field="ends_on")
    with transaction.atomic():
        leave = Leave.objects.create(
            officer=officer, starts_on=starts_on, ends_on=ends_on, reason=reason.strip(), recorded_by=actor
        )
        record_event(
            actor=actor,
            verb="officers.leave_recorded",
            subject=officer,
            data={"from": starts_on, "to": ends_on},
        )
    return leave


def cancel_leave(*, actor: User, leave: Leave) -> Leave:
    """Cancel an absence; the row stays."""
    require_edit(actor, leave.officer)
    with transaction.atomic():
        leave = Leave.objects.select_for_update().get(pk=leave.pk)
        if leave.cancelled_at is not None:
            raise Refusal(_("The leave is already cancelled."))
        leave.cancelled_at = timezone.now()
        leave.save(update_fields=["cancelled_at"])
        record_event(actor=actor, verb="officers.leave_cancelled", subject=leave.officer, summary=str(leave))
    return leave


def declare_recusal(
    *,
    actor: User,
    officer: Officer,
    party_name: str,
    relation: str,
    party_uscc: str = "",
    explanation: str = "",
    valid_from: dt.date | None = None,
) -> RecusalDeclaration:
    """Declare a relation to a party (行政处罚法 第四十三条); the trail names neither the party nor the relation."""
    require_edit(actor, officer)
    if not party_name.strip():
        raise Refusal(_("Party: expected the name of the firm or person."), field="party_name")
    if relation not in Relation.values:
        raise Refusal(_("Relation: expected one of the list."), field="relation")
    code = party_uscc.strip().upper()
    if code and len(code) != 18:
        raise Refusal(
            _("Unified social credit code: expected 18 characters, found %(count)d.") % {"count": len(code)},
            field="party_uscc",
        )
    with transaction.atomic():
        recusal = RecusalDeclaration.objects.create(
            officer=officer,
            party_name=party_name.strip(),
            party_uscc=code,
            relation=relation,
            explanation=explanation.strip(),
            valid_from=valid_from or timezone.localdate(),
            declared_by=actor,
        )
        record_event(
            actor=actor, verb="officers.recusal_declared", subject=officer, data={"declaration": recusal.pk}
        )
    return recusal


def end_recusal(*, actor: User, recusal: RecusalDeclaration, valid_to: dt.date) -> RecusalDeclaration:
    """Give the last day of a declaration; only who keeps the library may, so that nobody lifts the own recusal."""
    require_role(actor, *KEEPERS)
    if recusal.officer.user_id == actor.pk:
        raise Refusal(_("Nobody ends the own recusal; ask a colleague."))
    with transaction.atomic():
        recusal = RecusalDeclaration.objects.select_for_update().get(pk=recusal.pk)
        if recusal.valid_to is not None:
            raise Refusal(_("The declaration already has a last day."))
        if valid_to < recusal.valid_from:
            raise Refusal(_("Last day: expected a day on or after the first."), field="valid_to")
        recusal.valid_to = valid_to
        recusal.save(update_fields=["valid_to"])
        record_event(
            actor=actor,
            verb="officers.recusal_ended",
            subject=recusal.officer,
            data={"declaration": recusal.pk},
            changes={"valid_to": [None, valid_to]},
        )
    return recusal


def record_training(
    *,
    actor: User,
    officer: Officer,
    title: str,
    held_on: dt.date,
    hours: Decimal,
    organiser: str = "",
    score: Decimal | None = None,
) -> TrainingRecord:
    """Record hours of training (学时), entered by who keeps the library."""
    require_role(actor, *KEEPERS)
    if not title.strip():
        raise Refusal(_("Course: expected its name."), field="title")
    if not 0 < hours <= 200:
        raise Refusal(_("Hours: expected more than 0 and at most 200."), field="hours")
    if held_on > timezone.localdate():
        raise Refusal(_("Date: expected today or an earlier day."), field="held_on")
    with transaction.atomic():
        training = TrainingRecord.objects.create(
            officer=officer,
            title=title.strip(),
            organiser=organiser.strip(),
            held_on=held_on,
            hours=hours,
            score=score,
            recorded_by=actor,
        )
        record_event(
            actor=actor,
            verb="officers.training_recorded",
            subject=officer,
            summary=training.title,
            data={"hours": str(hours), "on": held_on},
        )
    return training


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Reason: expected a few words."), field="reason")


def _require_region(region_code: str) -> None:
    try:
        region_chain(region_code)
    except ValueError:
        raise Refusal(
            _("Administrative region: expected six digits such as 421303."), field="region_code"
        ) from None
