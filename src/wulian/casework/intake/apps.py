from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "intake.received": _("Received a matter"),
    "intake.registered": _("Registered a matter"),
    "intake.dispatched": _("Gave a matter to the competent authority"),
    "intake.accepted": _("Accepted a complaint"),
    "intake.refusal_proposed": _("Proposed not to accept a complaint"),
    "intake.refused": _("Signed that a complaint is not accepted"),
    "intake.investigation_started": _("Started the investigation of a complaint"),
    "intake.experts_commissioned": _("Commissioned experts"),
    "intake.expertise_received": _("Received the expert opinion"),
    "intake.referred": _("Handed a matter on as a lead"),
    "intake.transfer_decided": _("Decided to transfer a complaint"),
    "intake.transferred": _("Transferred a complaint"),
    "intake.opening_requested": _("Asked to open a reporter's identity"),
    "intake.opening_approved": _("Allowed to open a reporter's identity"),
    "intake.opening_refused": _("Did not allow to open a reporter's identity"),
    "intake.identity_opened": _("Opened a reporter's identity"),
}


class IntakeConfig(AppConfig):
    name = "wulian.casework.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        from wulian.casework.intake.duties import matter_duties, opening_duties
        from wulian.casework.intake.panels import register_panels
        from wulian.casework.intake.permissions import WINDOW
        from wulian.casework.intake.search import find_matters
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, search, worklist

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(matter_duties)
        worklist.register(opening_duties)
        search.register(find_matters)
        register_panels()
        menu.register(menu.CASEWORK, _("Complaints"), "intake:complaints", "message-report", order=10)
        menu.register(menu.CASEWORK, _("Tip-offs"), "intake:tip_offs", "eye-exclamation", order=11)
        menu.register(menu.CASEWORK, _("Window entry"), "intake:window", "writing", roles=WINDOW, order=12)
