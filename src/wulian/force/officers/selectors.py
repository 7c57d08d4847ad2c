"""Who may act in a matter, and what stands against the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .choices import CertificateState
from .models import TRAINING_HOURS_A_YEAR, Certificate, Officer
from .parties import PartyReference, party_references

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department

EXPIRY_NOTICE_DAYS = 60


def eligible_officers(
    *,
    authority: Department,
    sector: str,
    region_code: str,
    on: dt.date,
    against_parties: Iterable[Any] = (),
) -> list[Officer]:
    """Return the officers of `authority` who may act on `on`: valid certificate, not on leave, no recusal, not auxiliary.

    `against_parties` are registry parties, names, (name, uscc) pairs or PartyReference.
    """
    return [
        officer
        for officer in assess_officers(
            authority=authority,
            sector=sector,
            region_code=region_code,
            on=on,
            against_parties=against_parties,
        )
        if officer.is_eligible
    ]


def assess_officers(
    *,
    authority: Department,
    sector: str,
    region_code: str,
    on: dt.date,
    against_parties: Iterable[Any] = (),
) -> list[Officer]:
    """Return every officer of `authority` with `reasons` filled: those who may act first (empty reasons)."""
    parties = party_references(against_parties)
    officers = list(with_records(Officer.objects.filter(authority=authority)))
    for officer in officers:
        officer.reasons = reasons_against(
            officer, authority=authority, sector=sector, region_code=region_code, on=on, parties=parties
        )
    return sorted(officers, key=lambda officer: (bool(officer.reasons), officer.pk))


def with_records(officers: Any) -> Any:
    """A query set of officers with all that `reasons_against` looks at, in a fixed number of queries."""
    return officers.select_related("user", "authority", "seconded_to").prefetch_related(
        "certificates__suspensions", "leaves", "recusals"
    )


def reasons_against(
    officer: Officer,
    *,
    authority: Department,
    sector: str,
    region_code: str,
    on: dt.date,
    parties: Sequence[PartyReference] = (),
) -> tuple[str, ...]:
    """Return every reason why `officer` may not act in the name of `authority` on `on`; empty when none stands."""
    reasons: list[str] = []
    if officer.authority_id != authority.pk:
        reasons.append(_("belongs to %(name)s") % {"name": officer.authority.name})
    if not (officer.is_active and officer.user.is_active):
        reasons.append(_("no longer in service"))
    if officer.is_auxiliary:
        reasons.append(_("auxiliary staff may only assist"))
    certificate_reason = _certificate_reason(officer, sector, region_code, on)
    if certificate_reason:
        reasons.append(certificate_reason)
    reasons += [
        _("on leave from %(start)s to %(end)s")
        % {"start": leave.starts_on.isoformat(), "end": leave.ends_on.isoformat()}
        for leave in officer.leaves.all()
        if leave.covers(on)
    ]
    reasons += [
        _("recusal declared: %(party)s") % {"party": recusal.party_name}
        for recusal in officer.recusals.all()
        if recusal.covers(on) and any(recusal.party.matches(party) for party in parties)
    ]
    return tuple(reasons)


def valid_certificate(officer: Officer, *, sector: str, region_code: str, on: dt.date) -> Certificate | None:
    """Return the certificate that carries the act, the one valid longest; None when there is none."""
    return next(
        (
            item
            for item in sorted(officer.certificates.all(), key=lambda item: (item.valid_to, item.pk), reverse=True)
            if item.state_on(on) == CertificateState.VALID
            and item.covers_sector(sector)
            and item.covers_region(region_code)
        ),
        None,
    )  # fmt: skip


def _certificate_reason(officer: Officer, sector: str, region_code: str, on: dt.date) -> str:
    """Say what is nearest to a valid certificate and why it is not one."""
    if valid_certificate(officer, sector=sector, region_code=region_code, on=on):
        return ""
    held = list(officer.certificates.all())
    if not held:
        return _("no enforcement certificate")
    for item in held:
        if item.state_on(on) == CertificateState.VALID:
            if not item.covers_sector(sector):
                return _("certificate %(number)s is not for this sector") % {"number": item.number}
            return _("certificate %(number)s is not for this region") % {"number": item.number}
    item = max(held, key=lambda item: (item.valid_to, item.pk))
    return _("certificate %(number)s: %(state)s") % {
        "number": item.number,
        "state": str(item.state_on(on).label).lower(),
    }


def expiring_certificates(*, on: dt.date, days: int = EXPIRY_NOTICE_DAYS) -> list[Certificate]:
    """Return certificates whose last day is within `days` calendar days from `on` and that no newer one replaces."""
    last = on + dt.timedelta(days=days)
    soon = (
        Certificate.objects.filter(
            valid_to__gte=on, valid_to__lte=last, revoked_on=None, officer__is_active=True, officer__is_auxiliary=False
        )
        .exclude(officer__certificates__valid_to__gt=last)
        .select_related("officer__user", "officer__authority")
        .order_by("valid_to", "id")
    )  # fmt: skip
    return list(soon)


def unconfirmed_certificates(*, on: dt.date) -> list[Certificate]:
    """Return certificates that officers entered and nobody has confirmed, while they could still be valid."""
    return list(
        Certificate.objects.filter(confirmed_at=None, revoked_on=None, valid_to__gte=on)
        .select_related("officer__user", "officer__authority")
        .order_by("id")
    )


def training_hours(officer: Officer, year: int) -> Decimal:
    """Return the hours of training in a calendar year."""
    total = officer.trainings.filter(held_on__year=year).aggregate(total=Sum("hours"))["total"]
    return total or Decimal(0)


def training_sentence(officer: Officer, year: int) -> str:
    """Say how many hours of the yearly target are done."""
    done = training_hours(officer, year)
    left = max(Decimal(TRAINING_HOURS_A_YEAR) - done, Decimal(0))
    if not left:
        return _("%(done)s hours in %(year)d: the yearly target is met.") % {"done": done, "year": year}
    return ngettext(
        "%(done)s of %(target)d hour in %(year)d.", "%(done)s of %(target)d hours in %(year)d.", TRAINING_HOURS_A_YEAR
    ) % {"done": done, "target": TRAINING_HOURS_A_YEAR, "year": year}  # fmt: skip
