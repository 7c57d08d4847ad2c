"""Tables of the audit pages."""

import django_tables2
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.core.ui.tables import DateTimeColumn, LongTable, Table

from . import selectors
from .models import AuditCheckpoint, AuditEvent
from .querysets import masked


class AuditEventTable(LongTable):
    """Events, newest first; business content is masked for administrators, on the page and in exports."""

    occurred_at = DateTimeColumn(verbose_name=gettext_lazy("Time"), format="Y-m-d H:i:s", linkify=True)
    verb = django_tables2.Column(verbose_name=gettext_lazy("Action"), accessor="verb_label", orderable=False)
    actor_name = django_tables2.Column(verbose_name=gettext_lazy("Actor"), empty_values=(), orderable=False)
    actor_department = django_tables2.Column(verbose_name=gettext_lazy("Department"), orderable=False)
    subject = django_tables2.Column(
        verbose_name=gettext_lazy("Audited record"), empty_values=(), orderable=False
    )
    summary = django_tables2.Column(verbose_name=gettext_lazy("Summary"), empty_values=(), orderable=False)
    position = django_tables2.Column(
        verbose_name=gettext_lazy("Position in the chain"),
        accessor="link__position",
        default="—",
        orderable=False,
    )

    class Meta(Table.Meta):
        model = AuditEvent
        fields = ["occurred_at", "verb", "actor_name", "actor_department", "subject", "summary", "position"]

    def render_actor_name(self, value: str | None) -> str:
        return value or _("System")

    def render_subject(self, record: AuditEvent) -> str:
        event = masked(record, self.request.user)
        kind = selectors.subject_kind(event)
        return f"{kind} {event.subject_label or event.subject_id}".strip() if kind else ""

    def render_summary(self, record: AuditEvent) -> str:
        event = masked(record, self.request.user)
        return _("(business content, not shown)") if event.is_masked else event.summary

    def value_occurred_at(self, record: AuditEvent) -> str:
        return timezone.localtime(record.occurred_at).strftime("%Y-%m-%d %H:%M:%S")

    value_subject = render_subject
    value_summary = render_summary


class AuditCheckpointTable(Table):
    """Checkpoints, newest first."""

    number = django_tables2.Column(verbose_name=gettext_lazy("Number"))
    created_at = DateTimeColumn(verbose_name=gettext_lazy("Time"), format="Y-m-d H:i:s", orderable=False)
    position = django_tables2.Column(verbose_name=gettext_lazy("Position in the chain"), orderable=False)
    link_hash = django_tables2.Column(verbose_name=gettext_lazy("Hash of the link"), orderable=False)
    key_id = django_tables2.Column(verbose_name=gettext_lazy("Signing key"), orderable=False)
    signatures = django_tables2.Column(verbose_name=gettext_lazy("Signatures"), orderable=False)
    actions = django_tables2.Column(
        verbose_name="", accessor="get_absolute_url", orderable=False, exclude_from_export=True
    )

    class Meta(Table.Meta):
        model = AuditCheckpoint
        fields = ["number", "created_at", "position", "link_hash", "key_id", "signatures", "actions"]

    def render_link_hash(self, value: str) -> str:
        return format_html('<code title="{}">{}…</code>', value, value[:16])

    def value_link_hash(self, value: str) -> str:
        return value

    def render_signatures(self, value: list[dict[str, str]]) -> str:
        return " + ".join(item["algorithm"].upper() for item in value)

    def render_actions(self, value: str) -> str:
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', value, _("Print"))
