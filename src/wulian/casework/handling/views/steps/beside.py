"""What happens beside the investigation: suspension, experts, withdrawal, consultation (REFERENCE D.6 C07 to C11)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wulian.casework.handling import forms, services
from wulian.casework.handling.views.steps.base import (
    show_examination,
    show_suspension,
    show_wish,
    step,
    suspension,
    whether_online,
    with_complaint,
)

BESIDE = (
    step(
        "suspend",
        services.suspend_tendering,
        forms.ReasonForm,
        _("Order the tender to be suspended"),
        _("The tender is suspended; the notice has been issued."),
        submit=_("Order and issue the notice"),
        intro=_(
            "Only where it is necessary (Regulations, article 62). It is looked at again every five working days."
        ),
    ),
    step(
        "review",
        services.review_suspension,
        forms.ReasonForm,
        _("Review the suspension"),
        _("Reviewed; the next look is due in five working days."),
        path="suspension/review",
        submit=_("It is still necessary"),
        subject="suspension",
        of=suspension,
        shown=show_suspension,
    ),
    step(
        "resume",
        services.resume_tendering,
        forms.ReasonForm,
        _("Lift the suspension"),
        _("The tender may go on; the notice has been issued."),
        path="suspension/lift",
        submit=_("Lift and issue the notice"),
        subject="suspension",
        of=suspension,
        shown=show_suspension,
    ),
    step(
        "experts",
        services.commission_experts,
        forms.ExpertForm,
        _("Commission experts"),
        _("The letter has been issued; the period stands still until the opinion arrives."),
        submit=_("Commission and issue the letter"),
        intro=_(
            "The days after the delivery up to the report do not count towards the 30 working days; nothing else stops them."
        ),
    ),
    step(
        "expertise",
        services.receive_expertise,
        forms.ExpertiseForm,
        _("The opinion has arrived"),
        _("The period goes on."),
    ),
    step(
        "withdrawal",
        services.examine_withdrawal,
        forms.WithdrawalForm,
        _("Examine the withdrawal"),
        _("The head of the authority decides."),
        "withdrawal",
        "letter",
        submit=_("Put before the head"),
        intro=_(
            "Where clear illegality has been found, or others are harmed, a withdrawal is not permitted and the handling goes on."
        ),
        given=whether_online,
        shown=show_wish,
    ),
    step(
        "permit",
        services.permit_withdrawal,
        forms.OpinionForm,
        _("Permit the withdrawal"),
        _("Permitted; the procedure has ended."),
        path="withdrawal/permit",
        submit=_("Permit and issue the decision"),
        shown=show_examination,
    ),
    step(
        "refuse_withdrawal",
        services.refuse_withdrawal,
        forms.OpinionForm,
        _("Do not permit the withdrawal"),
        _("Not permitted; the investigation goes on."),
        path="withdrawal/refuse",
        submit=_("Refuse and issue the decision"),
        shown=show_examination,
    ),
    step(
        "let_go",
        services.permit_before_acceptance,
        forms.OpinionForm,
        _("Permit the withdrawal"),
        _("Permitted; the procedure has ended."),
        path="withdrawal/let-go",
        intro=_("The complaint has not been accepted yet; with the withdrawal it ends."),
        shown=show_wish,
    ),
    step(
        "consult",
        services.call_consultation,
        forms.ConsultForm,
        _("Call a consultation"),
        _("Proposed; the coordinating office convenes it."),
        submit=_("Propose"),
        given=with_complaint,
    ),
)
