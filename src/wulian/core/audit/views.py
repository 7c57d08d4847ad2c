"""Pages for those who watch: the trail, the proof of an event, checkpoints."""

from typing import Any, Final

import segno
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.views import Action, ActionView, Crumb, ListView, PageMixin

from . import checkpoint_files, permissions, selectors, services, tasks, verification
from .filters import AuditEventFilter
from .models import AuditCheckpoint, AuditEvent, AuditHead
from .querysets import masked
from .tables import AuditCheckpointTable, AuditEventTable

# A larger chain takes longer than a person waits for a page (about 10,000 events a second); the worker does it.
VERIFY_AT_ONCE: Final = 20_000


class ReaderMixin(PageMixin):
    """Pages for the audit administrator and discipline inspection."""

    wing = "system"

    def check_role(self, user: Any) -> None:
        """Raise Forbidden for anybody else."""
        if not permissions.may_read_trail(user):
            raise Forbidden(
                _("The audit trail is for the audit administrator and for discipline and audit officers.")
            )


class EventListView(ReaderMixin, ListView):
    """All events, newest first."""

    model = AuditEvent
    table_class = AuditEventTable
    filter_class = AuditEventFilter
    title = gettext_lazy("Audit trail")
    empty_title = gettext_lazy("No event yet")

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.visible_to(self.request.user).select_related("link").order_by("-id")

    def get_actions(self) -> list[Action]:
        return [
            Action(gettext_lazy("Verify now"), reverse("audit:verify"), icon="shield-check", method="post"),
            Action(gettext_lazy("Checkpoints"), reverse("audit:checkpoints"), icon="certificate"),
        ]


class EventView(ReaderMixin, DetailView):
    """One event with its place in the chain."""

    template_name = "audit/event.html"
    context_object_name = "event"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.visible_to(self.request.user)

    def get_title(self) -> str:
        return _("Event %(number)s") % {"number": self.object.pk}

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Audit trail"), reverse("audit:events"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proof = selectors.chain_proof(self.object)
        event = masked(self.object, self.request.user)
        return super().get_context_data(
            proof=proof,
            subject_kind=selectors.subject_kind(event),
            subject_url="" if event.is_masked else selectors.subject_url(event, self.request.user),
            changes=selectors.changes_in_words(event),
            # Not by the template: a key called `items` would be taken for the method.
            details=list(event.data.items()),
            **kwargs,
        )


class VerifyView(ReaderMixin, ActionView):
    """Verify the chain: at once when it is short, else by the worker; the outcome is an audit event."""

    def perform(self, request: HttpRequest) -> AuditEvent | None:
        head = AuditHead.objects.first()
        if head is not None and head.position > VERIFY_AT_ONCE:
            tasks.verify_chain.enqueue(actor_id=request.user.pk)
            messages.info(
                request, _("The worker verifies the chain; the outcome will stand in the audit trail.")
            )
            return None
        event = verification.verify_for(actor=request.user)
        (messages.success if event.data["ok"] else messages.error)(request, event.summary)
        return event

    def get_success_url(self) -> str:
        return self.result.get_absolute_url() if self.result else reverse("audit:events")


class CheckpointListView(ReaderMixin, ListView):
    """Signed checkpoints, newest first."""

    model = AuditCheckpoint
    table_class = AuditCheckpointTable
    title = gettext_lazy("Checkpoints")
    subtitle = gettext_lazy(
        "Signed statements of the end of the chain, also written to a file outside the database."
    )
    empty_title = gettext_lazy("No checkpoint yet")

    def get_queryset(self) -> QuerySet[AuditCheckpoint]:
        return AuditCheckpoint.objects.order_by("-number")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Audit trail"), reverse("audit:events"))]

    def get_actions(self) -> list[Action]:
        if not permissions.may_write_checkpoint(self.request.user):
            return []
        url = reverse("audit:checkpoint_write")
        return [Action(gettext_lazy("Write a checkpoint"), url, icon="signature", method="post")]


class CheckpointWriteView(ReaderMixin, ActionView):
    """Sign the end of the chain now."""

    def check_role(self, user: Any) -> None:
        """Raise Forbidden for anybody but the audit administrator."""
        if not permissions.may_write_checkpoint(user):
            raise Forbidden(_("Only the audit administrator writes a checkpoint."))

    def perform(self, request: HttpRequest) -> AuditCheckpoint | None:
        try:
            return services.write_checkpoint(actor=request.user)
        except services.ChainBroken as error:
            raise Refusal(
                _("No checkpoint was written, because the chain does not add up: verify it first.")
            ) from error

    def get_success_message(self) -> str:
        if self.result is None:
            return _("There is no event to sign yet.")
        return _("Checkpoint %(number)d holds %(count)d events.") % {
            "number": self.result.number,
            "count": self.result.count,
        }

    def get_success_url(self) -> str:
        return reverse("audit:checkpoints")


class CheckpointPrintView(ReaderMixin, DetailView):
    """A checkpoint on one sheet of paper, with a code that carries it whole."""

    template_name = "audit/checkpoint_print.html"
    context_object_name = "checkpoint"
    queryset = AuditCheckpoint.objects.all()

    def get_title(self) -> str:
        return _("Audit checkpoint %(number)s") % {"number": self.object.number}

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Checkpoints"), reverse("audit:checkpoints"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = checkpoint_files.as_line(self.object)
        # The short signature alone keeps the code coarse enough for a telephone to read from paper.
        short = {
            **line,
            "signatures": [item for item in line["signatures"] if item["algorithm"] == "ed25519"],
        }
        return super().get_context_data(
            qr=qr_svg(checkpoint_files.dumps(short)),
            signature_holds=checkpoint_files.signature_holds(line),
            **kwargs,
        )


def qr_svg(text: str) -> SafeString:
    """Return a QR code as inline SVG; segno writes only its own paths."""
    return mark_safe(segno.make(text, error="l", boost_error=False).svg_inline(scale=3, border=4))
