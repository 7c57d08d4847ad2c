"""From the report to the archive (REFERENCE D.6 C12 to C90)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wulian.casework.handling import forms, services
from wulian.casework.handling.views.steps.base import (
    OUTCOME,
    decision_first,
    first_text,
    show_leaves,
    show_publication,
    show_report,
    step,
    with_complaint,
)

CONCLUSION = (
    step(
        "finish",
        services.finish_investigation,
        forms.FindingForm,
        _("Finish the investigation"),
        _("The report has been issued; the section head gives an opinion."),
        submit=_("Write the report and propose"),
        intro=_(
            "The report lists the verified evidence. It goes to the section head, to legal review and to the head of the authority."
        ),
        given=with_complaint,
        anchor=OUTCOME,
    ),
    step(
        "endorse",
        services.endorse_opinion,
        forms.OpinionForm,
        _("Opinion of the section"),
        _("Given; the legal reviewer has been told."),
        shown=show_report,
        anchor=OUTCOME,
    ),
    step(
        "legality",
        services.review_legality,
        forms.OpinionForm,
        _("Legal review"),
        _("Reviewed; the head of the authority decides."),
        intro=_(
            "Power, procedure, facts, evidence, law, proportion, and whether something has to be transferred."
        ),
        shown=show_report,
        anchor=OUTCOME,
    ),
    step(
        "return",
        services.return_investigation,
        forms.OpinionForm,
        _("Send back for more investigation"),
        _("Sent back; the officers have been told."),
        submit=_("Send back"),
        shown=show_report,
        anchor=OUTCOME,
    ),
    step(
        "decide",
        services.decide,
        forms.DecideForm,
        _("Decide the complaint"),
        _("Decided; the decision has been issued and is served next."),
        submit=_("Sign the decision"),
        shown=show_report,
        anchor=OUTCOME,
    ),
    step(
        "case",
        services.file_case,
        forms.NoteForm,
        _("Link the penalty case"),
        _("Linked."),
        intro=_(
            "The case that was proposed on the lead of this complaint is linked; the decision replaces no penalty."
        ),
        anchor=OUTCOME,
    ),
    step(
        "service",
        services.serve_document,
        forms.ServiceForm,
        _("Service of a document"),
        _("Recorded; the proof of service has been issued."),
        "serve",
        "serve_more",
        "service",
        submit=_("Record the service"),
        given=decision_first,
        anchor=OUTCOME,
    ),
    step(
        "draft",
        services.draft_publication,
        forms.PublicationForm,
        _("Text to publish"),
        _("Kept; the section head approves it."),
        path="publication",
        submit=_("Check and keep"),
        initial=first_text,
        anchor=OUTCOME,
    ),
    step(
        "approve",
        services.approve_publication,
        forms.OpinionForm,
        _("Approve the text"),
        _("Approved; the coordinating office publishes it."),
        path="publication/approve",
        shown=show_publication,
        anchor=OUTCOME,
    ),
    step(
        "publish",
        services.publish,
        forms.NoteForm,
        _("Publish the result"),
        _("Published."),
        path="publication/publish",
        submit=_("Publish"),
        shown=show_publication,
        anchor=OUTCOME,
    ),
    step(
        "take_down",
        services.withdraw_publication,
        forms.OpinionForm,
        _("Take the result down"),
        _("Taken down; nobody can read it any more."),
        path="publication/take-down",
        submit=_("Take it down now"),
        shown=show_publication,
        anchor=OUTCOME,
    ),
    step(
        "archive",
        services.archive_complaint,
        forms.NoteForm,
        _("Close the file"),
        _("The file has been closed."),
        submit=_("Close the file"),
        intro=_(
            "A table of contents with the SM3 of every leaf is issued; nothing is added to the file afterwards."
        ),
        shown=show_leaves,
        anchor=OUTCOME,
    ),
)
