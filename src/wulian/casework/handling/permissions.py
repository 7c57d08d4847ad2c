"""What a user may do with a complaint from its acceptance on: decided once, read by buttons, pages and worklist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.handling.choices import INVESTIGATING, UNDECIDED, Stage
from wulian.casework.handling.models import (
    Commission,
    ComplaintDecision,
    Publication,
    Report,
    TenderSuspension,
)
from wulian.casework.handling.services.archiving import READERS, what_is_missing
from wulian.casework.handling.services.deciding import case_of
from wulian.casework.handling.services.guards import ever_investigated, is_investigator
from wulian.casework.handling.services.withdrawing import waiting_request
from wulian.casework.intake.models import Complaint, Matter
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Forbidden
from wulian.core.procedures.selectors import available_events
from wulian.core.ui.views import Action

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


@dataclass(frozen=True)
class Ability:
    """One thing a page offers: the key names its page, `event` the step it takes (empty: none)."""

    key: str
    label: str | Promise
    icon: str
    event: str
    test: Callable[[Standing], Any]
    is_button: bool = True


@dataclass
class Standing:
    """How a user stands to a complaint; each question is asked of the database once and only when needed."""

    complaint: Complaint
    user: User

    @cached_property
    def events(self) -> set[str]:
        return {transition.event for transition in available_events(self.complaint, self.user)}

    @property
    def own(self) -> bool:
        return self.complaint.authority_id is not None and self.user.department_id == self.complaint.authority_id  # fmt: skip

    @cached_property
    def investigates(self) -> bool:
        return self.own and self.user.has_role(Role.CASE_OFFICER) and is_investigator(self.complaint, self.user)  # fmt: skip

    @cached_property
    def independent(self) -> bool:
        return self.own and not ever_investigated(self.complaint, self.user)

    @cached_property
    def gathers(self) -> bool:
        return self.investigates and self.complaint.state in INVESTIGATING

    @cached_property
    def suspension(self) -> TenderSuspension | None:
        return TenderSuspension.objects.of(self.complaint).in_force().first()

    @cached_property
    def report(self) -> Report | None:
        return Report.objects.of(self.complaint).filter(returned_by=None).first()

    @cached_property
    def decision(self) -> ComplaintDecision | None:
        return ComplaintDecision.objects.of(self.complaint).select_related("report").first()

    @cached_property
    def publication(self) -> Publication | None:
        return Publication.objects.of(self.complaint).first()

    @cached_property
    def waiting(self) -> bool:
        return self.own and waiting_request(self.complaint) is not None

    def spoke(self, report: Report | None) -> bool:
        """Whether the user gave an opinion on the report already."""
        return report is not None and self.user.pk in (report.endorsed_by_id, report.reviewed_by_id)


def _may_endorse(at: Standing) -> bool:
    return at.independent and at.report is not None and at.report.endorsed_by_id is None


def _may_review(at: Standing) -> bool:
    report = at.report
    ready = report is not None and report.endorsed_by_id is not None and report.reviewed_by_id is None
    return at.independent and ready and not at.spoke(report)


def _may_decide(at: Standing) -> bool:
    report = at.report
    return (
        at.independent and report is not None and report.reviewed_by_id is not None and not at.spoke(report)
    )


def _may_link(at: Standing) -> bool:
    decision = at.decision
    if decision is None or not decision.report.punishable or decision.case_id is not None:
        return False
    return (at.investigates or at.independent) and case_of(at.complaint) is not None


def _may_draft(at: Standing) -> bool:
    return at.investigates and (at.publication is None or not at.publication.is_public)


def _may_approve(at: Standing) -> bool:
    text = at.publication
    return (
        text is not None and text.approved_at is None and at.independent and text.drafted_by_id != at.user.pk
    )


def _may_publish(at: Standing) -> bool:
    text = at.publication
    return text is not None and text.approved_at is not None and text.published_at is None


def _may_take_down(at: Standing) -> bool:
    return at.publication is not None and at.publication.is_public and (at.own or at.user.has_role(Role.DISPATCHER))  # fmt: skip


def _may_serve(at: Standing) -> bool:
    return at.investigates and at.complaint.state in (
        *UNDECIDED,
        Stage.DECIDED,
        Stage.SERVED,
        Stage.PUBLISHED,
    )


def _experts_at_work(at: Standing) -> bool:
    return at.investigates and Commission.objects.of(at.complaint).filter(received_on=None).exists()


ABILITIES: tuple[Ability, ...] = (
    Ability("start", _("Start investigation"), "search", "start_investigation", lambda at: at.own),
    Ability("finish", _("Finish investigation"), "flag-check", "finish_investigation", lambda at: at.investigates),
    Ability("expertise", _("Opinion received"), "file-check", "receive_expertise", _experts_at_work),
    Ability("endorse", _("Opinion of the section"), "signature", "endorse_opinion", _may_endorse),
    Ability("legality", _("Legal review"), "scale", "review_legality", _may_review),
    Ability("decide", _("Decide"), "gavel", "decide", _may_decide),
    Ability("return", _("Send back"), "arrow-back-up", "return_investigation",
            lambda at: at.independent and at.report is not None),
    Ability("permit", _("Permit the withdrawal"), "circle-check", "permit_withdrawal",
            lambda at: at.independent and at.complaint.state == Stage.WITHDRAWAL),
    Ability("refuse_withdrawal", _("Do not permit it"), "circle-x", "refuse_withdrawal", lambda at: at.independent),
    Ability("let_go", _("Permit the withdrawal"), "circle-check", "permit_withdrawal",
            lambda at: at.complaint.state == Stage.EXAMINED and at.waiting),
    Ability("withdrawal", _("Examine the withdrawal"), "arrow-back", "request_withdrawal",
            lambda at: (at.investigates or (at.own and at.complaint.state == Stage.ACCEPTED)) and at.waiting),
    Ability("letter", _("Withdrawal by letter"), "mail", "request_withdrawal",
            lambda at: (at.investigates or (at.own and at.complaint.state == Stage.ACCEPTED)) and not at.waiting, False),
    Ability("serve", _("Serve the decision"), "send", "send_out", lambda at: at.investigates),
    Ability("serve_more", _("Serve the decision"), "send", "serve",
            lambda at: at.investigates and at.complaint.state == Stage.SERVED),
    Ability("draft", _("Text to publish"), "world-upload", "draft_publication", _may_draft),
    Ability("approve", _("Approve the text"), "signature", "approve_publication", _may_approve),
    Ability("publish", _("Publish"), "world-check", "publish", _may_publish),
    Ability("take_down", _("Take the result down"), "world-off", "withdraw_publication", _may_take_down),
    Ability("case", _("Link the penalty case"), "link", "file_case", _may_link),
    Ability("archive", _("Close the file"), "archive", "archive",
            lambda at: at.own and not what_is_missing(at.complaint)),
    Ability("suspend", _("Suspend the tender"), "player-pause", "suspend_tendering",
            lambda at: at.independent and at.complaint.project_id and at.suspension is None),
    Ability("review", _("Review the suspension"), "eye-check", "review_suspension",
            lambda at: at.independent and at.suspension),
    Ability("resume", _("Lift the suspension"), "player-play", "resume_tendering",
            lambda at: at.independent and at.suspension),
    Ability("experts", _("Commission experts"), "microscope", "commission_expert", lambda at: at.investigates),
    Ability("consult", _("Call a consultation"), "users-group", "call_consultation", lambda at: at.investigates),
    Ability("officers", _("Change the officers"), "user-edit", "change_officers", lambda at: at.independent),
    Ability("notice", _("Notice"), "file-plus", "", lambda at: at.gathers, False),
    Ability("interview", _("Interview"), "message-2", "", lambda at: at.gathers, False),
    Ability("evidence", _("Take in evidence"), "paperclip", "",
            lambda at: at.investigates and at.complaint.state in UNDECIDED, False),
    Ability("service", _("Service"), "send", "", _may_serve, False),
    Ability("bundle", _("Whole file (ZIP)"), "file-zip", "",
            lambda at: at.user.has_role(*READERS) and at.complaint.officers, False),
)  # fmt: skip


def abilities(complaint: Complaint, user: User) -> dict[str, Ability]:
    """Return what the services would allow this user now, by key; `complaint` is one the user may see."""
    at = Standing(complaint, user)
    found = {}
    for ability in ABILITIES:
        if ability.event and ability.event not in at.events:
            continue
        if ability.test(at):
            found[ability.key] = ability
    if "serve" in found:
        found.pop("serve_more", None)
    return found


def offer_actions(matter: Matter, user: User) -> Iterator[Action]:
    """The buttons on the page of a complaint."""
    if not isinstance(matter, Complaint):
        return
    for ability in abilities(matter, user).values():
        if ability.is_button:
            yield Action(ability.label, address(matter, ability.key), ability.icon)


def may_take_original(record: Any, user: User) -> bool:
    """Whether a user may have an evidence file as it was taken in: only who investigates the complaint."""
    return is_investigator(record.complaint, user)


def take_original(record: Any, user: User) -> str:
    """Return what a use of an original is written down for; raises Forbidden for others than the officers."""
    if not may_take_original(record, user):
        raise Forbidden(_now("Only an officer who investigates this complaint may do this."))
    return str(record.complaint.number)


PAGES = {"serve": "service", "serve_more": "service", "letter": "withdrawal"}
"""Abilities that share the page of another."""


def address(complaint: Complaint, key: str) -> str:
    """The address of the page of an ability."""
    return reverse(f"handling:{PAGES.get(key, key)}", args=[complaint.pk])
