"""Pages that move a complaint on: a form, one service."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from wulian.casework.handling import forms, services
from wulian.casework.handling.models import ComplaintDecision, TenderSuspension
from wulian.casework.handling.services.archiving import leaves_of
from wulian.casework.handling.services.deciding import live_report
from wulian.casework.handling.services.publishing import proposed_text
from wulian.casework.handling.services.withdrawing import waiting_request
from wulian.casework.handling.views.base import StepView


class StartView(StepView):
    keys = ("start",)
    form_class = forms.StartForm
    form_takes_complaint = True
    title = _("Start the investigation")
    submit_label = _("Begin")
    intro = _("At least two officers with valid certificates, none of them with a recusal.")
    success_message = _("The investigation has begun.")

    def perform(self, form: Any) -> Any:
        return services.start_investigation(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class OfficersView(StepView):
    keys = ("officers",)
    form_class = forms.ChangeOfficersForm
    form_takes_complaint = True
    title = _("Change the officers")
    intro = _("Who has investigated stays barred from reviewing and deciding.")
    success_message = _("The officers have been changed and told.")

    def perform(self, form: Any) -> Any:
        return services.change_officers(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class NoticeView(StepView):
    keys = ("notice",)
    form_class = forms.NoticeForm
    form_takes_complaint = True
    title = _("Notice of the investigation")
    submit_label = _("Issue the notice")
    success_message = _("The notice has been issued; record its service once it has reached the addressee.")

    def perform(self, form: Any) -> Any:
        return services.send_notice(actor=self.request.user, complaint=self.matter, notice=form.notice())


class SuspendView(StepView):
    keys = ("suspend",)
    form_class = forms.ReasonForm
    title = _("Order the tender to be suspended")
    submit_label = _("Order and issue the notice")
    intro = _(
        "Only where it is necessary (Regulations, article 62). It is looked at again every five working days."
    )
    success_message = _("The tender is suspended; the notice has been issued.")

    def perform(self, form: Any) -> Any:
        return services.suspend_tendering(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ReviewView(StepView):
    keys = ("review",)
    form_class = forms.ReasonForm
    title = _("Review the suspension")
    submit_label = _("It is still necessary")
    success_message = _("Reviewed; the next look is due in five working days.")

    @property
    def suspension(self) -> TenderSuspension:
        rows: QuerySet[TenderSuspension] = TenderSuspension.objects.of(self.matter).in_force()
        return get_object_or_404(rows.select_related("complaint__authority"))

    def perform(self, form: Any) -> Any:
        return services.review_suspension(
            actor=self.request.user, suspension=self._own(self.suspension), **form.cleaned_data
        )

    def _own(self, suspension: TenderSuspension) -> TenderSuspension:
        suspension.complaint = self.matter
        return suspension


class ResumeView(ReviewView):
    keys = ("resume",)
    title = _("Lift the suspension")
    submit_label = _("Lift and issue the notice")
    success_message = _("The tender may go on; the notice has been issued.")

    def perform(self, form: Any) -> Any:
        return services.resume_tendering(
            actor=self.request.user, suspension=self._own(self.suspension), **form.cleaned_data
        )


class ExpertsView(StepView):
    keys = ("experts",)
    form_class = forms.ExpertForm
    title = _("Commission experts")
    submit_label = _("Commission and issue the letter")
    intro = _(
        "The days after the delivery up to the report do not count towards the 30 working days; nothing else stops them."
    )
    success_message = _("The letter has been issued; the period stands still until the opinion arrives.")

    def perform(self, form: Any) -> Any:
        return services.commission_experts(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class ExpertiseView(StepView):
    keys = ("expertise",)
    form_class = forms.ExpertiseForm
    title = _("The opinion has arrived")
    success_message = _("The period goes on.")

    def perform(self, form: Any) -> Any:
        return services.receive_expertise(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class WithdrawalView(StepView):
    keys = ("withdrawal", "letter")
    form_class = forms.WithdrawalForm
    title = _("Examine the withdrawal")
    submit_label = _("Put before the head")
    intro = _(
        "Where clear illegality has been found, or others are harmed, a withdrawal is not permitted and the handling goes on."
    )
    success_message = _("The head of the authority decides.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "online": waiting_request(self.matter) is not None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "waiting": waiting_request(self.matter)}

    def perform(self, form: Any) -> Any:
        return services.examine_withdrawal(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class PermitView(StepView):
    keys = ("permit",)
    form_class = forms.OpinionForm
    title = _("Permit the withdrawal")
    submit_label = _("Permit and issue the decision")
    success_message = _("Permitted; the procedure has ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        examined = self.matter.withdrawals.filter(permitted=None).first()
        return {**super().get_context_data(**kwargs), "examined": examined}

    def perform(self, form: Any) -> Any:
        return services.permit_withdrawal(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class RefuseWithdrawalView(PermitView):
    keys = ("refuse_withdrawal",)
    title = _("Do not permit the withdrawal")
    submit_label = _("Refuse and issue the decision")
    success_message = _("Not permitted; the investigation goes on.")

    def perform(self, form: Any) -> Any:
        return services.refuse_withdrawal(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class LetGoView(StepView):
    keys = ("let_go",)
    form_class = forms.OpinionForm
    title = _("Permit the withdrawal")
    intro = _("The complaint has not been accepted yet; with the withdrawal it ends.")
    success_message = _("Permitted; the procedure has ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "waiting": waiting_request(self.matter)}

    def perform(self, form: Any) -> Any:
        return services.permit_before_acceptance(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class ConsultView(StepView):
    keys = ("consult",)
    form_class = forms.ConsultForm
    form_takes_complaint = True
    title = _("Call a consultation")
    submit_label = _("Propose")
    success_message = _("Proposed; the coordinating office convenes it.")

    def perform(self, form: Any) -> Any:
        return services.call_consultation(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ConsultedView(StepView):
    keys = ("consulted",)
    form_class = forms.ConsultedForm
    title = _("Take up the minutes of the consultation")
    success_message = _("Taken up.")

    def perform(self, form: Any) -> Any:
        return services.end_consultation(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class FinishView(StepView):
    keys = ("finish",)
    form_class = forms.FindingForm
    form_takes_complaint = True
    title = _("Finish the investigation")
    submit_label = _("Write the report and propose")
    intro = _(
        "The report lists the verified evidence. It goes to the section head, to legal review and to the head of the authority."
    )
    success_message = _("The report has been issued; the section head gives an opinion.")
    anchor = "#outcome"

    def perform(self, form: Any) -> Any:
        return services.finish_investigation(
            actor=self.request.user, complaint=self.matter, finding=form.finding()
        )


class ReportStepView(StepView):
    """A step on the report that is being looked at, which is shown above the form."""

    form_class: type = forms.OpinionForm
    anchor = "#outcome"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "report": live_report(self.matter)}


class EndorseView(ReportStepView):
    keys = ("endorse",)
    title = _("Opinion of the section")
    success_message = _("Given; the legal reviewer has been told.")

    def perform(self, form: Any) -> Any:
        return services.endorse_opinion(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class LegalityView(ReportStepView):
    keys = ("legality",)
    title = _("Legal review")
    intro = _(
        "Power, procedure, facts, evidence, law, proportion, and whether something has to be transferred."
    )
    success_message = _("Reviewed; the head of the authority decides.")

    def perform(self, form: Any) -> Any:
        return services.review_legality(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ReturnView(ReportStepView):
    keys = ("return",)
    title = _("Send back for more investigation")
    submit_label = _("Send back")
    success_message = _("Sent back; the officers have been told.")

    def perform(self, form: Any) -> Any:
        return services.return_investigation(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class DecideView(ReportStepView):
    keys = ("decide",)
    form_class = forms.DecideForm
    title = _("Decide the complaint")
    submit_label = _("Sign the decision")
    success_message = _("Decided; the decision has been issued and is served next.")

    def perform(self, form: Any) -> Any:
        return services.decide(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class CaseView(StepView):
    keys = ("case",)
    title = _("Link the penalty case")
    intro = _(
        "The case that was proposed on the lead of this complaint is linked; the decision replaces no penalty."
    )
    success_message = _("Linked.")
    anchor = "#outcome"

    def perform(self, form: Any) -> Any:
        return services.file_case(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ServiceView(StepView):
    keys = ("serve", "serve_more", "service")
    form_class = forms.ServiceForm
    form_takes_complaint = True
    title = _("Service of a document")
    submit_label = _("Record the service")
    success_message = _("Recorded; the proof of service has been issued.")
    anchor = "#outcome"

    def get_form_kwargs(self) -> dict[str, Any]:
        decision = ComplaintDecision.objects.of(self.matter).first()
        return {**super().get_form_kwargs(), "first": decision.document_id if decision else None}

    def perform(self, form: Any) -> Any:
        return services.serve_document(actor=self.request.user, complaint=self.matter, **form.values())


class DraftView(StepView):
    keys = ("draft",)
    form_class = forms.PublicationForm
    title = _("Text to publish")
    submit_label = _("Check and keep")
    success_message = _("Kept; the section head approves it.")
    anchor = "#outcome"

    def get_initial(self) -> dict[str, Any]:
        title, text = proposed_text(self.matter)
        return {"title": title, "text": text}

    def perform(self, form: Any) -> Any:
        return services.draft_publication(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class PublicationStepView(StepView):
    """A step on the text to publish, which is shown above the form."""

    anchor = "#outcome"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "publication": self.matter.publication}


class ApproveView(PublicationStepView):
    keys = ("approve",)
    form_class = forms.OpinionForm
    title = _("Approve the text")
    success_message = _("Approved; the coordinating office publishes it.")

    def perform(self, form: Any) -> Any:
        return services.approve_publication(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class PublishView(PublicationStepView):
    keys = ("publish",)
    title = _("Publish the result")
    submit_label = _("Publish")
    success_message = _("Published.")

    def perform(self, form: Any) -> Any:
        return services.publish(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class TakeDownView(PublicationStepView):
    keys = ("take_down",)
    form_class = forms.OpinionForm
    title = _("Take the result down")
    submit_label = _("Take it down now")
    success_message = _("Taken down; nobody can read it any more.")

    def perform(self, form: Any) -> Any:
        return services.withdraw_publication(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class ArchiveView(StepView):
    keys = ("archive",)
    title = _("Close the file")
    intro = _(
        "A table of contents with the SM3 of every leaf is issued; nothing is added to the file afterwards."
    )
    submit_label = _("Close the file")
    success_message = _("The file has been closed.")
    anchor = "#outcome"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "leaves": leaves_of(self.matter, self.request.user)}

    def perform(self, form: Any) -> Any:
        return services.archive_complaint(actor=self.request.user, complaint=self.matter, **form.cleaned_data)
