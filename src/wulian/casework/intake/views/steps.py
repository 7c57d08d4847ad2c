"""The steps of complaints and tip-offs from the window to the end of admission or check (REFERENCE D.6, D.7), as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake import forms, selectors, services, tip_off_forms
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.services.registering import propose_route
from wulian.casework.intake.services.tip_offs import was_complete
from wulian.casework.intake.views.base import Step, StepView, Values
from wulian.core.config.errors import Refusal
from wulian.office.consultations.services import propose_url


def _with_matter(view: StepView) -> Values:
    return {"matter": view.matter}


def _with_user(view: StepView) -> Values:
    return {"user": view.request.user}


def _alike(view: StepView) -> Values:
    """What may be the same matter."""
    return {"similar": selectors.similar_matters(view.matter, view.request.user)}


def _alike_and_shut_out(view: StepView) -> Values:
    return {**_alike(view), "shut_out": selectors.shut_out_of(view.matter)}


def _route(view: StepView) -> Values:
    """Whom the jurisdiction list names and why, before it is done."""
    shown = dict(_alike_and_shut_out(view))
    try:
        return {**shown, "answer": propose_route(view.matter)}
    except Refusal as refusal:
        return {**shown, "no_answer": refusal.message, "consult_url": propose_url(view.matter)}


def _back_to_the_list(view: StepView) -> str:
    return reverse("intake:complaints" if view.matter.is_complaint else "intake:tip_offs")


def _opened(view: StepView) -> str:
    address: str = view.result.get_absolute_url()
    return address


def _why_from_when(view: StepView) -> Any:
    if was_complete(view.matter):
        return _("Nothing was missing: the periods run from the day the tip-off was received.")
    return _("The periods run from the moment the missing parts were handed in.")


def _leniency(view: StepView) -> Values:
    return {"leniency": selectors.leniency_of(view.matter)}


def _review_leniency(*, decision: str, **given: Any) -> Any:
    return (services.review_leniency if decision == "agree" else services.return_leniency)(**given)


def _conclude_leniency(*, decision: str, **given: Any) -> Any:
    return (services.conclude_leniency if decision == "agree" else services.return_leniency)(**given)


REGISTER = Step(
    name="complaint_register",
    path="register",
    keys=("register",),
    form=forms.RegisterForm,
    service=services.register_matter,
    title=_("Register and classify"),
    submit=_("Register"),
    done=_("Registered; the dispatcher has been told."),
    given=_with_matter,
    shown=_alike_and_shut_out,
    goes_to=_back_to_the_list,
)
DISPATCH = Step(
    name="complaint_dispatch",
    path="dispatch",
    keys=("assign",),
    form=forms.DispatchForm,
    service=services.dispatch_matter,
    title=_("Dispatch to the competent authority"),
    submit=_("Dispatch"),
    done=_("Dispatched; the authority has been told."),
    shown=_route,
)
LINK = Step(
    name="complaint_link",
    path="link",
    keys=("link",),
    form=forms.LinkForm,
    service=services.link_matters,
    title=_("Link to another matter"),
    submit=_("Link"),
    done=_("Linked; both pages show it."),
    given=_with_user,
    initial=lambda view: {"other": view.request.GET.get("other", "")},
    shown=_alike,
)
TRANSFER = Step(
    name="complaint_transfer",
    path="transfer",
    keys=("transfer",),
    form=forms.TransferForm,
    service=services.transfer_matter,
    title=_("Transfer to a competent body"),
    submit=_("Transfer"),
    done=_("To be transferred; the dispatcher sends the letter."),
    given=_with_matter,
    initial=lambda view: {"to": getattr(view.matter, "other_authority", "")},
)
CONFIRM_TRANSFER = Step(
    name="complaint_confirm_transfer",
    path="transfer/done",
    keys=("confirm_transfer",),
    form=forms.NoteForm,
    service=services.confirm_transfer,
    title=_("Issue the letter of transfer"),
    submit=_("Issue and close"),
    intro=_("The letter goes to the body, and a notice to a reporter who gave a name."),
    done=_("Transferred; the letter has been issued."),
)
IDENTITY = Step(
    name="complaint_identity",
    path="identity",
    keys=("request_identity",),
    form=forms.OpeningForm,
    service=services.request_opening,
    title=_("Ask to open the identity"),
    submit=_("Ask"),
    intro=_("A second person must allow it. The request and every look are kept for good."),
    done=_("Asked; a second person must allow it."),
)

COMPLAINT_STEPS = (
    REGISTER,
    DISPATCH,
    Step(
        name="accept",
        path="accept",
        keys=("accept",),
        form=forms.AcceptForm,
        service=services.accept_complaint,
        subject="complaint",
        title=_("Accept the complaint"),
        submit=_("Accept and issue the notice"),
        done=_("Accepted; the notice has been issued."),
        given=lambda view: {**_with_user(view), "checks": admission_checks(view.matter, view.request.user)},
        template="intake/points.html",
    ),
    Step(
        name="refuse",
        path="refuse",
        keys=("refuse_admission",),
        form=forms.RefuseForm,
        service=services.refuse_complaint,
        subject="complaint",
        title=_("Propose not to accept"),
        submit=_("Propose not to accept"),
        intro=_("A head signs it; the 3 working days go on."),
        done=_("Proposed; a head must sign it."),
    ),
    Step(
        name="completion",
        path="completion",
        keys=("ask_completion",),
        form=forms.CompletionForm,
        service=services.ask_completion,
        subject="complaint",
        title=_("Ask for what is missing"),
        submit=_("Issue the notice"),
        intro=_("The 3 working days go on while you wait."),
        done=_("The notice has been issued."),
    ),
    Step(
        name="dispute",
        path="dispute",
        keys=("dispute_competence",),
        form=forms.DisputeForm,
        service=services.dispute_competence,
        title=_("Dispute the competence"),
        submit=_("Propose a consultation"),
        intro=_("A consultation decides; the 3 working days go on meanwhile."),
        done=_("A consultation has been proposed."),
    ),
    Step(
        name="reassign",
        path="reassign",
        keys=("reassign",),
        form=forms.ReassignForm,
        service=services.reassign_matter,
        title=_("Give it to another authority"),
        submit=_("Reassign"),
        intro=_("The day of receipt and every period stay as they are."),
        done=_("Reassigned; the authority has been told."),
    ),
    LINK,
    Step(
        name="sign",
        path="sign",
        keys=("sign_refusal",),
        form=forms.SignForm,
        service=services.sign_refusal,
        subject="complaint",
        title=_("Sign that the complaint is not accepted"),
        submit=_("Sign and issue the notice"),
        done=_("Signed; the notice has been issued."),
    ),
    Step(
        name="refer",
        path="lead",
        keys=("refer",),
        form=forms.ReferForm,
        service=services.refer_matter,
        title=_("Open a lead"),
        submit=_("Open a lead"),
        intro=_("The lead is looked into ex officio. An accepted complaint goes on beside it."),
        done=_("The lead has been opened."),
        given=_with_matter,
    ),
    TRANSFER,
    CONFIRM_TRANSFER,
    IDENTITY,
)

TIP_OFF_STEPS = (
    replace(REGISTER, name="tip_off_register"),
    replace(
        DISPATCH,
        name="tip_off_dispatch",
        keys=("assign_check",),
        form=forms.DispatchTipOffForm,
        given=_with_matter,
    ),
    replace(LINK, name="tip_off_link"),
    replace(TRANSFER, name="tip_off_transfer"),
    replace(CONFIRM_TRANSFER, name="tip_off_confirm_transfer"),
    Step(
        name="decline",
        path="decline",
        keys=("decline_check",),
        form=tip_off_forms.DeclineForm,
        service=services.decline_check,
        subject="tip_off",
        title=_("Not to be checked"),
        submit=_("Propose"),
        intro=_("A head confirms it; a reporter who gave a name is told within five working days."),
        done=_("Proposed; a head must confirm it."),
        shown=_alike,
    ),
    Step(
        name="archive",
        path="archive",
        keys=("archive_unchecked",),
        form=tip_off_forms.GuideForm,
        service=services.archive_unchecked,
        subject="tip_off",
        title=_("Confirm that it is not checked"),
        submit=_("Confirm and file"),
        done=_("Filed; a reporter who gave a name has been told."),
    ),
    Step(
        name="guide",
        path="guide",
        keys=("guide_to_complaint",),
        form=tip_off_forms.GuideForm,
        service=services.guide_to_complaint,
        subject="tip_off",
        title=_("Guide to a complaint"),
        submit=_("Guide to a complaint"),
        intro=_("For who has the right to complain; the window helps to complete it."),
        done=_("Guided; the window has been told."),
    ),
    Step(
        name="open_complaint",
        path="complaint",
        keys=("become_complaint",),
        form=tip_off_forms.OpenComplaintForm,
        service=services.open_complaint,
        subject="tip_off",
        title=_("Open the complaint"),
        submit=_("Open the complaint"),
        intro=_why_from_when,
        done=_("The complaint is open, under the same receipt and code."),
        given=lambda view: {"tip_off": view.matter},
        goes_to=_opened,
    ),
    Step(
        name="leniency",
        path="leniency",
        keys=("propose_leniency",),
        form=tip_off_forms.LeniencyForm,
        service=services.propose_leniency,
        subject="tip_off",
        title=_("Propose flexible handling"),
        submit=_("Propose"),
        intro=_("Only where the law permits it; an interview never replaces a penalty that is due."),
        done=_("Proposed; the legal reviewer has been told."),
    ),
    Step(
        name="review_leniency",
        path="leniency/review",
        keys=("review_leniency",),
        form=tip_off_forms.ReviewForm,
        service=_review_leniency,
        subject="tip_off",
        title=_("Review the flexible handling"),
        submit=_("Decide"),
        done=_("Decided."),
        shown=_leniency,
    ),
    Step(
        name="conclude_leniency",
        path="leniency/conclude",
        keys=("conclude_leniency",),
        form=tip_off_forms.ConcludeForm,
        service=_conclude_leniency,
        subject="tip_off",
        title=_("Conclude the flexible handling"),
        submit=_("Decide"),
        done=_("Decided."),
        shown=_leniency,
    ),
    Step(
        name="feedback",
        path="feedback",
        keys=("give_feedback",),
        form=tip_off_forms.FeedbackForm,
        service=services.give_feedback,
        subject="tip_off",
        title=_("Tell the reporter what came of it"),
        submit=_("Tell the reporter"),
        done=_("Told."),
        shown=lambda view: {"outcome": selectors.outcome_of(view.matter)},
    ),
    replace(IDENTITY, name="tip_off_identity"),
)
