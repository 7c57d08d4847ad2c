"""Pages that move a matter on: a form, one service."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.casework.intake import forms, services
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.permissions import abilities
from wulian.casework.intake.services.registering import propose_authority
from wulian.casework.intake.views.matters import MatterMixin
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.views import Crumb, FormServiceView
from wulian.office.consultations.services import propose_url


class MatterFormView(MatterMixin, FormServiceView):
    """A form about one matter; `ability` is what `permissions.abilities` must allow."""

    template_name = "intake/step.html"
    ability = ""

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        if self.ability and not abilities(self.matter, user).get(self.ability):
            raise Forbidden(
                _("You cannot do this now: the matter stands at “%(state)s”, or it is for another role.")
                % {"state": self.matter.state_title}
            )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(self.matter.number, self.matter.get_absolute_url())]

    def get_success_url(self) -> str:
        return self.matter.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "matter": self.matter}


class RegisterView(MatterFormView):
    ability = "register"
    form_class = forms.RegisterForm
    title = gettext_lazy("Register and classify")
    submit_label = gettext_lazy("Register")
    success_message = gettext_lazy("Registered; the dispatcher has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "matter": self.matter}

    def perform(self, form: Any) -> Any:
        return services.register_matter(
            actor=self.request.user, matter=self.matter, classification=form.classification()
        )

    def get_success_url(self) -> str:
        return reverse("intake:complaints" if self.matter.is_complaint else "intake:tip_offs")


class TipOffRegisterView(RegisterView):
    model = TipOff


class DispatchView(MatterFormView):
    """Shows whom the jurisdiction list names and why, before it is done."""

    ability = "assign"
    form_class = forms.NoteForm
    title = gettext_lazy("Dispatch to the competent authority")
    submit_label = gettext_lazy("Dispatch")
    success_message = gettext_lazy("Dispatched; the authority has been told.")

    def perform(self, form: Any) -> Any:
        return services.dispatch_matter(
            actor=self.request.user, matter=self.matter, note=form.cleaned_data["note"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        try:
            context["answer"] = propose_authority(self.matter)
        except Refusal as refusal:
            context["no_answer"] = refusal.message
            context["consult_url"] = propose_url(self.matter)
        return context


class TipOffDispatchView(DispatchView):
    model = TipOff
    ability = "assign_check"


class AcceptView(MatterFormView):
    ability = "accept"
    form_class = forms.AcceptForm
    title = gettext_lazy("Accept the complaint")
    submit_label = gettext_lazy("Accept and issue the notice")
    success_message = gettext_lazy("Accepted; the notice has been issued.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, form: Any) -> Any:
        return services.accept_complaint(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class RefuseView(MatterFormView):
    ability = "refuse_admission"
    form_class = forms.RefuseForm
    title = gettext_lazy("Propose not to accept")
    submit_label = gettext_lazy("Propose not to accept")
    intro = gettext_lazy("A head signs it; the 3 working days go on.")
    success_message = gettext_lazy("Proposed; a head must sign it.")

    def perform(self, form: Any) -> Any:
        return services.refuse_complaint(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class SignView(MatterFormView):
    ability = "sign_refusal"
    form_class = forms.SignForm
    title = gettext_lazy("Sign that the complaint is not accepted")
    submit_label = gettext_lazy("Sign and issue the notice")
    success_message = gettext_lazy("Signed; the notice has been issued.")

    def perform(self, form: Any) -> Any:
        return services.sign_refusal(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class InvestigateView(MatterFormView):
    ability = "start_investigation"
    form_class = forms.InvestigateForm
    title = gettext_lazy("Start the investigation")
    submit_label = gettext_lazy("Begin")
    intro = gettext_lazy("At least two officers with valid certificates, none of them with a recusal.")
    success_message = gettext_lazy("The investigation has begun.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.matter}

    def perform(self, form: Any) -> Any:
        return services.start_investigation(
            actor=self.request.user, complaint=self.matter, officers=form.cleaned_data["officers"]
        )


class ExpertsView(MatterFormView):
    ability = "commission_expert"
    form_class = forms.ExpertForm
    title = gettext_lazy("Commission experts")
    submit_label = gettext_lazy("Commission")
    intro = gettext_lazy("The time until the opinion arrives does not count towards the 30 working days.")
    success_message = gettext_lazy("The period stands still until the opinion arrives.")

    def perform(self, form: Any) -> Any:
        return services.commission_experts(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class ExpertiseView(MatterFormView):
    ability = "receive_expertise"
    form_class = forms.ExpertiseForm
    title = gettext_lazy("The opinion has arrived")
    success_message = gettext_lazy("The period goes on.")

    def perform(self, form: Any) -> Any:
        return services.receive_expertise(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ReferView(MatterFormView):
    ability = "refer"
    form_class = forms.ReferForm
    title = gettext_lazy("Open a lead")
    submit_label = gettext_lazy("Open a lead")
    intro = gettext_lazy("The lead is looked into ex officio. An accepted complaint goes on beside it.")
    success_message = gettext_lazy("The lead has been opened.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "matter": self.matter}

    def perform(self, form: Any) -> Any:
        return services.refer_matter(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class TransferView(MatterFormView):
    ability = "transfer"
    form_class = forms.TransferForm
    title = gettext_lazy("Transfer to a competent body")
    submit_label = gettext_lazy("Transfer")
    success_message = gettext_lazy("To be transferred; send the letter and tell the complainant.")

    def perform(self, form: Any) -> Any:
        return services.transfer_complaint(
            actor=self.request.user, complaint=self.matter, **form.cleaned_data
        )


class ConfirmTransferView(MatterFormView):
    ability = "confirm_transfer"
    form_class = forms.NoteForm
    title = gettext_lazy("The letter has gone and the complainant has been told")
    submit_label = gettext_lazy("Confirm")
    success_message = gettext_lazy("Transferred.")

    def perform(self, form: Any) -> Any:
        return services.confirm_transfer(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class OpeningRequestView(MatterFormView):
    ability = "request_identity"
    form_class = forms.OpeningForm
    title = gettext_lazy("Ask to open the identity")
    submit_label = gettext_lazy("Ask")
    intro = gettext_lazy("A second person must allow it. The request and every look are kept for good.")
    success_message = gettext_lazy("Asked; a second person must allow it.")

    def perform(self, form: Any) -> Any:
        return services.request_opening(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class TipOffOpeningRequestView(OpeningRequestView):
    model = TipOff
