from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "intake.received": _("Received a matter"),
    "intake.registered": _("Registered a matter"),
    "intake.dispatched": _("Gave a matter to the competent authority"),
    "intake.accepted": _("Accepted a complaint"),
    "intake.refusal_proposed": _("Proposed not to accept a complaint"),
    "intake.refused": _("Signed that a complaint is not accepted"),
    "intake.referred": _("Handed a matter on as a lead"),
    "intake.transfer_decided": _("Decided to transfer a complaint"),
    "intake.transferred": _("Transferred a complaint"),
    "intake.linked": _("Linked two matters"),
    "intake.leak_stopped": _("A text that could name the reporter was stopped"),
    "intake.completion_asked": _("Asked a complainant for what is missing"),
    "intake.competence_disputed": _("Disputed the competence for a complaint"),
    "intake.reassigned": _("Reassigned a complaint"),
    "intake.check_declined": _("Proposed not to check a tip-off"),
    "intake.archived_unchecked": _("Confirmed that a tip-off is not checked"),
    "intake.guided": _("Guided a tip-off to a complaint"),
    "intake.became_complaint": _("A tip-off became a complaint"),
    "intake.leniency_proposed": _("Proposed flexible handling"),
    "intake.leniency_reviewed": _("Reviewed the legality of flexible handling"),
    "intake.leniency_returned": _("Sent flexible handling back to the check"),
    "intake.leniency_concluded": _("Concluded flexible handling"),
    "intake.followed_lead": _("A tip-off followed its lead"),
    "intake.feedback_given": _("Told a reporter what came of it"),
    "intake.reminded": _("Reminded of a period"),
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
        from wulian.casework.intake.receivers import take_up_competence
        from wulian.casework.intake.search import find_matters
        from wulian.casework.intake.services.conflicts import trails_kept_from
        from wulian.core.audit import verbs
        from wulian.core.audit.permissions import register_screen
        from wulian.core.ui import menu, search, worklist
        from wulian.office.consultations.signals import consultation_ended

        for code, label in VERBS.items():
            verbs.register(code, label)
        register_screen(trails_kept_from)
        worklist.register(matter_duties)
        worklist.register(opening_duties)
        search.register(find_matters)
        register_panels()
        consultation_ended.connect(take_up_competence, dispatch_uid="intake.consultation_ended")
        menu.register(menu.CASEWORK, _("Complaints"), "intake:complaints", "message-report", order=10)
        menu.register(menu.CASEWORK, _("Tip-offs"), "intake:tip_offs", "eye-exclamation", order=11)
