"""Leads: created once per source, examined, given to two officers of the competent authority, concluded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import Source
from wulian.casework.cases.models import Assignment, Lead
from wulian.casework.cases.services.clocks import follow_step
from wulian.casework.cases.services.guards import (
    check_team,
    current_assignments,
    require_assigned,
    require_own_authority,
)
from wulian.casework.cases.services.numbers import next_lead_number
from wulian.core.accounts.choices import CITY_REGION, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.audit.services import changes_between, record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify
from wulian.force.officers.models import Officer
from wulian.information.registry.models import Lot, Party, Project
from wulian.law.violations import violations
from wulian.office.jurisdiction.selectors import who_is_competent

FINDERS = (Role.CLERK, Role.DISPATCHER, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.OFFICE_HEAD)
"""Who may enter a lead by hand."""

LEAD_EVENTS = (
    "decline_check",
    "transfer",
    "archive_unchecked",
    "confirm_transfer",
    "conclude_unfounded",
    "confirm_unfounded",
    "give_feedback",
)
"""Steps that need no more than a role, an authority and a reason."""


def create_lead(
    *,
    actor: User | None,
    source: str,
    title: str,
    facts: str,
    origin: models.Model | None = None,
    source_key: str = "",
    project: Project | None = None,
    lot: Lot | None = None,
    party: Party | None = None,
    violation_code: str = "",
    conduct_date: date | None = None,
    sector: str = "",
    region_code: str = "",
    severity: str = "",
    by_system: bool = False,
) -> Lead:
    """Enter a lead and register it; the same `origin` (or `source_key`) a second time returns the lead that is there.

    `facts` is a summary for the file without a reporter's identity. `by_system` is for receivers, whose actor's right was
    checked by the room that referred the matter. Raises Forbidden for other roles, Refusal without title, facts or with an
    unknown violation.
    """
    if not by_system and actor is not None:
        require_role(actor, *FINDERS)
    _check_words(title, facts, violation_code)
    key = source_key or (f"{origin._meta.label_lower}:{origin.pk}" if origin is not None else "")
    with transaction.atomic():
        if key and (known := Lead.objects.filter(source_key=key).first()):
            return known
        lead = Lead(
            lead_no=next_lead_number(),
            source=Source(source),
            source_key=key,
            content_type=ContentType.objects.get_for_model(origin) if origin is not None else None,
            object_id=origin.pk if origin is not None else None,
            title=title.strip()[:300],
            facts=facts.strip(),
            violation_code=violation_code,
            conduct_date=conduct_date,
            project=project,
            lot=lot,
            party=party,
            sector=sector or (project.sector if project else ""),
            region_code=region_code or (project.region_code if project else "") or CITY_REGION,
            severity=severity,
            created_by=actor,
        )
        lead.save()
        record_event(actor=actor, verb="cases.lead_created", subject=lead, summary=str(lead))
        step = apply_event(subject=lead, event="register", actor=None, verb="cases.lead_registered")
        follow_step(subject=lead, step=step, actor=actor)
        _suggest_authority(lead)
        dispatchers = User.objects.with_role(Role.DISPATCHER).prefetch_related("role_grants")
        allowed = [user for user in dispatchers if Lead.objects.filter(pk=lead.pk).visible_to(user).exists()]
        notify(users=allowed, title=_("New lead: %(lead)s") % {"lead": lead}, url=lead.get_absolute_url())
    return lead


def examine_lead(
    *,
    actor: User,
    lead: Lead,
    violation_code: str,
    sector: str,
    region_code: str,
    party: Party | None = None,
    conduct_date: date | None = None,
    title: str = "",
    facts: str = "",
) -> Lead:
    """Complete what is known of a lead in the preliminary examination, before it is given out; the list is asked anew."""
    require_role(actor, Role.DISPATCHER)
    if lead.state != "L02":
        raise Refusal(_("The lead is no longer in its preliminary examination."), field="state")
    return _complete(
        actor, lead, violation_code=violation_code, sector=sector, region_code=region_code, party=party,
        conduct_date=conduct_date, title=title or lead.title, facts=facts or lead.facts,
    )  # fmt: skip


def classify_lead(
    *, actor: User, lead: Lead, violation_code: str, party: Party | None, conduct_date: date | None
) -> Lead:
    """Set violation, party and day of the conduct as the check has shown them; for the officers of the lead."""
    require_assigned(lead, actor)
    if lead.state != "L05":
        raise Refusal(_("The lead is not being checked."), field="state")
    return _complete(
        actor, lead, violation_code=violation_code, party=party, conduct_date=conduct_date,
        sector=lead.sector, region_code=lead.region_code, title=lead.title, facts=lead.facts,
    )  # fmt: skip


def assign_lead(*, actor: User, lead: Lead, officers: Iterable[Officer], note: str = "") -> Lead:
    """Give a lead to the authority that the jurisdiction list names, and to at least two officers who may act.

    Raises Refusal when the list has no entry (the matter then goes to a consultation), or an officer may not act.
    """
    check_event(subject=lead, event="assign_check", actor=actor, note=note)
    with transaction.atomic():
        answer = who_is_competent(
            violation_code=lead.violation_code,
            sector=lead.sector,
            region_code=lead.region_code,
            on=timezone.localdate(),
        )
        lead.authority, lead.authority_reason = answer.authority, answer.reason[:400]
        checked = check_team(lead, list(officers))
        lead.save(update_fields=["authority", "authority_reason"])
        Assignment.objects.bulk_create(
            Assignment(lead=lead, officer=item.officer, certificate_no=item.certificate_no, assigned_by=actor)
            for item in checked
        )
        step = apply_event(
            subject=lead,
            event="assign_check",
            actor=actor,
            note=note,
            data={"authority": lead.authority.pk, "officers": [item.name for item in checked]},
            verb="cases.lead_assigned",
        )
        follow_step(subject=lead, step=step, actor=actor)
        notify(
            users=[item.officer.user for item in checked],
            title=_("A lead was given to you: %(lead)s") % {"lead": lead},
            url=lead.get_absolute_url(),
        )
    return lead


def take_lead_step(*, actor: User, lead: Lead, event: str, note: str = "") -> Lead:
    """Take one of the plain steps of a lead (LEAD_EVENTS): role, authority, reason.

    The steps of a check are for its officers; they conclude, the section head confirms.
    """
    if event not in LEAD_EVENTS:
        raise Refusal(_("This step has a page of its own."), field="event")
    with transaction.atomic():
        check_event(subject=lead, event=event, actor=actor, note=note)
        _check_who(lead, event, actor)
        step = apply_event(subject=lead, event=event, actor=actor, note=note, verb="cases.lead_step_taken")
        if event in {"conclude_unfounded", "confirm_unfounded", "decline_check", "transfer"} and note.strip():
            lead.conclusion = note.strip()
            lead.save(update_fields=["conclusion"])
        follow_step(subject=lead, step=step, actor=actor)
    return lead


def _check_who(lead: Lead, event: str, actor: User) -> None:
    if event == "conclude_unfounded":
        require_assigned(lead, actor)
    elif event == "confirm_unfounded":
        require_own_authority(lead, actor)
        if actor.pk in {item.officer.user_id for item in current_assignments(lead)}:
            raise Refusal(
                _("The conclusion is confirmed by another person than its officers."), field="event"
            )


def _complete(actor: User, lead: Lead, **values: Any) -> Lead:
    _check_words(values["title"], values["facts"], values["violation_code"])
    if values["conduct_date"] and values["conduct_date"] > timezone.localdate():
        raise Refusal(_("Date of the conduct: it is in the future."), field="conduct_date")
    with transaction.atomic():
        before = {name: _plain(getattr(lead, name)) for name in values}
        for name, value in values.items():
            setattr(lead, name, value)
        lead.save(update_fields=list(values))
        changes = changes_between(before, {name: _plain(getattr(lead, name)) for name in values})
        if changes:
            record_event(actor=actor, verb="cases.lead_examined", subject=lead, changes=changes)
        if lead.state == "L02":
            _suggest_authority(lead)
    return lead


def _suggest_authority(lead: Lead) -> None:
    """Note whom the list names, or why it names nobody: shown on the page, decided when the lead is given out."""
    authority: Department | None = None
    if not lead.violation_code or not lead.sector:
        reason = _("Violation and sector are needed to ask the jurisdiction list.")
    else:
        try:
            answer = who_is_competent(
                violation_code=lead.violation_code,
                sector=lead.sector,
                region_code=lead.region_code,
                on=timezone.localdate(),
            )
            authority, reason = answer.authority, answer.reason
        except Refusal as refusal:
            reason = refusal.message
    lead.authority, lead.authority_reason = authority, reason[:400]
    lead.save(update_fields=["authority", "authority_reason"])


def _check_words(title: str, facts: str, violation_code: str) -> None:
    if not title.strip():
        raise Refusal(_("Title: expected a few words."), field="title")
    if not facts.strip():
        raise Refusal(_("Facts: expected what is known so far."), field="facts")
    if violation_code and violation_code not in violations():
        raise Refusal(
            _("Violation: %(code)s is not in the penalty catalogue.") % {"code": violation_code},
            field="violation_code",
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model | date) else value
