"""What a submission says, and what of it is needed before it can be received (REFERENCE D.1, 投诉处理办法 第七条)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import MatterKind, ReceivedVia, Relation, ReporterKind, Topic
from wulian.casework.intake.respondents import read_respondents
from wulian.core.config.errors import Refusal
from wulian.information.registry.models import Lot, Project

MAXIMUM_TEXT: Final = 20_000
LATER_FIELDS: Final = (
    "respondent_address", "respondent_contact", "other_respondents", "has_agent", "agent_matters", "agent_from",
    "agent_to", "agent_mandate", "truth_stated", "electronic_service",
)  # fmt: skip
"""What receipts of the first years do not have: left out of the digest where it is empty."""
COMPLAINT_FIELDS: Final = (
    "knew_on", "objection_on", "objection_replied_on", "other_authority", *LATER_FIELDS,
)  # fmt: skip


@dataclass(frozen=True)
class ReporterDetails:
    """Who somebody is; it goes into the vault and nowhere else. `identifier` is an identity card number or a credit code.

    `address` is where documents are served, `email` where they are served electronically once that is confirmed.
    """

    kind: str
    name: str
    phone: str
    address: str = ""
    identifier: str = ""
    email: str = ""
    representative: str = ""
    agent_name: str = ""
    agent_phone: str = ""
    agent_identifier: str = ""


@dataclass(frozen=True)
class MatterContent:
    """What somebody says happened. Dates are days; what stands in COMPLAINT_FIELDS concerns complaints only.

    `other_respondents` names further parties, one a line (see intake.respondents); `agent_mandate` says which of the
    materials is the 授权委托书. Whether there is an agent follows from the reporter's details.
    """

    topic: str
    facts: str
    relation: str = ""
    project: Project | None = None
    lot: Lot | None = None
    project_text: str = ""
    respondent_name: str = ""
    happened_on: date | None = None
    request: str = ""
    evidence: str = ""
    knew_on: date | None = None
    objection_on: date | None = None
    objection_replied_on: date | None = None
    other_authority: str = ""
    respondent_address: str = ""
    respondent_contact: str = ""
    other_respondents: str = ""
    has_agent: bool = False
    agent_matters: str = ""
    agent_from: date | None = None
    agent_to: date | None = None
    agent_mandate: str = ""
    truth_stated: bool = False
    electronic_service: bool = False
    materials: str = ""

    def canonical(self, *, kind: str) -> bytes:
        """Return the bytes the digest of the receipt is taken over: JSON, keys sorted, dossiers by their code."""
        plain: dict[str, Any] = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in self.__dict__.items()
            if key not in ("project", "lot") and (value or key not in LATER_FIELDS)
        }
        plain["project"] = _key(self.project, "project_code")
        plain["lot"] = _key(self.lot, "lot_code")
        plain["kind"] = str(kind)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def checked_matter(
    place: int, kind: str, content: MatterContent, received_via: str
) -> tuple[str, MatterContent]:
    """Return kind and trimmed content of one matter; a Refusal from the second on names its place."""
    try:
        if kind == MatterKind.COMPLAINT and received_via == ReceivedVia.PHONE:
            raise Refusal(
                _("Received via: a complaint is in writing and signed; enter a telephone call as a tip-off."),
                field="received_via",
            )
        content = _checked(content)
        if kind == MatterKind.COMPLAINT:
            check_complaint(content)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=f"{place}-{refusal.field}" if place else refusal.field) from None
    return kind, content


def _checked(content: MatterContent) -> MatterContent:
    """Return the content with trimmed texts; raises Refusal for what every matter needs."""
    trimmed: dict[str, Any] = {
        name: value.strip() for name, value in content.__dict__.items() if isinstance(value, str)
    }
    content = replace(content, **trimmed)
    if content.topic not in Topic.values:
        raise Refusal(_("Subject: choose what it is about."), field="topic")
    if content.relation and content.relation not in Relation.values:
        raise Refusal(_("Relation: choose one of the list."), field="relation")
    if len(content.facts) < 10:
        raise Refusal(
            _("Facts: say in at least ten characters what happened, where and when."), field="facts"
        )
    for name in ("facts", "request", "evidence", "materials", "other_respondents"):
        if len(getattr(content, name)) > MAXIMUM_TEXT:
            raise Refusal(
                _("The text is too long: expected at most %(n)s characters.") % {"n": MAXIMUM_TEXT},
                field=name,
            )
    if content.project is None and not content.project_text:
        raise Refusal(
            _("Project: choose it from the list or write its name or number."), field="project_text"
        )
    if content.happened_on and content.happened_on > timezone.localdate():
        raise Refusal(_("Date of the conduct: expected a day that has come."), field="happened_on")
    return content


def check_complaint(content: MatterContent) -> None:
    """Raise Refusal naming the part that a complaint needs and this one lacks (投诉处理办法 第七条; 实施条例 第六十条)."""
    today = timezone.localdate()
    if not content.respondent_name:
        raise Refusal(_("Complained of: name the person or unit."), field="respondent_name")
    if not content.request:
        raise Refusal(_("Request: say what you ask the authority to do."), field="request")
    if content.knew_on is None:
        raise Refusal(
            _("Knew on: the day from which the 10 days to complain run is needed."), field="knew_on"
        )
    if content.knew_on > today:
        raise Refusal(_("Knew on: expected a day that has come."), field="knew_on")
    raised, replied = content.objection_on, content.objection_replied_on
    if replied and not raised:
        raise Refusal(_("Objection: the day it was raised is needed as well."), field="objection_on")
    read_respondents(content.other_respondents, first=content.respondent_name)
    if raised and raised > today:
        raise Refusal(_("Objection raised on: expected a day that has come."), field="objection_on")
    if raised and replied and replied < raised:
        raise Refusal(
            _("Objection answered on: expected a day from %(day)s.") % {"day": raised},
            field="objection_replied_on",
        )


def of_agent(kind: str, content: MatterContent, reporter: ReporterDetails) -> MatterContent:
    """Return the content with whether an agent makes the complaint; raises Refusal for what does not fit (投诉处理办法 第十条)."""
    if kind != MatterKind.COMPLAINT:
        return content
    has_agent = bool(reporter.agent_name.strip())
    said = content.agent_matters or content.agent_from or content.agent_to or content.agent_mandate
    if said and not has_agent:
        raise Refusal(_("Agent: name who acts under the letter of authorisation."), field="agent_name")
    if content.agent_from and content.agent_to and content.agent_to < content.agent_from:
        raise Refusal(
            _("Authorised until: expected a day from %(day)s.") % {"day": content.agent_from},
            field="agent_to",
        )
    if content.electronic_service and "@" not in reporter.email:
        raise Refusal(
            _("Electronic service: the address of mail to which documents may be sent is needed."),
            field="email",
        )
    return replace(content, has_agent=has_agent)


def check_reporter(reporter: ReporterDetails, *, address_needed: bool = True) -> None:
    """Raise Refusal naming what is missing of who makes it."""
    if reporter.kind not in ReporterKind.values:
        raise Refusal(_("Who you are: a person or a unit."), field="reporter_kind")
    if len(reporter.name.strip()) < 2:
        raise Refusal(_("Name: your full name, or the full name of the unit, is needed."), field="name")
    if not reporter.phone.strip():
        raise Refusal(_("Telephone: a way to reach you is needed."), field="phone")
    if reporter.agent_name.strip() and not reporter.agent_phone.strip():
        raise Refusal(
            _("Agent: a telephone at which the agent can be reached is needed."), field="agent_phone"
        )
    if address_needed and not reporter.address.strip():
        raise Refusal(_("Address: an address to which letters can be sent is needed."), field="address")


def _key(row: Project | Lot | None, code: str) -> str:
    return "" if row is None else (getattr(row, code) or row.source_key)
