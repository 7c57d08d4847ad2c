"""Pages that move a tip-off on (REFERENCE D.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from wulian.casework.intake import selectors, services, tip_off_forms
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.services.tip_offs import was_complete
from wulian.casework.intake.views.steps import MatterFormView


class TipOffFormView(MatterFormView):
    """A form about one tip-off."""

    model = TipOff


class DeclineView(TipOffFormView):
    ability = "decline_check"
    form_class = tip_off_forms.DeclineForm
    title = gettext_lazy("Not to be checked")
    submit_label = gettext_lazy("Propose")
    intro = gettext_lazy("A head confirms it; a reporter who gave a name is told within five working days.")
    success_message = gettext_lazy("Proposed; a head must confirm it.")

    def perform(self, form: Any) -> Any:
        return services.decline_check(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "similar": selectors.similar_matters(self.matter, self.request.user)}


class ArchiveView(TipOffFormView):
    ability = "archive_unchecked"
    form_class = tip_off_forms.GuideForm
    title = gettext_lazy("Confirm that it is not checked")
    submit_label = gettext_lazy("Confirm and file")
    success_message = gettext_lazy("Filed; a reporter who gave a name has been told.")

    def perform(self, form: Any) -> Any:
        return services.archive_unchecked(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)


class GuideView(TipOffFormView):
    ability = "guide_to_complaint"
    form_class = tip_off_forms.GuideForm
    title = gettext_lazy("Guide to a complaint")
    submit_label = gettext_lazy("Guide to a complaint")
    intro = gettext_lazy("For who has the right to complain; the window helps to complete it.")
    success_message = gettext_lazy("Guided; the window has been told.")

    def perform(self, form: Any) -> Any:
        return services.guide_to_complaint(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)


class OpenComplaintView(TipOffFormView):
    ability = "become_complaint"
    form_class = tip_off_forms.OpenComplaintForm
    title = gettext_lazy("Open the complaint")
    submit_label = gettext_lazy("Open the complaint")
    success_message = gettext_lazy("The complaint is open, under the same receipt and code.")

    def get_intro(self) -> Any:
        if was_complete(self.matter):
            return gettext_lazy("Nothing was missing: the periods run from the day the tip-off was received.")
        return gettext_lazy("The periods run from the moment the missing parts were handed in.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tip_off": self.matter}

    def perform(self, form: Any) -> Any:
        return services.open_complaint(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "intro": self.get_intro()}


class LeniencyView(TipOffFormView):
    ability = "propose_leniency"
    form_class = tip_off_forms.LeniencyForm
    title = gettext_lazy("Propose flexible handling")
    submit_label = gettext_lazy("Propose")
    intro = gettext_lazy("Only where the law permits it; an interview never replaces a penalty that is due.")
    success_message = gettext_lazy("Proposed; the legal reviewer has been told.")

    def perform(self, form: Any) -> Any:
        return services.propose_leniency(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)


class ReviewLeniencyView(TipOffFormView):
    ability = "review_leniency"
    form_class: Any = tip_off_forms.ReviewForm
    title = gettext_lazy("Review the flexible handling")
    submit_label = gettext_lazy("Decide")
    success_message = gettext_lazy("Decided.")
    agree = staticmethod(services.review_leniency)

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        verb = self.agree if data["decision"] == "agree" else services.return_leniency
        return verb(actor=self.request.user, tip_off=self.matter, note=data["note"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "leniency": selectors.leniency_of(self.matter)}


class ConcludeLeniencyView(ReviewLeniencyView):
    ability = "conclude_leniency"
    form_class = tip_off_forms.ConcludeForm
    title = gettext_lazy("Conclude the flexible handling")
    agree = staticmethod(services.conclude_leniency)


class FeedbackView(TipOffFormView):
    ability = "give_feedback"
    form_class = tip_off_forms.FeedbackForm
    title = gettext_lazy("Tell the reporter what came of it")
    submit_label = gettext_lazy("Tell the reporter")
    success_message = gettext_lazy("Told.")

    def perform(self, form: Any) -> Any:
        return services.give_feedback(actor=self.request.user, tip_off=self.matter, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "outcome": selectors.outcome_of(self.matter)}
