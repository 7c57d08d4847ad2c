"""Pages that move a matter on: a form, one service."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.casework.intake import forms, selectors, services
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.permissions import abilities
from wulian.casework.intake.services.registering import propose_route
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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "similar": selectors.similar_matters(self.matter, self.request.user),
            "shut_out": selectors.shut_out_of(self.matter),
        }


class TipOffRegisterView(RegisterView):
    model = TipOff


class DispatchView(MatterFormView):
    """Shows whom the jurisdiction list names and why, before it is done."""

    ability = "assign"
    form_class: Any = forms.DispatchForm
    title = gettext_lazy("Dispatch to the competent authority")
    submit_label = gettext_lazy("Dispatch")
    success_message = gettext_lazy("Dispatched; the authority has been told.")

    def perform(self, form: Any) -> Any:
        return services.dispatch_matter(actor=self.request.user, matter=self.matter, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        try:
            context["answer"] = propose_route(self.matter)
        except Refusal as refusal:
            context["no_answer"] = refusal.message
            context["consult_url"] = propose_url(self.matter)
        context["similar"] = selectors.similar_matters(self.matter, self.request.user)
        context["shut_out"] = selectors.shut_out_of(self.matter)
        return context


class TipOffDispatchView(DispatchView):
    model = TipOff
    ability = "assign_check"
    form_class = forms.DispatchTipOffForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "matter": self.matter}


class AcceptView(MatterFormView):
    ability = "accept"
    template_name = "intake/points.html"
    form_class = forms.AcceptForm
    title = gettext_lazy("Accept the complaint")
    submit_label = gettext_lazy("Accept and issue the notice")
    success_message = gettext_lazy("Accepted; the notice has been issued.")

    def get_form_kwargs(self) -> dict[str, Any]:
        checks = admission_checks(self.matter, self.request.user)
        return {**super().get_form_kwargs(), "user": self.request.user, "checks": checks}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return services.accept_complaint(
            actor=self.request.user,
            complaint=self.matter,
            contact_person=data["contact_person"],
            contact_phone=data["contact_phone"],
            points=form.points(),
        )


class RefuseView(MatterFormView):
    ability = "refuse_admission"
    form_class = forms.RefuseForm
    title = gettext_lazy("Propose not to accept")
    submit_label = gettext_lazy("Propose not to accept")
    intro = gettext_lazy("A head signs it; the 3 working days go on.")
    success_message = gettext_lazy("Proposed; a head must sign it.")

    def perform(self, form: Any) -> Any:
        return services.refuse_complaint(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class CompletionView(MatterFormView):
    ability = "ask_completion"
    form_class = forms.CompletionForm
    title = gettext_lazy("Ask for what is missing")
    submit_label = gettext_lazy("Issue the notice")
    intro = gettext_lazy("The 3 working days go on while you wait.")
    success_message = gettext_lazy("The notice has been issued.")

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return services.ask_completion(
            actor=self.request.user,
            complaint=self.matter,
            what=data["what"].splitlines(),
            due_on=data["due_on"],
        )


class DisputeView(MatterFormView):
    ability = "dispute_competence"
    form_class = forms.DisputeForm
    title = gettext_lazy("Dispute the competence")
    submit_label = gettext_lazy("Propose a consultation")
    intro = gettext_lazy("A consultation decides; the 3 working days go on meanwhile.")
    success_message = gettext_lazy("A consultation has been proposed.")

    def perform(self, form: Any) -> Any:
        return services.dispute_competence(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class ReassignView(MatterFormView):
    ability = "reassign"
    form_class = forms.ReassignForm
    title = gettext_lazy("Give it to another authority")
    submit_label = gettext_lazy("Reassign")
    intro = gettext_lazy("The day of receipt and every period stay as they are.")
    success_message = gettext_lazy("Reassigned; the authority has been told.")

    def perform(self, form: Any) -> Any:
        return services.reassign_matter(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class LinkView(MatterFormView):
    """Say that it is the same matter again; what looks alike stands above the form."""

    ability = "link"
    form_class = forms.LinkForm
    title = gettext_lazy("Link to another matter")
    submit_label = gettext_lazy("Link")
    success_message = gettext_lazy("Linked; both pages show it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"other": self.request.GET.get("other", "")}

    def perform(self, form: Any) -> Any:
        return services.link_matters(actor=self.request.user, matter=self.matter, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "similar": selectors.similar_matters(self.matter, self.request.user)}


class TipOffLinkView(LinkView):
    model = TipOff


class SignView(MatterFormView):
    ability = "sign_refusal"
    form_class = forms.SignForm
    title = gettext_lazy("Sign that the complaint is not accepted")
    submit_label = gettext_lazy("Sign and issue the notice")
    success_message = gettext_lazy("Signed; the notice has been issued.")

    def perform(self, form: Any) -> Any:
        return services.sign_refusal(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


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
    success_message = gettext_lazy("To be transferred; the dispatcher sends the letter.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "matter": self.matter}

    def get_initial(self) -> dict[str, Any]:
        return {"to": getattr(self.matter, "other_authority", "")}

    def perform(self, form: Any) -> Any:
        return services.transfer_matter(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class TipOffTransferView(TransferView):
    model = TipOff


class ConfirmTransferView(MatterFormView):
    ability = "confirm_transfer"
    form_class = forms.NoteForm
    title = gettext_lazy("Issue the letter of transfer")
    submit_label = gettext_lazy("Issue and close")
    intro = gettext_lazy("The letter goes to the body, and a notice to a reporter who gave a name.")
    success_message = gettext_lazy("Transferred; the letter has been issued.")

    def perform(self, form: Any) -> Any:
        return services.confirm_transfer(actor=self.request.user, matter=self.matter, **form.cleaned_data)


class TipOffConfirmTransferView(ConfirmTransferView):
    model = TipOff


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
