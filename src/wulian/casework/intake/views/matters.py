"""Lists and the page of one matter."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.casework.intake import extensions, selectors
from wulian.casework.intake.checks import admission_checks
from wulian.casework.intake.choices import GROUNDS, ComplaintState
from wulian.casework.intake.filters import ComplaintFilter, TipOffFilter
from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.casework.intake.permissions import WINDOW, abilities, may_decide
from wulian.casework.intake.tables import ComplaintTable, TipOffTable
from wulian.core.clocks.models import Clock
from wulian.core.ui import panels
from wulian.core.ui.views import Action, Crumb, ListView, PageMixin


class MatterListView(ListView):
    """What the reader may see, newest first."""

    wing = "casework"
    empty_text = gettext_lazy("What comes in online or at the window appears here.")

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("project", "authority", "receipt")
        return rows.prefetch_related(Prefetch("clocks", queryset=Clock.objects.with_ledger()))

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(*WINDOW):
            return [Action(_("Window entry"), reverse("window:entry"), "writing", "btn-primary")]
        return []


class ComplaintListView(MatterListView):
    model = Complaint
    table_class = ComplaintTable
    filter_class = ComplaintFilter
    title = gettext_lazy("Complaints")
    empty_title = gettext_lazy("No complaint")


class TipOffListView(MatterListView):
    model = TipOff
    table_class = TipOffTable
    filter_class = TipOffFilter
    title = gettext_lazy("Tip-offs")
    empty_title = gettext_lazy("No tip-off")


class MatterMixin(PageMixin):
    """A page about one matter that the reader may see; anything else is not found."""

    wing = "casework"
    model: type[Matter] = Complaint

    @cached_property
    def matter(self) -> Any:
        rows = self.model._default_manager.visible_to(self.request.user)
        rows = rows.select_related("project", "lot", "authority", "respondent", "accused_department")
        return get_object_or_404(
            rows.select_related("receipt__entered_by", "registered_by"), pk=self.kwargs["pk"]
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        names = {
            Complaint: (gettext_lazy("Complaints"), "intake:complaints"),
            TipOff: (gettext_lazy("Tip-offs"), "intake:tip_offs"),
        }
        label, address = names[self.model]
        return [Crumb(label, reverse(address))]


class MatterDetailView(MatterMixin, TemplateView):
    """Everything about a matter but who sent it."""

    template_name = "intake/matter.html"

    def get_title(self) -> str:
        return self.matter.number

    def get_actions(self) -> list[Action]:
        may, matter = abilities(self.matter, self.request.user), self.matter
        kind = "complaint" if matter.is_complaint else "tip_off"
        offered = [
            ("register", _("Register"), f"{kind}_register", "pencil-check"),
            ("assign", _("Dispatch"), f"{kind}_dispatch", "send"),
            ("assign_check", _("Dispatch"), f"{kind}_dispatch", "send"),
            ("accept", _("Accept"), "accept", "circle-check"),
            ("refuse_admission", _("Not accept"), "refuse", "circle-x"),
            ("ask_completion", _("Ask for more"), "completion", "file-plus"),
            ("dispute_competence", _("Dispute the competence"), "dispute", "users-group"),
            ("reassign", _("Reassign"), "reassign", "arrows-exchange"),
            ("sign_refusal", _("Sign the refusal"), "sign", "signature"),
            ("decline_check", _("Not to be checked"), "decline", "eye-off"),
            ("guide_to_complaint", _("Guide to a complaint"), "guide", "arrow-guide"),
            ("archive_unchecked", _("Confirm and file"), "archive", "archive"),
            ("become_complaint", _("Open the complaint"), "open_complaint", "file-pencil"),
            ("propose_leniency", _("Flexible handling"), "leniency", "heart-handshake"),
            ("review_leniency", _("Review"), "review_leniency", "scale"),
            ("conclude_leniency", _("Conclude"), "conclude_leniency", "signature"),
            ("give_feedback", _("Tell the reporter"), "feedback", "message-check"),
            ("confirm_transfer", _("Issue the letter"), f"{kind}_confirm_transfer", "mail-forward"),
        ]
        beside = [
            ("refer", _("Open a lead"), "refer", "arrow-fork"),
            ("transfer", _("Transfer"), f"{kind}_transfer", "arrow-right-circle"),
            ("link", _("Link"), f"{kind}_link", "link"),
        ]
        own, other = (
            [
                Action(label, reverse(f"intake:{name}", args=[matter.pk]), icon)
                for event, label, name, icon in listed
                if may.get(event)
            ]
            for listed in (offered, beside)
        )
        # The next step of the procedure first, whichever room offers it.
        found = [*own, *extensions.actions_for(matter, self.request.user), *other]
        if found:
            first = found[0]
            found[0] = Action(first.label, first.url, first.icon, "btn-primary")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matter, user = self.matter, self.request.user
        openings = list(selectors.openings_of(matter))
        for opening in openings:
            opening.may_decide = may_decide(opening, user)
            opening.may_use = opening.may_be_used_by(user)
        context = {
            **super().get_context_data(**kwargs),
            "matter": matter,
            "may": abilities(matter, user),
            "openings": openings,
            "same": selectors.similar_matters(matter, user),
            "panels": panels.panels_for("matter", self.request, matter),
        }
        context["shut_out"] = selectors.shut_out_of(matter)
        if matter.is_complaint:
            limit = selectors.filing_limit(matter)
            context |= {
                "limit": limit,
                "limit_steps": selectors.explain_limit(limit) if limit else [],
                "ground": GROUNDS.get(matter.refusal_ground),
            }
            context["points"] = selectors.points_of(matter).values()
            if matter.state == ComplaintState.EXAMINED:
                context["checks"] = [
                    (GROUNDS[check.ground].title, check) for check in admission_checks(matter, user)
                ]
        return context
