from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "cases.lead_created": _("Entered a lead"),
    "cases.lead_registered": _("Registered a lead"),
    "cases.lead_examined": _("Examined a lead"),
    "cases.lead_assigned": _("Gave a lead to officers"),
    "cases.lead_step_taken": _("Took a step of a lead"),
    "cases.lead_filed": _("A lead became a case"),
    "cases.evidence_added": _("Added evidence"),
    "cases.evidence_verified": _("Verified evidence"),
    "cases.evidence_struck": _("Struck evidence"),
    "cases.evidence_read": _("Took an item of evidence"),
    "cases.filing_proposed": _("Proposed to file a case"),
    "cases.filing_endorsed": _("Endorsed the filing of a case"),
    "cases.filed": _("Filed a case"),
    "cases.filing_rejected": _("Refused to file a case"),
    "cases.officers_assigned": _("Assigned officers to a case"),
    "cases.investigation_finished": _("Finished an investigation"),
    "cases.step_taken": _("Took a step of a case"),
    "cases.notice_issued": _("Issued an advance notice"),
    "cases.notice_served": _("Served an advance notice"),
    "cases.statement_recorded": _("Recorded a statement of the party"),
    "cases.statement_received": _("Took a statement of the party under review"),
    "cases.statement_answered": _("Answered a statement of the party"),
    "cases.statement_term_ended": _("Noted the end of the party's periods"),
    "cases.hearing_requested": _("Recorded a request for a hearing"),
    "cases.penalty_decided": _("Decided a penalty"),
    "cases.no_penalty_decided": _("Decided that no penalty is imposed"),
    "cases.decision_sealed": _("Sealed a decision"),
    "cases.decision_served": _("Served a decision"),
    "cases.decision_revoked": _("Revoked a decision"),
    "cases.payment_recorded": _("Recorded a payment"),
    "cases.decision_published": _("Sent a decision to publication"),
}


class CasesConfig(AppConfig):
    name = "wulian.casework.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, search, worklist
        from wulian.information.alerts import destinations
        from wulian.information.alerts.choices import Destination

        from . import panels, receivers
        from .duties import duties
        from .search import find_leads_and_cases

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        search.register(find_leads_and_cases)
        panels.register_panels()
        destinations.register(Destination.LEAD, receivers.offer_leads)
        destinations.register(Destination.COMPLAINT, receivers.offer_complaints)
        menu.register(menu.CASEWORK, _("Leads"), "cases:leads", "flag", order=20)
        menu.register(menu.CASEWORK, _("Cases"), "cases:cases", "gavel", order=30)
