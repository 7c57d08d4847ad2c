from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "wulian.core.audit"
    label = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from wulian.core.ui import menu

        from . import permissions, verbs

        verbs.register("audit.verified", _("Verified the audit chain"))
        verbs.register("audit.checkpoint_written", _("Wrote an audit checkpoint"))
        menu.register(
            menu.SYSTEM,
            _("Audit trail"),
            "audit:events",
            "timeline-event",
            roles=permissions.READERS,
            order=60,
        )
        menu.register(
            menu.SYSTEM,
            _("Checkpoints"),
            "audit:checkpoints",
            "certificate",
            roles=permissions.READERS,
            order=61,
        )
