from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "handling.investigation_started": _("Started the investigation of a complaint"),
    "handling.officers_changed": _("Changed the officers of a complaint"),
    "handling.notice_issued": _("Issued a notice about a complaint"),
    "handling.interview_recorded": _("Recorded an interview"),
    "handling.interview_signed": _("Kept a signed record of an interview"),
    "handling.evidence_added": _("Took in evidence of a complaint"),
    "handling.evidence_handed_over": _("Handed over evidence of a complaint"),
    "handling.evidence_verified": _("Verified evidence of a complaint"),
    "handling.evidence_struck": _("Struck evidence of a complaint"),
    "handling.experts_commissioned": _("Commissioned experts"),
    "handling.expertise_received": _("Received the expert opinion"),
    "handling.tender_suspended": _("Ordered a tender to be suspended"),
    "handling.suspension_reviewed": _("Reviewed the suspension of a tender"),
    "handling.tender_resumed": _("Lifted the suspension of a tender"),
    "handling.withdrawal_examined": _("Examined the withdrawal of a complaint"),
    "handling.withdrawal_decided": _("Decided on the withdrawal of a complaint"),
    "handling.consultation_called": _("Called a consultation on a complaint"),
    "handling.consultation_ended": _("Took up the minutes of a consultation on a complaint"),
    "handling.investigation_finished": _("Finished the investigation of a complaint"),
    "handling.opinion_endorsed": _("Gave the opinion of the section on a complaint"),
    "handling.legality_reviewed": _("Made the legal review of a complaint"),
    "handling.investigation_returned": _("Sent a complaint back for more investigation"),
    "handling.decided": _("Decided a complaint"),
    "handling.case_linked": _("Linked the penalty case of a complaint"),
    "handling.decision_sent_out": _("Gave a decision on a complaint out for service"),
    "handling.document_served": _("Served a document of a complaint"),
    "handling.service_completed": _("Completed the service of a decision on a complaint"),
    "handling.publication_drafted": _("Drafted the result of a complaint for publication"),
    "handling.publication_approved": _("Approved the publication of a result"),
    "handling.result_published": _("Published the result of a complaint"),
    "handling.publication_withdrawn": _("Took a published result down"),
    "handling.annex_printed": _("Printed the sealed annex of a decision"),
    "handling.archived": _("Closed the file of a complaint"),
    "handling.bundle_taken": _("Took the whole file of a complaint"),
}


class HandlingConfig(AppConfig):
    name = "wulian.casework.handling"
    label = "handling"
    verbose_name = _("Handling of complaints")

    def ready(self) -> None:
        from wulian.casework.dialogue.signals import withdrawal_requested
        from wulian.casework.handling.duties import duties
        from wulian.casework.handling.models import Commission, EvidenceItem, Interview
        from wulian.casework.handling.panels import register_panels
        from wulian.casework.handling.permissions import may_take_original, offer_actions, take_original
        from wulian.casework.handling.receivers import start_examination
        from wulian.casework.handling.services.consulting import take_up_minutes
        from wulian.casework.intake import extensions
        from wulian.core.audit import verbs
        from wulian.core.files.services import allow_originals
        from wulian.core.ui import menu, worklist
        from wulian.office.consultations.signals import consultation_ended

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        extensions.register_actions(offer_actions)
        register_panels()
        for model in (Commission, EvidenceItem, Interview):
            allow_originals(model, allows=may_take_original, use=take_original)
        consultation_ended.connect(take_up_minutes, dispatch_uid="handling.consultation_ended")
        withdrawal_requested.connect(start_examination, dispatch_uid="handling.withdrawal_requested")
        menu.register(
            menu.CASEWORK, _("Published results"), "handling:public_results", "world-check", order=14
        )
