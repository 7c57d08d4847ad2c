from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "credit.points_proposed": _("Proposed points"),
    "credit.points_notified": _("Notified a party of points"),
    "credit.objection_recorded": _("Recorded a statement on points"),
    "credit.objection_answered": _("Answered a statement on points"),
    "credit.points_confirmed": _("Confirmed points"),
    "credit.points_dismissed": _("Dismissed points"),
    "credit.points_revoked": _("Revoked points"),
    "credit.record_prepared": _("Put a decision into the outbox"),
    "credit.publication_approved": _("Approved a publication"),
    "credit.file_written": _("Wrote a file of the credit record"),
    "credit.file_retried": _("Had a file of the credit record written again"),
    "credit.file_read": _("Took a file of the credit record"),
    "credit.receipt_recorded": _("Entered the answer of the credit platform"),
    "credit.record_corrected": _("Corrected a credit record"),
    "credit.record_withdrawn": _("Withdrew a credit record"),
}


class CreditConfig(AppConfig):
    name = "wulian.casework.credit"
    label = "credit"
    verbose_name = _("Credit points")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist

        from . import panels, receivers  # noqa: F401  connects the signals
        from .duties import duties

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        panels.register_panels()
        menu.register(menu.CASEWORK, _("Credit points"), "credit:events", "scoreboard", order=40)
        menu.register(menu.CASEWORK, _("Credit publication"), "credit:outbox", "world-upload", order=50)
