"""处理结果公开: drafted by the officers, approved by a head, published by the office (实施条例 第七十八条; REFERENCE CH-14, D.9)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.handling.choices import RESULT_WORDS, Result, Stage
from wulian.casework.handling.models import ComplaintDecision, Publication
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import (
    authority_of,
    check_words,
    require_independent,
    require_investigator,
)
from wulian.casework.handling.services.papers import lines
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.guards import require_authority, require_sight
from wulian.casework.intake.services.minimising import check_texts
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

DRAFTS: Final = 5
"""How often a day the text of one complaint may be written."""


def draft_publication(*, actor: User, complaint: Complaint, title: str, text: str) -> Publication:
    """Write the text that everybody may read, without the complainant; an earlier draft or one taken down is replaced.

    Raises Forbidden for others than the officers, Refusal while it is public, or naming the place where the text would give the
    complainant away.
    """
    require_investigator(actor, complaint)
    title = check_words(title, "title", _("Title"), at_least=4)
    text = check_words(text, "text", _("Text"), at_least=20)
    check_event(subject=complaint, event="draft_publication", actor=actor)
    decision = _decision(complaint)
    earlier = Publication.objects.of(complaint).first()
    if earlier is not None and earlier.is_public:
        raise Refusal(_("The result is public; take it down before it is written anew."))
    _check_pace(complaint)
    check_texts(actor=actor, matter=complaint, texts={"title": title, "text": text}, public=True)
    with transaction.atomic():
        publication, _made = Publication.objects.update_or_create(
            complaint=complaint,
            defaults={
                "title": title[:200],
                "text": text,
                "authority_name": authority_of(complaint).name,
                "document_no": decision.document.document_no,
                "decided_on": decision.decided_on,
                "drafted_by": actor,
                "drafted_at": timezone.now(),
                **dict.fromkeys(("approved_by", "approved_at", "document", "published_by", "published_at"), None),
                **dict.fromkeys(("withdrawn_by", "withdrawn_at"), None),
                "withdraw_reason": "",
            },
        )  # fmt: skip
        apply_event(
            subject=complaint,
            event="draft_publication",
            actor=actor,
            note=title,
            verb="handling.publication_drafted",
        )
        tell(
            complaint,
            roles=[Role.SECTION_HEAD],
            department=authority_of(complaint),
            title=_("A text to publish waits for your approval: %(number)s") % {"number": complaint.number},
        )
    return publication


def approve_publication(*, actor: User, complaint: Complaint, note: str) -> Publication:
    """Approve the text as a head who did not investigate (公开审批单); it is checked again."""
    require_independent(actor, complaint)
    publication = _publication(complaint)
    check_event(subject=complaint, event="approve_publication", actor=actor, note=note)
    if publication.approved_at is not None:
        raise Refusal(_("The text has been approved already."))
    _check_again(publication, actor)
    with transaction.atomic():
        publication.approved_by, publication.approved_at = actor, timezone.now()
        publication.document = papers.issue_general(
            complaint,
            "公开审批单",
            actor=actor,
            fields={
                "公开标题": publication.title,
                "处理决定书": publication.document_no,
                "拟稿人": publication.drafted_by.full_name,
                "审批意见": f"{note.strip()}\n{actor.full_name}",
                "身份信息检查": "已由系统比对，未发现投诉人身份信息",
            },
            body=lines(publication.text),
        )
        publication.save()
        apply_event(
            subject=complaint,
            event="approve_publication",
            actor=actor,
            note=note,
            data={"document": publication.document.document_no},
            verb="handling.publication_approved",
        )
        tell(
            complaint,
            roles=[Role.DISPATCHER],
            title=_("A result waits to be published: %(number)s") % {"number": complaint.number},
        )
    return publication


def publish(*, actor: User, complaint: Complaint, note: str = "") -> Publication:
    """Publish the approved text as the office; it is checked a last time, and the file may then be closed."""
    require_sight(actor, complaint)
    publication = _publication(complaint)
    check_event(subject=complaint, event="publish", actor=actor, note=note)
    if publication.approved_at is None:
        raise Refusal(_("The text has not been approved yet."))
    if publication.published_at is not None:
        raise Refusal(_("The text has been published or taken down already; a new draft is needed."))
    _check_again(publication, actor)
    with transaction.atomic():
        publication.published_by, publication.published_at = actor, timezone.now()
        publication.save(update_fields=["published_by", "published_at"])
        apply_event(
            subject=complaint, event="publish", actor=actor, note=note, verb="handling.result_published"
        )
        clocks.stop(complaint, clocks.PUBLICATION, actor)
        clocks.start(complaint, clocks.ARCHIVE, "archive", actor)
    return publication


def withdraw_publication(*, actor: User, complaint: Complaint, note: str) -> Publication:
    """Take a published text down at once, with the reason; the office or a head of the authority may."""
    if actor.has_role(Role.DISPATCHER):
        require_sight(actor, complaint)
    else:
        require_authority(actor, complaint)
    publication = _publication(complaint)
    if not publication.is_public:
        raise Refusal(_("The result is not public."))
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="withdraw_publication",
            actor=actor,
            note=note,
            verb="handling.publication_withdrawn",
        )
        publication.withdrawn_by, publication.withdrawn_at = actor, timezone.now()
        publication.withdraw_reason = note.strip()
        publication.save(update_fields=["withdrawn_by", "withdrawn_at", "withdraw_reason"])
    return publication


def proposed_text(complaint: Complaint) -> tuple[str, str]:
    """Return a first title and text from the decision, without the complainant, for the officer to go over."""
    decision = _decision(complaint)
    report = decision.report
    title = f"关于“{complaint.project_name}”投诉的处理结果"
    body = [
        f"本机关收到对“{complaint.project_name}”招标投标活动的投诉，被投诉人：{complaint.respondent_names}。",
        f"经调查，{report.facts}",
        f"处理结论：{RESULT_WORDS[Result(report.result)]}。",
        *lines(report.orders),
        f"依据：{'；'.join(lines(report.basis))}。",
        f"处理决定书：{decision.document.document_no}。",
    ]
    return title[:200], "\n".join(body)


def _check_pace(complaint: Complaint) -> None:
    """A draft that passes tells too: whoever it names is not the complainant."""
    since = timezone.now() - timedelta(days=1)
    if (
        ProcedureStep.objects.for_object(complaint).filter(event="draft_publication", at__gt=since).count()
        >= DRAFTS
    ):
        raise Refusal(
            _("The text was written %(n)d times today; go on tomorrow.") % {"n": DRAFTS}, field="text"
        )


def _decision(complaint: Complaint) -> ComplaintDecision:
    decision = ComplaintDecision.objects.of(complaint).select_related("report", "document").first()
    if decision is None:
        raise Refusal(_("The complaint has not been decided."))
    return decision


def _publication(complaint: Complaint) -> Publication:
    publication = Publication.objects.of(complaint).select_related("drafted_by", "complaint__receipt").first()
    if publication is None:
        raise Refusal(_("No text to publish has been written yet."))
    if complaint.state not in (Stage.PUBLISHED, Stage.ARCHIVED):
        raise Refusal(_("The result is published once the decision has been served."))
    return publication


def _check_again(publication: Publication, actor: User) -> None:
    texts = {"title": publication.title, "text": publication.text}
    check_texts(actor=actor, matter=publication.complaint, texts=texts, public=True)
