"""反馈: an officer's answer about an alert, with the papers it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.uploads import Upload
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert, Attachment, Feedback, SupervisionOrder
from wulian.information.alerts.papers import Paper, chosen_papers
from wulian.information.alerts.services.files import Checked, attach, check_uploads, stored
from wulian.information.alerts.services.guards import require_department
from wulian.information.registry.models import Project

ANSWERERS = (Role.CASE_OFFICER, Role.SECTION_HEAD)


def add_feedback(
    *, alert: Alert, actor: User, text: str, files: Iterable[Upload] = (), papers: Iterable[str] = ()
) -> Feedback:
    """Answer about an alert with files and papers of the dossier (keys of `papers.papers_of`).

    Raises Forbidden for another department, Refusal without words, for a file that may not be kept, or once the alert is closed.
    """
    require_role(actor, *ANSWERERS)
    require_department(alert, actor)
    if alert.state == AlertState.CLOSED:
        raise Refusal(_("The alert is closed; nothing is added to its file."), field="state")
    return write_feedback(alert=alert, actor=actor, text=text, proof=gather(alert.project, files, papers))


@dataclass(frozen=True)
class Proof:
    """Files that may be kept and papers the dossier holds, checked before anything is written."""

    files: Sequence[Checked] = ()
    papers: Sequence[Paper] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.papers)


def gather(project: Project | None, files: Iterable[Upload], papers: Iterable[str]) -> Proof:
    """Return what stands behind an answer; raises Refusal for a file that may not be kept or a paper of another dossier."""
    return Proof(check_uploads(files), chosen_papers(project, papers))


def write_feedback(
    *, alert: Alert, actor: User, text: str, proof: Proof, order: SupervisionOrder | None = None
) -> Feedback:
    """Write an answer whose right the caller has checked; last in its transaction, so that no file outlives a refusal."""
    if not text.strip():
        raise Refusal(_("Answer: say what was checked and what came of it."), field="text")
    with stored(proof.files) as kept, transaction.atomic():
        answer = Feedback.objects.create(alert=alert, order=order, text=text.strip(), author=actor)
        rows = attach(subject=answer, actor=actor, kept=kept, papers=proof.papers)
        record_event(
            actor=actor,
            verb="alerts.feedback_given",
            subject=alert,
            summary=text.strip()[:200],
            data={
                "feedback": answer.pk,
                "attachments": [{"title": row.title, "sm3": row.sm3} for row in rows],
            },
        )
    return answer


def attachments_of(alert: Alert) -> list[Attachment]:
    """Return everything attached to the answers about an alert."""
    kind = ContentType.objects.get_for_model(Feedback)
    return list(
        Attachment.objects.filter(content_type=kind, object_id__in=alert.feedback.values("pk")).order_by("pk")
    )
